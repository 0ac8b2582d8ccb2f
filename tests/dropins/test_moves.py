"""One way to move a booking: its place goes along, what is refused changes nothing, and who may come is asked each time."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.dropins import booking_telling, changes, signals, waiting
from app.dropins.booking import Booked, Clash, NotForThem, book, wait
from app.dropins.free import next_best
from app.dropins.giving_up import cancel, reschedule, swap
from app.dropins.held import Whose, clashes
from app.dropins.models import Booking, BookingMove, DropIn, NewFace, SessionState, Slot
from app.dropins.moves import SYSTEM, By, Hand, NoPlace, NotPossible, by, move
from app.dropins.states import close
from app.dropins.who_may import suits_of
from app.messages.models import Message
from app.people.models import Person, Role
from tests.dropins.factories import a_session, asked, books, by_themselves, places_add_up, waits
from tests.factories import People, sign_in
from tests.people.tokens import csrf

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
STAFF = By(Hand.staff, None, Role.virtual_school)
CLOSED_TO_CHILDREN: dict[str, Any] = {"visibility": "invited", "min_age": 18, "audience": "care_leavers"}


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


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


def press(client: FlaskClient, path: str, **data: Any) -> Any:
    return client.post(path, data={"csrf_token": csrf(client), **data})


def states(session: Session) -> list[str]:
    session.expire_all()
    return list(session.scalars(select(Booking.state).order_by(Booking.made_at, Booking.id)))


def a_link(session: Session, booking: Booking) -> str:
    booking.contact = "text"
    booking_telling.booked(session, booking)
    session.commit()
    return str(session.scalars(select(Message).where(Message.template == "booking_made")).first().params["path"])  # type: ignore[union-attr]


# -- what is refused changes nothing ----------------------------------------------------------------------------------


def test_a_change_of_what_was_cancelled_takes_no_place(app: Flask, session: Session, robin: Person) -> None:
    dropin, (one, two, *_) = a_session(session)
    made = books(session, robin, dropin, one).booking
    client = inside(app, robin)
    press(client, f"/my-bookings/{made.id}/cancel")
    assert press(client, f"/my-bookings/{made.id}/change", slot=str(two.id), once="x").status_code == 303
    assert states(session) == ["cancelled"]
    assert session.get_one(Slot, two.id).taken == 0


def test_nor_does_a_change_by_a_link(session: Session, robin: Person, client: FlaskClient) -> None:
    dropin, (one, two, *_) = a_session(session)
    made = books(session, robin, dropin, one).booking
    path = a_link(session, made)
    cancel(session, made, by_themselves(robin))
    session.commit()
    press(client, f"{path}/other", slot=str(two.id))
    assert states(session) == ["cancelled"] and places_add_up(session)


def test_the_same_change_sent_twice_is_one(app: Flask, session: Session, robin: Person) -> None:
    dropin, (one, two, three) = a_session(session)
    made = books(session, robin, dropin, one).booking
    client = inside(app, robin)
    answers = [press(client, f"/my-bookings/{made.id}/change", slot=str(two.id), once="x") for _twice in range(2)]
    assert answers[0].location == answers[1].location
    # An old key is no way to another time either.
    press(client, f"/my-bookings/{made.id}/change", slot=str(three.id), once="x")
    assert states(session) == ["rescheduled", "booked"] and places_add_up(session)


def test_a_swap_that_is_stale_is_told_kindly(app: Flask, session: Session, robin: Person) -> None:
    dropin, (slot, *_) = a_session(session)
    other, (same_time, *_) = a_session(session)
    made = books(session, robin, dropin, slot).booking
    cancel(session, made, by_themselves(robin))
    session.commit()
    answer = press(
        inside(app, robin),
        f"/dropins/{other.id}/book",
        slot=str(same_time.id),
        do="swap",
        instead=str(made.id),
        once="x",
    )
    assert answer.status_code == 303
    assert states(session) == ["cancelled"] and places_add_up(session)


def an_offer(session: Session, people: People, person: Person, **more: Any) -> Booking:
    dropin, (slot, *_) = a_session(session, **more)
    held = books(session, people.young_person("Holder", year_group=12), dropin, slot).booking
    offer: Booking = waits(session, person, dropin, slot).booking
    cancel(session, held, By(Hand.self_, held.whose, Role.young_person))
    session.commit()
    session.refresh(offer)
    assert offer.state == "offered"
    return offer


def test_an_offer_is_kept_when_what_it_is_swapped_for_is_not_to_be_had(
    session: Session, robin: Person, people: People
) -> None:
    offer = an_offer(session, people, robin)
    dropin, (clashing, later, *_) = a_session(session)
    books(session, robin, dropin, later)
    # In the line of the offer's time: not asked, because nothing comes free.
    sam = waits(session, people.young_person("Sam", year_group=12), session.get_one(DropIn, offer.dropin_id),
                session.get_one(Slot, offer.slot_id)).booking  # fmt: skip
    outcome = swap(session, offer.id, Whose(robin.id), clashing, asked(), by_themselves(robin))
    session.commit()
    assert type(outcome).__name__ == "Already"
    session.refresh(sam)
    session.refresh(offer)
    assert (offer.state, sam.state) == ("offered", "waiting") and places_add_up(session)


def test_an_offer_is_swapped_and_its_place_goes_to_the_next(session: Session, robin: Person, people: People) -> None:
    offer = an_offer(session, people, robin)
    sam = waits(session, people.young_person("Sam", year_group=12), session.get_one(DropIn, offer.dropin_id),
                session.get_one(Slot, offer.slot_id)).booking  # fmt: skip
    _dropin, (clashing, *_) = a_session(session)
    outcome = swap(session, offer.id, Whose(robin.id), clashing, asked(), by_themselves(robin))
    session.commit()
    assert isinstance(outcome, Booked)
    session.refresh(sam)
    session.refresh(offer)
    assert (offer.state, sam.state, outcome.booking.state) == ("cancelled", "offered", "booked")
    assert places_add_up(session)


# -- who may come -----------------------------------------------------------------------------------------------------


def test_no_press_brings_a_child_into_a_session_that_is_for_others(
    app: Flask, session: Session, people: People, client: FlaskClient
) -> None:
    wren = people.young_person("Wren", year_group=10)
    wren.mobile = "+447700900124"
    dropin, (slot, *_) = a_session(session)
    other, (theirs, *_) = a_session(session, starts_at=dropin.starts_at + timedelta(days=1), **CLOSED_TO_CHILDREN)
    made = books(session, wren, dropin, slot).booking
    path = a_link(session, made)
    browser = inside(app, wren)
    press(browser, f"/my-bookings/{made.id}/change", slot=str(theirs.id), once="x")
    press(client, f"{path}/other", slot=str(theirs.id))
    assert states(session) == ["booked"] and session.get_one(Slot, theirs.id).taken == 0
    who = by_themselves(wren)
    for act in (book, wait):
        assert isinstance(act(session, Whose(wren.id), other, theirs, asked(), who), NotForThem)
    assert isinstance(swap(session, made.id, Whose(wren.id), theirs, asked(), who), NotForThem)
    assert places_add_up(session)


@pytest.mark.parametrize(
    ("year_group", "care", "session_is", "may"),
    [
        (10, "in_care", {"min_age": 18}, False),
        (10, "in_care", {"audience": "year_11_13"}, False),
        (12, "in_care", {"audience": "ucic"}, False),
        (12, "in_care", {"audience": "he"}, True),
        (10, "in_care", {"audience": "he"}, True),  # teachers bring Year 9 to these
        (12, "in_care", {"audience": "young_parents"}, True),  # nobody writes down who has a child
        (None, "care_leaver", {"max_age": 17}, True),  # 16 to 25
        (None, "care_leaver", {"audience": "care_leavers", "min_age": 18}, True),
        (12, "in_care", {"visibility": "invited"}, False),
        (12, "in_care", {"visibility": "signed_in"}, True),
    ],
)
def test_one_rule_says_who_may_come_wherever_it_is_asked(
    app: Flask,
    session: Session,
    people: People,
    year_group: int | None,
    care: str,
    session_is: dict[str, Any],
    may: bool,
) -> None:
    robin = people.young_person("Robin", year_group=year_group, care=care)
    plain, (slot, *_) = a_session(session)
    dropin, (theirs, *_) = a_session(session, starts_at=plain.starts_at + timedelta(days=1), **session_is)
    who = by_themselves(robin)
    offered = next_best(session, suits_of(session, Whose(robin.id), who), plain, slot, limit=20)
    assert (theirs.id in [one.slot.id for one in offered]) is may
    made = books(session, robin, plain, slot).booking
    assert isinstance(reschedule(session, made, theirs, "x", who), Booked if may else NotForThem)


def test_whoever_only_holds_a_link_is_not_shown_what_is_for_people_who_are_signed_in(
    session: Session, robin: Person, client: FlaskClient
) -> None:
    dropin, (slot, *_) = a_session(session)
    _other, (theirs, *_) = a_session(session, visibility="signed_in", starts_at=dropin.starts_at + timedelta(days=1))
    path = a_link(session, books(session, robin, dropin, slot).booking)
    assert str(theirs.id) not in client.get(f"{path}/other").text
    press(client, f"{path}/other", slot=str(theirs.id))
    assert states(session) == ["booked"]


def test_somebody_new_comes_only_to_what_is_open_to_all(session: Session) -> None:
    face = NewFace(first_name="Olena", language="en-GB", made_at=NOW)
    session.add(face)
    session.flush()
    whose, who = Whose(new_face_id=face.id), By(Hand.self_, face.id, "new_face")
    dropin, (slot, *_) = a_session(session)
    made = book(session, whose, dropin, slot, asked(), who)
    assert isinstance(made, Booked)
    for closed in ({"visibility": "signed_in"}, {"audience": "ucic"}, {"visibility": "invited"}):
        _other, (theirs, *_) = a_session(session, starts_at=dropin.starts_at + timedelta(days=1), **closed)
        outcome = reschedule(session, made.booking, theirs, f"x{closed}", by(None, face.id))
        assert isinstance(outcome, NotForThem)


def test_whoever_was_asked_to_come_may_take_another_time_of_that_session_and_take_a_cancelling_back(
    app: Flask, session: Session, robin: Person, people: People
) -> None:
    adviser = people.connected(Role.personal_adviser, robin)
    dropin, (one, two, *_) = a_session(session, visibility="invited")
    hand = By(Hand.helper, adviser.id, Role.personal_adviser)
    made = book(session, Whose(robin.id), dropin, one, asked(), hand)
    assert isinstance(made, Booked)
    session.commit()
    client = inside(app, robin)
    press(client, f"/my-bookings/{made.booking.id}/change", slot=str(two.id), once="x")
    assert states(session) == ["rescheduled", "booked"]
    fresh = session.scalars(select(Booking).where(Booking.state == "booked")).one()
    press(client, f"/my-bookings/{fresh.id}/cancel")
    assert client.get(f"/dropins/{dropin.id}/book").status_code == 200
    assert inside(app, people.young_person(year_group=12)).get(f"/dropins/{dropin.id}/book").status_code == 404
    press(client, f"/my-bookings/{fresh.id}/undo")
    assert states(session) == ["rescheduled", "cancelled", "booked"] and places_add_up(session)


def test_first_pick_is_only_of_what_is_for_them(session: Session, people: People) -> None:
    wren = people.young_person("Wren", year_group=10)
    dropin, (slot, *_) = a_session(session)
    a_session(session, starts_at=dropin.starts_at + timedelta(days=7), min_age=18)
    books(session, wren, dropin, slot)
    dropin.state = SessionState.cancelled
    changes.session_cancelled(session, dropin)
    session.commit()
    assert states(session) == ["cancelled_by_service"] and places_add_up(session)


# -- a session moves, and one is closed -------------------------------------------------------------------------------


def moved_onto_another(session: Session, person: Person) -> tuple[Booking, Booking]:
    """Return a booking whose session has moved, by little, onto the time of the person's other one."""
    dropin, (slot, *_) = a_session(session, slots=1)
    other, (later, *_) = a_session(session, slots=1, starts_at=slot.ends_at)
    moved, stays = books(session, person, dropin, slot).booking, books(session, person, other, later).booking
    slot.starts_at, slot.ends_at = later.starts_at, later.ends_at
    session.commit()
    signals.dropin_moved.send(dropin, session=session, actor=None, small=True)
    session.commit()
    return moved, stays


def test_a_session_that_moves_onto_another_of_theirs_asks_which_one(
    app: Flask, session: Session, robin: Person
) -> None:
    moved, stays = moved_onto_another(session, robin)
    session.refresh(moved)
    assert moved.confirm_by is not None, "they are asked, though it moved by little"
    assert clashes(session, [moved.id, stays.id]) == {moved.id: stays.id, stays.id: moved.id}
    client = inside(app, robin)
    page = client.get(f"/my-bookings/{moved.id}").text
    assert "You have another meeting then" in page and str(stays.id) in page
    # Without saying which one is given up, nothing is given up.
    assert isinstance(changes.confirm(session, moved, by_themselves(robin)), Clash)
    session.rollback()
    press(client, f"/my-bookings/{moved.id}/confirm", instead=str(stays.id))
    assert states(session) == ["booked", "cancelled"] and places_add_up(session)
    session.refresh(moved)
    assert moved.confirm_by is None


def test_saying_yes_by_a_link_gives_nothing_else_up(session: Session, robin: Person, client: FlaskClient) -> None:
    moved, _stays = moved_onto_another(session, robin)
    path = a_link(session, moved)
    press(client, f"{path}/do", do="confirm")
    assert states(session) == ["booked", "booked"]
    assert "I can't come" in client.get(path).text, "the link still works"


def test_who_was_checked_in_and_never_seen_is_not_recorded_when_the_session_closes(
    session: Session, people: People, robin: Person, clock: Any
) -> None:
    dropin, (slot, *_) = a_session(session, capacity=2)
    here = books(session, robin, dropin, slot).booking
    books(session, people.young_person("Sam", year_group=12), dropin, slot)
    move(session, here, waiting.State.arrived, STAFF)
    clock.move_to(dropin.ends_at + timedelta(days=9))
    dropin.state = SessionState.done
    session.commit()
    close(session, None, dropin, dropin.ends_at + timedelta(days=9))
    session.commit()
    assert states(session) == ["not_recorded", "not_recorded"] and places_add_up(session)
    why = session.execute(select(BookingMove.came_from, BookingMove.why).where(BookingMove.went_to == "not_recorded"))
    assert sorted(why.all()) == [("arrived", "closed"), ("booked", "closed")]


# -- places -----------------------------------------------------------------------------------------------------------


def test_a_move_takes_and_gives_back_its_place_or_changes_nothing(
    session: Session, people: People, robin: Person
) -> None:
    dropin, (slot, *_) = a_session(session)
    made = books(session, robin, dropin, slot).booking
    assert move(session, made, waiting.State.did_not_attend, STAFF, key="tap")
    assert not move(session, made, waiting.State.did_not_attend, STAFF, key="tap"), "the same tap"
    assert places_add_up(session)
    books(session, people.young_person("Sam", year_group=12), dropin, slot)
    session.refresh(made)
    with pytest.raises(NoPlace):
        move(session, made, waiting.State.booked, STAFF)
    assert made.state == "did_not_attend" and places_add_up(session)
    # They came after all: both were here.
    assert move(session, made, waiting.State.attended, STAFF)
    assert places_add_up(session) and session.get_one(Slot, slot.id).capacity == 2


def test_whatever_people_do_the_places_add_up(session: Session, people: People, clock: Any) -> None:
    chance = random.Random(4)
    persons = [people.young_person(f"Young {number}", year_group=12) for number in range(5)]
    slots = [slot for days in (3, 3, 4) for slot in a_session(
        session, slots=2, starts_at=NOW + timedelta(days=days), held=chance.randint(0, 1), capacity=2)[1]]  # fmt: skip
    seen = set()
    for step in range(150):
        person, slot = chance.choice(persons), chance.choice(slots)
        who, dropin = by_themselves(person), session.get_one(DropIn, slot.dropin_id)
        mine = session.scalars(select(Booking).where(Booking.whose == person.id)).all()
        one = chance.choice(mine) if mine else None
        acts = [
            lambda: book(session, Whose(person.id), dropin, slot, asked(), who),  # noqa: B023
            lambda: wait(session, Whose(person.id), dropin, slot, asked(any_time=chance.random() < 0.3), who),  # noqa: B023
            lambda: cancel(session, one, who),  # type: ignore[arg-type]  # noqa: B023
            lambda: reschedule(session, one, slot, f"c{step}", who),  # type: ignore[arg-type]  # noqa: B023
            lambda: swap(session, one.id, Whose(person.id), slot, asked(), who),  # type: ignore[union-attr]  # noqa: B023
            lambda: waiting.accept_offer(session, one, who),  # type: ignore[arg-type]  # noqa: B023
            lambda: waiting.end_offer(session, one),  # type: ignore[arg-type]  # noqa: B023
            lambda: changes.fewer_places(session, slot, max(slot.taken, slot.held_for_walk_in), [], SYSTEM),  # noqa: B023
        ]
        try:
            outcome = chance.choice(acts if one is not None else acts[:2])()
            session.commit()
            seen.add(type(outcome).__name__)
        except NotPossible as refused:
            # Also what a view forgot to roll back has changed nothing.
            session.commit()
            seen.add(type(refused).__name__)
        assert places_add_up(session), f"step {step}"
        clock.shift(timedelta(minutes=17))
    assert {"Booked", "Already", "Clash", "Full", "NotPossible", "OfferOver"} <= seen
