"""A wish that was an answer: made by the young person's tap, lifted by a worker, and following the answer ever after."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core import clock
from app.messages.models import Message
from app.people.models import Person, Role
from app.voice.models import SentAnswer
from app.wishes import watch
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
    fill(voice.client, f"{base}/wish/{QUESTION}", {"words": "I want to show  it at school."})
    assert wish(voice).id == one.id, "the same press twice"
    fill(voice.client, f"{base}/wish/{QUESTION}", {"words": "I want to build another."})
    assert len(voice.session.scalars(select(Wish)).all()) == 2, "another part is another wish"
    say(voice, base)
    fill(voice.client, f"{base}/wish/{QUESTION}", {"words": "I want to build another."})
    words = {found.words for found in voice.session.scalars(select(Wish))}
    assert words == {"I want to show it at school.", "I want to build another."}
    assert len(voice.session.scalars(select(Wish)).all()) == 2


def test_words_taken_back_can_be_wished_again(voice: Voice) -> None:
    base = voice.begin()
    say(voice, base)
    fill(voice.client, f"{base}/wish/{QUESTION}")
    first = wish(voice)
    fill(voice.client, f"/wishes/{first.id}", action=f"/wishes/{first.id}/withdraw")
    fill(voice.client, f"{base}/wish/{QUESTION}")
    voice.session.expire_all()
    assert [one.id for one in voice.session.scalars(select(Wish).where(Wish.withdrawn_at.is_(None)))] != [first.id]
    assert SAID in voice.client.get("/home").get_data(as_text=True)


def test_too_much_for_a_wish_is_said_and_stays_in_the_box(voice: Voice) -> None:
    base = voice.begin()
    say(voice, base)
    for words, message in (("bird box " * 300, "Keep only the part you want"), ("  ", "Write a word or two first")):
        answer = fill(voice.client, f"{base}/wish/{QUESTION}", {"words": words})
        html = answer.get_data(as_text=True)
        assert answer.status_code == 422 and message in html and SAID not in html
        assert words.strip() in html
    assert voice.session.scalars(select(Wish)).all() == []


def test_nothing_that_was_sent_is_shown_as_a_wish_beside_an_adult(app: Flask, voice: Voice, people: People) -> None:
    carer = people.connected(Role.carer, voice.person)
    base = voice.begin()
    say(voice, base, share="not-home")
    fill(voice.client, f"{base}/{QUESTION}", {"answer": "", "do": "next"})
    assert voice.draft(QUESTION).state == "skipped" and len(voice.session.scalars(select(SentAnswer)).all()) == 1
    beside = app.test_client()
    sign_in(app, beside, voice.person, way="beside", helper=carer)
    assert beside.get(f"{base}/wish/{QUESTION}").status_code == 404
    assert f"{base}/wish/" not in beside.get(f"{base}/check").get_data(as_text=True)


def test_a_wish_kept_from_whoever_looks_after_it_goes_to_the_next(app: Flask, voice: Voice, people: People) -> None:
    teacher = people.connected(Role.designated_teacher, voice.person, "Ms Teal")
    worker = people.connected(Role.social_worker, voice.person, "Mr Ash")
    base = voice.begin()
    say(voice, base)
    fill(voice.client, f"{base}/wish/{QUESTION}")
    page = f"/staff/wishes/{wish(voice).id}"
    due = (clock.today() + timedelta(days=5)).isoformat()
    client = signed_in(app, teacher)
    assert fill(client, page, {"due_on": due}, action=f"{page}/own").status_code == 303
    say(voice, base, share="not-school")
    assert client.get(page).status_code == 404
    for place in ("/home", "/staff/wishes", f"/staff/peps/{voice.pep.id}"):
        assert "bird box" not in client.get(place).get_data(as_text=True)
    one = wish(voice)
    assert (one.owner_id, one.due_on, one.state) == (None, None, "seen")
    assert "Next, one person will look after it." in voice.client.get("/home").get_data(as_text=True)
    assert "bird box" in signed_in(app, worker).get("/staff/wishes").get_data(as_text=True)
    watch.tell_of_risen(voice.session, clock.now())
    voice.session.commit()
    told = {one.address for one in voice.session.scalars(select(Message).where(Message.cause == "wish.waits"))}
    assert told == {worker.email}


def test_what_a_worker_lifted_goes_when_the_words_go(app: Flask, voice: Voice, people: People) -> None:
    teacher = people.connected(Role.designated_teacher, voice.person)
    base = voice.begin()
    answer = say(voice, base)
    client = signed_in(app, teacher)
    page = f"/staff/peps/{voice.pep.id}/wishes/{answer.id}"
    fill(client, page, {"words": "I built a bird box."})
    say(voice, base, "Yesterday I built a bird box. Now I am proud.")
    assert wish(voice).withdrawn_at is None, "the quote still stands there"
    say(voice, base, "I learned to swim.")
    assert wish(voice).withdrawn_at is not None
    assert "bird box" not in client.get("/staff/wishes").get_data(as_text=True)
    assert "bird box" not in voice.client.get("/home").get_data(as_text=True)


def test_what_they_wished_themselves_stays_when_the_answer_is_rewritten(voice: Voice) -> None:
    base = voice.begin()
    say(voice, base)
    fill(voice.client, f"{base}/wish/{QUESTION}", {"words": "I want to show it at school."})
    say(voice, base, "I learned to swim.")
    assert wish(voice).withdrawn_at is None


def test_a_picked_answer_lifted_in_the_workers_language_stands_when_it_is_picked_again(
    app: Flask, voice: Voice, people: People
) -> None:
    voice.person.language = "ar"
    voice.session.commit()
    client = signed_in(app, people.connected(Role.social_worker, voice.person))
    meeting = voice.begin("meeting")
    voice.answer(f"{meeting}/mt-hear-after", answer="letter")
    fill(voice.client, f"{meeting}/check", action=f"{meeting}/send")
    answer = voice.session.scalars(select(SentAnswer)).one()
    page = f"/staff/peps/{voice.pep.id}/wishes/{answer.id}"
    fill(client, page, {"words": "A short letter"})
    fill(voice.client, f"{meeting}/check/mt-hear-after", {"share": "not-home"})
    fill(voice.client, f"{meeting}/check", action=f"{meeting}/send")
    assert wish(voice).withdrawn_at is None
    voice.answer(f"{meeting}/mt-hear-after", answer="person")
    fill(voice.client, f"{meeting}/check", action=f"{meeting}/send")
    assert wish(voice).withdrawn_at is not None


def test_new_words_that_were_narrowed_rise_to_nobody_who_may_not_read_them(
    app: Flask, voice: Voice, people: People
) -> None:
    teacher = people.connected(Role.designated_teacher, voice.person)
    worker = people.connected(Role.social_worker, voice.person)
    with time_machine.travel("2026-11-06T12:00:00+00:00", tick=False):
        sign_in(voice.app, voice.client, voice.person)
        base = voice.begin()
        say(voice, base)
        fill(voice.client, f"{base}/check/{QUESTION}", {"share": "not-school"})
    with time_machine.travel("2026-11-13T09:00:00+00:00", tick=False):
        assert watch.risen_to(voice.session, teacher.id, clock.now()) == []
        assert len(watch.risen_to(voice.session, worker.id, clock.now())) == 1
        assert "New words came in" not in signed_in(app, teacher).get("/home").get_data(as_text=True)
        watch.tell_of_risen(voice.session, clock.now())
        told = {one.address for one in voice.session.scalars(select(Message).where(Message.cause == "wish.waits"))}
        assert told == {worker.email}


def test_new_words_that_were_taken_back_leave_no_trace(voice: Voice, people: People) -> None:
    people.connected(Role.designated_teacher, voice.person)
    with time_machine.travel("2026-11-06T12:00:00+00:00", tick=False):
        sign_in(voice.app, voice.client, voice.person)
        base = voice.begin()
        say(voice, base)
    with time_machine.travel("2026-11-11T09:00:00+00:00", tick=False):
        sign_in(voice.app, voice.client, voice.person)
        assert watch.tell_of_risen(voice.session, clock.now()) == 1
        voice.session.commit()
        fill(voice.client, f"{base}/check/{QUESTION}", {"share": "unsent"})
        assert voice.session.scalars(select(NewWords)).all() == []
        assert voice.session.scalars(select(Message).where(Message.cause == "wish.waits")).all() == []
        assert watch.tell_of_risen(voice.session, clock.now()) == 0


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
