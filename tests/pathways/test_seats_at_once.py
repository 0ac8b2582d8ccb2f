"""Many at the same moment, on SQLite and on PostgreSQL: never more seats than places, one seat each, nobody is lost."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core.db import db
from app.pathways import events
from app.pathways.models import HeEvent, Opportunity, Seat
from app.people.models import Person
from tests.conftest import open_app, settings_for
from tests.factories import People
from tests.pathways.openings_house import actor_of, published, seats, visit
from tests.people.test_at_once import at_once

PLACES = 3


@dataclass
class Scene:
    app: Flask
    row: uuid.UUID
    young: list[uuid.UUID]

    def act(self, who: uuid.UUID, what: Any) -> str:
        """Do something in a request of one's own; returns how it ended."""
        with self.app.test_request_context():
            try:
                person, row = db.session.get_one(Person, who), db.session.get_one(Opportunity, self.row)
                seat = what(actor_of(person), row, person)
                db.session.commit()
            except Exception as error:
                db.session.rollback()
                return type(error).__name__
            return str(seat.state) if seat is not None else "nothing"

    def sign_up(self, who: uuid.UUID) -> str:
        return self.act(who, lambda actor, row, person: events.sign_up(db.session, actor, row, person.id))  # type: ignore[arg-type]

    def cancel(self, who: uuid.UUID) -> str:
        return self.act(who, lambda actor, row, person: events.cancel(db.session, actor, row, person.id))  # type: ignore[arg-type]

    def states(self) -> Counter[str]:
        db.session.expire_all()
        return Counter(db.session.scalars(select(Seat.state)))

    def taken(self) -> int:
        row = db.session.get_one(Opportunity, self.row)
        return seats(db.session, row).taken  # type: ignore[arg-type]


@pytest.fixture(params=["sqlite", "postgresql"])
def scene(request: pytest.FixtureRequest, tmp_path: Any) -> Any:
    name = "database_url" if request.param == "sqlite" else "postgres_url"
    for app in open_app(settings_for(request.getfixturevalue(name), tmp_path)):
        people = People(db.session)  # type: ignore[arg-type]
        young = [people.young_person(f"Y{number}", year_group=12).id for number in range(8)]
        row = published(db.session, visit(capacity=PLACES))  # type: ignore[arg-type]
        yield Scene(app, row.id, young)


def test_of_eight_at_once_three_have_a_seat_and_five_wait(scene: Scene) -> None:
    turns = iter(scene.young)
    at_once(8, lambda: scene.sign_up(next(turns)))
    assert scene.states() == {"booked": PLACES, "waiting": 5} and scene.taken() == PLACES


def test_one_who_taps_eight_times_at_once_has_one_seat(scene: Scene) -> None:
    assert at_once(8, lambda: scene.sign_up(scene.young[0])) == ["booked"] * 8
    assert scene.states() == {"booked": 1} and scene.taken() == 1


def test_while_some_leave_others_come_and_no_place_is_lost_or_given_twice(scene: Scene) -> None:
    for who in scene.young[:4]:
        scene.sign_up(who)
    jobs = iter([*((scene.cancel, who) for who in scene.young[:3]), *((scene.sign_up, who) for who in scene.young[4:])])

    def act() -> str:
        do, who = next(jobs)
        return do(who)

    at_once(7, act)
    states = scene.states()
    held = states["booked"] + states["offered"]
    assert held == scene.taken() == PLACES and states["waiting"] == 5 - PLACES and states["cancelled"] == 3


def test_a_place_that_is_given_back_eight_times_at_once_is_one_place(scene: Scene) -> None:
    for who in scene.young[:5]:
        scene.sign_up(who)
    at_once(8, lambda: scene.cancel(scene.young[0]))
    assert scene.states() == {"cancelled": 1, "booked": 2, "offered": 1, "waiting": 1} and scene.taken() == PLACES


def test_the_same_race_overbooks_when_places_are_counted_first_and_taken_then(scene: Scene) -> None:
    """The control: without one conditional update and the row that is held, this race does give a place away twice."""

    def careless(who: uuid.UUID) -> str:
        def act(actor: Any, row: Any, person: Any) -> Any:
            event = events.event_of(db.session, row.id)  # type: ignore[arg-type]
            booked = select(func.count()).where(Seat.event_id == event.id, Seat.state == "booked")
            free = (db.session.scalar(booked) or 0) < event.capacity
            time.sleep(0.05)
            seat = Seat(event_id=event.id, person_id=person.id, state="booked" if free else "waiting")
            seat.booked_by_id, seat.made_at = person.id, row.published_at
            db.session.add(seat)
            db.session.flush()
            return seat

        return scene.act(who, act)

    turns = iter(scene.young)
    at_once(8, lambda: careless(next(turns)))
    assert scene.states()["booked"] > PLACES
    assert db.session.scalar(select(HeEvent.taken)) == 0
