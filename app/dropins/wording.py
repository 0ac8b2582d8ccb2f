"""What the codes of drop-ins are called, and times as people say them."""

from __future__ import annotations

from datetime import date, datetime, time

from babel.dates import format_date, format_time
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import clock, languages
from app.core.languages import BY_TAG

# TRANSLATORS: How a drop-in is held.
MODES = {
    "venue": _l("Come to a place"),
    "online": _l("Online"),
    "phone": _l("By phone"),
    "mixed": _l("Come, or join online"),
}
# TRANSLATORS: What is good to know about a building, for people who may need it. Short words beside a small picture.
ACCESS = {
    "step_free": _l("No steps"),
    "accessible_toilet": _l("Accessible toilet"),
    "hearing_loop": _l("Hearing loop"),
    "quiet_room": _l("Quiet room"),
    "bsl_on_request": _l("Sign language (BSL), ask us"),
    "sensory_low": _l("Soft light, little noise"),
    "parking": _l("Parking"),
    "near_bus": _l("Near a bus stop"),
    "pushchair": _l("Room for a pushchair"),
}
# TRANSLATORS: Who a drop-in is for. Only workers see these words.
AUDIENCES = {
    "all": _l("Everybody"),
    "year_11_13": _l("Years 11 to 13"),
    "care_leavers": _l("Care leavers"),
    "ucic": _l("Unaccompanied children in care"),
    "young_parents": _l("Young parents"),
    "he": _l("Thinking about university"),
}
# TRANSLATORS: Who can find a drop-in. Only workers see these words.
VISIBILITIES = {
    "public_safe": _l("Everybody, on the open page"),
    "signed_in": _l("Only people who are signed in"),
    "invited": _l("Only those who are invited: it stands in no list and no calendar"),
}
# TRANSLATORS: Whether somebody translates at a drop-in.
INTERPRETERS = {
    "none": _l("No interpreter"),
    "on_request": _l("An interpreter if you ask us"),
    "booked": _l("An interpreter is there"),
}
# TRANSLATORS: Where a drop-in stands. Only workers see these words.
STATES = {
    "draft": _l("Not published"),
    "published": _l("Published"),
    "running": _l("On now"),
    "done": _l("Over, to be settled"),
    "closed": _l("Closed"),
    "cancelled": _l("Cancelled"),
}
# Kind reasons that we can say in every language; staff may write their own instead.
# TRANSLATORS: Why a drop-in will not take place, to the young people who wanted to come.
CANCEL_REASONS = {
    "adviser_ill": _l("The person who was going to be there is ill. We are sorry."),
    "building_closed": _l("The building is closed that day. We are sorry."),
    "weather": _l("The weather makes it hard to get there. We are sorry."),
    "too_few_of_us": _l("We don't have enough people that day. We are sorry."),
}
# TRANSLATORS: Why there is no session on a day of a repeating drop-in.
SKIPS = {
    "bank_holiday": _l("bank holiday"),
    "chosen": _l("we are closed"),
    "no_such_time": _l("the clocks change"),
}


def cancel_words(reason: str | None) -> str:
    """Return why a session was called off, in the page's language where we have it: a code's words, or what staff wrote."""
    return str(CANCEL_REASONS[reason]) if reason in CANCEL_REASONS else reason or ""


def time_words(moment: datetime) -> str:
    """Return the time in London as people say it, '2:00 pm', in the page's language."""
    return str(format_time(clock.local(moment), "h:mm a", locale=languages.current().locale))


def from_to(starts_at: datetime, ends_at: datetime) -> str:
    """Return '2:00 pm to 4:00 pm'."""
    # TRANSLATORS: When a drop-in begins and ends: '2:00 pm to 4:00 pm'.
    return _("%(start)s to %(end)s", start=time_words(starts_at), end=time_words(ends_at))


def day_words(moment: datetime) -> str:
    """Return 'Tuesday 9 March' in the page's language: what is near needs no year."""
    language = languages.current()
    pattern = (
        "EEEE d MMMM" if language == languages.ENGLISH else "EEEE، d MMMM" if language.tag == "ar" else "EEEE, d MMMM"
    )
    return str(format_date(clock.local(moment).date(), pattern, locale=language.locale))


def of_day(value: date) -> str:
    """Return 'Tuesday 9 March' for a day."""
    return day_words(datetime.combine(value, time(12), tzinfo=clock.LONDON))


def of_iso(value: str) -> str:
    """Return the words for a day that is kept as '2027-03-09'."""
    return of_day(date.fromisoformat(value))


def month_name(first: date) -> str:
    """Return 'March 2027' in the page's language."""
    return str(format_date(first, "LLLL y", locale=languages.current().locale))


def weekday(value: date, width: str = "EEEE") -> str:
    """Return a day's name, whole or short ('EEE')."""
    return str(format_date(value, width, locale=languages.current().locale))


def weekday_in_a_row(value: date) -> str:
    """Return a day's short name as it fits above a narrow column: three or four letters, else one."""
    short = weekday(value, "EEE")
    return short if len(short) < 5 and languages.current().direction == "ltr" else weekday(value, "EEEEE")


def language_name(tag: str) -> str:
    """Return a language's own name: somebody who speaks it finds it."""
    return BY_TAG[tag].name if tag in BY_TAG else tag
