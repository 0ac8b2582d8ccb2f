"""What every form needs: the CSRF check, and a field for text that people typed."""

from __future__ import annotations

from flask import request, session
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms import StringField, ValidationError

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FIELD = "csrf_token"


def csrf_token() -> str:
    """Return the token to put in a form of this page."""
    token: str = generate_csrf()
    return token


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
