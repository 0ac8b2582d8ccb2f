"""What the Virtual School keeps in order: messages that could not be sent, help numbers that nobody has checked for long, and
children whom nobody of the Virtual School is connected to: they would be on nobody's list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.messages.models import Message, State
from app.people.caseload import alive
from app.people.models import Care, Connection, Person, Role, YoungPerson
from app.safeguarding import keeping


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Counts; nothing here says whom a message was for."""

    unsent: int
    unchecked: int
    on_no_list: int

    @property
    def waits(self) -> bool:
        """True when there is something to put in order."""
        return bool(self.unsent or self.unchecked or self.on_no_list)


def upkeep(session: Session, on: date) -> Upkeep:
    """Return what waits for somebody at the Virtual School: dead messages, and numbers not checked for 90 days or ever."""
    unsent = session.scalar(select(func.count()).select_from(Message).where(Message.state == State.dead))
    numbers = keeping.look(session, on)
    return Upkeep(unsent or 0, len(numbers.old) + len(numbers.unchecked), _on_no_list(session, on))


def _on_no_list(session: Session, on: date) -> int:
    """Return how many children in care nobody of the Virtual School is connected to."""
    somebody = exists().where(
        Connection.young_person_id == Person.id, Connection.role == Role.virtual_school, alive(on)
    )
    alone = (
        select(func.count())
        .select_from(Person)
        .join(YoungPerson, YoungPerson.person_id == Person.id)
        .where(YoungPerson.care == Care.in_care, Person.ended_on.is_(None) | (Person.ended_on > on), ~somebody)
    )
    return session.scalar(alone) or 0
