"""A carer who is signed in and may write about the child they live with."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.people.models import Pep, Person, Role
from app.voice.models import Answer, Response
from tests.factories import People, sign_in
from tests.forms import fill


@dataclass
class AtHome:
    """An adult at their phone, writing about young people they live with."""

    app: Flask
    client: FlaskClient
    session: Session
    adult: Person

    def begin(self, child: Person, *, length: str = "long") -> str:
        """Begin the adult's own questions about a child, read who will read it, and return the address they share."""
        answer = fill(self.client, "/carer/", action=f"/carer/{child.id}/start")
        assert answer.status_code == 303, answer.status_code
        base = "/".join(answer.headers["Location"].split("/")[:3])
        fill(self.client, f"{base}/", {"length": length})
        return base

    def answer(self, url: str, **data: Any) -> TestResponse:
        """Fill in a question page and press Next, or another button by ``do``."""
        return fill(self.client, url, {"do": "next", **data})

    def share(self, base: str, question_id: str, share: str) -> TestResponse:
        """Choose who reads an answer."""
        return fill(self.client, f"{base}/check/{question_id}", {"share": share})

    def send(self, base: str) -> TestResponse:
        """Press Send."""
        return fill(self.client, f"{base}/check", action=f"{base}/send")

    def response(self, base: str) -> Response:
        """Return the response row as it is on the disk."""
        self.session.expire_all()
        return self.session.get_one(Response, uuid.UUID(base.rsplit("/", 1)[1]))

    def drafts(self, base: str) -> dict[str, Answer]:
        """Return the drafts of a response as they are on the disk."""
        rows = self.session.scalars(select(Answer).where(Answer.response_id == self.response(base).id))
        return {row.question_id: row for row in rows}


@dataclass
class Family:
    """Robin, their carer, teacher and social worker, and a meeting in two weeks."""

    app: Flask
    people: People
    robin: Person
    pep: Pep
    carer: AtHome
    teacher: Person
    social_worker: Person

    def at_home(self, adult: Person) -> AtHome:
        """Return another adult at their own phone."""
        client = self.app.test_client()
        sign_in(self.app, client, adult, way="link")
        return AtHome(self.app, client, self.people.session, adult)

    def record(self, reader: Person, pep: Pep | None = None) -> str:
        """Return the record as an adult sees it."""
        client = self.app.test_client()
        sign_in(self.app, client, reader, way="worker")
        page = client.get(f"/staff/peps/{(pep or self.pep).id}")
        assert page.status_code == 200
        return page.get_data(as_text=True)

    def own_record(self) -> str:
        """Return the record as Robin sees it."""
        client = self.app.test_client()
        sign_in(self.app, client, self.robin)
        return client.get(f"/mine/peps/{self.pep.id}").get_data(as_text=True)


@pytest.fixture
def family(app: Flask, client: FlaskClient, session: Session, people: People) -> Family:
    """Robin's people."""
    robin = people.young_person("Robin", year_group=9)
    pep = people.pep(robin)
    juniper = people.connected(Role.carer, robin, "Juniper")
    sign_in(app, client, juniper, way="link")
    return Family(
        app,
        people,
        robin,
        pep,
        AtHome(app, client, session, juniper),
        people.connected(Role.designated_teacher, robin, "Ms Alder"),
        people.connected(Role.social_worker, robin, "Mr Birch"),
    )
