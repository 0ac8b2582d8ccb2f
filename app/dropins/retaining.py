"""What this room does not keep for ever (handbook, dropins 8). Bookings and visits stay as long as the council decides."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_

from app.core.retaining import Rule
from app.core.settings import Settings
from app.dropins.models import LIVE, Booking, BookingLink, Call, NewFace, Slot, Visit


def _said_beside(config: Settings, now: datetime) -> ColumnElement[bool]:
    """What somebody wrote beside a booking, 30 days after it."""
    over = exists().where(Slot.id == Booking.slot_id, Slot.ends_at < now - config.retain_booking_notes)
    return and_(over, or_(Booking.note.is_not(None), Booking.needs.is_not(None)))


def _not_needed(config: Settings, now: datetime) -> ColumnElement[bool]:
    """First names and numbers of people whose record has theirs, or who never came, once nothing of theirs is ahead."""
    old = now - config.retain_new_faces
    came = exists().where(Visit.new_face_id == NewFace.id, Visit.undone_at.is_(None))
    counts_on_it = or_(Booking.state.in_(LIVE), Booking.changed_at >= old)
    ahead = exists().where(Booking.new_face_id == NewFace.id, counts_on_it)
    return and_(
        NewFace.first_name.is_not(None), NewFace.made_at < old, ~ahead, or_(NewFace.person_id.is_not(None), ~came)
    )


RULES = (
    Rule(
        "booking-links",
        "used or old links of bookings",
        BookingLink,
        lambda config, now: BookingLink.ends_at < now - config.retain_booking_links,
    ),
    Rule(
        "booking-notes",
        "notes beside bookings",
        Booking,
        _said_beside,
        subject=Booking.__table__.c.person_id,
        empties=("note", "needs"),
    ),
    Rule(
        "new-faces",
        "first names and numbers of people who never came",
        NewFace,
        _not_needed,
        # Bookings refer to the row.
        empties=("first_name", "mobile", "mobile_digest"),
    ),
    Rule("calls", "old calls", Call, lambda config, now: Call.made_at < now - config.retain_messages),
)
