"""A wish that was an answer: made by the young person's tap, lifted by a worker, and following the answer ever after."""

from __future__ import annotations

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.people.models import Person, Role
from app.voice.models import SentAnswer
from app.wishes.models import HearBy, NewWords, Wish
from tests.factories import People, sign_in
from tests.forms import fill
from tests.people.tokens import csrf
from tests.voice.conftest import Voice, voice  # noqa: F401

QUESTION = "sec-proud"
SAID = "I built a bird box. I want to show it at school."


def say(voice: Voice, base: str, words: str = SAID, share: str = "pep") -> SentAnswer:
    """Answer one question and send it."""
    fill(voice.client, f"{base}/{QUESTION}", {"answer": words, "do": "next"})
    fill(voice.client, f"{base}/check/{QUESTION}", {"share": share})
    fill(voice.client, f"{base}/check", action=f"{base}/send")
    voice.session.expire_all()
    return voice.session.scalars(select(SentAnswer).order_by(SentAnswer.revision.desc())).first()  # type: ignore[return-value]


def wish(voice: Voice) -> Wish:
    voice.session.expire_all()
    return voice.session.scalars(select(Wish)).one()


def signed_in(app: Flask, person: Person) -> FlaskClient:
    client = app.test_client()
    sign_in(app, client, person, way="worker")
    return client


def test_a_sent_answer_or_a_part_of_it_becomes_a_wish_by_a_tap(voice: Voice) -> None:
    base = voice.begin()
    answer = say(voice, base, share="not-home")
    assert f"{base}/wish/{QUESTION}" in voice.client.get(f"{base}/check").get_data(as_text=True)
    made = fill(voice.client, f"{base}/wish/{QUESTION}", {"words": "I want to show it at school."})
    assert made.status_code == 303
    one = wish(voice)
    assert (one.words, one.share, one.sent_answer_id, one.raised_by) == (
        "I want to show it at school.",
        "not-home",
        answer.id,
        "child",
    )
    fill(voice.client, f"{base}/wish/{QUESTION}")
    assert wish(voice).id == one.id


def test_an_answer_that_is_not_sent_is_no_wish(voice: Voice) -> None:
    base = voice.begin()
    fill(voice.client, f"{base}/{QUESTION}", {"answer": SAID, "do": "next"})
    assert voice.client.get(f"{base}/wish/{QUESTION}").status_code == 404


def test_one_thing_is_asked_for_after_sending(voice: Voice) -> None:
    base = voice.begin()
    say(voice, base)
    html = voice.client.get(f"{base}/sent").get_data(as_text=True)
    assert "Is there one thing you want to happen?" in html
    step_two = fill(voice.client, f"{base}/sent", {"words": "A quiet place to read"}, action="/wishes/new")
    assert step_two.status_code == 200 and "A quiet place to read" in step_two.get_data(as_text=True)


def test_a_worker_lifts_a_wish_in_the_young_persons_own_words_and_they_see_by_whom(
    app: Flask, voice: Voice, people: People
) -> None:
    teacher = people.connected(Role.designated_teacher, voice.person, "Ms Teal")
    answer = say(voice, voice.begin())
    client = signed_in(app, teacher)
    page = f"/staff/peps/{voice.pep.id}/wishes/{answer.id}"
    assert page in client.get(f"/staff/peps/{voice.pep.id}").get_data(as_text=True)
    refused = fill(client, page, {"words": "Robin would like to show the bird box"})
    assert refused.status_code == 422 and "Quote their own words" in refused.get_data(as_text=True)
    assert fill(client, page, {"words": "I want to show it at school."}).status_code == 303
    one = wish(voice)
    assert (one.raised_by, one.raised_by_id, one.words) == ("worker", teacher.id, "I want to show it at school.")
    home = voice.client.get("/home").get_data(as_text=True)
    assert "Ms Teal, your teacher for your PEP, read this in what you said and put it here." in home
    assert "I want to show it at school." in client.get(f"/staff/peps/{voice.pep.id}").get_data(as_text=True)


def test_nobody_lifts_from_an_answer_that_is_kept_from_them(app: Flask, voice: Voice, people: People) -> None:
    teacher = people.connected(Role.designated_teacher, voice.person)
    carer = people.connected(Role.carer, voice.person)
    base = voice.begin()
    answer = say(voice, base, share="not-school")
    page = f"/staff/peps/{voice.pep.id}/wishes/{answer.id}"
    assert signed_in(app, teacher).get(page).status_code == 404
    assert signed_in(app, carer).get(page).status_code == 403


def test_a_wish_follows_its_answer_when_the_dial_is_turned(app: Flask, voice: Voice, people: People) -> None:
    teacher = people.connected(Role.designated_teacher, voice.person)
    base = voice.begin()
    say(voice, base)
    fill(voice.client, f"{base}/wish/{QUESTION}")
    one = wish(voice)
    client = signed_in(app, teacher)
    assert client.get(f"/staff/wishes/{one.id}").status_code == 200
    say(voice, base, share="not-school")
    assert wish(voice).share == "not-school"
    assert client.get(f"/staff/wishes/{one.id}").status_code == 404


def test_an_answer_taken_back_takes_its_wish_with_it(app: Flask, voice: Voice, people: People) -> None:
    teacher = people.connected(Role.designated_teacher, voice.person)
    base = voice.begin()
    answer = say(voice, base)
    client = signed_in(app, teacher)
    fill(client, f"/staff/peps/{voice.pep.id}/wishes/{answer.id}", {"words": "I want to show it at school."})
    say(voice, base, share="unsent")
    assert wish(voice).withdrawn_at is not None
    assert "show it at school" not in client.get("/staff/wishes").get_data(as_text=True)


def test_sending_starts_the_clock_and_keeps_how_they_want_to_hear(voice: Voice) -> None:
    with time_machine.travel("2026-11-06T17:05:00+00:00", tick=False):
        sign_in(voice.app, voice.client, voice.person)
        say(voice, voice.begin())
        row = voice.session.scalars(select(NewWords)).one()
        assert (row.pep_id, row.dials) == (voice.pep.id, [["pep", [], QUESTION]])
        meeting = voice.begin("meeting")
        voice.answer(f"{meeting}/mt-hear-after", answer="letter")
        fill(voice.client, f"{meeting}/check", action=f"{meeting}/send")
        assert voice.session.scalars(select(HearBy)).one().way == "letter"


def test_two_presses_of_lift_make_one_wish(app: Flask, voice: Voice, people: People) -> None:
    answer = say(voice, voice.begin())
    client = signed_in(app, people.connected(Role.social_worker, voice.person))
    page = f"/staff/peps/{voice.pep.id}/wishes/{answer.id}"
    for _twice in range(2):
        data = {"csrf_token": csrf(client), "words": "I built a bird box.", "once": "same"}
        assert client.post(page, data=data).status_code == 303
    assert wish(voice).words == "I built a bird box."
