"""One-time links: seven days, once, by a button."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.people.models import Role
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


def test_a_link_of_a_child_who_has_a_code_is_of_no_use_without_it(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    young = people.young_person()
    ways.claim(app.test_client(), ways.new_card(app, session, young))
    address = ways.new_link(app, session, young)
    assert ways.press_open(client, address).location == address
    ways.tap(client, address, ways.OTHERS)
    assert not ways.is_in(client)
    ways.tap(client, address)
    assert ways.is_in(client)
    assert ways.press_open(app.test_client(), address).status_code == 410


def test_wrong_codes_on_a_link_count_for_the_card_and_never_use_the_link_up(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    young = people.young_person()
    card = ways.new_card(app, session, young)
    ways.claim(app.test_client(), card)
    address = ways.new_link(app, session, young)
    ways.press_open(client, address)
    for _try in range(4):
        last = ways.tap(client, address, ways.OTHERS)
    assert last.status_code in (303, 429)
    assert ways.open_with(app.test_client(), card).status_code == 429
    assert "link.used" not in session.scalars(select(AuditEntry.event)).all()


def test_two_devices_with_the_link_and_the_code_at_the_same_time_are_one_sign_in(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    young = people.young_person()
    ways.claim(app.test_client(), ways.new_card(app, session, young))
    address = ways.new_link(app, session, young)
    other = app.test_client()
    for device in (client, other):
        ways.press_open(device, address)
        ways.tap(device, address, ways.PICTURES[:3])
    assert ways.tap(client, address, ways.PICTURES[3:]).location == "/home"
    assert ways.tap(other, address, ways.PICTURES[3:]).status_code == 410


def test_a_link_of_a_child_whose_card_was_taken_back_works_by_itself(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    from app.people.models import Card

    young = people.young_person()
    ways.claim(app.test_client(), ways.new_card(app, session, young))
    session.query(Card).update({"revoked_at": clock.now()})
    session.commit()
    assert ways.press_open(client, ways.new_link(app, session, young)).location == "/home"
