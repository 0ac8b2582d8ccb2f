"""A form token for a browser, for posting to a page without reading another first."""

from __future__ import annotations

from flask import session as cookie
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf


def csrf(client: FlaskClient) -> str:
    """Return a token that this browser's own session accepts."""
    with client.session_transaction() as kept:
        raw = kept.get("csrf_token")
    with client.application.test_request_context():
        if raw:
            cookie["csrf_token"] = raw
        token: str = generate_csrf()
        raw = cookie["csrf_token"]
    with client.session_transaction() as kept:
        kept["csrf_token"] = raw
    return token
