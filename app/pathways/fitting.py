"""For whom an opportunity is: worked out from the school year each time, never kept, and never a closed door.

We hold no birthdays. In Year 9 somebody is 13 or 14, so an age that only one of the two has is a 'maybe'; so is a year that is
one off. What is plainly for others is left out of the list and stays on its own page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, func, or_, true

from app.pathways.models import Opportunity
from app.people.models import Care, Flag
from app.people.sessions import YoungFacts

YEARS = {"R": 0, **{f"Y{number}": number for number in range(1, 14)}, "post18": 14}
_AFTER_SCHOOL = YEARS["post18"]
# Somebody in Year 1 is 5 or 6 years old.
_AGE_OVER_YEAR = 4
_OLDEST = 25


class Fit(StrEnum):
    """How an opportunity fits somebody."""

    yes = "yes"
    maybe = "maybe"
    no = "no"


class Off(StrEnum):
    """What is different for somebody, or has to be asked."""

    year = "year"
    age = "age"
    care = "care"


@dataclass(frozen=True, slots=True)
class Who:
    """What is known of somebody: their place in the row of years (14: after school), whether they left care. None: not known."""

    year: int | None = None
    leaver: bool | None = None
    new_to_england: bool = False

    @property
    def ages(self) -> range | None:
        """The ages somebody in this year may have."""
        if self.year is None:
            return None
        if self.year >= _AFTER_SCHOOL:
            return range(18, _OLDEST + 1)
        return range(self.year + _AGE_OVER_YEAR, self.year + _AGE_OVER_YEAR + 2)


class Aimed(Protocol):
    """What says for whom an opportunity is."""

    years: list[str]
    min_age: int | None
    max_age: int | None
    ring_fenced: str


@dataclass(frozen=True, slots=True)
class Fitting:
    """How it fits, and what is different."""

    fit: Fit
    off: tuple[Off, ...] = ()


NOBODY = Who()


def who_is(facts: YoungFacts | None) -> Who:
    """Return what the list asks of a signed-in young person; nothing of anybody else."""
    if facts is None:
        return NOBODY
    leaver = facts.care == Care.care_leaver
    year = facts.year_group if facts.year_group is not None else (_AFTER_SCHOOL if leaver else None)
    return Who(None if year is None else max(0, min(year, _AFTER_SCHOOL)), leaver, Flag.ucic in facts.flags)


def fitting(aimed: Aimed, who: Who) -> Fitting:
    """Return how an opportunity fits somebody."""
    steps = [step for step in (_by_year(aimed, who), _by_age(aimed, who), _by_care(aimed, who)) if step]
    if any(fit is Fit.no for fit, _off in steps):
        return Fitting(Fit.no)
    return Fitting(Fit.maybe, tuple(off for _fit, off in steps)) if steps else Fitting(Fit.yes)


def _by_year(aimed: Aimed, who: Who) -> tuple[Fit, Off] | None:
    wanted = [YEARS[code] for code in aimed.years if code in YEARS]
    if who.year is None or not wanted or who.year in wanted:
        return None
    return (Fit.maybe if min(abs(who.year - one) for one in wanted) == 1 else Fit.no), Off.year


def _by_age(aimed: Aimed, who: Who) -> tuple[Fit, Off] | None:
    ages = who.ages
    if ages is None:
        return None
    least, most = aimed.min_age or 0, aimed.max_age if aimed.max_age is not None else 200
    inside = [age for age in ages if least <= age <= most]
    if len(inside) == len(ages) or (inside and who.year == _AFTER_SCHOOL):
        return None
    near = inside or any(age + 1 == least or age - 1 == most for age in ages)
    return (Fit.maybe if near else Fit.no), Off.age


def _by_care(aimed: Aimed, who: Who) -> tuple[Fit, Off] | None:
    if who.leaver is None or aimed.ring_fenced in ("none", "care_experienced"):
        return None
    if aimed.ring_fenced == "ucic":
        return None if who.new_to_england else (Fit.no, Off.care)
    return None if who.leaver else (Fit.maybe, Off.care)


def bits(codes: Iterable[str]) -> int:
    """Return years as bits; 0 for any year."""
    return sum(1 << YEARS[code] for code in set(codes) if code in YEARS)


def conditions(who: Who) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return what ``fitting`` says as conditions of a look-up: that it is not a no, and that it is a yes."""
    some: list[ColumnElement[bool]] = [true()]
    sure: list[ColumnElement[bool]] = [true()]
    year, ages = who.year, who.ages
    if year is not None and ages is not None:
        years: Any = Opportunity.year_bits
        near = sum(1 << one for one in (year - 1, year, year + 1) if one >= 0)
        some.append(or_(years == 0, years.bitwise_and(near) != 0))
        sure.append(or_(years == 0, years.bitwise_and(1 << year) != 0))
        least, most = func.coalesce(Opportunity.min_age, 0), func.coalesce(Opportunity.max_age, 200)
        some.append(and_(least <= ages[-1] + 1, most >= ages[0] - 1))
        from_, to = (ages[-1], ages[0]) if year == _AFTER_SCHOOL else (ages[0], ages[-1])
        sure.append(and_(least <= from_, most >= to))
    if who.leaver is not None:
        ring: Any = Opportunity.ring_fenced
        open_to = ["none", "care_experienced", *(["ucic"] if who.new_to_england else [])]
        some.append(ring.in_([*open_to, "care_leavers"]))
        sure.append(ring.in_([*open_to, *(["care_leavers"] if who.leaver else [])]))
    return and_(*some), and_(*sure)
