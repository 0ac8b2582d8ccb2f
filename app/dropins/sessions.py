"""A session's life: published, moved, cancelled, its places changed, and what the clock does (handbook, dropins 3.1 and 4.3).

Every function works in the request's own transaction and tells the rest of the room by signal (``app.dropins.signals``). A change
names the version it was made upon; whoever was overtaken is told so.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.core import audit, clock, places
from app.core.audit import Who
from app.dropins import signals
from app.dropins.models import DropIn, DropInStaff, SessionState, Slot, Venue
from app.dropins.slots import cut
from app.dropins.states import ADVISERS, COMING, Overtaken, claim, has_adviser, state_now, turn
from app.people.models import Person

# A move so small keeps every booking as it is (handbook 4.3).
SMALL = timedelta(minutes=30)
AT_A_PLACE = ("venue", "mixed")
# Words that say what somebody is. They stand in no title: titles show on phones and on screens (handbook 2.1).
_SAYS_WHO = re.compile(
    r"\b(care[\s-]?leav\w+|leaving[\s-]care|in[\s-]care|looked[\s-]after|foster\w*|neets?|lac|cla|uasc|ucic|asylum\w*|refugee\w*)\b",
    re.IGNORECASE,
)


class Missing(StrEnum):
    """Why a session cannot be published yet."""

    staff = "staff"
    venue = "venue"
    no_title = "no_title"
    says_who = "says_who"
    too_short = "too_short"
    over = "over"


class NotReady(ValueError):
    """The session cannot be published; ``missing`` says why, in codes."""

    def __init__(self, missing: list[Missing]) -> None:
        """Keep what is missing."""
        super().__init__(", ".join(missing))
        self.missing = missing


class PlacesTaken(ValueError):
    """More people hold a place than there would be. Nobody is taken out by a machine (handbook 4.3)."""

    def __init__(self, slot_id: uuid.UUID, taken: int) -> None:
        """Keep which slot, and how many hold a place of it."""
        super().__init__(f"{taken} hold a place")
        self.slot_id = slot_id
        self.taken = taken


@dataclass(frozen=True, slots=True)
class Was:
    """When and where a session was to be, before it was moved."""

    starts_at: datetime
    ends_at: datetime
    venue_id: uuid.UUID | None
    mode: str


def says_who(title: str) -> bool:
    """Return whether a title says what the people who come are."""
    return _SAYS_WHO.search(title) is not None


def missing(session: Session, dropin: DropIn) -> list[Missing]:
    """Return what keeps a session from being published (handbook 2.1), in the order in which it is put right."""
    found = []
    if not dropin.title.strip():
        found.append(Missing.no_title)
    if says_who(dropin.title):
        found.append(Missing.says_who)
    if dropin.mode in AT_A_PLACE and dropin.venue_id is None:
        found.append(Missing.venue)
    if not has_adviser(session, dropin.id):
        found.append(Missing.staff)
    if not cut(dropin.starts_at, dropin.ends_at, dropin.slot_minutes, dropin.capacity):
        found.append(Missing.too_short)
    if dropin.ends_at <= clock.now():
        found.append(Missing.over)
    return found


def publish(session: Session, actor: Who | None, dropin: DropIn) -> list[Slot]:
    """Make the slots of a draft and let people find it. Raises NotReady, and Overtaken when it is no draft any more."""
    lacking = missing(session, dropin)
    if lacking:
        raise NotReady(lacking)
    turn(session, dropin, (SessionState.draft,), SessionState.published)
    slots = [
        Slot(
            dropin_id=dropin.id,
            starts_at=part.starts_at,
            ends_at=part.ends_at,
            capacity=part.capacity,
            held_for_walk_in=part.held,
        )
        for part in cut(dropin.starts_at, dropin.ends_at, dropin.slot_minutes, dropin.capacity, dropin.walk_in_hold)
    ]
    session.add_all(slots)
    session.flush()
    audit.record(session, actor, "dropin.published", thing_id=dropin.id)
    signals.dropin_published.send(dropin, session=session, actor=actor)
    return slots


def cancel(session: Session, actor: Who | None, dropin: DropIn, public: str, staff: str | None = None) -> None:
    """Call a session off, also after it has begun (an ill adviser, a flood). Everybody booked is told through the signal.

    ``public`` is a code of ``wording.CANCEL_REASONS`` or kind words of one's own. Raises ValueError without it, Overtaken when
    the session is over or was called off already.
    """
    if not public.strip():
        raise ValueError("People are told why.")
    turn(session, dropin, COMING, SessionState.cancelled)
    dropin.cancelled_at = clock.now()
    dropin.cancel_reason_public = public.strip()
    dropin.cancel_reason_staff = (staff or "").strip() or None
    dropin.sequence += 1
    session.flush()
    audit.record(session, actor, "dropin.cancelled", thing_id=dropin.id)
    signals.dropin_cancelled.send(dropin, session=session, actor=actor)


def delete_draft(session: Session, actor: Who | None, dropin: DropIn) -> None:
    """Take away a session that nobody outside has ever seen. Raises Overtaken for any other: that one is cancelled instead."""
    if dropin.state != SessionState.draft or session.scalar(
        select(Slot.id).where(Slot.dropin_id == dropin.id).limit(1)
    ):
        raise Overtaken
    session.execute(delete(DropInStaff).where(DropInStaff.dropin_id == dropin.id))
    session.delete(dropin)
    session.flush()
    audit.record(session, actor, "dropin.deleted", thing_id=dropin.id)


def rearrange(
    session: Session,
    actor: Who | None,
    dropin: DropIn,
    starts_at: datetime,
    ends_at: datetime,
    *,
    venue_id: uuid.UUID | None = None,
    mode: str | None = None,
    seen_version: int | None = None,
) -> bool:
    """Give a session another time, place or way. Its slots and bookings go along. Returns False when nothing changes.

    Raises PlacesTaken when it becomes shorter and somebody holds a place in the part that falls away, ValueError for a time
    that is over or the wrong way round, NotReady for a place that is missing, Overtaken.
    """
    was = Was(dropin.starts_at, dropin.ends_at, dropin.venue_id, dropin.mode)
    mode = mode or dropin.mode
    venue_id = (venue_id or dropin.venue_id) if mode in AT_A_PLACE else None
    if (starts_at, ends_at, venue_id, mode) == (was.starts_at, was.ends_at, was.venue_id, was.mode):
        return False
    if ends_at <= starts_at or ends_at <= clock.now():
        raise ValueError("A session ends after it begins, and is still to come.")
    if mode in AT_A_PLACE and venue_id is None:
        raise NotReady([Missing.venue])
    claim(session, dropin, seen_version, (SessionState.draft, SessionState.published))
    by = starts_at - was.starts_at
    slots = slots_of(session, dropin.id)
    kept = _fit(session, dropin, slots, by, starts_at, ends_at)
    dropin.starts_at, dropin.ends_at, dropin.venue_id, dropin.mode = starts_at, ends_at, venue_id, mode
    dropin.sequence += 1
    session.flush()
    audit.record(session, actor, "dropin.moved", thing_id=dropin.id)
    if dropin.state == SessionState.published:
        same_day = clock.local(starts_at).date() == clock.local(was.starts_at).date()
        signals.dropin_moved.send(
            dropin,
            session=session,
            actor=actor,
            was=was,
            by=by,
            small=abs(by) <= SMALL and same_day and (venue_id, mode) == (was.venue_id, was.mode),
            moved_slots=[slot.id for slot in kept] if by else [],
        )
    return True


def _fit(
    session: Session, dropin: DropIn, slots: list[Slot], by: timedelta, starts_at: datetime, ends_at: datetime
) -> list[Slot]:
    """Move the slots along, close those that fall off the end, add those that have room now. Returns the ones that went along."""
    if not slots:
        return []
    if dropin.slot_minutes is None:
        session.execute(update(Slot).where(Slot.id == slots[0].id).values(starts_at=starts_at, ends_at=ends_at))
        session.refresh(slots[0])
        return slots
    # One after the other, the foremost first, so that no two of them stand at the same time for a moment.
    for slot in reversed(slots) if by > timedelta() else slots:
        values = {"starts_at": slot.starts_at + by, "ends_at": slot.ends_at + by}
        session.execute(update(Slot).where(Slot.id == slot.id).values(**values))
        session.refresh(slot)
    for slot in slots:
        if slot.ends_at > ends_at and slot.capacity:
            _shrink(session, slot, 0)
    for part in cut(slots[-1].ends_at, ends_at, dropin.slot_minutes, dropin.capacity):
        session.add(Slot(dropin_id=dropin.id, starts_at=part.starts_at, ends_at=part.ends_at, capacity=part.capacity))
    return [slot for slot in slots if slot.capacity]


def resize_slot(session: Session, actor: Who | None, slot: Slot, capacity: int) -> None:
    """Give one slot more or fewer places. Raises PlacesTaken, and changes nothing, when more people than that hold one."""
    if capacity < 1:
        raise ValueError("A slot has at least one place.")
    before = slot.capacity - slot.held_for_walk_in
    _shrink(session, slot, capacity)
    _told_of_places(session, actor, slot, before)


def hold_for_walk_ins(session: Session, actor: Who | None, slot: Slot, held: int) -> None:
    """Keep some places of a slot back for people who just come. Raises ValueError when it has not so many."""
    if not 0 <= held <= slot.capacity:
        raise ValueError("No more places can wait than there are.")
    before = slot.capacity - slot.held_for_walk_in
    session.execute(update(Slot).where(Slot.id == slot.id).values(held_for_walk_in=held))
    session.refresh(slot)
    _told_of_places(session, actor, slot, before)


def _shrink(session: Session, slot: Slot, capacity: int) -> None:
    held = slot.held_for_walk_in
    if held > capacity:
        # The database does not let more places wait than there are.
        session.execute(update(Slot).where(Slot.id == slot.id).values(held_for_walk_in=capacity))
    done = places.resize(session, Slot, slot.id, capacity)
    if not done and held > capacity:
        session.execute(update(Slot).where(Slot.id == slot.id).values(held_for_walk_in=held))
    session.refresh(slot)
    if not done:
        raise PlacesTaken(slot.id, slot.taken)


def _told_of_places(session: Session, actor: Who | None, slot: Slot, before: int) -> None:
    after = slot.capacity - slot.held_for_walk_in
    if after == before:
        return
    dropin = session.get_one(DropIn, slot.dropin_id)
    audit.record(session, actor, "dropin.places-changed", thing_id=slot.id, detail=f"{before} to {after}")
    signals.capacity_changed.send(dropin, session=session, actor=actor, slot=slot, before=before, after=after)


def set_staff(session: Session, actor: Who | None, dropin: DropIn, person_ids: Collection[uuid.UUID]) -> None:
    """Say who is there. Raises NotReady when a published session would stand without an adviser."""
    old = set(session.scalars(select(DropInStaff.person_id).where(DropInStaff.dropin_id == dropin.id)))
    new = set(person_ids)
    if dropin.state in COMING and not session.scalar(
        select(Person.id).where(Person.id.in_(new), Person.role.in_(ADVISERS)).limit(1)
    ):
        raise NotReady([Missing.staff])
    if old == new:
        return
    session.execute(delete(DropInStaff).where(DropInStaff.dropin_id == dropin.id, DropInStaff.person_id.in_(old - new)))
    session.add_all(DropInStaff(dropin_id=dropin.id, person_id=person_id) for person_id in sorted(new - old))
    session.flush()
    audit.record(session, actor, "dropin.staff-changed", thing_id=dropin.id)
    if dropin.state in COMING:
        signals.staff_changed.send(dropin, session=session, actor=actor, gone=old - new, new=new - old)


# -- reading ----------------------------------------------------------------------------------------------------------


def slots_of(session: Session, dropin_id: uuid.UUID) -> list[Slot]:
    """Return a session's slots, first to last."""
    return list(session.scalars(select(Slot).where(Slot.dropin_id == dropin_id).order_by(Slot.starts_at)))


def open_places(slot: Slot) -> int:
    """Return how many places of a slot can be booked now."""
    return max(0, slot.capacity - slot.held_for_walk_in - slot.taken)


def bookable(dropin: DropIn, slot: Slot, now: datetime) -> bool:
    """Return whether a slot is still open for booking, full or not: published or running, opened, not yet closed."""
    closes = slot.starts_at - timedelta(minutes=dropin.booking_closes_minutes)
    opened = dropin.booking_opens_at is None or dropin.booking_opens_at <= now
    return state_now(dropin, now) in COMING and opened and now < closes and slot.capacity > 0


def venue_of(session: Session, dropin: DropIn) -> Venue | None:
    """Return where a session is, or None when it is nowhere."""
    return session.get(Venue, dropin.venue_id) if dropin.venue_id else None
