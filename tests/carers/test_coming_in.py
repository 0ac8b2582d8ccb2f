"""Carers and key workers come in with a link and a code, and only they."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import db
from app.messages.models import Message
from app.messages.templates import render
from app.people.models import Connection, OneTimeLink, Person, Role, SignIn
from app.people.reaching import tidy
from tests.carers.conftest import Family
from tests.factories import People, sign_in
from tests.forms import fill
from tests.people.ways import is_in


def messages(session: Session) -> list[Message]:
    session.expire_all()
    return list(session.scalars(select(Message).order_by(Message.id)))


def texts(app: Flask, session: Session) -> list[str]:
    return [render(one.template, one.params, one.language).body for one in messages(session)]


def code_in(session: Session) -> str:
    return str(next(one.params["code"] for one in reversed(messages(session)) if one.template == "carer_code"))


def link_in(session: Session) -> str:
    return str(next(one.params["path"] for one in reversed(messages(session)) if "path" in one.params))


def invite(family: Family, adult: Person, by: Person | None = None) -> str:
    worker = family.app.test_client()
    sign_in(family.app, worker, by or family.social_worker, way="worker")
    action = f"/staff/young-people/{family.robin.id}/invite/{adult.id}"
    page = fill(worker, f"/staff/young-people/{family.robin.id}", action=action)
    assert page.status_code == 200
    html = page.get_data(as_text=True)
    found = re.search(r">(\d{6})<", html)
    return found.group(1) if found else ""


def asks(client: FlaskClient, where: str) -> str:
    answer = fill(client, "/carer/sign-in", {"where": where})
    assert answer.status_code == 303
    return client.get(answer.headers["Location"]).get_data(as_text=True).split("<main", 1)[1].split('name="csrf')[0]


def test_an_invitation_names_no_child_and_its_code_is_told_by_the_worker(family: Family) -> None:
    code = invite(family, family.carer.adult)
    assert len(code) == 6
    [body] = texts(family.app, family.people.session)
    assert "Robin" not in body and code not in body and "/go/" in body
    phone = family.app.test_client()
    fill(phone, link_in(family.people.session))
    assert not is_in(phone)
    assert fill(phone, "/carer/sign-in/code", {"code": f"{code[:3]} {code[3:]}"}).status_code == 303
    assert is_in(phone)


def test_with_e_mail_and_mobile_the_code_goes_by_the_other(family: Family) -> None:
    family.carer.adult.mobile = "07700 900 123"
    family.people.session.commit()
    assert invite(family, family.carer.adult) == ""
    assert [(one.kind, one.template) for one in messages(family.people.session)] == [
        ("email", "carer_invitation"),
        ("sms", "carer_code"),
    ]


def test_a_forwarded_invitation_is_useless_without_the_code(family: Family) -> None:
    invite(family, family.carer.adult)
    stranger = family.app.test_client()
    fill(stranger, link_in(family.people.session))
    for _ in range(3):
        assert fill(stranger, "/carer/sign-in/code", {"code": "000000"}).status_code == 422
    assert not is_in(stranger)


def test_guessing_ends_with_the_link_taken_back(family: Family) -> None:
    code = invite(family, family.carer.adult)
    stranger = family.app.test_client()
    fill(stranger, link_in(family.people.session))
    wrong = "111111" if code != "111111" else "222222"
    start = clock.now()
    for step in range(8):
        with time_machine.travel(start + timedelta(minutes=3 * step), tick=False):
            fill(stranger, "/carer/sign-in/code", {"code": wrong})
    family.people.session.expire_all()
    assert family.people.session.scalars(select(OneTimeLink)).one().cancelled_at is not None


def test_looking_at_the_link_does_not_burn_it(family: Family) -> None:
    code = invite(family, family.carer.adult)
    link = link_in(family.people.session)
    for _ in range(3):
        assert family.app.test_client().get(link).status_code == 200
    phone = family.app.test_client()
    fill(phone, link)
    fill(phone, "/carer/sign-in/code", {"code": code})
    assert is_in(phone)


def test_a_link_and_its_code_work_once(family: Family) -> None:
    code = invite(family, family.carer.adult)
    for expected in (True, False):
        phone = family.app.test_client()
        fill(phone, link_in(family.people.session))
        fill(phone, "/carer/sign-in/code", {"code": code})
        assert is_in(phone) is expected


def test_only_somebody_at_home_with_this_child_can_be_invited(family: Family) -> None:
    worker = family.app.test_client()
    sign_in(family.app, worker, family.social_worker, way="worker")
    html = worker.get(f"/staff/young-people/{family.robin.id}").get_data(as_text=True)
    token = html.split('name="csrf_token" value="')[1].split('"')[0]
    stranger = family.people.adult(Role.carer, "Stranger")
    for adult in (stranger, family.teacher):
        address = f"/staff/young-people/{family.robin.id}/invite/{adult.id}"
        assert worker.post(address, data={"csrf_token": token}).status_code == 404


def test_a_carer_asks_for_a_code_and_comes_in_on_the_same_phone(family: Family) -> None:
    phone = family.app.test_client()
    asks(phone, (family.carer.adult.email or "").upper() + " ")
    assert [one.template for one in messages(family.people.session)] == ["carer_link", "carer_code"]
    fill(phone, "/carer/sign-in/code", {"code": code_in(family.people.session)})
    assert is_in(phone)
    row = family.people.session.scalars(select(SignIn).where(SignIn.way == "code")).one()
    assert row.idle_seconds == 20 * 60 and row.ends_at - row.began_at == timedelta(hours=4)


def test_known_and_unknown_get_the_same_answer(family: Family) -> None:
    known = asks(family.app.test_client(), family.carer.adult.email or "")
    unknown = asks(family.app.test_client(), "nobody@example.org")
    teacher = asks(family.app.test_client(), family.teacher.email or "")
    assert known == unknown == teacher
    assert {one.address for one in messages(family.people.session)} == {family.carer.adult.email}


def test_known_and_unknown_take_the_same_work(family: Family) -> None:
    def written_for(where: str) -> list[str]:
        found: list[str] = []

        def keep(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            found.append(" ".join(statement.split()[:3]))

        event.listen(db.engine, "before_cursor_execute", keep)
        asks(family.app.test_client(), where)
        event.remove(db.engine, "before_cursor_execute", keep)
        return [one for one in found if one.startswith(("INSERT", "UPDATE")) and " person" not in one]

    known = written_for(family.carer.adult.email or "")
    unknown = written_for("nobody@example.org")
    assert known == unknown and "INSERT INTO one_time_link" in known
    nobodys = select(func.count()).select_from(Person).where(Person.name == "")
    assert family.people.session.scalar(nobodys) == 0


@pytest.mark.parametrize("where", ["no\nbody@example.org", "no\0body", "07700\r\n"])
def test_what_no_message_could_be_sent_to_is_answered_like_anything_else(family: Family, where: str) -> None:
    assert fill(family.app.test_client(), "/carer/sign-in", {"where": where}).status_code == 303


def test_a_mobile_number_is_known_however_it_is_written(family: Family) -> None:
    family.carer.adult.mobile = "07700 900123"
    family.people.session.commit()
    asks(family.app.test_client(), "+44 (0)7700-900 123")
    assert {(one.kind, one.address) for one in messages(family.people.session)} == {("sms", "+447700900123")}


def test_asking_too_often_is_met_with_a_rest(family: Family) -> None:
    phone = family.app.test_client()
    email = family.carer.adult.email
    answers = [fill(phone, "/carer/sign-in", {"where": email}).status_code for _ in range(5)]
    assert answers[:3] == [303, 303, 303] and answers[-1] == 429


def test_a_code_is_too_old_after_a_quarter_of_an_hour(family: Family) -> None:
    phone = family.app.test_client()
    asks(phone, family.carer.adult.email or "")
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert fill(phone, "/carer/sign-in/code", {"code": code_in(family.people.session)}).status_code == 422


def test_somebody_whose_child_moved_comes_in_and_sees_nobody(family: Family) -> None:
    row = family.people.session.scalars(select(Connection).where(Connection.adult_id == family.carer.adult.id)).one()
    row.ends_on = clock.today()
    family.people.session.commit()
    phone = family.app.test_client()
    asks(phone, family.carer.adult.email or "")
    fill(phone, "/carer/sign-in/code", {"code": code_in(family.people.session)})
    html = phone.get("/carer/").get_data(as_text=True)
    assert "Nobody is listed here yet" in html and "Robin" not in html


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ash@Example.ORG ", "ash@example.org"),
        ("07700 900123", "+447700900123"),
        ("0044 7700 900123", "+447700900123"),
        ("+48 600 100 200", "+48600100200"),
        ("٠٧٧٠٠ ٩٠٠١٢٣", "+447700900123"),
        ("12345", None),
        ("call me", None),
        ("", None),
    ],
)
def test_addresses_are_kept_one_way(typed: str, kept: str | None) -> None:
    assert tidy(typed) == kept


def test_a_person_without_address_or_number_cannot_be_invited(family: Family, people: People) -> None:
    family.carer.adult.email = None
    people.session.commit()
    worker = family.app.test_client()
    sign_in(family.app, worker, family.social_worker, way="worker")
    page = fill(
        worker,
        f"/staff/young-people/{family.robin.id}",
        action=f"/staff/young-people/{family.robin.id}/invite/{family.carer.adult.id}",
        follow_redirects=True,
    )
    assert "no e-mail address or mobile number" in page.get_data(as_text=True)
