"""A worker's own young people: those they are connected to today, and nobody else. There is no search by name."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload
from werkzeug.exceptions import NotFound

from app.people.models import Card, Care, Connection, OneTimeLink, Pep, Person, Role, YoungPerson
from app.people.policy import RECORD_READERS, living_roles, require_connection
from app.people.sessions import Actor


@dataclass(frozen=True, slots=True)
class Row:
    """One young person in the list."""

    person_id: uuid.UUID
    name: str
    year_group: int | None
    meeting_on: date | None
    has_card: bool
    card_used: bool


@dataclass(frozen=True, slots=True)
class Around:
    """An adult around a young person today."""

    person_id: uuid.UUID
    name: str
    role: Role
    ends_on: date | None


def alive(on: date) -> ColumnElement[bool]:
    """Return the condition that a connection gives access on a day; on its last date it no longer does."""
    return (Connection.starts_on <= on) & (Connection.ends_on.is_(None) | (Connection.ends_on > on))


def young_people(session: Session, actor: Actor, on: date) -> list[Row]:
    """Return the young people ``actor`` is connected to on a day, soonest meeting first; one query whatever their number."""
    meeting = (
        select(func.min(Pep.meeting_on))
        .where(Pep.young_person_id == Person.id, Pep.meeting_on >= on, Pep.closed_at.is_(None))
        .correlate(Person)
        .scalar_subquery()
    )
    mine = select(Connection.young_person_id).where(
        Connection.adult_id == actor.person_id, alive(on), Connection.role.in_(RECORD_READERS)
    )
    rows = session.execute(
        select(Person.id, Person.name, YoungPerson.year_group, meeting, Card.id, Card.claimed_at)
        .join(YoungPerson, YoungPerson.person_id == Person.id)
        .outerjoin(Card, (Card.person_id == Person.id) & Card.revoked_at.is_(None))
        .where(Person.id.in_(mine), Person.ended_on.is_(None) | (Person.ended_on > on))
        .order_by(meeting.is_(None), meeting, Person.name, Person.id)
    )
    return [Row(r[0], r[1], r[2], r[3], r[4] is not None, r[5] is not None) for r in rows]


def theirs(
    session: Session, actor: Actor, young_person_id: uuid.UUID, on: date, roles: Collection[Role] = RECORD_READERS
) -> Person:
    """Return a young person the actor is connected to today in one of ``roles``. Raises NotFound for any other.

    Whatever goes beyond looking (``roles`` narrower than all readers) is not for the home and school of a care leaver.
    """
    living = require_connection(session, actor, young_person_id, on, roles)
    found = session.scalars(select(Person).options(joinedload(Person.young)).where(Person.id == young_person_id)).one()
    if frozenset(roles) != RECORD_READERS and not may_help(found, living):
        raise NotFound
    return found


def may_help(young: Person, living: Collection[Role]) -> bool:
    """Return whether somebody in these roles may still do something for a young person: at 18, home and school lose that
    by themselves (safeguarding, section 7)."""
    leaver = young.young is not None and young.young.care == Care.care_leaver
    return any(not (leaver and (role.at_home or role.at_school)) for role in living)


def roles(session: Session, actor: Actor, young_person_id: uuid.UUID, on: date) -> frozenset[Role]:
    """Return in which roles the actor is connected to a young person today."""
    return living_roles(session, actor.person_id, young_person_id, on)


def around(session: Session, young_person_id: uuid.UUID, on: date) -> list[Around]:
    """Return the adults connected to a young person today, by name."""
    rows = session.execute(
        select(Person.id, Person.name, Connection.role, Connection.ends_on)
        .join(Person, Person.id == Connection.adult_id)
        .where(
            Connection.young_person_id == young_person_id, alive(on), Person.ended_on.is_(None) | (Person.ended_on > on)
        )
        .order_by(Person.name, Connection.role)
    )
    return [Around(person_id, name, Role(role), ends_on) for person_id, name, role, ends_on in rows]


def waiting_link(session: Session, young_person_id: uuid.UUID, moment: datetime) -> OneTimeLink | None:
    """Return a one-time link that was made and not yet used, cancelled or too old."""
    return session.scalars(
        select(OneTimeLink)
        .where(
            OneTimeLink.person_id == young_person_id,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.cancelled_at.is_(None),
            OneTimeLink.reusable.is_(False),
            OneTimeLink.expires_at > moment,
        )
        .order_by(OneTimeLink.made_at.desc())
    ).first()
