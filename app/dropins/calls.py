"""Whom to ring: those whom no message can tell, who did not answer, or whose message came back (handbook 4.3 and 6)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import audit, clock
from app.core.db import insert_if_absent, new_id
from app.dropins.models import Booking, BookingState, Call, NewFace, Slot
from app.messages.models import Message, State
from app.people.models import Person
from app.people.sessions import Actor

MOST_SHOWN = 100
# For so long somebody for whom no time came up is offered another.
_NO_TIME_CAME_UP = timedelta(days=7)
# What is told of a booking (app.dropins.booking_telling): when such a message fails for good, somebody rings.
_TOLD_BY = ("booking.told", "booking.reminder", "booking.missed")


@dataclass(frozen=True, slots=True)
class ToRing:
    """One call as the team sees it: who, at which number, about which time and why."""

    call: Call
    booking: Booking
    slot: Slot
    name: str
    mobile: str


def ring(session: Session, booking: Booking, why: str) -> None:
    """Somebody has to be told by a person. What had to be said of this booking before is overtaken by it."""
    forget(session, booking.id)
    _add(session, booking, why, f"{why}:{booking.id}:{booking.version}")


def forget(session: Session, booking_id: uuid.UUID) -> None:
    """Nobody need ring about a booking any more."""
    session.execute(
        delete(Call)
        .where(Call.booking_id == booking_id, Call.done_at.is_(None))
        .execution_options(synchronize_session=False)
    )


def _add(session: Session, booking: Booking, why: str, key: str) -> None:
    values: dict[str, Any] = {"id": new_id(), "key": key, "booking_id": booking.id, "whose": booking.whose, "why": why}
    insert_if_absent(session, Call, {**values, "made_at": clock.now()})


def from_the_clock(session: Session) -> int:
    """Add those who did not say in time whether they can come to a meeting that moved, and those whose message came back.

    Returns how many there are of both; each is one call, however often this runs.
    """
    moment = clock.now()
    silent = select(Booking).where(Booking.state == BookingState.booked, Booking.confirm_by < moment)
    coming = silent.join(Slot, Slot.id == Booking.slot_id).where(Slot.starts_at > moment)
    came_back = select(Message.cause_id).where(Message.state == State.dead, Message.cause.in_(_TOLD_BY))
    failed = select(Booking).join(Slot, Slot.id == Booking.slot_id)
    failed = failed.where(Booking.id.in_(came_back), Slot.ends_at > moment)
    found = [(one, "not_answered") for one in session.scalars(coming)]
    found += [(one, "failed") for one in session.scalars(failed)]
    for booking, why in found:
        _add(session, booking, why, f"{why}:{booking.id}:{booking.sequence}")
    return len(found)


def to_ring(session: Session) -> list[ToRing]:
    """Return the calls that wait, the soonest meeting first: no more than the page holds, in one statement."""
    moment = clock.now()
    rows = session.execute(
        select(Call, Booking, Slot, Person, NewFace)
        .join(Booking, Booking.id == Call.booking_id)
        .join(Slot, Slot.id == Booking.slot_id)
        .outerjoin(Person, Person.id == Booking.person_id)
        .outerjoin(NewFace, NewFace.id == Booking.new_face_id)
        .where(
            Call.done_at.is_(None),
            or_(Slot.ends_at > moment, and_(Call.why == "lapsed", Call.made_at > moment - _NO_TIME_CAME_UP)),
            or_(Call.why != "not_answered", Booking.confirm_by.is_not(None)),
        )
        .order_by(Slot.starts_at, Call.made_at, Call.id)
        .limit(MOST_SHOWN)
    )
    return [ToRing(call, booking, slot, *_who(person, face)) for call, booking, slot, person, face in rows]


def _who(person: Person | None, face: NewFace | None) -> tuple[str, str]:
    name = person.name if person else (face.first_name if face else None)
    mobile = (person.mobile if person else None) or (face.mobile if face else None)
    return name or "", mobile or ""


def done(session: Session, actor: Actor, call_id: uuid.UUID) -> None:
    """Somebody rang. Ticked twice, the first one counts. Raises NotFound."""
    call = session.get(Call, call_id)
    if call is None:
        raise NotFound
    ticked = (
        update(Call)
        .where(Call.id == call.id, Call.done_at.is_(None))
        .values(done_at=clock.now(), done_by_id=actor.person_id)
        .execution_options(synchronize_session=False)
    )
    if session.execute(ticked).rowcount:  # type: ignore[attr-defined]
        audit.record(session, actor, "call.made", subject_id=call.whose, thing_id=call.booking_id, detail=call.why)
