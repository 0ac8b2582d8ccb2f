"""Dates and times as people say them: weekday, day, month word, year; Western digits; London time (languages, section 3)."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date, format_skeleton, format_time

from app.core import clock, languages

_ENGLISH = "EEEE d MMMM y"


def day(value: date | datetime | None) -> str:
    """Return 'Tuesday 5 February 2027' in the page's language; empty for no date."""
    if value is None:
        return ""
    plain = clock.local(value).date() if isinstance(value, datetime) else value
    # Babel's 'full' names the weekday whole in every language; English on a page here has no comma after it.
    language = languages.current()
    return str(format_date(plain, _ENGLISH if language == languages.ENGLISH else "full", locale=language.locale))


def day_short(value: date | datetime | None) -> str:
    """Return '5 Feb 2027' in the page's language; empty for no date."""
    if value is None:
        return ""
    plain = clock.local(value).date() if isinstance(value, datetime) else value
    return str(format_skeleton("yMMMd", _noon(plain), locale=languages.current().locale, fuzzy=True))


def time_of_day(value: datetime | None) -> str:
    """Return the London time of a moment, '14:05'; empty for none."""
    return "" if value is None else str(format_time(clock.local(value), "HH:mm", locale=languages.current().locale))


def moment(value: datetime | None) -> str:
    """Return the day and the time of a moment; empty for none."""
    return "" if value is None else f"{day(value)}, {time_of_day(value)}"


def _noon(plain: date) -> datetime:
    # Babel's skeletons take moments; noon in London is on the right day in every zone we could be run in.
    return datetime(plain.year, plain.month, plain.day, 12, tzinfo=clock.LONDON)
