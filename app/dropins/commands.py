"""``flask --app app dropins``: what the clock does with drop-ins."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.core import clock
from app.core.db import db
from app.dropins import states

dropins = AppGroup("dropins", help="EET drop-ins.")


@dropins.command("tick")
@click.option("--dry-run", is_flag=True, help="Only say what would change; change nothing.")
def tick(dry_run: bool) -> None:
    """Move sessions on to where the clock is: running, done, and closed five working days later.

    Safe to run as often as you like; every five minutes is enough.
    """
    moved = states.tick(db.session, clock.now())
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    click.echo(
        f"{moved.running} running, {moved.done} done, {moved.closed} closed, {moved.unstaffed} back to draft: nobody is there"
    )
