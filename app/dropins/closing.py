"""What becomes of bookings that nobody settled when a session closes by itself: not recorded (handbook, dropins 3.1).

Also of who was checked in and never seen. It counts as missing data, never against the young person.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.dropins.holding import hold_slots
from app.dropins.models import Booking, BookingState, DropIn, Slot
from app.dropins.moves import SYSTEM, move
from app.dropins.signals import dropin_closed

UNSETTLED = (BookingState.booked, BookingState.arrived)


@dropin_closed.connect
def not_recorded(dropin: DropIn, *, session: Session, at: datetime, **_more: Any) -> int:
    """Turn what nobody settled into not recorded. Returns how many."""
    hold_slots(session, session.scalars(select(Slot.id).where(Slot.dropin_id == dropin.id)))
    unsettled = session.scalars(
        select(Booking)
        .where(Booking.dropin_id == dropin.id, Booking.state.in_(UNSETTLED))
        .execution_options(populate_existing=True)
    ).all()
    for booking in unsettled:
        move(session, booking, BookingState.not_recorded, SYSTEM, "closed", changed_at=at)
    return len(unsettled)
