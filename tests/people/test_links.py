"""One-time links: seven days, once, by a button."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from app import create_app
from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import db
from app.people import links
from app.people.models import OneTimeLink, Person, Role
from tests.conftest import settings_for
from tests.factories import People
from tests.people import ways


def test_a_link_signs_in_once(app: Flask, client: FlaskClient, session: Session, people: People) -> None:
    address = ways.new_link(app, session, people.young_person())
    assert ways.press_open(client, address).location == "/home"
    again = ways.press_open(app.test_client(), address)
    assert again.status_code == 410
    assert "Ask the adult who gave it to you for a new one." in again.get_data(as_text=True)
    assert "link.used" in session.scalars(select(AuditEntry.event)).all()


def test_a_link_is_too_old_after_seven_days(app: Flask, client: FlaskClient, session: Session, people: People) -> None:
    with time_machine.travel("2026-10-05 09:00+00:00", tick=False) as time:
        early, late = people.young_person("Early"), people.young_person("Late")
        first, second = ways.new_link(app, session, early), ways.new_link(app, session, late)
        time.shift(7 * 24 * 3600 - 1)
        assert ways.press_open(client, first).location == "/home"
        time.shift(1)
        assert ways.press_open(app.test_client(), second).status_code == 410


def test_a_new_link_cancels_older_ones(app: Flask, client: FlaskClient, session: Session, people: People) -> None:
    young = people.young_person()
    old, new = ways.new_link(app, session, young), ways.new_link(app, session, young)
    assert ways.press_open(client, old).status_code == 410
    assert ways.press_open(client, new).location == "/home"


def test_a_link_of_somebody_who_left_does_not_work(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    carer = people.adult(Role.carer)
    address = ways.new_link(app, session, carer)
    carer.ended_on = clock.today()
    session.commit()
    assert ways.press_open(client, address).status_code == 410


def test_a_reusable_link_is_refused_outside_demo_mode(app: Flask, session: Session, people: People) -> None:
    with pytest.raises(ValueError, match="demo"):
        ways.new_link(app, session, people.young_person(), reusable=True)


def test_a_reusable_link_works_again_only_in_demo_mode(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    app.extensions["settings"] = app.extensions["settings"].model_copy(update={"demo": True})
    address = ways.new_link(app, session, people.young_person(), reusable=True)
    for _twice in range(2):
        assert ways.press_open(app.test_client(), address).location == "/home"
    app.extensions["settings"] = app.extensions["settings"].model_copy(update={"demo": False})
    assert ways.press_open(app.test_client(), address).status_code == 410


def at_once(count: int, act: object) -> list[object]:
    """Do one thing in several threads that start together; returns what each of them got."""
    barrier = threading.Barrier(count)
    got: list[object] = []

    def run() -> None:
        barrier.wait()
        got.append(act())  # type: ignore[operator]

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def test_of_many_who_press_at_once_exactly_one_gets_in(tmp_path: Path) -> None:
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'race.db'}", tmp_path))
    app.testing = True
    with app.app_context():
        db.create_all()
        person = Person(role=Role.young_person, name="Robin")
        db.session.add(person)
        db.session.commit()
        with app.test_request_context():
            made = links.make(db.session, None, person, app.extensions["settings"])
            db.session.commit()
        token = made.token
    for name, address in (("home.home", "/home"), ("home.welcome", "/")):
        if name not in app.view_functions:
            app.add_url_rule(address, name, lambda: "here")

    def press() -> object:
        return ways.press_open(app.test_client(), f"/go/{token}").status_code

    assert sorted(at_once(8, press)) == [303] + [410] * 7  # type: ignore[type-var]


def test_the_control_that_looks_before_it_writes_lets_two_in(tmp_path: Path) -> None:
    """The race is real: the same claim as 'look, then write' uses one link up twice."""
    engine = create_engine(f"sqlite:///{tmp_path / 'control.db'}")
    OneTimeLink.metadata.create_all(engine)
    with engine.begin() as setup:
        setup.execute(text("CREATE TABLE link (id INTEGER PRIMARY KEY, used_at TEXT)"))
        setup.execute(text("INSERT INTO link (id) VALUES (1)"))
    between = threading.Barrier(2)

    def look_then_write() -> object:
        with engine.begin() as connection:
            free = connection.execute(text("SELECT 1 FROM link WHERE id = 1 AND used_at IS NULL")).first()
        between.wait()
        if free is None:
            return False
        with engine.begin() as connection:
            connection.execute(text("UPDATE link SET used_at = 'now' WHERE id = 1"))
        return True

    assert at_once(2, look_then_write) == [True, True]
