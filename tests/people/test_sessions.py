"""Signed-in sessions end by themselves, from anywhere, and for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.people import sessions
from app.people.models import Person, Role, SignIn
from tests.factories import People
from tests.people import ways
from tests.people.tokens import csrf

START = "2026-10-05 08:00+00:00"


def let_in(app: Flask, client: FlaskClient, session: Session, person: Person, way: str, *, shared: bool = True) -> None:
    """Begin a session the way the room does, and give its cookie to ``client``."""
    from flask import session as cookie

    with app.test_request_context():
        sessions.begin(session, person, way, app.extensions["settings"], shared=shared)
        session.commit()
        kept = dict(cookie)
    with client.session_transaction() as browser:
        browser.clear()
        browser.update(kept)


CASES = [
    (Role.young_person, "card", True, 5, 4 * 60),
    (Role.young_person, "link", False, 20, 4 * 60),
    (Role.carer, "link", True, 5, 4 * 60),
    (Role.designated_teacher, "worker", False, 30, 10 * 60),
    (Role.virtual_school, "oidc", False, 30, 10 * 60),
]


@pytest.mark.parametrize(("role", "way", "shared", "idle", "absolute"), CASES)
def test_a_quiet_session_ends_by_role(
    app: Flask, client: FlaskClient, session: Session, people: People,
    role: Role, way: str, shared: bool, idle: int, absolute: int,
) -> None:  # fmt: skip
    person = people.young_person() if role.is_child else people.adult(role)
    with time_machine.travel(START, tick=False) as time:
        let_in(app, client, session, person, way, shared=shared)
        time.shift(idle * 60)
        assert ways.is_in(client), "still in at the limit"
        time.shift(idle * 60 + 1)
        assert not ways.is_in(client), "quiet for longer than the limit"


@pytest.mark.parametrize(("role", "way", "shared", "idle", "absolute"), CASES)
def test_a_busy_session_ends_too_by_role(
    app: Flask, client: FlaskClient, session: Session, people: People,
    role: Role, way: str, shared: bool, idle: int, absolute: int,
) -> None:  # fmt: skip
    person = people.young_person() if role.is_child else people.adult(role)
    with time_machine.travel(START, tick=False) as time:
        let_in(app, client, session, person, way, shared=shared)
        step = idle - 1
        for _step in range((absolute - 1) // step):
            time.shift(step * 60)
            assert ways.is_in(client)
        time.move_to(f"2026-10-05 {8 + absolute // 60:02}:00:00+00:00")
        assert not ways.is_in(client)


def test_more_time_keeps_a_quiet_page_open_and_leaves_it_as_it_is(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    with time_machine.travel(START, tick=False) as time:
        let_in(app, client, session, people.young_person(), "card")
        assert 'data-idle="300"' in client.get("/voice/").get_data(as_text=True)
        for _minute in range(12):
            time.shift(4 * 60)
            answer = client.get("/more-time")
            assert (answer.status_code, answer.data) == (204, b"")
        assert ways.is_in(client)


def test_before_anybody_comes_in_it_is_said_how_soon_their_page_closes(client: FlaskClient) -> None:
    page = client.get("/go/anything").get_data(as_text=True)
    assert "we close your page after 5 quiet minutes. On your own phone it is 20." in page


def test_somebody_whose_session_ran_out_is_told_kindly(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    with time_machine.travel(START, tick=False) as time:
        let_in(app, client, session, people.young_person(), "card")
        time.shift(6 * 60)
        assert client.get("/home").location == "/"
        with client.session_transaction() as cookie:
            assert "Everything you saved is safe" in str(cookie["_flashes"])


def test_signing_out_ends_the_row_and_clears_the_device(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    let_in(app, client, session, people.young_person(), "card")
    with client.session_transaction() as cookie:
        before = dict(cookie)
    answer = client.post("/sign-out", data={"csrf_token": csrf(client)})
    assert (answer.location, answer.headers["Clear-Site-Data"]) == ("/", '"cache", "storage"')
    with client.session_transaction() as cookie:
        cookie.update(before)
    assert not ways.is_in(client), "an old cookie is worth nothing"


def test_sign_out_needs_its_token(app: Flask, client: FlaskClient, session: Session, people: People) -> None:
    let_in(app, client, session, people.young_person(), "card")
    assert client.post("/sign-out").status_code == 400
    assert client.get("/sign-out").status_code == 405
    assert ways.is_in(client)


def test_signing_out_everywhere_ends_every_device(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    person = people.young_person()
    phone, laptop, siblings = client, app.test_client(), app.test_client()
    let_in(app, phone, session, person, "card")
    let_in(app, laptop, session, person, "link")
    let_in(app, siblings, session, people.young_person("Sky"), "card")
    with phone.session_transaction() as cookie:
        token = cookie["s"]
    with app.test_request_context():
        actor = sessions.find(session, token)
        assert actor is not None
        assert sessions.end_everywhere(session, actor) == 2
        session.commit()
    assert [ways.is_in(c) for c in (phone, laptop, siblings)] == [False, False, True]


def test_a_new_sign_in_gets_a_new_secret(app: Flask, client: FlaskClient, session: Session, people: People) -> None:
    person = people.young_person()
    secrets = set()
    for _twice in range(2):
        let_in(app, client, session, person, "card")
        with client.session_transaction() as cookie:
            secrets.add(cookie["s"])
    assert len(secrets) == 2
    assert not secrets & set(session.scalars(select(SignIn.token_hash)))


def test_a_person_who_left_is_out_that_day(app: Flask, client: FlaskClient, session: Session, people: People) -> None:
    person = people.adult(Role.social_worker)
    let_in(app, client, session, person, "worker")
    person.ended_on = clock.today() + timedelta(days=1)
    session.commit()
    assert ways.is_in(client)
    person.ended_on = clock.today()
    session.commit()
    assert not ways.is_in(client)
