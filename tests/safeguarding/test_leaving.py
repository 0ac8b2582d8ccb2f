"""Leave ends the session on this device, forgets, and goes elsewhere; nobody else can press it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.people.models import Role, SignIn
from tests.factories import People, sign_in

NEUTRAL = "https://www.bbc.co.uk/weather"
HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def signed_in(app: Flask, client: FlaskClient, people: People) -> SignIn:
    return sign_in(app, client, people.young_person())


def press(client: FlaskClient, headers: dict[str, str] | None = None) -> TestResponse:
    return client.get("/exit", headers=headers or HERE)


def test_leave_goes_to_the_neutral_site_at_once(client: FlaskClient, signed_in: SignIn) -> None:
    answer = press(client)
    assert (answer.status_code, answer.location) == (303, NEUTRAL)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]


def test_leave_ends_the_session_and_this_device_forgets(
    client: FlaskClient, signed_in: SignIn, session: Session
) -> None:
    answer = press(client)
    session.refresh(signed_in)
    assert signed_in.ended_at is not None
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "pepvoice=;" in answer.headers["Set-Cookie"]
    assert client.get_cookie("pepvoice") is None


def test_a_copied_cookie_does_not_work_after_leaving(app: Flask, client: FlaskClient, signed_in: SignIn) -> None:
    copied = client.get_cookie("pepvoice")
    assert copied is not None
    press(client)
    other = app.test_client()
    other.set_cookie("pepvoice", copied.value)
    assert "When you are signed in" in other.get("/help").get_data(as_text=True)


def test_leave_works_signed_out(client: FlaskClient) -> None:
    answer = press(client)
    assert (answer.status_code, answer.location) == (303, NEUTRAL)
    assert "Clear-Site-Data" in answer.headers


def test_leave_works_in_browsers_that_do_not_say_where_a_press_came_from(
    client: FlaskClient, signed_in: SignIn, session: Session
) -> None:
    assert client.get("/exit").location == NEUTRAL
    session.refresh(signed_in)
    assert signed_in.ended_at is not None


def test_other_sessions_of_the_child_go_on(
    app: Flask, client: FlaskClient, signed_in: SignIn, people: People, session: Session
) -> None:
    from app.people.models import Person

    elsewhere = sign_in(app, app.test_client(), session.get_one(Person, signed_in.person_id))
    press(client)
    session.refresh(elsewhere)
    assert elsewhere.ended_at is None


def test_beside_an_adult_the_adults_own_session_ends_too(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    young = people.young_person()
    adult = people.connected(Role.designated_teacher, young)
    behind = sign_in(app, app.test_client(), adult, way="worker")
    together = sign_in(app, client, young, way="beside", helper=adult)
    together.behind_id = behind.id
    session.commit()
    press(client)
    session.refresh(behind)
    assert behind.ended_at is not None


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "same-origin", "Sec-Purpose": "prefetch"},
        {"Sec-Fetch-Site": "none", "Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
    ],
)
def test_another_site_or_a_fetch_ahead_does_not_sign_anybody_out(
    client: FlaskClient, signed_in: SignIn, session: Session, headers: dict[str, str]
) -> None:
    answer = press(client, headers)
    assert (answer.status_code, answer.location) == (303, NEUTRAL)
    assert "Clear-Site-Data" not in answer.headers
    session.refresh(signed_in)
    assert signed_in.ended_at is None


def test_a_link_checker_that_only_asks_for_the_head_signs_nobody_out(
    client: FlaskClient, signed_in: SignIn, session: Session
) -> None:
    client.head("/exit", headers=HERE)
    session.refresh(signed_in)
    assert signed_in.ended_at is None


def test_the_link_is_on_the_help_page_and_needs_no_script(client: FlaskClient) -> None:
    assert 'href="/exit"' in client.get("/help").get_data(as_text=True)
