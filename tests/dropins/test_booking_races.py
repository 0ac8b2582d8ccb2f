"""Two, or many, at the same moment, on SQLite and on PostgreSQL: nobody is one too many, nobody is in two places,
nobody meets an error.

Each race has a control that does it the usual way, by looking first and then writing, and goes wrong in the same house.
"""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select, update

from app.core import clock, places
from app.core.db import db, new_id
from app.dropins import waiting
from app.dropins.booking import Asked, Booked, book, wait
from app.dropins.changes import fewer_places
from app.dropins.giving_up import cancel, reschedule
from app.dropins.held import Whose
from app.dropins.holding import hold_slots
from app.dropins.models import Booking, BookingState, DropIn, Slot
from app.dropins.moves import By, Hand
from app.people.models import Role
from tests.dropins.factories import a_session
from tests.dropins.racing import Place, place  # noqa: F401 - the fixture

STAFF = By(Hand.staff, None, Role.virtual_school)


def test_the_last_place_goes_to_one_of_many_and_the_others_are_told(place: Place) -> None:
    _dropin, (slot, *_rest) = a_session(db.session, capacity=2)
    got = place.each([place.books(who, slot.id) for who in place.people(8)])
    assert Counter(got) == {"Booked": 2, "Full": 6}
    assert place.taken(slot.id) == (2, 2)


def test_places_kept_for_walk_ins_are_never_booked(place: Place) -> None:
    _dropin, (slot, *_rest) = a_session(db.session, capacity=3, held=2)
    got = place.each([place.books(who, slot.id) for who in place.people(6)])
    assert Counter(got) == {"Booked": 1, "Full": 5}


def test_control_looking_first_and_then_writing_overbooks(place: Place) -> None:
    _dropin, (slot, *_rest) = a_session(db.session, capacity=1)
    people, slot_id, dropin_id = place.people(6), slot.id, slot.dropin_id
    looked = threading.Barrier(len(people))

    def check_then_insert(who: uuid.UUID) -> Callable[[], str]:
        def act() -> str:
            held = select(func.count()).where(Booking.slot_id == slot_id, Booking.state == BookingState.booked)
            free = (db.session.scalar(held) or 0) < 1
            looked.wait()
            if free:
                moment, key = clock.now(), new_id()
                row = {"id": key, "key": str(key), "dropin_id": dropin_id, "slot_id": slot_id, "whose": who}
                row |= {"person_id": who, "calendar_id": key, "language": "en-GB", "state": BookingState.booked}
                db.session.add(Booking(**row, made_at=moment, changed_at=moment))
                db.session.flush()
            return "Booked" if free else "Full"

        return act

    got = place.each([check_then_insert(who) for who in people])
    assert got.count("Booked") > 1, "the control must overbook, or the races here prove nothing"


def test_a_double_tap_is_one_booking(place: Place) -> None:
    _dropin, (slot, *_rest) = a_session(db.session, capacity=5)
    (who,) = place.people(1)
    got = place.each([place.books(who, slot.id, key="one-press")] * 5)
    assert got == ["Booked"] * 5
    assert place.taken(slot.id) == (1, 1)


def test_one_person_never_holds_two_places_that_overlap(place: Place) -> None:
    _one, (first, *_) = a_session(db.session, capacity=4)
    _other, (second, *_) = a_session(db.session, capacity=4)
    for _ in range(4):
        (who,) = place.people(1)
        got = place.each([place.books(who, first.id), place.books(who, second.id)])
        assert sorted(got) == ["Booked", "Clash"]
    assert place.taken(first.id)[0] + place.taken(second.id)[0] == 4


def test_two_changes_that_cross_over_both_end(place: Place) -> None:
    dropin, (first, second, *_) = a_session(db.session, capacity=2)
    one, two = place.people(2)
    ids = [_booked(who, dropin, slot) for who, slot in ((one, first), (two, second))]

    def change(booking_id: uuid.UUID, slot_id: uuid.UUID) -> Callable[[], str]:
        def act() -> str:
            booking = db.session.get_one(Booking, booking_id)
            who = By(Hand.self_, booking.whose, Role.young_person)
            return type(reschedule(db.session, booking, db.session.get_one(Slot, slot_id), str(new_id()), who)).__name__

        return act

    assert place.each([change(ids[0], second.id), change(ids[1], first.id)]) == ["Booked", "Booked"]
    assert place.taken(first.id) == (1, 1)
    assert place.taken(second.id) == (1, 1)


def test_a_place_that_two_give_up_at_once_goes_to_two_of_the_line(place: Place) -> None:
    dropin, (slot, *_) = a_session(db.session, capacity=2)
    held, waiting_ones = place.people(2), place.people(3)
    bookings = [_booked(who, dropin, slot) for who in held]
    for who in waiting_ones:
        own = By(Hand.self_, who, Role.young_person)
        wait(db.session, Whose(who), dropin, slot, Asked(key=str(new_id()), language="en-GB"), own)
    db.session.commit()

    def gives_up(booking_id: uuid.UUID) -> Callable[[], str]:
        def act() -> str:
            booking = db.session.get_one(Booking, booking_id)
            cancel(db.session, booking, By(Hand.self_, booking.whose, Role.young_person))
            return "gone"

        return act

    assert place.each([gives_up(one) for one in bookings]) == ["gone", "gone"]
    states = db.session.scalars(select(Booking.state).where(Booking.whose.in_(waiting_ones))).all()
    assert Counter(states) == {"offered": 2, "waiting": 1}
    assert place.taken(slot.id) == (2, 2)


def test_an_offer_that_is_taken_in_its_last_moment_is_taken_or_over_never_both(place: Place) -> None:
    dropin, (slot, *_) = a_session(db.session, capacity=1)
    held, who, following = place.people(3)
    booking_id = _booked(held, dropin, slot)
    for one in (who, following):
        own = By(Hand.self_, one, Role.young_person)
        wait(db.session, Whose(one), dropin, slot, Asked(key=str(new_id()), language="en-GB"), own)
    cancel(db.session, db.session.get_one(Booking, booking_id), By(Hand.self_, held, Role.young_person))
    db.session.commit()
    offer = db.session.scalars(select(Booking).where(Booking.whose == who)).one()
    assert offer.state == BookingState.offered
    # A moment before its end for the one who takes it; the clock of the other has passed it.
    offer_id, slot_id = offer.id, slot.id

    def take() -> str:
        booking = db.session.get_one(Booking, offer_id)
        waiting.accept_offer(db.session, booking, By(Hand.self_, who, Role.young_person))
        return "taken"

    def end() -> str:
        booking = db.session.get_one(Booking, offer_id)
        hold_slots(db.session, [slot_id])
        db.session.execute(
            update(Booking)
            .where(Booking.id == offer_id, Booking.state == BookingState.offered)
            .values(offer_ends_at=clock.now() - timedelta(seconds=1))
            .execution_options(synchronize_session=False)
        )
        return "over" if waiting.end_offer(db.session, booking) else "too late"

    got = place.each([take, end])
    assert got in (["taken", "too late"], ["OfferOver", "over"])
    assert place.taken(slot.id) == (1, 1)


def test_a_cut_in_places_and_a_booking_at_the_same_moment_never_overbook(place: Place) -> None:
    for _ in range(3):
        _dropin, (slot, *_) = a_session(db.session, capacity=2)
        slot_id, (one, two) = slot.id, place.people(2)
        db.session.commit()

        def fewer(slot_id: uuid.UUID = slot_id) -> str:
            if fewer_places(db.session, db.session.get_one(Slot, slot_id), 1, [], STAFF):
                return "cut"
            db.session.rollback()
            return "not cut"

        got = place.each([place.books(one, slot_id), place.books(two, slot_id), fewer])
        says, held = place.taken(slot_id)
        capacity = db.session.scalar(select(Slot.capacity).where(Slot.id == slot_id))
        assert says == held <= capacity
        assert not [one for one in got if str(one).startswith("ERROR")]
        assert (got[2] == "cut") == (capacity == 1)


def test_two_slots_whose_lines_hold_the_same_people_are_given_out_at_once_without_waiting_for_ever(
    place: Place,
) -> None:
    dropin, (first, *_) = a_session(db.session, capacity=0)
    other, (second, *_) = a_session(db.session, capacity=0, starts_at=dropin.starts_at + timedelta(days=1))
    people = place.people(6)
    for who in people:
        own = By(Hand.self_, who, Role.young_person)
        for session, slot in ((dropin, first), (other, second)):
            wait(db.session, Whose(who), session, slot, Asked(key=str(new_id()), language="en-GB"), own)
    db.session.commit()

    def more(slot_id: uuid.UUID) -> Callable[[], int]:
        def act() -> int:
            places.resize(db.session, Slot, slot_id, 4)
            return len(waiting.promote(db.session, slot_id))

        return act

    assert place.each([more(first.id), more(second.id)]) == [4, 4]


def _booked(who: uuid.UUID, dropin: DropIn, slot: Slot) -> uuid.UUID:
    own = By(Hand.self_, who, Role.young_person)
    outcome = book(db.session, Whose(who), dropin, slot, Asked(key=str(new_id()), language="en-GB"), own)
    assert isinstance(outcome, Booked)
    db.session.commit()
    return outcome.booking.id
