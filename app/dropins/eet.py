"""What somebody does, from a day on: dated rows. A later row never overwrites an earlier one (handbook, dropins 5.5)."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.dropins import looks
from app.dropins.models import EetStatus, Visit
from app.dropins.visit_words import IN_EET, STATUSES
from app.people.sessions import Actor


def rows_of(session: Session, person_id: uuid.UUID) -> list[EetStatus]:
    """Return every row of a person, oldest first."""
    query = select(EetStatus).where(EetStatus.person_id == person_id)
    return list(session.scalars(query.order_by(EetStatus.from_on, EetStatus.recorded_at, EetStatus.id)))


def current(session: Session, person_id: uuid.UUID) -> EetStatus | None:
    """Return what is known of now: the row that nothing has closed."""
    return next((row for row in reversed(rows_of(session, person_id)) if row.to_on is None), None)


def record(
    session: Session,
    actor: Actor | None,
    person_id: uuid.UUID,
    status: str,
    *,
    from_on: date,
    source: str,
    confidence: str = "told_us",
) -> EetStatus:
    """Write down what somebody does from a day on, and return the row that says so.

    The same status again is the row that stands. Another closes the one before it on that day; a row that began on the same day
    or later is closed as a correction, and stays. Raises ValueError for an unknown status or a day to come.
    """
    if status not in STATUSES or from_on > clock.today():
        raise ValueError(status)
    before = current(session, person_id)
    if before is not None and before.status == status and before.from_on <= from_on:
        return before
    if before is not None:
        before.to_on = max(before.from_on, from_on)
        if from_on <= before.from_on:
            before.to_on, before.closed_why = before.from_on, "corrected"
    row = EetStatus(
        person_id=person_id,
        status=status,
        from_on=from_on,
        source=source,
        confidence=confidence,
        recorded_by_id=actor.person_id if actor else None,
        recorded_at=clock.now(),
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, "eet-status.recorded", subject_id=person_id, thing_id=row.id, detail=status)
    if before is not None and status in IN_EET:
        # What is known first was there before; only what follows something else has begun.
        looks.after_a_start(session, person_id, from_on)
    return row


def from_visit(session: Session, actor: Actor, visit: Visit, *, since: date | None = None) -> None:
    """Write down what somebody with a record did when they came (from ``since``, if they said), and what changed that day."""
    if visit.person_id is None or visit.cohort != "ours" or visit.eet_before in (None, "unknown"):
        return
    day = clock.local(visit.started_at).date()
    record(session, actor, visit.person_id, visit.eet_before, from_on=min(since or day, day), source="visit")
    if visit.eet_after:
        record(session, actor, visit.person_id, visit.eet_after, from_on=day, source="visit")
