"""The first page of workers and carers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core import clock
from app.people.models import Role, YoungPerson
from tests.factories import People
from tests.forms import fill
from tests.home.conftest import Sending, Signed, counted, text_of
from tests.voice.conftest import Voice, voice  # noqa: F401


def test_the_soonest_meeting_stands_first(people: People, signed_in: Signed) -> None:
    teacher = people.adult(Role.designated_teacher)
    for name, days in (("Later", 30), ("Sooner", 3), ("Undated", None), ("Past", -3)):
        young = people.young_person(name)
        people.connect(teacher, young)
        people.pep(young, in_days=days)
    table = text_of(signed_in(teacher), "/home").split("<table", 1)[1]
    assert sorted(("Later", "Sooner", "Undated", "Past"), key=table.index) == ["Sooner", "Later", "Undated", "Past"]


@pytest.mark.parametrize(("role", "there"), [(Role.designated_teacher, True), (Role.iro, False)])
def test_the_day_leads_to_the_meeting_for_those_who_may_run_it(
    role: Role, there: bool, people: People, signed_in: Signed
) -> None:
    young = people.young_person()
    pep = people.pep(young, in_days=3)
    html = text_of(signed_in(people.connected(role, young)), "/home")
    assert (f'href="/staff/peps/{pep.id}/meeting"' in html) == there


def test_only_young_people_connected_today_are_listed(people: People, signed_in: Signed) -> None:
    teacher = people.adult(Role.designated_teacher)
    today = clock.today()
    ended, coming, living = (people.young_person(name) for name in ("Ended", "Coming", "Living"))
    people.connect(teacher, ended, ends_on=today)
    people.connect(teacher, coming, starts_on=today + timedelta(days=1))
    people.connect(teacher, living)
    people.young_person("Stranger")
    html = text_of(signed_in(teacher), "/home")
    assert "Living" in html
    assert not any(name in html for name in ("Ended", "Coming", "Stranger"))


def test_a_near_meeting_with_nothing_sent_comes_first(people: People, signed_in: Signed) -> None:
    robin = people.young_person()
    people.pep(robin, in_days=14)
    teacher = people.connected(Role.designated_teacher, robin)
    html = text_of(signed_in(teacher), "/home")
    assert "Do first" in html and "nothing has come in" in html


def test_a_far_meeting_is_no_reason_to_hurry(people: People, signed_in: Signed) -> None:
    robin = people.young_person()
    people.pep(robin, in_days=15)
    assert "Do first" not in text_of(signed_in(people.connected(Role.designated_teacher, robin)), "/home")


def test_new_words_come_first_until_the_record_is_opened(people: People, signed_in: Signed, sending: Sending) -> None:
    robin = people.young_person()
    pep = people.pep(robin)
    teacher = people.connected(Role.designated_teacher, robin)
    sending.sent(pep, at=clock.now() - timedelta(hours=1))
    client = signed_in(teacher)
    assert "New words came in on" in text_of(client, "/home")
    text_of(client, f"/staff/peps/{pep.id}")
    html = text_of(client, "/home")
    assert "New words came in on" not in html and "sent on" in html


def test_answers_kept_from_the_school_leave_no_trace_on_the_teachers_page(
    people: People, signed_in: Signed, sending: Sending
) -> None:
    robin = people.young_person()
    pep = people.pep(robin)
    sending.sent(pep, share="not-school")
    teacher = people.connected(Role.designated_teacher, robin)
    social_worker = people.connected(Role.social_worker, robin)
    assert "sent on" not in text_of(signed_in(teacher), "/home")
    assert "sent on" in text_of(signed_in(social_worker), "/home")


def test_a_draft_is_not_to_be_seen_by_anybody(app: Flask, voice: Voice, people: People, signed_in: Signed) -> None:
    base = voice.begin()
    fill(voice.client, f"{base}/sec-proud", {"answer": "Only a draft", "do": "next"})
    for role in (Role.designated_teacher, Role.social_worker, Role.virtual_school, Role.key_worker):
        html = text_of(signed_in(people.connected(role, voice.person)), "/home")
        assert "Only a draft" not in html and "sent on" not in html and "not yet" in html
    carer = people.connected(Role.carer, voice.person)
    assert "Not sent yet." in text_of(signed_in(carer), "/home")


def test_a_carer_sees_sent_and_never_what_or_how_much(people: People, signed_in: Signed, sending: Sending) -> None:
    robin = people.young_person()
    pep = people.pep(robin)
    carer = people.connected(Role.carer, robin)
    client = signed_in(carer)
    assert "Not sent yet." in text_of(client, "/home")
    sending.sent(pep, "Very private", share="not-home")
    sending.sent(pep, "Also private", share="not-home", question_id="sec-anything")
    html = text_of(client, "/home")
    assert "Sent." in html and f"/beside/{robin.id}" in html
    assert "rivate" not in html and "sent on" not in html


def test_a_young_person_can_keep_even_that_from_their_carer(
    people: People, signed_in: Signed, sending: Sending, session: Session
) -> None:
    robin = people.young_person()
    sending.sent(people.pep(robin))
    carer = people.connected(Role.carer, robin)
    fill(signed_in(robin), "/mine", {"carer_sees_sent": "no"}, action="/mine/carers")
    session.expire_all()
    assert session.get_one(YoungPerson, robin.id).carer_sees_sent is False
    html = text_of(signed_in(carer), "/home")
    assert "Sent." not in html and "Not sent" not in html
    fill(signed_in(robin), "/mine", {"carer_sees_sent": "yes"}, action="/mine/carers")
    assert "Sent." in text_of(signed_in(carer), "/home")


def test_a_care_leavers_old_carer_sees_nothing_of_what_was_sent(
    people: People, signed_in: Signed, sending: Sending
) -> None:
    sam = people.young_person("Sam", year_group=None, care="care_leaver")
    sending.sent(people.pep(sam), set_id="post16")
    assert "Sent." not in text_of(signed_in(people.connected(Role.carer, sam)), "/home")


@pytest.mark.parametrize("role", [Role.carer, Role.designated_teacher, Role.iro])
def test_nobody_connected_is_said_kindly(role: Role, people: People, signed_in: Signed) -> None:
    html = text_of(signed_in(people.adult(role)), "/home")
    assert "Nobody is listed here yet" in html or "No young people are connected to you today" in html


def test_a_participation_worker_sees_wording_and_no_young_person(people: People, signed_in: Signed) -> None:
    robin = people.young_person("Robinetta")
    worker = people.connected(Role.participation_worker, robin)
    html = text_of(signed_in(worker), "/home")
    assert "/staff/languages" in html and "Robinetta" not in html


@pytest.mark.parametrize("role", [Role.virtual_school, Role.designated_teacher, Role.carer])
def test_the_page_takes_the_same_few_queries_however_many_young_people(
    role: Role, people: People, signed_in: Signed, sending: Sending
) -> None:
    adult = people.adult(role)
    client = signed_in(adult)
    counts = []
    for size in (2, 18):
        for number in range(size):
            young = people.young_person(f"Young {number}")
            people.connect(adult, young)
            pep = people.pep(young, in_days=number)
            sending.sent(pep)
            sending.did(adult, young, "record.read", thing=pep.id)
        with counted() as queries:
            text_of(client, "/home")
        counts.append(len(queries))
    # Eight for the list; whys, wishes in hand, come back, waiting, late elsewhere, new words that have risen; events that wait
    # for a yes. On a carer's page two more: who is asked to the meeting, and who comes along.
    assert counts[0] == counts[1] <= 17


@pytest.mark.parametrize("tag", ["ar", "pl"])
@pytest.mark.parametrize("role", [Role.carer, Role.designated_teacher, Role.virtual_school, Role.participation_worker])
def test_every_role_has_its_page_in_every_language(role: Role, tag: str, people: People, signed_in: Signed) -> None:
    robin = people.young_person()
    people.pep(robin)
    client = signed_in(people.connected(role, robin))
    assert f'<html lang="{tag}"' in text_of(client, f"/home?lang={tag}")
    assert f'<html lang="{tag}"' in text_of(client, "/mine")
