"""The note of a visit: written together, kept once, and what is for the team stays with the team."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.dropins import eet, visits
from app.dropins.models import EetStatus, NextStep, OutcomeCheck, Story, Visit
from app.people.models import Role
from tests.dropins.visit_rows import START, Hall, hall_of
from tests.factories import People
from tests.forms import fields_of
from tests.people.tokens import csrf
from tests.wishes.conftest import actor_of


@pytest.fixture
def hall(app: Flask, session: Session, people: People) -> Iterator[Hall]:
    with time_machine.travel(START + timedelta(minutes=20), tick=False):
        yield hall_of(app, session, people)


@pytest.fixture
def visit(hall: Hall) -> Visit:
    lark = hall.people.young_person("Lark", year_group=None, care="care_leaver", place="work")
    return hall.visit(lark, hall.dropin())


def page_of(visit: Visit) -> str:
    return f"/staff/dropins/visits/{visit.id}"


GOOD = {
    "purposes": ["find_job", "cv"],
    "eet_now": "neet_seeking",
    "words": "You want to work with animals.",
    "step1_words": "I will ask the vet for a day",
    "step1_due": "2026-11-24",
}


def test_a_note_keeps_what_was_agreed_and_plans_to_look_again(hall: Hall, visit: Visit) -> None:
    assert hall.press(hall.adviser, page_of(visit), page_of(visit), **GOOD).status_code == 303
    kept = hall.fresh(visit)
    assert (kept.purposes, kept.eet_before, kept.talked_about) == (["find_job", "cv"], "neet_seeking", GOOD["words"])
    step = hall.session.scalars(select(NextStep)).one()
    assert (step.words, step.owner, step.due_on, step.share_with) == (GOOD["step1_words"], "me", date(2026, 11, 24), [])
    due = {one.weeks: one.due_on for one in hall.session.scalars(select(OutcomeCheck))}
    assert due == {4: date(2026, 12, 8), 12: date(2027, 2, 2), 26: date(2027, 5, 11)}
    assert "What we agreed, Lark" in hall.text(hall.adviser, page_of(visit))


def test_a_note_sent_twice_over_a_bad_line_is_one_note(hall: Hall, visit: Visit) -> None:
    browser = hall.browser(hall.adviser)
    _action, fields = fields_of(browser.get(page_of(visit)).text, action=page_of(visit))
    for name, value in GOOD.items():
        fields.setlist(name, value if isinstance(value, list) else [value])
    for _twice in range(2):
        assert browser.post(page_of(visit), data=fields).status_code == 303
    assert len(hall.session.scalars(select(NextStep)).all()) == 1
    assert hall.fresh(visit).version == 2


def test_of_two_who_write_at_once_the_second_is_told_and_keeps_what_they_typed(hall: Hall, visit: Visit) -> None:
    first, second = hall.browser(hall.adviser), hall.browser(hall.people.adult(Role.virtual_school, "Ty"))
    forms = [fields_of(one.get(page_of(visit)).text, action=page_of(visit))[1] for one in (first, second)]
    for browser, fields, words in zip((first, second), forms, ("Mine.", "Theirs."), strict=True):
        for name, value in {**GOOD, "words": words}.items():
            fields.setlist(name, value if isinstance(value, list) else [value])
        answer = browser.post(page_of(visit), data=fields)
    assert answer.status_code == 422 and "Somebody else changed" in answer.text and "Theirs." in answer.text
    assert hall.fresh(visit).talked_about == "Mine."
    _action, again = fields_of(answer.text, action=page_of(visit))
    assert second.post(page_of(visit), data=again).status_code == 303
    assert hall.fresh(visit).talked_about == "Theirs."


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"purposes": []}, "one to three things"),
        ({"purposes": ["cv", "find_job", "university", "other"]}, "one to three things"),
        ({"purposes": ["made-up"]}, "one to three things"),
        ({"eet_now": None}, "what you do now"),
        ({"eet_now": "rich"}, "what you do now"),
        ({"eet_since": "2027-01-01"}, "has not come yet"),
        ({"words": "x" * 501}, "up to 500"),
        ({"own_words": "x" * 301}, "up to 300"),
        ({"step1_due": "2026-11-09"}, "from today on"),
        ({"step1_due": "soon"}, "from today on"),
        ({"step1_words": "x" * 201}, "from today on"),
        ({"step1_owner": "somebody"}, "from today on"),
    ],
)
def test_what_is_missing_is_asked_for_kindly_and_nothing_typed_is_lost(
    hall: Hall, visit: Visit, wrong: dict[str, object], said: str
) -> None:
    answer = hall.press(hall.adviser, page_of(visit), page_of(visit), **{"own_words": "أنا جاهز", **GOOD, **wrong})
    assert answer.status_code == 422 and said in answer.text
    assert wrong.get("own_words") or "أنا جاهز" in answer.text
    assert hall.fresh(visit).purposes == ["cv"] and hall.session.scalars(select(NextStep)).all() == []


@pytest.mark.parametrize(
    "words",
    ["Their visa is late", "Call 07700 900123", "PE1 1AA", "me@example.org", "The police came", "Your medication"],
)
def test_what_a_note_must_not_hold_is_asked_about_once_and_never_blocks(hall: Hall, visit: Visit, words: str) -> None:
    browser = hall.browser(hall.adviser)
    _action, fields = fields_of(browser.get(page_of(visit)).text, action=page_of(visit))
    for name, value in {**GOOD, "words": words}.items():
        fields.setlist(name, value if isinstance(value, list) else [value])
    answer = browser.post(page_of(visit), data=fields)
    assert answer.status_code == 200 and "too private to keep" in answer.text
    assert hall.fresh(visit).talked_about is None
    _action, again = fields_of(answer.text, action=page_of(visit))
    assert browser.post(page_of(visit), data=again).status_code == 303


def test_words_that_could_be_plainer_are_hinted_at_once(hall: Hall, visit: Visit) -> None:
    answer = hall.press(hall.adviser, page_of(visit), page_of(visit), **{**GOOD, "words": "Your LAC review and EHCP."})
    assert answer.status_code == 200 and "Could this be plainer?" in answer.text


def test_the_status_is_a_dated_row_and_a_later_one_never_overwrites_it(hall: Hall, visit: Visit) -> None:
    hall.press(hall.adviser, page_of(visit), page_of(visit), **{**GOOD, "eet_since": "2026-09-01", "eet_after": "work"})
    rows = [(row.status, row.from_on, row.to_on) for row in eet.rows_of(hall.session, visit.whose)]
    assert rows == [
        ("neet_seeking", date(2026, 9, 1), date(2026, 11, 10)),
        ("work", date(2026, 11, 10), None),
    ]
    with hall.app.test_request_context():
        actor = actor_of(hall.adviser)
        eet.record(hall.session, actor, visit.whose, "p16_education", from_on=date(2026, 11, 10), source="provider")
        eet.record(hall.session, actor, visit.whose, "p16_education", from_on=date(2026, 11, 10), source="provider")
    hall.session.commit()
    found = [(row.status, row.to_on, row.closed_why) for row in eet.rows_of(hall.session, visit.whose)]
    assert found == [
        ("neet_seeking", date(2026, 11, 10), None),
        ("work", date(2026, 11, 10), "corrected"),
        ("p16_education", None, None),
    ]


def test_the_note_of_a_first_name_alone_writes_no_status(hall: Hall) -> None:
    page = f"/staff/dropins/{hall.dropin().id}/walk-in"
    hall.press(hall.adviser, page, page, first_name="Noor")
    visit = hall.session.scalars(select(Visit)).one()
    assert hall.press(hall.adviser, page_of(visit), page_of(visit), **GOOD).status_code == 303
    assert hall.session.scalars(select(EetStatus)).all() == []
    assert len(hall.session.scalars(select(NextStep)).all()) == 1


def test_who_is_under_16_shares_a_step_with_their_plan_unless_they_say_no(hall: Hall) -> None:
    wren = hall.visit(hall.people.young_person("Wren", year_group=10), hall.dropin())
    robin = hall.visit(hall.people.young_person("Robin", year_group=12), hall.dropin())
    for visit in (wren, robin):
        hall.press(hall.adviser, page_of(visit), page_of(visit), **GOOD)
    shares = {step.whose: step.share_with for step in hall.session.scalars(select(NextStep))}
    assert shares == {wren.whose: ["pep"], robin.whose: []}


def test_the_turned_round_screen_never_shows_what_is_for_the_team(hall: Hall, visit: Visit) -> None:
    team = f"{page_of(visit)}/team"
    assert hall.press(hall.adviser, team, team, words="Asks for morning slots", safeguarding="yes").status_code == 303
    text = hall.text(hall.adviser, team)
    assert "Asks for morning slots" in text and "own safeguarding form" in text
    hall.press(hall.adviser, f"{page_of(visit)}?change=1", page_of(visit), **GOOD)
    for page in (page_of(visit), f"{page_of(visit)}?change=1"):
        assert "morning slots" not in hall.text(hall.adviser, page)
    lark = hall.session.get_one(type(hall.adviser), visit.whose)
    for page in ("/my-steps", "/home"):
        assert "morning slots" not in hall.text(lark, page) and "safeguarding form" not in hall.text(lark, page)


def test_a_step_taken_out_of_the_note_is_kept_and_needed_no_longer(hall: Hall, visit: Visit) -> None:
    hall.press(hall.adviser, page_of(visit), page_of(visit), **GOOD)
    hall.press(hall.adviser, f"{page_of(visit)}?change=1", page_of(visit), step1_words="")
    assert [step.state for step in hall.session.scalars(select(NextStep))] == ["no_longer_needed"]


def test_a_visit_recorded_by_mistake_is_taken_back_from_its_own_page(hall: Hall, visit: Visit) -> None:
    team = f"{page_of(visit)}/team"
    assert hall.press(hall.adviser, team, f"{page_of(visit)}/undo", reason="wrong_person").status_code == 303
    assert hall.fresh(visit).undone_at is not None
    assert hall.browser(hall.adviser).get(page_of(visit)).status_code == 404


def test_an_adviser_connected_to_somebody_sees_the_days_and_only_the_steps_shared_with_them(
    hall: Hall, visit: Visit
) -> None:
    lark = hall.session.get_one(type(hall.adviser), visit.whose)
    aspen = hall.people.connected(Role.personal_adviser, lark, "Mr Aspen")
    page = f"/staff/young-people/{lark.id}/dropins"
    hall.press(
        hall.adviser,
        page_of(visit),
        page_of(visit),
        **{**GOOD, "step1_share": "pa", "step2_words": "I will tell nobody", "step2_due": "2026-11-24"},
    )
    text = hall.text(aspen, page)
    assert "ask the vet" in text and "tell nobody" not in text and "animals" not in text
    assert "tell nobody" in hall.text(hall.adviser, page) and "animals" in hall.text(hall.adviser, page)
    assert hall.browser(hall.people.adult(Role.personal_adviser)).get(page).status_code == 404
    assert hall.browser(hall.people.connected(Role.carer, lark)).get(page).status_code == 403


def test_a_story_is_told_once_read_without_a_name_and_taken_back(hall: Hall, visit: Visit) -> None:
    lark = hall.session.get_one(type(hall.adviser), visit.whose)
    browser = hall.browser(lark)
    data = {"csrf_token": csrf(browser), "key": "k", "story": "I came three times. Now I work."}
    refused = browser.post("/my-steps/story", data=data)
    assert refused.status_code == 422 and "Now I work" in refused.text
    for _twice in range(2):
        assert browser.post("/my-steps/story", data={**data, "yes": "yes"}).status_code == 303
    story = hall.session.scalars(select(Story)).one()
    staff = hall.text(hall.adviser, "/staff/dropins/stories")
    assert "Now I work" in staff and "Lark" not in staff
    back = f"/my-steps/story/{story.id}/back"
    assert hall.press(lark, "/my-steps", back).status_code == 303
    assert "Now I work" not in hall.text(hall.adviser, "/staff/dropins/stories")


def test_faults_are_the_same_without_a_page(visit: Visit) -> None:
    assert visits.faults(visits.Note(purposes=["cv"], eet_now="work"), date(2026, 11, 10)) == []
    assert visits.faults(visits.Note(), date(2026, 11, 10)) == ["purposes", "status"]
