"""A letter to take along: what somebody asks for, by which rule, and whom. In their language and in English.

It says nothing of who they are: no age, no care, above all nothing of their papers. A first name only if they type one, and then
it is in the letter and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from flask_babel import force_locale
from flask_babel import gettext as _

from app.core.languages import ENGLISH, Language
from app.core.web.forms import tidy
from app.pathways.entitlement_asking import whom_to_ask
from app.pathways.entitlement_guide import Outcome
from app.pathways.records import Source
from app.pathways.rules import Result
from app.pathways.shelf import Published
from app.questions.text import Text

LONGEST_NAME = 40
MOST_SOURCES = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One fact of the letter: what it is, and its words in their own language."""

    label: str
    text: Text


@dataclass(frozen=True, slots=True)
class Sheet:
    """The letter in one language."""

    language: Language
    title: str
    day: str
    opening: list[str]
    lines: list[Line]
    asks: list[str]
    sources_label: str
    sources: tuple[Source, ...]
    closing: str
    small: str


def first_name(typed: str) -> str:
    """Return the name somebody typed for their letter, on one line and not too long."""
    return tidy(typed)[:LONGEST_NAME].strip()


def sheets(
    contacts: Mapping[str, Published], outcome: Outcome, name: str, language: Language, day: date
) -> list[Sheet]:
    """Return the letter in a language and in English; once, when the language is English."""
    both = [language] if language == ENGLISH else [language, ENGLISH]
    found = []
    for one in both:
        with force_locale(one.babel):
            found.append(_sheet(contacts, outcome, name, one, day))
    return found


def _sheet(contacts: Mapping[str, Published], outcome: Outcome, name: str, language: Language, day: date) -> Sheet:
    shown, tag = outcome.shown, language.tag
    words = shown.published.words
    who = whom_to_ask(contacts, shown.record.who, tag)
    lines = [
        # TRANSLATORS: in a letter, before the name of what a young person asks for
        Line(_("I ask about"), words("title", tag)),
        # TRANSLATORS: in a letter, before what it is
        Line(_("What it is"), words("plain", tag)),
    ]
    if shown.has_sum:
        # TRANSLATORS: in a letter, before the sum of money
        lines.append(Line(_("How much"), words("amount", tag)))
        if shown.record.amount_year:
            # TRANSLATORS: in a letter, before the year of the sum above
            lines.append(Line(_("The sum is"), words("amount_year", tag)))
    if shown.record.evidence:
        # TRANSLATORS: in a letter, before what to bring as a proof
        lines.append(Line(_("I can bring"), words("evidence", tag)))
    # TRANSLATORS: in a letter, before whom to contact
    lines.append(Line(_("Who can help"), who.name))
    if who.phone:
        # TRANSLATORS: in a letter, before a phone number
        lines.append(Line(_("Phone"), Text(who.phone, "en-GB")))
    # TRANSLATORS: opens a letter
    opening = [_("Hello,")]
    if name:
        # TRANSLATORS: in a letter; %(name)s is a first name
        opening.append(_("my name is %(name)s.", name=name))
    opening.append(_sure() if outcome.result is Result.yes else _unsure())
    return Sheet(
        language,
        # TRANSLATORS: heading of a letter that a young person takes along
        _("Please help me with this"),
        format_date(day, "long", locale=language.babel),
        opening,
        lines,
        _asks(),
        # TRANSLATORS: in a letter, before web addresses
        _("Where the rule comes from"),
        _best(shown.record.sources),
        # TRANSLATORS: closes a letter
        _("Thank you."),
        # TRANSLATORS: small, at the foot of a letter
        _("This is information, not legal advice. Rules change: please check the newest one."),
    )


def _best(sources: tuple[Source, ...]) -> tuple[Source, ...]:
    """Return the surest few sources: a letter names the pages that an office will believe."""
    return tuple(sorted(sources, key=lambda one: one.grade)[:MOST_SOURCES])


def _sure() -> str:
    # TRANSLATORS: in a letter
    return _("I think I can get this. Please help me to ask for it.")


def _unsure() -> str:
    # TRANSLATORS: in a letter
    return _("I would like to know if I can get this. Please help me to find out.")


def _asks() -> list[str]:
    return [
        # TRANSLATORS: a question in a letter
        _("Can I get it?"),
        # TRANSLATORS: a question in a letter
        _("What do you need from me, and by when?"),
        # TRANSLATORS: a question in a letter
        _("When will I hear from you, and from whom?"),
    ]
