"""What every form needs: the CSRF check, and a field for text that people typed."""

from __future__ import annotations

import hashlib
import os
import re

from flask import current_app, g, request, session
from flask_wtf.csrf import validate_csrf
from itsdangerous import URLSafeTimedSerializer
from wtforms import DateField, StringField, ValidationError

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FIELD = "csrf_token"

_BREAKS = re.compile("[\t\r\n\v\f\x85\u2028\u2029]+")
# Control characters (PostgreSQL cannot keep U+0000), halves of letters, code points that are no letters, and those that reorder
# the words around them.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


def csrf_token() -> str:
    """Return the token to put in a form of this page: the same as Flask-WTF's own, made with a serializer that is kept."""
    if FIELD not in g:
        if FIELD not in session:
            session[FIELD] = hashlib.sha256(os.urandom(64)).hexdigest()
        setattr(g, FIELD, _serializer().dumps(session[FIELD]))
    token: str = g.get(FIELD)
    return token


def _serializer() -> URLSafeTimedSerializer:
    kept: URLSafeTimedSerializer | None = current_app.extensions.get("csrf_serializer")
    if kept is None:
        key = current_app.secret_key
        if key is None:
            raise RuntimeError("A form needs the app's secret key.")
        kept = current_app.extensions["csrf_serializer"] = URLSafeTimedSerializer(key, salt="wtf-csrf-token")
    return kept


def csrf_is_right() -> bool:
    """Return whether this request carries the token of its own session."""
    if request.method in SAFE_METHODS:
        return True
    try:
        validate_csrf(request.form.get(FIELD) or request.headers.get("X-CSRFToken"))
    except ValidationError:
        return False
    return True


def renew_session() -> None:
    """Forget everything in the cookie but the language, before somebody signs in or after they leave."""
    language = session.get("lang")
    session.clear()
    if language:
        session["lang"] = language


def tidy(value: str) -> str:
    """Return one line of text without spaces around it and without signs that nobody can see or that turn a line round."""
    return _UNSEEN.sub("", _BREAKS.sub(" ", value)).strip()


class TidyDateField(DateField):
    """A day; what cannot be read is shown again tidied."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the first value, tidied."""
        self.raw_data = [tidy(value) for value in valuelist]
        super().process_formdata(self.raw_data)


class TidyStringField(StringField):
    """A one-line field, tidied."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the first value, tidied."""
        super().process_formdata([tidy(value) for value in valuelist])
