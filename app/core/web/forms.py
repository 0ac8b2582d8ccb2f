"""What every form needs: the CSRF check, and a field for text that people typed."""

from __future__ import annotations

import hashlib
import os

from flask import current_app, g, request, session
from flask_wtf.csrf import validate_csrf
from itsdangerous import URLSafeTimedSerializer
from wtforms import StringField, ValidationError

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FIELD = "csrf_token"


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
        key = current_app.config.get("WTF_CSRF_SECRET_KEY") or current_app.secret_key
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


class TidyStringField(StringField):
    """A one-line field: spaces around what was typed are dropped, nothing else is changed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the first value without the spaces around it, and without the one sign that PostgreSQL cannot keep."""
        super().process_formdata([value.replace("\0", "").strip() for value in valuelist])
