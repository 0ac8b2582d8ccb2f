"""A young person who is signed in and may answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.people.models import Pep, Person
from app.voice.models import Answer, Response
from tests.factories import People, sign_in
from tests.forms import fill


@dataclass
class Voice:
    """A young person at their phone."""

    app: Flask
    client: FlaskClient
    session: Session
    person: Person
    pep: Pep

    def begin(self, set_id: str = "secondary", *, length: str = "long") -> str:
        """Begin a set, read who will read it, and return the address all its questions share."""
        self.client.post("/voice/start", data={"set": set_id, "csrf_token": self.token()})
        response = self.response(set_id)
        fill(self.client, f"/voice/{response.id}/", {"length": length})
        return f"/voice/{response.id}"

    def response(self, set_id: str = "secondary") -> Response:
        """Return the response row as it is on the disk."""
        self.session.expire_all()
        return self.session.scalars(
            select(Response).where(Response.pep_id == self.pep.id, Response.set_id == set_id)
        ).one()

    def answer(self, url: str, **data: Any) -> TestResponse:
        """Fill in a question page and press Next, or another button by ``do``."""
        return fill(self.client, url, {"do": "next", **data})

    def draft(self, question_id: str) -> Answer:
        """Return the draft of an answer as it is on the disk."""
        self.session.expire_all()
        return self.session.scalars(select(Answer).where(Answer.question_id == question_id)).one()

    def token(self) -> str:
        """Return a form token of this session."""
        return self.token_of("/voice/")

    def token_of(self, url: str) -> str:
        """Return the form token on a page."""
        page = self.client.get(url)
        html: str = page.get_data(as_text=True)
        marker = 'name="csrf_token" value="'
        start = html.index(marker) + len(marker)
        return html[start : html.index('"', start)]


@pytest.fixture
def voice(app: Flask, client: FlaskClient, session: Session, people: People) -> Voice:
    """Robin, Year 9, with a meeting in two weeks."""
    robin = people.young_person("Robin", year_group=9)
    pep = people.pep(robin)
    sign_in(app, client, robin)
    return Voice(app, client, session, robin, pep)
