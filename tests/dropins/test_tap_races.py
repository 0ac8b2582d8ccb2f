"""One tap sent twice at the same moment, on SQLite and on PostgreSQL: it is one record, and one place.

The control does it the usual way, by looking whether the tap was sent before and then writing, and loses a place.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core import clock, places
from app.core.db import db, insert_if_absent, new_id
from app.dropins import booking_links, running, walking_in
from app.dropins.booking import Asked, Booked, book
from app.dropins.held import Whose
from app.dropins.models import Arrival, Booking, BookingLink, BookingMove, DropIn, NewFace, Slot, Visit
from app.dropins.moves import By, Hand, move, sent_before
from app.people.models import Person, Role
from app.people.sessions import Actor
from tests.dropins.conftest import actor_of
from tests.dropins.factories import a_session, places_add_up
from tests.dropins.racing import Place, place  # noqa: F401 - the fixture
from tests.people.tokens import csrf

ROUNDS = 4


@pytest.fixture(autouse=True)
def a_monday_in_november() -> Iterator[None]:
    """The real clock: a frozen one would stand still in other threads too."""
    yield


@pytest.fixture
def adviser(place: Place) -> Actor:
    person = Person(role=Role.virtual_school, name="Ms Yew", email="yew@example.org")
    db.session.add(person)
    db.session.commit()
    return actor_of(person)


def two_are_booked(place: Place) -> tuple[uuid.UUID, uuid.UUID]:
    """Return the ids of a booking and of its slot, which began twenty minutes ago; somebody else has a place there too."""
    dropin, (slot, *_) = a_session(
        db.session, slots=1, capacity=3, starts_at=clock.now() + timedelta(hours=1), booking_closes_minutes=0
    )
    ids = []
    for who in place.people(2):
        own = By(Hand.self_, who, Role.young_person)
        made = book(db.session, Whose(who), dropin, slot, Asked(key=str(new_id()), language="en-GB"), own)
        assert isinstance(made, Booked)
        ids.append(made.booking.id)
    begins = clock.now() - timedelta(minutes=20)
    slot.starts_at, slot.ends_at = begins, begins + timedelta(hours=1)
    dropin.starts_at, dropin.ends_at = slot.starts_at, slot.ends_at
    db.session.commit()
    return ids[0], slot.id


def twice(place: Place, act: Callable[[], Any]) -> list[Any]:
    def tap() -> str:
        act()
        return "done"

    db.session.rollback()
    return place.each([tap, tap])


def test_did_not_come_sent_twice_gives_one_place_back(place: Place, adviser: Actor) -> None:
    for _round in range(ROUNDS):
        booking_id, slot_id = two_are_booked(place)
        key = str(new_id())
        got = twice(place, lambda: running.miss(db.session, adviser, booking_id, key=key))  # noqa: B023
        assert got == ["done", "done"] and place.taken(slot_id) == (1, 1)


def test_control_looking_for_the_key_and_then_writing_gives_two_places_back(place: Place, adviser: Actor) -> None:
    booking_id, slot_id = two_are_booked(place)
    both = threading.Barrier(2)

    def look_then_write() -> None:
        sent = sent_before(db.session, "one-tap")
        both.wait()
        if not sent:
            row = {"id": new_id(), "booking_id": booking_id, "at": clock.now(), "by_role": "staff"}
            insert_if_absent(db.session, BookingMove, {**row, "went_to": "did_not_attend", "key": "one-tap"})
            places.give_back(db.session, Slot, slot_id)

    twice(place, look_then_write)
    assert db.session.scalar(select(Slot.taken).where(Slot.id == slot_id)) == 0, "the control must lose a place"


def test_came_after_all_and_taken_back_are_one_place_each(place: Place, adviser: Actor) -> None:
    for undone in (False, True) * 2:
        booking_id, slot_id = two_are_booked(place)
        running.miss(db.session, adviser, booking_id, key=str(new_id()))
        db.session.commit()
        key = str(new_id())
        if undone:
            got = twice(place, lambda: running.undo(db.session, adviser, booking_id, key=key, reason="wrong_button"))  # noqa: B023
        else:
            got = twice(
                place,
                lambda: running.attend(db.session, adviser, booking_id, key=key, reason="came_after_all"),  # noqa: B023
            )
        assert got == ["done", "done"] and place.taken(slot_id) == (2, 2)


def test_left_before_being_seen_gives_one_place_back(place: Place, adviser: Actor) -> None:
    for _round in range(ROUNDS):
        booking_id, slot_id = two_are_booked(place)
        arrival = running.arrive(db.session, adviser, booking_id, key=str(new_id()))
        assert arrival is not None
        arrival_id, key = arrival.id, str(new_id())
        db.session.commit()
        got = twice(place, lambda: running.leave(db.session, adviser, arrival_id, key=key))  # noqa: B023
        assert got == ["done", "done"] and place.taken(slot_id) == (1, 1)


def test_a_walk_in_is_one_visit_one_place_and_one_name_and_is_taken_back_once(place: Place, adviser: Actor) -> None:
    for number in range(ROUNDS):
        _booking_id, slot_id = two_are_booked(place)
        dropin_id, key = db.session.get_one(Slot, slot_id).dropin_id, str(new_id())

        def walks_in(dropin_id: uuid.UUID = dropin_id, key: str = key) -> None:
            dropin = db.session.get_one(DropIn, dropin_id)
            walking_in.walk_in(db.session, adviser, dropin, key=key, first_name="Noor")

        assert twice(place, walks_in) == ["done", "done"]
        assert db.session.scalar(select(func.count()).select_from(NewFace)) == number + 1
        assert db.session.scalar(select(Slot.taken).where(Slot.id == slot_id)) == 3 and places_add_up(db.session)
        visit = db.session.scalars(select(Visit).where(Visit.key == key)).one()
        assert [one.slot_id for one in db.session.scalars(select(Arrival).where(Arrival.visit_id == visit.id))] == [
            slot_id
        ]

        def takes_back(visit_id: uuid.UUID = visit.id, key: str = str(new_id())) -> None:
            standing = db.session.get_one(Visit, visit_id)
            running.undo_visit(db.session, adviser, standing, key=key, reason="wrong_person")

        assert twice(place, takes_back) == ["done", "done"]
        assert db.session.scalar(select(Slot.taken).where(Slot.id == slot_id)) == 2 and places_add_up(db.session)


def test_two_devices_that_begin_with_one_person_make_one_visit(place: Place, adviser: Actor) -> None:
    for _round in range(ROUNDS):
        booking_id, slot_id = two_are_booked(place)
        got = twice(place, lambda: running.attend(db.session, adviser, booking_id, key=str(new_id())))  # noqa: B023
        assert got == ["done", "done"] and place.taken(slot_id) == (2, 2)
        visits = select(func.count()).where(Visit.booking_id == booking_id)
        assert db.session.scalar(visits) == 1


def test_a_tap_and_a_cancelling_at_once_wait_for_each_other_and_never_for_ever(place: Place, adviser: Actor) -> None:
    from app.dropins.giving_up import cancel

    for _round in range(ROUNDS):
        booking_id, slot_id = two_are_booked(place)

        def tap(booking_id: uuid.UUID = booking_id) -> str:
            try:
                running.miss(db.session, adviser, booking_id, key=str(new_id()))
            except running.NotNow as refused:
                db.session.rollback()
                return refused.why
            return "missed"

        def give_up(booking_id: uuid.UUID = booking_id) -> str:
            booking = db.session.get_one(Booking, booking_id)
            cancel(db.session, booking, By(Hand.self_, booking.whose, Role.young_person))
            return "cancelled"

        db.session.rollback()
        assert place.each([tap, give_up]) in (["missed", "NotPossible"], ["settled", "cancelled"])
        assert place.taken(slot_id) == (1, 1)


def test_a_link_that_is_being_used_is_not_used_by_a_second_press(place: Place) -> None:
    dropin, (slot, *_) = a_session(db.session)
    (who,) = place.people(1)
    own = By(Hand.self_, who, Role.young_person)
    made = book(db.session, Whose(who), dropin, slot, Asked(key="k", language="en-GB"), own)
    assert isinstance(made, Booked)
    booking_id, moment = made.booking.id, clock.now()
    path = booking_links.make(db.session, booking_id, leaves_at=moment, until=slot.ends_at)
    db.session.commit()
    client = place.app.test_client()
    client.get(path)
    token, got = csrf(client), []

    def second() -> None:
        got.append(client.post(f"{path}/do", data={"csrf_token": token, "do": "cancel"}).status_code)

    link = db.session.scalars(select(BookingLink)).one()
    assert booking_links.use(db.session, link)
    thread = threading.Thread(target=second)
    thread.start()
    thread.join(0.7)
    assert thread.is_alive(), "the second press waits for the first"
    db.session.commit()
    thread.join(20)
    assert got == [303]
    db.session.expire_all()
    assert db.session.get_one(Booking, booking_id).state == "booked"


def test_a_move_with_a_tap_s_key_is_fresh_for_one_of_two(place: Place) -> None:
    for _round in range(ROUNDS):
        booking_id, slot_id = two_are_booked(place)
        looked, key = threading.Barrier(2), str(new_id())

        def tap(booking_id: uuid.UUID = booking_id, looked: threading.Barrier = looked, key: str = key) -> bool:
            booking = db.session.get_one(Booking, booking_id)
            looked.wait()
            from app.dropins.models import BookingState

            return move(db.session, booking, BookingState.did_not_attend, By(Hand.staff), key=key)

        db.session.rollback()
        assert sorted(place.each([tap, tap])) == [False, True]
        assert place.taken(slot_id) == (1, 1)
