"""The two-working-day rule: somebody looks at each new voice within two working days, else it rises to the next person.

The day on which words come in does not count, whatever the hour: words sent on Friday at 17:05 are looked at by Tuesday evening,
and not a day later than those of Friday noon. What a working day is: ``app.core.working_days``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TypeVar

from app.core import clock
from app.core.working_days import working_days_after

DAYS = 2
# When an office day ends, in London.
EVENING = time(17, 0)

Person = TypeVar("Person")


def look_by(came_at: datetime, rises: int = 0) -> datetime:
    """Return until when the first person looks at what came in then; with ``rises``, the next ones after them."""
    return evening_of(working_days_after(clock.local(came_at).date(), DAYS * (rises + 1)))


def evening_of(day: date) -> datetime:
    """Return when the office day of a date ends, in London."""
    return datetime.combine(day, EVENING, clock.LONDON)


def risen(came_at: datetime, now: datetime, most: int) -> int:
    """Return how often something that nobody has looked at has risen by now, ``most`` at the most."""
    times = 0
    while times < most and now > look_by(came_at, times):
        times += 1
    return times


def in_turn(ladder: Sequence[Person], came_at: datetime, now: datetime) -> Sequence[Person]:
    """Return the people of a ladder whose turn it is: the first, and those it has risen to since. Empty for an empty ladder."""
    return ladder[: risen(came_at, now, len(ladder) - 1) + 1] if ladder else ladder
