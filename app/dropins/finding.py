"""Finding a drop-in: what is on, where, in which languages, and how many places are left.

Nothing here reads a booking: what is free stands on the slot itself, so that the page is as quick after a hundred thousand
bookings as after none.
"""

from __future__ import annotations

import calendar
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.clock import LONDON, local
from app.dropins.models import LIVE, Booking, DropIn, DropInStaff, Series, SessionState, Slot, Venue
from app.dropins.states import COMING
from app.dropins.who_may import may_come
from app.people.models import Person
from app.people.sessions import Actor

# How far ahead the list goes when somebody asks for all of it, and how far at first.
AHEAD = timedelta(weeks=8)
NEAR = timedelta(weeks=3)
MOST = 150
FROM_HOME = ("online", "phone", "mixed")
_AT_A_PLACE = ("venue", "mixed")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; what is empty may be anything."""

    area: str = ""
    language: str = ""
    way: str = ""
    day: date | None = None

    @property
    def narrow(self) -> bool:
        """True when anything is chosen."""
        return bool(self.area or self.language or self.way or self.day)


@dataclass(frozen=True, slots=True)
class Found:
    """One session as a page shows it."""

    dropin: DropIn
    venue: Venue | None
    left: int
    whole_address: bool

    @property
    def day(self) -> date:
        """The day in London."""
        return local(self.dropin.starts_at).date()

    @property
    def cancelled(self) -> bool:
        """True when it will not be."""
        return self.dropin.state == SessionState.cancelled

    @property
    def area(self) -> str:
        """The part of the town, which everybody may know."""
        return self.venue.area if self.venue else ""

    @property
    def access(self) -> list[str]:
        """What is good to know about the place and the session."""
        return list(dict.fromkeys([*(self.venue.access if self.venue else ()), *self.dropin.access]))


@dataclass(slots=True)
class OneDay:
    """A day with what is on, and the names of repeating drop-ins that are not."""

    day: date
    found: list[Found] = field(default_factory=list)
    gaps: list[tuple[str, str]] = field(default_factory=list)


def coming(session: Session, actor: Actor | None, now: datetime, wanted: Wanted | None = None) -> list[Found]:
    """Return what is on from now, soonest first, as far as this person may find it (handbook, dropins 8); two queries."""
    wanted = wanted or Wanted()
    begins, ends = now, now + AHEAD
    if wanted.day:
        begins = max(now, datetime.combine(wanted.day, time(), tzinfo=LONDON))
        ends = datetime.combine(wanted.day + timedelta(days=1), time(), tzinfo=LONDON)
    query = (
        _findable(actor)
        .where(DropIn.ends_at > begins, DropIn.starts_at < ends)
        .order_by(DropIn.starts_at, DropIn.title, DropIn.id)
        .limit(MOST)
    )
    if wanted.area:
        query = query.where(Venue.area == wanted.area)
    if wanted.way:
        query = query.where(DropIn.mode.in_(FROM_HOME if wanted.way == "home" else _AT_A_PLACE))
    rows = [
        (dropin, venue)
        for dropin, venue in session.execute(query)
        if fits(dropin, actor) and (not wanted.language or wanted.language in dropin.languages)
    ]
    return _found(session, rows, actor, now)


def _findable(actor: Actor | None) -> Any:
    """Published and running ones, and those called off: whoever would have come has to hear of it. Never an invited one."""
    visible = ("public_safe",) if actor is None else ("public_safe", "signed_in")
    today = clock.today()
    staffed = (
        select(DropInStaff.id)
        .join(Person, Person.id == DropInStaff.person_id)
        .where(DropInStaff.dropin_id == DropIn.id, Person.ended_on.is_(None) | (Person.ended_on > today))
        .exists()
    )
    return (
        select(DropIn, Venue)
        .outerjoin(Venue, Venue.id == DropIn.venue_id)
        .where(
            DropIn.state.in_((*COMING, SessionState.cancelled)),
            DropIn.visibility.in_(visible),
            staffed | (DropIn.state == SessionState.cancelled),
        )
    )


def _found(
    session: Session, rows: Sequence[tuple[DropIn, Venue | None]], actor: Actor | None, now: datetime
) -> list[Found]:
    left = places_left(session, [dropin for dropin, _venue in rows], now)
    return [Found(dropin, venue, left.get(dropin.id, 0), _whole_address(venue, actor)) for dropin, venue in rows]


def _whole_address(venue: Venue | None, actor: Actor | None) -> bool:
    return venue is not None and (venue.is_public_building or actor is not None)


def places_left(session: Session, dropins: Iterable[DropIn], now: datetime) -> dict[uuid.UUID, int]:
    """Return how many places can still be booked in each session: slots not yet closed for booking, walk-in places left out."""
    closes: dict[int, list[uuid.UUID]] = {}
    for dropin in dropins:
        if dropin.state in COMING:
            closes.setdefault(dropin.booking_closes_minutes, []).append(dropin.id)
    if not closes:
        return {}
    free = Slot.capacity - Slot.held_for_walk_in - Slot.taken
    still_open = or_(
        *(
            Slot.dropin_id.in_(ids) & (Slot.starts_at > now + timedelta(minutes=minutes))
            for minutes, ids in closes.items()
        )
    )
    rows = session.execute(
        select(Slot.dropin_id, func.sum(case((free > 0, free), else_=0))).where(still_open).group_by(Slot.dropin_id)
    )
    return {dropin_id: int(count or 0) for dropin_id, count in rows}


def one(session: Session, actor: Actor | None, dropin_id: uuid.UUID, now: datetime) -> Found | None:
    """Return one session for its own page, or None when this person may not know of it.

    Past ones are found too, so that an old link says so. An invited one only by whoever is booked on it or works there.
    """
    row = session.execute(
        select(DropIn, Venue).outerjoin(Venue, Venue.id == DropIn.venue_id).where(DropIn.id == dropin_id)
    ).first()
    if row is None or row[0].state == SessionState.draft:
        return None
    if not _may_know(session, actor, row[0]):
        return None
    return _found(session, [(row[0], row[1])], actor, now)[0]


def _may_know(session: Session, actor: Actor | None, dropin: DropIn) -> bool:
    if dropin.visibility == "public_safe":
        return True
    if actor is None:
        return False
    return dropin.visibility == "signed_in" or works_there(session, actor, dropin) or _booked(session, actor, dropin)


def works_there(session: Session, actor: Actor, dropin: DropIn) -> bool:
    """Return whether this worker is named for a session, or sets sessions up."""
    from app.people.policy import VIRTUAL_SCHOOL

    if actor.role in VIRTUAL_SCHOOL:
        return True
    named = select(DropInStaff.id).where(DropInStaff.dropin_id == dropin.id, DropInStaff.person_id == actor.person_id)
    return session.scalar(named.limit(1)) is not None


def _booked(session: Session, actor: Actor, dropin: DropIn) -> bool:
    query = select(Booking.id).where(
        Booking.dropin_id == dropin.id, Booking.whose == actor.person_id, Booking.state.in_(LIVE)
    )
    return session.scalar(query.limit(1)) is not None


def fits(dropin: DropIn, actor: Actor | None) -> bool:
    """Return whether a session is meant for somebody. Adults and people signed out see all."""
    if actor is None or actor.young is None:
        return True
    return may_come(dropin, actor.young.year_group, actor.young.care, actor.young.flags)


# -- lists and months -------------------------------------------------------------------------------------------------


def by_day(session: Session, found: Sequence[Found]) -> list[OneDay]:
    """Return sessions by day, with the days on which a repeating one is left out in between."""
    days: dict[date, OneDay] = {}
    for each in found:
        days.setdefault(each.day, OneDay(each.day)).found.append(each)
    if days:
        for day, title, why in _gaps(session, found):
            if min(days) <= day <= max(days):
                days.setdefault(day, OneDay(day)).gaps.append((title, why))
    return [days[day] for day in sorted(days)]


def _gaps(session: Session, found: Sequence[Found]) -> list[tuple[date, str, str]]:
    ids = {each.dropin.series_id for each in found if each.dropin.series_id}
    if not ids:
        return []
    rows = session.execute(select(Series.title, Series.skips).where(Series.id.in_(ids)))
    return [(date.fromisoformat(day), title, why) for title, skips in rows for day, why in skips.items()]


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen among the sessions that are on."""

    areas: list[str]
    languages: list[str]


def choices(found: Sequence[Found]) -> Choices:
    """Return the areas and languages there are, so that no choice leads to an empty page."""
    on = [each for each in found if not each.cancelled]
    return Choices(
        areas=sorted({each.area for each in on if each.area}),
        languages=sorted({tag for each in on for tag in each.dropin.languages}),
    )


def month_of(text: str, today: date) -> date:
    """Return the first day of the month somebody asked for ('2026-12'), never before this one, nor a year ahead."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = today.replace(day=1)
    earliest = today.replace(day=1)
    return min(max(first, earliest), earliest.replace(year=earliest.year + 1))


def months_around(first: date, today: date) -> tuple[date | None, date | None]:
    """Return the first days of the month before and after, None where the calendar does not go."""
    earliest = today.replace(day=1)
    latest = earliest.replace(year=earliest.year + 1)
    before = (first - timedelta(days=1)).replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return (before if before >= earliest else None), (after if after <= latest else None)


def weeks(first: date, found: Sequence[Found]) -> list[list[tuple[date, int]]]:
    """Return the weeks of a month, Monday first: each day with how many sessions are on."""
    counts: dict[date, int] = {}
    for each in found:
        if not each.cancelled:
            counts[each.day] = counts.get(each.day, 0) + 1
    grid = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return [[(day, counts.get(day, 0) if day.month == first.month else -1) for day in week] for week in grid]


def nearest(found: list[Found], now: datetime) -> list[Found]:
    """Return those of the next weeks; all of them when there are none so soon."""
    return [each for each in found if each.dropin.starts_at < now + NEAR] or found


def in_month(session: Session, actor: Actor | None, first: date, now: datetime) -> list[Found]:
    """Return what is on in a month from now on."""
    begins = max(now, datetime.combine(first, time(), tzinfo=LONDON))
    after = (first + timedelta(days=32)).replace(day=1)
    query = _findable(actor).where(
        DropIn.ends_at > begins, DropIn.starts_at < datetime.combine(after, time(), tzinfo=LONDON)
    )
    rows = [
        (dropin, venue)
        for dropin, venue in session.execute(query.order_by(DropIn.starts_at).limit(MOST))
        if fits(dropin, actor)
    ]
    return [Found(dropin, venue, 0, False) for dropin, venue in rows]
