"""What was sent, and people's own pages to look at."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import db
from app.people.models import Pep, Person
from app.voice.models import Response, SentAnswer
from tests.factories import sign_in

Signed = Callable[..., FlaskClient]


@dataclass
class Sending:
    """Puts sent answers and readings into the database, as the rooms below would have."""

    session: Session

    def sent(
        self,
        pep: Pep,
        words: str = "I like maths",
        *,
        share: str = "pep",
        chosen: tuple[str, ...] = (),
        question_id: str = "sec-proud",
        set_id: str = "secondary",
        at: datetime | None = None,
    ) -> SentAnswer:
        """Return an answer that stands sent for a PEP."""
        moment = at or clock.now()
        response = self.session.query(Response).filter_by(pep_id=pep.id, set_id=set_id).one_or_none()
        if response is None:
            response = Response(
                young_person_id=pep.young_person_id, pep_id=pep.id, set_id=set_id, set_version=1, began_at=moment
            )
            self.session.add(response)
        response.sent_at = moment
        self.session.flush()
        row = SentAnswer(
            response_id=response.id,
            young_person_id=pep.young_person_id,
            pep_id=pep.id,
            set_id=set_id,
            set_version=1,
            question_id=question_id,
            section="about-me",
            revision=1,
            content={"value": {"text": words}, "asked": "What are you proud of?"},
            state="answered",
            share=share,
            chosen=list(chosen),
            share_chosen_at=moment,
            how="self",
            by_role="young_person",
            language="en-GB",
            sent_at=moment,
        )
        self.session.add(row)
        self.session.commit()
        return row

    def did(
        self, adult: Person, young: Person, what: str, *, thing: uuid.UUID | None = None, days_ago: int = 0
    ) -> None:
        """Write down in the audit that an adult did something with a young person's record."""
        self.session.add(
            AuditEntry(
                at=clock.now() - timedelta(days=days_ago),
                event=what,
                actor_id=adult.id,
                actor_role=adult.role,
                subject_id=young.id,
                thing_id=thing,
            )
        )
        self.session.commit()


@pytest.fixture
def sending(session: Session) -> Sending:
    """Puts what was sent into the database."""
    return Sending(session)


@pytest.fixture
def signed_in(app: Flask) -> Signed:
    """Return a client of its own for a person who is signed in."""

    def _client(person: Person, **kwargs: object) -> FlaskClient:
        client = app.test_client()
        sign_in(app, client, person, **kwargs)  # type: ignore[arg-type]
        return client

    return _client


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements that the database is sent."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def text_of(client: FlaskClient, url: str) -> str:
    """Return a page that must be there."""
    page = client.get(url)
    assert page.status_code == 200, f"{url} answered {page.status_code}"
    return page.get_data(as_text=True)


def title_of(html: str) -> str:
    """Return what stands in the window's title."""
    return html.split("<title>", 1)[1].split("</title>", 1)[0]
