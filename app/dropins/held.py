"""What somebody holds: their live bookings with their times, and who is at a session. It only reads."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, exists, select
from sqlalchemy.orm import Session, aliased

from app.dropins.models import LIVE, Booking, BookingState, DropIn, Slot

State = BookingState
# A live booking that keeps its person from being somewhere else at that time. Waiting does not: a line is no place.
ELSEWHERE = (State.booked, State.offered, State.arrived)
_whose = cast(Table, Booking.__table__).c.whose
# Written once: it is behind every press of 'Book it'.
_HELD = (
    select(_whose, Booking.id, Booking.dropin_id, Booking.state, Slot.starts_at, Slot.ends_at, DropIn.series_id)
    .join(Slot, Slot.id == Booking.slot_id)
    .join(DropIn, DropIn.id == Booking.dropin_id)
    .where(_whose.in_(bindparam("people", expanding=True)), Booking.state.in_(LIVE))
)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose booking it is: a young person's, or a new face's until a worker has checked who they are."""

    person_id: uuid.UUID | None = None
    new_face_id: uuid.UUID | None = None

    @property
    def id(self) -> uuid.UUID:
        """The one id that tells people apart."""
        found = self.person_id or self.new_face_id
        if found is None:
            raise ValueError("A booking is somebody's.")
        return found


@dataclass(frozen=True, slots=True)
class Held:
    """A live booking of somebody, with its times."""

    id: uuid.UUID
    dropin_id: uuid.UUID
    state: State
    starts_at: datetime
    ends_at: datetime
    series_id: uuid.UUID | None

    def overlaps(self, slot: Slot) -> bool:
        """Return whether it keeps somebody from being in a slot."""
        return self.state in ELSEWHERE and self.starts_at < slot.ends_at and self.ends_at > slot.starts_at


def held_by(session: Session, whose: uuid.UUID) -> list[Held]:
    """Return every live booking of somebody, as the database has them now."""
    return held_by_each(session, [whose])[whose]


def held_by_each(session: Session, people: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Held]]:
    """Return every live booking of each of these people, in one query."""
    found: dict[uuid.UUID, list[Held]] = defaultdict(list)
    for whose, booking_id, dropin_id, state, starts_at, ends_at, series_id in session.execute(
        _HELD, {"people": list(people)}
    ):
        found[whose].append(Held(booking_id, dropin_id, State(state), starts_at, ends_at, series_id))
    return found


def in_session(session: Session, dropin_id: uuid.UUID, people: Collection[uuid.UUID]) -> bool:
    """Return whether any of these people has a place in a session."""
    there = exists().where(Booking.dropin_id == dropin_id, Booking.whose.in_(people), Booking.state.in_(ELSEWHERE))
    return bool(people) and bool(session.scalar(select(there)))


def somebody_waits(session: Session, dropin_id: uuid.UUID) -> bool:
    """Return whether anybody waits for a session."""
    return bool(session.scalar(select(exists().where(Booking.dropin_id == dropin_id, Booking.state == State.waiting))))


def clashes(session: Session, booking_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Return, for each of these bookings whose person is somewhere else at that time too, the id of the other booking.

    Nobody books two such places; a session that moves can bring them about. One query.
    """
    other, its_slot = aliased(Booking), aliased(Slot)
    rows = session.execute(
        select(Booking.id, other.id)
        .join(Slot, Slot.id == Booking.slot_id)
        .join(other, (other.whose == Booking.whose) & (other.id != Booking.id))
        .join(its_slot, its_slot.id == other.slot_id)
        .where(Booking.id.in_(list(booking_ids)), Booking.state.in_(LIVE), other.state.in_(ELSEWHERE))
        .where(its_slot.starts_at < Slot.ends_at, its_slot.ends_at > Slot.starts_at)
        .order_by(its_slot.starts_at.desc(), other.id)
    )
    return {row[0]: row[1] for row in rows}


def clash_of(session: Session, booking: Booking) -> Booking | None:
    """Return the other booking that keeps somebody from coming to this one, or None."""
    found = clashes(session, [booking.id]).get(booking.id)
    return session.get_one(Booking, found) if found else None
