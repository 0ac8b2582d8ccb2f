"""Plainly invented people for tests, with only what matters stated by each test."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core import clock
from app.core.crypto import digest_of
from app.people.models import Connection, Pep, Person, Role, SignIn, YoungPerson


@dataclass
class People:
    """Makes people, connections and PEPs in the test's database and commits them."""

    session: Session

    def young_person(
        self,
        name: str = "Robin",
        *,
        year_group: int | None = 9,
        language: str | None = None,
        flags: tuple[str, ...] = (),
        place: str = "school",
        care: str = "in_care",
        short_path: bool = False,
    ) -> Person:
        """Return a new young person."""
        person = Person(role=Role.young_person, name=name, language=language)
        person.young = YoungPerson(
            year_group=year_group,
            flags=list(flags),
            place=place,
            care=care,
            short_path=short_path,
            school_name="Elm School",
        )
        return self._kept(person)

    def adult(
        self, role: Role, name: str = "Ms Test", *, email: str | None = None, language: str | None = None
    ) -> Person:
        """Return a new adult with a role."""
        unique = email or f"{role}-{uuid.uuid4().hex[:8]}@example.org"
        return self._kept(Person(role=role, name=name, email=unique, language=language))

    def connect(
        self, adult: Person, young: Person, *, starts_on: date | None = None, ends_on: date | None = None
    ) -> Connection:
        """Connect an adult to a young person in the adult's own role, from a month ago unless told otherwise."""
        start = starts_on or clock.today() - timedelta(days=30)
        return self._kept(
            Connection(adult_id=adult.id, young_person_id=young.id, role=adult.role, starts_on=start, ends_on=ends_on)
        )

    def connected(self, role: Role, young: Person, name: str = "Ms Test") -> Person:
        """Return a new adult connected to ``young`` today."""
        adult = self.adult(role, name)
        self.connect(adult, young)
        return adult

    def pep(
        self, young: Person, *, term: str = "2026-27-1", in_days: int | None = 14, external_id: str | None = None
    ) -> Pep:
        """Return a new PEP whose meeting is ``in_days`` from today (None: no date yet)."""
        meeting = None if in_days is None else clock.today() + timedelta(days=in_days)
        return self._kept(
            Pep(
                young_person_id=young.id,
                external_id=external_id or f"PEP-TEST-{uuid.uuid4().hex[:8]}",
                term=term,
                meeting_on=meeting,
            )
        )

    def _kept(self, thing: Any) -> Any:
        self.session.add(thing)
        self.session.commit()
        return thing


def sign_in(
    app: Flask, client: FlaskClient, person: Person, *, way: str = "card", helper: Person | None = None
) -> SignIn:
    """Sign ``person`` in on ``client`` as if they had come in by ``way``; returns the session's row."""
    from app.core.db import db

    token = f"test-{uuid.uuid4().hex}"
    moment = clock.now()
    row = SignIn(
        token_hash=digest_of(token),
        person_id=person.id,
        way=way,
        helper_id=helper.id if helper else None,
        helper_role=helper.role if helper else None,
        shared_device=False,
        began_at=moment,
        seen_at=moment,
        ends_at=moment + timedelta(hours=10),
        idle_seconds=1800,
    )
    db.session.add(row)
    db.session.commit()
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["s"] = token
    return row
