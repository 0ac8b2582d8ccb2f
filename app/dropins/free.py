"""Free times: what can be booked now, by whom, soonest first."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from app.core import clock
from app.dropins.held import ELSEWHERE
from app.dropins.holding import kept_apart_from
from app.dropins.models import Booking, DropIn, SessionState, Slot
from app.dropins.who_may import Suits

OPEN_STATES = (SessionState.published, SessionState.running)
# More are asked for than are shown: some are too close to their start to be booked.
_SPARE = 3


@dataclass(frozen=True, slots=True)
class Time:
    """A time that can be booked."""

    slot: Slot
    dropin: DropIn
    free: int


def open_for_booking(dropin: DropIn, slot: Slot, moment: datetime, *, early: bool = False) -> bool:
    """Return whether a time can be booked at a moment: published, opened (unless ``early``), and not too close to its start."""
    opened = early or dropin.booking_opens_at is None or moment >= dropin.booking_opens_at
    closes = slot.starts_at - timedelta(minutes=dropin.booking_closes_minutes)
    return dropin.state in OPEN_STATES and opened and moment < closes


def free_times(
    session: Session,
    *,
    dropin: DropIn | None = None,
    suits: Suits | None = None,
    not_with: Collection[uuid.UUID] = (),
    early: bool = False,
    limit: int = 6,
) -> list[Time]:
    """Return free times: of one session, or of every session that can be found without an invitation, soonest first.

    ``suits``: only what is for somebody. ``not_with``: people who must not be met; sessions where one of them has a place
    are left out. ``early``: also of sessions that have not opened for booking yet.
    """
    found = _free(clock.now(), not_with).order_by(Slot.starts_at, Slot.id)
    found = found.where(DropIn.visibility != "invited") if dropin is None else found.where(DropIn.id == dropin.id)
    if suits is not None:
        found = found.where(suits.clause())
    return _open(session, found, limit, early=early)


def next_best(session: Session, suits: Suits, dropin: DropIn, slot: Slot | None, *, limit: int = 4) -> list[Time]:
    """Return the next free times for somebody whose time is gone: the same session's first, then the next that are for them."""
    apart = kept_apart_from(session, suits.whose, clock.today()) if suits.whose else []
    found = (
        _free(clock.now(), apart)
        .where((DropIn.id == dropin.id) | suits.clause())
        .order_by(DropIn.id != dropin.id, Slot.starts_at, Slot.id)
    )
    times = _open(session, found, limit * _SPARE)
    if slot is not None:
        # Of the same session the nearest to what they wanted comes first.
        times.sort(key=lambda one: (one.dropin.id != dropin.id, abs(one.slot.starts_at - slot.starts_at)))
    return times[:limit]


def _free(moment: datetime, not_with: Collection[uuid.UUID]) -> Select[Slot, DropIn, int]:
    """Return the query of every slot to come that has a place, and how many."""
    free = Slot.capacity - Slot.taken - Slot.held_for_walk_in
    found = (
        select(Slot, DropIn, free)
        .join(DropIn, DropIn.id == Slot.dropin_id)
        # By the session's own index too: a slot never starts before its session.
        .where(DropIn.state.in_(OPEN_STATES), DropIn.starts_at > moment - timedelta(days=1))
        .where(Slot.starts_at > moment, free > 0)
        .execution_options(populate_existing=True)
    )
    if not not_with:
        return found
    there = exists().where(Booking.dropin_id == DropIn.id, Booking.whose.in_(not_with), Booking.state.in_(ELSEWHERE))
    return found.where(~there)


def _open(session: Session, found: Select[Slot, DropIn, int], limit: int, *, early: bool = False) -> list[Time]:
    moment = clock.now()
    rows = session.execute(found.limit(limit * _SPARE))
    times = [Time(slot, one, free) for slot, one, free in rows if open_for_booking(one, slot, moment, early=early)]
    return times[:limit]
