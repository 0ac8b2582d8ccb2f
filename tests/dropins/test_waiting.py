"""The line: who is next, what an offer is worth, and what a change of the session does (handbook, dropins 4.3, 4.4 and 12)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import places
from app.dropins import signals, waiting
from app.dropins.booking import Full, book
from app.dropins.changes import confirm, fewer_places, who_would_move
from app.dropins.giving_up import cancel
from app.dropins.held import Whose
from app.dropins.models import Booking, BookingMove, DropIn, SessionState, Slot, Visit
from app.dropins.moves import ALLOWED, By, Hand, NotPossible, move
from app.people.models import Person, Role
from tests.dropins.factories import a_session, asked, books, by_themselves, waits
from tests.factories import People

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
STAFF = By(Hand.staff, None, Role.virtual_school)


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _frozen(clock: Any) -> None:
    """Every test here begins on a Monday at ten."""


def state_of(session: Session, person: Person) -> str:
    session.expire_all()
    return (
        session.scalars(
            select(Booking.state)
            .where(Booking.whose == person.id)
            .order_by(Booking.state == "cancelled_by_service", Booking.made_at.desc())
        ).first()
        or ""
    )


def full_slot(session: Session, people: People, **more: Any) -> tuple[DropIn, Slot, Booking]:
    dropin, (slot, *_) = a_session(session, **more)
    holder = people.young_person("Holder", year_group=12)
    return dropin, slot, books(session, holder, dropin, slot).booking


def give_up(session: Session, booking: Booking) -> None:
    cancel(session, booking, By(Hand.self_, booking.whose, Role.young_person))
    session.commit()


def test_the_first_in_line_is_offered_the_place_and_sees_only_their_number(session: Session, people: People) -> None:
    dropin, slot, held = full_slot(session, people)
    first, second = (people.young_person(name, year_group=12) for name in ("One", "Two"))
    one = waits(session, first, dropin, slot).booking
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        two = waits(session, second, dropin, slot).booking
    assert (waiting.place_in_line(session, one), waiting.place_in_line(session, two)) == (1, 2)
    give_up(session, held)
    assert (state_of(session, first), state_of(session, second)) == ("offered", "waiting")
    assert one.offer_ends_at == NOW + timedelta(hours=24)


def test_those_who_wait_for_this_time_come_before_those_who_take_any(session: Session, people: People) -> None:
    dropin, slot, held = full_slot(session, people)
    any_time, this_time = (people.young_person(name, year_group=12) for name in ("Any", "This"))
    waits(session, any_time, dropin, slot, any_time=True)
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        waits(session, this_time, dropin, slot)
    give_up(session, held)
    assert (state_of(session, any_time), state_of(session, this_time)) == ("waiting", "offered")


def test_whom_the_service_moved_before_comes_first(session: Session, people: People) -> None:
    early, moved = (people.young_person(name, year_group=12) for name in ("Early", "Moved"))
    old, (old_slot, *_) = a_session(session, starts_at=NOW + timedelta(days=1))
    earlier = books(session, moved, old, old_slot).booking
    move(session, earlier, waiting.State.cancelled_by_service, STAFF, "capacity-cut")
    session.commit()
    dropin, slot, held = full_slot(session, people)
    waits(session, early, dropin, slot)
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        waits(session, moved, dropin, slot)
    give_up(session, held)
    assert (state_of(session, early), state_of(session, moved)) == ("waiting", "offered")


def test_who_ticked_the_box_is_booked_at_once(session: Session, people: People) -> None:
    dropin, slot, held = full_slot(session, people)
    sam = people.young_person("Sam", year_group=12)
    waits(session, sam, dropin, slot, auto_accept=True)
    give_up(session, held)
    assert state_of(session, sam) == "booked"
    assert session.get_one(Slot, slot.id).taken == 1


def test_an_offer_that_runs_out_goes_to_the_end_of_the_line_once_and_then_lapses(
    session: Session, people: People, clock: Any
) -> None:
    dropin, slot, held = full_slot(session, people, starts_at=NOW + timedelta(days=9))
    one, two = (people.young_person(name, year_group=12) for name in ("One", "Two"))
    first = waits(session, one, dropin, slot).booking
    waits(session, two, dropin, slot)
    give_up(session, held)
    for expected in (("waiting", "offered"), ("offered", "waiting"), ("lapsed", "offered")):
        clock.shift(timedelta(hours=25))
        for booking_id in waiting.offers_that_ran_out(session):
            waiting.end_offer(session, session.get_one(Booking, booking_id))
        session.commit()
        assert (state_of(session, one), state_of(session, two)) == expected
    assert session.get_one(Slot, slot.id).taken == 1
    assert session.get_one(Booking, first.id).offers_missed == 2


def test_an_offer_taken_too_late_changes_nothing(session: Session, people: People, clock: Any) -> None:
    dropin, slot, held = full_slot(session, people)
    sam = people.young_person("Sam", year_group=12)
    offer = waits(session, sam, dropin, slot).booking
    give_up(session, held)
    clock.shift(timedelta(hours=25))
    with pytest.raises(waiting.OfferOver):
        waiting.accept_offer(session, offer, by_themselves(sam))
    assert state_of(session, sam) == "offered"


def test_an_offer_stands_while_somebody_books_another_session_unless_the_times_clash(
    session: Session, people: People
) -> None:
    dropin, slot, held = full_slot(session, people)
    sam = people.young_person("Sam", year_group=12)
    offer = waits(session, sam, dropin, slot).booking
    give_up(session, held)
    other, (elsewhere, *_) = a_session(session, starts_at=dropin.starts_at + timedelta(days=1))
    same, (clashing, *_) = a_session(session)
    assert type(books(session, sam, other, elsewhere)).__name__ == "Booked"
    assert type(books(session, sam, same, clashing)).__name__ == "Clash"
    assert waiting.accept_offer(session, offer, by_themselves(sam)) is None


def test_a_place_that_frees_forty_minutes_before_is_for_walk_ins(session: Session, people: People, clock: Any) -> None:
    dropin, slot, held = full_slot(session, people, starts_at=NOW + timedelta(hours=3), booking_closes_minutes=0)
    sam = people.young_person("Sam", year_group=12)
    waits(session, sam, dropin, slot)
    clock.move_to(slot.starts_at - timedelta(minutes=40))
    give_up(session, held)
    assert state_of(session, sam) == "waiting"
    outcome = books(session, people.young_person("Late", year_group=12), dropin, slot)
    assert isinstance(outcome, Full)
    assert places.take(session, Slot, slot.id), "somebody who walks in has it"


def test_nobody_is_offered_a_time_at_which_they_are_elsewhere(session: Session, people: People) -> None:
    dropin, slot, held = full_slot(session, people)
    busy, free = (people.young_person(name, year_group=12) for name in ("Busy", "Free"))
    waits(session, busy, dropin, slot)
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        waits(session, free, dropin, slot)
    other, (same_time, *_) = a_session(session)
    books(session, busy, other, same_time)
    give_up(session, held)
    assert (state_of(session, free), waiting.line(session, slot)[0].whose) == ("offered", busy.id)


def test_without_an_interpreter_in_time_the_next_is_asked_and_staff_see_why(session: Session, people: People) -> None:
    dropin, slot, held = full_slot(session, people, starts_at=NOW + timedelta(days=1))
    needs, other = (people.young_person(name, year_group=12) for name in ("Needs", "Other"))
    waits(session, needs, dropin, slot, interpreter_language="ti")
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        waits(session, other, dropin, slot)
    give_up(session, held)
    assert (state_of(session, needs), state_of(session, other)) == ("waiting", "offered")
    assert (
        waiting.keeping_back(session, line := waiting.line(session, slot), dropin).why(line[0], slot) == "interpreter"
    )


def test_whoever_has_a_place_each_week_waits_while_others_wait(session: Session, people: People) -> None:
    from app.dropins.models import Series

    keen, other, staff = (
        people.young_person("Keen", year_group=12),
        people.young_person("Other", year_group=12),
        people.adult(Role.virtual_school),
    )
    series = Series(
        title="Weekly",
        rule="FREQ=WEEKLY",
        starts_local="14:00",
        minutes=120,
        first_on=NOW.date(),
        last_on=NOW.date(),
        made_by_id=staff.id,
    )
    session.add(series)
    session.flush()
    one, (first, *_) = a_session(session, series_id=series.id)
    two, (second, third, *_) = a_session(session, series_id=series.id, starts_at=one.starts_at + timedelta(days=7))
    books(session, keen, one, first)
    books(session, other, two, second)
    waits(session, people.young_person("Waits", year_group=12), two, second)
    assert isinstance(books(session, keen, two, third), Full)
    three, (fourth, *_) = a_session(session, series_id=series.id, starts_at=one.starts_at + timedelta(days=14))
    assert type(books(session, keen, three, fourth)).__name__ == "Booked", "nobody waits: no limit"


@pytest.mark.parametrize(
    ("now", "starts", "ends"),
    [
        ("2026-11-23 10:00", "2026-11-30 14:00", "2026-11-24 10:00"),  # a day
        ("2026-11-23 10:00", "2026-11-24 11:00", "2026-11-24 09:00"),  # two hours before
        ("2026-11-23 10:00", "2026-11-23 13:30", "2026-11-23 10:30"),  # half an hour, because it is soon
        ("2026-11-23 21:30", "2026-11-25 14:00", "2026-11-25 10:00"),  # it would run out at night
        ("2026-11-23 10:00", "2026-11-24 09:30", "2026-11-24 08:30"),  # never later than an hour before
        ("2027-03-27 12:00", "2027-04-02 14:00", "2027-03-28 13:00"),  # 24 real hours when the clocks change
    ],
)  # fmt: skip
def test_how_long_an_offer_stands(now: str, starts: str, ends: str) -> None:
    def moment(text: str) -> datetime:
        return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=LONDON).astimezone(UTC)

    assert waiting.offer_end(moment(now), moment(starts)) == moment(ends)


@given(st.integers(60, 60 * 24 * 20), st.integers(0, 60 * 24 * 365))
def test_an_offer_never_ends_in_the_night_unless_the_slot_is_near_nor_within_the_last_hour(ahead: int, at: int) -> None:
    moment = NOW + timedelta(minutes=at)
    starts = moment + timedelta(minutes=ahead)
    ends = waiting.offer_end(moment, starts)
    assert ends <= starts - timedelta(minutes=60)
    here = ends.astimezone(LONDON)
    assert 8 <= here.hour < 20 or ends == starts - timedelta(minutes=60)


# -- the session changes ----------------------------------------------------------------------------------------------


def cancelled(session: Session, dropin: DropIn) -> None:
    dropin.state = SessionState.cancelled
    session.flush()
    signals.dropin_cancelled.send(dropin, session=session, actor=None)
    session.commit()


def test_a_session_is_called_off_and_everybody_picks_first_next_time(session: Session, people: People) -> None:
    dropin, slot, held = full_slot(session, people)
    sam, kim = (people.young_person(name, year_group=12) for name in ("Sam", "Kim"))
    waits(session, sam, dropin, slot)
    following, (next_slot,) = a_session(session, slots=1, starts_at=dropin.starts_at + timedelta(days=7))
    waits_there = waits(session, kim, following, next_slot)
    cancelled(session, dropin)
    session.expire_all()
    states = session.scalars(select(Booking.state).where(Booking.dropin_id == dropin.id)).all()
    assert states == ["cancelled_by_service"] * 2
    pick = session.scalars(select(Booking).where(Booking.dropin_id == following.id, Booking.whose == held.whose)).one()
    assert (pick.state, pick.offer_ends_at) == ("offered", NOW + timedelta(hours=48))
    assert state_of(session, sam) == "waiting", "no place is left: they are asked before those who waited longer"
    assert waiting.line(session, next_slot)[0].whose == sam.id
    assert session.get_one(Slot, slot.id).taken == 0
    assert waits_there.booking.state == "waiting"


def test_a_session_is_called_off_after_it_began(session: Session, people: People, clock: Any) -> None:
    dropin, _slot, held = full_slot(session, people)
    clock.move_to(dropin.starts_at + timedelta(minutes=5))
    cancelled(session, dropin)
    session.refresh(held)
    assert held.state == "cancelled_by_service"
    assert held.late is False


def test_a_moved_session_asks_for_a_yes_and_keeps_those_who_do_not_answer(
    session: Session, people: People, clock: Any
) -> None:
    dropin, _slot, held = full_slot(session, people)
    signals.dropin_moved.send(dropin, session=session, actor=None, small=False)
    session.commit()
    session.refresh(held)
    assert held.confirm_by == NOW + timedelta(hours=24)
    assert held.sequence == 1
    clock.shift(timedelta(hours=30))
    assert held.state == "booked"
    assert confirm(session, held, by_themselves(session.get_one(Person, held.whose))) is None
    assert held.confirm_by is None


def test_more_places_ask_the_line(session: Session, people: People) -> None:
    dropin, slot, _held = full_slot(session, people)
    sam = people.young_person("Sam", year_group=12)
    waits(session, sam, dropin, slot)
    assert places.resize(session, Slot, slot.id, 2)
    signals.capacity_changed.send(dropin, session=session, slot=slot, before=1, after=2)
    session.commit()
    assert state_of(session, sam) == "offered"


def test_fewer_places_move_nobody_until_staff_choose(session: Session, people: People) -> None:
    dropin, (slot, *_) = a_session(session, capacity=3)
    a_session(session, starts_at=dropin.starts_at + timedelta(days=7))
    regular, newest, first_time = (people.young_person(n, year_group=12) for n in ("Regular", "Newest", "First"))
    staff = people.adult(Role.virtual_school)
    for number, person in enumerate((regular, newest, first_time)):
        with time_machine.travel(NOW + timedelta(minutes=number), tick=False):
            books(session, person, dropin, slot)
        if person is not first_time:
            visit = {"key": str(person.id), "dropin_id": dropin.id, "whose": person.id, "person_id": person.id}
            visit |= {"mode": "venue", "staff_id": staff.id, "language_used": "en-GB"}
            session.add(Visit(**visit, started_at=NOW - timedelta(days=30), recorded_at=NOW))
    session.commit()
    session.refresh(slot)
    assert not fewer_places(session, slot, 2, [], STAFF)
    session.rollback()
    suggested = who_would_move(session, slot, 2)
    assert [one.whose for one in suggested] == [newest.id], "the newest, but never a first visit"
    assert fewer_places(session, slot, 2, [suggested[0].id], STAFF)
    session.commit()
    session.expire_all()
    assert (slot.capacity, slot.taken) == (2, 2)
    assert state_of(session, newest) in ("offered", "waiting")


def test_a_late_cancelling_is_late_and_no_missed_visit(session: Session, people: People, clock: Any) -> None:
    _dropin, slot, held = full_slot(session, people)
    clock.move_to(slot.starts_at + timedelta(minutes=5))
    give_up(session, held)
    assert (held.state, held.late) == ("cancelled", True)
    clock.move_to(slot.ends_at)
    with pytest.raises(NotPossible):
        cancel(session, held, by_themselves(session.get_one(Person, held.whose)))


def test_what_still_waits_when_its_time_begins_lapses(session: Session, people: People, clock: Any) -> None:
    dropin, slot, _held = full_slot(session, people)
    sam = people.young_person("Sam", year_group=12)
    booking = waits(session, sam, dropin, slot).booking
    clock.move_to(slot.starts_at)
    assert waiting.lines_that_are_over(session) == [booking.id]
    waiting.lapse(session, booking)
    assert booking.state == "lapsed"


@given(st.sampled_from(list(waiting.State)), st.sampled_from(list(waiting.State)), st.sampled_from(list(Hand)))
def test_a_move_that_the_handbook_does_not_know_is_refused(came_from: Any, to: Any, hand: Hand) -> None:
    if hand in ALLOWED.get((came_from, to), ()):
        return
    booking = Booking(state=came_from, version=1)
    with pytest.raises(NotPossible):
        move(None, booking, to, By(hand))  # type: ignore[arg-type]
    assert (booking.state, booking.version) == (came_from, 1)


def test_every_move_is_written_down(session: Session, people: People) -> None:
    dropin, slot, held = full_slot(session, people)
    sam = people.young_person("Sam", year_group=12)
    offer = waits(session, sam, dropin, slot).booking
    give_up(session, held)
    waiting.accept_offer(session, offer, by_themselves(sam))
    session.commit()
    rows = session.scalars(select(BookingMove).where(BookingMove.booking_id == offer.id))
    assert {(row.came_from, row.went_to, row.by_role) for row in rows} == {
        (None, "waiting", "young_person"),
        ("waiting", "offered", "system"),
        ("offered", "booked", "young_person"),
    }


def test_a_place_cannot_be_booked_once_booking_has_closed(session: Session, people: People, clock: Any) -> None:
    dropin, (slot, *_) = a_session(session)
    clock.move_to(slot.starts_at - timedelta(minutes=29))
    who = people.young_person("Sam", year_group=12)
    outcome = book(session, Whose(who.id), dropin, slot, asked(), by_themselves(who))
    assert type(outcome).__name__ == "Closed"


def test_the_lines_move_on_by_the_operators_command(app: Flask, session: Session, people: People, clock: Any) -> None:
    dropin, slot, held = full_slot(session, people, starts_at=NOW + timedelta(days=9))
    one, two = (people.young_person(name, year_group=12) for name in ("One", "Two"))
    for person in (one, two):
        waits(session, person, dropin, slot)
    give_up(session, held)
    clock.shift(timedelta(hours=25))
    told = app.test_cli_runner().invoke(args=["bookings", "tick"])
    assert told.exit_code == 0, told.output
    assert (state_of(session, one), state_of(session, two)) == ("waiting", "offered")
