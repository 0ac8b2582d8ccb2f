"""Opening a closed meeting again, to put something right: by its organiser, with a reason, within five working days.

The child keeps their page all the while; it says that it is being changed, and then when it was.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.working_days import working_days_after
from app.people.sessions import Actor
from app.pep.meeting import CannotBe, Room
from app.pep.meeting_telling import tell_the_child
from app.pep.models import Meeting
from app.pep.versions import keep

DAYS = 5
LONGEST = 300


def may_be_reopened(room: Room, on: date) -> bool:
    """Return whether a meeting is closed, and so lately that it can be opened again."""
    closed = room.pep.closed_at
    return room.closed and closed is not None and on <= working_days_after(clock.local(closed).date(), DAYS)


def reopen(session: Session, actor: Actor, room: Room, *, why: str, seen: int, on: date) -> Meeting:
    """Open a closed meeting again. Raises CannotBe ('too-late', 'reason') or NewerThere."""
    if not may_be_reopened(room, on):
        raise CannotBe("too-late")
    reason = why.strip()[:LONGEST]
    if not reason:
        raise CannotBe("reason")
    values = {"reopened_at": clock.now(), "reopened_why": reason}
    row = keep(session, actor, Meeting, {"pep_id": room.pep.id}, values, seen)
    # The words stay sealed in the row; the audit says that there is a reason, and who gave it when.
    audit.record(session, actor, "meeting.reopened", subject_id=room.young_person.id, thing_id=room.pep.id)
    return row


def close_again(session: Session, actor: Actor, room: Room, meeting: Meeting) -> None:
    """Close a meeting that was opened again; the child is told that their page has changed. Raises NewerThere."""
    moment = clock.now()
    keep(
        session,
        actor,
        Meeting,
        {"pep_id": room.pep.id},
        {"reopened_at": None, "changed_at": moment},
        meeting.version,
    )
    audit.record(
        session, actor, "meeting.closed", subject_id=room.young_person.id, thing_id=room.pep.id, detail="again"
    )
    tell_the_child(session, room.young_person, room.pep, "meeting.closed", moment.isoformat())
