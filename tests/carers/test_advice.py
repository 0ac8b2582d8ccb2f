"""A family of a child previously in care asks for advice, and is told who answers and by when."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import LONDON
from app.core.working_days import working_days_after
from app.home.models import AdviceRequest
from app.messages.models import Message
from app.people.models import Role
from tests.factories import People, sign_in
from tests.forms import fill

ASKED = {"topic": "support", "contact": "ash@example.org", "name": "Ash", "words": "Who pays?", "agreed": "yes"}


def how_many(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(AdviceRequest)) or 0


def test_a_family_is_told_who_answers_and_by_when(client: FlaskClient, session: Session, people: People) -> None:
    yew = people.adult(Role.virtual_school, "Ms Yew")
    with time_machine.travel(datetime(2026, 12, 23, 12, tzinfo=LONDON), tick=False):
        answer = fill(client, "/advice", ASKED)
        assert answer.status_code == 303
        html = client.get(answer.headers["Location"]).get_data(as_text=True)
    # Christmas Day, Boxing Day (on the Monday) and New Year's Day are no working days.
    assert "Virtual School" in html and "Monday 4 January 2027" in html
    row = session.scalars(select(AdviceRequest)).one()
    assert row.answer_by == date(2027, 1, 4)
    message = session.scalars(select(Message)).one()
    assert message.address == yew.email and message.params == {"day": "2027-01-04"}


def test_what_a_family_wrote_is_sealed(client: FlaskClient, session: Session) -> None:
    fill(client, "/advice", ASKED)
    raw = session.connection().exec_driver_sql("select name, contact, words from advice_request").one()
    assert not any(b"sh@example" in bytes(value) or b"Ash" in bytes(value) for value in raw)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"topic": None}, "Choose what it is about"),
        ({"topic": "magic"}, "Choose what it is about"),
        ({"contact": "call me"}, "Type an e-mail address or a phone number"),
        ({"agreed": None}, "Tick this"),
        ({"words": "x" * 2001}, "a little shorter"),
    ],
)
def test_what_is_missing_is_asked_for_and_the_words_stay(
    client: FlaskClient, session: Session, change: dict[str, str | None], said: str
) -> None:
    answer = fill(client, "/advice", {**ASKED, **change})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422 and said in html and "Ash" in html
    assert how_many(session) == 0


def test_a_machine_that_fills_every_field_gets_the_same_answer_and_leaves_nothing(
    client: FlaskClient, session: Session
) -> None:
    person = fill(client, "/advice", ASKED)
    machine = fill(client, "/advice", {**ASKED, "website": "https://example.org"})
    assert (person.status_code, person.headers["Location"]) == (machine.status_code, machine.headers["Location"])
    assert how_many(session) == 1


def test_many_questions_from_one_place_rest(client: FlaskClient, session: Session) -> None:
    answers = [fill(client, "/advice", ASKED).status_code for _ in range(6)]
    assert answers[0] == 303 and answers[-1] == 429
    assert how_many(session) < 6


def test_the_virtual_school_answers_and_the_family_is_cleared(
    app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    fill(client, "/advice", ASKED)
    staff = app.test_client()
    sign_in(app, staff, people.adult(Role.virtual_school, "Ms Yew"), way="worker")
    html = staff.get("/staff/advice").get_data(as_text=True)
    assert "ash@example.org" in html and "Who pays?" in html
    row = session.scalars(select(AdviceRequest)).one()
    action = f"/staff/advice/{row.id}/answered"
    assert fill(staff, "/staff/advice", action=action).status_code == 303
    session.expire_all()
    assert (row.name, row.contact, row.words) == ("", "", "") and row.answered_at is not None
    assert "ash@example.org" not in staff.get("/staff/advice").get_data(as_text=True)


def test_only_the_virtual_school_reads_the_questions(app: Flask, people: People) -> None:
    for role in (Role.designated_teacher, Role.carer, Role.participation_worker):
        browser = app.test_client()
        sign_in(app, browser, people.adult(role), way="worker")
        assert browser.get("/staff/advice").status_code == 403


def test_the_summary_sends_nothing(client: FlaskClient) -> None:
    html = client.get("/advice/summary").get_data(as_text=True)
    main = html.split("<main", 1)[1].split("</main>", 1)[0]
    assert main.count("<textarea") == 8
    assert "<form" not in main and " name=" not in main


def test_bank_holidays_do_not_count() -> None:
    assert working_days_after(date(2026, 12, 24), 1) == date(2026, 12, 29)
    assert working_days_after(date(2026, 11, 20), 5) == date(2026, 11, 27)
