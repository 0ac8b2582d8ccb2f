"""The operator's commands about opportunities: ``flask --app app pathways …``."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.pathways import bank, events
from app.pathways import opportunity_telling as telling
from app.pathways.models import Item, Kind, Version
from app.pathways.publishing import put_in
from app.pathways.records import HeVisit, Opening

group = AppGroup(
    "pathways", help="Opportunities and events: what comes with the product, offers that ran out, reminders."
)

# What is known of things that exist, without the dates and details a published one needs: editors complete them.
DRAFTS = bank.CONTENT / "drafts"


@group.command("load")
@click.option("--dry-run", is_flag=True, help="Only say what would be put in; change nothing.")
def load(dry_run: bool) -> None:
    """Put the opportunities and events that come with the product into the database.

    What an editor has changed since is left alone. A second time changes nothing.
    """
    published = drafts = 0
    for kind in (Kind.opportunity, Kind.event):
        for key, kept in bank.of(kind).items():
            if not _is_there(kind, key):
                published += 1
                _put(kept, draft=False, dry_run=dry_run)
        for key, kept in bank.read(kind, DRAFTS).items():
            if not _is_there(kind, key):
                drafts += 1
                _put(kept, draft=True, dry_run=dry_run)
    db.session.commit()
    words = "would be put in" if dry_run else "put in"
    click.echo(f"{published} published and {drafts} to be completed by editors {words}")


def _is_there(kind: Kind, key: str) -> bool:
    query = select(Version.id).join(Item, Item.id == Version.item_id).where(Item.kind == kind, Item.key == key)
    return db.session.scalar(query.limit(1)) is not None


def _put(kept: bank.Kept, *, draft: bool, dry_run: bool) -> None:
    record = kept.record
    if not dry_run and isinstance(record, Opening | HeVisit):
        put_in(db.session, record, kept.translations, draft=draft)


@group.command("events")
def pass_events_on() -> None:
    """Let places whose offer ran out go to the next in line, and remind people of what is near.

    Run it every quarter of an hour, before `deliver`. Running it again does nothing more.
    """
    ran_out = events.lapse_everywhere(db.session)
    reminded = telling.remind(db.session, clock.today())
    db.session.commit()
    click.echo(f"{ran_out} offers ran out; {reminded} reminders are due or went out")
