"""The school's three terms in words."""

from __future__ import annotations

from functools import cache

from flask_babel import force_locale
from flask_babel import gettext as _

from app.core import languages


def term_name(term: str) -> str:
    """Return 'Autumn 2026' for '2026-27-1', in the page's language."""
    year, _dash, number = term.rpartition("-")
    start = int(year[:4])
    match number:
        case "1":
            # TRANSLATORS: a school term; %(year)s is the calendar year
            return _("Autumn %(year)s", year=start)
        case "2":
            # TRANSLATORS: a school term; %(year)s is the calendar year
            return _("Spring %(year)s", year=start + 1)
        case _:
            # TRANSLATORS: a school term; %(year)s is the calendar year
            return _("Summer %(year)s", year=start + 1)


@cache
def term_name_in(term: str, language: str) -> str:
    """Return the term in a language that may be another than the page's: a question keeps its words when others read it."""
    found = languages.find(language)
    with force_locale((found if found and found.offered else languages.ENGLISH).babel):
        return term_name(term)
