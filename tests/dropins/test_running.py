"""Running a session: the list, taps that are one record, walking in, the screen on the wall."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.core.working_days import working_days_after
from app.dropins import walking_in
from app.dropins.models import Arrival, Booking, BookingMove, Happening, NewFace, Visit
from app.messages.models import Message
from app.people.models import Person, Role
from tests.dropins.visit_rows import START, Hall, hall_of
from tests.factories import People
from tests.people.tokens import csrf
from tests.wishes.conftest import actor_of

TODAY = "/staff/dropins/today"


@pytest.fixture
def hall(app: Flask, session: Session, people: People) -> Iterator[Hall]:
    with time_machine.travel(START + timedelta(minutes=20), tick=False):
        yield hall_of(app, session, people)


def leaver(hall: Hall, name: str = "Lark") -> Person:
    return hall.people.young_person(name, year_group=None, care="care_leaver", place="work")


def tap(hall: Hall, path: str, *, key: str = "k1", **data: str) -> int:
    browser = hall.browser(hall.adviser)
    return browser.post(path, data={"csrf_token": csrf(browser), "key": key, **data}).status_code


def test_the_list_of_today_names_who_is_booked_and_nobody_from_another_day(hall: Hall) -> None:
    dropin = hall.dropin()
    slot = hall.slot(dropin)
    hall.booking(leaver(hall, "Lark"), dropin, slot)
    other = hall.dropin(starts_at=START + timedelta(days=1))
    hall.booking(leaver(hall, "Plover"), other, hall.slot(other))
    text = hall.text(hall.adviser, TODAY)
    assert "Lark" in text and "Plover" not in text and "Central Library" in text


def test_a_tap_sent_twice_is_one_arrival_one_move_and_one_number(hall: Hall) -> None:
    dropin = hall.dropin()
    booking = hall.booking(leaver(hall), dropin, hall.slot(dropin))
    for _twice in range(2):
        assert tap(hall, f"/staff/dropins/bookings/{booking.id}/here", key="the-same") == 303
    assert hall.fresh(booking).state == "arrived"
    assert [one.number for one in hall.session.scalars(select(Arrival))] == [1]
    moves = hall.session.scalars(select(BookingMove)).all()
    assert [(one.came_from, one.went_to, one.why) for one in moves] == [("booked", "arrived", "late")]


def test_two_devices_that_tap_the_same_person_make_one_visit(hall: Hall) -> None:
    dropin = hall.dropin()
    booking = hall.booking(leaver(hall), dropin, hall.slot(dropin))
    for key in ("phone", "tablet"):
        assert tap(hall, f"/staff/dropins/bookings/{booking.id}/visit", key=key) == 303
    visit = hall.session.scalars(select(Visit)).one()
    assert visit.booking_id == booking.id and not visit.was_walk_in
    assert hall.fresh(booking).state == "attended"


def test_did_not_attend_is_refused_before_a_quarter_of_an_hour_has_passed_by_the_servers_clock(hall: Hall) -> None:
    dropin = hall.dropin()
    late_slot = hall.slot(dropin, after=30)
    booking = hall.booking(leaver(hall), dropin, late_slot)
    with time_machine.travel(late_slot.starts_at + timedelta(minutes=14, seconds=59), tick=False):
        tap(hall, f"/staff/dropins/bookings/{booking.id}/missed")
        assert hall.fresh(booking).state == "booked"
        assert "from 15 minutes after" not in hall.text(hall.adviser, TODAY)
    with time_machine.travel(late_slot.starts_at + timedelta(minutes=15), tick=False):
        tap(hall, f"/staff/dropins/bookings/{booking.id}/missed", key="k2")
    assert hall.fresh(booking).state == "did_not_attend"
    assert hall.fresh(late_slot).taken == 0


def test_who_was_missed_and_came_after_all_is_put_right_with_a_reason_that_is_kept(hall: Hall) -> None:
    dropin = hall.dropin()
    booking = hall.booking(leaver(hall), dropin, hall.slot(dropin))
    tap(hall, f"/staff/dropins/bookings/{booking.id}/missed")
    assert tap(hall, f"/staff/dropins/bookings/{booking.id}/visit", key="k2") == 303
    assert hall.fresh(booking).state == "did_not_attend"
    tap(hall, f"/staff/dropins/bookings/{booking.id}/visit", key="k3", reason="came_after_all")
    assert hall.fresh(booking).state == "attended"
    assert "came_after_all" in hall.session.scalars(select(BookingMove.why)).all()


def test_the_wrong_person_is_taken_back_within_five_working_days_and_the_visit_counts_no_more(hall: Hall) -> None:
    dropin = hall.dropin()
    booking = hall.booking(leaver(hall), dropin, hall.slot(dropin))
    tap(hall, f"/staff/dropins/bookings/{booking.id}/visit")
    with time_machine.travel(START + timedelta(days=7), tick=False):
        tap(hall, f"/staff/dropins/bookings/{booking.id}/undo", key="k2", reason="wrong_person")
    visit = hall.session.scalars(select(Visit)).one()
    assert hall.fresh(booking).state == "booked" and hall.fresh(visit).undone_at is not None


def test_after_five_working_days_nothing_is_changed_any_more(hall: Hall) -> None:
    dropin = hall.dropin()
    booking = hall.booking(leaver(hall), dropin, hall.slot(dropin))
    tap(hall, f"/staff/dropins/bookings/{booking.id}/visit")
    with time_machine.travel(START + timedelta(days=8), tick=False):
        tap(hall, f"/staff/dropins/bookings/{booking.id}/undo", key="k2", reason="wrong_person")
    assert hall.fresh(booking).state == "attended"


def test_a_correction_without_a_reason_changes_nothing(hall: Hall) -> None:
    dropin = hall.dropin()
    booking = hall.booking(leaver(hall), dropin, hall.slot(dropin))
    tap(hall, f"/staff/dropins/bookings/{booking.id}/visit")
    tap(hall, f"/staff/dropins/bookings/{booking.id}/undo", key="k2")
    assert hall.fresh(booking).state == "attended"


def test_a_visit_taken_back_and_recorded_again_is_the_same_row(hall: Hall) -> None:
    dropin = hall.dropin()
    booking = hall.booking(leaver(hall), dropin, hall.slot(dropin))
    tap(hall, f"/staff/dropins/bookings/{booking.id}/visit")
    tap(hall, f"/staff/dropins/bookings/{booking.id}/undo", key="k2", reason="wrong_button")
    tap(hall, f"/staff/dropins/bookings/{booking.id}/visit", key="k3")
    assert hall.session.scalars(select(Visit)).one().undone_at is None


def test_who_waited_and_left_before_being_seen_is_not_a_did_not_attend(hall: Hall) -> None:
    dropin = hall.dropin()
    slot = hall.slot(dropin)
    booking = hall.booking(leaver(hall), dropin, slot)
    tap(hall, f"/staff/dropins/bookings/{booking.id}/here")
    arrival = hall.session.scalars(select(Arrival)).one()
    for key in ("k2", "k3"):
        tap(hall, f"/staff/dropins/arrivals/{arrival.id}/left", key=key)
    assert (hall.fresh(booking).state, hall.fresh(booking).late, hall.fresh(slot).taken) == ("cancelled", True, 0)


def test_somebody_walks_in_in_two_taps_and_takes_the_free_place(hall: Hall) -> None:
    dropin = hall.dropin()
    slot = hall.slot(dropin, capacity=1)
    lark = leaver(hall)
    hall.visit(lark, hall.dropin(starts_at=START - timedelta(days=7)), at=START - timedelta(days=7))
    page = f"/staff/dropins/{dropin.id}/walk-in"
    assert page in hall.text(hall.adviser, TODAY)
    assert hall.press(hall.adviser, page, page, person=str(lark.id)).status_code == 303
    visit = hall.session.scalars(select(Visit).where(Visit.dropin_id == dropin.id)).one()
    assert visit.was_walk_in and visit.whose == lark.id
    assert hall.fresh(slot).taken == 1


def test_a_walk_in_is_never_turned_away_when_every_place_is_taken(hall: Hall) -> None:
    dropin = hall.dropin()
    slot = hall.slot(dropin, capacity=1)
    hall.booking(leaver(hall, "Plover"), dropin, slot)
    page = f"/staff/dropins/{dropin.id}/walk-in"
    assert hall.press(hall.adviser, page, page, first_name="Yusuf").status_code == 303
    assert hall.session.scalars(select(Visit)).one().was_walk_in
    assert hall.fresh(slot).taken == 1


def test_without_any_record_a_first_name_is_enough_in_any_script(hall: Hall) -> None:
    dropin = hall.dropin()
    page = f"/staff/dropins/{dropin.id}/walk-in"
    hall.press(hall.adviser, page, page, first_name="  ሰላም  አበራ ", language="ar")
    face = hall.session.scalars(select(NewFace)).one()
    assert (face.first_name, face.mobile, face.language) == ("ሰላም አበራ", None, "ar")
    assert "ሰላም" in hall.text(hall.adviser, TODAY)


def test_nobody_chosen_is_asked_for_again_kindly(hall: Hall) -> None:
    page = f"/staff/dropins/{hall.dropin().id}/walk-in"
    answer = hall.press(hall.adviser, page, page, first_name=" ", cohort="other")
    assert answer.status_code == 422 and "write a first name" in answer.text and "checked" in answer.text


def test_a_name_is_looked_for_without_standing_in_an_address_and_who_was_shown_is_audited(hall: Hall) -> None:
    lark, child = leaver(hall), hall.people.young_person("Larkspur", year_group=4)
    page = f"/staff/dropins/{hall.dropin().id}/walk-in"
    answer = hall.press(hall.adviser, page, page, name="lar", find="yes")
    assert answer.status_code == 200 and str(lark.id) in answer.text
    assert str(child.id) not in answer.text, "too young for drop-ins"
    listed = select(AuditEntry.subject_id).where(AuditEntry.event == "young-person.listed")
    assert hall.session.scalars(listed).all() == [lark.id]
    assert hall.press(hall.adviser, page, page, name="%", find="yes").text.count('name="person"') == 0


def test_six_who_come_together_are_six_visits(hall: Hall) -> None:
    dropin = hall.dropin()
    page = f"/staff/dropins/{dropin.id}/walk-in"
    for place in range(6):
        hall.press(hall.adviser, page, page, first_name=f"Friend {place}")
    assert hall.session.scalar(select(func.count()).select_from(Visit)) == 6
    assert sorted(one.number for one in hall.session.scalars(select(Arrival))) == [1, 2, 3, 4, 5, 6]


def test_somebody_of_another_council_is_recorded_apart_and_told_who_to_ask(hall: Hall) -> None:
    page = f"/staff/dropins/{hall.dropin().id}/walk-in"
    browser = hall.browser(hall.adviser)
    data = {"csrf_token": csrf(browser), "key": "k", "first_name": "Noor", "cohort": "other"}
    answer = browser.post(page, data=data, follow_redirects=True)
    assert "the council that looked after them" in answer.text
    assert hall.session.scalars(select(Visit)).one().cohort == "other"


def test_a_carer_alone_is_counted_once_and_is_no_visit(hall: Hall) -> None:
    dropin = hall.dropin()
    for _twice in range(2):
        tap(hall, f"/staff/dropins/{dropin.id}/happened", key="k", kind="carer_alone")
    tap(hall, f"/staff/dropins/{dropin.id}/happened", key="k2", kind="no_interpreter")
    assert sorted(one.kind for one in hall.session.scalars(select(Happening))) == ["carer_alone", "no_interpreter"]
    assert hall.session.scalars(select(Visit)).all() == []


def test_who_walks_in_and_is_booked_has_one_visit_that_is_the_bookings(hall: Hall) -> None:
    dropin, lark = hall.dropin(), leaver(hall)
    booking = hall.booking(lark, dropin, hall.slot(dropin))
    page = f"/staff/dropins/{dropin.id}/walk-in"
    hall.press(hall.adviser, page, page, person=str(lark.id))
    assert hall.session.scalars(select(Visit)).one().booking_id == booking.id


def test_after_the_session_a_visit_is_added_only_with_a_reason(hall: Hall) -> None:
    dropin = hall.dropin()
    page = f"/staff/dropins/{dropin.id}/walk-in"
    with time_machine.travel(START + timedelta(days=1), tick=False):
        assert hall.press(hall.adviser, page, page, first_name="Noor").status_code == 422
        assert hall.press(hall.adviser, page, page, first_name="Noor", reason="no_signal").status_code == 303
    assert hall.session.scalars(select(Visit)).one().started_at == dropin.ends_at


def test_nothing_is_tapped_before_the_session_runs_or_when_it_is_cancelled(hall: Hall) -> None:
    later = hall.dropin(starts_at=START + timedelta(hours=2))
    booking = hall.booking(leaver(hall), later, hall.slot(later))
    tap(hall, f"/staff/dropins/bookings/{booking.id}/here")
    assert hall.fresh(booking).state == "booked"
    off = hall.dropin(state="cancelled")
    gone = hall.booking(leaver(hall, "Plover"), off, hall.slot(off), state="cancelled_by_service")
    assert tap(hall, f"/staff/dropins/bookings/{gone.id}/here") == 404


def test_the_screen_of_the_room_shows_numbers_and_a_first_name_only_where_it_was_agreed(hall: Hall) -> None:
    dropin = hall.dropin()
    slot = hall.slot(dropin)
    quiet, open_ = (hall.booking(leaver(hall, name), dropin, slot) for name in ("Plover", "Lark"))
    tap(hall, f"/staff/dropins/bookings/{quiet.id}/here")
    tap(hall, f"/staff/dropins/bookings/{open_.id}/here", key="k2", shows_name="yes")
    text = hall.text(hall.adviser, f"/staff/dropins/{dropin.id}/screen")
    assert "Lark" in text and "Plover" not in text and "<b>1</b>" in text and "<b>2</b>" in text


def test_the_code_at_the_door_signs_nobody_in_and_needs_a_worker(hall: Hall) -> None:
    dropin, lark = hall.dropin(), leaver(hall)
    booking = hall.booking(lark, dropin, hall.slot(dropin))
    door = f"/staff/dropins/arrive/{booking.id}"
    assert hall.app.test_client().get(door).status_code == 303
    assert hall.browser(lark).get(door).status_code == 403
    here = f"/staff/dropins/bookings/{booking.id}/here"
    assert hall.press(hall.adviser, door, here).status_code == 303
    assert hall.fresh(booking).state == "arrived"
    assert "on the list already" in hall.text(hall.adviser, door)


def test_three_missed_in_a_row_block_nothing_and_the_adviser_sees_it(hall: Hall) -> None:
    lark = leaver(hall)
    for weeks in (1, 2, 3):
        past = hall.dropin(starts_at=START - timedelta(weeks=weeks), state="closed")
        hall.booking(lark, past, hall.slot(past), state="did_not_attend")
    dropin = hall.dropin()
    booking = hall.booking(lark, dropin, hall.slot(dropin))
    assert "missed the last few" in hall.text(hall.adviser, f"/staff/dropins/arrive/{booking.id}")


def test_a_new_face_that_turns_out_to_be_somebody_gives_them_its_visits(hall: Hall) -> None:
    lark, dropin = leaver(hall), hall.dropin()
    with hall.app.test_request_context():
        visit = walking_in.walk_in(hall.session, actor_of(hall.adviser), dropin, key="k", first_name="Lark")
    hall.session.commit()
    page = f"/staff/dropins/visits/{visit.id}/who"
    assert "Lark" in hall.press(hall.adviser, page, page, name="Lar", find="yes").text
    assert hall.press(hall.adviser, page, page, person=str(lark.id)).status_code == 303
    assert (hall.fresh(visit).whose, hall.fresh(visit).person_id) == (lark.id, lark.id)


def test_only_the_team_runs_a_session(hall: Hall) -> None:
    dropin = hall.dropin()
    for role in (Role.personal_adviser, Role.social_worker, Role.participation_worker, Role.carer):
        worker = hall.people.adult(role)
        assert hall.browser(worker).get(TODAY).status_code == 403
        assert hall.browser(worker).get(f"/staff/dropins/{dropin.id}/walk-in").status_code == 403


def test_who_is_older_by_now_than_the_session_is_for_is_handed_over_warmly(hall: Hall) -> None:
    dropin = hall.dropin(max_age=17)
    older = hall.people.young_person("Lark", year_group=14)
    booking = hall.booking(older, dropin, hall.slot(dropin))
    hall.booking(hall.people.young_person("Wren", year_group=12), dropin, hall.slot(dropin, after=30))
    assert hall.text(hall.adviser, TODAY).count("older than this drop-in is for") == 1
    assert "older than this drop-in is for" in hall.text(hall.adviser, f"/staff/dropins/arrive/{booking.id}")


def test_who_came_in_and_was_never_seen_is_to_be_settled_too(hall: Hall) -> None:
    dropin = hall.dropin()
    booking = hall.booking(leaver(hall), dropin, hall.slot(dropin))
    tap(hall, f"/staff/dropins/bookings/{booking.id}/here")
    with time_machine.travel(dropin.ends_at + timedelta(minutes=1), tick=False):
        assert "1 person is not settled yet" in hall.text(hall.adviser, TODAY)


def kind_words(hall: Hall) -> list[Message]:
    hall.session.expire_all()
    return list(hall.session.scalars(select(Message).where(Message.template == "missed_you")))


def missed(hall: Hall, lark: Person, days: int = 0, **more: str) -> Booking:
    dropin = hall.dropin(starts_at=START - timedelta(days=days)) if days else hall.dropin()
    return hall.booking(lark, dropin, hall.slot(dropin), contact="text", **more)


def test_who_did_not_come_gets_one_kind_word_on_the_next_working_day_and_not_after_a_second_time(hall: Hall) -> None:
    lark, wren = leaver(hall), leaver(hall, "Wren")
    lark.mobile, wren.mobile = "+447700900123", "+447700900124"
    hall.session.commit()
    missed(hall, wren, days=7, state="did_not_attend")
    first, again = missed(hall, lark), missed(hall, wren)
    for booking in (first, again):
        assert tap(hall, f"/staff/dropins/bookings/{booking.id}/missed", key=str(booking.id)) == 303
    (word,) = kind_words(hall)
    assert word.cause_id == first.id
    assert clock.local(word.send_after).date() == working_days_after(clock.today(), 1)
    assert clock.local(word.send_after).hour == 10


def test_a_kind_word_is_taken_back_when_they_were_there_after_all(hall: Hall) -> None:
    lark = leaver(hall)
    lark.mobile = "+447700900123"
    hall.session.commit()
    booking = missed(hall, lark)
    assert tap(hall, f"/staff/dropins/bookings/{booking.id}/missed", key="missed") == 303
    assert len(kind_words(hall)) == 1
    done = {"key": "came", "reason": "came_after_all"}
    assert tap(hall, f"/staff/dropins/bookings/{booking.id}/visit", **done) == 303
    assert kind_words(hall) == []
