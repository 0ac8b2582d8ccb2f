"""What becomes of bookings that nobody settled when a session closes by itself: not recorded (handbook, dropins 3.1).

It counts as missing data, never against the young person.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.core.db import new_id
from app.dropins.models import Booking, BookingMove, BookingState, DropIn
from app.dropins.signals import dropin_closed


@dropin_closed.connect
def not_recorded(dropin: DropIn, *, session: Session, at: datetime, **_more: Any) -> int:
    """Turn what is still booked into not recorded, with a row for each in the list of moves. Returns how many."""
    open_ones = select(Booking.id).where(Booking.dropin_id == dropin.id, Booking.state == BookingState.booked)
    ids = list(session.scalars(open_ones.with_for_update()))
    if not ids:
        return 0
    session.execute(
        update(Booking)
        .where(Booking.id.in_(ids), Booking.state == BookingState.booked)
        .values(state=BookingState.not_recorded, changed_at=at, version=Booking.version + 1)
    )
    moved = {"at": at, "by_role": "system", "came_from": BookingState.booked, "went_to": BookingState.not_recorded}
    session.execute(insert(BookingMove), [{"id": new_id(), "booking_id": one, "why": "closed", **moved} for one in ids])
    return len(ids)
