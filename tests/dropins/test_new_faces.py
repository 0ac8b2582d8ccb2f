"""Somebody new turns out to be somebody we know: all of their history becomes one, by whichever door it was said."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.core import clock
from app.core.settings import settings
from app.dropins import apart, booking_telling, eet, looks, new_faces, room, running, walking_in
from app.dropins.booking import book
from app.dropins.held import Whose
from app.dropins.models import Arrival, Booking, DropIn, NewFace, NextStep, OutcomeCheck, Slot, Visit
from app.dropins.moves import By, Hand
from app.messages.models import Message
from app.people.models import Person
from tests.dropins.factories import asked
from tests.dropins.visit_rows import START, Hall
from tests.wishes.conftest import actor_of

NUMBER = "+447700900123"


def face_of(hall: Hall) -> NewFace:
    return new_faces.face_of(hall.session, "Lark", NUMBER, "en-GB", settings())


def books(hall: Hall, dropin: DropIn, slot: Slot) -> Booking:
    """Book as somebody new, by text."""
    face = face_of(hall)
    who = By(Hand.self_, face.id, "new_face")
    outcome = book(hall.session, Whose(new_face_id=face.id), dropin, slot, asked(contact="text"), who)
    booking_telling.booked(hall.session, outcome.booking)  # type: ignore[union-attr]
    hall.session.commit()
    return outcome.booking  # type: ignore[union-attr]


def becomes(hall: Hall, face_id: uuid.UUID | None, person: Person) -> int:
    assert face_id is not None
    given_up = new_faces.become(hall.session, actor_of(hall.adviser), face_id, person.id)
    hall.session.commit()
    hall.session.expire_all()
    return given_up


def noted(hall: Hall, visit: Visit) -> None:
    """What a worker writes down about a visit."""
    visit.eet_before = "neet_seeking"
    step = {"words": "I ring the college", "language": "en-GB", "owner": "me", "due_on": clock.today()}
    hall.session.add(NextStep(visit_id=visit.id, whose=visit.whose, changed_at=clock.now(), **step))
    looks.plan(hall.session, visit)
    hall.session.commit()


def whose(hall: Hall) -> set[uuid.UUID]:
    """Return to whom everything belongs that there is of anybody's visits and bookings."""
    tables = (Booking, Visit, NextStep, OutcomeCheck, Arrival)
    assert all(hall.session.scalar(select(func.count()).select_from(table)) for table in tables)
    return {one for table in tables for one in hall.session.scalars(select(table.whose))}


def test_who_booked_came_and_is_then_recognised_has_one_history(hall: Hall, lark: Person) -> None:
    dropin = hall.dropin()
    booking = books(hall, dropin, hall.slot(dropin))
    with time_machine.travel(START, tick=False):
        running.arrive(hall.session, actor_of(hall.adviser), booking.id, key="here")
        noted(hall, running.attend(hall.session, actor_of(hall.adviser), booking.id, key="begun"))
    with time_machine.travel(START + timedelta(days=2), tick=False):
        assert becomes(hall, booking.new_face_id, lark) == 0
    assert whose(hall) == {lark.id}
    assert hall.session.scalars(select(Visit)).one().person_id == lark.id
    assert [(one.status, one.from_on) for one in eet.rows_of(hall.session, lark.id)] == [("neet_seeking", START.date())]


def test_who_walks_in_and_is_recognised_keeps_what_they_booked_before_and_it_cannot_overlap(
    hall: Hall, lark: Person
) -> None:
    today, later, elsewhere = hall.dropin(), hall.dropin(starts_at=START + timedelta(days=7)), hall.dropin(hours=4)
    ahead = books(hall, later, hall.slot(later))
    twice = books(hall, elsewhere, hall.slot(elsewhere, after=60))
    own = hall.booking(lark, today, hall.slot(today, after=60))
    with time_machine.travel(START, tick=False):
        visit = hall.visit(None, today, whose=ahead.new_face_id, new_face_id=ahead.new_face_id)
        room.enter(hall.session, today, visit.whose, key="k", visit_id=visit.id)
        noted(hall, visit)
        assert becomes(hall, visit.new_face_id, lark) == 1
    assert whose(hall) == {lark.id}
    assert [hall.fresh(one).state for one in (ahead, twice, own)] == ["booked", "cancelled", "booked"]
    assert hall.fresh(ahead).person_id == lark.id
    assert new_faces.unchecked(hall.session) == []
    about = set(hall.session.scalars(select(Message.about_person_id)))
    assert about == {lark.id}, "reminders that wait are theirs now, and those of what was given up are gone"


def test_a_booking_whose_time_is_over_does_not_stop_a_worker(hall: Hall, lark: Person) -> None:
    dropin = hall.dropin()
    slot = hall.slot(dropin)
    booking = books(hall, dropin, slot)
    own = hall.booking(lark, dropin, hall.fresh(slot))
    with time_machine.travel(START + timedelta(days=1), tick=False):
        assert becomes(hall, booking.new_face_id, lark) == 1
    assert hall.fresh(own).state == "booked"
    assert (hall.fresh(booking).state, hall.fresh(booking).whose) == ("cancelled_by_service", lark.id)
    assert hall.fresh(slot).taken == 1


def test_who_is_in_the_room_stands_there_and_what_was_planned_gives_way(hall: Hall, lark: Person) -> None:
    dropin = hall.dropin()
    slot = hall.slot(dropin)
    booking = books(hall, dropin, slot)
    own = hall.booking(lark, dropin, hall.fresh(slot))
    with time_machine.travel(START, tick=False):
        running.arrive(hall.session, actor_of(hall.adviser), booking.id, key="here")
        hall.session.commit()
        assert becomes(hall, booking.new_face_id, lark) == 1
    assert (hall.fresh(booking).state, hall.fresh(own).state) == ("arrived", "cancelled")


def test_who_must_not_meet_somebody_there_is_told_that_it_will_not_be_and_nothing_else(
    hall: Hall, lark: Person
) -> None:
    wren = hall.people.young_person("Wren")
    dropin = hall.dropin()
    hall.booking(wren, dropin, hall.slot(dropin))
    booking = books(hall, dropin, hall.slot(dropin, after=60))
    apart.keep(hall.session, actor_of(hall.adviser), lark.id, wren.id, 6)
    assert becomes(hall, booking.new_face_id, lark) == 1
    assert hall.fresh(booking).state == "cancelled"
    told = [(one.template, one.address) for one in hall.session.scalars(select(Message))]
    assert told == [("booking_gone", NUMBER)]


def test_said_twice_it_is_done_once_and_nobody_becomes_two_people(hall: Hall, lark: Person) -> None:
    from werkzeug.exceptions import NotFound

    dropin = hall.dropin()
    booking = books(hall, dropin, hall.slot(dropin))
    assert [becomes(hall, booking.new_face_id, lark) for _twice in range(2)] == [0, 0]
    with pytest.raises(NotFound):
        becomes(hall, booking.new_face_id, hall.people.young_person("Plover"))
    with pytest.raises(NotFound):
        becomes(hall, booking.new_face_id, hall.adviser)
    assert hall.fresh(booking).whose == lark.id


def test_one_number_is_one_face_also_after_a_worker_said_somebody_new(hall: Hall, lark: Person) -> None:
    face = face_of(hall)
    new_faces.confirm_new(hall.session, actor_of(hall.adviser), face.id)
    assert face_of(hall).id == face.id
    becomes(hall, face.id, lark)
    assert face_of(hall).id != face.id, "a number alone is no proof of who it is"


def test_one_question_of_each_kind_waits_for_whoever_it_was(hall: Hall, lark: Person) -> None:
    with time_machine.travel(START, tick=False):
        looks.plan(hall.session, hall.visit(lark, hall.dropin()))
        visit = walking_in.walk_in(hall.session, actor_of(hall.adviser), hall.dropin(), key="k", first_name="Lark")
        looks.plan(hall.session, visit)
        becomes(hall, visit.new_face_id, lark)
    assert sorted(one.weeks for one in hall.session.scalars(select(OutcomeCheck))) == [4, 12, 26]


def test_a_network_counts_as_one_however_many_addresses_it_gives_out(app: Flask) -> None:
    with app.app_context():
        first, second, other = (
            new_faces.gates(NUMBER, address, settings())[1].scope for address in ("2001:db8::1", "2001:db8::2", "::1")
        )
    assert first == second != other


def test_a_worker_finds_somebody_by_name_and_the_page_lists_nobody_else(hall: Hall, lark: Person) -> None:
    hall.people.young_person("Plover", year_group=12)
    dropin = hall.dropin()
    booking = books(hall, dropin, hall.slot(dropin))
    page, door = "/staff/dropins/new-faces", f"/staff/dropins/new-faces/{booking.new_face_id}"
    hall.session.commit()
    assert "Plover" not in hall.text(hall.adviser, page)
    found = hall.press(hall.adviser, page, door, name="Lar", do="find")
    assert "Lark" in found.text and "Plover" not in found.text
    assert hall.press(hall.adviser, page, door, person=str(lark.id)).status_code == 303
    assert hall.fresh(booking).whose == lark.id
