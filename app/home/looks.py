"""How a person likes their pages: colours, light or dark, contrast."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from app.people.models import Person


def themes() -> list[tuple[str, str]]:
    """Return the colours to choose from: code (as in the stylesheet) and name."""
    return [
        # TRANSLATORS: names of five sets of colours, five words: a brown-red, a blue, a green, a dark pink and a grey
        ("clay", _("Clay")),
        ("sea", _("Sea")),
        ("moss", _("Moss")),
        ("plum", _("Plum")),
        ("slate", _("Slate")),
    ]


def schemes() -> list[tuple[str, str]]:
    """Return light and dark: code (empty: what the phone does) and name."""
    return [
        # TRANSLATORS: how light a page is: as the phone or computer is set
        ("", _("Like my phone")),
        ("light", _("Light")),
        ("dark", _("Dark")),
    ]


def contrasts() -> list[tuple[str, str]]:
    """Return the contrasts: code and name."""
    return [
        # TRANSLATORS: how strong the difference between words and paper is
        ("", _("Usual")),
        ("more", _("Stronger")),
    ]


def change(person: Person, chosen: Mapping[str, str]) -> None:
    """Keep what was chosen. What we do not know changes nothing: there is no wrong answer to how somebody likes their page."""
    for field, known in (("theme", themes()), ("scheme", schemes()), ("contrast", contrasts())):
        value = chosen.get(field)
        if value in dict(known):
            setattr(person, field, value)
