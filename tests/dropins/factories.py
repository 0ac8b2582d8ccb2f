"""Sessions, times and bookings for tests, with only what matters stated by each test."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.dropins.booking import Asked, book, wait
from app.dropins.held import Whose
from app.dropins.models import HOLDING, Arrival, Booking, DropIn, SessionState, Slot, Venue
from app.dropins.moves import By, Hand
from app.people.models import Person, Role


def a_session(
    session: Session,
    *,
    starts_at: datetime | None = None,
    slots: int = 3,
    minutes: int = 30,
    capacity: int = 1,
    held: int = 0,
    **more: Any,
) -> tuple[DropIn, list[Slot]]:
    """Return a published session at a venue and its slots, three days from now unless told otherwise; committed."""
    begins = starts_at or (clock.now() + timedelta(days=3)).replace(hour=14, minute=0, second=0, microsecond=0)
    length = timedelta(minutes=minutes)
    venue = Venue(
        name_public="City library",
        area="city centre",
        address="1 Test Street",
        how_to_find="Up the stairs, on the left.",
        travel="Bus 1 stops outside.",
        access=["step_free"],
        is_public_building=True,
    )
    session.add(venue)
    session.flush()
    values: dict[str, Any] = {
        "title": "Ideas for what is next",
        "plain": "Somebody to talk to about college, jobs and money.",
        "mode": "venue",
        "venue_id": venue.id,
        "starts_at": begins,
        "ends_at": begins + slots * length,
        "slot_minutes": minutes,
        "languages": ["en-GB"],
        "access": ["step_free"],
        "state": SessionState.published,
    }
    dropin = DropIn(**{**values, **more})
    session.add(dropin)
    session.flush()
    made = [
        Slot(
            dropin_id=dropin.id,
            starts_at=begins + number * length,
            ends_at=begins + (number + 1) * length,
            capacity=capacity,
            held_for_walk_in=held,
        )
        for number in range(slots)
    ]
    session.add_all(made)
    session.commit()
    return dropin, made


def by_themselves(person: Person) -> By:
    """Return a person's own hand."""
    return By(Hand.self_, person.id, Role.young_person)


def asked(**more: Any) -> Asked:
    """Return what somebody asks for, with a key of its own."""
    return Asked(**{"key": f"test:{uuid.uuid4()}", "language": "en-GB", **more})


def books(session: Session, person: Person, dropin: DropIn, slot: Slot, **more: Any) -> Any:
    """Book for a person by themselves, commit, and return what became of it."""
    return _kept(session, book, person, dropin, slot, more)


def waits(session: Session, person: Person, dropin: DropIn, slot: Slot, **more: Any) -> Any:
    """Put a person in line, commit, and return what became of it."""
    return _kept(session, wait, person, dropin, slot, more)


def _kept(
    session: Session, act: Callable[..., Any], person: Person, dropin: DropIn, slot: Slot, more: dict[str, Any]
) -> Any:
    outcome = act(session, Whose(person.id), dropin, slot, asked(**more), by_themselves(person))
    session.commit()
    return outcome


def places_add_up(session: Session) -> bool:
    """Return whether every slot's ``taken`` is what its bookings and its walk-ins hold, as the database has them."""
    session.expire_all()
    booked = select(Booking.slot_id, func.count()).where(Booking.state.in_(HOLDING)).group_by(Booking.slot_id)
    walked = select(Arrival.slot_id, func.count()).where(Arrival.slot_id.is_not(None), Arrival.undone_at.is_(None))
    held = {row[0]: row[1] for row in session.execute(booked)}
    for slot_id, count in session.execute(walked.group_by(Arrival.slot_id)):
        held[slot_id] = held.get(slot_id, 0) + count
    return all(taken == held.get(slot_id, 0) for slot_id, taken in session.execute(select(Slot.id, Slot.taken)))
