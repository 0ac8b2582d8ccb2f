"""Who was there: each adult who was asked, and the child, whose being there and whose voice are two different things.

The codes are those of the handbook (4.4), so that PEPs and reviews can be compared.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.db import stays
from app.people.audience import readers_today
from app.people.models import Person, Role
from app.people.sessions import Actor
from app.pep.meeting import Room
from app.pep.models import Attendance, Came, ChildsPart, ReasonNot, TookPart, VoiceBy
from app.pep.versions import NewerThere, keep


@dataclass(frozen=True, slots=True)
class Asked:
    """One adult on the list, and whether they came."""

    person_id: uuid.UUID
    name: str
    role: Role
    row: Attendance | None


class NewerAttendance(Exception):
    """Somebody else recorded something else about these people (None: the child) meanwhile; the rest was kept."""

    def __init__(self, who: list[uuid.UUID | None]) -> None:
        """Take whose attendance stands otherwise now."""
        super().__init__("Somebody else recorded something else.")
        self.who = who


def asked(session: Session, room: Room, on: date) -> list[Asked]:
    """Return every adult connected to the child today, and whoever was recorded and is not connected any more."""
    rows = {row.person_id: row for row in session.scalars(select(Attendance).where(Attendance.pep_id == room.pep.id))}
    found = [
        Asked(one.person_id, one.name, one.role, rows.pop(one.person_id, None))
        for one in readers_today(session, room.young_person.id, on)
    ]
    for row in rows.values():
        found.append(Asked(row.person_id, session.get_one(Person, row.person_id).name, Role(row.role), row))
    return found


def keep_attendance(session: Session, actor: Actor, room: Room, form: Mapping[str, str], on: date) -> None:
    """Keep who came, person by person; what was left open stays open.

    Raises CannotBe (above all before its day), or NewerAttendance after everything that did not clash has been kept.
    """
    room.may_record(on)
    newer: list[uuid.UUID | None] = []
    for one in asked(session, room, on):
        came = form.get(f"came-{one.person_id}", "")
        if came not in set(Came):
            continue
        key = {"pep_id": room.pep.id, "person_id": one.person_id}
        try:
            keep(
                session, actor, Attendance, key, {"came": came, "role": str(one.role)}, _seen(form, str(one.person_id))
            )
        except NewerThere:
            newer.append(one.person_id)
    try:
        _keep_childs_part(session, actor, room, form)
    except NewerThere:
        newer.append(None)
    audit.record(session, actor, "meeting.attendance", subject_id=room.young_person.id, thing_id=room.pep.id)
    if newer:
        stays(session)
        raise NewerAttendance(newer)


def _keep_childs_part(session: Session, actor: Actor, room: Room, form: Mapping[str, str]) -> None:
    took_part = _one_of(TookPart, form.get("took-part"))
    values = {
        "took_part": took_part,
        "voice_by": _one_of(VoiceBy, form.get("voice-by")),
        # Why they were not there is only a question when they were not.
        "reason_not": _one_of(ReasonNot, form.get("reason-not")) if took_part == TookPart.not_there else None,
    }
    if any(values.values()):
        keep(session, actor, ChildsPart, {"pep_id": room.pep.id}, values, _seen(form, "child"))


def _one_of(codes: type[TookPart] | type[VoiceBy] | type[ReasonNot], code: str | None) -> str | None:
    return code if code in set(codes) else None


def _seen(form: Mapping[str, str], who: str) -> int:
    seen = form.get(f"seen-{who}", "0")
    return int(seen) if seen.isdecimal() and len(seen) < 9 else 0
