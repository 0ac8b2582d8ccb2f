"""Telling the child what came of their meeting: some have no phone, and some asked that a person tells them or for a letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.core import audit, clock
from app.people.models import Person
from app.people.sessions import Actor
from app.pep.meeting import CannotBe, Room
from app.pep.models import Meeting
from app.pep.versions import NewerThere, keep
from app.voice.responses import feedback_pep


@dataclass(frozen=True, slots=True)
class Telling:
    """Whether the child has a phone or an e-mail address here, and who told them what stands on their page now."""

    has_address: bool
    told_by: Person | None
    told_at: datetime | None
    # How the meeting was for them is asked for a while: on their own page, or on paper.
    asks_how_it_was: bool


def telling_of(session: Session, room: Room) -> Telling:
    """Return what the organiser needs to know to tell the child. A page that was changed since is told again."""
    child, row = room.young_person, room.meeting
    told = row is not None and row.told_at is not None and (row.changed_at is None or row.changed_at <= row.told_at)
    return Telling(
        has_address=bool(child.email or child.mobile),
        told_by=session.get(Person, row.told_by_id) if row and told else None,
        told_at=row.told_at if row and told else None,
        asks_how_it_was=feedback_pep(session, child.id) == room.pep,
    )


def told(session: Session, actor: Actor, room: Room) -> None:
    """Write down that somebody told the child what is on their page, or gave it to them; twice is once.

    Raises CannotBe 'open' before the meeting is closed.
    """
    if not room.closed:
        raise CannotBe("open")
    if telling_of(session, room).told_at is not None:
        return
    key = {"pep_id": room.pep.id}
    values = {"told_at": clock.now(), "told_by_id": actor.person_id}
    try:
        keep(session, actor, Meeting, key, values, room.meeting.version if room.meeting else 0)
    except NewerThere as newer:
        keep(session, actor, Meeting, key, values, newer.row.version)
    audit.record(session, actor, "meeting.told", subject_id=room.young_person.id, thing_id=room.pep.id)
