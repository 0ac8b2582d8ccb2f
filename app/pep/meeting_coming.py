"""Who is asked to a meeting and who comes, as the organiser and the people at home have said; and guests without an account."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import audit
from app.core.db import new_id, stays
from app.people.audience import ADULT_WORDS_SHARED, readers_today
from app.people.caseload import alive
from app.people.models import Connection, Pep, Person, Role
from app.people.sessions import Actor
from app.pep.meeting import CannotBe, Room
from app.pep.meeting_telling import THERE
from app.pep.models import Came, Coming, Expected, Guest
from app.pep.versions import NewerThere, keep
from app.voice.models import SentAnswer, State

MOST_GUESTS, LONGEST_NAME, LONGEST_WHAT = 20, 40, 80


# What people at home answer when they are asked whether they come (voice-questions, 6.9 and 6.10). 'Only at another time', and
# that a colleague comes, say nothing of who is there on the day: the organiser reads it.
_OWN_WORD = {
    "can": Coming.yes,
    "online": Coming.yes,
    "me": Coming.yes,
    "cannot": Coming.no,
    "nobody": Coming.no,
    "other-time": None,
    "colleague": None,
}


@dataclass(frozen=True, slots=True)
class OwnWord:
    """What somebody at home answered when they were asked whether they come: the option's code, and when."""

    code: str
    sent_at: datetime

    @property
    def coming(self) -> Coming | None:
        """What it says of their coming, None where the organiser has to read it."""
        return _OWN_WORD.get(self.code)


@dataclass(frozen=True, slots=True)
class Around:
    """One adult around the child, and what is known of their coming: what the organiser marked, and their own word."""

    person_id: uuid.UUID
    name: str
    role: Role
    row: Expected | None
    own: OwnWord | None

    @property
    def coming(self) -> str | None:
        """Whether they come, as far as anybody knows."""
        return newest(self.row.coming if self.row else None, self.row.at if self.row else None, self.own)


def newest(marked: str | None, at: datetime | None, own: OwnWord | None) -> str | None:
    """Return whether somebody comes: the newer of what the organiser marked and what they said themselves."""
    theirs_is_newer = own is not None and (at is None or own.sent_at > at)
    return own.coming or marked if own is not None and theirs_is_newer else marked


def own_words_on_coming(session: Session, pep_ids: Collection[uuid.UUID]) -> dict[tuple[uuid.UUID, uuid.UUID], OwnWord]:
    """Return what the people at home answered about coming, by PEP and person; only what stands sent and was shared."""
    rows = session.scalars(
        select(SentAnswer).where(
            SentAnswer.pep_id.in_(pep_ids),
            SentAnswer.question_id.in_(("car-meeting", "kw-meeting")),
            SentAnswer.share.in_(ADULT_WORDS_SHARED),
            SentAnswer.state == State.answered,
            SentAnswer.superseded_at.is_(None),
            SentAnswer.withdrawn_at.is_(None),
        )
    )
    found = {}
    for row in rows:
        code = next(iter(row.content["value"].get("codes", ())), "")
        if code in _OWN_WORD:
            found[row.pep_id, row.by_person_id] = OwnWord(code, row.sent_at)
    return found


def expected(session: Session, room: Room, on: date) -> list[Around]:
    """Return every adult connected to the child today, with what is known of their coming."""
    rows = {row.person_id: row for row in session.scalars(select(Expected).where(Expected.pep_id == room.pep.id))}
    own = own_words_on_coming(session, [room.pep.id])
    return [
        Around(one.person_id, one.name, one.role, rows.get(one.person_id), own.get((room.pep.id, one.person_id)))
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


def add_guest(session: Session, actor: Actor, room: Room, *, name: str, what: str, came: str, on: date) -> Guest:
    """Record somebody without an account: a first name, what they are to the child, and how they came. Raises CannotBe."""
    room.may_record(on)
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


def known_to_come(session: Session, pep_ids: Collection[uuid.UUID], on: date) -> dict[uuid.UUID, list[Known]]:
    """Return who is asked to each of these meetings, where the organiser has said so; a meeting that is missing is not known.

    Whoever is not connected any more on that day does not come; whoever said that they do is among them.
    """
    rows = session.execute(
        select(Pep.id, Person.id.label("person_id"), Person.name, Person.role, Expected.coming, Expected.at)
        .join(Connection, Connection.young_person_id == Pep.young_person_id)
        .join(Person, Person.id == Connection.adult_id)
        .outerjoin(Expected, (Expected.pep_id == Pep.id) & (Expected.person_id == Person.id))
        .where(Pep.id.in_(pep_ids), alive(on), Person.ended_on.is_(None) | (Person.ended_on > on))
        .order_by(Person.name, Person.id)
        .distinct()
    ).all()
    found: dict[uuid.UUID, list[Known]] = {row.id: [] for row in rows if row.coming}
    own = own_words_on_coming(session, found) if found else {}
    for row in rows:
        coming = newest(row.coming, row.at, own.get((row.id, row.person_id)))
        if row.id in found and coming in THERE:
            found[row.id].append(Known(row.person_id, row.name, Role(row.role), coming == Coming.yes))
    return found
