"""``flask --app app remind``: the operator's command that reminds carers and key workers of meetings, once a day."""

from __future__ import annotations

from collections import Counter

import click
from flask.cli import with_appcontext

from app.core import clock
from app.core.db import db
from app.voice import reminding


@click.command("remind")
@click.option("--dry-run", is_flag=True, help="Only say what is due; put nothing in the outbox.")
@with_appcontext
def remind(dry_run: bool) -> None:
    """Remind carers and key workers of PEP meetings, 21, 10 and 3 days before.

    Run it once a day, before `deliver`. Running it again the same day does nothing more.
    """
    if not dry_run:
        count = reminding.remind(db.session, clock.today())
        db.session.commit()
        click.echo(f"{count} reminders put in the outbox")
        return
    waiting = reminding.due(db.session, clock.today())
    for (step, kind), number in sorted(Counter((one.step, one.kind) for one in waiting).items(), reverse=True):
        click.echo(f"{number}\t{step} days before\t{kind}")
    click.echo(f"{len(waiting)} due; nothing was put in the outbox")
