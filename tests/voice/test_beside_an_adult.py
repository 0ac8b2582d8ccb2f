"""Beside an adult: what was said without that adult is not shown, changed, shared or sent on the adult's device."""

from __future__ import annotations

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.core import clock
from app.people.models import Person, Role
from app.voice.models import Answer, KeptWords, SentAnswer
from tests.factories import People, sign_in
from tests.forms import fill
from tests.voice.conftest import Voice

SECRET = "I do not like it at home"


@pytest.fixture
def base(voice: Voice) -> str:
    """Robin has answered one question alone."""
    address = voice.begin()
    voice.answer(f"{address}/sec-proud", answer=SECRET)
    return address


@pytest.fixture
def carer(voice: Voice, people: People) -> Person:
    return people.connected(Role.carer, voice.person, "Mrs Home")


def beside(voice: Voice, adult: Person) -> FlaskClient:
    device = voice.app.test_client()
    sign_in(voice.app, device, voice.person, way="beside", helper=adult)
    return device


def test_an_adult_who_opens_the_questions_sees_nothing_that_was_said_without_them(
    voice: Voice, base: str, carer: Person, people: People
) -> None:
    device = beside(voice, carer)
    teacher = people.connected(Role.designated_teacher, voice.person)
    pages = ("/voice/", f"{base}/", f"{base}/check", f"{base}/seen-by/{teacher.id}", f"{base}/sec-how", "/home")
    for page in pages:
        assert SECRET not in device.get(page, follow_redirects=True).get_data(as_text=True), page
    assert device.get(f"{base}/sec-proud").location == f"{base}/check"
    assert SECRET not in device.get(f"{base}/sec-proud", follow_redirects=True).get_data(as_text=True)
    assert device.get(f"{base}/check/sec-proud").status_code == 404


def test_an_adult_alone_does_not_read_on_the_meeting_page_whom_the_child_would_find_hard(
    voice: Voice, carer: Person
) -> None:
    base = voice.begin("meeting")
    voice.answer(f"{base}/mt-who-not", answer="Uncle Pat", share="not-home")
    fill(voice.client, f"{base}/check", action=f"{base}/send")
    assert voice.client.get("/my-meeting").status_code == 200
    device = beside(voice, carer)
    closed = ("/my-meeting", "/my-meeting/cards", f"/mine/peps/{voice.pep.id}/page", f"{base}/wish/mt-who-not")
    for page in closed:
        assert device.get(page).status_code == 404, page


def test_an_adult_cannot_send_share_or_change_what_was_said_without_them(
    voice: Voice, base: str, carer: Person
) -> None:
    device = beside(voice, carer)
    fill(device, f"{base}/check", action=f"{base}/send")
    assert voice.session.scalar(select(func.count()).select_from(SentAnswer)) == 0
    form = {"csrf_token": _token(device), "answer": "All is well", "seen": "1", "do": "next", "share": "pep"}
    device.post(f"{base}/sec-proud", data=form)
    assert device.post(f"{base}/check/sec-proud", data=form).status_code == 404
    assert voice.draft("sec-proud").content["value"] == {"text": SECRET}


def test_what_was_sent_alone_stays_sent_when_an_adult_sends_what_was_said_with_them(
    voice: Voice, base: str, carer: Person
) -> None:
    fill(voice.client, f"{base}/check", action=f"{base}/send")
    device = beside(voice, carer)
    fill(device, f"{base}/sec-goal", {"answer": "Read more", "do": "next"})
    fill(device, f"{base}/check", action=f"{base}/send")
    standing = voice.session.scalars(select(SentAnswer).where(SentAnswer.withdrawn_at.is_(None))).all()
    assert {one.question_id for one in standing} == {"sec-proud", "sec-goal"}


def test_what_was_said_with_an_adult_is_there_at_the_next_sitting_with_them_but_not_with_another(
    voice: Voice, base: str, carer: Person, people: People
) -> None:
    fill(beside(voice, carer), f"{base}/sec-goal", {"answer": "Read more", "do": "next"})
    assert "Read more" in beside(voice, carer).get(f"{base}/check").get_data(as_text=True)
    teacher = people.connected(Role.designated_teacher, voice.person)
    assert "Read more" not in beside(voice, teacher).get(f"{base}/check").get_data(as_text=True)


def test_the_young_person_themself_still_sees_everything(voice: Voice, base: str, carer: Person) -> None:
    fill(beside(voice, carer), f"{base}/sec-goal", {"answer": "Read more", "do": "next"})
    page = voice.client.get(f"{base}/check").get_data(as_text=True)
    assert "Read more" in page and SECRET in page


def test_words_put_aside_alone_are_not_shown_to_an_adult_and_are_not_dropped_by_them(
    voice: Voice, base: str, carer: Person
) -> None:
    from app.voice.answering import put_aside

    response_id = voice.response().id
    put_aside(voice.session, voice.person.id, response_id, "sec-goal", {"answer": ["my own words"]})
    voice.session.commit()
    device = beside(voice, carer)
    assert "my own words" not in device.get(f"{base}/sec-goal").get_data(as_text=True)
    fill(device, f"{base}/sec-goal", {"answer": "Read more", "do": "next"})
    assert voice.session.scalar(select(func.count()).select_from(KeptWords)) == 1


def test_an_answer_saved_on_the_own_phone_meanwhile_is_not_shown_to_the_adult(
    voice: Voice, base: str, carer: Person
) -> None:
    device = beside(voice, carer)
    token = _token(device)
    voice.answer(f"{base}/sec-goal", answer="mine alone")
    page = device.post(f"{base}/sec-goal", data={"csrf_token": token, "answer": "theirs", "seen": "0", "do": "next"})
    assert "mine alone" not in page.get_data(as_text=True)
    assert voice.session.scalar(select(func.count()).select_from(Answer).where(Answer.helper_role.is_not(None))) == 0


def _token(device: FlaskClient) -> str:
    return str(device.get("/voice/").get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0])


def test_what_is_kept_from_an_adult_is_hidden_at_the_next_sitting_also_if_it_was_said_with_them(
    voice: Voice, base: str, carer: Person
) -> None:
    with time_machine.travel(clock.now(), tick=False) as time:
        sitting = beside(voice, carer)
        fill(sitting, f"{base}/sec-goal", {"answer": "Not to live here", "do": "next"})
        fill(sitting, f"{base}/check/sec-goal", {"share": "not-home"})
        assert "Not to live here" in sitting.get(f"{base}/check").get_data(as_text=True)
        time.shift(600)
        assert "Not to live here" not in beside(voice, carer).get(f"{base}/check").get_data(as_text=True)


def test_an_adult_cannot_read_an_answer_by_making_it_a_wish(voice: Voice, base: str, carer: Person) -> None:
    fill(voice.client, f"{base}/check", action=f"{base}/send")
    assert voice.client.get(f"{base}/wish/sec-proud").status_code == 200
    assert beside(voice, carer).get(f"{base}/wish/sec-proud").status_code == 404
