"""Employers' open form: kept for one who means it, kindly refused where it must be, seen by nobody before a worker."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core import clock
from app.pathways.models import Posting, Version
from app.people.models import Role
from tests.factories import People, sign_in
from tests.forms import fields_of, fill

FORM = "/opportunities/offer"
QUEUE = "/staff/opportunities/postings"


def filled(**changes: str) -> dict[str, str]:
    closes = (clock.today() + timedelta(days=30)).isoformat()
    return {
        "type": "work_experience",
        "title": "Helper in our garage",
        "provider": "Made-up Garage",
        "plain": "You help us with bikes.",
        "place_text": "Made-up Road 1",
        "contact": "garage@example.org",
        "closes": closes,
        "min_age": "14",
        **changes,
    }


def send(client: FlaskClient, *, after: float = 30, **changes: str) -> TestResponse:
    """Open the form, fill it in for a while, and send it."""
    _target, fields = fields_of(client.get(FORM).get_data(as_text=True))
    for name, value in filled(**changes).items():
        fields.setlist(name, [value])
    with time_machine.travel(clock.now() + timedelta(seconds=after), tick=False):
        return client.post(FORM, data=fields)


def kept(session: Session) -> list[Posting]:
    session.expire_all()
    return list(session.scalars(select(Posting)))


def test_an_offer_is_kept_sealed_and_seen_by_nobody_else(client: FlaskClient, session: Session) -> None:
    answer = send(client)
    assert answer.status_code == 303 and answer.location == "/opportunities/offer/sent"
    assert client.get(answer.location).status_code == 200
    raw = session.execute(text("SELECT body FROM opportunity_posting")).scalar_one()
    assert b"garage" not in bytes(raw) and len(kept(session)) == 1
    assert "Helper in our garage" not in client.get("/opportunities/").get_data(as_text=True)


def test_the_same_form_sent_twice_is_one_offer(client: FlaskClient, session: Session) -> None:
    _target, fields = fields_of(client.get(FORM).get_data(as_text=True))
    for name, value in filled().items():
        fields.setlist(name, [value])
    with time_machine.travel(clock.now() + timedelta(seconds=30)):
        assert [client.post(FORM, data=fields).status_code for _ in range(3)] == [303] * 3
    assert len(kept(session)) == 1


def test_a_machine_that_fills_everything_in_is_thanked_and_not_kept(client: FlaskClient, session: Session) -> None:
    assert send(client, website="https://spam.example").status_code == 303
    assert kept(session) == []


@pytest.mark.parametrize("after", [0, 2, 25 * 3600])
def test_too_quick_or_a_day_old_is_asked_to_look_again_with_everything_kept(
    after: float, client: FlaskClient, session: Session
) -> None:
    answer = send(client, after=after)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "look at it once more" in html and "Helper in our garage" in html
    assert kept(session) == []


@pytest.mark.parametrize("when", ["", "nonsense", "eyJhdCI6MH0.x"])
def test_a_stamp_of_ones_own_making_does_not_count(when: str, client: FlaskClient, session: Session) -> None:
    assert send(client, when=when).status_code == 422 and kept(session) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "We need this one."),
        ({"title": "x" * 61}, "Make it a little shorter"),
        ({"plain": "Look at https://buy.example/cheap"}, "Leave web addresses out"),
        ({"how_to_ask": "www.buy.example"}, "Leave web addresses out"),
        ({"contact": "nobody"}, "Type an e-mail address or a phone number"),
        ({"type": "party"}, "Choose what it is."),
        ({"closes": "2020-01-01"}, "That day is over"),
        ({"opens": "2099-02-02", "closes": "2099-02-01"}, "before the opening day"),
        ({"closes": "tomorrow"}, "We could not read that day"),
        ({"closes": "2099-02-31"}, "We could not read that day"),
        ({"min_age": "25", "max_age": "16"}, "The highest age is below the lowest"),
        ({"places": "many"}, "Write a number, please."),
        ({"places": "-3"}, "Write a number, please."),
    ],
)
def test_what_cannot_be_is_said_kindly_and_nothing_typed_is_lost(
    changes: dict[str, str], words: str, client: FlaskClient, session: Session
) -> None:
    answer = send(client, **changes)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in html
    assert changes.get("plain", "You help us with bikes.") in html
    assert kept(session) == []


def test_digits_of_any_script_are_numbers(client: FlaskClient, session: Session) -> None:
    assert send(client, places="٣").status_code == 303
    assert '"places": 3' in kept(session)[0].body


def test_markup_is_taken_out_and_never_run(app: Flask, client: FlaskClient, people: People, session: Session) -> None:
    send(client, plain="<script>alert('x')</script><b>Bold</b> & fine {{ 7*7 }}", title="<img src=x onerror=1>Help")
    worker = app.test_client()
    sign_in(app, worker, people.adult(Role.virtual_school), way="worker")
    html = worker.get(QUEUE).get_data(as_text=True)
    assert "<script>alert" not in html and "<img" not in html and "Bold &amp; fine {{ 7*7 }}" in html


def test_one_place_cannot_flood_the_queue_and_its_address_is_not_kept(client: FlaskClient, session: Session) -> None:
    answers = [send(client, title=f"Offer {number}").status_code for number in range(12)]
    assert answers.count(303) == 10 and answers[-1] == 429
    assert "127.0.0.1" not in str(session.execute(text("SELECT scope FROM try")).all())


def decided(worker: FlaskClient, posting: Posting, **data: Any) -> TestResponse:
    return fill(worker, QUEUE, data, action=f"{QUEUE}/{posting.id}")


def test_a_worker_publishes_it_and_is_the_second_person_who_checked(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    send(client)
    worker, school = app.test_client(), people.adult(Role.virtual_school)
    sign_in(app, worker, school, way="worker")
    html = worker.get(QUEUE).get_data(as_text=True)
    assert "Helper in our garage" in html and "garage@example.org" in html
    assert decided(worker, kept(session)[0], do="publish").status_code == 303
    version = session.scalars(select(Version)).one()
    assert version.written_by_id is None and version.checked_by_id == school.id and version.stage == "published"
    assert "garage@example.org" not in str(version.body)
    assert "Helper in our garage" in client.get("/opportunities/").get_data(as_text=True)
    assert "Helper in our garage" not in worker.get(QUEUE).get_data(as_text=True)


def test_put_by_as_a_draft_it_is_for_editors_only(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    send(client)
    worker = app.test_client()
    sign_in(app, worker, people.adult(Role.virtual_school), way="worker")
    decided(worker, kept(session)[0], do="draft", ring_fenced="care_leavers")
    version = session.scalars(select(Version)).one()
    assert version.stage == "draft" and version.body["visibility"] == "signed_in"
    assert "Helper in our garage" not in client.get("/opportunities/").get_data(as_text=True)


def test_a_no_clears_what_it_said_and_a_second_decision_changes_nothing(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    send(client)
    worker = app.test_client()
    sign_in(app, worker, people.adult(Role.virtual_school), way="worker")
    _target, fields = fields_of(worker.get(QUEUE).get_data(as_text=True), action=f"{QUEUE}/{kept(session)[0].id}")
    address = f"{QUEUE}/{kept(session)[0].id}"
    worker.post(address, data={**fields.to_dict(), "do": "no"})
    assert [(one.state, one.body) for one in kept(session)] == [("refused", "{}")]
    assert worker.post(address, data={**fields.to_dict(), "do": "publish"}).status_code == 303
    assert session.scalars(select(Version)).all() == [] and kept(session)[0].state == "refused"
