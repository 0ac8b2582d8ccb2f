"""Walking the ways in as a child or a worker would, with plain forms."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.people import cards, links
from app.people.models import CardKind, Person
from tests.forms import fill

PICTURES = ("boat", "sun", "key", "cup")
OTHERS = ("moon", "fish", "ball", "leaf")
WORDS = "purple otter rain"


def new_card(app: Flask, session: Session, person: Person, kind: CardKind = CardKind.pictures) -> str:
    """Return the address of a new card for ``person``."""
    with app.test_request_context():
        issued = cards.issue(session, None, person, kind)
        session.commit()
        return f"/go/{issued.token}"


def new_link(app: Flask, session: Session, person: Person, *, reusable: bool = False) -> str:
    """Return the address of a new one-time link for ``person``."""
    with app.test_request_context():
        made = links.make(session, None, person, app.extensions["settings"], reusable=reusable)
        session.commit()
        return f"/go/{made.token}"


def press_open(client: FlaskClient, address: str, device: str = "shared") -> TestResponse:
    """Press the button on the first page of a card or link."""
    return fill(client, address, {"device": device})


def tap(client: FlaskClient, address: str, pictures: Sequence[str] = PICTURES) -> TestResponse:
    """Tap pictures one after the other; returns the last answer."""
    for name in pictures:
        answer = fill(client, address, {"picture": name})
    return answer


def type_words(client: FlaskClient, address: str, words: str = WORDS) -> TestResponse:
    """Type three words into the last form of the page."""
    return fill(client, address, {"words": words, "do": None})


def claim(
    client: FlaskClient, address: str, pictures: Sequence[str] = PICTURES, device: str = "shared"
) -> TestResponse:
    """Open a new picture card and make it one's own."""
    press_open(client, address, device)
    tap(client, address, pictures)
    return tap(client, address, pictures)


def open_with(client: FlaskClient, address: str, pictures: Sequence[str] = PICTURES) -> TestResponse:
    """Open a card that is one's own."""
    press_open(client, address)
    return tap(client, address, pictures)


def leave(client: FlaskClient) -> None:
    """Forget everything, as a browser that was closed."""
    with client.session_transaction() as cookie:
        cookie.clear()


def is_in(client: FlaskClient) -> bool:
    """Return whether this browser is signed in."""
    return client.get("/home", unchecked=True).status_code == 200
