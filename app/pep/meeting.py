"""The meeting of a PEP: who may run it, when and where it is, moved or called off.

The designated teacher sets the date and invites (handbook 4.2); the social worker, a care leaver's adviser and the Virtual School
may run one in their place. Everybody else reads the record.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import audit, clock
from app.people.models import Pep, Person, Role, YoungPerson
from app.people.policy import ORGANISERS, require_connection
from app.people.sessions import Actor
from app.pep.meeting_telling import tell_the_adults, tell_the_child
from app.pep.models import Meeting
from app.pep.versions import keep

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


class CannotBe(ValueError):
    """Something about the meeting that cannot be; the message says which field, as a code."""


@dataclass(frozen=True, slots=True)
class Room:
    """A meeting as one organiser may work with it."""

    pep: Pep
    young_person: Person
    facts: YoungPerson
    roles: frozenset[Role]
    meeting: Meeting | None

    @property
    def closed(self) -> bool:
        """True when the meeting is closed and not opened again: then it is only read."""
        return self.over and not self.reopened

    @property
    def over(self) -> bool:
        """True when the meeting was closed, whether or not it is open again to put something right: its day is in the past."""
        return self.pep.closed_at is not None

    @property
    def reopened(self) -> bool:
        """True while a closed meeting is open again."""
        return self.meeting is not None and self.meeting.reopened_at is not None

    def has_been(self, on: date) -> bool:
        """Return whether its day has come."""
        return self.over or (self.pep.meeting_on is not None and self.pep.meeting_on <= on)

    def may_record(self, on: date) -> None:
        """Who was there is written down from its day on, until it is closed. Raises CannotBe."""
        if self.closed:
            raise CannotBe("closed")
        if not self.has_been(on):
            raise CannotBe("not-yet")


def open_room(session: Session, actor: Actor, pep_id: uuid.UUID, on: date) -> Room:
    """Return the meeting for an adult who may run it. Raises NotFound when they are not connected as one who may."""
    pep = session.get(Pep, pep_id)
    if pep is None:
        raise NotFound
    roles = require_connection(session, actor, pep.young_person_id, on, ORGANISERS)
    facts = session.scalars(select(YoungPerson).where(YoungPerson.person_id == pep.young_person_id)).one()
    person = session.get_one(Person, pep.young_person_id)
    return Room(pep, person, facts, _all_roles(session, actor, pep, on) or roles, session.get(Meeting, pep_id))


def _all_roles(session: Session, actor: Actor, pep: Pep, on: date) -> frozenset[Role]:
    """An adult with two roles reads by the stricter one, so every role counts, not only that of the organiser."""
    return require_connection(session, actor, pep.young_person_id, on)


def change_day(
    session: Session, actor: Actor, room: Room, *, day: date, starts_at: str, place: str, seen: int, on: date
) -> Meeting:
    """Set or move the day, the time and the place; the child and the adults are told. Raises CannotBe or NewerThere."""
    if room.over:
        raise CannotBe("closed")
    if day < on:
        raise CannotBe("day")
    before, was = room.pep.meeting_on, room.meeting
    moved = before is not None and before != day
    again = was is not None and was.called_off_at is not None
    values: dict[str, Any] = {
        "starts_at": clock_time(starts_at),
        "place": place.strip()[:200] or None,
        "called_off_at": None,
    }
    if moved:
        values |= {"moved_from": before, "moved_at": clock.now()}
    elif again and was is not None and was.moved_from == day:
        values |= {"moved_from": None, "moved_at": None}
    known = before is not None or again
    elsewhere = known and was is not None and (was.starts_at, was.place) != (values["starts_at"], values["place"])
    if elsewhere:
        values["moved_at"] = clock.now()
    meeting = keep(session, actor, Meeting, {"pep_id": room.pep.id}, values, seen)
    once = f"{day.isoformat()}:{meeting.version}"
    if before != day or elsewhere:
        room.pep.meeting_on = day
        tell_the_child(session, room.young_person, room.pep, "meeting.moved", once)
    if moved or again or elsewhere:
        tell_the_adults(session, actor, room.pep, room.facts, on, "meeting_moved", once)
    event = "meeting.moved" if moved else "meeting.planned"
    audit.record(session, actor, event, subject_id=room.young_person.id, thing_id=room.pep.id, detail=day.isoformat())
    return meeting


def call_off(session: Session, actor: Actor, room: Room, seen: int, on: date) -> Meeting:
    """Call the meeting off: it has no day until somebody sets a new one; the child and the adults are told.

    Raises NewerThere, CannotBe.
    """
    if room.over:
        raise CannotBe("closed")
    moment = clock.now()
    # The day it was on stays known: calendars take it out, and a new day is told beside the old one.
    values = {"called_off_at": moment, "moved_from": room.pep.meeting_on, "moved_at": None}
    meeting = keep(session, actor, Meeting, {"pep_id": room.pep.id}, values, seen)
    room.pep.meeting_on = None
    audit.record(session, actor, "meeting.called-off", subject_id=room.young_person.id, thing_id=room.pep.id)
    tell_the_child(session, room.young_person, room.pep, "meeting.called-off", moment.isoformat())
    tell_the_adults(session, actor, room.pep, room.facts, on, "meeting_called_off", moment.isoformat())
    return meeting


def clock_time(said: str) -> str | None:
    """Return a time as '14:30', None for none. Raises CannotBe for anything else."""
    if not said.strip():
        return None
    match = _CLOCK.fullmatch(said.strip())
    if match is None:
        raise CannotBe("time")
    return f"{int(match[1]):02d}:{match[2]}"
