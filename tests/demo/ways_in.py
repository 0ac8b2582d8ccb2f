"""Signing in over HTTP with what demo.json says, as somebody with a browser would."""

from __future__ import annotations

from typing import Any

import pyotp
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.forms import fill


def come_in(client: FlaskClient, person: dict[str, Any]) -> TestResponse:
    """Follow a persona's link, with their code where they have one, and return their own page."""
    link = person["link"]
    last = fill(client, link, {"device": "mine"})
    code = person.get("code")
    if isinstance(code, list):
        for picture in code:
            last = fill(client, link, {"picture": picture})
    elif code is not None:
        last = fill(client, link, {"words": code})
    assert last.status_code == 303, last.get_data(as_text=True)
    assert last.location == "/home"
    return client.get("/home")


def sign_in_as_worker(client: FlaskClient, person: dict[str, Any]) -> TestResponse:
    """Sign a worker in with their e-mail, passphrase and the code their phone shows, and return their own page."""
    first = fill(client, "/sign-in", {"email": person["email"], "passphrase": person["password"]})
    assert first.location == "/sign-in/code"
    second = fill(client, "/sign-in/code", {"code": pyotp.TOTP(person["totp_secret"]).now()})
    assert second.location == "/home"
    return client.get("/home")
