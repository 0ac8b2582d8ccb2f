"""Working days in England: Monday to Friday without the bank holidays."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """Return England's bank holidays of a year, with the weekdays that stand in for those on a weekend."""
    return frozenset(country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Return whether offices work on a day."""
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def working_days_after(day: date, count: int) -> date:
    """Return the ``count``-th working day after ``day``, which itself does not count."""
    found = day
    while count:
        found += timedelta(days=1)
        count -= is_working_day(found)
    return found
