"""Whose turn it is: the people who may read something, in the order in which it rises to them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.audience import Dial, Reader
from app.people.caseload import alive
from app.people.models import Care, Connection, Person, Role, YoungPerson
from app.people.policy import RECORD_READERS
from app.wishes import clock_rules

# The teacher first, then who plans the care or the way out of it, then the Virtual School.
RUNGS = (
    frozenset({Role.designated_teacher}),
    frozenset({Role.social_worker, Role.personal_adviser}),
    frozenset({Role.virtual_school}),
)
ON_THE_LADDER = frozenset(role for rung in RUNGS for role in rung)
# A wish whose owner left goes straight back to the teacher and the Virtual School.
AFTER_AN_OWNER_LEFT = (RUNGS[0] | RUNGS[2],)


def dial_of(wish: Any, care: str) -> Dial:
    """Return who may read a wish: as its young person chose for the answer it came from, or for the wish itself.

    ``wish`` may be a row with the columns that decide it.
    """
    return Dial(wish.share, tuple(wish.chosen), wish.question_id or "", care)


def readers_of(session: Session, young_person_ids: Collection[uuid.UUID], on: date) -> dict[uuid.UUID, list[Reader]]:
    """Return the adults around each of these young people on a day, in one query whatever their number."""
    rows = session.execute(
        select(Connection.young_person_id, Person.id, Person.name, Connection.role)
        .join(Person, Person.id == Connection.adult_id)
        .where(
            Connection.young_person_id.in_(young_person_ids),
            Connection.role.in_(RECORD_READERS),
            alive(on),
            Person.ended_on.is_(None) | (Person.ended_on > on),
        )
        .order_by(Person.name, Person.id)
    )
    found: dict[uuid.UUID, dict[uuid.UUID, tuple[str, set[Role]]]] = {one: {} for one in young_person_ids}
    for young_id, person_id, name, role in rows:
        found[young_id].setdefault(person_id, (name, set()))[1].add(Role(role))
    return {
        young_id: [Reader(person_id, name, frozenset(roles)) for person_id, (name, roles) in people.items()]
        for young_id, people in found.items()
    }


def care_of_all(session: Session, young_person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return for each of these young people whether they are in care or a care leaver."""
    rows = session.execute(
        select(YoungPerson.person_id, YoungPerson.care).where(YoungPerson.person_id.in_(young_person_ids))
    )
    return dict.fromkeys(young_person_ids, str(Care.in_care)) | {row.person_id: row.care for row in rows}


def ladder(
    people: Iterable[Reader], dials: Sequence[Dial], rungs: Sequence[frozenset[Role]] = RUNGS
) -> list[list[Reader]]:
    """Return the rungs that somebody stands on, each with those of ``people`` who may read what one of ``dials`` is about."""
    allowed = [one for one in people if any(dial.allows(one.person_id, one.roles) for dial in dials)]
    found = [[one for one in allowed if one.roles & rung] for rung in rungs]
    return [rung for rung in found if rung]


def turn_of(rungs: Sequence[Sequence[Reader]], came_at: datetime, now: datetime) -> list[Reader]:
    """Return everybody whose turn it is by now: the first rung, and each it has risen to."""
    return [one for rung in clock_rules.in_turn(rungs, came_at, now) for one in rung]
