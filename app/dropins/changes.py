"""What a change of a session does to its bookings (handbook 4.3): it is called off, it moves, it has more places or fewer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from app.core import clock, places
from app.dropins import signals
from app.dropins.booking import Already, Asked, Clash, insert
from app.dropins.free import free_times
from app.dropins.giving_up import cancel
from app.dropins.held import Whose, clash_of, clashes, held_by
from app.dropins.holding import hold_people, hold_slots, kept_apart_from
from app.dropins.models import LIVE, Booking, BookingState, DropIn, SessionState, Slot, Visit
from app.dropins.moves import STAFF_ROLES, SYSTEM, By, Hand, NoPlace, NotPossible, hold, move
from app.dropins.waiting import FIRST_PICK, offer_end, promote
from app.dropins.who_may import may_take

State = BookingState
CONFIRM_WITHIN = timedelta(hours=24)


def session_cancelled(session: Session, dropin: DropIn, who: By = SYSTEM) -> list[Booking]:
    """Cancel every live booking and the whole line of a session that was called off; returns them. It counts against nobody.

    Each is offered a place in the next session, before others, for 48 hours.
    """
    slots = list(session.scalars(select(Slot).where(Slot.dropin_id == dropin.id)))
    following = next_session(session, dropin)
    others = list(session.scalars(select(Slot.id).where(Slot.dropin_id == following.id))) if following else []
    hold_slots(session, [*(slot.id for slot in slots), *others])
    live = _live_of(session, dropin.id)
    hold_people(session, [one.whose for one in live])
    for booking in live:
        _take_away(session, booking, who, "session-cancelled")
    for booking in live:
        pick = first_pick(session, booking, following) if following else None
        signals.booking_changed.send(booking, session=session, what="cancelled-by-service", pick=pick)
    return live


def _live_of(session: Session, dropin_id: uuid.UUID) -> list[Booking]:
    """Return the live bookings of a session: who has a place first, then the line, each in the order in which they came."""
    found = session.scalars(
        select(Booking)
        .where(Booking.dropin_id == dropin_id, Booking.state.in_(LIVE))
        .order_by(Booking.state == State.waiting, Booking.made_at, Booking.id)
        .execution_options(populate_existing=True)
    )
    return list(found)


def _take_away(session: Session, booking: Booking, who: By, why: str) -> None:
    move(session, booking, State.cancelled_by_service, who, why, sequence=booking.sequence + 1, offer_ends_at=None)


def next_session(session: Session, dropin: DropIn) -> DropIn | None:
    """Return the next session for whoever was coming to this one: of its series, else of its kind.

    Those who were asked to come to one session were not asked to another: for them only its series counts.
    """
    coming = (
        select(DropIn)
        .where(
            DropIn.id != dropin.id,
            DropIn.state == SessionState.published,
            DropIn.starts_at > max(clock.now(), dropin.starts_at),
            DropIn.audience == dropin.audience,
            DropIn.visibility == dropin.visibility,
        )
        .order_by(DropIn.starts_at, DropIn.id)
        .limit(1)
    )
    if dropin.series_id is not None:
        found = session.scalars(coming.where(DropIn.series_id == dropin.series_id)).first()
        if found is not None:
            return found
    return session.scalars(coming).first() if dropin.visibility != "invited" else None


def first_pick(session: Session, booking: Booking, following: DropIn) -> Booking | None:
    """Offer somebody whom the service moved a place in the next session for 48 hours, or the front of its line.
    None: they come already.

    Raises nothing: without a free place they wait, and those who were moved are asked first (4.4, step 3).
    """
    whose = Whose(booking.person_id, booking.new_face_id)
    mine = held_by(session, whose.id)
    if any(one.dropin_id == following.id for one in mine) or not may_take(session, whose, following, SYSTEM):
        return None
    apart = kept_apart_from(session, whose.id, clock.local(following.starts_at).date())
    # Before others: also when nobody can book it yet.
    times = free_times(session, dropin=following, not_with=apart, early=True, limit=20)
    free = next((one.slot for one in times if not any(held.overlaps(one.slot) for held in mine)), None)
    slot = free or _first_slot(session, following)
    if slot is None:
        return None
    asked = Asked(
        key=f"first-pick:{booking.id}",
        language=booking.language,
        purposes=list(booking.purposes),
        note=booking.note,
        brings=booking.brings,
        interpreter_language=booking.interpreter_language,
        needs=booking.needs,
        contact=booking.contact,
        basis=booking.basis,
        any_time=free is None,
    )
    by_whom = {"booked_by_id": booking.booked_by_id, "booked_by_role": booking.booked_by_role}
    made = insert(session, whose, slot, asked, SYSTEM, State.waiting, **by_whom)
    if isinstance(made, Already) or not made.fresh:
        return None
    if free is not None:
        ends = offer_end(clock.now(), slot.starts_at, FIRST_PICK)
        # Without a place they wait for this time, and are asked first.
        with suppress(NoPlace):
            move(session, made.booking, State.offered, SYSTEM, "first-pick", offer_ends_at=ends)
    return made.booking


def _first_slot(session: Session, dropin: DropIn) -> Slot | None:
    return session.scalars(select(Slot).where(Slot.dropin_id == dropin.id).order_by(Slot.starts_at).limit(1)).first()


def session_moved(session: Session, dropin: DropIn, *, small: bool) -> list[Booking]:
    """Ask everybody who is booked whether they can come to a session that has moved, and return them.

    Half an hour or less: they are told. More, or another day or place, or they are somewhere else at its new time: they are asked
    to confirm within 24 hours; who does not answer keeps the place, and is on the list of those to ring.
    """
    told = [one for one in _live_of(session, dropin.id) if State(one.state) is not State.waiting]
    elsewhere = clashes(session, [one.id for one in told])
    for booking in told:
        asks = not small or booking.id in elsewhere
        booking.confirm_by = clock.now() + CONFIRM_WITHIN if asks else None
        booking.sequence += 1
        booking.version += 1
        signals.booking_changed.send(booking, session=session, what="moved")
    session.flush()
    return told


def confirm(session: Session, booking: Booking, who: By, *, instead_of: uuid.UUID | None = None) -> Clash | None:
    """Keep that somebody can come to the session as it is now.

    Returns a Clash, and changes nothing, when they are somewhere else at that time, unless it is the booking that they give up
    for this one. Raises NotPossible when there is nothing to confirm, or the other cannot be given up.
    """
    other = clash_of(session, booking)
    hold(session, booking, *([other.slot_id] if other is not None else []))
    if State(booking.state) is not State.booked:
        raise NotPossible("There is no booking to confirm.")
    other = clash_of(session, booking)
    if other is not None and other.id != instead_of:
        return Clash(other)
    if other is not None:
        cancel(session, other, who, "swapped")
    booking.confirm_by = None
    booking.version += 1
    session.flush()
    return None


def who_would_move(session: Session, slot: Slot, capacity: int) -> list[Booking]:
    """Return who would lose a place if a slot had only so many, in the order that is suggested to staff (4.3): the
    newest booking first,
    but never a first visit, somebody with an interpreter, or somebody who was moved before."""
    held = list(
        session.scalars(
            select(Booking)
            .where(Booking.slot_id == slot.id, Booking.state.in_((State.booked, State.offered)))
            .order_by(Booking.made_at.desc(), Booking.id.desc())
        )
    )
    too_many = max(slot.taken - capacity, 0)
    return [one for one in held if not _never_first(session, one)][:too_many]


def _never_first(session: Session, booking: Booking) -> bool:
    if booking.interpreter_language:
        return True
    been = session.scalar(select(exists().where(Visit.whose == booking.whose)))
    earlier = aliased(Booking)
    moved = session.scalar(
        select(exists().where(earlier.whose == booking.whose, earlier.state == State.cancelled_by_service))
    )
    return not been or bool(moved)


def fewer_places(session: Session, slot: Slot, capacity: int, moving: Iterable[uuid.UUID], who: By) -> bool:
    """Give a slot fewer places, moving those whom staff chose to the next session. Returns False when more would
    still be booked than
    there are places: then nothing is to be kept, and the caller rolls back."""
    dropin = session.get_one(DropIn, slot.dropin_id)
    following = next_session(session, dropin)
    others = list(session.scalars(select(Slot.id).where(Slot.dropin_id == following.id))) if following else []
    hold_slots(session, [slot.id, *others])
    chosen = set(moving)
    taken = [one for one in _live_of(session, dropin.id) if one.id in chosen and one.slot_id == slot.id]
    hold_people(session, [one.whose for one in taken])
    for booking in taken:
        _take_away(session, booking, who, "capacity-cut")
        pick = first_pick(session, booking, following) if following else None
        signals.booking_changed.send(booking, session=session, what="cancelled-by-service", pick=pick)
    return places.resize(session, Slot, slot.id, capacity)


def _staff(actor: Any) -> By:
    if actor is None:
        return SYSTEM
    return By(Hand.staff if actor.role in STAFF_ROLES else Hand.system, actor.person_id, str(actor.role))


@signals.dropin_cancelled.connect
def _on_cancelled(dropin: DropIn, *, session: Session, actor: Any = None, **_more: Any) -> None:
    session_cancelled(session, dropin, _staff(actor))


@signals.dropin_moved.connect
def _on_moved(dropin: DropIn, *, session: Session, small: bool = False, **_more: Any) -> None:
    session_moved(session, dropin, small=small)


@signals.capacity_changed.connect
def _on_capacity(_dropin: DropIn, *, session: Session, slot: Slot, before: int, after: int, **_more: Any) -> None:
    if after > before:
        promote(session, slot.id)
