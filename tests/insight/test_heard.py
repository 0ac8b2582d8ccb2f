"""Heard, and answered, in figures: counted as the handbook says, and a small number is never shown."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import db, new_id
from app.insight import heard_figures, periods
from app.insight.heard_figures import Count
from app.people.models import Role
from app.pep.models import Attendance, ChildsPart
from app.voice.models import SentAnswer
from app.wishes.models import NewWords
from tests.factories import People, sign_in
from tests.pep.meeting_house import House

NOW = "2026-11-21 12:00 +0000"


@pytest.fixture
def house(app: Flask, session: Session, people: People) -> Any:
    """Robin, whose meeting is in ten days."""
    with time_machine.travel(NOW, tick=False):
        yield House(app, session, people, in_days=10)


def counted(house: House) -> dict[str, Count]:
    terms = periods.terms(2026)
    house.pep.term = terms[0].code
    house.session.commit()
    return heard_figures.figures(house.session, terms[0], periods.terms(2025)[2], clock.now())


def not_there(house: House, voice_by: str) -> None:
    part = ChildsPart(
        pep_id=house.pep.id, took_part="not-there", voice_by=voice_by, by_id=house.adult().id, at=clock.now()
    )
    house.session.add(part)


def changed(house: House, before: SentAnswer, *, at: datetime) -> SentAnswer:
    """Return a later revision of an answer, sent at a moment."""
    before.superseded_at = before.superseded_at if before.withdrawn_at else at
    columns = {one.key: getattr(before, one.key) for one in SentAnswer.__mapper__.column_attrs}
    gone = {"id": new_id(), "superseded_at": None, "withdrawn_at": None}
    row = SentAnswer(**{**columns, **gone, "revision": before.revision + 1, "sent_at": at})
    house.session.add(row)
    house.session.commit()
    return row


@pytest.mark.postgres
def test_postgresql_counts_the_same(postgres_app: Flask) -> None:
    with time_machine.travel(NOW, tick=False):
        house = House(postgres_app, db.session, People(db.session), in_days=10)
        changed(house, house.said("sec-proud", "I built a bird box"), at=clock.now() + timedelta(days=1))
        house.adult(Role.carer)
        found = counted(house)
        assert (found["V1"], found["V2"], found["V9"]) == (Count(1, 1), Count(1, 1), Count(0, 1))


def test_a_childs_voice_counts_and_one_that_an_adult_wrote_does_not(house: House) -> None:
    answer = house.said("sec-proud", "I built a bird box")
    found = counted(house)
    assert (found["V1"], found["V2"]) == (Count(1, 1), Count(1, 1))
    answer.how = "written"
    assert counted(house)["V1"] == Count(0, 1)


def test_paper_is_the_childs_own_hand_also_when_a_worker_sends_it_and_what_was_watched_is_not(house: House) -> None:
    answer = house.said("sec-proud", "I built a bird box")
    answer.how, answer.by_role = "paper", "social_worker"
    assert counted(house)["V1"] == Count(1, 1)
    answer.how = "observed"
    assert counted(house)["V1"] == Count(0, 1)


@pytest.mark.parametrize(
    ("set_id", "question", "value"),
    [
        ("after-meeting", "am-friendly", ["good"]),
        ("after-meeting", "am-feel-plan", ["good"]),
        ("meeting", "mt-why-not", ["boring"]),
    ],
)
def test_how_a_meeting_was_is_no_voice_for_it(house: House, set_id: str, question: str, value: list[str]) -> None:
    house.pep.closed_at, house.pep.meeting_on = clock.now(), clock.today()
    not_there(house, voice_by="none")
    house.said(question, value, set_id=set_id)
    found = counted(house)
    assert (found["V1"], found["V5"]) == (Count(0, 1), Count(0, 1))


def test_what_was_changed_counts_from_its_first_sending_and_what_was_taken_back_does_not(house: House) -> None:
    first = house.said("sec-proud", "I built a bird box")
    house.pep.meeting_on = clock.today() + timedelta(days=4)
    again = changed(house, first, at=clock.now() + timedelta(days=6))
    assert (counted(house)["V1"], counted(house)["V2"]) == (Count(1, 1), Count(1, 1))
    again.withdrawn_at = clock.now()
    assert counted(house)["V1"] == Count(0, 1)
    # Said again after the meeting: what they took back before it does not come back to life.
    changed(house, again, at=clock.now() + timedelta(days=6))
    assert counted(house)["V1"] == Count(0, 1)


def test_a_child_with_two_peps_in_a_term_counts_once(house: House) -> None:
    house.said("sec-proud", "I built a bird box")
    house.people.pep(house.robin, term="2026-27-1", in_days=30)
    found = counted(house)
    assert (found["V1"], found["V2"]) == (Count(1, 1), Count(1, 1))


@pytest.mark.parametrize(("says", "counts"), [("part", 1), ("online", 1), ("not-there", 0)])
def test_a_child_who_says_that_they_were_there_took_part(house: House, says: str, counts: int) -> None:
    house.pep.closed_at = clock.now()
    not_there(house, voice_by="none")
    house.said("am-there", [says], set_id="after-meeting")
    found = counted(house)
    assert (found["V4"], found["V5"]) == (Count(0, 1), Count(counts, 1))


@pytest.mark.parametrize(("speaks", "counts"), [("advocate", 1), ("film", 1), ("me", 0), ("unsure", 0)])
def test_a_child_who_chose_somebody_to_speak_for_them_took_part(house: House, speaks: str, counts: int) -> None:
    house.pep.closed_at = clock.now()
    # Chosen after the day, so that the choice and not the moment is what counts.
    answer = house.said("mt-speaks", [speaks], set_id="meeting")
    answer.sent_at = clock.now() + timedelta(days=11)
    assert counted(house)["V5"] == Count(counts, 1)


def test_whether_they_got_their_say_stands_beside_whether_it_was_about_them(house: House) -> None:
    house.said("am-say", ["fully"], set_id="after-meeting")
    assert counted(house)["V7-say"] == Count(1, 1)


def test_who_lived_with_a_carer_on_the_terms_day_counts_and_nobody_who_came_or_went_beside_it(house: House) -> None:
    carer, today = house.people.adult(Role.carer), clock.today()
    house.pep.meeting_on = today - timedelta(days=20)
    house.people.connect(carer, house.robin, starts_on=today - timedelta(days=60), ends_on=today - timedelta(days=10))
    assert counted(house)["V9"] == Count(0, 1), "they have moved since"
    house.pep.meeting_on = today - timedelta(days=5)
    house.people.connect(carer, house.robin, starts_on=today - timedelta(days=2))
    assert counted(house)["V9"] == Count(0, 0), "nobody on that day"
    house.pep.deadline_on = today + timedelta(days=20)
    assert counted(house)["V9"] == Count(0, 1), "a day to come is counted as it stands today"


def test_only_what_a_carer_answered_counts_as_their_part(house: House) -> None:
    carer = house.adult(Role.carer)
    row = house.said("car-known", "A steady week", set_id="carer")
    row.by_person_id, row.by_role = carer.id, "carer"
    assert (counted(house)["V9"], counted(house)["V1"]) == (Count(1, 1), Count(0, 1))
    row.state = "no-say"
    assert counted(house)["V9"] == Count(0, 1)


def test_a_voice_after_the_meeting_came_too_late_and_one_the_day_before_too_late_to_be_read(house: House) -> None:
    answer = house.said("sec-proud", "I built a bird box")
    house.pep.meeting_on = clock.today() + timedelta(days=1)
    assert (counted(house)["V1"], counted(house)["V2"]) == (Count(1, 1), Count(0, 1))
    answer.sent_at = clock.now() + timedelta(days=3)
    assert counted(house)["V1"] == Count(0, 1)


def test_a_child_who_chose_not_to_come_and_is_heard_took_part(house: House) -> None:
    house.pep.closed_at = clock.now()
    not_there(house, voice_by="chosen-adult")
    found = counted(house)
    assert (found["V4"], found["V5"]) == (Count(0, 1), Count(1, 1))


def test_faces_after_the_meeting_are_counted_with_those_who_are_not_sure(house: House) -> None:
    house.said("am-friendly", ["good"], set_id="after-meeting")
    assert counted(house)["V6"] == Count(1, 1)
    house.said("am-about-me", ["not-sure"], set_id="after-meeting")
    assert counted(house)["V7"] == Count(0, 1)


def test_the_two_working_days_are_counted_when_they_are_over_or_kept(house: House) -> None:
    came = clock.now() - timedelta(days=7)
    for looked in (came + timedelta(hours=3), came + timedelta(days=6), None):
        row = NewWords(young_person_id=house.robin.id, pep_id=house.pep.id, came_at=came, dials=[], looked_at=looked)
        house.session.add(row)
    house.session.add(NewWords(young_person_id=house.robin.id, pep_id=house.pep.id, came_at=clock.now(), dials=[]))
    assert counted(house)["looked-in-time"] == Count(1, 3)


def test_carers_at_meetings_are_counted_where_it_was_recorded(house: House) -> None:
    house.pep.closed_at = clock.now()
    carer = house.adult(Role.carer, "Juniper")
    row = Attendance(
        pep_id=house.pep.id, person_id=carer.id, role="carer", came="online", by_id=carer.id, at=clock.now()
    )
    house.session.add(row)
    assert counted(house)["carers-there"] == Count(1, 1)


def test_the_page_shows_no_small_number_and_is_for_the_virtual_school_alone(house: House) -> None:
    house.said("sec-proud", "I built a bird box")
    counted(house)
    for role, status in ((Role.virtual_school, 200), (Role.designated_teacher, 403), (Role.participation_worker, 403)):
        client = house.app.test_client()
        sign_in(house.app, client, house.people.adult(role, "Somebody"), way="worker")
        answer = client.get("/staff/evidence/heard")
        assert answer.status_code == status
        if status == 200:
            page = answer.get_data(as_text=True)
            assert "100%" not in page and "Robin" not in page and "Heard, and answered" in page
            assert client.get("/staff/evidence/heard?term=2025-26-3").status_code == 200
            assert client.get("/staff/evidence/heard?term=nonsense").status_code == 200
