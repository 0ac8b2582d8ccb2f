"""Who is in the room: each gets a number as they come in. The screen on the wall shows no more than that (dropins 8)."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import clock
from app.core.db import insert_if_absent, new_id
from app.dropins.models import Arrival, DropIn, Visit

_TRIES_FOR_A_NUMBER = 50


def enter(
    session: Session,
    dropin: DropIn,
    whose: uuid.UUID,
    *,
    key: str,
    booking_id: uuid.UUID | None = None,
    visit_id: uuid.UUID | None = None,
    slot_id: uuid.UUID | None = None,
    late: bool = False,
    shows_name: bool = False,
) -> Arrival:
    """Give somebody the next number of the room, once for one key."""
    standing = session.scalars(select(Arrival).where(Arrival.key == key)).first()
    if standing is not None:
        if standing.undone_at is not None:
            standing.undone_at, standing.left_at, standing.at = None, None, clock.now()
            session.flush()
        return standing
    values: dict[str, Any] = {
        "key": key,
        "dropin_id": dropin.id,
        "whose": whose,
        "booking_id": booking_id,
        "visit_id": visit_id,
        "slot_id": slot_id,
        "late": late,
        "shows_name": shows_name,
        "at": clock.now(),
    }
    for _attempt in range(_TRIES_FOR_A_NUMBER):
        most = session.scalar(select(func.max(Arrival.number)).where(Arrival.dropin_id == dropin.id)) or 0
        # Two at once ask for the same number: one has it, the other asks again.
        if insert_if_absent(session, Arrival, {**values, "id": new_id(), "number": most + 1}):
            break
        if session.scalars(select(Arrival.id).where(Arrival.key == key)).first() is not None:
            break
    return session.scalars(select(Arrival).where(Arrival.key == key)).one()


def visit_of(session: Session, arrival: Arrival) -> Visit | None:
    """Return the visit of somebody in the room, once an adviser is with them."""
    one = Visit.id == arrival.visit_id if arrival.visit_id else Visit.booking_id == arrival.booking_id
    return session.scalars(select(Visit).where(one, Visit.undone_at.is_(None))).first()


def show_name(session: Session, arrival_id: uuid.UUID, shown: bool) -> uuid.UUID:
    """Keep whether somebody agreed to their first name on the screen of the room; return whose it is."""
    arrival = session.get(Arrival, arrival_id)
    if arrival is None:
        raise NotFound
    arrival.shows_name = shown
    session.flush()
    return arrival.whose
