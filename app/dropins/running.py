"""Running a session from a phone in a hall with a bad signal: who is here, who came too late, who left, who walked in.

Every tap carries a key that the page made, so that the same tap sent again is one record. The time is always the server's: a
device's clock is not trusted (handbook, dropins 12.36). What went wrong can be put right within five working days, with a reason.
Who walks in without a booking: ``app.dropins.walking_in``.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session
from werkzeug.exceptions import NotFound

from app.core import audit, clock, places
from app.core.db import insert_if_absent, new_id
from app.core.working_days import working_days_after
from app.dropins import booking_telling, room
from app.dropins.models import Arrival, Booking, BookingState, DropIn, SessionState, Slot, Visit
from app.dropins.moves import NotPossible, by, hold, move, sent_before
from app.dropins.visits import minutes_band
from app.people.sessions import Actor

# A session runs from a quarter of an hour before its start (handbook 3.1).
RUNS_BEFORE = timedelta(minutes=15)
# 'Did not attend' may be said from a quarter of an hour after a slot began (3.2). For the EET team to settle (13).
GRACE = timedelta(minutes=15)
LATE_AFTER = timedelta(minutes=10)
CORRECTED_WITHIN = 5
# Why something is put right or added afterwards. Codes, never words.
REASONS = ("wrong_person", "wrong_button", "came_after_all", "no_signal", "paper_list", "other")


class NotNow(ValueError):
    """This cannot be done with it now; ``why`` is a code: too-soon, not-running, settled, too-long-ago, reason, changed."""

    def __init__(self, why: str) -> None:
        """Take the reason's code."""
        super().__init__(why)
        self.why = why


def session_of(session: Session, dropin_id: uuid.UUID) -> DropIn:
    """Return a session that takes or took place. Raises NotFound for none, a draft, or one that was cancelled."""
    dropin = session.get(DropIn, dropin_id)
    if dropin is None or dropin.state in (SessionState.draft, SessionState.cancelled):
        raise NotFound
    return dropin


def booking_of(session: Session, booking_id: uuid.UUID) -> tuple[Booking, DropIn, Slot]:
    """Return a booking with its session and slot. Raises NotFound."""
    booking = session.get(Booking, booking_id)
    if booking is None:
        raise NotFound
    return booking, session_of(session, booking.dropin_id), session.get_one(Slot, booking.slot_id)


def require_running(dropin: DropIn, *, for_days: int = CORRECTED_WITHIN) -> None:
    """Raise NotNow before a session begins to run, and when it has been over for more than so many working days."""
    if clock.now() < dropin.starts_at - RUNS_BEFORE:
        raise NotNow("not-running")
    if clock.today() > working_days_after(clock.local(dropin.ends_at).date(), for_days):
        raise NotNow("too-long-ago")


# -- taps on a booking ------------------------------------------------------------------------------------------------


def _held(session: Session, booking_id: uuid.UUID) -> tuple[Booking, DropIn, Slot]:
    """Return a booking as it is now, with its session and slot, held: the same tap sent twice at once is looked at in turn."""
    booking, dropin, _slot = booking_of(session, booking_id)
    try:
        return booking, dropin, hold(session, booking)
    except NotPossible as refused:
        raise NotNow("changed") from refused


def arrive(
    session: Session, actor: Actor, booking_id: uuid.UUID, *, key: str, shows_name: bool = False
) -> Arrival | None:
    """Somebody who is booked is here. Returns how they stand in the room; None when they are already with an adviser."""
    booking, dropin, slot = _held(session, booking_id)
    require_running(dropin)
    if booking.state not in (BookingState.booked, BookingState.arrived):
        if booking.state == BookingState.attended or sent_before(session, key):
            return None
        raise NotNow("settled")
    late = clock.now() > slot.starts_at + LATE_AFTER
    if booking.state == BookingState.booked and not _move(
        session, actor, booking, BookingState.arrived, key, "late" if late else None
    ):
        # That they are here was taken back since.
        return None
    return room.enter(
        session,
        dropin,
        booking.whose,
        key=f"booking:{booking.id}",
        booking_id=booking.id,
        late=late,
        shows_name=shows_name,
    )


def running_late(session: Session, actor: Actor, booking_id: uuid.UUID, *, key: str) -> None:
    """Somebody said that they come later. It is only written down; the place stays theirs."""
    booking, dropin, _slot = _held(session, booking_id)
    require_running(dropin)
    if booking.state == BookingState.booked:
        _move(session, actor, booking, BookingState.booked, key, "running-late")


def attend(session: Session, actor: Actor, booking_id: uuid.UUID, *, key: str, reason: str | None = None) -> Visit:
    """An adviser is with somebody who was booked: their visit. The same booking is one visit, however often it is sent.

    From 'did not attend' it is a correction and needs a reason.
    """
    booking, dropin, _slot = _held(session, booking_id)
    require_running(dropin)
    standing = session.scalars(
        select(Visit).where(Visit.booking_id == booking.id).execution_options(populate_existing=True)
    ).first()
    if standing is not None and standing.undone_at is None:
        return standing
    if booking.state not in (BookingState.booked, BookingState.arrived, BookingState.did_not_attend):
        raise NotNow("settled")
    corrects = booking.state == BookingState.did_not_attend
    if corrects and reason not in REASONS:
        raise NotNow("reason")
    if not _move(session, actor, booking, BookingState.attended, key, reason if corrects else None):
        # This tap began a visit that was taken back since.
        raise NotNow("changed")
    if corrects:
        booking_telling.not_missed(session, booking)
    if standing is not None:
        standing.undone_at, standing.version = None, standing.version + 1
        session.flush()
        return standing
    values = visit_values(actor, dropin, booking.whose, f"booking:{booking.id}")
    values |= {
        "booking_id": booking.id,
        "person_id": booking.person_id,
        "new_face_id": booking.new_face_id,
        "language_used": booking.language,
        "purposes": booking.purposes[:3],
    }
    return begin_visit(session, actor, values)[0]


def miss(session: Session, actor: Actor, booking_id: uuid.UUID, *, key: str) -> None:
    """Somebody did not come. Only from a quarter of an hour after their slot began, by the server's clock."""
    booking, dropin, slot = _held(session, booking_id)
    require_running(dropin)
    if booking.state == BookingState.did_not_attend or sent_before(session, key):
        return
    if booking.state != BookingState.booked:
        raise NotNow("settled")
    if clock.now() < slot.starts_at + GRACE:
        raise NotNow("too-soon")
    if _move(session, actor, booking, BookingState.did_not_attend, key, None):
        booking_telling.missed(session, booking)


def leave(session: Session, actor: Actor, arrival_id: uuid.UUID, *, key: str) -> None:
    """Somebody left. Who had not been seen yet has no visit; that is no 'did not attend' either."""
    arrival = session.get(Arrival, arrival_id)
    if arrival is None or arrival.undone_at is not None:
        raise NotFound
    booking = _held(session, arrival.booking_id)[0] if arrival.booking_id else None
    left_at = clock.now()
    if not _first(session, arrival, Arrival.left_at, left_at):
        return
    visit = room.visit_of(session, arrival)
    if visit is not None and visit.left_at is None:
        visit.left_at = left_at
        visit.minutes_band = visit.minutes_band or minutes_band((left_at - visit.started_at).total_seconds() / 60)
    if booking is not None and booking.state == BookingState.arrived:
        _move(session, actor, booking, BookingState.cancelled, key, "left-before", late=True)
    session.flush()
    audit.record(session, actor, "drop-in.left", subject_id=arrival.whose, thing_id=arrival.dropin_id)


def undo(session: Session, actor: Actor, booking_id: uuid.UUID, *, key: str, reason: str) -> None:
    """Put a booking back to 'booked': the wrong person, the wrong button. A visit made by it is kept and counts nowhere.

    Whose place went to somebody who walked in counts as seen or missed, not as booked again (NotNow 'changed').
    """
    booking, dropin, _slot = _held(session, booking_id)
    if sent_before(session, key):
        return
    require_running(dropin)
    if reason not in REASONS:
        raise NotNow("reason")
    if booking.state not in (BookingState.arrived, BookingState.attended, BookingState.did_not_attend):
        raise NotNow("settled")
    if not _move(session, actor, booking, BookingState.booked, key, reason):
        return
    booking_telling.not_missed(session, booking)
    visit = session.scalars(select(Visit).where(Visit.booking_id == booking.id)).first()
    if visit is not None:
        _take_back(session, visit)
    session.execute(update(Arrival).where(Arrival.booking_id == booking.id).values(undone_at=clock.now()))
    session.flush()


def undo_visit(session: Session, actor: Actor, visit: Visit, *, key: str, reason: str) -> None:
    """Take a visit back that was recorded by mistake. One of a booking goes the booking's way."""
    if visit.undone_at is not None:
        return
    if visit.booking_id is not None:
        undo(session, actor, visit.booking_id, key=key, reason=reason)
        return
    require_running(session_of(session, visit.dropin_id))
    if reason not in REASONS:
        raise NotNow("reason")
    if not _take_back(session, visit):
        return
    arrival = session.scalars(select(Arrival).where(Arrival.visit_id == visit.id)).first()
    if arrival is not None and _first(session, arrival, Arrival.undone_at, clock.now()) and arrival.slot_id is not None:
        places.give_back(session, Slot, arrival.slot_id)
    audit.record(session, actor, "visit.undone", subject_id=visit.person_id, thing_id=visit.id, detail=reason)


def _take_back(session: Session, visit: Visit) -> bool:
    """Take a visit back. Returns False when somebody has."""
    if not _first(session, visit, Visit.undone_at, clock.now()):
        return False
    visit.version += 1
    session.flush()
    return True


def _first(
    session: Session, row: Arrival | Visit, column: InstrumentedAttribute[datetime | None], at: datetime
) -> bool:
    """Write a moment into an empty column of a row, once. Returns False when somebody was first, however close."""
    session.flush()
    table = cast(Table, type(row).__table__)
    empty = update(table).where(table.c.id == row.id, table.c[column.key].is_(None)).values({column.key: at})
    fresh = session.connection().execute(empty).rowcount == 1
    session.refresh(row)
    return fresh


def _move(
    session: Session, actor: Actor, booking: Booking, to: BookingState, key: str, why: str | None, **changes: Any
) -> bool:
    """Move a booking, once for one key. False: that tap did it already. Raises NotNow when somebody else was quicker."""
    try:
        fresh = move(session, booking, to, by(actor, booking.whose), why, key=key, **changes)
    except NotPossible as refused:
        raise NotNow("changed") from refused
    if fresh:
        audit.record(
            session, actor, "booking.moved", subject_id=booking.person_id, thing_id=booking.id, detail=why or to
        )
    return fresh


def visit_values(actor: Actor, dropin: DropIn, whose: uuid.UUID, key: str) -> dict[str, Any]:
    """Return a new visit's columns, as they are before anything is written down about it."""
    moment = clock.now()
    return {
        "id": new_id(),
        "key": key,
        "dropin_id": dropin.id,
        "whose": whose,
        "was_walk_in": False,
        "cohort": "ours",
        "mode": dropin.mode,
        # Written down later, it still took place while the session did.
        "started_at": min(max(moment, dropin.starts_at - RUNS_BEFORE), dropin.ends_at),
        "staff_id": actor.person_id,
        "with_whom": [],
        "language_used": "en-GB",
        "purposes": [],
        "advice": [],
        "safeguarding_flag": False,
        "recorded_at": moment,
        "version": 1,
    }


def begin_visit(
    session: Session, actor: Actor, values: dict[str, Any], detail: str | None = None
) -> tuple[Visit, bool]:
    """Write a visit down, once for one key. Returns it, and whether it was not there yet."""
    fresh = insert_if_absent(session, Visit, values)
    if fresh:
        audit.record(
            session, actor, "visit.began", subject_id=values.get("person_id"), thing_id=values["id"], detail=detail
        )
    return session.scalars(select(Visit).where(Visit.key == values["key"])).one(), fresh
