"""Two young people who must not meet: set by the EET team alone, and never told to anybody else (handbook 8).

What is written down of it names the pair and nobody's record: on their own page a young person reads who looked at what is held
about them, and this is not for them to find there.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased
from werkzeug.exceptions import NotFound

from app.core import audit, clock
from app.dropins.held import ELSEWHERE
from app.dropins.models import Booking, DropIn, KeepApart
from app.people.models import Person
from app.people.sessions import Actor

# For how long a pair stands. Which is usual is for the council's safeguarding lead to say.
MONTHS = (3, 6, 12)
_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair as the team sees it from one of the two: the other one, until when, and where both have a place already."""

    row: KeepApart
    other: Person
    both_at: list[datetime]


def pairs_of(session: Session, actor: Actor, person_id: uuid.UUID) -> list[Pair]:
    """Return whom somebody must not meet from today on. Reading it is written down."""
    rows = session.scalars(
        select(KeepApart)
        .where(or_(KeepApart.one_id == person_id, KeepApart.other_id == person_id), _stands(clock.today()))
        .order_by(KeepApart.at)
    ).all()
    audit.record(session, actor, "keep-apart.read", thing_id=person_id)
    found = []
    for row in rows:
        other_id = row.other_id if row.one_id == person_id else row.one_id
        found.append(Pair(row, session.get_one(Person, other_id), _both_at(session, person_id, other_id)))
    return found


def _stands(day: date) -> ColumnElement[bool]:
    return KeepApart.ends_on.is_(None) | (KeepApart.ends_on > day)


def _both_at(session: Session, one_id: uuid.UUID, other_id: uuid.UUID) -> list[datetime]:
    one, other = aliased(Booking), aliased(Booking)
    coming = (
        select(DropIn.starts_at)
        .join(one, one.dropin_id == DropIn.id)
        .join(other, other.dropin_id == DropIn.id)
        .where(one.whose == one_id, one.state.in_(ELSEWHERE), other.whose == other_id, other.state.in_(ELSEWHERE))
        .where(DropIn.ends_at > clock.now())
        .order_by(DropIn.starts_at)
    )
    return list(session.scalars(coming))


def keep(session: Session, actor: Actor, one_id: uuid.UUID, other_id: uuid.UUID, months: int | None) -> None:
    """Keep two young people apart for so many months, or until somebody ends it. A pair that stands is given the new day.

    Raises NotFound for an unknown person, ValueError for one and the same.
    """
    if one_id == other_id:
        raise ValueError("one person")
    for each in (one_id, other_id):
        person = session.get(Person, each)
        if person is None or person.young is None:
            raise NotFound
    first, second = sorted((one_id, other_id))
    ends_on = clock.today() + months * _MONTH if months in MONTHS else None
    row = session.scalars(select(KeepApart).where(KeepApart.one_id == first, KeepApart.other_id == second)).first()
    if row is None:
        row = KeepApart(one_id=first, other_id=second, set_by_id=actor.person_id, at=clock.now())
        session.add(row)
    row.set_by_id, row.at, row.ends_on = actor.person_id, clock.now(), ends_on
    session.flush()
    audit.record(session, actor, "keep-apart.set", thing_id=row.id, detail=f"{months} months" if ends_on else "open")


def end(session: Session, actor: Actor, person_id: uuid.UUID, pair_id: uuid.UUID) -> None:
    """Let two young people meet again. Raises NotFound for a pair that this person is not one of."""
    row = session.get(KeepApart, pair_id)
    if row is None or person_id not in (row.one_id, row.other_id):
        raise NotFound
    row.ends_on = clock.today()
    session.flush()
    audit.record(session, actor, "keep-apart.set", thing_id=row.id, detail="ended")
