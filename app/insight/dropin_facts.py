"""What the figures of drop-ins stand on: days, codes and pseudonymous ids, read in a fixed number of statements.

No name and no word anybody wrote is read here. A visit that was taken back is not a fact.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.dropins.models import (
    Booking,
    BookingMove,
    BookingState,
    DropIn,
    EetStatus,
    NextStep,
    OutcomeCheck,
    SessionState,
    Slot,
    Venue,
    Visit,
)
from app.people.models import Care, Flag, Person, YoungPerson

_SETTLES = (BookingState.attended, BookingState.did_not_attend)
# The EET cohort: Years 12 and 13 in care, and care leavers (handbook, dropins 9, D3).
_COHORT_YEARS = (12, 13)


@dataclass(frozen=True, slots=True)
class VisitFact:
    """A visit: whose, when, where, about what."""

    id: uuid.UUID
    whose: uuid.UUID
    at: datetime
    day: date
    place: str
    walk_in: bool
    ours: bool
    purposes: tuple[str, ...]
    language: str
    eet_before: str | None
    useful: str | None


@dataclass(frozen=True, slots=True)
class StepFact:
    """A next step and what became of it."""

    visit_id: uuid.UUID
    due_on: date
    state: str
    done_on: date | None


@dataclass(frozen=True, slots=True)
class BookingFact:
    """A booking: whose slot began on which day, how it ended, and when that was written down."""

    day: date
    state: str
    late: bool
    was_booked: bool
    session_done_on: date | None
    settled_on: date | None


@dataclass(frozen=True, slots=True)
class SessionFact:
    """A session: when, whether it was published, ran or was cancelled, and how many places it offered."""

    day: date
    state: str
    cancelled_on: date | None
    ended: bool
    places: int


@dataclass(frozen=True, slots=True)
class StatusFact:
    """A dated row of what somebody did."""

    status: str
    from_on: date
    to_on: date | None
    confidence: str
    recorded_on: date


@dataclass(frozen=True, slots=True)
class CheckFact:
    """A look again that was done."""

    done_on: date
    grade: str


@dataclass(frozen=True, slots=True)
class PersonFact:
    """Somebody in the records, as far as a figure may know them."""

    in_cohort: bool
    ucic: bool
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the figures of some years stand on."""

    visits: Sequence[VisitFact]
    steps: Mapping[uuid.UUID, Sequence[StepFact]]
    bookings: Sequence[BookingFact]
    sessions: Sequence[SessionFact]
    statuses: Mapping[uuid.UUID, Sequence[StatusFact]]
    checks: Mapping[uuid.UUID, Sequence[CheckFact]]
    people: Mapping[uuid.UUID, PersonFact]


def gather(session: Session, begins: datetime, ends: datetime, now: datetime) -> Facts:
    """Return the facts of visits and sessions from one moment to another, in nine statements whatever their number."""
    return Facts(
        visits=_visits(session, begins, ends),
        steps=_steps(session, begins, ends),
        bookings=_bookings(session, begins, ends, now),
        sessions=_sessions(session, begins, ends, now),
        statuses=_statuses(session),
        checks=_checks(session),
        people=_people(session),
    )


def _day(moment: datetime) -> date:
    return clock.local(moment).date()


def _visits(session: Session, begins: datetime, ends: datetime) -> list[VisitFact]:
    rows = session.execute(
        select(
            Visit.id,
            Visit.whose,
            Visit.started_at,
            Venue.name_public,
            Visit.mode,
            Visit.was_walk_in,
            Visit.cohort,
            Visit.purposes,
            Visit.language_used,
            Visit.eet_before,
            Visit.useful,
        )
        .join(DropIn, DropIn.id == Visit.dropin_id)
        .outerjoin(Venue, Venue.id == DropIn.venue_id)
        .where(Visit.started_at >= begins, Visit.started_at < ends, Visit.undone_at.is_(None))
        .order_by(Visit.started_at, Visit.id)
    )
    return [
        VisitFact(
            id=r.id,
            whose=r.whose,
            at=r.started_at,
            day=_day(r.started_at),
            place=r.name_public or r.mode,
            walk_in=r.was_walk_in,
            ours=r.cohort == "ours",
            purposes=tuple(r.purposes),
            language=r.language_used,
            eet_before=r.eet_before,
            useful=r.useful,
        )
        for r in rows
    ]


def _steps(session: Session, begins: datetime, ends: datetime) -> dict[uuid.UUID, list[StepFact]]:
    found: dict[uuid.UUID, list[StepFact]] = defaultdict(list)
    rows = session.execute(
        select(NextStep.visit_id, NextStep.due_on, NextStep.state, NextStep.done_on)
        .join(Visit, Visit.id == NextStep.visit_id)
        .where(Visit.started_at < ends, Visit.undone_at.is_(None), Visit.cohort == "ours")
        .where((Visit.started_at >= begins) | (NextStep.due_on >= _day(begins)))
        .order_by(NextStep.id)
    )
    for r in rows:
        found[r.visit_id].append(StepFact(r.visit_id, r.due_on, r.state, r.done_on))
    return found


def _bookings(session: Session, begins: datetime, ends: datetime, now: datetime) -> list[BookingFact]:
    moves = (
        select(
            BookingMove.booking_id,
            func.max(BookingMove.at).filter(BookingMove.went_to.in_(_SETTLES)).label("settled_at"),
            func.count().filter(BookingMove.went_to == BookingState.booked).label("booked"),
            func.count().label("all"),
        )
        .group_by(BookingMove.booking_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Slot.starts_at, Booking.state, Booking.late, DropIn.ends_at, DropIn.state.label("session_state"),
            moves.c.settled_at, moves.c.booked, moves.c.all,
        )
        .join(Slot, Slot.id == Booking.slot_id)
        .join(DropIn, DropIn.id == Booking.dropin_id)
        .outerjoin(moves, moves.c.booking_id == Booking.id)
        .where(Slot.starts_at >= begins, Slot.starts_at < ends)
    )  # fmt: skip
    return [
        BookingFact(
            day=_day(r.starts_at),
            state=r.state,
            late=r.late,
            was_booked=_was_booked(r.state, r.booked, r.all),
            session_done_on=_day(r.ends_at) if _ran(r.session_state, r.ends_at, now) else None,
            settled_on=_day(r.settled_at) if r.settled_at else None,
        )
        for r in rows
    ]


def _was_booked(state: str, booked: int | None, moves: int | None) -> bool:
    """Whether a booking ever held a place for its person; who only waited never did."""
    if state in (BookingState.waiting, BookingState.offered, BookingState.lapsed):
        return bool(booked)
    return not moves or bool(booked) or state not in (BookingState.cancelled, BookingState.cancelled_by_service)


def _ran(state: str, ends_at: datetime, now: datetime) -> bool:
    return state not in (SessionState.draft, SessionState.cancelled) and ends_at <= now


def _sessions(session: Session, begins: datetime, ends: datetime, now: datetime) -> list[SessionFact]:
    rows = session.execute(
        select(
            DropIn.starts_at, DropIn.ends_at, DropIn.state, DropIn.cancelled_at,
            func.coalesce(func.sum(Slot.capacity), 0).label("places"),
        )
        .outerjoin(Slot, Slot.dropin_id == DropIn.id)
        .where(DropIn.starts_at >= begins, DropIn.starts_at < ends, DropIn.state != SessionState.draft)
        .group_by(DropIn.id, DropIn.starts_at, DropIn.ends_at, DropIn.state, DropIn.cancelled_at)
    )  # fmt: skip
    return [
        SessionFact(
            day=_day(r.starts_at),
            state=r.state,
            cancelled_on=_day(r.cancelled_at) if r.cancelled_at else None,
            ended=_ran(r.state, r.ends_at, now),
            places=int(r.places),
        )
        for r in rows
    ]


def _statuses(session: Session) -> dict[uuid.UUID, list[StatusFact]]:
    found: dict[uuid.UUID, list[StatusFact]] = defaultdict(list)
    for row in session.scalars(select(EetStatus).order_by(EetStatus.from_on, EetStatus.recorded_at, EetStatus.id)):
        # A row that was corrected covers no day.
        if row.to_on is None or row.to_on > row.from_on:
            fact = StatusFact(row.status, row.from_on, row.to_on, row.confidence, _day(row.recorded_at))
            found[row.person_id].append(fact)
    return found


def _checks(session: Session) -> dict[uuid.UUID, list[CheckFact]]:
    found: dict[uuid.UUID, list[CheckFact]] = defaultdict(list)
    rows = session.execute(
        select(OutcomeCheck.whose, OutcomeCheck.done_on, OutcomeCheck.grade)
        .where(OutcomeCheck.done_on.is_not(None), OutcomeCheck.grade.is_not(None))
        .order_by(OutcomeCheck.done_on)
    )
    for r in rows:
        found[r.whose].append(CheckFact(r.done_on, r.grade))
    return found


def _people(session: Session) -> dict[uuid.UUID, PersonFact]:
    rows = session.execute(
        select(
            YoungPerson.person_id, YoungPerson.year_group, YoungPerson.care, YoungPerson.flags, Person.ended_on
        ).join(Person, Person.id == YoungPerson.person_id)
    )
    return {
        r.person_id: PersonFact(
            in_cohort=r.care == Care.care_leaver or r.year_group in _COHORT_YEARS,
            ucic=Flag.ucic in (r.flags or ()),
            ended_on=r.ended_on,
        )
        for r in rows
    }
