"""A young person's next steps: read in their language, ticked, shared, and brought back gently."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.dropins.following import follow_up
from app.dropins.models import NextStep
from app.dropins.next_steps import steps_for_pep
from app.messages.models import Message
from app.people.models import Person, Role
from tests.dropins.visit_rows import START, Hall, hall_of
from tests.factories import People, sign_in
from tests.pathways import openings_house
from tests.people.tokens import csrf


@pytest.fixture
def hall(app: Flask, session: Session, people: People) -> Iterator[Hall]:
    with time_machine.travel(START, tick=False):
        yield hall_of(app, session, people)


@pytest.fixture
def lark(hall: Hall) -> Person:
    person = hall.people.young_person("Lark", year_group=None, care="care_leaver", place="work", language="ar")
    person.mobile = "+447700900123"
    hall.session.commit()
    return person


def a_step(hall: Hall, person: Person, words: str = "I will ask the vet", **more: object) -> NextStep:
    visit = hall.visit(person, hall.dropin())
    values: dict[str, object] = {"language": "en-GB", "owner": "me", "due_on": date(2026, 11, 17), **more}
    step = NextStep(visit_id=visit.id, whose=person.id, words=words, changed_at=clock.now(), **values)
    hall.session.add(step)
    hall.session.commit()
    return step


def tick(hall: Hall, person: Person, step: NextStep, state: str) -> int:
    browser = hall.browser(person)
    return browser.post(f"/my-steps/{step.id}", data={"csrf_token": csrf(browser), "state": state}).status_code


def test_a_step_is_read_in_the_language_it_was_put_in_and_else_as_it_was_written(hall: Hall, lark: Person) -> None:
    a_step(hall, lark, "I will call", other_words="سأتصل", other_language="ar")
    a_step(hall, lark, "I will write")
    text = hall.text(lark, "/my-steps?lang=ar")
    assert 'lang="ar" dir="rtl">سأتصل' in text and "I will call" not in text
    assert 'lang="en-GB" dir="ltr">I will write' in text


def test_a_step_is_ticked_from_the_persons_own_page_and_a_second_tap_is_the_same(hall: Hall, lark: Person) -> None:
    step = a_step(hall, lark)
    assert "I will ask the vet" in hall.text(lark, "/home")
    for _twice in range(2):
        assert tick(hall, lark, step, "done") == 303
    kept = hall.fresh(step)
    assert (kept.state, kept.done_on, kept.version) == ("done", date(2026, 11, 10), 2)
    assert "I will ask the vet" not in hall.text(lark, "/home")
    tick(hall, lark, step, "to_do")
    assert hall.fresh(step).done_on is None


def test_stuck_tells_the_adviser_once_without_a_word_of_it(hall: Hall, lark: Person) -> None:
    step = a_step(hall, lark)
    for _twice in range(2):
        tick(hall, lark, step, "stuck")
    told = hall.session.scalars(select(Message)).one()
    assert (told.address, told.template, told.params) == (hall.adviser.email, "words_wait", {})
    assert "I will ask the vet" in hall.text(lark, "/home"), "it is still theirs to do"


def test_nobody_ticks_or_shares_somebody_elses_step(hall: Hall, lark: Person) -> None:
    step, other = a_step(hall, lark), hall.people.young_person("Plover")
    assert tick(hall, other, step, "done") == 404
    browser = hall.browser(other)
    data = {"csrf_token": csrf(browser), "share": "pep"}
    assert browser.post(f"/my-steps/{step.id}/who", data=data).status_code == 404
    assert tick(hall, lark, step, "thrown-away") == 404
    assert hall.fresh(step).state == "to_do"


def test_an_adult_beside_a_young_person_cannot_open_their_steps(hall: Hall, lark: Person) -> None:
    a_step(hall, lark)
    client = hall.app.test_client()
    sign_in(hall.app, client, lark, way="beside", helper=hall.people.connected(Role.personal_adviser, lark))
    assert client.get("/my-steps").status_code == 404


def test_only_steps_put_forward_for_the_plan_are_given_to_it(hall: Hall, lark: Person) -> None:
    shared, own = a_step(hall, lark, "For my plan", share_with=["pep"]), a_step(hall, lark, "Mine")
    assert [one.id for one in steps_for_pep(hall.session, lark.id)] == [shared.id]
    browser = hall.browser(lark)
    data = {"csrf_token": csrf(browser), "share": ["pep", "pa", "made-up"]}
    assert browser.post(f"/my-steps/{own.id}/who", data=data).status_code == 303
    assert hall.fresh(own).share_with == ["pa", "pep"]
    assert len(steps_for_pep(hall.session, lark.id)) == 2


def test_a_step_whose_day_went_by_comes_back_once_on_the_next_working_morning(hall: Hall, lark: Person) -> None:
    a_step(hall, lark, due_on=date(2026, 11, 13))
    with time_machine.travel("2026-11-13T23:00:00+00:00", tick=False):
        assert follow_up(hall.session, clock.now()).steps == 0
    with time_machine.travel("2026-11-14T08:00:00+00:00", tick=False):
        for _twice in range(2):
            follow_up(hall.session, clock.now())
        hall.session.commit()
    told = hall.session.scalars(select(Message)).one()
    assert (told.template, told.language, told.kind) == ("something_to_look_at", "ar", "sms")
    assert told.send_after.isoformat() == "2026-11-16T09:00:00+00:00"
    with time_machine.travel("2026-11-16T08:00:00+00:00", tick=False):
        text = hall.text(lark, "/my-steps?lang=en-GB")
        assert "There is still time" in text and "overdue" not in text.lower() and "late" not in text.lower()


def test_nobody_is_written_to_about_steps_of_others_done_steps_or_very_old_ones(hall: Hall, lark: Person) -> None:
    a_step(hall, lark, owner="adviser", due_on=date(2026, 11, 13))
    a_step(hall, lark, state="done", due_on=date(2026, 11, 13))
    a_step(hall, lark, due_on=date(2026, 10, 1))
    undone = a_step(hall, lark, due_on=date(2026, 11, 13))
    hall.session.get_one(type(hall.visit(lark, hall.dropin())), undone.visit_id).undone_at = START
    hall.session.commit()
    with time_machine.travel("2026-11-14T08:00:00+00:00", tick=False):
        assert follow_up(hall.session, clock.now()).steps == 0


def test_a_worrying_word_shows_at_once_where_help_is(hall: Hall, lark: Person) -> None:
    step = a_step(hall, lark)
    browser = hall.browser(lark)
    data = {"csrf_token": csrf(browser), "own_words": "I do not feel safe", "useful": "a_bit"}
    answer = browser.post(f"/my-steps/visits/{step.visit_id}?lang=en-GB", data=data, follow_redirects=True)
    assert "If you are not safe now, tap Help" in answer.text and "I do not feel safe" in answer.text
    too_long = browser.post(f"/my-steps/visits/{step.visit_id}", data={**data, "own_words": "x" * 301})
    assert too_long.status_code == 422


def test_the_pages_of_somebody_who_never_came_say_what_will_stand_there(hall: Hall) -> None:
    robin = hall.people.young_person("Robin")
    assert "what you agree stands here" in hall.text(robin, "/my-steps")
    assert "Your next steps" not in hall.text(robin, "/home")


def test_a_step_put_forward_stands_in_the_record_and_at_home_only_when_shared_there_too(hall: Hall) -> None:
    robin = hall.people.young_person("Robin", year_group=11)
    pep = hall.people.pep(robin)
    teacher, carer = (hall.people.connected(role, robin) for role in (Role.designated_teacher, Role.carer))
    a_step(hall, robin, "Visit the college", share_with=["pep"])
    a_step(hall, robin, "Ask about the bus", share_with=["pep", "carer"])
    a_step(hall, robin, "Mine alone")
    read = hall.text(teacher, f"/staff/peps/{pep.id}")
    assert "Visit the college" in read and "Ask about the bus" in read and "Mine alone" not in read
    at_home = hall.text(carer, f"/staff/peps/{pep.id}")
    assert "Ask about the bus" in at_home and "Visit the college" not in at_home


def test_what_a_step_leads_to_is_a_way_there_and_nothing_that_has_closed_is_offered(hall: Hall, lark: Person) -> None:
    closes = START + timedelta(days=2)
    openings_house.published(hall.session, openings_house.opening("bakery", title="A bakery", closes_at=closes))
    hall.session.commit()
    step = a_step(hall, lark, linked="opportunity:bakery")
    assert 'href="/opportunities/bakery"' in hall.text(lark, "/my-steps")
    offered = '<option value="opportunity:bakery"'
    note = f"/staff/dropins/visits/{step.visit_id}"
    other = f"/staff/dropins/visits/{hall.visit(lark, hall.dropin()).id}"
    assert [offered in hall.text(hall.adviser, page) for page in (note, other)] == [True, True]
    with time_machine.travel(closes, tick=False):
        still = [offered in hall.text(hall.adviser, page) for page in (note, other)]
    assert still == [True, False], "what is linked already stays when the note is saved again"
    assert hall.browser(lark).get("/opportunities/bakery").status_code == 200


@pytest.mark.parametrize(("leaves_in", "told"), [(10, True), (0, False), (-1, False)])
def test_an_adviser_who_leaves_one_day_is_still_told_until_then(
    hall: Hall, lark: Person, leaves_in: int, told: bool
) -> None:
    hall.adviser.ended_on = START.date() + timedelta(days=leaves_in)
    hall.session.commit()
    tick(hall, lark, a_step(hall, lark), "stuck")
    assert bool(hall.session.scalars(select(Message)).all()) is told
