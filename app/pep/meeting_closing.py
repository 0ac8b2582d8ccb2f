"""Closing the meeting: from then on the child has their PEP on a page."""

from __future__ import annotations

from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.settings import settings
from app.people.models import Pep
from app.people.sessions import Actor
from app.pep.meeting import CannotBe, Room
from app.pep.meeting_decisions import desk
from app.pep.meeting_reopening import close_again
from app.pep.meeting_signals import forget
from app.pep.meeting_telling import tell_the_child


def close(session: Session, actor: Actor, room: Room, on: date, language: str) -> None:
    """Close the meeting: the page for the child is there from now on, and the silent card is forgotten.

    Raises CannotBe: 'closed' when it is already, 'too-soon' before its day, 'lines' while a section with the child's voice that
    this organiser reads has no answer (handbook, voice-questions 7; an authority can set that they are only told).
    """
    if room.closed:
        raise CannotBe("closed")
    if not room.has_been(on):
        raise CannotBe("too-soon")
    if room.reopened and room.meeting is not None:
        close_again(session, actor, room, room.meeting)
        return
    if settings().close_without_lines == "block" and desk(session, actor, room, on, language).without_line:
        raise CannotBe("lines")
    moment = clock.now()
    done = session.execute(update(Pep).where(Pep.id == room.pep.id, Pep.closed_at.is_(None)).values(closed_at=moment))
    if not done.rowcount:  # type: ignore[attr-defined]
        raise CannotBe("closed")
    forget(session, room.pep.id)
    audit.record(session, actor, "meeting.closed", subject_id=room.young_person.id, thing_id=room.pep.id)
    tell_the_child(session, room.young_person, room.pep, "meeting.closed", "page")
