"""``flask --app app visits follow-up``: the operator's command that brings steps back and asks how it goes."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.core import clock
from app.core.db import db
from app.dropins.following import follow_up

visits = AppGroup("visits", help="Visits to drop-ins: what was agreed, and what came of it.")


@visits.command("follow-up")
@click.option("--dry-run", is_flag=True, help="Only say how much there is; tell nobody.")
def follow(dry_run: bool) -> None:
    """Bring back steps whose day went by, ask how it goes where that is due, and close what nobody answered.

    Safe to run as often as you like: nobody is told twice of the same thing. Once each morning is enough.
    """
    found = follow_up(db.session, clock.now())
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    click.echo(f"{found.steps} steps come back, {found.asked} are asked how it goes, {found.not_known} are not known")
