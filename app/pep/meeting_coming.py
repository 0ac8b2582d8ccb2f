"""Who is asked to a meeting and who comes, as far as the organiser knows; and guests without an account."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import audit
from app.core.db import new_id, stays
from app.people.audience import readers_today
from app.people.models import Person, Role
from app.people.sessions import Actor
from app.pep.meeting import CannotBe, Room
from app.pep.meeting_telling import THERE
from app.pep.models import Came, Coming, Expected, Guest
from app.pep.versions import NewerThere, keep

MOST_GUESTS, LONGEST_NAME, LONGEST_WHAT = 20, 40, 80


@dataclass(frozen=True, slots=True)
class Around:
    """One adult around the child, and what is known of their coming."""

    person_id: uuid.UUID
    name: str
    role: Role
    row: Expected | None


def expected(session: Session, room: Room, on: date) -> list[Around]:
    """Return every adult connected to the child today, with what is known of their coming."""
    rows = {row.person_id: row for row in session.scalars(select(Expected).where(Expected.pep_id == room.pep.id))}
    return [
        Around(one.person_id, one.name, one.role, rows.get(one.person_id))
        for one in readers_today(session, room.young_person.id, on)
    ]


def keep_expected(session: Session, actor: Actor, room: Room, form: Mapping[str, str], on: date) -> list[uuid.UUID]:
    """Keep who is asked and who comes; what was left open stays open. Returns those for whom somebody was quicker.

    Raises CannotBe when the meeting is over.
    """
    if room.over:
        raise CannotBe("closed")
    newer = []
    for one in expected(session, room, on):
        coming, seen = form.get(f"coming-{one.person_id}", ""), form.get(f"known-{one.person_id}", "0")
        if coming not in set(Coming):
            continue
        key = {"pep_id": room.pep.id, "person_id": one.person_id}
        try:
            keep(
                session,
                actor,
                Expected,
                key,
                {"coming": coming},
                int(seen) if seen.isdecimal() and len(seen) < 9 else 0,
            )
        except NewerThere:
            newer.append(one.person_id)
    audit.record(session, actor, "meeting.asked", subject_id=room.young_person.id, thing_id=room.pep.id)
    stays(session)  # also when somebody was quicker for one of them: the others are kept
    return newer


def guests(session: Session, pep_id: uuid.UUID) -> list[Guest]:
    """Return the guests that were recorded, in the order in which they were."""
    return list(session.scalars(select(Guest).where(Guest.pep_id == pep_id).order_by(Guest.id)))


def add_guest(session: Session, actor: Actor, room: Room, *, name: str, what: str, came: str) -> Guest:
    """Record somebody without an account: a first name, what they are to the child, and how they came. Raises CannotBe."""
    if room.closed:
        raise CannotBe("closed")
    name, what = name.strip()[:LONGEST_NAME], what.strip()[:LONGEST_WHAT]
    if not name or not what or came not in {Came.in_person, Came.online, Came.part}:
        raise CannotBe("guest")
    there = guests(session, room.pep.id)
    for one in there:
        if (one.name, one.what) == (name, what):
            return one  # pressed twice
    if len(there) >= MOST_GUESTS:
        raise CannotBe("guest")
    row = keep(
        session, actor, Guest, {"id": new_id()}, {"pep_id": room.pep.id, "name": name, "what": what, "came": came}, 0
    )
    audit.record(session, actor, "meeting.guest-added", subject_id=room.young_person.id, thing_id=row.id)
    return row


def remove_guest(session: Session, actor: Actor, room: Room, guest_id: uuid.UUID) -> None:
    """Take a guest off the list again: they were not there. Raises NotFound, CannotBe."""
    if room.closed:
        raise CannotBe("closed")
    row = session.get(Guest, guest_id)
    if row is None or row.pep_id != room.pep.id:
        raise NotFound
    session.delete(row)
    audit.record(session, actor, "meeting.guest-removed", subject_id=room.young_person.id, thing_id=guest_id)
    session.flush()


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is asked to a meeting, and whether they said that they come."""

    person_id: uuid.UUID
    name: str
    role: Role
    comes: bool


def known_to_come(session: Session, pep_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Known]]:
    """Return who is asked to each of these meetings, where the organiser has said so; a meeting that is missing is not known."""
    rows = session.execute(
        select(Expected.pep_id, Expected.person_id, Person.name, Person.role, Expected.coming)
        .join(Person, Person.id == Expected.person_id)
        .where(Expected.pep_id.in_(pep_ids))
        .order_by(Person.name, Person.id)
    )
    found: dict[uuid.UUID, list[Known]] = {}
    for pep_id, person_id, name, role, coming in rows:
        here = found.setdefault(pep_id, [])
        if coming in THERE:
            here.append(Known(person_id, name, Role(role), coming == Coming.yes))
    return found
