"""The operator's commands about the demo: ``flask --app app demo …``."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from typing import Any

import click
import pyotp
from flask.cli import AppGroup

from app.core.db import db
from app.core.settings import Settings, settings
from app.demo import loading, signing_in
from app.people.models import Role
from app.people.words import role_words, year_words

demo = AppGroup("demo", help="Invented people with three terms behind them, to look around with. Never in production.")


@demo.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing when anybody at all is in the database.")
@click.option("--force", is_flag=True, help="Load even beside people who are not invented.")
def load(if_empty: bool, force: bool) -> None:
    """Fill the database with invented people and write how they sign in to demo.json in the instance folder.

    A second time changes nothing; when demo.json was lost, everybody gets new sign-ins and the old ones stop working.
    """
    config = settings()
    real, invented = loading.count(db.session, demo=False), loading.count(db.session, demo=True)
    if if_empty and (real or invented):
        click.echo("There are people here already; nothing was loaded.")
        return
    _check(config)
    if invented:
        _only_sign_ins(config)
        return
    if real and not force:
        raise click.ClickException(
            f"{real} people here are not invented. Load the demo into an empty database, or say --force."
        )
    began = time.monotonic()
    loaded = loading.load(db.session)
    sign_ins = signing_in.make(db.session, config)
    db.session.commit()
    path = signing_in.write(config, sign_ins)
    took = time.monotonic() - began
    click.echo(
        f"{loaded.people} invented people, {loaded.peps} PEPs and {loaded.answers} sent answers loaded in {took:.1f} s. "
        f"How to sign in: {os.path.relpath(path)}"
    )


@demo.command("show")
def show() -> None:
    """Print who can sign in, and how; the workers' six figures are those of this moment."""
    config = settings()
    _check(config)
    try:
        sign_ins = signing_in.read(config)
    except signing_in.DemoMissing as missing:
        raise click.ClickException(f"{missing} Run: flask --app app demo load") from None
    click.echo("\nWho can sign in (all of them are invented):\n")
    for one in sign_ins.values():
        for line in _lines(one, config.public_url.rstrip("/")):
            click.echo(line)
    click.echo(
        f"\nWorkers can also use {config.public_url.rstrip('/')}/sign-in; a code is good for its half minute, once."
    )


def _check(config: Settings) -> None:
    try:
        loading.check_allowed(config)
    except loading.DemoRefused as refused:
        raise click.ClickException(str(refused)) from None


def _only_sign_ins(config: Settings) -> None:
    if signing_in.path_of(config).exists():
        click.echo("The demo is loaded already; nothing was changed.")
        return
    try:
        sign_ins = signing_in.make(db.session, config)
    except signing_in.DemoMissing as missing:
        db.session.rollback()
        raise click.ClickException(f"{missing} Begin again with an empty database.") from None
    db.session.commit()
    path = signing_in.write(config, sign_ins)
    click.echo(f"The demo is loaded already. Everybody has new sign-ins: {os.path.relpath(path)}")


def _lines(one: Mapping[str, Any], site: str) -> Iterator[str]:
    if "client_id" in one:
        yield f"  {one['name']:<14} {one['client_id']}  secret {one['client_secret']}"
        return
    yield f"  {one['name']:<14} {_what(one):<30} {one['language']:<6} {site}{one['link']}"
    indent = " " * 17
    if "code" in one:
        code = one["code"]
        yield f"{indent}pictures: {', '.join(code)}" if isinstance(code, list) else f"{indent}words: {code}"
    if "totp_secret" in one:
        yield f"{indent}{one['email']}  passphrase: {one['password']}  code now: {pyotp.TOTP(one['totp_secret']).now()}"


def _what(one: Mapping[str, Any]) -> str:
    role = str(role_words(one["role"]))
    year = one.get("year_group")
    return f"{role}, {year_words(year)}" if Role(one["role"]).is_child and year is not None else role
