"""Looking again after 4, 12 and 26 weeks: a tap, a call, or three tries and 'not known'."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.dropins import eet, looks
from app.dropins.following import follow_up
from app.dropins.models import OutcomeCheck, Visit
from app.messages.models import Message
from app.people.models import Person
from tests.dropins.visit_rows import START, Hall, hall_of
from tests.factories import People
from tests.people.tokens import csrf
from tests.wishes.conftest import actor_of

FIRST = date(2026, 12, 8)


@pytest.fixture
def hall(app: Flask, session: Session, people: People) -> Iterator[Hall]:
    with time_machine.travel(START, tick=False):
        yield hall_of(app, session, people)


@pytest.fixture
def lark(hall: Hall) -> Person:
    """Lark came on 10 November 2026, with a job since then."""
    person = hall.people.young_person("Lark", year_group=None, care="care_leaver", place="work")
    person.mobile = "+447700900123"
    looks.plan(hall.session, hall.visit(person, hall.dropin()))
    with hall.app.test_request_context():
        eet.record(hall.session, actor_of(hall.adviser), person.id, "work", from_on=START.date(), source="visit")
    hall.session.commit()
    return person


def check_of(hall: Hall, weeks: int) -> OutcomeCheck:
    hall.session.expire_all()
    return hall.session.scalars(
        select(OutcomeCheck).where(OutcomeCheck.weeks == weeks, OutcomeCheck.after == "visit")
    ).one()


def tap(hall: Hall, person: Person, check: OutcomeCheck, tapped: str, **more: str) -> int:
    browser = hall.browser(person)
    data = {"csrf_token": csrf(browser), "tapped": tapped, **more}
    return browser.post(f"/my-steps/how/{check.id}", data=data).status_code


def test_nothing_is_asked_before_its_day_and_one_question_stands_at_home_on_it(hall: Hall, lark: Person) -> None:
    with time_machine.travel("2026-12-07T10:00:00+00:00", tick=False):
        assert "How is it going now?" not in hall.text(lark, "/home")
    with time_machine.travel("2026-12-08T10:00:00+00:00", tick=False):
        assert hall.text(lark, "/home").count("How is it going now?") == 1


def test_still_there_is_one_tap_and_a_second_is_the_same(hall: Hall, lark: Person) -> None:
    with time_machine.travel("2026-12-08T10:00:00+00:00", tick=False):
        for _twice in range(2):
            assert tap(hall, lark, check_of(hall, 4), "still_there") == 303
        assert "How is it going now?" not in hall.text(lark, "/home")
    kept = check_of(hall, 4)
    assert (kept.done_on, kept.how, kept.grade, kept.eet_status_then, kept.still_in_same) == (
        FIRST, "app_tap", "told_us", "work", True,
    )  # fmt: skip


def test_changed_asks_to_what_and_writes_a_dated_row(hall: Hall, lark: Person) -> None:
    with time_machine.travel("2026-12-08T10:00:00+00:00", tick=False):
        check = check_of(hall, 4)
        browser = hall.browser(lark)
        data = {"csrf_token": csrf(browser), "tapped": "changed"}
        asked = browser.post(f"/my-steps/how/{check.id}", data=data, follow_redirects=True)
        assert "What do you do now?" in asked.text
        assert tap(hall, lark, check, "changed", status="p16_education") == 303
    kept = check_of(hall, 4)
    assert (kept.tapped, kept.still_in_same, kept.moved_to_other_eet) == ("changed", False, True)
    rows = [(row.status, row.from_on, row.to_on) for row in eet.rows_of(hall.session, lark.id)]
    assert rows == [("work", START.date(), FIRST), ("p16_education", FIRST, None)]


def test_need_help_tells_the_adviser_and_stands_on_their_list(hall: Hall, lark: Person) -> None:
    with time_machine.travel("2026-12-08T10:00:00+00:00", tick=False):
        for _twice in range(2):
            tap(hall, lark, check_of(hall, 4), "need_help")
        assert [one.address for one in hall.session.scalars(select(Message))] == [hall.adviser.email]
        assert "They ask for help" in hall.text(hall.adviser, "/staff/dropins/outcomes")


def test_nobody_taps_for_somebody_else(hall: Hall, lark: Person) -> None:
    other = hall.people.young_person("Plover")
    assert tap(hall, other, check_of(hall, 4), "still_there") == 404
    assert hall.browser(other).get(f"/my-steps/how/{check_of(hall, 4).id}").status_code == 404
    assert tap(hall, lark, check_of(hall, 4), "fine") == 404


def test_an_adviser_writes_down_what_they_were_told_and_a_provider_confirms(hall: Hall, lark: Person) -> None:
    with time_machine.travel("2027-02-03T10:00:00+00:00", tick=False):
        page = "/staff/dropins/outcomes"
        assert hall.text(hall.adviser, page).count('class="big"') == 2
        for weeks, how, status in ((4, "call", "work"), (12, "provider_told_us", "apprenticeship")):
            action = f"{page}/{check_of(hall, weeks).id}"
            assert hall.press(hall.adviser, page, action, how=how, status=status).status_code == 303
    first, second = check_of(hall, 4), check_of(hall, 12)
    assert (first.grade, first.still_in_same, second.grade, second.moved_to_other_eet) == (
        "told_us", True, "confirmed", True,
    )  # fmt: skip
    assert eet.current(hall.session, lark.id).confidence == "confirmed"  # type: ignore[union-attr]


def test_a_form_without_an_answer_changes_nothing(hall: Hall, lark: Person) -> None:
    with time_machine.travel("2026-12-08T10:00:00+00:00", tick=False):
        page = "/staff/dropins/outcomes"
        hall.press(hall.adviser, page, f"{page}/{check_of(hall, 4).id}")
    assert check_of(hall, 4).done_on is None


def test_three_tries_make_it_not_known(hall: Hall, lark: Person) -> None:
    with time_machine.travel("2026-12-08T10:00:00+00:00", tick=False):
        for _try in range(3):
            browser = hall.browser(hall.adviser)
            data = {"csrf_token": csrf(browser), "tried": "yes"}
            browser.post(f"/staff/dropins/outcomes/{check_of(hall, 4).id}", data=data)
    assert (check_of(hall, 4).grade, check_of(hall, 4).tries) == ("not_known", 3)


def test_they_are_asked_once_by_message_and_after_three_weeks_it_is_not_known(hall: Hall, lark: Person) -> None:
    seen = []
    for day in ("2026-12-08", "2026-12-09", "2026-12-15", "2026-12-22", "2026-12-28"):
        with time_machine.travel(f"{day}T06:00:00+00:00", tick=False):
            follow_up(hall.session, clock.now())
            hall.session.commit()
            seen.append((check_of(hall, 4).tries, check_of(hall, 4).grade))
    assert seen == [(1, None), (1, None), (2, None), (3, None), (3, None)]
    assert len(hall.session.scalars(select(Message)).all()) == 1
    with time_machine.travel("2026-12-29T06:00:00+00:00", tick=False):
        assert follow_up(hall.session, clock.now()).not_known == 1
    assert check_of(hall, 4).grade == "not_known"


def test_the_command_counts_in_a_dry_run_and_tells_nobody(hall: Hall, lark: Person) -> None:
    with time_machine.travel("2026-12-08T10:00:00+00:00", tick=False):
        runner = hall.app.test_cli_runner()
        assert "1 are asked" in runner.invoke(args=["visits", "follow-up", "--dry-run"]).output
        assert hall.session.scalars(select(Message)).all() == []
        assert "1 are asked" in runner.invoke(args=["visits", "follow-up"]).output
    hall.session.expire_all()
    assert len(hall.session.scalars(select(Message)).all()) == 1


def test_who_comes_every_week_is_not_asked_every_week(hall: Hall, lark: Person) -> None:
    for weeks in (1, 2, 3):
        looks.plan(hall.session, hall.visit(lark, hall.dropin(), at=START + timedelta(weeks=weeks)))
    assert sorted(one.weeks for one in hall.session.scalars(select(OutcomeCheck))) == [4, 12, 26]


def test_three_and_six_months_after_something_new_began_they_are_asked_again(hall: Hall, lark: Person) -> None:
    def began(status: str, day: date) -> list[tuple[int, date]]:
        with hall.app.test_request_context(), time_machine.travel(f"{day}T10:00:00+00:00", tick=False):
            eet.record(hall.session, actor_of(hall.adviser), lark.id, status, from_on=day, source="self")
        hall.session.commit()
        found = select(OutcomeCheck).where(OutcomeCheck.after == "start").order_by(OutcomeCheck.due_on)
        return [(one.weeks, one.due_on) for one in hall.session.scalars(found)]

    assert began("neet_seeking", date(2027, 1, 4)) == [], "an end is no beginning"
    first = date(2027, 2, 1)
    planned = [(12, first + timedelta(weeks=12)), (26, first + timedelta(weeks=26))]
    assert began("apprenticeship", first) == planned
    assert began("work", first + timedelta(weeks=2)) == planned, (
        "what is asked about that time anyway is not asked twice"
    )


def test_what_they_do_already_when_we_first_hear_of_it_has_not_begun(hall: Hall, lark: Person) -> None:
    assert {one.after for one in hall.session.scalars(select(OutcomeCheck))} == {"visit"}


def test_somebody_of_another_council_is_not_asked_later(hall: Hall) -> None:
    looks.plan(hall.session, hall.visit(None, hall.dropin(), cohort="other"))
    assert hall.session.scalars(select(OutcomeCheck)).all() == []


def test_who_chose_another_way_when_they_booked_gets_no_text(hall: Hall, lark: Person) -> None:
    dropin = hall.dropin()
    booking = hall.booking(lark, dropin, hall.slot(dropin), state="attended", contact="none")
    hall.session.scalars(select(Visit)).one().booking_id = booking.id
    hall.session.commit()
    with time_machine.travel("2026-12-08T06:00:00+00:00", tick=False):
        assert follow_up(hall.session, clock.now()).asked == 0
    assert hall.session.scalars(select(Message)).all() == []
