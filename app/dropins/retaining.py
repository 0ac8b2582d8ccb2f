"""What this room does not keep for ever (handbook, dropins 8). Bookings and visits stay as long as the council decides."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_

from app.core.retaining import Rule
from app.core.settings import Settings
from app.dropins.models import Booking, BookingLink, NewFace, Slot, Visit


def _said_beside(config: Settings, now: datetime) -> ColumnElement[bool]:
    """What somebody wrote beside a booking, 30 days after it."""
    over = exists().where(Slot.id == Booking.slot_id, Slot.ends_at < now - config.retain_booking_notes)
    return and_(over, or_(Booking.note.is_not(None), Booking.needs.is_not(None)))


def _never_known(config: Settings, now: datetime) -> ColumnElement[bool]:
    """First names and numbers of people who never came and whom nobody has matched to a record."""
    came = exists().where(or_(Booking.new_face_id == NewFace.id, Visit.new_face_id == NewFace.id))
    return and_(NewFace.person_id.is_(None), NewFace.made_at < now - config.retain_new_faces, ~came)


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
    Rule("new-faces", "first names of people who never came", NewFace, _never_known),
)
