"""Things that happen at the same moment, on SQLite and on PostgreSQL: one link, one claim, one living card, every try counted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, select, text

from app import create_app
from app.core.db import db
from app.people import cards, links, tries
from app.people.models import Card, CardKind, Person, Role
from tests.conftest import settings_for
from tests.page_checks import CheckingClient
from tests.people import ways


@pytest.fixture(params=["sqlite", "postgresql"])
def at_once_app(request: pytest.FixtureRequest, tmp_path: Path) -> Flask:
    """The app on a real database with room for several connections, and nobody's context open."""
    url = f"sqlite:///{tmp_path / 'race.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    app = create_app(settings_for(url, tmp_path))
    app.testing = True
    app.test_client_class = CheckingClient
    with app.app_context():
        db.create_all()
        db.session.add(Person(role=Role.young_person, name="Robin"))
        db.session.commit()
    request.addfinalizer(lambda: _close(app))
    return app


def _close(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


def at_once(count: int, act: Callable[[], Any]) -> list[Any]:
    """Do one thing in several threads that start together; returns what each of them got."""
    barrier = threading.Barrier(count)
    got: list[Any] = []

    def run() -> None:
        barrier.wait()
        try:
            got.append(act())
        except Exception as error:
            got.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def robin() -> Person:
    return db.session.scalars(select(Person)).one()


def test_of_many_who_press_a_link_at_once_exactly_one_gets_in(at_once_app: Flask) -> None:
    app = at_once_app
    with app.test_request_context():
        token = links.make(db.session, None, robin(), app.extensions["settings"]).token
        db.session.commit()
    answers = at_once(6, lambda: ways.press_open(app.test_client(), f"/go/{token}").status_code)
    assert sorted(answers, key=str) == [303] + [410] * 5


def test_of_many_who_claim_a_card_at_once_exactly_one_does(at_once_app: Flask) -> None:
    app = at_once_app
    with app.test_request_context():
        token = cards.issue(db.session, None, robin(), CardKind.pictures).token
        db.session.commit()

    def claim() -> bool:
        with app.test_request_context():
            claimed = cards.claim(db.session, token, "boat sun key cup", app.extensions["settings"], shared=True)
            db.session.commit()
            return claimed is not None

    assert sorted(at_once(5, claim), key=str) == [False] * 4 + [True]


def test_cards_printed_at_once_leave_one_that_works(at_once_app: Flask) -> None:
    app = at_once_app

    def issue() -> str:
        with app.test_request_context():
            token = cards.issue(db.session, None, robin(), CardKind.words).token
            db.session.commit()
            return token

    assert [type(token) for token in at_once(5, issue)] == [str] * 5
    with app.app_context():
        living = select(func.count()).select_from(Card).where(Card.revoked_at.is_(None))
        assert db.session.scalar(living) == 1


def test_guesses_at_the_same_moment_are_all_counted(at_once_app: Flask) -> None:
    """Ten devices try at once: the gate lets the free ones through and one more, and closes on the rest."""
    app = at_once_app
    config = app.extensions["settings"]

    def guess() -> bool:
        with app.app_context():
            taken = tries.take(db.session, tries.code_gate("card", "one", config), tries.address_gate("::1", config))
            db.session.commit()
            return taken.open

    assert at_once(10, guess).count(True) == config.code_tries_before_wait + 1


def test_a_right_code_after_wrong_ones_opens_everywhere(at_once_app: Flask) -> None:
    app = at_once_app
    with app.test_request_context():
        address = f"/go/{cards.issue(db.session, None, robin(), CardKind.pictures).token}"
        db.session.commit()
    ways.claim(app.test_client(), address)
    client = app.test_client()
    for _free in range(4):
        assert ways.open_with(client, address, ways.OTHERS).status_code == 303
    assert ways.open_with(client, address).status_code == 429


def test_the_control_that_looks_before_it_writes_lets_two_in(tmp_path: Path) -> None:
    """The race is real: the same claim as 'look, then write' uses one link up twice."""
    engine = create_engine(f"sqlite:///{tmp_path / 'control.db'}")
    with engine.begin() as setup:
        setup.execute(text("CREATE TABLE link (id INTEGER PRIMARY KEY, used_at TEXT)"))
        setup.execute(text("INSERT INTO link (id) VALUES (1)"))
    between = threading.Barrier(2)

    def look_then_write() -> bool:
        with engine.begin() as connection:
            free = connection.execute(text("SELECT 1 FROM link WHERE id = 1 AND used_at IS NULL")).first()
        between.wait()
        if free is None:
            return False
        with engine.begin() as connection:
            connection.execute(text("UPDATE link SET used_at = 'now' WHERE id = 1"))
        return True

    assert at_once(2, look_then_write) == [True, True]
    engine.dispose()
