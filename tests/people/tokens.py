"""A form token for a browser, for posting to a page without reading another first."""

from __future__ import annotations

import secrets

from flask import g
from flask import session as cookie
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf


def csrf(client: FlaskClient) -> str:
    """Return a token that this browser's own session accepts."""
    with client.session_transaction() as kept:
        raw = kept.setdefault("csrf_token", secrets.token_hex(20))
    with client.application.test_request_context():
        # Flask-WTF remembers the token of a request on g, which a test may share with the request before.
        g.pop("csrf_token", None)
        cookie["csrf_token"] = raw
        token: str = generate_csrf()
        g.pop("csrf_token", None)
    return token
