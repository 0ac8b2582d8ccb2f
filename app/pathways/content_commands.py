"""The operator's commands about content: taking it out as YAML, what is stale, and links that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
from flask.cli import AppGroup

from app.core import clock
from app.core.db import db
from app.pathways import editing, freshness
from app.pathways.editing import Answer
from app.pathways.exporting import files

content = AppGroup("content", help="Pathways, entitlements and opportunities: export, stale content, dead links.")
_WAIT = 10


@content.command("export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def export(folder: Path) -> None:
    """Write what the public reads into FOLDER, as the YAML files that the product loads."""
    made = files(db.session)
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    click.echo(f"{len(made)} files in {folder}")


@content.command("stale")
def stale() -> None:
    """List what has to be looked at again. Exit code 1 when there is something."""
    found = freshness.stale(db.session, clock.today())
    for one in found:
        since = one.since.isoformat() if one.since else ", ".join(one.languages)
        click.echo(f"{one.kind:12} {one.key:32} {one.why:12} {since}")
    click.echo(f"{len(found)} to look at again")
    if found:
        raise SystemExit(1)


@content.command("links")
def links() -> None:
    """Ask for every address that the content leans on, for the editors' list of links. Run it each week.

    Exit code 1 when one is gone; one not reached is only said.
    """
    found = list(editing.links(db.session))
    addresses = list(dict.fromkeys(one.address for one in found))
    answers = check(addresses)
    editing.keep_answers(db.session, answers)
    db.session.commit()
    for address, answer in answers.items():
        if answer is not Answer.fine:
            used = ", ".join(sorted({f"{one.kind} {one.key}" for one in found if one.address == address}))
            click.echo(f"{answer:12} {address}  ({used})")
    counts = {one: sum(answer is one for answer in answers.values()) for one in Answer}
    click.echo(", ".join(f"{count} {one}" for one, count in counts.items()))
    if counts[Answer.gone]:
        raise SystemExit(1)


def check(addresses: Iterable[str]) -> dict[str, Answer]:
    """Ask for each address, a few at a time. 'Gone' is an answer that says so; no answer is only 'not reached'."""
    from concurrent.futures import ThreadPoolExecutor

    listed = list(addresses)
    with ThreadPoolExecutor(max_workers=4) as pool:
        return dict(zip(listed, pool.map(_ask, listed), strict=True))


def _ask(address: str) -> Answer:
    import requests

    try:
        with requests.get(
            address, timeout=_WAIT, stream=True, headers={"User-Agent": "PEP Voice link check"}
        ) as response:
            return Answer.gone if response.status_code in (404, 410) else Answer.fine
    except requests.RequestException:
        return Answer.not_reached
