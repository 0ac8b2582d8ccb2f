"""Whatever is typed, or left out, or sent from elsewhere: a kind page, never a crash, and nothing that was typed is run."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.db import db
from app.people.models import OneTimeLink, Pep, Person, Role
from app.safeguarding.content import load_contacts
from app.safeguarding.models import HelpContact
from app.voice.models import Answer, Response
from tests.factories import People, sign_in
from tests.forms import fields_of, fill

BAD = {
    "markup": "<script>alert('x')</script><img src=x onerror=alert(1)>{{ 7*7 }}${7*7}' OR 1=1 --",
    "turned round": "\u202egnp.exe\u202c \u2066\u2067 مرحبا \u200f",
    "control characters": "a\x00b\x01c\x1b[31m\x7f\u2028\ufffe\r\n\t",
    "emoji": "👩🏽‍🦽🏳️‍🌈🇵🇱 e\u0301\u0302\u0303 \U0001f9d1\u200d\U0001f680",
    "far too long": "long " * 1000,
    "half a letter": "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "nothing but spaces": " \u00a0\u3000\t",
}
NEVER_RUN = ("<script>alert", "<img src=x")
KIND = {200, 303, 400, 404, 409, 410, 422, 429}


@dataclass(frozen=True)
class Form:
    """One form: who sees it, on which page, which one it is when there are several, and the fields somebody types into."""

    who: str
    page: str
    action: str | None = None
    typed: tuple[str, ...] = ()


# Names in braces are filled with ids of the house below.
FORMS = {
    "a card or a link": Form("", "/go/nobody-has-this-card", typed=("device", "do", "words", "picture")),
    "a worker's sign-in": Form("", "/sign-in", typed=("email", "passphrase")),
    "an employer's offer": Form(
        "",
        "/opportunities/offer",
        typed=(
            "type",
            "title",
            "provider",
            "plain",
            "place_text",
            "pay_text",
            "places",
            "closes",
            "contact",
            "topics",
            "when",
        ),
    ),
    "what I want to hear about": Form(
        "robin", "/opportunities/mine", "/opportunities/mine/topics", typed=("topic", "do")
    ),
    "the start of a set": Form("robin", "/voice/", typed=("set",)),
    "who will read this": Form("robin", "/voice/{response}/", typed=("length",)),
    "a question": Form("robin", "/voice/{response}/sec-proud", typed=("answer", "else", "do", "seen", "then", "how")),
    "who sees an answer": Form("robin", "/voice/{response}/check/sec-proud", typed=("share", "who")),
    "send": Form("robin", "/voice/{response}/check", "/voice/{response}/send", typed=("more",)),
    "colours": Form("robin", "/mine", "/mine/look", typed=("theme", "scheme", "contrast")),
    "what carers see": Form("robin", "/mine", "/mine/carers", typed=("carer_sees_sent",)),
    "a new card": Form("teacher", "/staff/young-people/{robin}", "/staff/young-people/{robin}/card", typed=("kind",)),
    "a new link": Form("teacher", "/staff/young-people/{robin}", "/staff/young-people/{robin}/link", typed=("also",)),
    "which questions": Form(
        "teacher", "/staff/young-people/{robin}/template", typed=("question_set", "place", "short_path", "flags")
    ),
    "a number of the help page": Form(
        "virtual_school",
        "/staff/help-contacts/{contact}",
        typed=("label", "name", "note", "number", "text_number", "text_word", "website", "opens", "checked_on"),
    ),
}


@dataclass
class House:
    """People to try it with, and another child who must not be reached."""

    app: Flask
    session: Session
    ids: dict[str, Any]
    others: dict[str, Any]
    known: dict[str, Person]

    def client(self, who: str) -> FlaskClient:
        """Return somebody's browser."""
        client = self.app.test_client()
        if who:
            sign_in(self.app, client, self.known[who], way="card" if who in ("robin", "wren") else "worker")
        return client

    def address(self, path: str) -> str:
        """Fill the ids in."""
        return path.format(**self.ids)


def begun(house: House, who: str, set_id: str) -> str:
    """Begin a set, answer one question, and return the response's id."""
    client, person = house.client(who), house.known[who]
    fill(client, "/voice/", {"set": set_id}, action="/voice/start")
    house.session.expire_all()
    response = house.session.scalars(select(Response).where(Response.young_person_id == person.id)).one()
    fill(client, f"/voice/{response.id}/", {"length": "long"})
    question = {"secondary": "sec-proud", "primary": "pri-proud"}[set_id]
    fill(client, f"/voice/{response.id}/{question}", {"answer": "Something of mine.", "do": "next"})
    return str(response.id)


@pytest.fixture
def house(app: Flask, session: Session, people: People) -> House:
    """Robin with a teacher, Wren with nobody of them, and the Virtual School."""
    robin, wren = people.young_person("Robin", year_group=9), people.young_person("Wren", year_group=9)
    teacher = people.connected(Role.designated_teacher, robin)
    people.connected(Role.carer, robin)
    people.connected(Role.social_worker, wren)
    virtual_school = people.adult(Role.virtual_school)
    peps = people.pep(robin), people.pep(wren)
    load_contacts(session)
    contact = session.scalars(select(HelpContact)).first()
    known = {"robin": robin, "wren": wren, "teacher": teacher, "virtual_school": virtual_school}
    found = House(app, session, {}, {}, known)
    found.ids = {
        "robin": robin.id,
        "pep": peps[0].id,
        "contact": contact.id if contact else uuid.uuid4(),
        "response": begun(found, "robin", "secondary"),
    }
    found.others = {"young": wren.id, "pep": peps[1].id, "response": begun(found, "wren", "secondary")}
    return found


def press(house: House, form: Form, client: FlaskClient, change: Callable[[Any], None]) -> TestResponse:
    """Open a form's page, change what it would send, and send it."""
    page = client.get(house.address(form.page))
    assert page.status_code == 200, page.status_code
    action = house.address(form.action) if form.action else None
    target, fields = fields_of(page.get_data(as_text=True), action=action)
    change(fields)
    return client.post(target or house.address(form.page), data=fields)


def is_kind(answer: TestResponse) -> None:
    """The answer is one a person can read, and nothing that was typed stands in it as code."""
    assert answer.status_code in KIND, answer.status_code
    html = answer.get_data(as_text=True)
    for code in NEVER_RUN:
        assert code not in html


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("name", FORMS)
def test_whatever_is_typed_gets_a_kind_page(house: House, name: str, kind: str) -> None:
    form = FORMS[name]

    def change(fields: Any) -> None:
        for field in form.typed:
            fields.setlist(field, [BAD[kind]])

    client = house.client(form.who)
    is_kind(press(house, form, client, change))
    again = client.get(house.address(form.page))
    assert again.status_code in (200, 303)
    is_kind(again)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_with_its_fields_missing_gets_a_kind_page(house: House, name: str) -> None:
    form = FORMS[name]

    def change(fields: Any) -> None:
        for field in [one for one in fields if one != "csrf_token"]:
            fields.poplist(field)

    is_kind(press(house, form, house.client(form.who), change))


@pytest.mark.parametrize("token", ["", "made up", None], ids=["empty", "made up", "left out"])
@pytest.mark.parametrize("name", FORMS)
def test_a_form_with_a_wrong_token_does_nothing_and_says_so_kindly(house: House, name: str, token: str | None) -> None:
    form = FORMS[name]

    def change(fields: Any) -> None:
        fields.poplist("csrf_token")
        if token is not None:
            fields.add("csrf_token", token)
        if "answer" in form.typed:
            fields.setlist("answer", ["Words worth keeping."])

    answer = press(house, form, house.client(form.who), change)
    assert answer.status_code == 400
    is_kind(answer)
    if "answer" in form.typed:
        assert "Words worth keeping." in answer.get_data(as_text=True)


def own_posts(house: House) -> list[tuple[str, str]]:
    """Return each POST address that holds an id, with the ids of a child that the sender must not reach."""
    other = house.others
    return [
        ("robin", f"/voice/{other['response']}/"),
        ("robin", f"/voice/{other['response']}/sec-proud"),
        ("robin", f"/voice/{other['response']}/check/sec-proud"),
        ("robin", f"/voice/{other['response']}/send"),
        ("teacher", f"/staff/young-people/{other['young']}/card"),
        ("teacher", f"/staff/young-people/{other['young']}/card/revoke"),
        ("teacher", f"/staff/young-people/{other['young']}/link"),
        ("teacher", f"/staff/young-people/{other['young']}/template"),
        ("teacher", f"/beside/{other['young']}"),
        ("virtual_school", f"/staff/help-contacts/{uuid.uuid4()}"),
    ]


def test_another_childs_ids_are_pages_that_do_not_exist_and_nothing_of_theirs_changes(house: House) -> None:
    before = everything_of(house)
    for who, address in own_posts(house):
        client = house.client(who)
        token = fields_of(client.get("/mine").get_data(as_text=True))[1]["csrf_token"]
        answer = client.post(address, data={"csrf_token": token, "answer": "Mine now", "share": "pep", "kind": "words"})
        assert answer.status_code == 404, address
        for found in ("Wren", "Something of mine."):
            assert found not in answer.get_data(as_text=True)
    assert everything_of(house) == before


def everything_of(house: House) -> list[Any]:
    """Return what stands on the disk of the child that nobody here may reach."""
    house.session.expire_all()
    answers = house.session.scalars(select(Answer).where(Answer.response_id == uuid.UUID(house.others["response"])))
    links = house.session.scalars(select(OneTimeLink).where(OneTimeLink.person_id == house.others["young"]))
    return [*((one.question_id, one.version, one.content, one.share) for one in answers), *(one.id for one in links)]


@pytest.mark.parametrize("name", ["markup", "emoji", "turned round"])
def test_what_was_typed_is_shown_again_as_it_was_typed(house: House, name: str) -> None:
    client = house.client("robin")
    address = house.address("/voice/{response}/sec-hard-lessons")
    assert fill(client, address, {"answer": BAD[name], "do": "next"}).status_code == 303
    shown = fields_of(client.get(address).get_data(as_text=True))[1]["answer"].strip()
    turned = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
    assert shown.split() == normalize("NFC", BAD[name].translate(turned)).split()


def test_more_than_we_can_keep_is_told_before_anything_is_lost(house: House) -> None:
    client = house.client("robin")
    answer = fill(client, house.address("/voice/{response}/sec-hard-lessons"), {"answer": BAD["far too long"]})
    assert answer.status_code == 422
    assert BAD["far too long"].strip() in answer.get_data(as_text=True)


@pytest.mark.parametrize("question", ["not-a-question", "pri-proud", "sec-next-step", "x" * 3000, "%00", "..%2f.."])
def test_a_question_that_is_not_asked_is_a_page_that_does_not_exist(house: House, question: str) -> None:
    client = house.client("robin")
    assert client.get(house.address("/voice/{response}/") + question).status_code == 404


def test_a_meeting_that_was_meanwhile_keeps_the_words_and_sends_nothing(house: House) -> None:
    from datetime import timedelta

    from app.core import clock

    house.session.get_one(Pep, house.ids["pep"]).meeting_on = clock.today() - timedelta(days=2)
    db.session.commit()
    client = house.client("robin")
    for path in ("/voice/{response}/sec-proud", "/voice/{response}/check"):
        is_kind(client.get(house.address(path)))
    saved = fill(client, house.address("/voice/{response}/sec-proud"), {"answer": "Said too late.", "do": "next"})
    assert saved.status_code in (200, 303)
    html = client.get(house.address("/voice/{response}/sec-proud")).get_data(as_text=True)
    assert "Said too late." in html
