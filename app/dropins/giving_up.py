"""Giving a booking up, changing it to another time, and swapping one for another. What is given up goes to the next in line.

Each function works in the caller's transaction and only flushes. Whatever can be refused is asked before anything is written.
"""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app.core import clock, places
from app.dropins.booking import (
    Already,
    Asked,
    Booked,
    Clash,
    Closed,
    Full,
    NotForThem,
    Outcome,
    book,
    insert,
    pressed,
    still_open,
)
from app.dropins.free import open_for_booking
from app.dropins.held import Whose, held_by, in_session
from app.dropins.holding import hold_people, hold_slots, kept_apart_from
from app.dropins.models import HOLDING, Booking, BookingState, DropIn, Slot
from app.dropins.moves import By, NotPossible, hold, move, require
from app.dropins.waiting import line, promote
from app.dropins.who_may import may_take

State = BookingState
# What a changed booking keeps of the old one.
_CARRIED = tuple(name for name in Asked.__dataclass_fields__ if name not in ("key", "any_time", "auto_accept"))


def cancel(session: Session, booking: Booking, who: By, why: str | None = None) -> None:
    """Give a booking up, and its place to the next in line. Raises NotPossible once they are here, or its time is over."""
    slot, moment = hold(session, booking), clock.now()
    state = State(booking.state)
    if state is State.arrived or moment >= slot.ends_at:
        raise NotPossible("It is over, or they are here.")
    had_place = state in HOLDING
    late = had_place and moment >= slot.starts_at
    move(session, booking, State.cancelled, who, why, late=late, sequence=booking.sequence + 1, offer_ends_at=None)
    if had_place:
        promote(session, slot.id)


def reschedule(session: Session, booking: Booking, slot: Slot, key: str, who: By) -> Outcome:
    """Change a booking to another time: the new one and the old one in one transaction, the old one pointing at the new.

    Returns ``Full`` and the like when that time is not to be had, and raises NotPossible when the booking cannot be changed any
    more: then nothing has changed.
    """
    old = hold(session, booking, slot.id)
    session.refresh(slot)
    whose = Whose(booking.person_id, booking.new_face_id)
    made = pressed(session, whose, key)
    if made is not None:
        return Booked(made, fresh=False)
    require(booking, State.rescheduled, who)
    if clock.now() >= old.starts_at:
        raise NotPossible("It has begun.")
    if slot.id == old.id:
        return Booked(booking, fresh=False)
    reason = _kept_from(session, whose, booking, old, slot, who)
    if reason is not None:
        return reason
    if not places.take(session, Slot, slot.id, keep_back=slot.held_for_walk_in):
        return Full()
    move(session, booking, State.rescheduled, who, confirm_by=None)
    outcome = insert(
        session,
        whose,
        slot,
        Asked(key=key, **{name: getattr(booking, name) for name in _CARRIED}),
        who,
        State.booked,
        calendar_id=booking.calendar_id,
        sequence=booking.sequence + 1,
        booked_by_id=booking.booked_by_id,
        booked_by_role=booking.booked_by_role,
    )
    if not (isinstance(outcome, Booked) and outcome.fresh):
        # Slots and person are held and were looked at: nobody can have been quicker. The request fails as a whole.
        raise RuntimeError(str(booking.id))
    booking.rescheduled_to_id = outcome.booking.id
    session.flush()
    promote(session, old.id)
    return outcome


def _kept_from(session: Session, whose: Whose, leaving: Booking, old: Slot, slot: Slot, who: By) -> Outcome | None:
    """Return what keeps somebody from a time, were they not in the one they leave; None when they may try for it."""
    dropin = session.get_one(DropIn, slot.dropin_id)
    if not open_for_booking(dropin, slot, clock.now()) or not still_open(session, dropin):
        return Closed()
    # In the session they are booked for their booking stands, whatever has become of their age since.
    if dropin.id != leaving.dropin_id and not may_take(session, whose, dropin, who):
        return NotForThem()
    apart = kept_apart_from(session, whose.id, clock.local(slot.starts_at).date())
    # Also those who may get the old place: people are held once and in order.
    hold_people(session, [whose.id, *apart, *(one.whose for one in line(session, old))])
    for one in held_by(session, whose.id):
        if one.id == leaving.id:
            continue
        if one.dropin_id == slot.dropin_id:
            return Already(session.get_one(Booking, one.id))
        if one.overlaps(slot):
            return Clash(session.get_one(Booking, one.id))
    return Full() if in_session(session, slot.dropin_id, apart) else None


def swap(session: Session, other_id: uuid.UUID, whose: Whose, slot: Slot, asked: Asked, who: By) -> Outcome:
    """Book a time instead of another booking that it clashes with. The other is only given up when this one is to be had.

    Raises NotPossible when the other is somebody else's, or cannot be given up any more.
    """
    other = session.get(Booking, other_id)
    if other is None or other.whose != whose.id:
        raise NotPossible("There is nothing of theirs to swap.")
    if State(other.state) is State.booked:
        outcome = reschedule(session, other, slot, asked.key, who)
        if isinstance(outcome, Booked) and outcome.fresh:
            outcome.booking.purposes = asked.purposes or outcome.booking.purposes
            outcome.booking.note = asked.note or outcome.booking.note
            session.flush()
        return outcome
    # The first write, before the savepoint: it holds both slots, and on SQLite it begins the transaction.
    hold_slots(session, [slot.id, other.slot_id])
    made = pressed(session, whose, asked.key)
    if made is not None:
        return Booked(made, fresh=False)
    with session.begin_nested() as given_up:
        cancel(session, other, who, "swapped")
        outcome = book(session, whose, session.get_one(DropIn, slot.dropin_id), slot, asked, who)
        if not isinstance(outcome, Booked):
            given_up.rollback()
    # The savepoint took back what the rows here still say.
    session.expire_all()
    return outcome
