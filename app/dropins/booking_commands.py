"""``flask --app app bookings tick``: the operator's command that moves the lines on when offers run out and slots begin."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import click
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from app.core.db import db
from app.dropins import calls, waiting
from app.dropins.models import Booking
from app.dropins.moves import NotPossible

bookings = AppGroup("bookings", help="Bookings of drop-ins.")


@bookings.command("tick")
@click.option("--dry-run", is_flag=True, help="Only say how many offers and waits are over; change nothing.")
def tick(dry_run: bool) -> None:
    """End offers that ran out, ask the next in line, end the lines of slots that have begun; and put whoever did not answer,
    or could not be reached, on the list of those to ring.

    Once a minute is right. Several at once do no harm. The exit code is 0 only when nothing was left for the next time.
    """
    offers, lines = waiting.offers_that_ran_out(db.session), waiting.lines_that_are_over(db.session)
    if dry_run:
        click.echo(f"{len(offers)} offers have run out, {len(lines)} wait for what has begun")
        return
    left = _each(offers, lambda booking: waiting.end_offer(db.session, booking))
    left += _each(lines, lambda booking: waiting.lapse(db.session, booking))
    calls.from_the_clock(db.session)
    db.session.commit()
    click.echo(f"{len(offers)} offers and {len(lines)} waits looked at, {left} left for the next time")
    if left:
        raise SystemExit(1)


def _each(ids: list[uuid.UUID], act: Callable[[Booking], object]) -> int:
    """Do one thing with each booking in a transaction of its own. Returns how many could not be done now."""
    left = 0
    for booking_id in ids:
        try:
            act(db.session.get_one(Booking, booking_id))
            db.session.commit()
        except NotPossible:
            # It changed at this moment: nothing is left to do.
            db.session.rollback()
        except SQLAlchemyError:
            db.session.rollback()
            left += 1
    return left
