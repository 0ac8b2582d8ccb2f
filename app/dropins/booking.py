"""Booking a place, changing it, giving it up. Nobody is ever one too many, and nobody holds two places at one time
(handbook 4.2).

Each function works in the caller's transaction and only flushes. A place is taken by one conditional update
(``app.core.places``), which
is also the first thing written: from then on whatever is decided here is decided by one at a time for this slot and this person.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, make_transient_to_detached

from app.core import clock, places
from app.core.db import insert_if_absent, new_id
from app.dropins.holding import hold_people, hold_slots, kept_apart_from
from app.dropins.models import LIVE, Booking, BookingState, DropIn, KeepApart, SessionState, Slot
from app.dropins.moves import By, NotPossible, move, write_down

State = BookingState
# A live booking that keeps its person from being somewhere else at that time. Waiting does not.
ELSEWHERE = (State.booked, State.offered, State.arrived)
OPEN_STATES = (SessionState.published, SessionState.running)
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
_HELD = (
    select(Booking.id, Booking.dropin_id, Booking.state, Slot.starts_at, Slot.ends_at, DropIn.series_id)
    .join(Slot, Slot.id == Booking.slot_id)
    .join(DropIn, DropIn.id == Booking.dropin_id)
    .where(Booking.whose == bindparam("whose"), Booking.state.in_(LIVE))
)
# The next free times: of one session, and of others that anybody like its visitors can find. A slot never starts
# before its session.
_NEXT = (
    select(Slot, DropIn, _slots.capacity - _slots.taken - _slots.held_for_walk_in)
    .join(DropIn, DropIn.id == Slot.dropin_id)
    .where(
        DropIn.state.in_(OPEN_STATES),
        DropIn.starts_at > bindparam("since"),
        Slot.starts_at > bindparam("now"),
        _slots.taken + _slots.held_for_walk_in < _slots.capacity,
        or_(
            DropIn.id == bindparam("dropin_id"),
            and_(DropIn.visibility != "invited", DropIn.audience.in_(["all", bindparam("audience")])),
        ),
    )
    .order_by(DropIn.id != bindparam("dropin_id"), Slot.starts_at, Slot.id)
    .limit(bindparam("most"))
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose booking it is: a young person's, or a new face's until a worker has checked who they are."""

    person_id: uuid.UUID | None = None
    new_face_id: uuid.UUID | None = None

    @property
    def id(self) -> uuid.UUID:
        """The one id that tells people apart."""
        found = self.person_id or self.new_face_id
        if found is None:
            raise ValueError("A booking is somebody's.")
        return found


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
class NotNow:
    """Booking is not open for that time, or not any more."""


Outcome = Booked | Already | Clash | Full | NotNow


@dataclass(frozen=True, slots=True)
class Held:
    """A live booking of somebody, with its times."""

    id: uuid.UUID
    dropin_id: uuid.UUID
    state: State
    starts_at: datetime
    ends_at: datetime
    series_id: uuid.UUID | None

    def overlaps(self, slot: Slot) -> bool:
        """Return whether it keeps somebody from being in a slot."""
        return self.state in ELSEWHERE and self.starts_at < slot.ends_at and self.ends_at > slot.starts_at


def held_by(session: Session, whose: uuid.UUID) -> list[Held]:
    """Return every live booking of somebody, as the database has them now."""
    rows = session.execute(_HELD, {"whose": whose})
    return [Held(r[0], r[1], State(r[2]), r[3], r[4], r[5]) for r in rows]


def open_for_booking(dropin: DropIn, slot: Slot, moment: datetime) -> bool:
    """Return whether a time can be booked at a moment: published, opened, and not too close to its start."""
    if dropin.state not in OPEN_STATES or (dropin.booking_opens_at is not None and moment < dropin.booking_opens_at):
        return False
    return moment < slot.starts_at - timedelta(minutes=dropin.booking_closes_minutes)


def book(
    session: Session, whose: Whose, dropin: DropIn, slot: Slot, asked: Asked, who: By, *, series_line: bool = True
) -> Outcome:
    """Book a place of a slot. Returns what became of it; only ``Booked`` has changed anything.

    ``series_line``: while others wait for this session, somebody who has a later place in the same series waits too
    (handbook 12, case
    34). Whether the person may come at all is for ``app.dropins.who_may``.
    """
    if not open_for_booking(dropin, slot, clock.now()):
        return _own(session, whose, dropin, asked.key) or NotNow()
    if not _looks_free(session, slot):
        return _own(session, whose, dropin, asked.key) or Full(locked=False)
    if not places.take(session, Slot, slot.id, keep_back=slot.held_for_walk_in):
        return _own(session, whose, dropin, asked.key) or Full()
    outcome = _why_not(session, whose, dropin, slot, asked, who, series_line=series_line) or insert(
        session, whose, slot, asked, who, State.booked
    )
    if not (isinstance(outcome, Booked) and outcome.fresh):
        places.give_back(session, Slot, slot.id)
    return outcome


def _looks_free(session: Session, slot: Slot) -> bool:
    """Return whether a slot has a place at a glance. It decides nothing: who sees that all are taken need not wait
    for the lock."""
    if slot.taken + slot.held_for_walk_in < slot.capacity:
        return True
    return bool(session.scalar(_LOOKS_FREE, {"slot_id": slot.id}))


def _why_not(
    session: Session, whose: Whose, dropin: DropIn, slot: Slot, asked: Asked, who: By, *, series_line: bool
) -> Outcome | None:
    """Return what keeps somebody from a place that is taken for them already, or None. Holds them from here on."""
    state, has_apart = session.execute(_STATE_AND_APART, {"dropin_id": dropin.id, "whose": whose.id}).one()
    if state not in OPEN_STATES:
        return NotNow()
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
    again = series_line and any(one.series_id and one.series_id == dropin.series_id for one in mine)
    if again and somebody_waits(session, dropin.id):
        return Full()
    if waited is not None:
        # They waited, and a place is free: they need no line any more.
        move(session, session.get_one(Booking, waited), State.cancelled, who, "booked-instead")
    return None


def _still_open(session: Session, dropin: DropIn) -> bool:
    """Return whether a session stands now that its slot is held: it may have been called off a moment ago."""
    return session.scalar(_STATE, {"dropin_id": dropin.id}) in OPEN_STATES


def _own(session: Session, whose: Whose, dropin: DropIn, key: str) -> Booked | Already | None:
    """Return what this press, or this person, has for this session already."""
    found = session.scalars(_OWN, {"key": key, "whose": whose.id, "dropin_id": dropin.id}).all()
    pressed = next((one for one in found if one.key == key), None)
    if pressed is not None:
        return Booked(pressed, fresh=False)
    return Already(found[0]) if found else None


def _fresh(statement: Any) -> Any:
    return statement.execution_options(populate_existing=True)


def in_session(session: Session, dropin_id: uuid.UUID, people: list[uuid.UUID]) -> bool:
    """Return whether any of these people has a place in a session."""
    there = exists().where(Booking.dropin_id == dropin_id, Booking.whose.in_(people), Booking.state.in_(ELSEWHERE))
    return bool(session.scalar(select(there)))


def somebody_waits(session: Session, dropin_id: uuid.UUID) -> bool:
    """Return whether anybody waits for a session."""
    return bool(session.scalar(select(exists().where(Booking.dropin_id == dropin_id, Booking.state == State.waiting))))


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
        found = session.scalars(_fresh(select(Booking).where(Booking.key == asked.key))).first()
        if found is not None and found.whose == whose.id:
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
        return _own(session, whose, dropin, asked.key) or NotNow()
    hold_slots(session, [slot.id])
    hold_people(session, [whose.id])
    if not _still_open(session, dropin):
        return NotNow()
    return _own(session, whose, dropin, asked.key) or insert(session, whose, slot, asked, who, State.waiting)


def cancel(session: Session, booking: Booking, who: By, why: str | None = None) -> None:
    """Give a booking up, and its place to the next in line. Raises NotPossible once its time is over, or when it is not live."""
    from app.dropins.waiting import promote

    slot = session.get_one(Slot, booking.slot_id)
    moment = clock.now()
    if moment >= slot.ends_at:
        raise NotPossible("It is over.")
    hold_slots(session, [slot.id])
    had_place = booking.state in ELSEWHERE
    late = had_place and moment >= slot.starts_at
    move(session, booking, State.cancelled, who, why, late=late, sequence=booking.sequence + 1, offer_ends_at=None)
    if had_place:
        places.give_back(session, Slot, slot.id)
        promote(session, slot.id)


def reschedule(session: Session, booking: Booking, slot: Slot, key: str, who: By) -> Outcome:
    """Change a booking to another time: the new one and the old one in one transaction, the old one pointing at the new.

    Returns ``Full`` and the like when that time is not to be had: then the old booking stands. Raises NotPossible
    when it cannot be
    changed any more.
    """
    from app.dropins.waiting import promote

    old_slot = session.get_one(Slot, booking.slot_id)
    dropin = session.get_one(DropIn, slot.dropin_id)
    if slot.id == old_slot.id:
        return Booked(booking, fresh=False)
    if clock.now() >= old_slot.starts_at:
        raise NotPossible("It has begun.")
    if not open_for_booking(dropin, slot, clock.now()):
        return NotNow()
    hold_slots(session, [slot.id, old_slot.id])
    if not places.take(session, Slot, slot.id, keep_back=slot.held_for_walk_in):
        return Full()
    whose = Whose(booking.person_id, booking.new_face_id)
    reason = _kept_from(session, whose, booking, slot)
    if reason is not None:
        places.give_back(session, Slot, slot.id)
        return reason
    move(session, booking, State.rescheduled, who, confirm_by=None)
    asked = Asked(key=key, **{name: getattr(booking, name) for name in _CARRIED})
    made = insert(
        session,
        whose,
        slot,
        asked,
        who,
        State.booked,
        calendar_id=booking.calendar_id,
        sequence=booking.sequence + 1,
        booked_by_id=booking.booked_by_id,
        booked_by_role=booking.booked_by_role,
    )
    if not (isinstance(made, Booked) and made.fresh):
        raise NotPossible("It was changed already.")
    booking.rescheduled_to_id = made.booking.id
    session.flush()
    places.give_back(session, Slot, old_slot.id)
    promote(session, old_slot.id)
    return made


_CARRIED = tuple(name for name in Asked.__dataclass_fields__ if name not in ("key", "any_time", "auto_accept"))


def _kept_from(session: Session, whose: Whose, leaving: Booking, slot: Slot) -> Outcome | None:
    apart = kept_apart_from(session, whose.id, clock.local(slot.starts_at).date())
    hold_people(session, [whose.id, *apart])
    session.refresh(leaving)
    if not _still_open(session, session.get_one(DropIn, slot.dropin_id)):
        return NotNow()
    for one in held_by(session, whose.id):
        if one.id == leaving.id:
            continue
        if one.dropin_id == slot.dropin_id:
            return Already(session.get_one(Booking, one.id))
        if one.overlaps(slot):
            return Clash(session.get_one(Booking, one.id))
    return Full() if apart and in_session(session, slot.dropin_id, apart) else None


def swap(session: Session, other: Booking, whose: Whose, dropin: DropIn, slot: Slot, asked: Asked, who: By) -> Outcome:
    """Book a time instead of another booking that it clashes with. The other is only given up when this one is to be had."""
    if other.whose != whose.id:
        raise NotPossible("It is somebody else's.")
    if State(other.state) is State.booked:
        outcome = reschedule(session, other, slot, asked.key, who)
        if isinstance(outcome, Booked) and outcome.fresh:
            outcome.booking.purposes = asked.purposes or outcome.booking.purposes
            outcome.booking.note = asked.note or outcome.booking.note
            session.flush()
        return outcome
    hold_slots(session, [slot.id, other.slot_id])
    taken = session.execute(
        select(Slot.taken + Slot.held_for_walk_in < Slot.capacity).where(Slot.id == slot.id)
    ).scalar_one()
    if not taken:
        return Full()
    cancel(session, other, who, "swapped")
    return book(session, whose, dropin, slot, asked, who)


@dataclass(frozen=True, slots=True)
class Time:
    """A time that can be booked."""

    slot: Slot
    dropin: DropIn
    free: int


def free_times(
    session: Session,
    *,
    dropin: DropIn | None = None,
    after: datetime | None = None,
    audiences: tuple[str, ...] | None = None,
    not_with: list[uuid.UUID] | None = None,
    limit: int = 6,
) -> list[Time]:
    """Return free times: of one session, or of every session that anybody can find, soonest first.

    ``not_with``: people who must not be met; sessions where one of them has a place are left out.
    """
    moment = clock.now()
    statement = (
        select(Slot, DropIn, Slot.capacity - Slot.taken - Slot.held_for_walk_in)
        .join(DropIn, DropIn.id == Slot.dropin_id)
        .where(
            DropIn.state.in_(OPEN_STATES),
            Slot.starts_at > max(moment, after) if after else Slot.starts_at > moment,
            Slot.taken + Slot.held_for_walk_in < Slot.capacity,
        )
        .order_by(Slot.starts_at, Slot.id)
    )
    if dropin is not None:
        statement = statement.where(Slot.dropin_id == dropin.id)
    else:
        # By the session's own index too: a slot never starts before its session.
        statement = statement.where(DropIn.starts_at > moment - timedelta(days=1), DropIn.visibility != "invited")
    if audiences is not None:
        statement = statement.where(DropIn.audience.in_(audiences))
    if not_with:
        there = exists().where(
            Booking.dropin_id == DropIn.id, Booking.whose.in_(not_with), Booking.state.in_(ELSEWHERE)
        )
        statement = statement.where(~there)
    found = session.execute(statement.limit(limit * 3).execution_options(populate_existing=True))
    open_ones = [Time(slot, one, free) for slot, one, free in found if open_for_booking(one, slot, moment)]
    return open_ones[:limit]


def next_best(
    session: Session, whose: uuid.UUID | None, dropin: DropIn, slot: Slot | None, *, limit: int = 4
) -> list[Time]:
    """Return the next free times for somebody whose time is gone: the same session's first, then the next of others."""
    moment = clock.now()
    given = {"dropin_id": dropin.id, "audience": dropin.audience, "now": moment, "since": moment - timedelta(days=1)}
    found = session.execute(_NEXT, {**given, "most": limit * 3}).all()
    apart = kept_apart_from(session, whose, clock.today()) if whose else []
    times = [
        Time(one, of, free)
        for one, of, free in found
        if open_for_booking(of, one, moment) and not (apart and in_session(session, of.id, apart))
    ]
    if slot is not None:
        # Of the same session the nearest to what they wanted comes first.
        times.sort(key=lambda one: (one.dropin.id != dropin.id, abs(one.slot.starts_at - slot.starts_at)))
    return times[:limit]


def place_in_line(session: Session, booking: Booking) -> int:
    """Return which number somebody is in the line they wait in (1 is the next one). Who else waits is nobody's business."""
    from app.dropins.waiting import line

    ids = [one.id for one in line(session, session.get_one(Slot, booking.slot_id))]
    return ids.index(booking.id) + 1 if booking.id in ids else len(ids) + 1


def count_live(session: Session, dropin_id: uuid.UUID) -> int:
    """Return how many hold a place in a session."""
    held = select(func.count()).where(Booking.dropin_id == dropin_id, Booking.state.in_(ELSEWHERE))
    return int(session.scalar(held) or 0)
