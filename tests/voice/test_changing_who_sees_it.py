"""A choice of readers can be changed later, and holds from the moment it is changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.db import db
from app.messages.models import Message
from app.people.models import Pep, Person, Role
from app.questions.library import library
from app.voice import sending
from app.voice.models import Answer, SentAnswer
from tests.factories import People, sign_in
from tests.forms import fill
from tests.voice.conftest import Voice

WORDS = "I want a new tutor"


@pytest.fixture
def base(voice: Voice) -> str:
    """Robin has sent one answer to everybody at the meeting."""
    address = voice.begin()
    voice.answer(f"{address}/sec-proud", answer=WORDS)
    fill(voice.client, f"{address}/check", action=f"{address}/send")
    return address


@pytest.fixture
def teacher(voice: Voice, people: People) -> Person:
    return people.connected(Role.designated_teacher, voice.person, "Ms School")


@pytest.fixture
def carer(voice: Voice, people: People) -> Person:
    return people.connected(Role.carer, voice.person, "Mrs Home")


def reads(voice: Voice, adult: Person) -> str:
    device = voice.app.test_client()
    sign_in(voice.app, device, adult, way="worker")
    return str(device.get(f"/staff/peps/{voice.pep.id}").get_data(as_text=True))


def choose(voice: Voice, base: str, share: str, *who: Person) -> None:
    data = {"share": share, "who": [str(one.id) for one in who] or None}
    assert fill(voice.client, f"{base}/check/sec-proud", data).status_code == 303


def test_leaving_somebody_out_hides_the_answer_from_them_at_once(
    voice: Voice, base: str, teacher: Person, carer: Person
) -> None:
    assert WORDS in reads(voice, carer)
    choose(voice, base, "not-home")
    assert WORDS not in reads(voice, carer)
    assert WORDS in reads(voice, teacher)


def test_keeping_it_to_oneself_takes_it_back_at_once_also_after_the_meeting(
    voice: Voice, base: str, teacher: Person
) -> None:
    voice.session.get_one(Pep, voice.pep.id).meeting_on = clock.today() - timedelta(days=1)
    voice.session.commit()
    choose(voice, base, "unsent")
    assert WORDS not in reads(voice, teacher)


def test_words_typed_since_are_not_sent_by_changing_who_sees_it(voice: Voice, base: str, teacher: Person) -> None:
    voice.answer(f"{base}/sec-proud", answer="Something I am not sure of yet")
    choose(voice, base, "not-home")
    page = reads(voice, teacher)
    assert WORDS in page and "not sure of yet" not in page


def test_letting_more_people_see_it_waits_for_send(voice: Voice, base: str, teacher: Person, carer: Person) -> None:
    choose(voice, base, "not-home")
    choose(voice, base, "pep")
    assert WORDS not in reads(voice, carer)
    fill(voice.client, f"{base}/check", action=f"{base}/send")
    assert WORDS in reads(voice, carer)


def test_taking_one_of_two_named_people_away_hides_it_from_that_one(
    voice: Voice, base: str, teacher: Person, carer: Person
) -> None:
    choose(voice, base, "chosen", teacher, carer)
    assert WORDS in reads(voice, carer)
    choose(voice, base, "chosen", teacher)
    assert WORDS not in reads(voice, carer)
    assert WORDS in reads(voice, teacher)


def test_revisions_go_on_counting_after_an_answer_was_taken_back_and_sent_again(
    voice: Voice, base: str, teacher: Person
) -> None:
    choose(voice, base, "unsent")
    choose(voice, base, "pep")
    fill(voice.client, f"{base}/check", action=f"{base}/send")
    rows = voice.session.scalars(select(SentAnswer).order_by(SentAnswer.revision)).all()
    assert [(row.revision, row.withdrawn_at is None, row.superseded_at is None) for row in rows] == [
        (1, False, True),
        (2, True, True),
    ]
    assert WORDS in reads(voice, teacher)


def test_a_send_that_waited_for_another_phone_sends_what_that_phone_left(
    voice: Voice, teacher: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = voice.begin()
    voice.answer(f"{base}/sec-proud", answer=WORDS)
    real = sending.hold

    def another_phone_first(session, response) -> None:  # type: ignore[no-untyped-def]
        """What commits between the first look and the lock, as another device would."""
        with db.engine.begin() as other:
            other.execute(Answer.__table__.update().values(share="unsent"))
        real(session, response)

    monkeypatch.setattr("app.voice.views.hold", another_phone_first)
    fill(voice.client, f"{base}/check", action=f"{base}/send")
    assert voice.session.scalars(select(SentAnswer)).all() == []


def test_choosing_fewer_questions_takes_no_answer_back(voice: Voice, teacher: Person) -> None:
    base = voice.begin()
    long_only = "sec-outside"
    voice.answer(f"{base}/{long_only}", answer=WORDS)
    fill(voice.client, f"{base}/check/{long_only}", {"share": "pep"})
    fill(voice.client, f"{base}/check", action=f"{base}/send")
    fill(voice.client, f"{base}/", {"length": "short"})
    assert WORDS in voice.client.get(f"{base}/check").get_data(as_text=True)
    fill(voice.client, f"{base}/check", action=f"{base}/send")
    assert WORDS in reads(voice, teacher)


def test_the_check_page_says_when_a_change_has_not_been_sent(voice: Voice, base: str) -> None:
    said = "people do not see it until you press"
    assert said not in voice.client.get(f"{base}/check").get_data(as_text=True)
    voice.answer(f"{base}/sec-proud", answer="Better words")
    assert said in voice.client.get(f"{base}/check").get_data(as_text=True)
    fill(voice.client, f"{base}/check", action=f"{base}/send")
    assert said not in voice.client.get(f"{base}/check").get_data(as_text=True)


def test_a_change_of_readers_alone_is_no_news_to_anybody(voice: Voice, base: str, teacher: Person) -> None:
    before = voice.session.scalar(select(func.count()).select_from(Message))
    choose(voice, base, "not-home")
    assert "changed since" not in reads(voice, teacher)
    assert voice.session.scalar(select(func.count()).select_from(Message)) == before


def test_a_reader_sees_no_mark_of_words_that_were_kept_from_them(
    voice: Voice, base: str, teacher: Person, carer: Person
) -> None:
    choose(voice, base, "not-home")
    voice.answer(f"{base}/sec-proud", answer="Second words")
    fill(voice.client, f"{base}/check", action=f"{base}/send")
    assert "changed since" in reads(voice, teacher)
    for share, words in (("not-home", "First"), ("pep", "Last")):
        voice.answer(f"{base}/sec-goal", answer=words)
        fill(voice.client, f"{base}/check/sec-goal", {"share": share})
        fill(voice.client, f"{base}/check", action=f"{base}/send")
    page = reads(voice, carer)
    assert "Last" in page and "changed since" not in page


def test_nobody_at_home_can_be_named_for_who_should_not_be_at_the_meeting(
    voice: Voice, teacher: Person, carer: Person
) -> None:
    base = voice.begin("meeting")
    question = library().latest("meeting").question("mt-who-not")
    first = question.option_codes[0] if question.option_codes else "Nobody"
    voice.answer(f"{base}/mt-who-not", answer=first)
    page = voice.client.get(f"{base}/check/mt-who-not").get_data(as_text=True)
    assert f'value="{teacher.id}"' in page and f'value="{carer.id}"' not in page
    refused = fill(voice.client, f"{base}/check/mt-who-not", {"share": "chosen", "who": [str(carer.id)]})
    assert refused.status_code == 422
