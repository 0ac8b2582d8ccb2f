"""Finding who came: the EET team may see anyone of an age for drop-ins (handbook, dropins 4.5), and nobody lists them all."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.dropins.models import Booking, Visit
from app.people.models import Care, Person, Role, YoungPerson
from app.people.policy import living_roles
from app.people.sessions import Actor

# Drop-ins are for people from about 14 (Year 9) to 25.
YOUNGEST_YEAR = 9
MOST_FOUND = 12
FEWEST_LETTERS = 2
_RECENTLY = timedelta(weeks=12)


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who may be meant: enough to tell two of one name apart, and no more."""

    person_id: uuid.UUID
    name: str
    year_group: int | None
    school_name: str | None


def _of_age() -> ColumnElement[bool]:
    leaver = YoungPerson.care == Care.care_leaver
    return or_(YoungPerson.year_group >= YOUNGEST_YEAR, YoungPerson.year_group.is_(None), leaver)


def find(session: Session, actor: Actor, words: str) -> list[Found]:
    """Return young people whose name begins with these letters; none for fewer than two. Who was shown is audited."""
    letters = " ".join(words.split())
    if len(letters) < FEWEST_LETTERS:
        return []
    safe = letters.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return _list(session, actor, Person.name.ilike(f"{safe}%", escape="\\"))


def recent(session: Session, actor: Actor) -> list[Found]:
    """Return who came in the last twelve weeks, for a quick tap: they come again most often."""
    since = clock.now() - _RECENTLY
    came = (
        select(Visit.person_id)
        .where(Visit.started_at >= since, Visit.person_id.is_not(None), Visit.undone_at.is_(None))
        .group_by(Visit.person_id)
        .order_by(func.max(Visit.started_at).desc())
        .limit(MOST_FOUND)
    )
    return _list(session, actor, Person.id.in_(came))


def _list(session: Session, actor: Actor, which: ColumnElement[bool]) -> list[Found]:
    rows = session.execute(
        select(Person.id, Person.name, YoungPerson.year_group, YoungPerson.school_name)
        .join(YoungPerson, YoungPerson.person_id == Person.id)
        .where(
            which,
            _of_age(),
            Person.role == Role.young_person,
            Person.ended_on.is_(None) | (Person.ended_on > clock.today()),
        )
        .order_by(Person.name, Person.id)
        .limit(MOST_FOUND)
    )
    found = [Found(*row) for row in rows]
    audit.record_each(session, actor, "young-person.listed", [one.person_id for one in found], detail="drop-in")
    return found


def may_pick(session: Session, person_id: uuid.UUID) -> bool:
    """Return whether this is a young person of an age for drop-ins."""
    query = (
        select(Person.id).join(YoungPerson, YoungPerson.person_id == Person.id).where(Person.id == person_id, _of_age())
    )
    return session.scalars(query).first() is not None


def has_come(session: Session, person_id: uuid.UUID) -> bool:
    """Return whether somebody ever booked a drop-in or came to one."""
    booked = session.scalars(select(Booking.id).where(Booking.whose == person_id).limit(1)).first()
    return (
        booked is not None
        or session.scalars(select(Visit.id).where(Visit.whose == person_id).limit(1)).first() is not None
    )


def roles_towards(session: Session, actor: Actor, person_id: uuid.UUID) -> frozenset[Role]:
    """Return as what an adult may see somebody's drop-ins: connected today, or of the EET team and they have come."""
    roles = living_roles(session, actor.person_id, person_id, clock.today())
    roles &= {Role.virtual_school, Role.personal_adviser, Role.social_worker}
    if actor.role is Role.virtual_school and has_come(session, person_id):
        roles |= {Role.virtual_school}
    return roles
