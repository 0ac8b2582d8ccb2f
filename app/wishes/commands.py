"""``flask --app app wishes rise``: the operator's command that passes on what nobody looked at in time."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.core import clock
from app.core.db import db
from app.wishes.watch import tell_of_risen

wishes = AppGroup("wishes", help="The wish ledger.")


@wishes.command("rise")
@click.option("--dry-run", is_flag=True, help="Only say how many people would be told; tell nobody.")
def rise(dry_run: bool) -> None:
    """Tell the next person of every new word and wish that nobody looked at within two working days.

    Safe to run as often as you like: nobody is told twice of the same thing. Once each working morning is enough.
    """
    told = tell_of_risen(db.session, clock.now())
    if dry_run:
        db.session.rollback()
        click.echo(f"{told} would be told, or are told already")
        return
    db.session.commit()
    click.echo(f"{told} are told")
