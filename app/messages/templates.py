"""The few messages we send, and the only values that may stand in them.

Nothing personal is ever in a message (safeguarding, section 6): a phone on a table shows it to everybody. So a template names
the values it takes, each value is of a kind that cannot hold a name or words, and anything else is refused when it is posted.
The words are in ``app/templates/messages/<code>.txt``, subject line first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from babel.dates import format_date, format_time
from flask import render_template
from flask_babel import LazyString, force_locale
from flask_babel import lazy_gettext as _l
from jinja2 import TemplateError

from app.core import clock, languages
from app.core.languages import Language
from app.core.settings import settings

_PATH = re.compile(r"/(?!/)[A-Za-z0-9/_\-]{0,200}")
_CODE = re.compile(r"[0-9]{6}")
_SIGNS_IN = re.compile(r"/go(/|$)")


class TextRefused(ValueError):
    """A message could not be made: an unknown template, or a value that may not stand in it."""


class Value(StrEnum):
    """What a value in a message may be. No kind can hold a name or a sentence."""

    day = "day"  # an ISO date, shown with its weekday
    path = "path"  # an address of ours, shown in full
    code = "code"  # six figures, good for one sign-in
    moment = "moment"  # an ISO date and time with its zone, shown as the day and the time of London clocks


@dataclass(frozen=True, slots=True)
class Template:
    """One message: what staff call it, which values it takes, whether its link signs somebody in, and whether its reader
    is the young person whom it is about."""

    label: LazyString
    values: Mapping[str, Value] = field(default_factory=dict)
    signs_in: bool = False
    to_themselves: bool = False


TEMPLATES: dict[str, Template] = {
    # TRANSLATORS: names of messages, in the list that workers see
    "something_to_look_at": Template(_l("You have something to look at"), to_themselves=True),
    "one_time_link": Template(
        _l("A link to sign in"), {"path": Value.path, "until": Value.day}, signs_in=True, to_themselves=True
    ),
    "card_locked": Template(_l("A card was tried too often")),
    "not_me": Template(_l("A young person says it was not them"), {"path": Value.path}),
    "carer_invitation": Template(
        _l("An invitation for a carer"), {"path": Value.path, "until": Value.day}, signs_in=True
    ),
    "carer_link": Template(_l("A link for a carer"), {"path": Value.path}, signs_in=True),
    "carer_code": Template(_l("A code for a carer"), {"code": Value.code}),
    "meeting_soon": Template(_l("A meeting is near"), {"day": Value.day}),
    "meeting_moved": Template(_l("A meeting has a new day, time or place"), {"day": Value.day}),
    "meeting_called_off": Template(_l("A meeting is called off")),
    "mobile_changed": Template(_l("A mobile number was changed")),
    "advice_asked": Template(_l("A family asks for advice"), {"day": Value.day}),
    "answers_arrived": Template(_l("New words have arrived")),
    "not_heard_yet": Template(_l("The week's list of who was not heard")),
    "words_wait": Template(_l("Something a young person said waits for you")),
    "carer_asked": Template(_l("Could you help somebody have their say?")),
    "opportunity_interest": Template(_l("A young person would like to talk about something they found")),
    "event_tomorrow": Template(_l("Something you signed up for is near"), {"day": Value.day}, to_themselves=True),
    "event_place": Template(_l("A place has come free"), to_themselves=True),
    "event_moved": Template(_l("Something signed up for is at another time or place")),
    "event_gone": Template(_l("Something signed up for will not be")),
    "event_yes": Template(_l("Something waits for your yes")),
    "booking_made": Template(_l("A meeting is booked"), {"when": Value.moment, "path": Value.path}, to_themselves=True),
    "booked_for_you": Template(
        _l("A meeting was booked for somebody"), {"when": Value.moment, "path": Value.path}, to_themselves=True
    ),
    "booking_soon": Template(
        _l("A booked meeting is near"), {"when": Value.moment, "path": Value.path}, to_themselves=True
    ),
    "booking_moved": Template(
        _l("A booked meeting has moved"), {"when": Value.moment, "path": Value.path}, to_themselves=True
    ),
    "booking_gone": Template(_l("A booked meeting will not be"), {"when": Value.moment}, to_themselves=True),
    "missed_you": Template(_l("Somebody did not come"), {"when": Value.moment, "path": Value.path}, to_themselves=True),
    "place_offered": Template(
        _l("A place is free"), {"when": Value.moment, "until": Value.moment, "path": Value.path}, to_themselves=True
    ),
    "place_yours": Template(
        _l("A place came up and is booked"), {"when": Value.moment, "path": Value.path}, to_themselves=True
    ),
}
TO_THEMSELVES = frozenset(code for code, template in TEMPLATES.items() if template.to_themselves)


@dataclass(frozen=True, slots=True)
class Text:
    """A message as its reader gets it."""

    subject: str
    body: str
    language: Language


def check(code: str, params: Mapping[str, Any]) -> None:
    """Raise TextRefused unless ``params`` are exactly the values of the template ``code``, each of its kind."""
    template = TEMPLATES.get(code)
    if template is None:
        raise TextRefused(f"There is no message '{code}'.")
    if set(params) != set(template.values):
        raise TextRefused(f"The message '{code}' takes {sorted(template.values)}, not {sorted(params)}.")
    for name, kind in template.values.items():
        _check_value(code, name, kind, params[name], signs_in=template.signs_in)


def _check_value(code: str, name: str, kind: Value, value: Any, *, signs_in: bool) -> None:
    good = isinstance(value, str)
    if good and kind is Value.day:
        good = _as_day(value) is not None
    elif good and kind is Value.moment:
        good = _as_moment(value) is not None
    elif good and kind is Value.code:
        good = _CODE.fullmatch(value) is not None
    elif good:
        good = _PATH.fullmatch(value) is not None and (signs_in or not _SIGNS_IN.match(value))
    if not good:
        raise TextRefused(f"The value '{name}' of the message '{code}' is not a {kind}.")


def render(code: str, params: Mapping[str, Any], language_tag: str | None) -> Text:
    """Return the message in its reader's language (English where we do not offer it). Raises TextRefused."""
    check(code, params)
    language = languages.choose([language_tag], live=settings().live)
    shown = {name: _shown(kind, params[name], language) for name, kind in TEMPLATES[code].values.items()}
    try:
        with force_locale(language.babel):
            made = render_template(f"messages/{code}.txt", site=settings().public_url.rstrip("/"), **shown)
    except TemplateError as error:
        raise TextRefused(f"The message '{code}' cannot be made.") from error
    subject, _, body = made.strip().partition("\n")
    return Text(subject.strip(), body.strip() + "\n", language)


def _shown(kind: Value, value: str, language: Language) -> str:
    if kind is Value.path:
        return settings().public_url.rstrip("/") + value
    if kind is Value.code:
        return value
    moment = _as_moment(value) if kind is Value.moment else None
    if moment is not None:
        here = clock.local(moment)
        time = format_time(here, "h:mm a", locale=language.locale)
        return f"{format_date(here.date(), 'full', locale=language.locale)}, {time}"
    return str(format_date(date.fromisoformat(value), "full", locale=language.locale))


def _as_day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _as_moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
