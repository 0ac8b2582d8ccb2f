"""Sessions that repeat: an RFC 5545 rule in local wall time, bank holidays left out, and a term copied into the next.

A series keeps the time on the wall, and each date is worked out by itself, so that a session at 14:00 is at 14:00 before and
after the clocks change (handbook, dropins 11).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Who
from app.core.clock import local
from app.core.db import new_id
from app.core.working_days import bank_holidays
from app.dropins.models import DropIn, DropInStaff, Series, SessionState
from app.dropins.wall import ComesTwice, MissingHour, Which, moment, read_time

# A rule that runs on is a slip of a finger, not a plan.
MOST = 80
LONGEST = timedelta(days=400)
BANK_HOLIDAY = "bank_holiday"
CHOSEN = "chosen"
NO_SUCH_TIME = "no_such_time"

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# What a copy takes over from the session it is made after; times, state and what was cancelled it does not.
_COPIED = (
    "title",
    "plain",
    "mode",
    "venue_id",
    "room",
    "online_link",
    "phone_number",
    "slot_minutes",
    "capacity",
    "walk_in_hold",
    "languages",
    "interpreter",
    "access",
    "audience",
    "min_age",
    "max_age",
    "carer_welcome",
    "visibility",
    "booking_closes_minutes",
)


class Repeats(StrEnum):
    """How often."""

    weekly = "weekly"
    fortnightly = "fortnightly"
    monthly = "monthly"


class TooMany(ValueError):
    """The rule gives more days than anybody plans at once."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the rule: a session is made on it, or ``skipped`` says why not (a code)."""

    on: date
    skipped: str | None = None


def rule_for(repeats: Repeats, first_on: date) -> str:
    """Return the rule for a weekday repeated from ``first_on`` on; monthly is 'the third Tuesday', a fifth one is the last."""
    weekday = _WEEKDAYS[first_on.weekday()]
    if repeats is Repeats.monthly:
        nth = (first_on.day - 1) // 7 + 1
        return f"FREQ=MONTHLY;BYDAY={nth if nth < 5 else -1}{weekday}"
    return f"FREQ=WEEKLY;INTERVAL={2 if repeats is Repeats.fortnightly else 1};BYDAY={weekday}"


def days(
    rule: str, first_on: date, last_on: date, at: time, *, skip_bank_holidays: bool = True, skip: Collection[date] = ()
) -> list[Day]:
    """Return every day of a rule from ``first_on`` to ``last_on``, both counted, and which of them are left out and why.

    A day on which the clocks jump over ``at`` is left out too. Raises TooMany, and ValueError when the end is before the start or
    more than a year away.
    """
    from dateutil.rrule import rrulestr

    if not timedelta() <= last_on - first_on <= LONGEST:
        raise ValueError("A series ends after it begins, and within a year.")
    found: list[Day] = []
    until = datetime.combine(last_on, time.max)
    for one in rrulestr(rule, dtstart=datetime.combine(first_on, time())):
        if one > until:
            break
        if len(found) == MOST:
            raise TooMany
        found.append(Day(one.date(), _why_not(one.date(), at, skip_bank_holidays, skip)))
    return found


def _why_not(on: date, at: time, skip_bank_holidays: bool, skip: Collection[date]) -> str | None:
    if on in skip:
        return CHOSEN
    if skip_bank_holidays and on in bank_holidays(on.year):
        return BANK_HOLIDAY
    try:
        moment(on, at)
    except MissingHour:
        return NO_SUCH_TIME
    except ComesTwice:
        return None  # the first of the two, see _starts
    return None


def make(
    session: Session,
    actor: Who,
    like: DropIn,
    staff: Iterable[uuid.UUID],
    rule: str,
    planned: Collection[Day],
    *,
    at: time,
    minutes: int,
    skip_bank_holidays: bool = True,
    series_id: uuid.UUID | None = None,
) -> tuple[Series, list[DropIn]]:
    """Make a series and a draft for each day that is not left out, each like ``like`` (which need not be in the database).

    Raises ValueError when no day is left.
    """
    held = [day.on for day in planned if day.skipped is None]
    if not held:
        raise ValueError("No day is left.")
    every = [day.on for day in planned]
    series = Series(
        id=series_id or new_id(),
        title=like.title,
        rule=rule,
        starts_local=f"{at:%H:%M}",
        minutes=minutes,
        first_on=min(every),
        last_on=max(every),
        skip_bank_holidays=skip_bank_holidays,
        skips={day.on.isoformat(): day.skipped for day in planned if day.skipped},
        made_by_id=actor.person_id,
    )
    session.add(series)
    session.flush()
    made = [copy_of(like, _starts(on, at), minutes, series.id) for on in held]
    session.add_all(made)
    session.flush()
    session.add_all(DropInStaff(dropin_id=one.id, person_id=who) for one in made for who in staff)
    session.flush()
    audit.record(session, actor, "dropin-series.made", thing_id=series.id, detail=str(len(made)))
    return series, made


def copy_of(like: DropIn, starts_at: datetime, minutes: int, series_id: uuid.UUID | None) -> DropIn:
    """Return a new draft like another session at another time."""
    values = {name: getattr(like, name) for name in _COPIED}
    return DropIn(
        id=new_id(),
        series_id=series_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        state=SessionState.draft,
        **values,
    )


def _starts(on: date, at: time) -> datetime:
    return moment(on, at, Which.first)


def planned_copy(series: Series, first_on: date, last_on: date, skip: Collection[date] = ()) -> list[Day]:
    """Return the days of a series' pattern in another stretch of time: the same weekday, from ``first_on`` on."""
    weekday = series.first_on.weekday()
    first = first_on + timedelta(days=(weekday - first_on.weekday()) % 7)
    if last_on < first:
        return []
    return days(
        series.rule,
        first,
        last_on,
        read_time(series.starts_local),
        skip_bank_holidays=series.skip_bank_holidays,
        skip=skip,
    )


def copy_term(
    session: Session, actor: Who, series: Iterable[Series], first_on: date, last_on: date, skip: Collection[date] = ()
) -> list[DropIn]:
    """Make each series anew between two days, with the same pattern, time, place and people. All are drafts until published.

    Days that have a session of that series' kind already (same title, same moment) are left alone, so that a second press makes
    nothing twice. Returns what was made.
    """
    made: list[DropIn] = []
    for one in series:
        like = last_of(session, one.id)
        if like is None:
            continue
        at = read_time(one.starts_local)
        there = set(
            session.scalars(
                select(DropIn.starts_at).where(DropIn.title == like.title, DropIn.state != SessionState.cancelled)
            )
        )
        planned = [
            day for day in planned_copy(one, first_on, last_on, skip) if day.skipped or _starts(day.on, at) not in there
        ]
        if any(day.skipped is None for day in planned):
            staff = staff_ids(session, like.id)
            made += make(
                session,
                actor,
                like,
                staff,
                one.rule,
                planned,
                at=at,
                minutes=one.minutes,
                skip_bank_holidays=one.skip_bank_holidays,
            )[1]
    return made


def last_of(session: Session, series_id: uuid.UUID) -> DropIn | None:
    """Return the latest session of a series that was not called off: the one a copy is made after."""
    return session.scalars(
        select(DropIn)
        .where(DropIn.series_id == series_id, DropIn.state != SessionState.cancelled)
        .order_by(DropIn.starts_at.desc())
        .limit(1)
    ).first()


def staff_ids(session: Session, dropin_id: uuid.UUID) -> list[uuid.UUID]:
    """Return who is named for a session."""
    return list(session.scalars(select(DropInStaff.person_id).where(DropInStaff.dropin_id == dropin_id)))


def wall_time(dropin: DropIn) -> time:
    """Return what the clocks in London show when a session begins."""
    return local(dropin.starts_at).time().replace(tzinfo=None, fold=0)
