"""Two at the same moment, on SQLite and on PostgreSQL: one copy in the PEP, one newest draft, one publication."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core.db import db
from app.feeds.models import FeedChange
from app.pathways import my_route, publishing
from app.pathways.models import Kind, SharedRoute, Stage, Version
from app.people.audience import Share
from app.people.models import Pep, Person, Role
from app.people.sessions import Actor
from tests.conftest import open_app, settings_for
from tests.factories import People
from tests.pathways.test_publishing import BODY
from tests.people.test_at_once import at_once
from tests.wishes.conftest import actor_of


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Any) -> Any:
    """The app on each database."""
    name = "database_url" if request.param == "sqlite" else "postgres_url"
    yield from open_app(settings_for(request.getfixturevalue(name), tmp_path))


def act(app: Flask, who: uuid.UUID, what: Callable[[Actor], object]) -> str:
    """Do something in a request of one's own; returns how it ended."""
    with app.test_request_context():
        try:
            what(actor_of(db.session.get_one(Person, who)))
            db.session.commit()
        except Exception as error:
            db.session.rollback()
            return type(error).__name__
        return "done"


def test_a_route_put_in_many_times_at_once_is_one_copy(house: Flask) -> None:
    people = People(db.session)  # type: ignore[arg-type]
    robin = people.young_person()
    pep_id, robin_id = people.pep(robin).id, robin.id
    my_route.dream(db.session, actor_of(robin), "Trains", "en-GB")  # type: ignore[arg-type]
    db.session.commit()

    def put_in(actor: Actor) -> None:
        what = my_route.preview(db.session, actor, "en-GB")  # type: ignore[arg-type]
        my_route.share(db.session, actor, db.session.get_one(Pep, pep_id), what, Share.pep)  # type: ignore[arg-type]

    assert at_once(4, lambda: act(house, robin_id, put_in)) == ["done"] * 4
    assert db.session.scalar(select(func.count()).select_from(SharedRoute)) == 1
    assert db.session.scalar(select(func.count()).select_from(FeedChange)) == 1


def test_of_editors_who_save_at_once_one_is_kept_and_the_others_are_told(house: Flask) -> None:
    people = People(db.session)  # type: ignore[arg-type]
    editors = [people.adult(Role.virtual_school, f"Ms {number}").id for number in range(4)]
    turns = iter(enumerate(editors))

    def save() -> str:
        number, who = next(turns)
        body = {**BODY, "title": f"Title {number}"}
        return act(house, who, lambda actor: publishing.save(db.session, actor, Kind.opportunity, body, seen=0))  # type: ignore[arg-type]

    assert sorted(at_once(4, save)) == ["Overtaken"] * 3 + ["done"]
    assert db.session.scalar(select(func.count()).select_from(Version)) == 1
    assert db.session.scalar(select(Version.stage)) == Stage.draft
