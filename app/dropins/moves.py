"""A booking's states and the moves between them, as data (handbook 3.2). A move that is not here changes nothing."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Table, insert, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.core import clock
from app.core.db import new_id
from app.dropins.models import LIVE, Booking, BookingMove, BookingState
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
    **{(state, State.cancelled): _PEOPLE for state in (State.booked, State.waiting, State.offered)},
    **{(state, State.cancelled_by_service): _STAFF | _SYSTEM for state in LIVE},
}


class NotPossible(ValueError):
    """This cannot be done with a booking in its state, or not any more. Nothing was changed."""


class Overtaken(NotPossible):
    """Somebody else changed the booking at the same moment. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class By:
    """Who makes a move: a person in a role, or the machine."""

    hand: Hand
    person_id: uuid.UUID | None = None
    role: str = "system"


SYSTEM = By(Hand.system)
STAFF_ROLES = frozenset({Role.virtual_school})


def by(actor: Actor | None, whose: uuid.UUID) -> By:
    """Return in whose hand a booking of ``whose`` is: their own, a helper's, or staff's. Nobody signed in: their
    own, by a link."""
    if actor is None or actor.person_id == whose:
        return By(Hand.self_, whose, Role.young_person)
    hand = Hand.staff if actor.role in STAFF_ROLES else Hand.helper
    return By(hand, actor.person_id, str(actor.role))


_TABLE = cast(Table, Booking.__table__)
_MOVES = insert(cast(Table, BookingMove.__table__))


def move(session: Session, booking: Booking, to: State, who: By, why: str | None = None, **changes: Any) -> None:
    """Move a booking to another state, with other columns of it, and write down who did it and why (a code).

    Raises NotPossible when the handbook knows no such move for this hand, Overtaken when the booking was changed
    meanwhile; nothing is
    changed then. The caller holds the slot (``app.dropins.holding``) and takes or gives back its place.
    """
    came_from = State(booking.state)
    if who.hand not in ALLOWED.get((came_from, to), frozenset()):
        raise NotPossible(f"{came_from} -> {to} by {who.hand}")
    values = {"state": to, "changed_at": clock.now(), "version": booking.version + 1, **changes}
    same = (_TABLE.c.id == booking.id) & (_TABLE.c.version == booking.version) & (_TABLE.c.state == came_from)
    if session.connection().execute(update(_TABLE).where(same).values(values)).rowcount != 1:
        raise Overtaken(str(booking.id))
    for name, value in values.items():
        set_committed_value(booking, name, value)
    write_down(session, booking.id, came_from, to, who, why)


def write_down(
    session: Session, booking_id: uuid.UUID, came_from: State | None, to: State, who: By, why: str | None = None
) -> None:
    """Add the row that says who moved a booking from where to where, when and why."""
    row = {"id": new_id(), "booking_id": booking_id, "at": clock.now(), "by_id": who.person_id, "by_role": who.role}
    session.connection().execute(_MOVES, {**row, "came_from": came_from, "went_to": to, "why": why})
