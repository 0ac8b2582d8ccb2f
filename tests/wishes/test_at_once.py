"""Two at the same moment, on SQLite and on PostgreSQL: one owner, one verdict, one wish."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core import clock
from app.core.db import db
from app.people.models import Person, Role
from app.wishes import ledger
from app.wishes.models import Wish, WishVerdict
from tests.conftest import open_app, settings_for
from tests.factories import People
from tests.people.test_at_once import at_once
from tests.wishes.conftest import actor_of


@dataclass
class Scene:
    app: Flask
    robin: uuid.UUID
    adults: list[uuid.UUID]
    wish: uuid.UUID

    def act(self, who: uuid.UUID, what: Any) -> str:
        """Do something with the wish in a request of one's own; returns how it ended."""
        with self.app.test_request_context():
            try:
                person = db.session.get_one(Person, who)
                what(actor_of(person), db.session.get_one(Wish, self.wish))
                db.session.commit()
            except Exception as error:
                db.session.rollback()
                return type(error).__name__
            return "done"


@pytest.fixture(params=["sqlite", "postgresql"])
def scene(request: pytest.FixtureRequest, tmp_path: Any) -> Any:
    name = "database_url" if request.param == "sqlite" else "postgres_url"
    for app in open_app(settings_for(request.getfixturevalue(name), tmp_path)):
        people = People(db.session)  # type: ignore[arg-type]
        robin = people.young_person()
        adults = [people.connected(role, robin) for role in (Role.designated_teacher, Role.social_worker)]
        wish = ledger.raise_wish(
            db.session,
            actor_of(robin),
            young_person_id=robin.id,
            pep_id=None,
            words="A bike",
            language="en-GB",
            share="pep",
            chosen=[],
            section="about-me",
        )
        db.session.commit()
        yield Scene(app, robin.id, [one.id for one in adults], wish.id)


def test_of_two_workers_who_take_it_on_at_once_exactly_one_has_it(scene: Scene) -> None:
    turns = iter(scene.adults * 2)

    def take() -> str:
        who = next(turns)
        due = clock.today() + timedelta(days=7)
        return scene.act(who, lambda actor, wish: ledger.own(db.session, actor, wish, who, due, seen_version=1))

    assert sorted(at_once(4, take)) == ["Overtaken"] * 3 + ["done"]
    db.session.expire_all()
    assert db.session.get_one(Wish, scene.wish).owner_id in scene.adults


def test_a_verdict_tapped_many_times_at_once_is_one_verdict(scene: Scene) -> None:
    teacher = scene.adults[0]
    assert scene.act(teacher, lambda a, w: ledger.reply(db.session, a, w, "yes", "You get it.", "en-GB")) == "done"
    tap = lambda: scene.act(scene.robin, lambda a, w: ledger.verdict(db.session, a, w, "helped"))  # noqa: E731
    assert at_once(5, tap) == ["done"] * 5
    assert db.session.scalar(select(func.count()).select_from(WishVerdict)) == 1


def test_two_answers_at_once_are_one_answer_and_one_who_is_told(scene: Scene) -> None:
    turns = iter(scene.adults)

    def answer() -> str:
        return scene.act(
            next(turns),
            lambda a, w: ledger.reply(db.session, a, w, "yes", "You get it.", "en-GB", seen_version=1),
        )

    assert sorted(at_once(2, answer)) == ["Overtaken", "done"]
