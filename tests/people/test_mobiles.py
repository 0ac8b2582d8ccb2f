"""An adult's own mobile number: typed in many ways, kept in one, and never by somebody else unseen."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import AuditEntry
from app.messages.models import Message
from app.people.mobiles import NotAMobile, as_mobile
from app.people.models import Person, Role
from tests.factories import People, sign_in
from tests.forms import fill
from tests.people.tokens import csrf

NUMBER = "+447911123456"


@pytest.mark.parametrize(
    "typed", ["07911 123456", "+44 (0)7911 123-456", "00447911123456", "٠٧٩١١١٢٣٤٥٦", " 07911123456 "]
)
def test_a_number_is_understood_however_it_is_typed(typed: str) -> None:
    assert as_mobile(typed) == NUMBER


def test_a_number_of_another_country_keeps_its_country() -> None:
    assert as_mobile("+48 512 345 678") == "+48512345678"


@pytest.mark.parametrize("typed", ["01733 747474", "0800 1111", "12", "seven", "07911 12345678", "+999 123"])
def test_what_no_text_message_reaches_is_refused(typed: str) -> None:
    with pytest.raises(NotAMobile):
        as_mobile(typed)


def test_a_carer_sets_changes_and_removes_their_number(app: Flask, session: Session, people: People) -> None:
    carer = people.adult(Role.carer, "Jo")
    client = app.test_client()
    sign_in(app, client, carer, way="link")
    for typed, kept in (("07911 123456", NUMBER), ("07911 123456", NUMBER), ("", None)):
        assert fill(client, "/mine", {"mobile": typed}, action="/mine/mobile").status_code == 303
        session.expire_all()
        assert session.get_one(Person, carer.id).mobile == kept
    changes = session.scalars(select(AuditEntry).where(AuditEntry.event == "person.mobile-changed")).all()
    assert [one.detail for one in changes] == ["set", "removed"]
    told = session.scalars(select(Message).where(Message.template == "mobile_changed")).all()
    assert {one.address for one in told} == {carer.email}


def test_a_wrong_number_is_kept_in_the_box_with_what_to_do(app: Flask, people: People) -> None:
    client = app.test_client()
    sign_in(app, client, people.adult(Role.social_worker, "Mr Ash"), way="worker")
    answer = fill(client, "/mine", {"mobile": "01733 747474"}, action="/mine/mobile")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "Try the mobile number again" in page and "01733 747474" in page


def test_a_number_that_somebody_else_has_is_refused(app: Flask, session: Session, people: People) -> None:
    people.adult(Role.carer, "Kim").mobile = "07911123456"
    session.commit()
    client = app.test_client()
    sign_in(app, client, people.adult(Role.carer, "Jo"), way="link")
    assert fill(client, "/mine", {"mobile": NUMBER}, action="/mine/mobile").status_code == 422


def test_a_young_person_has_no_such_box(app: Flask, people: People) -> None:
    client = app.test_client()
    sign_in(app, client, people.young_person("Robin"))
    assert client.post("/mine/mobile", data={"csrf_token": csrf(client), "mobile": NUMBER}).status_code == 403
