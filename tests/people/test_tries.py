"""Wrong codes: three are free, then it takes longer, then the card rests and a trusted adult hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.audit import AuditEntry
from app.messages.models import Message
from app.people import tries
from app.people.models import Card, Person, Role, Try
from app.people.signals import card_locked
from tests.factories import People
from tests.people import ways


@pytest.fixture
def time() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel("2026-10-05 09:00+00:00", tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def card(app: Flask, session: Session, people: People, time: time_machine.Coordinates) -> str:
    """The address of a card that its child has claimed."""
    address = ways.new_card(app, session, people.young_person())
    ways.claim(app.test_client(), address)
    return address


def wrong(client: FlaskClient, address: str) -> TestResponse:
    """Open a card with a wrong code."""
    return ways.open_with(client, address, ways.OTHERS)


def test_three_wrong_codes_are_free(client: FlaskClient, card: str) -> None:
    for _free in range(3):
        assert wrong(client, card).status_code == 303
    assert ways.open_with(client, card).location == "/home"


def test_after_that_each_one_takes_longer(client: FlaskClient, card: str, time: time_machine.Coordinates) -> None:
    for _free in range(3):
        wrong(client, card)
    for seconds in (15, 30, 60, 120):
        assert wrong(client, card).status_code == 303
        early = wrong(client, card)
        assert (early.status_code, early.headers["Retry-After"]) == (429, str(seconds))
        time.shift(seconds - 1)
        assert ways.open_with(client, card).status_code == 429, "the right code has to wait as well"
        time.shift(1)
    assert ways.open_with(client, card).location == "/home"


def lock(client: FlaskClient, address: str, time: time_machine.Coordinates) -> TestResponse:
    """Get the code wrong until the card rests."""
    for _try in range(7):
        wrong(client, address)
        time.shift(121)
    return wrong(client, address)


def test_then_the_card_rests_for_half_an_hour_and_says_so_kindly(
    client: FlaskClient, card: str, time: time_machine.Coordinates
) -> None:
    answer = lock(client, card, time)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1800")
    assert "about 30 minutes" in page and "not your fault" in page and "adult you trust" in page
    time.shift(1799)
    assert ways.open_with(client, card).status_code == 429
    time.shift(1)
    assert ways.open_with(client, card).location == "/home"


def test_a_trusted_adult_is_told_once_when_a_card_begins_to_rest(
    app: Flask, client: FlaskClient, session: Session, card: str, time: time_machine.Coordinates
) -> None:
    heard: list[tuple[Card, datetime]] = []

    def listen(sender: Card, **facts: Any) -> None:
        assert facts["session"] is not None
        heard.append((sender, facts["until"]))

    with card_locked.connected_to(listen):
        lock(client, card, time)
        wrong(client, card)
    assert [(type(c), until) for c, until in heard] == [(Card, datetime(2026, 10, 5, 9, 44, 7, tzinfo=UTC))]
    details = session.scalars(select(AuditEntry.detail).where(AuditEntry.event == "sign-in.failed")).all()
    assert list(details) == ["card"] * 7 + ["card-resting"]


def test_the_adult_who_hears_of_it_is_one_who_can_give_a_new_card(
    app: Flask, client: FlaskClient, session: Session, people: People, card: str, time: time_machine.Coordinates
) -> None:
    robin = session.scalars(select(Person).where(Person.role == Role.young_person)).one()
    teacher = people.connected(Role.designated_teacher, robin)
    people.connected(Role.carer, robin)
    people.connected(Role.iro, robin)
    people.adult(Role.social_worker)
    lock(client, card, time)
    wrong(client, card)
    sent = session.scalars(select(Message)).all()
    assert [(m.address, m.template, m.about_person_id) for m in sent] == [(teacher.email, "card_locked", robin.id)]


def test_nobody_is_told_about_a_card_that_does_not_exist(client: FlaskClient, time: time_machine.Coordinates) -> None:
    heard: list[object] = []
    with card_locked.connected_to(lambda sender, **_facts: heard.append(sender)):
        unknown = "/go/" + "b" * 43
        ways.press_open(client, unknown)
        is_pictures = "picture" in client.get(unknown).get_data(as_text=True)
        for _try in range(9):
            ways.tap(client, unknown, ways.OTHERS) if is_pictures else ways.type_words(client, unknown)
            time.shift(121)
    assert heard == []


def test_a_right_code_forgets_the_wrong_ones_before_it(
    app: Flask, client: FlaskClient, session: Session, card: str
) -> None:
    for _round in range(3):
        for _free in range(3):
            wrong(client, card)
        assert ways.open_with(client, card).location == "/home"
        ways.leave(client)


def test_wrong_codes_are_forgotten_after_a_day(client: FlaskClient, card: str, time: time_machine.Coordinates) -> None:
    for _free in range(3):
        wrong(client, card)
    time.shift(24 * 3600)
    for _free in range(3):
        assert wrong(client, card).status_code == 303
    assert ways.open_with(client, card).location == "/home"


def test_one_card_that_rests_does_not_hold_up_another(
    app: Flask, client: FlaskClient, session: Session, people: People, card: str, time: time_machine.Coordinates
) -> None:
    lock(client, card, time)
    sibling = ways.new_card(app, session, people.young_person("Sky"))
    ways.claim(app.test_client(), sibling)
    assert ways.open_with(app.test_client(), sibling).location == "/home"


def test_one_address_cannot_try_many_cards(
    app: Flask, session: Session, people: People, card: str, time: time_machine.Coordinates
) -> None:
    gate = tries.address_gate("127.0.0.1", app.extensions["settings"])
    for _try in range(40):
        tries.take(session, gate)
    session.commit()
    assert ways.open_with(app.test_client(), card).status_code == 429
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert ways.open_with(elsewhere, card).location == "/home"


def test_a_school_behind_one_address_can_sign_in_all_day(
    app: Flask, session: Session, card: str, time: time_machine.Coordinates
) -> None:
    config = app.extensions["settings"]
    for child in range(200):
        taken = tries.take(
            session, tries.code_gate("card", str(child), config), tries.address_gate("192.0.2.1", config)
        )
        assert taken.open
        tries.right(session, taken)


def test_an_address_is_not_kept_in_words(client: FlaskClient, session: Session, card: str) -> None:
    wrong(client, card)
    scopes = session.scalars(select(Try.scope)).all()
    assert len(scopes) == 2
    assert not any("127.0.0.1" in scope or card.removeprefix("/go/") in scope for scope in scopes)


def test_one_house_has_one_address_however_many_it_uses(app: Flask) -> None:
    config = app.extensions["settings"]
    first, second, other = ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")
    assert tries.address_gate(first, config) == tries.address_gate(second, config)
    assert tries.address_gate(first, config) != tries.address_gate(other, config)
    assert tries.address_gate("::ffff:192.0.2.1", config) == tries.address_gate("192.0.2.1", config)
    assert tries.address_gate(None, config) == tries.address_gate("not an address", config)
