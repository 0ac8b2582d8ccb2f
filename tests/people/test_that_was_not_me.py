"""A worker who uses a young person's card or link themselves: the young person is told, and can stop it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core import clock
from app.core.audit import AuditEntry
from app.messages.models import Message
from app.messages.templates import render
from app.people.models import Card, Person, Role
from tests.factories import People, sign_in
from tests.forms import fill
from tests.people.tokens import csrf
from tests.people.ways import claim, is_in, press_open

STOP = "/mine/not-me"


@pytest.fixture
def robin(people: People) -> Person:
    return people.young_person("Robin", year_group=5)


@pytest.fixture
def teacher(people: People, robin: Person) -> Person:
    return people.connected(Role.designated_teacher, robin, "Ms Adler")


@pytest.fixture
def head(people: People, robin: Person) -> Person:
    return people.connected(Role.virtual_school, robin, "Mr Head")


def made_by(app: Flask, worker: Person, young: Person, what: str) -> str:
    """Return the address of a card or link that a worker makes on their page."""
    browser = app.test_client()
    sign_in(app, browser, worker, way="worker")
    page = fill(browser, f"/staff/young-people/{young.id}", action=f"/staff/young-people/{young.id}/{what}")
    html = page.get_data(as_text=True)
    start = html.index("/go/")
    return html[start:].split("<")[0].split('"')[0].strip()


@pytest.fixture
def taken(app: Flask, teacher: Person, robin: Person) -> FlaskClient:
    """The teacher's browser, in which they opened the card they made for Robin, two hours ago."""
    browser = app.test_client()
    with time_machine.travel(clock.now() - timedelta(hours=2), tick=False):
        address = made_by(app, teacher, robin, "card")
        assert claim(browser, address).location == "/home"
        assert "Ms Adler made a card" not in browser.get("/home").get_data(as_text=True)
    return browser


def on_their_own_phone(app: Flask, robin: Person) -> FlaskClient:
    phone = app.test_client()
    sign_in(app, phone, robin, way="link")
    return phone


def press(phone: FlaskClient) -> TestResponse:
    """Press 'Stop it and tell them'."""
    found = re.search(r'name="way" value="([^"]+)"', phone.get("/home").get_data(as_text=True))
    assert found
    return fill(phone, "/home", {"way": found[1]}, action=STOP)


def test_the_young_person_sees_who_made_their_card_and_when_it_was_first_used(
    app: Flask, robin: Person, taken: FlaskClient
) -> None:
    page = on_their_own_phone(app, robin).get("/home").get_data(as_text=True)
    assert "Ms Adler made a card for you. It was first used on" in page
    assert "That was not me" in page


def test_that_was_not_me_stops_the_card_and_every_session_but_their_own(
    app: Flask, session: Session, robin: Person, taken: FlaskClient, head: Person
) -> None:
    phone = on_their_own_phone(app, robin)
    assert press(phone).location == "/home"
    page = phone.get("/home").get_data(as_text=True)
    assert "We stopped it" in page and "Ms Adler made a card" not in page
    assert session.scalars(select(Card)).one().revoked_at is not None
    with time_machine.travel(clock.now() - timedelta(hours=2), tick=False):
        assert not is_in(taken)


def test_the_virtual_school_is_told_without_a_name_and_finds_what_it_was(
    app: Flask, session: Session, robin: Person, taken: FlaskClient, head: Person, teacher: Person
) -> None:
    phone = on_their_own_phone(app, robin)
    data = {"csrf_token": csrf(phone), "way": str(session.scalars(select(Card.id)).one())}
    assert [phone.post(STOP, data=data).status_code for _twice in range(2)] == [303, 303]
    message = session.scalars(select(Message)).one()
    body = render(message.template, message.params, None).body
    assert message.address == head.email and "Robin" not in body and "Adler" not in body
    said = session.scalars(select(AuditEntry).where(AuditEntry.event == "way-in.not-mine")).one()
    assert (said.actor_id, said.subject_id) == (robin.id, robin.id)
    for worker, told in ((head, True), (teacher, False)):
        browser = app.test_client()
        sign_in(app, browser, worker, way="worker")
        page = browser.get(f"/staff/young-people/{robin.id}").get_data(as_text=True)
        assert ("it was not them who first used the card that Ms Adler made" in page) is told


def test_a_link_that_a_worker_used_is_told_too(app: Flask, robin: Person, teacher: Person) -> None:
    browser = app.test_client()
    with time_machine.travel(clock.now() - timedelta(hours=2), tick=False):
        assert press_open(browser, made_by(app, teacher, robin, "link")).location == "/home"
    phone = on_their_own_phone(app, robin)
    assert "Ms Adler made a link for you. It was used on" in phone.get("/home").get_data(as_text=True)
    press(phone)
    assert "Ms Adler made a link" not in phone.get("/home").get_data(as_text=True)


def test_after_a_month_it_is_not_told_any_more(app: Flask, robin: Person, taken: FlaskClient) -> None:
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        assert "Ms Adler" not in on_their_own_phone(app, robin).get("/home").get_data(as_text=True).split("<footer")[0]


def test_nobody_stops_what_is_not_theirs(app: Flask, session: Session, people: People, taken: FlaskClient) -> None:
    other = on_their_own_phone(app, people.young_person("Sky"))
    data = {"csrf_token": csrf(other), "way": str(session.scalars(select(Card.id)).one())}
    assert other.post(STOP, data=data).status_code == 404
    assert other.post(STOP, data={**data, "way": "x"}).status_code == 404
    assert session.scalars(select(Card)).one().revoked_at is None
