"""The term of a day, the terms before it, and when their meetings were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

# Where the meetings of a past term begin: term number -> (month, day).
_MEETINGS_FROM = {1: (11, 4), 2: (3, 2), 3: (6, 8)}
_SPREAD = 12
# When no school meets, about: (month, day) of the first and the last day. Only the demo rests on this.
_CHRISTMAS = ((12, 19), (1, 4))
_SUMMER = ((7, 22), (9, 2))


@dataclass(frozen=True, slots=True)
class Term:
    """A school term: the year the school year began in, and 1 (autumn), 2 (spring) or 3 (summer)."""

    year: int
    number: int

    @property
    def code(self) -> str:
        """The term as it stands on a PEP: '2026-27-1'."""
        return f"{self.year}-{(self.year + 1) % 100:02d}-{self.number}"

    def before(self) -> Term:
        """Return the term before this one."""
        return Term(self.year, self.number - 1) if self.number > 1 else Term(self.year - 1, 3)

    def meeting(self, place: int) -> date:
        """Return the day of a meeting in this term, once it is over: ``place`` spreads them over some weeks."""
        month, day = _MEETINGS_FROM[self.number]
        return on_a_weekday(date(self.year + (self.number > 1), month, day) + timedelta(days=place % _SPREAD))


def term_of(day: date) -> Term:
    """Return the term a day is in: autumn September to December, spring to March, then summer; August still looks back."""
    if day.month >= 9:
        return Term(day.year, 1)
    return Term(day.year - 1, 2 if day.month <= 3 else 3)


def terms_until(day: date) -> dict[int, Term]:
    """Return the term of a day (0) and the two before it (-1 and -2)."""
    now = term_of(day)
    return {0: now, -1: now.before(), -2: now.before().before()}


def on_a_weekday(day: date) -> date:
    """Return the day, or the Monday after when it is on a weekend."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() >= 5 else 0)


def on_a_school_day(day: date, today: date) -> date:
    """Return a day near ``day`` on which a school could meet: the last one before the holidays, else the first after them."""
    day = on_a_weekday(day)
    begins, ends = _holidays_around(day)
    if not begins <= day <= ends:
        return day
    last = begins - timedelta(days=1)
    last -= timedelta(days=max(0, last.weekday() - 4))
    return last if last > today else on_a_weekday(ends + timedelta(days=1))


def _holidays_around(day: date) -> tuple[date, date]:
    if 2 <= day.month <= 10:
        return date(day.year, *_SUMMER[0]), date(day.year, *_SUMMER[1])
    year = day.year - (day.month == 1)
    return date(year, *_CHRISTMAS[0]), date(year + 1, *_CHRISTMAS[1])
