"""Booking through its pages, as a browser without scripts does: three taps, double taps, two tabs, losers told
kindly, nobody else's page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.dropins.models import Booking, BookingMove, KeepApart, NewFace, Slot
from app.messages.models import Message
from app.people.models import Person, Role
from tests.dropins.factories import a_session, books, waits
from tests.factories import People, sign_in
from tests.forms import fields_of, fill
from tests.home.conftest import counted

# A Saturday in term, ten in the morning.
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def frozen() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def robin(people: People) -> Person:
    person = people.young_person("Robin", year_group=12)
    person.mobile = "+447700900123"
    people.session.commit()
    return person


def inside(app: Flask, person: Person) -> FlaskClient:
    client = app.test_client()
    sign_in(app, client, person)
    return client


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True)).replace("&#39;", "'").replace("\u202f", " ")


def the_booking(session: Session) -> Booking:
    session.expire_all()
    return session.scalars(select(Booking)).one()


def test_three_taps_a_time_what_about_and_yes(app: Flask, session: Session, robin: Person) -> None:
    dropin, (slot, *_) = a_session(session)
    client = inside(app, robin)
    times = text(client.get(f"/dropins/{dropin.id}/book"))
    assert "2:00 pm to 2:30 pm" in times
    assert f"slot={slot.id}" in times
    answer = fill(client, f"/dropins/{dropin.id}/book?slot={slot.id}", {"purpose": "find_job"}, follow_redirects=True)
    page = text(answer)
    assert "You're booked" in page
    assert "City library" in page, "the place is shown once it is booked"
    made = the_booking(session)
    assert (made.state, made.purposes, made.contact) == ("booked", ["find_job"], "text")
    assert made.booked_by_id == robin.id
    assert [row.went_to for row in session.scalars(select(BookingMove))] == ["booked"]


def test_a_double_tap_and_a_page_sent_again_are_one_booking(app: Flask, session: Session, robin: Person) -> None:
    dropin, (slot, *_) = a_session(session, capacity=3)
    client = inside(app, robin)
    url = f"/dropins/{dropin.id}/book?slot={slot.id}"
    action, fields = fields_of(text(client.get(url)), action=f"/dropins/{dropin.id}/book")
    answers = [client.post(action, data=fields) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    made = the_booking(session)
    assert session.get_one(Slot, made.slot_id).taken == 1


def test_a_second_tab_shows_the_booking_that_is_there(app: Flask, session: Session, robin: Person) -> None:
    dropin, (one, two, *_) = a_session(session)
    client = inside(app, robin)
    fill(client, f"/dropins/{dropin.id}/book?slot={one.id}")
    answer = fill(client, f"/dropins/{dropin.id}/book?slot={two.id}", follow_redirects=True)
    assert "You're already booked" in text(answer)
    assert the_booking(session).slot_id == one.id


def test_a_personal_adviser_booked_and_the_young_person_books_too(app: Flask, session: Session, people: People) -> None:
    young = people.young_person("Robin", year_group=None, care="care_leaver")
    adviser = people.connected(Role.personal_adviser, young, "Ms Adviser")
    dropin, (slot, *_) = a_session(session, capacity=2)
    helper = inside(app, adviser)
    url = f"/staff/young-people/{young.id}/dropins/book"
    refused = fill(helper, f"{url}?slot={slot.id}", action=url)
    assert refused.status_code == 422, "why they book must be said"
    fill(helper, f"{url}?slot={slot.id}", {"basis": "asked_me"}, action=url)
    made = the_booking(session)
    assert (made.booked_by_id, made.booked_by_role, made.basis) == (adviser.id, "personal_adviser", "asked_me")
    assert "find_job" not in text(helper.get(url))
    client = inside(app, young)
    again = fill(client, f"/dropins/{dropin.id}/book?slot={slot.id}", follow_redirects=True)
    assert "You're already booked" in text(again)
    assert "Ms Adviser booked this for you" in text(again)
    cancelled = fill(client, f"/my-bookings/{made.id}", action=f"/my-bookings/{made.id}/cancel", follow_redirects=True)
    assert "It's cancelled" in text(cancelled)


def test_the_one_who_comes_second_is_offered_the_line_and_the_next_time(
    app: Flask, session: Session, robin: Person, people: People
) -> None:
    dropin, (one, two, _three) = a_session(session)
    client = inside(app, robin)
    action, fields = fields_of(
        text(client.get(f"/dropins/{dropin.id}/book?slot={one.id}")), action=f"/dropins/{dropin.id}/book"
    )
    books(session, people.young_person("Sam", year_group=12), dropin, one)
    answer = client.post(action, data=fields)
    page = text(answer)
    assert answer.status_code == 200
    assert "Someone just took that time" in page
    assert page.index(str(two.id)) < page.index("Or wait for this time"), "the next best time comes first"
    wait = {**fields, "do": "wait", "once": "later"}
    line = client.post(action, data=wait, follow_redirects=True)
    assert "You are number 1 in line" in text(line)


def test_two_times_that_overlap_are_warned_of_and_can_be_swapped(app: Flask, session: Session, robin: Person) -> None:
    dropin, (one, *_) = a_session(session)
    other, (same_time, *_) = a_session(session)
    client = inside(app, robin)
    fill(client, f"/dropins/{dropin.id}/book?slot={one.id}")
    warned = fill(client, f"/dropins/{other.id}/book?slot={same_time.id}")
    assert "You have another meeting then" in text(warned)
    action = f"/dropins/{other.id}/book"
    _action, fields = fields_of(text(warned), action=action)
    done = client.post(action, data={**fields, "do": "swap"}, follow_redirects=True)
    assert "You're booked" in text(done)
    session.expire_all()
    states = dict(session.execute(select(Booking.slot_id, Booking.state)).all())
    assert states == {one.id: "rescheduled", same_time.id: "booked"}
    assert session.get_one(Slot, one.id).taken == 0


def test_cancelling_is_one_tap_and_can_be_undone(app: Flask, session: Session, robin: Person) -> None:
    dropin, (slot, *_) = a_session(session)
    client = inside(app, robin)
    fill(client, f"/dropins/{dropin.id}/book?slot={slot.id}")
    made = the_booking(session)
    fill(client, f"/my-bookings/{made.id}", action=f"/my-bookings/{made.id}/cancel")
    session.expire_all()
    assert session.get_one(Slot, slot.id).taken == 0
    fill(client, f"/my-bookings/{made.id}", action=f"/my-bookings/{made.id}/undo")
    session.expire_all()
    assert session.get_one(Slot, slot.id).taken == 1
    live = session.scalars(select(Booking).where(Booking.state == "booked")).one()
    assert live.id != made.id


def test_another_time_keeps_the_calendar_entry_and_counts_it_up(app: Flask, session: Session, robin: Person) -> None:
    dropin, (one, two, *_) = a_session(session)
    client = inside(app, robin)
    fill(client, f"/dropins/{dropin.id}/book?slot={one.id}")
    made = the_booking(session)
    before = text(client.get(f"/my-bookings/{made.id}.ics"))
    page = text(client.get(f"/my-bookings/{made.id}/change"))
    _action, fields = fields_of(page, action=f"/my-bookings/{made.id}/change")
    client.post(f"/my-bookings/{made.id}/change", data={**fields, "slot": str(two.id)})
    session.expire_all()
    fresh = session.scalars(select(Booking).where(Booking.state == "booked")).one()
    assert session.get_one(Booking, made.id).rescheduled_to_id == fresh.id
    after = text(client.get(f"/my-bookings/{fresh.id}.ics"))
    uid = next(line for line in before.splitlines() if line.startswith("UID"))
    assert uid in after
    assert "SEQUENCE:0" in before
    assert "SEQUENCE:1" in after
    assert "Robin" not in after


def test_my_own_page_shows_what_is_coming(app: Flask, session: Session, robin: Person, people: People) -> None:
    dropin, (slot, *_) = a_session(session)
    people.pep(robin)
    client = inside(app, robin)
    assert "Your time to talk" not in text(client.get("/home"))
    fill(client, f"/dropins/{dropin.id}/book?slot={slot.id}")
    assert "Your time to talk" in text(client.get("/home"))
    assert "2:00" in text(client.get("/my-bookings"))


def test_nobody_elses_booking_is_there(app: Flask, session: Session, robin: Person, people: People) -> None:
    dropin, (slot, *_) = a_session(session)
    other = people.young_person("Sam", year_group=12)
    made = books(session, other, dropin, slot).booking
    client = inside(app, robin)
    for path in ("", "/card", ".ics", "/change"):
        assert client.get(f"/my-bookings/{made.id}{path}").status_code == 404
    worker = inside(app, people.connected(Role.social_worker, robin))
    assert worker.get(f"/staff/young-people/{other.id}/dropins/book").status_code == 404


def test_a_note_that_is_too_long_is_kept_and_help_stands_beside_it(app: Flask, session: Session, robin: Person) -> None:
    dropin, (slot, *_) = a_session(session)
    client = inside(app, robin)
    words = "I need help with everything. " * 10
    answer = fill(client, f"/dropins/{dropin.id}/book?slot={slot.id}", {"note": words, "purpose": "cv"})
    assert answer.status_code == 422
    page = text(answer)
    assert words.strip() in page
    assert "put-right" in page
    assert "If you are not safe now, tap Help." in page
    fill(client, f"/dropins/{dropin.id}/book?slot={slot.id}", {"note": "I feel scared at home"})
    assert "If you are not safe now, tap Help." in text(client.get(f"/my-bookings/{the_booking(session).id}"))


def test_two_who_must_not_meet_are_simply_offered_another_time(
    app: Flask, session: Session, robin: Person, people: People
) -> None:
    other, staff = people.young_person("Sam", year_group=12), people.adult(Role.virtual_school)
    dropin, (one, two, *_) = a_session(session)
    later, (elsewhere, *_) = a_session(session, starts_at=dropin.starts_at + timedelta(days=7))
    session.add(KeepApart(one_id=other.id, other_id=robin.id, set_by_id=staff.id, at=NOW))
    books(session, other, dropin, one)
    client = inside(app, robin)
    times = text(client.get(f"/dropins/{dropin.id}/book"))
    assert str(two.id) not in times
    assert str(elsewhere.id) in times
    answer = text(fill(client, f"/dropins/{dropin.id}/book?slot={two.id}"))
    assert "Someone just took that time" in answer
    assert str(later.id) in answer
    assert session.scalar(select(func.count()).select_from(Booking).where(Booking.whose == robin.id)) == 0


def test_too_old_for_a_session_by_now_keeps_the_booking_and_makes_no_new_one(
    app: Flask, session: Session, robin: Person
) -> None:
    dropin, (slot, *_) = a_session(session, max_age=17)
    later, (free, *_) = a_session(session, max_age=17, starts_at=dropin.starts_at + timedelta(days=7))
    client = inside(app, robin)
    fill(client, f"/dropins/{dropin.id}/book?slot={slot.id}")
    made = the_booking(session)
    assert robin.young is not None
    robin.young.year_group = 14
    session.commit()
    assert "You're booked" in text(client.get(f"/my-bookings/{made.id}"))
    assert "This one is for other people" in text(client.get(f"/dropins/{later.id}/book?slot={free.id}"))


def test_a_carer_books_for_a_child_and_no_more_once_they_are_an_adult(
    app: Flask, session: Session, people: People
) -> None:
    young = people.young_person("Robin", year_group=11)
    carer = inside(app, people.connected(Role.carer, young, "Carer"))
    _dropin, (slot, *_) = a_session(session)
    url = f"/staff/young-people/{young.id}/dropins/book"
    fill(carer, f"{url}?slot={slot.id}", {"basis": "with_me_now"}, action=url)
    assert the_booking(session).booked_by_role == "carer"
    assert young.young is not None
    young.young.care = "care_leaver"
    session.commit()
    assert carer.get(url).status_code == 404
    own = inside(app, young)
    assert "You're booked" in text(own.get(f"/my-bookings/{the_booking(session).id}"))


def test_no_phone_and_no_email_is_booked_by_an_adult_and_printed(app: Flask, session: Session, people: People) -> None:
    young = people.young_person("Robin", year_group=12)
    worker = inside(app, people.connected(Role.social_worker, young))
    _dropin, (slot, *_) = a_session(session)
    url = f"/staff/young-people/{young.id}/dropins/book"
    fill(worker, f"{url}?slot={slot.id}", {"basis": "asked_me", "contact": "through_pa"}, action=url)
    made = the_booking(session)
    card = text(worker.get(f"/staff/young-people/{young.id}/dropins/{made.id}/card"))
    assert "2:00" in card
    assert "Robin" not in card
    assert session.scalar(select(func.count()).select_from(Message)) == 0
    staff = inside(app, people.adult(Role.virtual_school))
    assert "Robin" in text(staff.get("/staff/dropins/calls"))


# -- without a card ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["07700 900123", "+44 (0)7700 900 123", "0044 7700-900123", "٠٧٧٠٠٩٠٠١٢٣"])
def test_somebody_new_books_with_a_first_name_and_a_number_written_any_way(
    app: Flask, session: Session, client: FlaskClient, written: str
) -> None:
    dropin, (slot, *_) = a_session(session)
    assert "Have you been here before?" in text(client.get(f"/dropins/{dropin.id}/book"))
    url = f"/dropins/{dropin.id}/book/new"
    answer = fill(client, f"{url}?slot={slot.id}", {"first_name": "سلام", "mobile": written}, follow_redirects=True)
    page = text(answer)
    assert "You're booked" in page
    assert "سلام" not in page, "what stands behind the link has no name"
    assert "City library" not in page
    face = session.scalars(select(NewFace)).one()
    assert (face.first_name, face.mobile) == ("سلام", "+447700900123")
    assert the_booking(session).person_id is None


def test_a_number_that_is_none_is_put_right_with_everything_kept(session: Session, client: FlaskClient) -> None:
    dropin, (slot, *_) = a_session(session)
    url = f"/dropins/{dropin.id}/book/new"
    answer = fill(client, f"{url}?slot={slot.id}", {"first_name": "Olena", "mobile": "12", "purpose": "cv"})
    page = text(answer)
    assert answer.status_code == 422
    assert "Check your mobile number" in page
    assert "Olena" in page


def test_one_number_cannot_book_without_end(session: Session, client: FlaskClient) -> None:
    dropin, slots = a_session(session, slots=8, minutes=15)
    url = f"/dropins/{dropin.id}/book/new"
    given = {"first_name": "Olena", "mobile": "07700 900123"}
    statuses = [fill(client, f"{url}?slot={slot.id}", given).status_code for slot in slots]
    assert 429 in statuses
    assert session.scalar(select(func.count()).select_from(NewFace)) == 1


def test_a_worker_finds_out_who_it_is_and_the_bookings_become_theirs(
    app: Flask, session: Session, client: FlaskClient, robin: Person, people: People
) -> None:
    dropin, (slot, *_) = a_session(session)
    url = f"/dropins/{dropin.id}/book/new"
    fill(client, f"{url}?slot={slot.id}", {"first_name": "Robin", "mobile": "07700 900123"})
    staff = inside(app, people.adult(Role.virtual_school))
    listed = text(staff.get("/staff/dropins/new-faces"))
    assert "The same number is on record for:" in listed
    face = session.scalars(select(NewFace)).one()
    fill(
        staff,
        "/staff/dropins/new-faces",
        {"person": str(robin.id), "do": "match"},
        action=f"/staff/dropins/new-faces/{face.id}",
    )
    made = the_booking(session)
    assert (made.person_id, made.whose) == (robin.id, robin.id)
    assert "You're booked" in text(inside(app, robin).get(f"/my-bookings/{made.id}"))


def test_after_signing_in_somebody_is_brought_back_to_the_times(
    app: Flask, session: Session, client: FlaskClient, robin: Person, people: People
) -> None:
    dropin, _slots = a_session(session)
    client.get(f"/dropins/{dropin.id}/book")
    with client.session_transaction() as cookie:
        kept = cookie["book"]
    sign_in(app, client, robin)
    with client.session_transaction() as cookie:
        cookie["book"] = kept
    assert client.get("/home").location == f"/dropins/{dropin.id}/book"
    assert client.get("/home").status_code == 200


def test_lists_take_the_same_few_queries_however_many_book_and_wait(
    app: Flask, session: Session, robin: Person, people: People
) -> None:
    dropin, (slot, *_rest) = a_session(session, capacity=2, interpreter="none")
    staff, mine = inside(app, people.adult(Role.virtual_school)), inside(app, robin)
    counts: list[tuple[int, int]] = []
    for number in range(6):
        act = books if number < 2 else waits
        person = robin if number == 0 else people.young_person(f"Young {number}", year_group=12)
        act(session, person, dropin, slot, interpreter_language="ti" if number == 3 else None)
        more, (free, *_) = a_session(session, starts_at=dropin.starts_at + timedelta(days=number + 1))
        books(session, robin, more, free)
        pages = (staff.get, f"/staff/dropins/{dropin.id}/places"), (mine.get, "/my-bookings")
        if number >= 2:
            counts.append((_queries(*pages[0]), _queries(*pages[1])))
    assert len(set(counts)) == 1, counts
    places = text(staff.get(f"/staff/dropins/{dropin.id}/places"))
    assert "Young 5" in places and "no interpreter can be found in time" in places


def _queries(get: Any, url: str) -> int:
    with counted() as seen:
        assert get(url).status_code == 200
    return len(seen)
