"""A young person with the adults around them, and wishes to look at."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core import clock
from app.people.models import Pep, Person, Role
from app.people.sessions import Actor, Look, YoungFacts
from app.wishes import ledger
from app.wishes.models import Wish
from tests.factories import People, sign_in
from tests.forms import fill


def actor_of(person: Person) -> Actor:
    """Return a person as the rooms' functions see them when they act."""
    young = person.young
    facts = (
        YoungFacts(young.year_group, young.care, None, False, frozenset(young.flags), young.place) if young else None
    )
    return Actor(
        person_id=person.id,
        role=Role(person.role),
        name=person.name,
        language=person.language,
        sign_in_id=uuid.uuid4(),
        way="card",
        helper_id=None,
        helper_role=None,
        locked=False,
        shared_device=False,
        look=Look("clay", "", ""),
        young=facts,
    )


@dataclass
class Circle:
    """Robin and the adults around them."""

    app: Flask
    session: Session
    people: People
    robin: Person
    pep: Pep
    teacher: Person
    worker: Person
    virtual: Person
    carer: Person

    def browser(self, person: Person) -> FlaskClient:
        """Return a browser in which somebody is signed in."""
        client = self.app.test_client()
        sign_in(self.app, client, person, way="card" if person.role == Role.young_person else "worker")
        return client

    def wish(self, words: str = "I want to join the football club", share: str = "pep", **more: Any) -> Wish:
        """Return a wish Robin said just now."""
        values = {"pep_id": self.pep.id, "language": "en-GB", "chosen": [], "section": "desirable-outcomes", **more}
        with self.app.test_request_context():
            wish = ledger.raise_wish(
                self.session, actor_of(self.robin), young_person_id=self.robin.id, words=words, share=share, **values
            )
        self.session.commit()
        return wish

    def owned(self, wish: Wish, owner: Person, *, in_days: int = 7) -> Wish:
        """Let an adult take a wish on."""
        ledger.own(self.session, actor_of(owner), wish, owner.id, clock.today() + timedelta(days=in_days))
        self.session.commit()
        return wish

    def answered(self, wish: Wish, adult: Person, kind: str = "yes", words: str = "You can go each Tuesday.") -> Wish:
        """Let an adult answer a wish."""
        ledger.reply(self.session, actor_of(adult), wish, kind, words, "en-GB")
        self.session.commit()
        return wish

    def fresh(self, wish: Wish) -> Wish:
        """Return a wish as it is on the disk."""
        self.session.expire_all()
        return self.session.get_one(Wish, wish.id)

    def text(self, person: Person, url: str) -> str:
        """Return a page that must be there."""
        page = self.browser(person).get(url)
        assert page.status_code == 200, f"{url} answered {page.status_code}"
        return page.get_data(as_text=True)

    def press(self, person: Person, page: str, action: str, **data: Any) -> TestResponse:
        """Fill in a form of a page in a new browser and send it."""
        return fill(self.browser(person), page, data, action=action)


@pytest.fixture
def circle(app: Flask, session: Session, people: People) -> Circle:
    """Robin, Year 9, with a teacher, a social worker, the Virtual School and a carer."""
    robin = people.young_person("Robin")
    return Circle(
        app,
        session,
        people,
        robin,
        people.pep(robin),
        people.connected(Role.designated_teacher, robin, "Ms Teal"),
        people.connected(Role.social_worker, robin, "Mr Ash"),
        people.connected(Role.virtual_school, robin, "Dr Vine"),
        people.connected(Role.carer, robin, "Jo"),
    )
