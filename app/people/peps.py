"""Whose PEP is when."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.models import Pep


def peps_of(session: Session, young_person_id: uuid.UUID) -> list[Pep]:
    """Return every PEP of a young person, newest term first."""
    return list(
        session.scalars(select(Pep).where(Pep.young_person_id == young_person_id).order_by(Pep.term.desc(), Pep.id))
    )


def current_pep(session: Session, young_person_id: uuid.UUID, on: date) -> Pep | None:
    """Return the PEP a young person can speak into on a day: the next one still open, or None."""
    still_open = [pep for pep in peps_of(session, young_person_id) if is_open(pep, on)]
    return min(still_open, key=lambda pep: (pep.meeting_on or date.max, pep.term), default=None)


def is_open(pep: Pep, on: date) -> bool:
    """Return whether answers can still be sent: until the day of the meeting is over, or the PEP is closed."""
    return pep.closed_at is None and (pep.meeting_on is None or on <= pep.meeting_on)
