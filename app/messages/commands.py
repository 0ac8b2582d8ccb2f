"""``flask --app app deliver``: the operator's command that sends what is in the outbox."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

import click
from flask.cli import with_appcontext

from app.core.db import db
from app.core.settings import settings
from app.messages import delivering
from app.messages.channels import Channels

PAUSE_SECONDS = 5.0


@click.command("deliver")
@click.option(
    "--once/--watch", default=True, help="Send what is due and end (the default), or go on until told to stop."
)
@click.option("--limit", type=click.IntRange(min=1), help="Send no more than this many in a round.")
@click.option("--dry-run", is_flag=True, help="Only say what is due; send nothing.")
@with_appcontext
def deliver(once: bool, limit: int | None, dry_run: bool) -> None:
    """Send the messages that wait in the outbox.

    Several of these may run at once; they share the work. The exit code is 0 only when everything that was due has gone.
    """
    if dry_run:
        _say_what_is_due()
        return
    channels = Channels(settings())

    def one_round() -> delivering.Round:
        done = delivering.deliver(db.engine, channels, limit=limit)
        if once or done != delivering.Round():
            click.echo(f"{done.sent} sent, {done.later} to be tried again, {done.dead} given up")
        return done

    if once:
        raise SystemExit(0 if one_round().went_well else 1)
    _watch(one_round)


def _say_what_is_due() -> None:
    counted = delivering.count_due(db.session)
    for (kind, template), number in sorted(counted.items()):
        click.echo(f"{number}\t{kind}\t{template}")
    click.echo(f"{counted.total()} due; nothing was sent")


def _watch(one_round: Callable[[], delivering.Round]) -> None:
    stop = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stop.set())
    delivering.watch(one_round, lambda: stop.wait(PAUSE_SECONDS))
