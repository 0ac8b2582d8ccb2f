"""What an adult needs first: the young people they are connected to today, the soonest meeting on top.

What has come in is counted from sent answers that this adult may read, never from drafts: an answer kept from them leaves no
trace here either. The number of queries does not depend on how many young people there are.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from app.core.audit import AuditEntry
from app.people.audience import Dial
from app.people.models import Care, Connection, Pep, Person, Role, YoungPerson
from app.people.peps import is_open
from app.people.policy import RECORD_READERS
from app.pep.record import NOT_IN_THE_RECORD
from app.voice.models import SentAnswer, own_words

# A meeting this near with nothing sent is the first thing to do.
SOON = timedelta(days=14)
READ = ("record.read", "record.printed")


@dataclass(frozen=True, slots=True)
class OnList:
    """One young person on an adult's list, with the PEP that comes next (or was last)."""

    person_id: uuid.UUID
    name: str
    year_group: int | None
    pep: Pep | None
    still_open: bool
    sent_at: datetime | None
    read_at: datetime | None

    @property
    def has_new_words(self) -> bool:
        """True when words came in since this adult last opened the record."""
        return self.sent_at is not None and (self.read_at is None or self.sent_at > self.read_at)

    def waits(self, on: date) -> bool:
        """Return whether the meeting is near and nothing has come in."""
        near = self.still_open and self.pep is not None and self.pep.meeting_on is not None
        return near and self.sent_at is None and self.pep.meeting_on <= on + SOON  # type: ignore[union-attr,operator]


@dataclass(frozen=True, slots=True)
class AtHome:
    """One young person as the carer sees them on their own page: the meeting, and 'sent' or 'not yet' where that is shown."""

    person_id: uuid.UUID
    name: str
    pep: Pep | None
    still_open: bool
    shows_sent: bool
    sent: bool


@dataclass(slots=True)
class _Known:
    name: str
    year_group: int | None
    care: str
    carer_sees_sent: bool
    roles: set[Role]


def worker_list(session: Session, adult_id: uuid.UUID, on: date) -> list[OnList]:
    """Return everybody this adult is connected to on a day, the soonest meeting first."""
    known = _connected(session, adult_id, on, RECORD_READERS)
    peps = _next_peps(session, adult_id, on)
    sent = _sent_to(session, adult_id, on, known)
    read = _read_by(session, adult_id, on)
    listed = []
    for person_id, one in known.items():
        pep = peps.get(person_id)
        pep_id = pep.id if pep else None
        listed.append(
            OnList(
                person_id=person_id,
                name=one.name,
                year_group=one.year_group,
                pep=pep,
                still_open=pep is not None and is_open(pep, on),
                sent_at=sent.get(pep_id) if pep_id else None,
                read_at=read.get(pep_id) if pep_id else None,
            )
        )
    return sorted(listed, key=_soonest)


def carer_list(session: Session, adult_id: uuid.UUID, on: date) -> list[AtHome]:
    """Return the young people whom a carer or key worker looks after on a day. It never says what was sent, or how much."""
    known = _connected(session, adult_id, on, (Role.carer, Role.key_worker))
    peps = _next_peps(session, adult_id, on)
    sent = set(
        session.scalars(
            select(SentAnswer.pep_id)
            .where(SentAnswer.young_person_id.in_(_mine(adult_id, on)), *_standing())
            .distinct()
        )
    )
    listed = []
    for person_id, one in known.items():
        pep = peps.get(person_id)
        shows = one.carer_sees_sent and one.care != Care.care_leaver
        open_now = pep is not None and is_open(pep, on)
        listed.append(AtHome(person_id, one.name, pep, open_now, shows, shows and pep is not None and pep.id in sent))
    return sorted(listed, key=_soonest)


def _soonest(one: OnList | AtHome) -> tuple[int, int, str, str]:
    """Open PEPs by date, those without a date after them, those whose meeting has been last and the newest of them first."""
    day = one.pep.meeting_on.toordinal() if one.pep and one.pep.meeting_on else 0
    place = 0 if one.still_open and day else 1 if one.still_open else 2
    return place, day if place == 0 else -day, one.name, str(one.person_id)


def _living(adult_id: uuid.UUID, on: date) -> ColumnElement[bool]:
    return and_(
        Connection.adult_id == adult_id,
        Connection.starts_on <= on,
        (Connection.ends_on.is_(None)) | (Connection.ends_on > on),
        Connection.role.in_(RECORD_READERS),
    )


def _mine(adult_id: uuid.UUID, on: date) -> Select[Any]:
    return select(Connection.young_person_id).where(_living(adult_id, on))


def _standing() -> tuple[ColumnElement[bool], ...]:
    return (
        own_words(),
        SentAnswer.superseded_at.is_(None),
        SentAnswer.withdrawn_at.is_(None),
        SentAnswer.section.not_in(NOT_IN_THE_RECORD),
    )


def _connected(session: Session, adult_id: uuid.UUID, on: date, roles: Collection[Role]) -> dict[uuid.UUID, _Known]:
    rows = session.execute(
        select(
            Person.id,
            Person.name,
            YoungPerson.year_group,
            YoungPerson.care,
            YoungPerson.carer_sees_sent,
            Connection.role,
        )
        .join(Connection, Connection.young_person_id == Person.id)
        .join(YoungPerson, YoungPerson.person_id == Person.id)
        .where(_living(adult_id, on), (Person.ended_on.is_(None)) | (Person.ended_on > on))
    )
    known: dict[uuid.UUID, _Known] = {}
    for person_id, name, year_group, care, sees, role in rows:
        known.setdefault(person_id, _Known(name, year_group, care, sees, set())).roles.add(Role(role))
    return {person_id: one for person_id, one in known.items() if one.roles & set(roles)}


def _next_peps(session: Session, adult_id: uuid.UUID, on: date) -> dict[uuid.UUID, Pep]:
    """Return for each young person the PEP they can speak into now, else their last one."""
    every: dict[uuid.UUID, list[Pep]] = {}
    for pep in session.scalars(select(Pep).where(Pep.young_person_id.in_(_mine(adult_id, on)))):
        every.setdefault(pep.young_person_id, []).append(pep)
    return {person_id: _next(peps, on) for person_id, peps in every.items()}


def _next(peps: Iterable[Pep], on: date) -> Pep:
    known = list(peps)
    still_open = [pep for pep in known if is_open(pep, on)]
    if still_open:
        return min(still_open, key=lambda pep: (pep.meeting_on or date.max, pep.term))
    return max(known, key=lambda pep: (pep.meeting_on or date.min, pep.term))


def _sent_to(
    session: Session, adult_id: uuid.UUID, on: date, known: dict[uuid.UUID, _Known]
) -> dict[uuid.UUID, datetime]:
    """Return for each open PEP when the newest answer came in that this adult may read."""
    rows = session.execute(
        select(
            SentAnswer.pep_id,
            SentAnswer.young_person_id,
            SentAnswer.share,
            SentAnswer.chosen,
            SentAnswer.question_id,
            SentAnswer.sent_at,
        )
        .join(Pep, Pep.id == SentAnswer.pep_id)
        .where(
            SentAnswer.young_person_id.in_(_mine(adult_id, on)),
            *_standing(),
            Pep.closed_at.is_(None),
            (Pep.meeting_on.is_(None)) | (Pep.meeting_on >= on),
        )
    )
    newest: dict[uuid.UUID, datetime] = {}
    for pep_id, person_id, share, chosen, question_id, sent_at in rows:
        one = known.get(person_id)
        if one is None or not Dial(share, tuple(chosen), question_id, one.care).allows(adult_id, one.roles):
            continue
        newest[pep_id] = max(newest.get(pep_id, sent_at), sent_at)
    return newest


def _read_by(session: Session, adult_id: uuid.UUID, on: date) -> dict[uuid.UUID, datetime]:
    """Return when this adult last opened each record, from the audit. The subject comes first: that is what is indexed."""
    rows = session.execute(
        select(AuditEntry.thing_id, func.max(AuditEntry.at))
        .where(
            AuditEntry.subject_id.in_(_mine(adult_id, on)),
            AuditEntry.actor_id == adult_id,
            AuditEntry.event.in_(READ),
        )
        .group_by(AuditEntry.thing_id)
    )
    return {thing_id: at for thing_id, at in rows if thing_id is not None}
