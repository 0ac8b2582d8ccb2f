"""What a child's own page says of their meetings: the next one, moved or called off, and what there is after the last."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.people.models import Pep
from app.people.peps import is_open
from app.pep.meeting_signals import is_on
from app.pep.models import Meeting, MeetingDecision, SectionLine
from app.voice.responses import closed_lately


@dataclass(frozen=True, slots=True)
class OnMyPage:
    """``pep`` and ``meeting`` of the next one; ``closed`` is the last PEP with a page to read; ``feedback`` while asked."""

    pep: Pep | None
    meeting: Meeting | None
    is_today: bool
    closed: Pep | None
    feedback: bool


def on_my_page(session: Session, peps: Sequence[Pep], on: date) -> OnMyPage:
    """Return what stands on a child's page about their meetings on a day, from all their PEPs, newest first."""
    still_open = [pep for pep in peps if is_open(pep, on)]
    pep = min(still_open, key=lambda one: (one.meeting_on or date.max, one.term), default=None)
    over = closed_lately(peps)
    closed = max((one for one in peps if one.closed_at), key=lambda one: (one.closed_at, one.term), default=None)
    has_page = closed is not None and (closed == over or _is_answered(session, closed.id))
    return OnMyPage(
        pep=pep,
        meeting=session.get(Meeting, pep.id) if pep else None,
        is_today=pep is not None and is_on(pep, on),
        closed=closed if has_page else None,
        feedback=over is not None,
    )


def _is_answered(session: Session, pep_id: uuid.UUID) -> bool:
    found = select(exists().where(MeetingDecision.pep_id == pep_id) | exists().where(SectionLine.pep_id == pep_id))
    return bool(session.scalar(found))
