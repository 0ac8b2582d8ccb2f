"""Meetings that were held: rows as the organiser's pages would have left them, on the day of the meeting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import new_id
from app.people.models import Pep, Person
from app.pep.models import (
    Attendance,
    Came,
    ChildsPart,
    Line,
    Meeting,
    MeetingDecision,
    Met,
    PreferenceMet,
    SectionLine,
    TookPart,
    VoiceBy,
)
from app.voice.models import SentAnswer

_CLOSED_AT = time(16, 10)
_LANGUAGE = "en-GB"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MetWords(_Strict):
    """What became of one wish for the meeting."""

    met: Met
    why: str | None = None


class Decided(_Strict):
    """One decision; ``due`` counts days from the meeting."""

    words: str
    owner: str
    due: int
    beside: str | None = None


class LineWords(_Strict):
    """The answer to one section."""

    kind: Line
    words: str


class Held(_Strict):
    """One meeting as ``meetings.yaml`` tells it."""

    term: Literal[-2, -1]
    organiser: str
    starts_at: str
    place: str
    took_part: TookPart
    voice_by: VoiceBy
    came: dict[str, Came]
    met: dict[str, MetWords]
    decisions: list[Decided]
    lines: dict[str, LineWords]


def hold(session: Session, pep: Pep, held: Held, adults: Mapping[str, Person]) -> None:
    """Write one meeting that was held and closed on its day. Raises LookupError for an adult or an answer that is not there."""
    if pep.meeting_on is None:
        raise LookupError("a meeting that was held has a day")
    at = datetime.combine(pep.meeting_on, _CLOSED_AT, tzinfo=clock.LONDON)
    by = {"by_id": adults[held.organiser].id, "at": at}
    answers = {
        row.question_id: row
        for row in session.scalars(
            select(SentAnswer).where(
                SentAnswer.pep_id == pep.id, SentAnswer.superseded_at.is_(None), SentAnswer.withdrawn_at.is_(None)
            )
        )
    }
    session.add(Meeting(pep_id=pep.id, starts_at=held.starts_at, place=held.place, **by))
    session.add(ChildsPart(pep_id=pep.id, took_part=held.took_part, voice_by=held.voice_by, **by))
    for key, came in held.came.items():
        adult = adults[key]
        session.add(Attendance(pep_id=pep.id, person_id=adult.id, role=adult.role, came=came, **by))
    said = {"pep_id": pep.id, "language": _LANGUAGE, **by}
    for question_id, met in held.met.items():
        answer_id = answers[question_id].id
        session.add(PreferenceMet(question_id=question_id, sent_answer_id=answer_id, met=met.met, why=met.why, **said))
    for one in held.decisions:
        beside = answers[one.beside].id if one.beside else None
        due_on = pep.meeting_on + timedelta(days=one.due)
        session.add(
            MeetingDecision(
                id=new_id(),
                words=one.words,
                sent_answer_id=beside,
                owner_id=adults[one.owner].id,
                due_on=due_on,
                **said,
            )
        )
    for section, line in held.lines.items():
        session.add(SectionLine(section=section, kind=line.kind, words=line.words, **said))
    pep.closed_at = at
    session.add(_closed(pep, adults[held.organiser], at))
    session.flush()


def _closed(pep: Pep, organiser: Person, at: datetime) -> AuditEntry:
    return AuditEntry(
        at=at,
        event="meeting.closed",
        actor_id=organiser.id,
        actor_role=organiser.role,
        subject_id=pep.young_person_id,
        thing_id=pep.id,
    )
