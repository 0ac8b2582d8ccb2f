"""Who lives with a young person today, and is asked about them: carers, and key workers of a home.

Access ends on the day the connection does. What they were writing is kept, and closed to them that day.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.core.web.errors import Explained
from app.people.audience import ADULT_WORDS_READERS, Reader, readers_today
from app.people.models import Care, Connection, Pep, Person, Role, YoungPerson
from app.people.sessions import Actor, YoungFacts
from app.voice.models import Response

# Which questions are asked of whom (voice-questions, sections 6.9 and 6.10).
SET_OF_ROLE = {Role.carer: "carer", Role.key_worker: "key-worker"}


class NoLongerYours(Explained):
    """Somebody wants to go on about a young person who does not live with them any more."""

    @property
    def heading(self) -> str:
        """What the page says first."""
        # TRANSLATORS: to a carer: the child moved to another home while the carer was still writing about them
        return _("These questions are closed now")

    @property
    def advice(self) -> str:
        """What became of their words."""
        # TRANSLATORS: to a carer: the child moved to another home while the carer was still writing about them
        return _("You are not listed as looking after this young person today. What you wrote is kept. Thank you.")


@dataclass(frozen=True, slots=True)
class LivesWith:
    """A young person as the carer or key worker they live with today knows them."""

    person_id: uuid.UUID
    name: str
    facts: YoungFacts
    role: Role

    @property
    def set_id(self) -> str:
        """The set of questions that this adult is asked."""
        return SET_OF_ROLE[self.role]


def all_at_home(session: Session, adult_id: uuid.UUID, on: date) -> list[LivesWith]:
    """Return the young people who live with an adult on a day, by name; care leavers have no PEP and are not among them."""
    rows = session.execute(_at_home(adult_id, on).order_by(Person.name, Person.id, Connection.role))
    found: dict[uuid.UUID, LivesWith] = {}
    for row in rows:
        found.setdefault(row.id, _lives_with(row))
    return list(found.values())


def theirs_at_home(session: Session, actor: Actor, young_person_id: uuid.UUID, on: date) -> LivesWith:
    """Return one young person who lives with the actor on a day. Raises NoLongerYours for any other."""
    row = session.execute(_at_home(actor.person_id, on).where(Person.id == young_person_id)).first()
    if row is None:
        raise NoLongerYours
    return _lives_with(row)


def responses_of(session: Session, adult_id: uuid.UUID, peps: list[Pep]) -> dict[uuid.UUID, Response]:
    """Return what an adult has begun, by PEP."""
    rows = session.scalars(
        select(Response).where(Response.by_person_id == adult_id, Response.pep_id.in_([pep.id for pep in peps]))
    )
    return {row.pep_id: row for row in rows}


def readers_of_their_words(session: Session, young_person_id: uuid.UUID, on: date) -> list[Reader]:
    """Return the adults who read what is written at home: teacher, social worker, reviewing officer, Virtual School."""
    return [one for one in readers_today(session, young_person_id, on) if one.roles & ADULT_WORDS_READERS]


def _at_home(adult_id: uuid.UUID, on: date) -> Select[Any, Any, Any, Any, Any, Any, Any, Any, Any]:
    return (
        select(
            Person.id,
            Person.name,
            Connection.role,
            YoungPerson.year_group,
            YoungPerson.care,
            YoungPerson.question_set,
            YoungPerson.short_path,
            YoungPerson.flags,
            YoungPerson.place,
        )
        .join(Connection, Connection.young_person_id == Person.id)
        .join(YoungPerson, YoungPerson.person_id == Person.id)
        .where(
            Connection.adult_id == adult_id,
            Connection.role.in_(SET_OF_ROLE),
            Connection.starts_on <= on,
            Connection.ends_on.is_(None) | (Connection.ends_on > on),
            Person.ended_on.is_(None) | (Person.ended_on > on),
            YoungPerson.care != Care.care_leaver,
        )
    )


def _lives_with(row: Any) -> LivesWith:
    facts = YoungFacts(
        row.year_group, row.care, row.question_set, row.short_path, frozenset(row.flags or ()), row.place
    )
    return LivesWith(row.id, row.name, facts, Role(row.role))
