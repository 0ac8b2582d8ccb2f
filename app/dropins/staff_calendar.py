"""A worker's sessions as a calendar that their own programme fetches, behind a secret address.

The secret is shown once; only its digest is kept, so that nobody who reads the database can read the calendar. It can be taken
back at any time, and stops by itself when its owner leaves.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.audit import Who
from app.core.calendar import Event
from app.core.crypto import digest_of
from app.dropins.calendar_files import uid_of
from app.dropins.models import DropIn, DropInStaff, SessionState, Slot, StaffCalendar, Venue
from app.people.models import Person

_BACK = timedelta(days=60)


def make_address(session: Session, actor: Who) -> str:
    """Return the secret of a new address for this worker's calendar. The one before it stops working."""
    take_back(session, actor)
    token = secrets.token_urlsafe(32)
    row = StaffCalendar(person_id=actor.person_id, digest=digest_of(token), made_at=clock.now())
    session.add(row)
    session.flush()
    audit.record(session, actor, "staff-calendar.made", thing_id=row.id)
    return token


def take_back(session: Session, actor: Who) -> bool:
    """Stop this worker's address. Returns whether there was one."""
    done = session.connection().execute(
        update(StaffCalendar)
        .where(StaffCalendar.person_id == actor.person_id, StaffCalendar.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )
    if done.rowcount:
        audit.record(session, actor, "staff-calendar.taken-back")
    return bool(done.rowcount)


def has_address(session: Session, person_id: uuid.UUID) -> bool:
    """Return whether a worker's calendar can be fetched."""
    query = select(StaffCalendar.id).where(StaffCalendar.person_id == person_id, StaffCalendar.revoked_at.is_(None))
    return session.scalar(query.limit(1)) is not None


def owner_of(session: Session, token: str) -> uuid.UUID | None:
    """Return whose calendar a secret opens, or None when it opens none (any more)."""
    return session.scalar(
        select(StaffCalendar.person_id)
        .join(Person, Person.id == StaffCalendar.person_id)
        .where(
            StaffCalendar.digest == digest_of(token),
            StaffCalendar.revoked_at.is_(None),
            Person.ended_on.is_(None) | (Person.ended_on > clock.today()),
        )
    )


def events(session: Session, person_id: uuid.UUID, now: datetime) -> list[Event]:
    """Return a worker's sessions, those called off too, so that a calendar strikes them out."""
    taken = func.coalesce(func.sum(Slot.taken), 0)
    rows = session.execute(
        select(DropIn, Venue, taken, func.coalesce(func.sum(Slot.capacity), 0))
        .join(DropInStaff, DropInStaff.dropin_id == DropIn.id)
        .outerjoin(Venue, Venue.id == DropIn.venue_id)
        .outerjoin(Slot, Slot.dropin_id == DropIn.id)
        .where(
            DropInStaff.person_id == person_id,
            DropIn.state != SessionState.draft,
            DropIn.starts_at > now - _BACK,
        )
        .group_by(DropIn.id, Venue.id)
        .order_by(DropIn.starts_at)
    )
    return [
        Event(
            uid=uid_of(dropin.id),
            summary=dropin.title,
            starts=dropin.starts_at,
            ends=dropin.ends_at,
            sequence=dropin.sequence,
            where=", ".join(part for part in (venue and venue.name_public, dropin.room) if part),
            # TRANSLATORS: In a worker's calendar: how many places of a session are booked.
            description=_("%(taken)s of %(places)s places booked", taken=taken_now, places=capacity),
            cancelled=dropin.state == SessionState.cancelled,
        )
        for dropin, venue, taken_now, capacity in rows
    ]
