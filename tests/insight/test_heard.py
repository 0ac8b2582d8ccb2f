"""Heard, and answered, in figures: counted as the handbook says, and a small number is never shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from app.core import clock
from app.insight import heard_figures, periods, suppression
from app.insight.heard_figures import Count
from app.people.models import Role
from app.pep.models import Attendance, ChildsPart
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


@pytest.mark.parametrize(
    ("n", "d", "shown"),
    [
        (0, 0, ("z", "0", "z")),
        (2, 4, ("c", "c", "c")),
        (3, 8, ("c", "8", "c")),
        (0, 12, ("c", "12", "c")),
        (12, 12, ("c", "12", "c")),
        (4, 30, ("c", "30", "c")),
        (27, 30, ("c", "30", "c")),
        (24, 30, ("24", "30", "80%")),
        (6, 12, ("6", "12", "50%")),
        (7, 50, ("7", "50", "14%")),
        (0, 25, ("0", "25", "0%")),
        (25, 25, ("25", "25", "100%")),
        (38, 100, ("38", "100", "38%")),
    ],
)
def test_the_handbooks_table_of_small_numbers(n: int, d: int, shown: tuple[str, str, str]) -> None:
    found = suppression.share(n, d)
    assert (found.n, found.d, found.rate) == shown


def test_a_childs_voice_counts_and_one_that_an_adult_wrote_does_not(house: House) -> None:
    answer = house.said("sec-proud", "I built a bird box")
    found = counted(house)
    assert (found["V1"], found["V2"]) == (Count(1, 1), Count(1, 1))
    answer.how = "written"
    assert counted(house)["V1"] == Count(0, 1)


def test_a_voice_after_the_meeting_came_too_late_and_one_the_day_before_too_late_to_be_read(house: House) -> None:
    answer = house.said("sec-proud", "I built a bird box")
    house.pep.meeting_on = clock.today() + timedelta(days=1)
    assert (counted(house)["V1"], counted(house)["V2"]) == (Count(1, 1), Count(0, 1))
    answer.sent_at = clock.now() + timedelta(days=3)
    assert counted(house)["V1"] == Count(0, 1)


def test_a_child_who_chose_not_to_come_and_is_heard_took_part(house: House) -> None:
    house.pep.closed_at = clock.now()
    teacher = house.adult()
    part = ChildsPart(
        pep_id=house.pep.id, took_part="not-there", voice_by="chosen-adult", by_id=teacher.id, at=clock.now()
    )
    house.session.add(part)
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
