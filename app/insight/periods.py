"""The school's year and its three terms, as days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.core import clock


@dataclass(frozen=True, slots=True)
class Period:
    """A year ('2026-27') or a term ('2026-27-1'), from its first to its last day."""

    code: str
    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        """Return whether a day is in it."""
        return isinstance(day, date) and self.first <= day <= self.last

    @property
    def begins(self) -> datetime:
        """The moment it begins, in London."""
        return datetime.combine(self.first, time(), clock.LONDON)

    @property
    def ends(self) -> datetime:
        """The moment it is over, in London."""
        return datetime.combine(self.last + timedelta(days=1), time(), clock.LONDON)


def school_year(day: date) -> int:
    """Return the year in which the school year of a day began: it runs from 1 September to 31 August."""
    return day.year if day.month >= 9 else day.year - 1


def year(start: int) -> Period:
    """Return the school year that began in a year."""
    return Period(f"{start}-{(start + 1) % 100:02d}", date(start, 9, 1), date(start + 1, 8, 31))


def terms(start: int) -> tuple[Period, Period, Period]:
    """Return the three terms of a school year: to December, to March, and the summer to August."""
    code = year(start).code
    return (
        Period(f"{code}-1", date(start, 9, 1), date(start, 12, 31)),
        Period(f"{code}-2", date(start + 1, 1, 1), date(start + 1, 3, 31)),
        Period(f"{code}-3", date(start + 1, 4, 1), date(start + 1, 8, 31)),
    )


def term_code(day: date) -> str:
    """Return the code of the term that a day is in."""
    return next(term.code for term in terms(school_year(day)) if day in term)


def twelve_months_to(last: date) -> tuple[date, date]:
    """Return the first and the last day of the twelve months that end on a day."""
    try:
        before = last.replace(year=last.year - 1)
    except ValueError:  # 29 February
        before = last.replace(year=last.year - 1, day=28)
    return before + timedelta(days=1), last


def since(first: date, until: date) -> Iterator[int]:
    """Give the school years from one day to another, the newest first."""
    yield from range(school_year(until), school_year(first) - 1, -1)
