"""A booking's states and the moves between them, as data (handbook 3.2). A move that is not here changes nothing.

``move`` is the one way to another state, and keeps the places: whoever leaves gives theirs back, whoever enters takes one. Only
``app.dropins.booking.book`` takes before it asks (docs/decisions/places.md).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.core import clock, places
from app.core.db import new_id
from app.dropins.holding import hold_slots
from app.dropins.models import HOLDING, LIVE, Booking, BookingMove, BookingState, Slot
from app.people.models import Role
from app.people.sessions import Actor

State = BookingState


class Hand(StrEnum):
    """Whose hand moves a booking."""

    self_ = "self"
    helper = "helper"
    staff = "staff"
    system = "system"


_PEOPLE = frozenset({Hand.self_, Hand.helper, Hand.staff})
_STAFF = frozenset({Hand.staff})
_SYSTEM = frozenset({Hand.system})
_ARRIVES = frozenset({Hand.staff, Hand.self_})  # by scanning the code at the door

# (from, to) -> who may. None stands for a booking that is not there yet.
ALLOWED: dict[tuple[State | None, State], frozenset[Hand]] = {
    (None, State.booked): _PEOPLE,
    (None, State.waiting): _PEOPLE | _SYSTEM,
    (State.waiting, State.offered): _SYSTEM,
    (State.offered, State.booked): _PEOPLE,
    (State.offered, State.waiting): _SYSTEM,
    (State.offered, State.lapsed): _SYSTEM,
    (State.waiting, State.booked): _SYSTEM,
    (State.waiting, State.lapsed): _SYSTEM,
    (State.booked, State.rescheduled): _PEOPLE,
    (State.booked, State.arrived): _ARRIVES,
    (State.booked, State.attended): _STAFF,
    (State.arrived, State.attended): _STAFF,
    (State.booked, State.did_not_attend): _STAFF,
    (State.did_not_attend, State.attended): _STAFF,
    (State.booked, State.not_recorded): _SYSTEM,
    # They were checked in and left before anybody saw them.
    (State.arrived, State.cancelled): _STAFF,
    (State.arrived, State.not_recorded): _SYSTEM,
    # Somebody said that they come later: it is written down, and their place stays theirs.
    (State.booked, State.booked): _STAFF,
    # Put right within five working days, with a reason (app.dropins.running).
    **{(state, State.booked): _STAFF for state in (State.arrived, State.attended, State.did_not_attend)},
    **{(state, State.cancelled): _PEOPLE for state in (State.booked, State.waiting, State.offered)},
    **{(state, State.cancelled_by_service): _STAFF | _SYSTEM for state in LIVE},
}
# They came after all, and somebody else may have their place by now: both were here, so the slot had one more.
_OVERFILLS = {(State.did_not_attend, State.attended)}
# Moves that put something right have the places that were kept for walk-ins too.
_CORRECTS = {*_OVERFILLS, (State.did_not_attend, State.booked)}


class NotPossible(ValueError):
    """This cannot be done with a booking in its state, or not any more. Nothing was changed."""


class Overtaken(NotPossible):
    """Somebody else changed the booking at the same moment. Nothing was changed."""


class NoPlace(NotPossible):
    """The move needs a place of the slot, and none is free. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class By:
    """Who makes a move: a person in a role, or the machine. ``signed_in`` False: whoever holds the link of a message."""

    hand: Hand
    person_id: uuid.UUID | None = None
    role: str = "system"
    signed_in: bool = True


SYSTEM = By(Hand.system)
STAFF_ROLES = frozenset({Role.virtual_school})


def by(actor: Actor | None, whose: uuid.UUID) -> By:
    """Return in whose hand a booking of ``whose`` is: their own, a helper's, or staff's. Nobody signed in: their
    own, by a link."""
    if actor is None or actor.person_id == whose:
        return By(Hand.self_, whose, Role.young_person, signed_in=actor is not None)
    hand = Hand.staff if actor.role in STAFF_ROLES else Hand.helper
    return By(hand, actor.person_id, str(actor.role))


_TABLE = cast(Table, Booking.__table__)
_MOVES = insert(cast(Table, BookingMove.__table__))


def hold(session: Session, booking: Booking, *more: uuid.UUID) -> Slot:
    """Hold a booking's slot (and other slots), read the booking as it is now, and return its slot as it is now.

    Raises Overtaken when it went to another slot at the same moment.
    """
    slot_id = booking.slot_id
    hold_slots(session, [slot_id, *more])
    session.refresh(booking)
    if booking.slot_id != slot_id:
        raise Overtaken(str(booking.id))
    slot = session.get_one(Slot, slot_id)
    session.refresh(slot)
    return slot


def require(booking: Booking, to: State, who: By) -> None:
    """Raise NotPossible when the handbook knows no such move of this booking for this hand."""
    if who.hand not in ALLOWED.get((State(booking.state), to), frozenset()):
        raise NotPossible(f"{booking.state} -> {to} by {who.hand}")


def sent_before(session: Session, key: str) -> bool:
    """Return whether a tap with this key has moved a booking already."""
    return session.scalars(select(BookingMove.id).where(BookingMove.key == key)).first() is not None


def move(
    session: Session,
    booking: Booking,
    to: State,
    who: By,
    why: str | None = None,
    *,
    key: str | None = None,
    **changes: Any,
) -> bool:
    """Move a booking to another state, with other columns of it, and write down who did it and why (a code).

    Its place goes along: taken when the booking begins to hold one, given back when it holds none any more. ``key`` is a tap's:
    returns False, and changes nothing, when that tap did it already. Raises NotPossible when the handbook knows no such move for
    this hand, NoPlace when none is free, Overtaken when the booking was changed meanwhile; nothing is changed then. The caller
    holds the slot.
    """
    came_from = State(booking.state)
    if key is not None and sent_before(session, key):
        return False
    require(booking, to, who)
    leaves, enters = booking.slot_id, changes.get("slot_id", booking.slot_id)
    taking = to in HOLDING and came_from not in HOLDING
    if taking and not _take(session, enters, (came_from, to)):
        raise NoPlace(str(enters))
    values = {"state": to, "changed_at": clock.now(), "version": booking.version + 1, **changes}
    same = (_TABLE.c.id == booking.id) & (_TABLE.c.version == booking.version) & (_TABLE.c.state == came_from)
    if session.connection().execute(update(_TABLE).where(same).values(values)).rowcount != 1:
        if taking:
            places.give_back(session, Slot, enters)
        if key is not None and sent_before(session, key):
            return False
        raise Overtaken(str(booking.id))
    for name, value in values.items():
        set_committed_value(booking, name, value)
    write_down(session, booking.id, came_from, to, who, why, key)
    if came_from in HOLDING and to not in HOLDING:
        places.give_back(session, Slot, leaves)
    return True


def _take(session: Session, slot_id: uuid.UUID, way: tuple[State, State]) -> bool:
    """Take a place for a booking that comes to hold one this way. Returns False when it has to do without."""
    kept = 0 if way in _CORRECTS else session.get_one(Slot, slot_id).held_for_walk_in
    if places.take(session, Slot, slot_id, keep_back=kept):
        return True
    if way in _OVERFILLS:
        slots = cast(Table, Slot.__table__)
        one_more = {"capacity": slots.c.capacity + 1, "taken": slots.c.taken + 1}
        session.connection().execute(update(slots).where(slots.c.id == slot_id).values(one_more))
        return True
    return False


def write_down(
    session: Session,
    booking_id: uuid.UUID,
    came_from: State | None,
    to: State,
    who: By,
    why: str | None = None,
    key: str | None = None,
) -> None:
    """Add the row that says who moved a booking from where to where, when and why."""
    row = {"id": new_id(), "booking_id": booking_id, "at": clock.now(), "by_id": who.person_id, "by_role": who.role}
    session.connection().execute(_MOVES, {**row, "came_from": came_from, "went_to": to, "why": why, "key": key})
