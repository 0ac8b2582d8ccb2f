"""Whom to ring: those whom no message can tell, once each, until somebody ticks them off."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, select

from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import db
from app.dropins import booking_telling, calls, changes, new_faces, sessions, waiting
from app.dropins.models import Booking, Call, DropIn, NewFace, Slot
from app.dropins.moves import by
from app.messages import stopping
from app.messages.models import Message
from app.people.models import Person, Role
from tests.dropins.visit_rows import START, Hall, hall_of
from tests.factories import People
from tests.people.tokens import csrf
from tests.wishes.conftest import actor_of

PAGE = "/staff/dropins/calls"


def booked(hall: Hall, lark: Person, **more: str) -> tuple[DropIn, Slot, Booking]:
    dropin = hall.dropin()
    slot = hall.slot(dropin)
    return dropin, slot, hall.booking(lark, dropin, slot, **more)


def whys(hall: Hall) -> list[str]:
    hall.session.commit()
    return [one.call.why for one in calls.to_ring(hall.session)]


def test_who_cannot_be_written_to_is_rung_when_the_meeting_moves_a_little_or_is_called_off(
    hall: Hall, lark: Person
) -> None:
    dropin, _slot, _booking = booked(hall, lark, contact="none")
    changes.session_moved(hall.session, dropin, small=True)
    assert whys(hall) == ["moved"]
    changes.session_cancelled(hall.session, dropin)
    assert whys(hall) == ["gone"], "what was to be said before is overtaken"


def test_who_did_it_themselves_on_a_screen_is_not_rung_about_it(hall: Hall, lark: Person) -> None:
    for contact, why in (("app", []), ("none", []), ("through_pa", ["booked"]), ("text", ["booked", "booked"])):
        _dropin, _slot, booking = booked(hall, lark, contact=contact)
        booking_telling.booked(hall.session, booking)
        assert whys(hall) == why, contact


def test_an_adult_who_cancels_for_somebody_without_a_phone_is_not_told_that_they_know_when_nobody_tells_them(
    hall: Hall, lark: Person
) -> None:
    _dropin, _slot, booking = booked(hall, lark, contact="app")
    page = f"/staff/young-people/{lark.id}/dropins/book"
    hall.press(hall.adviser, page, f"/staff/young-people/{lark.id}/dropins/{booking.id}/cancel")
    assert whys(hall) == ["gone"]


def test_who_wants_no_messages_is_rung_instead(hall: Hall, lark: Person) -> None:
    lark.mobile = "+447700900123"
    dropin, _slot, _booking = booked(hall, lark, contact="text")
    stopping.stop(hall.session, lark.id, lark.id)
    changes.session_moved(hall.session, dropin, small=True)
    assert whys(hall) == ["moved"]
    assert hall.session.scalars(select(Message)).all() == []


def test_who_cancels_needs_no_call_any_more(hall: Hall, lark: Person) -> None:
    dropin, _slot, booking = booked(hall, lark, contact="none")
    changes.session_moved(hall.session, dropin, small=True)
    booking_telling.gone(hall.session, booking, tell=False)
    assert whys(hall) == []


def test_a_wait_that_ended_without_a_place_is_told(hall: Hall, lark: Person) -> None:
    _dropin, slot, booking = booked(hall, lark, contact="none", state="waiting")
    with time_machine.travel(slot.starts_at, tick=False):
        waiting.lapse(hall.session, booking)
        assert whys(hall) == ["lapsed"]


def test_no_answer_in_time_and_a_message_that_came_back_are_one_call_each(hall: Hall, lark: Person) -> None:
    lark.mobile = "+447700900123"
    dropin, _slot, booking = booked(hall, lark, contact="text")
    changes.session_moved(hall.session, dropin, small=False)
    hall.session.execute(Message.__table__.update().values(state="dead"))
    hall.session.commit()
    tick = hall.app.test_cli_runner()
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        for _twice in range(2):
            assert tick.invoke(args=["bookings", "tick"]).exit_code == 0
        assert sorted(whys(hall)) == ["failed", "not_answered"]
        kept = hall.fresh(booking)
        changes.confirm(hall.session, kept, by(None, kept.whose))
        assert whys(hall) == ["failed"]


def test_the_list_has_a_number_and_is_ticked_off_once_by_whoever_rang(hall: Hall, lark: Person) -> None:
    lark.mobile = "+447700900123"
    dropin, _slot, _booking = booked(hall, lark, contact="none")
    changes.session_moved(hall.session, dropin, small=True)
    hall.session.commit()
    page = hall.text(hall.adviser, PAGE)
    assert "Lark" in page and 'href="tel:+447700900123"' in page
    call = hall.session.scalars(select(Call)).one()
    other = hall.people.adult(Role.virtual_school)
    for worker in (hall.adviser, other):
        browser = hall.browser(worker)
        assert browser.post(f"{PAGE}/{call.id}", data={"csrf_token": csrf(browser)}).status_code == 303
    assert "Lark" not in hall.text(hall.adviser, PAGE)
    assert hall.fresh(call).done_by_id == hall.adviser.id
    assert len(hall.session.scalars(select(AuditEntry).where(AuditEntry.event == "call.made")).all()) == 1


def test_the_page_reads_what_it_shows_and_not_every_booking_ahead(hall: Hall, lark: Person) -> None:
    seen: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))

    def asked() -> int:
        hall.session.commit()
        seen.clear()
        calls.to_ring(hall.session)
        return len(seen)

    dropin, slot, _booking = booked(hall, lark, contact="none")
    changes.session_moved(hall.session, dropin, small=True)
    before = asked()
    for name in ("Wren", "Robin", "Plover"):
        hall.booking(hall.people.young_person(name), dropin, hall.slot(dropin, after=30 * len(name)), contact="none")
    assert asked() == before == 1


def test_when_somebody_else_will_be_there_those_who_were_told_a_name_learn_it_before_the_day(
    hall: Hall, lark: Person
) -> None:
    lark.mobile = "+447700900123"
    wren, other = hall.people.young_person("Wren"), hall.people.adult(Role.virtual_school, "Jo Reed")
    dropin, slot, booking = booked(hall, lark, contact="text")
    sessions.set_staff(hall.session, actor_of(hall.adviser), dropin, [hall.adviser.id])
    hall.booking(wren, dropin, slot, contact="none")
    assert "Sam Vine" in hall.text(lark, f"/my-bookings/{booking.id}")
    sessions.set_staff(hall.session, actor_of(hall.adviser), dropin, [other.id])
    assert whys(hall) == ["staff"]
    assert [one.template for one in hall.session.scalars(select(Message))] == ["something_to_look_at"]
    page = hall.text(lark, f"/my-bookings/{booking.id}")
    assert "Jo Reed" in page and "Sam Vine" not in page
    waits = hall.booking(hall.people.young_person("Robin"), dropin, slot, "waiting")
    robin = hall.session.get_one(Person, waits.person_id)
    assert "Jo Reed" not in hall.text(robin, f"/my-bookings/{waits.id}"), "whom they meet is shown with a place"


def test_a_young_person_changes_how_they_are_reminded_and_what_waits_goes_the_new_way(hall: Hall, lark: Person) -> None:
    lark.mobile = "+447700900123"
    _dropin, _slot, booking = booked(hall, lark, contact="text")
    booking_telling.booked(hall.session, booking)
    hall.session.commit()
    page = f"/my-bookings/{booking.id}/remind"

    def chosen(contact: str) -> list[str]:
        assert hall.press(lark, page, page, contact=contact).status_code == 303
        hall.session.commit()
        return [one.template for one in hall.session.scalars(select(Message))]

    assert chosen("none") == [] and whys(hall) == []
    assert chosen("through_pa") == [] and whys(hall) == ["booked"]
    assert set(chosen("text")) == {"booking_soon"} and whys(hall) == []
    with time_machine.travel(START - timedelta(minutes=30), tick=False):
        assert chosen("none") == chosen("text") == [], "no reminder is left to plan"
    other = hall.people.young_person("Wren")
    assert hall.browser(other).get(page).status_code == 404
    assert hall.press(lark, page, page, contact="pigeon").status_code == 200


@pytest.mark.postgres
def test_on_postgresql_a_face_becomes_somebody_and_the_clock_finds_whom_to_ring(postgres_app: Flask) -> None:
    people = People(db.session)  # type: ignore[arg-type]
    with postgres_app.test_request_context(), time_machine.travel(START - timedelta(days=3), tick=False):
        hall = hall_of(postgres_app, db.session, people)  # type: ignore[arg-type]
        lark = people.young_person("Lark", year_group=None, care="care_leaver")
        face = NewFace(first_name="Lark", mobile="+447700900123", language="en-GB", made_at=clock.now())
        db.session.add(face)
        dropin, slot, booking = booked(hall, lark, contact="text")
        booking.whose, booking.new_face_id, booking.person_id = face.id, face.id, None
        own = hall.booking(lark, dropin, slot)
        booking_telling.booked(hall.session, booking)
        facts = {"whose": face.id, "new_face_id": face.id, "eet_before": "neet_seeking"}
        visit = hall.visit(None, dropin, at=clock.now() - timedelta(days=7), **facts)
        hall.session.commit()
        assert new_faces.become(hall.session, actor_of(hall.adviser), face.id, lark.id) == 1
        hall.session.commit()
        assert (hall.fresh(booking).state, hall.fresh(own).state) == ("cancelled", "booked")
        assert hall.fresh(visit).whose == lark.id
        changes.session_moved(hall.session, dropin, small=False)
        hall.session.commit()
        with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
            calls.from_the_clock(hall.session)
            assert sorted(whys(hall)) == ["moved", "not_answered"]
        stopping.stop(hall.session, lark.id, lark.id)
        stopping.sweep(hall.session)
