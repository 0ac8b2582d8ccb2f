"""The meetings that are coming, by date, with what is missing for each. Nothing here says what anybody wrote."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, literal, select
from sqlalchemy.orm import Session

from app.home.silent import ON_A_PAGE, ON_PAPER, caseload, has_sent, whose_hand
from app.people.caseload import alive
from app.people.models import Connection, Flag, Pep, Person, Role, YoungPerson


class Missing(StrEnum):
    """What a meeting lacks."""

    words = "words"
    teacher = "teacher"
    social_worker = "social-worker"
    home = "home"
    interpreter = "interpreter"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One PEP meeting that is coming."""

    pep_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    meeting_on: date
    chose_silence: bool
    """They sent their answers, and shared none: that is theirs to choose, and nothing is missing."""
    missing: tuple[Missing, ...]


def meetings(session: Session, adult_id: uuid.UUID, on: date, page: int = 1) -> list[Meeting]:
    """Return one page of the meetings of an adult's caseload from a day on, soonest first.

    Two queries: which meetings are on the page, then what each of them lacks. One more than a page is returned if there is one.
    """
    ids = session.scalars(
        select(Pep.id)
        .join(Person, Person.id == Pep.young_person_id)
        .where(
            # Asked meeting by meeting, so that the walk along the dates can end with the page.
            caseload(adult_id, on).where(Connection.young_person_id == Pep.young_person_id).correlate(Pep).exists(),
            Pep.meeting_on >= on,
            Pep.closed_at.is_(None),
            Person.ended_on.is_(None) | (Person.ended_on > on),
        )
        .order_by(Pep.meeting_on, Pep.id)
        .limit(ON_A_PAGE + 1)
        .offset((page - 1) * ON_A_PAGE)
    ).all()
    rows = session.execute(
        select(
            Pep.id,
            Person.id.label("person_id"),
            Person.name,
            Pep.meeting_on,
            YoungPerson.flags,
            whose_hand(Pep).label("hand"),
            has_sent(Pep.id).label("sent"),
            *(
                case((_around(on, *roles), literal(1)), else_=literal(0)).label(missing.name)
                for missing, roles in _NEEDED.items()
            ),
        )
        .join(Person, Person.id == Pep.young_person_id)
        .join(YoungPerson, YoungPerson.person_id == Person.id)
        .where(Pep.id.in_(ids))
        .order_by(Pep.meeting_on, Pep.id)
    )
    return [_meeting(row) for row in rows]


def _meeting(row: Any) -> Meeting:
    chose_silence = row.hand is None and bool(row.sent)
    return Meeting(
        row.id,
        row.person_id,
        row.name,
        row.meeting_on,
        chose_silence,
        _missing(row._mapping, row.flags or (), chose_silence),
    )


# Who has to be connected so that the meeting can be prepared with them.
_NEEDED: dict[Missing, tuple[Role, ...]] = {
    Missing.teacher: (Role.designated_teacher,),
    Missing.social_worker: (Role.social_worker,),
    Missing.home: (Role.carer, Role.key_worker),
}


def _around(on: date, *roles: Role) -> ColumnElement[bool]:
    return exists().where(
        and_(Connection.young_person_id == Pep.young_person_id, Connection.role.in_(roles), alive(on))
    )


def _missing(row: Mapping[Any, Any], flags: Collection[str], chose_silence: bool) -> tuple[Missing, ...]:
    # What only an adult wrote down is not their own words (paper is); what they chose not to say is not missing.
    words = () if chose_silence or (row["hand"] or 0) >= ON_PAPER else (Missing.words,)
    people = tuple(one for one in _NEEDED if not row[one.name])
    # A noted interpreter has to be booked: nobody here can know that it was.
    interpreter = (Missing.interpreter,) if Flag.interpreter in flags else ()
    return (*words, *people, *interpreter)
