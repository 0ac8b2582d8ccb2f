"""A worker's list of today: the sessions of this day, who is booked, who is here, who walked in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.dropins.models import (
    Arrival,
    Booking,
    BookingMove,
    BookingState,
    DropIn,
    NewFace,
    SessionState,
    Slot,
    Venue,
    Visit,
)
from app.dropins.running import GRACE, RUNS_BEFORE
from app.dropins.who_may import is_past_the_limit
from app.people.models import Person, YoungPerson

_SHOWN = (
    BookingState.booked,
    BookingState.arrived,
    BookingState.attended,
    BookingState.did_not_attend,
    BookingState.cancelled,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One person on the list. ``arrival`` is how they stand in the room, ``visit`` what was begun with them."""

    name: str
    at: datetime
    booking: Booking | None
    arrival: Arrival | None
    visit: Visit | None
    running_late: bool = False
    can_miss: bool = False
    # They are older by now than the session is for: a last visit is a warm hand-over (handbook 12, case 14).
    last_visit: bool = False

    @property
    def state(self) -> str:
        """Where they are: expected, here, with, left, missed, off."""
        if self.arrival is not None and self.arrival.left_at is not None:
            return "left"
        if self.visit is not None:
            return "with"
        if self.booking is None:
            return "here"
        return {
            BookingState.booked: "expected",
            BookingState.arrived: "here",
            BookingState.attended: "with",
            BookingState.did_not_attend: "missed",
        }.get(BookingState(self.booking.state), "off")


@dataclass(slots=True)
class Running:
    """One session of the day with its people."""

    dropin: DropIn
    place: str
    lines: list[Line] = field(default_factory=list)
    runs: bool = False
    to_settle: int = 0


def todays(session: Session, now: datetime) -> list[Running]:
    """Return the sessions of this day in London, soonest first, in a fixed number of statements."""
    first = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    dropins = session.execute(
        select(DropIn, Venue.name_public)
        .outerjoin(Venue, Venue.id == DropIn.venue_id)
        .where(
            DropIn.starts_at >= first,
            DropIn.starts_at < first + timedelta(days=1),
            DropIn.state.not_in((SessionState.draft, SessionState.cancelled)),
        )
        .order_by(DropIn.starts_at, DropIn.id)
    ).all()
    found = {
        dropin.id: Running(dropin, place or "", runs=now >= dropin.starts_at - RUNS_BEFORE) for dropin, place in dropins
    }
    for dropin_id, line in _lines(session, list(found), now):
        found[dropin_id].lines.append(line)
    for one in found.values():
        one.lines.sort(key=lambda line: (line.state in ("left", "missed", "off"), line.at, line.name))
        over = now > one.dropin.ends_at
        one.to_settle = sum(line.state in ("expected", "here") for line in one.lines) if over else 0
    return list(found.values())


def _lines(session: Session, ids: list[uuid.UUID], now: datetime) -> list[tuple[uuid.UUID, Line]]:
    if not ids:
        return []
    arrivals = list(session.scalars(select(Arrival).where(Arrival.dropin_id.in_(ids), Arrival.undone_at.is_(None))))
    visits = list(session.scalars(select(Visit).where(Visit.dropin_id.in_(ids), Visit.undone_at.is_(None))))
    booked = session.execute(
        select(Booking, Slot.starts_at)
        .join(Slot, Slot.id == Booking.slot_id)
        .where(Booking.dropin_id.in_(ids), Booking.state.in_(_SHOWN))
    ).all()
    too_old = _past_the_limit(session, [booking.id for booking, _at in booked])
    here = {one.booking_id: one for one in arrivals if one.booking_id}
    came = {one.booking_id: one for one in visits if one.booking_id}
    walked = {one.visit_id: one for one in arrivals if one.visit_id}
    late = set(
        session.scalars(
            select(BookingMove.booking_id).where(
                BookingMove.booking_id.in_([booking.id for booking, _at in booked]), BookingMove.why == "running-late"
            )
        )
    )
    names = names_of(session, {visit.whose for visit in visits} | {booking.whose for booking, _at in booked})
    lines: list[tuple[uuid.UUID, Line]] = []
    for booking, at in booked:
        # Somebody who cancelled in time is not on the list: their place may be another's.
        if booking.state == BookingState.cancelled and booking.id not in here:
            continue
        line = Line(
            names.get(booking.whose, ""),
            at,
            booking,
            here.get(booking.id),
            came.get(booking.id),
            running_late=booking.id in late,
            can_miss=now >= at + GRACE,
            last_visit=booking.id in too_old,
        )
        lines.append((booking.dropin_id, line))
    for visit in visits:
        if visit.booking_id is None:
            line = Line(names.get(visit.whose, ""), visit.started_at, None, walked.get(visit.id), visit)
            lines.append((visit.dropin_id, line))
    return lines


def _past_the_limit(session: Session, booking_ids: list[uuid.UUID]) -> set[uuid.UUID]:
    rows = session.execute(
        select(Booking.id, DropIn, YoungPerson)
        .join(DropIn, DropIn.id == Booking.dropin_id)
        .join(YoungPerson, YoungPerson.person_id == Booking.person_id)
        .where(Booking.id.in_(booking_ids))
    )
    return {booking_id for booking_id, dropin, young in rows if is_past_the_limit(dropin, young)}


def names_of(session: Session, ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return what the team calls each of these people and new faces, in two queries."""
    names = {row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}
    rest = ids - names.keys()
    if rest:
        names |= {
            face.id: face.first_name or "" for face in session.scalars(select(NewFace).where(NewFace.id.in_(rest)))
        }
    return names


def on_screen(session: Session, dropin_id: uuid.UUID) -> list[tuple[int, str]]:
    """Return who is in the room as its screen may show them: a number each, and a first name where it was agreed to."""
    rows = list(
        session.scalars(
            select(Arrival)
            .where(Arrival.dropin_id == dropin_id, Arrival.left_at.is_(None), Arrival.undone_at.is_(None))
            .order_by(Arrival.number)
        )
    )
    names = names_of(session, {row.whose for row in rows if row.shows_name})
    return [(row.number, names.get(row.whose, "") if row.shows_name else "") for row in rows]


def pattern(session: Session, whose: uuid.UUID) -> tuple[int, int]:
    """Return how often somebody has come, and how often in a row they last did not: the adviser sees it, nothing blocks."""
    came = len(session.scalars(select(Visit.id).where(Visit.whose == whose, Visit.undone_at.is_(None))).all())
    states = session.scalars(
        select(Booking.state)
        .join(Slot, Slot.id == Booking.slot_id)
        .where(Booking.whose == whose, Booking.state.in_((BookingState.attended, BookingState.did_not_attend)))
        .order_by(Slot.starts_at.desc())
    ).all()
    missed = next((place for place, state in enumerate(states) if state == BookingState.attended), len(states))
    return came, missed
