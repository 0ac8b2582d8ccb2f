"""``flask --app app safeguarding ...``: what an operator does about the help contacts."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.core import clock
from app.core.db import db
from app.safeguarding import keeping
from app.safeguarding.content import load_contacts

safeguarding = AppGroup("safeguarding", help="The help contacts.")


@safeguarding.command("load-contacts")
@click.option("--dry-run", is_flag=True, help="Only say what would be added.")
def load(dry_run: bool) -> None:
    """Add the first help contacts that are not in the table yet. What staff changed stays as it is."""
    done = load_contacts(db.session)
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    click.echo(f"{done.added} {'to add' if dry_run else 'added'}, {done.kept} there already")


@safeguarding.command("check-contacts")
def check() -> None:
    """Say which numbers nobody has checked, or not for 90 days. The exit code is 0 only when there are none."""
    seen = keeping.look(db.session, clock.today())
    for one in seen.unchecked:
        click.echo(f"{one.code}: never checked")
    for one in seen.old:
        click.echo(f"{one.code}: last checked on {one.checked_on}")
    if not seen.contacts:
        click.echo("no contacts yet: run 'safeguarding load-contacts'")
    raise SystemExit(0 if seen.all_right and seen.contacts else 1)
