"""Jinja as we use it: autoescape, no undefined names, and the two things that make a page of many small parts quick to draw."""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import lru_cache
from gettext import NullTranslations
from typing import Any

from babel.support import Translations
from flask import Flask
from flask.templating import Environment
from jinja2 import StrictUndefined

from app.core import languages
from app.core.settings import REPO

CATALOGUES = REPO / "translations"


class House(Environment):
    """Flask's environment with each template's globals in one plain dictionary.

    Jinja chains two dictionaries and compares their keys at every import of a macro; a page here imports a dozen. The globals are
    complete before the first template is loaded, so that nothing is missed by copying them.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of one template."""
        return {**self.globals, **(d or {})}


@lru_cache
def catalogue(babel_id: str) -> NullTranslations:
    """Return the catalogue of a language, read once; the words themselves where there is none."""
    return Translations.load(str(CATALOGUES), [babel_id])


def gettext(words: str) -> str:
    """Return a sentence in the page's language."""
    return catalogue(languages.current().babel).gettext(words)


def ngettext(one: str, many: str, count: int) -> str:
    """Return a sentence about a number in the page's language."""
    return catalogue(languages.current().babel).ngettext(one, many, count)


def init_templating(app: Flask) -> None:
    """Set Jinja up. Called after Flask-Babel, whose look-up of the catalogue on every sentence this replaces in templates."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
