"""The two-working-day rule: somebody looks at each new voice within two working days, else it rises to the next person.

A working day is Monday to Friday without England's bank holidays. The day on which words come in does not count, whatever the
hour: words sent on Friday at 17:05 are looked at by Tuesday evening, and not a day later than those of Friday noon.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeVar

from holidays import country_holidays

from app.core import clock

DAYS = 2
# When an office day ends, in London.
EVENING = time(17, 0)

Person = TypeVar("Person")


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """Return England's bank holidays of a year, with the weekdays that stand in for those on a weekend."""
    return frozenset(country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Return whether people in offices and schools' offices work on a day."""
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def working_days_after(day: date, count: int) -> date:
    """Return the ``count``-th working day after ``day``, which itself does not count."""
    found = day
    while count:
        found += timedelta(days=1)
        count -= is_working_day(found)
    return found


def look_by(came_at: datetime, rises: int = 0) -> datetime:
    """Return until when the first person looks at what came in then; with ``rises``, the next ones after them."""
    last = working_days_after(clock.local(came_at).date(), DAYS * (rises + 1))
    return datetime.combine(last, EVENING, clock.LONDON)


def risen(came_at: datetime, now: datetime, most: int) -> int:
    """Return how often something that nobody has looked at has risen by now, ``most`` at the most."""
    times = 0
    while times < most and now > look_by(came_at, times):
        times += 1
    return times


def in_turn(ladder: Sequence[Person], came_at: datetime, now: datetime) -> Sequence[Person]:
    """Return the people of a ladder whose turn it is: the first, and those it has risen to since. Empty for an empty ladder."""
    return ladder[: risen(came_at, now, len(ladder) - 1) + 1] if ladder else ladder
