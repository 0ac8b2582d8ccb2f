"""Bookings as their owner, or a helper, may read them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.dropins.calendar_files import Method, booking_file, uid_of
from app.dropins.models import LIVE, Booking, BookingState, DropIn, DropInStaff, Slot, Venue
from app.dropins.waiting import lines, place_in_line
from app.people.models import Person

_LONGEST_LIST = 50


@dataclass(frozen=True, slots=True)
class BookingView:
    """One booking with its times and place."""

    booking: Booking
    slot: Slot
    dropin: DropIn
    venue: Venue | None
    # The first name of an adult who booked it, empty when they did it themselves.
    booked_by: str
    line: int
    # Whom they will meet: shown once the place is theirs, and never before (handbook 8).
    meets: tuple[str, ...] = ()

    @property
    def state(self) -> BookingState:
        """Where it stands."""
        return BookingState(self.booking.state)

    @property
    def is_live(self) -> bool:
        """Somebody still counts on it."""
        return self.state in LIVE

    @property
    def is_coming(self) -> bool:
        """It is live and its time is not over."""
        return self.is_live and self.slot.ends_at > clock.now()

    @property
    def has_place(self) -> bool:
        """The place is theirs: address, link and number are shown."""
        return self.state in (BookingState.booked, BookingState.arrived)

    @property
    def can_undo(self) -> bool:
        """It was cancelled by them and its time can still be booked."""
        return self.state is BookingState.cancelled and self.slot.starts_at > clock.now()

    @property
    def offer_stands(self) -> bool:
        """A time is offered and the offer has not run out."""
        ends = self.booking.offer_ends_at
        return self.state is BookingState.offered and ends is not None and ends > clock.now()

    @property
    def is_over_too_soon(self) -> bool:
        """The place was lost without their doing, or an offer ran out: other times are shown."""
        lost = (BookingState.cancelled_by_service, BookingState.lapsed)
        return self.state in lost or (self.state is BookingState.offered and not self.offer_stands)


def view_of(session: Session, booking: Booking) -> BookingView:
    """Return one booking to be read."""
    slot = session.get_one(Slot, booking.slot_id)
    dropin = session.get_one(DropIn, booking.dropin_id)
    venue = session.get(Venue, dropin.venue_id) if dropin.venue_id else None
    helper = booking.booked_by_id is not None and booking.booked_by_id != booking.person_id
    name = session.scalar(select(Person.name).where(Person.id == booking.booked_by_id)) if helper else ""
    line = place_in_line(session, booking) if booking.state == BookingState.waiting else 0
    has_place = booking.state in (BookingState.booked, BookingState.arrived) and slot.ends_at > clock.now()
    meets = _who_is_there(session, dropin.id) if has_place else ()
    return BookingView(booking, slot, dropin, venue, name or "", line, meets)


def _who_is_there(session: Session, dropin_id: uuid.UUID) -> tuple[str, ...]:
    there = select(Person.name).join(DropInStaff, DropInStaff.person_id == Person.id)
    here = Person.ended_on.is_(None) | (Person.ended_on > clock.today())
    return tuple(session.scalars(there.where(DropInStaff.dropin_id == dropin_id, here).order_by(Person.name)))


def bookings_of(session: Session, whose: uuid.UUID, *, coming: bool = False) -> list[BookingView]:
    """Return somebody's bookings, the next one first, then those that were (``coming``: not those). Changed ones are left out:
    the new one stands for them. One query, and one for the lines they stand in."""
    wanted = (
        select(Booking, Slot, DropIn, Venue, Person.name)
        .join(Slot, Slot.id == Booking.slot_id)
        .join(DropIn, DropIn.id == Booking.dropin_id)
        .outerjoin(Venue, Venue.id == DropIn.venue_id)
        .outerjoin(Person, (Person.id == Booking.booked_by_id) & (Person.id != Booking.whose))
        .where(Booking.whose == whose, Booking.state != BookingState.rescheduled)
        .order_by(Slot.starts_at.desc())
        .limit(_LONGEST_LIST)
    )
    if coming:
        wanted = wanted.where(Booking.state.in_(LIVE), Slot.ends_at > clock.now())
    found = session.execute(wanted).all()
    waiting = lines(session, [booking.dropin_id for booking, *_rest in found if booking.state == BookingState.waiting])
    views = [
        BookingView(
            booking, slot, dropin, venue, name or "", waiting.place_of(booking) if booking.state == "waiting" else 0
        )
        for booking, slot, dropin, venue, name in found
    ]
    ahead = sorted((one for one in views if one.is_coming), key=_starts)
    return [*ahead, *(one for one in views if not one.is_coming)]


def _starts(one: BookingView) -> datetime:
    return one.slot.starts_at


def calendar_of(one: BookingView, language: str) -> bytes:
    """Return a booking as a calendar file: a plain title, and the place once it is booked."""
    if one.state is BookingState.rescheduled or not one.is_live:
        method: Method = "CANCEL"
    else:
        method = "PUBLISH"
    where = ""
    if one.has_place and one.venue is not None:
        where = f"{one.venue.name_public}, {one.venue.address}"
    # TRANSLATORS: title of a meeting in somebody's own calendar; plain, anybody may see the phone
    title = _("Meeting")
    return booking_file(
        uid_of(one.booking.calendar_id),
        one.booking.sequence,
        method,
        one.slot.starts_at,
        one.slot.ends_at,
        title,
        where,
        language=language,
    )
