"""``flask --app app silent tell``: the operator's command that sends the week's list of who was not heard."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.core import clock
from app.core.db import db
from app.home.weekly import tell_weekly

silent = AppGroup("silent", help="Nobody silent: who was not heard this term.")


@silent.command("tell")
@click.option("--dry-run", is_flag=True, help="Only say how many people would be told; tell nobody.")
def tell(dry_run: bool) -> None:
    """Tell the Virtual School, once each week, that somebody on their list was not heard yet.

    Safe to run each morning: nobody is told twice in a week.
    """
    told = tell_weekly(db.session, clock.today())
    if dry_run:
        db.session.rollback()
        click.echo(f"{told} would be told, or are told already this week")
        return
    db.session.commit()
    click.echo(f"{told} are told this week")
