"""The school's three terms in words."""

from __future__ import annotations

from flask_babel import gettext as _


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
