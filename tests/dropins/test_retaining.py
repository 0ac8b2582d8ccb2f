"""Notes beside a booking, links of it, and first names of people who never came are not kept for ever (handbook, dropins 8)."""

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
from app.core.db import Base
from app.dropins.models import Booking, BookingLink, NewFace
from tests.dropins.factories import a_session, books
from tests.dropins.visit_rows import hall_of
from tests.factories import People, sign_in

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def time() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel("2026-11-23 10:00+00:00", tick=False) as travelled:
        yield travelled


def retain(app: Flask) -> str:
    done = app.test_cli_runner().invoke(args=["retain"])
    assert done.exit_code == 0, done.output
    return str(done.output)


def number(session: Session, table: type[Base]) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_what_was_written_beside_a_booking_goes_thirty_days_after_it_and_the_booking_stays(
    app: Flask, session: Session, people: People, time: time_machine.Coordinates
) -> None:
    young = people.young_person(year_group=12)
    dropin, (slot, *_) = a_session(session)
    booking = books(session, young, dropin, slot, note="I am shy", needs="a quiet room").booking
    time.move_to(slot.ends_at + 30 * DAY)
    retain(app)
    session.refresh(booking)
    assert booking.note == "I am shy"
    time.shift(timedelta(seconds=1))
    assert "1 notes beside bookings deleted" in retain(app)
    session.expire_all()
    kept = session.get_one(Booking, booking.id)
    assert (kept.note, kept.needs, kept.state) == (None, None, "booked")
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.event == "retention.deleted", AuditEntry.detail == "booking-notes 1")
    ).one()
    assert entry.subject_id == young.id
    assert "0 notes beside bookings deleted" in retain(app), "what is empty already is not counted again"


def test_a_link_goes_a_week_after_it_stopped_working(
    app: Flask, session: Session, people: People, time: time_machine.Coordinates
) -> None:
    dropin, (slot, *_) = a_session(session)
    booking = books(session, people.young_person(year_group=12), dropin, slot).booking
    session.add(BookingLink(booking_id=booking.id, digest="d", made_at=clock.now(), ends_at=clock.now() + DAY))
    session.commit()
    before = number(session, BookingLink)
    time.shift(8 * DAY)
    retain(app)
    assert number(session, BookingLink) == before
    time.shift(timedelta(seconds=1))
    retain(app)
    assert number(session, BookingLink) < before


@pytest.mark.parametrize(
    ("of_theirs", "stays"),
    [("nothing", False), ("missed", False), ("cancelled", False), ("lapsed", False), ("booked", True), ("visit", True)],
)
def test_a_name_and_number_go_unless_somebody_came_or_is_coming(
    app: Flask, session: Session, people: People, time: time_machine.Coordinates, of_theirs: str, stays: bool
) -> None:
    dropin, (slot, *_) = a_session(session)
    face = NewFace(first_name="Wren", mobile="+447700900123", mobile_digest="d", language="en-GB", made_at=clock.now())
    session.add(face)
    session.flush()
    hall = hall_of(app, session, people)
    if of_theirs == "visit":
        hall.visit(None, dropin, whose=face.id, new_face_id=face.id)
    elif of_theirs != "nothing":
        young = people.young_person(year_group=12)
        state = "did_not_attend" if of_theirs == "missed" else of_theirs
        booking = hall.booking(young, dropin, slot, state, new_face_id=face.id)
        booking.whose, booking.person_id = face.id, None
    session.commit()
    time.shift(100 * DAY)
    retain(app)
    session.refresh(face)
    kept = (face.first_name, face.mobile, face.mobile_digest)
    assert kept == (("Wren", "+447700900123", "d") if stays else (None, None, None))
    if not stays:
        assert "0 first names and numbers" in retain(app), "what is empty is not emptied again"


def test_a_name_typed_by_somebody_who_was_matched_goes_because_their_record_has_theirs(
    app: Flask, session: Session, people: People, time: time_machine.Coordinates
) -> None:
    known = people.young_person(year_group=12)
    session.add(NewFace(first_name="Wren", language="en-GB", made_at=clock.now(), person_id=known.id))
    session.commit()
    time.shift(91 * DAY)
    retain(app)
    face = session.scalars(select(NewFace)).one()
    assert (face.first_name, face.person_id) == (None, known.id)


def test_a_young_person_sees_on_their_page_that_a_booking_of_theirs_is_kept(
    app: Flask, session: Session, people: People
) -> None:
    young = people.young_person(year_group=12)
    client = app.test_client()
    sign_in(app, client, young)
    assert "We keep nothing about that yet." in client.get("/mine").get_data(as_text=True)
    dropin, (slot, *_) = a_session(session)
    books(session, young, dropin, slot)
    page = client.get("/mine").get_data(as_text=True)
    assert 'href="/my-bookings"' in page
    assert "We keep nothing about that yet." not in page
