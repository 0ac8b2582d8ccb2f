"""Who may see a wish, asked of the database and of the dial: the same, also for its owner; and what is taken back is gone."""

from __future__ import annotations

import itertools
import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import db
from app.messages.models import Message
from app.people.models import Care, Connection, Role
from app.wishes import ledger
from app.wishes.desk import desk_of
from app.wishes.hands import in_living_hands
from app.wishes.ladder import dial_of
from app.wishes.models import Wish
from tests.conftest import open_app, settings_for
from tests.factories import People
from tests.people.tokens import csrf
from tests.wishes.conftest import Circle, actor_of

ROLES = [
    {Role.designated_teacher},
    {Role.carer},
    {Role.virtual_school},
    {Role.social_worker},
    {Role.designated_teacher, Role.carer},
    {Role.virtual_school, Role.key_worker},
]
SHARES = ["pep", "not-home", "not-school", "chosen", "named"]


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Any) -> Any:
    name = "database_url" if request.param == "sqlite" else "postgres_url"
    yield from open_app(settings_for(request.getfixturevalue(name), tmp_path))


def test_the_database_and_the_dial_say_the_same_of_every_owner(house: Flask) -> None:
    people = People(db.session)  # type: ignore[arg-type]
    wishes: list[tuple[Wish, set[Role], str]] = []
    for care in Care:
        robin = people.young_person(care=care)
        for roles in ROLES:
            owner = people.adult(min(roles))
            begins = clock.today() - timedelta(days=30)
            for role in roles:
                db.session.add(Connection(adult_id=owner.id, young_person_id=robin.id, role=role, starts_on=begins))
            for share, question in itertools.product(SHARES, [None, "sec-proud", "mt-not-about"]):
                chosen = [str(owner.id)] if share == "named" else [str(uuid.uuid4())]
                wish = Wish(
                    key=str(uuid.uuid4()),
                    young_person_id=robin.id,
                    question_id=question,
                    section="about-me",
                    words="A bike",
                    language="en-GB",
                    share="chosen" if share == "named" else share,
                    chosen=chosen,
                    raised_by="child",
                    raised_by_id=robin.id,
                    raised_at=clock.now(),
                    owner_id=owner.id,
                )
                db.session.add(wish)
                wishes.append((wish, roles, care))
    db.session.commit()
    held = set(db.session.scalars(select(Wish.id).where(in_living_hands())))
    may = {wish.id for wish, roles, care in wishes if dial_of(wish, care).allows(wish.owner_id, roles)}
    assert held == may and 0 < len(may) < len(wishes)


def test_a_wish_without_an_owner_is_in_nobodys_hand(circle: Circle) -> None:
    circle.wish(share="chosen", chosen=[str(circle.worker.id)])
    assert circle.session.scalars(select(Wish.id).where(in_living_hands())).all() == []
    assert len(circle.session.scalars(select(Wish.id).where(~in_living_hands())).all()) == 1


def test_at_eighteen_what_the_people_at_home_looked_after_goes_to_somebody_else(circle: Circle) -> None:
    wish = circle.owned(circle.wish(), circle.carer)
    circle.robin.young.care = Care.care_leaver  # type: ignore[union-attr]
    circle.session.commit()
    assert circle.browser(circle.carer).get(f"/staff/wishes/{wish.id}").status_code == 404
    with circle.app.test_request_context():
        waiting = desk_of(circle.session, actor_of(circle.virtual), clock.now()).waiting
        assert [one.wish.id for one in waiting] == [wish.id]


def test_nobody_reads_a_wish_taken_back_by_sending_a_form_for_it(circle: Circle) -> None:
    wish = circle.owned(circle.wish("I want a new tutor"), circle.teacher)
    ledger.withdraw(circle.session, actor_of(circle.robin), wish)
    circle.session.commit()
    page = f"/staff/wishes/{wish.id}"
    browser = circle.browser(circle.teacher)
    for form, data in (
        ("own", {"due_on": ""}),
        ("steps", {"words": "We looked at your placement."}),
        ("reply", {"kind": "no", "words": "We looked at your placement."}),
    ):
        answer = browser.post(f"{page}/{form}", data={"csrf_token": csrf(browser), **data})
        html = answer.get_data(as_text=True)
        assert answer.status_code == 404 and "new tutor" not in html and "taken back" in html
    assert "new tutor" not in circle.text(circle.teacher, page)
    assert circle.browser(circle.people.adult(Role.social_worker)).get(page).status_code == 404


def test_a_form_that_is_shown_again_with_the_words_is_in_the_audit(circle: Circle) -> None:
    wish = circle.wish()
    browser = circle.browser(circle.teacher)
    data = {"csrf_token": csrf(browser), "owner": str(circle.teacher.id), "due_on": ""}
    answer = browser.post(f"/staff/wishes/{wish.id}/own", data=data)
    assert answer.status_code == 422 and "football club" in answer.get_data(as_text=True)
    assert reads(circle) == [wish.id]


def reads(circle: Circle) -> list[uuid.UUID | None]:
    rows = select(AuditEntry).where(AuditEntry.event == "wish.read").order_by(AuditEntry.at)
    return [one.thing_id for one in circle.session.scalars(rows)]


def test_words_read_in_a_list_are_in_the_audit_once_a_day_and_on_my_page(circle: Circle) -> None:
    wishes = [circle.wish(f"Wish number {number}") for number in range(4)]
    assert "Wish number 0" in circle.text(circle.teacher, "/home")
    assert reads(circle) == [one.id for one in wishes[:3]], "those that stand on the first page"
    assert "Ms Teal, your teacher for your PEP, read your wish on" in circle.text(circle.robin, "/mine")
    assert "has seen it" in circle.text(circle.robin, f"/wishes/{wishes[0].id}")
    for place in ("/staff/wishes", "/staff/wishes/list/waiting", "/home"):
        circle.text(circle.teacher, place)
    assert sorted(map(str, reads(circle))) == sorted(str(one.id) for one in wishes)


def test_whoever_has_left_is_not_told_that_it_is_back(circle: Circle) -> None:
    wish = circle.answered(circle.owned(circle.wish(), circle.worker), circle.worker)
    ends = circle.session.scalars(select(Connection).where(Connection.adult_id == circle.worker.id)).one()
    ends.ends_on = clock.today()
    circle.session.commit()
    ledger.verdict(circle.session, actor_of(circle.robin), circle.fresh(wish), "no")
    assert circle.session.scalars(select(Message)).all() == []
