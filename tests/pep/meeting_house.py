"""A child, the adults around them and a meeting, for the tests of meetings."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core import clock
from app.people.models import Pep, Person, Role
from app.questions.library import library
from app.questions.types import type_of
from app.voice.models import Response, SentAnswer
from tests.factories import People, sign_in
from tests.forms import fill


@dataclass
class House:
    """Robin and their meeting, today unless a test says otherwise."""

    app: Flask
    session: Session
    people: People
    in_days: int | None = 0
    language: str | None = None
    care: str = "in_care"
    robin: Person = field(init=False)
    pep: Pep = field(init=False)

    def __post_init__(self) -> None:
        self.robin = self.people.young_person("Robin", language=self.language, care=self.care)
        self.pep = self.people.pep(self.robin, in_days=self.in_days)

    def adult(self, role: Role = Role.designated_teacher, name: str = "Ms Alder") -> Person:
        """Return a new adult connected to Robin."""
        return self.people.connected(role, self.robin, name)

    def client(self, person: Person) -> FlaskClient:
        """Return a browser in which somebody is signed in."""
        client = self.app.test_client()
        sign_in(self.app, client, person)
        return client

    def said(
        self,
        question_id: str,
        value: Any,
        *,
        share: str = "pep",
        chosen: tuple[str, ...] = (),
        set_id: str = "secondary",
        language: str = "en-GB",
        by: Person | None = None,
    ) -> SentAnswer:
        """Return an answer that stands sent: text, or option codes; ``by`` somebody they live with, else the child's own."""
        question = library().latest(set_id).question(question_id)
        moment = clock.now()
        response = self.session.scalars(
            select(Response).where(
                Response.pep_id == self.pep.id,
                Response.set_id == set_id,
                Response.by_person_id == (by or self.robin).id,
            )
        ).first()
        if response is None:
            response = Response(
                young_person_id=self.robin.id,
                by_person_id=(by or self.robin).id,
                pep_id=self.pep.id,
                set_id=set_id,
                set_version=1,
                began_at=moment,
            )
            self.session.add(response)
        response.sent_at = moment
        self.session.flush()
        words = type_of(question).option_codes(question)
        content = {"codes": value, "else": ""} if words else {"text": value}
        row = SentAnswer(
            response_id=response.id,
            young_person_id=self.robin.id,
            by_person_id=(by or self.robin).id,
            pep_id=self.pep.id,
            set_id=set_id,
            set_version=1,
            question_id=question_id,
            section=question.section,
            revision=1,
            content={"value": content, "asked": question.ask},
            state="answered",
            share=share,
            chosen=list(chosen),
            share_chosen_at=moment,
            how="self",
            by_role=(by or self.robin).role,
            language=language,
            sent_at=moment,
        )
        self.session.add(row)
        self.session.commit()
        return row

    @property
    def at(self) -> str:
        """The address all pages of the meeting share."""
        return f"/staff/peps/{self.pep.id}/meeting"

    def tick(self, client: FlaskClient, question_id: str, met: str, why: str = "", **more: Any) -> TestResponse:
        """Tick or explain a wish."""
        action = f"{self.at}/wishes/{question_id}"
        return fill(client, self.at, {"met": met, "why": why, **more}, action=action)

    def decide(self, client: FlaskClient, words: str, **more: Any) -> TestResponse:
        """Type a decision that answers no particular words."""
        data = {"words": words, "beside": "", "decision": "", "seen": "0", **more}
        return fill(client, f"{self.at}/decisions", data, action=f"{self.at}/decisions")

    def answer(self, client: FlaskClient, section: str, words: str, kind: str = "will", **more: Any) -> TestResponse:
        """Write the line that answers a section."""
        action = f"{self.at}/lines/{section}"
        return fill(client, f"{self.at}/decisions", {"kind": kind, "words": words, **more}, action=action)

    def close(self, client: FlaskClient) -> TestResponse:
        """Close the meeting."""
        return fill(client, f"{self.at}/close")

    def now(self, row: Any) -> Any:
        """Return a row as it is on the disk."""
        self.session.expire_all()
        return self.session.get(type(row), row.id if hasattr(row, "id") else row.pep_id)


def text(answer: TestResponse, status: int = 200) -> str:
    """Return a page that must be there."""
    assert answer.status_code == status, answer.status_code
    return answer.get_data(as_text=True)


def nowhere() -> uuid.UUID:
    """Return an id that nothing has."""
    return uuid.uuid4()
