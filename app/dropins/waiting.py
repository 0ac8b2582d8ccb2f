"""The waiting list: who is next when a place becomes free, and what an offer is worth (handbook 4.4, exact)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.clock import LONDON
from app.core.working_days import working_days_after
from app.dropins import signals
from app.dropins.booking import Clash
from app.dropins.free import OPEN_STATES
from app.dropins.held import ELSEWHERE, Held, clash_of, held_by_each
from app.dropins.holding import apart_each, hold_people, hold_slots
from app.dropins.models import Booking, BookingState, DropIn, Slot
from app.dropins.moves import SYSTEM, By, NoPlace, NotPossible, hold, move

State = BookingState

DAY_BEGINS, DAY_ENDS = time(8), time(20)
NIGHT_OFFERS_END = time(10)
WALK_INS_ONLY = timedelta(minutes=60)
LONGEST_OFFER, BEFORE_THE_SLOT = timedelta(hours=24), timedelta(hours=2)
SOON, SHORT_OFFER = timedelta(hours=4), timedelta(minutes=30)
MOVED_COUNTS_FOR = timedelta(days=60)
FIRST_PICK = timedelta(hours=48)
INTERPRETER_DAYS = 3


class OfferOver(NotPossible):
    """The offer ran out, or the place went to somebody else."""


def offer_end(moment: datetime, starts_at: datetime, longest: timedelta = LONGEST_OFFER) -> datetime:
    """Return until when a place is held for somebody to whom it is offered now (4.4, steps 5 and 6)."""
    if starts_at - moment < SOON:  # noqa: SIM108 (two rules, told apart)
        end = moment + SHORT_OFFER
    else:
        end = min(moment + longest, starts_at - BEFORE_THE_SLOT)
    here = clock.local(end)
    if here.time() >= DAY_ENDS or here.time() < DAY_BEGINS:
        morning = here.date() + timedelta(days=1) if here.time() >= DAY_ENDS else here.date()
        end = datetime.combine(morning, NIGHT_OFFERS_END, LONDON).astimezone(moment.tzinfo)
    return min(end, starts_at - WALK_INS_ONLY)


def line(session: Session, slot: Slot) -> list[Booking]:
    """Return who waits for a slot, the next one first: those who wait for it, then those who would take any time of
    its session."""
    return lines(session, [slot.dropin_id]).of(slot.id, slot.dropin_id)


@dataclass(frozen=True, slots=True)
class Lines:
    """Everybody who waits for some sessions, the next one first."""

    waiting: list[Booking]

    def of(self, slot_id: uuid.UUID, dropin_id: uuid.UUID) -> list[Booking]:
        """Return who waits for one slot."""
        return [one for one in self.waiting if one.dropin_id == dropin_id and (one.any_time or one.slot_id == slot_id)]

    def place_of(self, booking: Booking) -> int:
        """Return which number somebody is in the line they wait in (1 is the next one). Who else waits is nobody's business."""
        ids = [one.id for one in self.of(booking.slot_id, booking.dropin_id)]
        return ids.index(booking.id) + 1 if booking.id in ids else len(ids) + 1


def lines(session: Session, dropin_ids: Collection[uuid.UUID]) -> Lines:
    """Return who waits for each of some sessions, in one query (none when there is no session)."""
    if not dropin_ids:
        return Lines([])
    earlier = aliased(Booking)
    since = clock.now() - MOVED_COUNTS_FOR
    moved = exists().where(
        earlier.whose == Booking.whose, earlier.state == State.cancelled_by_service, earlier.changed_at >= since
    )
    found = session.execute(
        select(Booking, moved.label("moved"))
        .where(Booking.dropin_id.in_(dropin_ids), Booking.state == State.waiting)
        .execution_options(populate_existing=True)
    )
    # Whom the service moved picks first, also when they would take any time.
    ordered = sorted(
        found, key=lambda row: (row[0].any_time and not row[1], not row[1], row[0].waiting_since, row[0].id)
    )
    return Lines([booking for booking, _moved in ordered])


def place_in_line(session: Session, booking: Booking) -> int:
    """Return which number somebody is in the line they wait in."""
    return lines(session, [booking.dropin_id]).place_of(booking)


def interpreter_possible(dropin: DropIn, language: str | None, notice_ends: bool = False) -> bool:
    """Return whether somebody who needs an interpreter can have one at a session (or a member of staff who speaks
    the language)."""
    if not language or language in (dropin.languages or ()):
        return True
    if dropin.interpreter == "booked":
        return True
    return dropin.interpreter == "on_request" and not notice_ends


def notice_is_over(dropin: DropIn) -> bool:
    """Return whether it is too late to ask for an interpreter (three working days, handbook 7)."""
    return clock.local(dropin.starts_at).date() < working_days_after(clock.today(), INTERPRETER_DAYS)


def promote(session: Session, slot_id: uuid.UUID) -> list[Booking]:
    """Give the free places of a slot to those who wait, in order, and return whose turn it is.

    Less than an hour before its start a place that becomes free is one for walk-ins.
    """
    hold_slots(session, [slot_id])
    slot = session.scalars(select(Slot).where(Slot.id == slot_id).execution_options(populate_existing=True)).one()
    dropin = session.get_one(DropIn, slot.dropin_id)
    moment = clock.now()
    if dropin.state not in OPEN_STATES or moment >= slot.starts_at:
        return []
    if slot.starts_at - moment < WALK_INS_ONLY:
        _keep_for_walk_ins(session, slot)
        return []
    waiting = line(session, slot)
    hold_people(session, [one.whose for one in waiting])
    back = keeping_back(session, waiting, dropin)
    turned = []
    for booking in waiting:
        if back.why(booking, slot):
            continue
        try:
            _their_turn(session, booking, slot, moment)
        except NoPlace:
            break
        back.there.add(booking.whose)
        turned.append(booking)
    return turned


def _keep_for_walk_ins(session: Session, slot: Slot) -> None:
    free = slot.capacity - slot.taken
    if slot.held_for_walk_in < free:
        slot.held_for_walk_in = free
        session.flush()


@dataclass(frozen=True, slots=True)
class KeepingBack:
    """What keeps back those who wait for one session, read at once for all of them."""

    dropin: DropIn
    held: Mapping[uuid.UUID, list[Held]]
    apart: Mapping[uuid.UUID, set[uuid.UUID]]
    # Who has a place in the session by now.
    there: set[uuid.UUID]
    notice_over: bool

    def why(self, booking: Booking, slot: Slot) -> str | None:
        """Return why a place cannot go to somebody though it is their turn, as a code for staff; None when it can."""
        if any(one.id != booking.id and one.overlaps(slot) for one in self.held.get(booking.whose, ())):
            return "clash"
        if self.there & self.apart.get(booking.whose, set()):
            # Staff who set it know; nobody else is shown more than this.
            return "other"
        if not interpreter_possible(self.dropin, booking.interpreter_language, self.notice_over):
            return "interpreter"
        return None


def keeping_back(session: Session, waiting: Collection[Booking], dropin: DropIn) -> KeepingBack:
    """Return what keeps people of a line back, in a fixed number of queries."""
    people = {one.whose for one in waiting}
    there = select(Booking.whose).where(Booking.dropin_id == dropin.id, Booking.state.in_(ELSEWHERE))
    return KeepingBack(
        dropin,
        held_by_each(session, people) if people else {},
        apart_each(session, people, clock.local(dropin.starts_at).date()) if people else {},
        set(session.scalars(there)) if people else set(),
        notice_is_over(dropin),
    )


def _their_turn(session: Session, booking: Booking, slot: Slot, moment: datetime) -> None:
    if booking.auto_accept:
        move(session, booking, State.booked, SYSTEM, "promoted", slot_id=slot.id, any_time=False)
        signals.booking_changed.send(booking, session=session, what="promoted")
        return
    ends = offer_end(moment, slot.starts_at)
    move(session, booking, State.offered, SYSTEM, "promoted", slot_id=slot.id, offer_ends_at=ends)
    signals.booking_changed.send(booking, session=session, what="offered")


def accept_offer(session: Session, booking: Booking, who: By) -> Clash | None:
    """Take a place that is offered. Returns a Clash, and changes nothing, when the person is somewhere else by now.

    Raises OfferOver when the offer has ended: its place may be somebody else's.
    """
    hold(session, booking)
    if State(booking.state) is State.booked:
        return None
    ended = booking.offer_ends_at is None or clock.now() >= booking.offer_ends_at
    if State(booking.state) is not State.offered or ended:
        raise OfferOver(str(booking.id))
    hold_people(session, [booking.whose])
    other = clash_of(session, booking)
    if other is not None:
        return Clash(other)
    move(session, booking, State.booked, who, "offer-taken", offer_ends_at=None, any_time=False)
    return None


def end_offer(session: Session, booking: Booking) -> bool:
    """End an offer that ran out: the person goes to the end of the line once, and the place to the next. Returns
    False if it had not.

    The next in line is asked before the one who missed: they have just been asked.
    """
    hold(session, booking)
    moment = clock.now()
    if State(booking.state) is not State.offered or booking.offer_ends_at is None or moment < booking.offer_ends_at:
        return False
    again = booking.offers_missed == 0
    changes: dict[str, Any] = {"offers_missed": booking.offers_missed + 1, "offer_ends_at": None}
    if again:
        move(session, booking, State.waiting, SYSTEM, "offer-ran-out", waiting_since=moment, **changes)
    else:
        move(session, booking, State.lapsed, SYSTEM, "offer-ran-out", **changes)
    promote(session, booking.slot_id)
    signals.booking_changed.send(booking, session=session, what="offer-over")
    return True


def offers_that_ran_out(session: Session) -> list[uuid.UUID]:
    """Return the ids of offers whose time is over."""
    over = select(Booking.id).where(Booking.state == State.offered, Booking.offer_ends_at <= clock.now())
    return list(session.scalars(over.order_by(Booking.offer_ends_at)))


def lines_that_are_over(session: Session) -> list[uuid.UUID]:
    """Return the ids of bookings that still wait, or have an offer, though their slot (or session) has begun."""
    moment = clock.now()
    begun = (Slot.starts_at <= moment) & (Booking.any_time.is_(False) | (DropIn.ends_at <= moment))
    return list(
        session.scalars(
            select(Booking.id)
            .join(Slot, Slot.id == Booking.slot_id)
            .join(DropIn, DropIn.id == Booking.dropin_id)
            .where(Booking.state.in_((State.waiting, State.offered)), begun)
        )
    )


def lapse(session: Session, booking: Booking) -> None:
    """End a wait or an offer whose time has begun. It is not a 'did not attend'."""
    hold(session, booking)
    if State(booking.state) in (State.waiting, State.offered):
        move(session, booking, State.lapsed, SYSTEM, "begun", offer_ends_at=None)
        signals.booking_changed.send(booking, session=session, what="lapsed")
