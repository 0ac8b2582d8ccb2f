"""Where a session is, and who may move it on: one change for each version, and what the clock does (handbook, dropins 3.1)."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.audit import Who
from app.core.working_days import working_days_after
from app.dropins import closing, signals  # noqa: F401 - closing listens to what is sent here
from app.dropins.models import Booking, DropIn, DropInStaff, SessionState, Slot
from app.people.models import Person, Role

# Staff record walk-ins from then on.
RUNS_BEFORE = timedelta(minutes=15)
# Working days after which a session closes by itself.
SETTLED_WITHIN = 5
# Who may be named as the adviser without whom a session is not published.
ADVISERS = frozenset({Role.virtual_school, Role.personal_adviser})
COMING = (SessionState.published, SessionState.running)


class Overtaken(RuntimeError):
    """Somebody else changed it first, or it is no longer in a state that allows this."""


def state_now(dropin: DropIn, now: datetime) -> SessionState:
    """Return where a session is at a moment, whether or not the clock's command has run since."""
    state = SessionState(dropin.state)
    if state in COMING:
        if now >= dropin.ends_at:
            return SessionState.done
        return SessionState.running if now >= dropin.starts_at - RUNS_BEFORE else SessionState.published
    return state


def has_adviser(session: Session, dropin_id: uuid.UUID) -> bool:
    """Return whether an adviser who still works here is named for a session."""
    today = clock.today()
    found = session.scalar(
        select(func.count())
        .select_from(DropInStaff)
        .join(Person, Person.id == DropInStaff.person_id)
        .where(
            DropInStaff.dropin_id == dropin_id,
            Person.role.in_(ADVISERS),
            Person.ended_on.is_(None) | (Person.ended_on > today),
        )
    )
    return bool(found)


def claim(
    session: Session, dropin: DropIn, seen_version: int | None, states: Collection[SessionState] = tuple(SessionState)
) -> None:
    """Take the right to change a session, once for each version. Raises Overtaken when somebody else has."""
    session.flush()
    seen = dropin.version if seen_version is None else seen_version
    done = session.connection().execute(
        update(DropIn)
        .where(DropIn.id == dropin.id, DropIn.version == seen, DropIn.state.in_(states))
        .values(version=DropIn.version + 1)
    )
    session.refresh(dropin, ["version", "state"])
    if done.rowcount != 1:
        raise Overtaken


def turn(session: Session, dropin: DropIn, states: Collection[SessionState], to: SessionState) -> None:
    """Move a session on from one of ``states``, once. Raises Overtaken when it is in none of them any more."""
    session.flush()
    done = session.connection().execute(
        update(DropIn)
        .where(DropIn.id == dropin.id, DropIn.state.in_(states))
        .values(state=to, version=DropIn.version + 1)
    )
    session.refresh(dropin, ["version", "state"])
    if done.rowcount != 1:
        raise Overtaken


@dataclass(frozen=True, slots=True)
class Ticked:
    """How many sessions the clock moved on."""

    running: int
    done: int
    closed: int
    unstaffed: int


def tick(session: Session, now: datetime) -> Ticked:
    """Move every session on to where it is at ``now``: running, done, closed after five working days (handbook 3.1).

    A published session whose advisers have all left goes back to draft while nobody is booked; else staff are shown it.
    """
    running = done = closed = unstaffed = 0
    coming = select(DropIn).where(DropIn.state.in_(COMING))
    for dropin in session.scalars(coming.where(DropIn.starts_at <= now + RUNS_BEFORE).order_by(DropIn.starts_at)):
        state = state_now(dropin, now)
        if state == SessionState.running and dropin.state != state:
            turn(session, dropin, (SessionState.published,), state)
            running += 1
        elif state == SessionState.done:
            turn(session, dropin, COMING, state)
            signals.dropin_done.send(dropin, session=session, actor=None, at=now)
            done += 1
    for dropin in session.scalars(select(DropIn).where(DropIn.state == SessionState.done, DropIn.ends_at <= now)):
        if clock.local(now).date() > working_days_after(clock.local(dropin.ends_at).date(), SETTLED_WITHIN):
            close(session, None, dropin, now)
            closed += 1
    for dropin in session.scalars(select(DropIn).where(DropIn.state == SessionState.published)):
        unstaffed += not has_adviser(session, dropin.id) and _back_to_draft(session, dropin)
    return Ticked(running, done, closed, unstaffed)


def close(session: Session, actor: Who | None, dropin: DropIn, now: datetime) -> None:
    """Close a session that is done. Raises Overtaken for any other."""
    turn(session, dropin, (SessionState.done,), SessionState.closed)
    audit.record(session, actor, "dropin.closed", thing_id=dropin.id)
    signals.dropin_closed.send(dropin, session=session, actor=actor, at=now)


def _back_to_draft(session: Session, dropin: DropIn) -> bool:
    if session.scalar(select(Booking.id).where(Booking.dropin_id == dropin.id).limit(1)):
        return False
    session.execute(delete(Slot).where(Slot.dropin_id == dropin.id))
    turn(session, dropin, (SessionState.published,), SessionState.draft)
    audit.record(session, None, "dropin.unpublished", thing_id=dropin.id)
    return True
