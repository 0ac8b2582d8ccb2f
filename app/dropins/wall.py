"""Time on the wall in Europe/London, and the moment it stands for.

Twice a year the two part ways (handbook, dropins 11): an hour that does not exist when the clocks go forward, and one that
comes twice when they go back. Python picks one in silence; here somebody is asked.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from enum import IntEnum

from app.core.clock import LONDON, local


class Which(IntEnum):
    """Which of the two, for an hour that comes twice."""

    first = 0
    second = 1


class NoSuchTime(ValueError):
    """What was typed is no time of day."""


class MissingHour(ValueError):
    """The clocks go forward over this time: it does not exist on that day."""


class ComesTwice(ValueError):
    """The clocks go back over this time: somebody has to say whether the first or the second is meant."""


_TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*(am|pm)?", re.IGNORECASE)


def read_time(typed: str) -> time:
    """Return a time of day as people type it: 14:00, 14.00, 1400, 2pm, 2:30 pm. Raises NoSuchTime."""
    found = _TIME.fullmatch(typed.strip())
    if found is None:
        raise NoSuchTime(typed)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        raise NoSuchTime(typed)
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif found[2] is None and len(found[1]) < 2:
        raise NoSuchTime(typed)  # '2' may be in the night or after lunch
    if hour > 23 or minute > 59:
        raise NoSuchTime(typed)
    return time(hour, minute)


def moment(day: date, at: time, which: Which | None = None) -> datetime:
    """Return the moment at which clocks in London show ``at`` on ``day``, in UTC.

    Raises MissingHour when they never do, ComesTwice when they do twice and ``which`` is not given.
    """
    first = datetime.combine(day, at.replace(fold=0), tzinfo=LONDON)
    second = first.replace(fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if local(first.astimezone(UTC)).replace(tzinfo=None) != first.replace(tzinfo=None):
        raise MissingHour(f"{day} {at}")
    if which is None:
        raise ComesTwice(f"{day} {at}")
    return (second if which is Which.second else first).astimezone(UTC)
