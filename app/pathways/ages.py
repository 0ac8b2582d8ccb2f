"""How old somebody is, in the three ways that rules count (handbook, pathways 2): today, on 31 August, on the first day.

A person born on 29 February is a year older on 1 March in a common year: the day before it they have not had their birthday.
"""

from __future__ import annotations

from datetime import date

_COURSE_YEAR_BEGINS = (8, 1)


def age_on(born: date, day: date) -> int:
    """Return whole years on a day: ``age`` for today, ``age_at_start`` for the first day of a course or job.

    Raises ValueError when the day is before the birth.
    """
    if day < born:
        raise ValueError("That day is before the birth.")
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def counting_day(day: date) -> date:
    """Return the 31 August that counts for a day: that of the calendar year in which its course year began.

    A course year runs from 1 August to 31 July, and its teaching starts after 31 August. Somebody who turns 19 on 31 August 2026
    counts as 19 in September 2026; on 1 September, as 18 (handbook 7, T02 and T03).
    """
    begins_this_year = (day.month, day.day) >= _COURSE_YEAR_BEGINS
    return date(day.year if begins_this_year else day.year - 1, 8, 31)


def academic_age(born: date, day: date) -> int:
    """Return ``academic_age``: whole years on the 31 August that counts. Raises ValueError when born after it."""
    return age_on(born, counting_day(day))


def possible_academic_ages(age: int, day: date, *, birthday_between: bool | None = None) -> frozenset[int]:
    """Return what ``academic_age`` can be for somebody of whom only the age today is known.

    ``birthday_between`` says whether a birthday lies between the two days; None: not known, so there may be two.
    """
    turn = counting_day(day)
    if turn == day:
        return frozenset({age})
    # Most of the year 31 August lies behind: they were as old then, or a year younger. In August it lies ahead.
    other = age - 1 if turn < day else age + 1
    if birthday_between is None:
        return frozenset(one for one in (age, other) if one >= 0)
    return frozenset({max(other, 0) if birthday_between else age})
