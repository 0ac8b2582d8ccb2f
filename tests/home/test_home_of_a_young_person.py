"""A young person's own page."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy.orm import Session

from app.core import clock
from app.dropins.booking import Booked
from app.people.models import Role
from app.voice.models import Response
from tests.dropins.factories import a_session, books, waits
from tests.factories import People
from tests.home.conftest import Sending, Signed, counted, text_of, title_of

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/London"))


@time_machine.travel(MONDAY, tick=False)
def test_the_next_meeting_is_said_in_kind_words(people: People, signed_in: Signed) -> None:
    robin = people.young_person()
    people.pep(robin, in_days=8)
    html = text_of(signed_in(robin), "/home")
    assert "Hello, Robin" in html
    assert "Your PEP meeting is on Tuesday 1 December 2026" in html
    assert "Say what you want" in html


def test_the_title_never_has_a_name(people: People, signed_in: Signed) -> None:
    robin = people.young_person("Robinetta")
    teacher = people.connected(Role.designated_teacher, robin, "Ms Adler")
    for person, paths in ((robin, ("/home", "/mine")), (teacher, ("/home", "/mine"))):
        for path in paths:
            title = title_of(text_of(signed_in(person), path))
            assert "Robinetta" not in title and "Adler" not in title


def test_a_young_person_without_a_meeting_is_told_so_kindly(people: People, signed_in: Signed) -> None:
    assert "No meeting is planned right now" in text_of(signed_in(people.young_person()), "/home")


def test_a_meeting_without_a_day_is_said_so(people: People, signed_in: Signed) -> None:
    robin = people.young_person()
    people.pep(robin, in_days=None)
    assert "Your next PEP meeting has no day yet" in text_of(signed_in(robin), "/home")


def test_a_care_leaver_has_a_plan_and_no_pep(people: People, signed_in: Signed) -> None:
    sam = people.young_person("Sam", year_group=None, care="care_leaver", place="work")
    people.pep(sam, in_days=5)
    html = text_of(signed_in(sam), "/home")
    assert "Your plan meeting is on" in html and "Your PEP" not in html


def test_who_has_begun_goes_on(people: People, signed_in: Signed, session: Session) -> None:
    robin = people.young_person()
    pep = people.pep(robin)
    session.add(
        Response(
            young_person_id=robin.id,
            pep_id=pep.id,
            set_id="secondary",
            set_version=1,
            began_at=clock.now(),
            read_notice_at=clock.now(),
        )
    )
    session.commit()
    assert "Go on where you stopped" in text_of(signed_in(robin), "/home")


def test_what_was_sent_is_shown_with_who_has_read_it_and_who_has_not(
    people: People, signed_in: Signed, sending: Sending
) -> None:
    robin = people.young_person()
    pep = people.pep(robin)
    teacher = people.connected(Role.designated_teacher, robin, "Ms Adler")
    people.connected(Role.social_worker, robin, "Mr Bell")
    sending.sent(pep, at=clock.now() - timedelta(days=3))
    sending.did(teacher, robin, "record.read", thing=pep.id, days_ago=1)
    html = text_of(signed_in(robin), "/home")
    assert "Ms Adler, your teacher for your PEP, read this on" in html
    assert "Mr Bell, your social worker, can read it. Not opened yet." in html


def test_somebody_who_opened_the_record_before_anything_came_has_not_read_it(
    people: People, signed_in: Signed, sending: Sending
) -> None:
    robin = people.young_person()
    pep = people.pep(robin)
    teacher = people.connected(Role.designated_teacher, robin, "Ms Adler")
    sending.did(teacher, robin, "record.read", thing=pep.id, days_ago=2)
    sending.sent(pep)
    assert "Ms Adler, your teacher for your PEP, can read it. Not opened yet." in text_of(signed_in(robin), "/home")


def test_somebody_who_may_not_read_it_is_never_said_to_have_read_it(
    people: People, signed_in: Signed, sending: Sending
) -> None:
    robin = people.young_person()
    pep = people.pep(robin)
    teacher = people.connected(Role.designated_teacher, robin, "Ms Adler")
    sending.sent(pep, share="not-school", at=clock.now() - timedelta(days=2))
    sending.did(teacher, robin, "record.read", thing=pep.id)
    assert "Ms Adler" not in text_of(signed_in(robin), "/home")


def test_earlier_peps_can_be_looked_back_at(people: People, signed_in: Signed, sending: Sending) -> None:
    robin = people.young_person()
    before = people.pep(robin, term="2025-26-3", in_days=-100)
    people.pep(robin, term="2026-27-1")
    sending.sent(before, "I learned to swim")
    client = signed_in(robin)
    html = text_of(client, "/home")
    assert f"/mine/peps/{before.id}" in html and "Summer 2026" in html
    assert "I learned to swim" in text_of(client, f"/mine/peps/{before.id}")


def test_another_childs_pep_is_a_page_that_does_not_exist(people: People, signed_in: Signed, sending: Sending) -> None:
    robin, zofia = people.young_person("Robin"), people.young_person("Zofia")
    theirs = people.pep(zofia)
    sending.sent(theirs, "Zofia's own words")
    client = signed_in(robin)
    assert client.get(f"/mine/peps/{theirs.id}").status_code == 404
    assert "Zofia" not in text_of(client, "/home") + text_of(client, "/mine")


def test_beside_an_adult_there_is_only_the_answering_and_the_end(
    people: People, signed_in: Signed, sending: Sending
) -> None:
    robin = people.young_person()
    pep = people.pep(robin)
    teacher = people.connected(Role.designated_teacher, robin, "Ms Adler")
    sending.sent(pep)
    client = signed_in(robin, way="beside", helper=teacher)
    html = text_of(client, "/home")
    assert "We are finished" in html and 'action="/beside/end"' in html and "/voice/" in html
    assert "/mine" not in html and "What you sent" not in html
    for path in ("/mine", f"/mine/peps/{pep.id}", "/mine/keepsake"):
        assert client.get(path).status_code == 404


def test_who_speaks_a_language_that_we_lack_is_told_so(people: People, signed_in: Signed) -> None:
    html = text_of(signed_in(people.young_person("Senait", language="ti")), "/home")
    assert '<html lang="en-GB"' in html
    assert "We do not have Tigrinya yet. You can ask for an interpreter." in html


@pytest.mark.parametrize("tag", ["ar", "pl"])
def test_who_speaks_a_language_that_we_have_meets_it_at_once(tag: str, people: People, signed_in: Signed) -> None:
    robin = people.young_person(language=tag)
    people.pep(robin)
    html = text_of(signed_in(robin), "/home")
    assert f'<html lang="{tag}"' in html and "You can ask for an interpreter" not in html


def test_the_page_takes_the_same_few_queries_however_much_was_sent(
    people: People, signed_in: Signed, sending: Sending
) -> None:
    robin = people.young_person()
    for number in range(6):
        pep = people.pep(robin, term=f"202{number}-2{number + 1}-1", in_days=number + 1)
        for question in ("sec-proud", "sec-goal", "sec-anything"):
            sending.sent(pep, question_id=question)
    for role in (Role.designated_teacher, Role.social_worker, Role.iro):
        adult = people.connected(role, robin)
        sending.did(adult, robin, "record.read", thing=pep.id)
    for days in range(6):
        dropin, (slot, *_) = a_session(people.session, starts_at=clock.now() + timedelta(days=days + 2), min_age=13)
        act = waits if days > 3 else books
        assert isinstance(act(people.session, robin, dropin, slot), Booked)
    client = signed_in(robin)
    # On the first page: what they like, what they signed up for, what they asked to hear about, what they booked, whether they
    # ever came to a drop-in, who is before them where they wait, who made their ways in. On the other one line with how much is
    # held of all that, and whether they stopped our messages.
    for path, most in (("/home", 16), ("/mine", 10)):
        with counted() as queries:
            text_of(client, path)
        assert len(queries) <= most, path
