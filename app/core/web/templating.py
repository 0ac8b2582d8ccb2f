"""Jinja as we use it: autoescape, no undefined names, and the three things that make a page of many small parts quick to draw."""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import lru_cache
from gettext import NullTranslations
from typing import Any

from babel.support import Translations
from flask import Flask
from flask.templating import Environment
from jinja2 import StrictUndefined, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro
from markupsafe import Markup

from app.core import languages
from app.core.settings import REPO

CATALOGUES = REPO / "translations"


class PartsFirst(Context):
    """What a template's names mean. A call of a macro or for a sentence, which is most calls here, goes straight to it.

    Jinja asks of every callable in several ways what it wants to be given; these always want the same.
    """

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call something from a template."""
        if type(called) is Macro or called is gettext:
            # What a block or a loop has set beside its names is for callables that ask for the context.
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return called(self.eval_ctx, *args, **kwargs)
        return super().call(called, *args, **kwargs)


class House(Environment):
    """Flask's environment with each template's globals in one plain dictionary.

    Jinja chains two dictionaries and compares their keys at every import of a macro; a page here imports a dozen. The globals are
    complete before the first template is loaded, so that nothing is missed by copying them.
    """

    context_class = PartsFirst

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of one template."""
        return {**self.globals, **(d or {})}


@lru_cache
def catalogue(babel_id: str) -> NullTranslations:
    """Return the catalogue of a language, read once; the words themselves where there is none."""
    return Translations.load(str(CATALOGUES), [babel_id])


@lru_cache(maxsize=8192)
def sentence(babel_id: str, words: str) -> str:
    """Return a sentence of the source in a language, whatever stands in its open places."""
    return str(catalogue(babel_id).gettext(words))


@lru_cache(maxsize=8192)
def closed_sentence(babel_id: str, words: str) -> Markup:
    """Return a sentence without open places as a page shows it; ``%%`` in it means one per cent sign, as in the others."""
    return Markup(sentence(babel_id, words)) % ()  # noqa: S704 (our own words, from the source or its translation)


@pass_eval_context
def gettext(context: EvalContext, words: str, /, **named: Any) -> str:
    """Return a sentence in the page's language with its open places filled; in a page what fills them is escaped."""
    babel_id = languages.current().babel
    if not context.autoescape:
        return sentence(babel_id, words) % named
    if not named:
        return closed_sentence(babel_id, words)
    return Markup(sentence(babel_id, words)) % named  # noqa: S704 (as above)


def ngettext(one: str, many: str, count: int) -> str:
    """Return a sentence about a number in the page's language."""
    return catalogue(languages.current().babel).ngettext(one, many, count)


def init_templating(app: Flask) -> None:
    """Set Jinja up. Called after Flask-Babel, whose look-up of the catalogue on every sentence this replaces in templates."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    # Jinja would wrap ours in its own, which finds sentences and escapes them anew each time.
    app.jinja_env.globals.update(_=gettext, gettext=gettext)
