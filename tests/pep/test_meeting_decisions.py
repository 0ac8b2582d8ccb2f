"""Decisions: pressed twice is once, what is changed is changed in the wish too, and the words of home are on the table."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import db, new_id
from app.people.models import Person, Role
from app.pep import meeting_decisions
from app.pep.meeting import open_room
from app.pep.models import MeetingDecision
from app.wishes import ledger
from app.wishes.models import Wish, WishStep
from tests.conftest import open_app, settings_for
from tests.factories import People
from tests.forms import fields_of, fill
from tests.people.test_at_once import at_once
from tests.pep.meeting_house import House, text
from tests.wishes.conftest import actor_of


def wished(house: House, words: str = "A lamp for my desk", *, pep_id: uuid.UUID | None = None) -> Wish:
    """Return a wish of Robin's, from no answer."""
    with house.app.test_request_context():
        wish = ledger.raise_wish(
            house.session,
            actor_of(house.robin),
            young_person_id=house.robin.id,
            pep_id=pep_id,
            words=words,
            language="en-GB",
            share="pep",
            chosen=[],
            section="desirable-outcomes",
        )
        house.session.commit()
        return wish


def by(day: date, owner: Person) -> dict[str, Any]:
    return {"owner": str(owner.id), "day": day.day, "month": day.month, "year": day.year}


def change(house: House, client: FlaskClient, words: str, **more: Any) -> int:
    row = decision(house)
    data = {"decision": str(row.id), "seen": str(row.version), **more}
    return house.decide(client, words, **data).status_code


def decision(house: House) -> MeetingDecision:
    house.session.expire_all()
    return house.session.scalars(select(MeetingDecision)).one()


def steps(house: House) -> list[WishStep]:
    house.session.expire_all()
    return list(house.session.scalars(select(WishStep).order_by(WishStep.id)))


@pytest.fixture
def teacher(house: House) -> Person:
    return house.adult()


@pytest.fixture
def desk(house: House, teacher: Person) -> FlaskClient:
    """The teacher's browser."""
    return house.client(teacher)


def test_pressed_twice_is_one_decision_and_one_step(house: House, desk: FlaskClient) -> None:
    wish = wished(house)
    _action, form = fields_of(text(desk.get(f"{house.at}/decisions")), action=f"{house.at}/decisions")
    data = {**form.to_dict(), "words": "We buy a lamp", "beside": f"wish:{wish.id}"}
    for _twice in range(2):
        assert desk.post(f"{house.at}/decisions", data=data).status_code == 303
    assert decision(house).words == "We buy a lamp"
    assert [one.words for one in steps(house)] == ["We buy a lamp"]


def test_going_back_and_pressing_again_with_other_words_changes_the_one_there_is(
    house: House, desk: FlaskClient
) -> None:
    _action, form = fields_of(text(desk.get(f"{house.at}/decisions")), action=f"{house.at}/decisions")
    data = {**form.to_dict(), "beside": "", "decision": ""}
    desk.post(f"{house.at}/decisions", data={**data, "words": "We buy a lamp"})
    page = text(desk.post(f"{house.at}/decisions", data={**data, "words": "We buy two lamps"}), 409)
    assert "We buy a lamp" in page and "We buy two lamps" in page
    shown = [one for one in forms(page, f"{house.at}/decisions") if one["words"].strip() == "We buy two lamps"]
    assert desk.post(f"{house.at}/decisions", data=shown[-1]).status_code == 303
    assert decision(house).words == "We buy two lamps"


def forms(page: str, action: str) -> list[dict[str, str]]:
    """Return every form of a page that posts to an address."""
    parts = [f"<form{part}" for part in page.split("<form")[1:]]
    return [fields_of(part, action=action)[1].to_dict() for part in parts if f'action="{action}"' in part]


def test_a_changed_decision_changes_its_step_its_owner_and_its_day(
    house: House, desk: FlaskClient, teacher: Person
) -> None:
    wish, worker = wished(house), house.adult(Role.social_worker, "Mr Birch")
    soon, later = (clock.today() + timedelta(days=days) for days in (7, 21))
    house.decide(desk, "We buy a lamp", beside=f"wish:{wish.id}", **by(soon, worker))
    assert change(house, desk, "We cannot buy one. You get mine.", **by(later, teacher)) == 303
    now = house.now(wish)
    assert (now.owner_id, now.due_on) == (teacher.id, later)
    page = text(house.client(house.robin).get("/home"))
    assert "You get mine." in page and "We buy a lamp" not in page
    assert len(steps(house)) == 2, "nothing in the ledger is lost"


def test_a_new_day_alone_makes_no_second_step(house: House, desk: FlaskClient, teacher: Person) -> None:
    wish, day = wished(house), clock.today() + timedelta(days=7)
    house.decide(desk, "We buy a lamp", beside=f"wish:{wish.id}", **by(day, teacher))
    change(house, desk, "We buy a lamp", **by(day + timedelta(days=1), teacher))
    assert house.now(wish).due_on == day + timedelta(days=1) and len(steps(house)) == 1


def test_a_changed_step_is_not_read_in_the_old_translation(house: House, desk: FlaskClient, teacher: Person) -> None:
    wish = wished(house)
    house.decide(desk, "We buy a lamp", beside=f"wish:{wish.id}")
    with house.app.test_request_context():
        ledger.translate_step(house.session, actor_of(teacher), house.now(wish), steps(house)[0].id, "نشتري", "ar")
        house.session.commit()
    change(house, desk, "You get mine.")
    page = text(house.client(house.robin).get("/home?lang=ar"))
    assert "You get mine." in page and "نشتري" not in page


def test_what_was_done_stays_told_when_the_decision_is_changed(
    house: House, desk: FlaskClient, teacher: Person
) -> None:
    wish = wished(house)
    house.decide(desk, "We buy a lamp", beside=f"wish:{wish.id}")
    with house.app.test_request_context():
        ledger.step_done(house.session, actor_of(teacher), house.now(wish), steps(house)[0].id)
        house.session.commit()
    change(house, desk, "We buy a desk too")
    page = text(house.client(house.robin).get("/home"))
    assert "We buy a lamp" in page and "We buy a desk too" in page


def test_a_wish_that_somebody_took_on_otherwise_keeps_its_owner(
    house: House, desk: FlaskClient, teacher: Person
) -> None:
    wish, worker = wished(house), house.adult(Role.social_worker, "Mr Birch")
    day = clock.today() + timedelta(days=7)
    with house.app.test_request_context():
        ledger.own(house.session, actor_of(worker), wish, worker.id, day)
        house.session.commit()
    house.decide(desk, "We buy a lamp", beside=f"wish:{wish.id}", **by(day + timedelta(days=3), teacher))
    assert (house.now(wish).owner_id, house.now(wish).due_on) == (worker.id, day)
    assert steps(house)[0].words == "We buy a lamp"


def test_wishes_said_between_terms_come_to_the_meeting_and_may_be_answered_there(
    house: House, desk: FlaskClient
) -> None:
    before = house.people.pep(house.robin, term="2025-26-3", in_days=-90)
    old, unplanned = wished(house, "A bike", pep_id=before.id), wished(house, "A cat")
    page = text(desk.get(f"{house.at}/decisions"))
    assert "A bike" in page and "A cat" in page
    for wish in (old, unplanned):
        assert house.decide(desk, f"We talk about {wish.words}", beside=f"wish:{wish.id}").status_code == 303
    assert {one.wish_id for one in steps(house)} == {old.id, unplanned.id}
    with house.app.test_request_context():
        for wish in (old, unplanned):
            ledger.reply(house.session, actor_of(house.adult()), house.now(wish), "yes", "Yes", "en-GB")
        house.session.commit()
    page = text(desk.get(f"{house.at}/decisions"))
    assert "We talk about A bike" in page, "a decision is read on when its wish has been answered"


def test_a_wish_of_an_earlier_term_that_was_answered_is_not_brought_up_again(house: House, desk: FlaskClient) -> None:
    before = house.people.pep(house.robin, term="2025-26-3", in_days=-90)
    wish = wished(house, "A bike", pep_id=before.id)
    with house.app.test_request_context():
        ledger.reply(house.session, actor_of(house.adult()), wish, "yes", "You have one", "en-GB")
        house.session.commit()
    assert "A bike" not in text(desk.get(f"{house.at}/decisions"))


def test_what_the_people_at_home_want_raised_is_raised(house: House, desk: FlaskClient) -> None:
    carer = house.adult(Role.carer, "Juniper")
    asked = house.said("car-want-school", "Send homework on Mondays", set_id="carer", by=carer)
    house.said("car-anything", "Not for Robin yet", set_id="carer", by=carer, share="not-child")
    address = f"{house.at}/decisions"
    page = text(desk.get(address))
    assert "Send homework on Mondays" in page and "Juniper" in page and "Not for Robin yet" in page
    assert [form["beside"] for form in forms(page, address) if form["beside"]] == [str(asked.id)]
    assert "Our answer to all of this" not in page, "that line answers the child"
    house.decide(desk, "Homework comes on Mondays", beside=str(asked.id))
    assert "Homework comes on Mondays" in text(desk.get(address))
    assert "have no answer yet" not in text(desk.get(f"{house.at}/close"))


def test_the_words_of_home_are_not_on_the_desk_of_who_may_not_read_them(
    app: Flask, session: Session, people: People
) -> None:
    house = House(app, session, people, care="care_leaver")
    carer, adviser = house.adult(Role.carer, "Juniper"), house.adult(Role.personal_adviser, "Ms Rowan")
    house.said("car-want-school", "Send homework on Mondays", set_id="carer", by=carer)
    assert "Send homework" not in text(house.client(adviser).get(f"{house.at}/decisions"))


# -- who has read it -----------------------------------------------------------------------------------------------------


def test_reading_the_words_on_the_page_of_decisions_is_reading_them(house: House, desk: FlaskClient) -> None:
    house.said("sec-goal", "Move maths set")
    robin = house.client(house.robin)
    assert "Ms Alder, your teacher for your PEP, can read it. Not opened yet." in text(robin.get("/home"))
    text(desk.get(f"{house.at}/decisions"))
    assert "Ms Alder, your teacher for your PEP, read this on" in text(robin.get("/home"))
    entry = house.session.scalars(select(AuditEntry).where(AuditEntry.event == "record.read")).one()
    assert fill(robin, "/mine", {"entry": str(entry.id)}, action="/mine/why").status_code == 303
    assert "asks: why did you open my page" in text(desk.get("/home"))


@pytest.mark.parametrize("card", [1, 2])
def test_every_card_that_shows_words_is_in_the_audit(house: House, desk: FlaskClient, card: int) -> None:
    for question in ("sec-goal", "sec-proud", "sec-anything"):
        house.said(question, "Words")
    text(desk.get(f"{house.at}/cards?card={card}"))
    robin = house.client(house.robin)
    assert "Ms Alder, your teacher for your PEP, read this on" in text(robin.get("/home"))
    assert "opened the cards for your meeting on" in text(robin.get("/mine"))


def test_the_checklist_is_no_reading_of_what_does_not_stand_on_it(house: House, desk: FlaskClient) -> None:
    house.said("sec-goal", "Move maths set")
    text(desk.get(house.at))
    robin = house.client(house.robin)
    assert "Not opened yet." in text(robin.get("/home"))
    house.said("mt-where", ["home"], set_id="meeting")
    text(desk.get(house.at))
    assert "read this on" in text(robin.get("/home"))


# -- at once -------------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["database_url", "postgres_url"])
def real(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """The house on SQLite, and on PostgreSQL."""
    for app in open_app(settings_for(request.getfixturevalue(request.param), tmp_path)):
        yield House(app, db.session, People(db.session))  # type: ignore[arg-type]


def test_one_press_that_arrives_many_times_at_once_is_one_decision(real: House) -> None:
    teacher_id, pep_id, wish_id, once = real.adult().id, real.pep.id, wished(real).id, new_id()

    def press() -> str:
        with real.app.test_request_context():
            try:
                _decide(teacher_id, pep_id, wish_id, once)
                db.session.commit()
            except Exception as error:
                db.session.rollback()
                return type(error).__name__
            return "done"

    assert at_once(4, press) == ["done"] * 4
    assert decision(real).words == "We buy a lamp"
    assert [one.words for one in steps(real)] == ["We buy a lamp"]


def _decide(teacher_id: uuid.UUID, pep_id: uuid.UUID, wish_id: uuid.UUID, once: uuid.UUID) -> None:
    actor = actor_of(db.session.get_one(Person, teacher_id))
    meeting_decisions.decide(
        db.session,
        actor,
        open_room(db.session, actor, pep_id, clock.today()),
        decision_id=None,
        once=once,
        words="We buy a lamp",
        owner=str(teacher_id),
        due_on=clock.today() + timedelta(days=7),
        beside=f"wish:{wish_id}",
        language="en-GB",
        seen=0,
        on=clock.today(),
    )
