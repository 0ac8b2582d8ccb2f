"""Booking a place, or standing in line for one. Nobody is ever one too many, and nobody holds two places at one time
(handbook 4.2).

Each function works in the caller's transaction and only flushes. A place is taken by one conditional update
(``app.core.places``), which is also the first thing written: from then on whatever is decided here is decided by one at a time
for this slot and this person. Changing a booking and giving it up: ``app.dropins.giving_up``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, make_transient_to_detached

from app.core import clock, places
from app.core.db import insert_if_absent, new_id
from app.dropins.free import OPEN_STATES, open_for_booking
from app.dropins.held import Whose, held_by, in_session, somebody_waits
from app.dropins.holding import hold_people, hold_slots, kept_apart_from
from app.dropins.models import LIVE, Booking, BookingState, DropIn, KeepApart, Slot
from app.dropins.moves import By, move, write_down
from app.dropins.who_may import may_take

State = BookingState
_slots = cast(Table, Slot.__table__).c

# Written once: these are behind every press of 'Book it'.
_LOOKS_FREE = select(_slots.taken + _slots.held_for_walk_in < _slots.capacity).where(_slots.id == bindparam("slot_id"))
_STATE = select(DropIn.state).where(DropIn.id == bindparam("dropin_id"))
_STATE_AND_APART = select(
    DropIn.state,
    exists().where(or_(KeepApart.one_id == bindparam("whose"), KeepApart.other_id == bindparam("whose"))),
).where(DropIn.id == bindparam("dropin_id"))
_OWN = (
    select(Booking)
    .where(
        Booking.whose == bindparam("whose"),
        or_(
            Booking.key == bindparam("key"),
            and_(
                Booking.dropin_id == bindparam("dropin_id"),
                Booking.state.in_([state for state in LIVE if state is not State.waiting]),
            ),
        ),
    )
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for with a booking. ``key`` is the one-time key of the button: the same again is the same booking."""

    key: str
    language: str
    purposes: list[str] = field(default_factory=list)
    note: str | None = None
    brings: str = "none"
    interpreter_language: str | None = None
    needs: str | None = None
    contact: str = "app"
    basis: str | None = None
    auto_accept: bool = False
    any_time: bool = False


@dataclass(frozen=True, slots=True)
class Booked:
    """It is theirs; ``fresh`` False when it was already, by the same press."""

    booking: Booking
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class Already:
    """They have a live booking for this session: it is shown, and a second is not made."""

    booking: Booking


@dataclass(frozen=True, slots=True)
class Clash:
    """They are somewhere else at that time; they can swap."""

    other: Booking


@dataclass(frozen=True, slots=True)
class Full:
    """No place is free at that time: the waiting list and the next free time are offered.

    ``locked`` False: that was plain at a glance, and the transaction holds no lock that others wait for.
    """

    locked: bool = True


@dataclass(frozen=True, slots=True)
class Closed:
    """Booking is not open for that time, or not any more."""


@dataclass(frozen=True, slots=True)
class NotForThem:
    """The session is for other people: another age or audience, or one asks to come first."""


Outcome = Booked | Already | Clash | Full | Closed | NotForThem


def book(session: Session, whose: Whose, dropin: DropIn, slot: Slot, asked: Asked, who: By) -> Outcome:
    """Book a place of a slot. Returns what became of it; only ``Booked`` has changed anything.

    While others wait for this session, somebody who has a later place in the same series waits too (handbook 12, case 34).
    """
    if not open_for_booking(dropin, slot, clock.now()):
        return _own(session, whose, dropin, asked.key) or Closed()
    if not _looks_free(session, slot):
        return _own(session, whose, dropin, asked.key) or Full(locked=False)
    if not may_take(session, whose, dropin, who):
        return _own(session, whose, dropin, asked.key) or NotForThem()
    if not places.take(session, Slot, slot.id, keep_back=slot.held_for_walk_in):
        return _own(session, whose, dropin, asked.key) or Full()
    outcome = _why_not(session, whose, dropin, slot, asked, who)
    outcome = outcome or insert(session, whose, slot, asked, who, State.booked)
    if not (isinstance(outcome, Booked) and outcome.fresh):
        places.give_back(session, Slot, slot.id)
    return outcome


def _looks_free(session: Session, slot: Slot) -> bool:
    """Return whether a slot has a place at a glance. It decides nothing: who sees that all are taken need not wait
    for the lock."""
    if slot.taken + slot.held_for_walk_in < slot.capacity:
        return True
    return bool(session.scalar(_LOOKS_FREE, {"slot_id": slot.id}))


def _why_not(session: Session, whose: Whose, dropin: DropIn, slot: Slot, asked: Asked, who: By) -> Outcome | None:
    """Return what keeps somebody from a place that is taken for them already, or None. Holds them from here on."""
    state, has_apart = session.execute(_STATE_AND_APART, {"dropin_id": dropin.id, "whose": whose.id}).one()
    if state not in OPEN_STATES:
        return Closed()
    apart = kept_apart_from(session, whose.id, clock.local(slot.starts_at).date()) if has_apart else []
    hold_people(session, [whose.id, *apart], new_face=whose.person_id is None)
    mine = held_by(session, whose.id)
    waited = None
    for one in mine:
        if one.dropin_id == dropin.id and one.state is State.waiting:
            waited = one.id
        elif one.dropin_id == dropin.id:
            return _own(session, whose, dropin, asked.key)
        elif one.overlaps(slot):
            return Clash(session.get_one(Booking, one.id))
    if apart and in_session(session, dropin.id, apart):
        return Full()
    again = any(one.series_id and one.series_id == dropin.series_id for one in mine)
    if again and somebody_waits(session, dropin.id):
        return Full()
    if waited is not None:
        # They waited, and a place is free: they need no line any more.
        line = session.get_one(Booking, waited, populate_existing=True)
        move(session, line, State.cancelled, who, "booked-instead")
    return None


def still_open(session: Session, dropin: DropIn) -> bool:
    """Return whether a session stands now that its slot is held: it may have been called off a moment ago."""
    return session.scalar(_STATE, {"dropin_id": dropin.id}) in OPEN_STATES


def _own(session: Session, whose: Whose, dropin: DropIn, key: str) -> Booked | Already | None:
    """Return what this press, or this person, has for this session already."""
    found = session.scalars(_OWN, {"key": key, "whose": whose.id, "dropin_id": dropin.id}).all()
    pressed = next((one for one in found if one.key == key), None)
    if pressed is not None:
        return Booked(pressed, fresh=False)
    return Already(found[0]) if found else None


def pressed(session: Session, whose: Whose, key: str) -> Booking | None:
    """Return the booking that this press has made already."""
    return session.scalars(_fresh(select(Booking).where(Booking.key == key, Booking.whose == whose.id))).first()


def _fresh(statement: Any) -> Any:
    return statement.execution_options(populate_existing=True)


def insert(
    session: Session, whose: Whose, slot: Slot, asked: Asked, who: By, state: State, **more: Any
) -> Booked | Already:
    """Add a booking in a state, unless the same press or the same person has one. The caller holds slot and person."""
    moment = clock.now()
    own = who.person_id == whose.id
    fresh = new_id()
    values = {
        "id": fresh,
        "dropin_id": slot.dropin_id,
        "slot_id": slot.id,
        "whose": whose.id,
        "person_id": whose.person_id,
        "new_face_id": whose.new_face_id,
        "booked_by_id": whose.person_id if own else who.person_id,
        "booked_by_role": who.role,
        "state": state,
        "waiting_since": moment if state is State.waiting else None,
        "offers_missed": 0,
        "late": False,
        "offer_ends_at": None,
        "confirm_by": None,
        "rescheduled_to_id": None,
        "calendar_id": fresh,
        "sequence": 0,
        "made_at": moment,
        "changed_at": moment,
        "version": 1,
        **{name: getattr(asked, name) for name in Asked.__dataclass_fields__},
        **more,
    }
    if not insert_if_absent(session, Booking, values):
        found = pressed(session, whose, asked.key)
        if found is not None:
            return Booked(found, fresh=False)
        live = select(Booking).where(
            Booking.dropin_id == slot.dropin_id, Booking.whose == whose.id, Booking.state.in_(LIVE)
        )
        return Already(session.scalars(_fresh(live)).one())
    write_down(session, fresh, None, state, who)
    # The row is there just so: it need not be asked for again.
    made = Booking(**values)
    make_transient_to_detached(made)
    session.add(made)
    return Booked(made)


def wait(session: Session, whose: Whose, dropin: DropIn, slot: Slot, asked: Asked, who: By) -> Outcome:
    """Stand in line for a slot, or with ``asked.any_time`` for any time of its session. Returns what became of it."""
    if not open_for_booking(dropin, slot, clock.now()):
        return _own(session, whose, dropin, asked.key) or Closed()
    if not may_take(session, whose, dropin, who):
        return _own(session, whose, dropin, asked.key) or NotForThem()
    hold_slots(session, [slot.id])
    hold_people(session, [whose.id])
    if not still_open(session, dropin):
        return Closed()
    return _own(session, whose, dropin, asked.key) or insert(session, whose, slot, asked, who, State.waiting)
