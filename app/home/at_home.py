"""The page of the people a young person lives with: their children today, the meeting, and their own part in the PEP.

Nothing here is read from the child's drafts, nor from answers kept from home: what is withheld leaves no trace and no count.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.home.today import AtHome, carer_list
from app.people.models import Connection, Person, Role
from app.people.sessions import Actor
from app.pep.meeting_coming import Known, known_to_come
from app.pep.models import Meeting
from app.voice.living_with import all_at_home, responses_of
from app.voice.models import Answer, Response

# Who is usually at a PEP meeting: the teacher asks, the social worker comes, and so do those the child lives with. The Virtual
# School's staff do not normally attend (handbook, 4.2). Whom the child wants or does not want there is theirs to say.
USUALLY_THERE = (Role.designated_teacher, Role.social_worker, Role.carer, Role.key_worker)


class Part(StrEnum):
    """Where an adult is with their own questions about a child."""

    closed = "closed"
    begin = "begin"
    go_on = "go-on"
    sent = "sent"


@dataclass(frozen=True, slots=True)
class Usually:
    """Somebody who is usually at the meeting."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Child:
    """One young person on the page, with the adult's own part.

    ``coming`` is who is asked to the meeting, where its organiser has said so; else None, and ``there`` says who usually is.
    """

    seen: AtHome
    part: Part
    response: Response | None
    there: list[Usually]
    coming: list[Known] | None
    meeting: Meeting | None


def children_of(session: Session, actor: Actor, on: date) -> list[Child]:
    """Return the young people who live with the actor on a day, the soonest meeting first. As many queries, however many."""
    listed = carer_list(session, actor.person_id, on)
    asked = {one.person_id for one in all_at_home(session, actor.person_id, on)}
    begun = responses_of(session, actor.person_id, [one.pep for one in listed if one.pep])
    answered = _answered(session, [response.id for response in begun.values()])
    around = _usually_there(session, actor, [one.person_id for one in listed], on)
    peps = [one.pep.id for one in listed if one.pep]
    coming = known_to_come(session, peps, on)
    meetings = {one.pep_id: one for one in session.scalars(select(Meeting).where(Meeting.pep_id.in_(peps)))}
    found = []
    for one in listed:
        response = begun.get(one.pep.id) if one.pep else None
        part = _part(one, response, answered) if one.person_id in asked else Part.closed
        known = coming.get(one.pep.id) if one.pep else None
        others = None if known is None else [adult for adult in known if adult.person_id != actor.person_id]
        meeting = meetings.get(one.pep.id) if one.pep else None
        found.append(Child(one, part, response, around.get(one.person_id, []), others, meeting))
    return found


def _part(one: AtHome, response: Response | None, answered: set[uuid.UUID]) -> Part:
    if not one.still_open:
        return Part.closed
    if response is not None and response.sent_at is not None:
        return Part.sent
    return Part.go_on if response is not None and response.id in answered else Part.begin


def _answered(session: Session, response_ids: list[uuid.UUID]) -> set[uuid.UUID]:
    return set(session.scalars(select(Answer.response_id).where(Answer.response_id.in_(response_ids)).distinct()))


def _usually_there(
    session: Session, actor: Actor, young_person_ids: list[uuid.UUID], on: date
) -> dict[uuid.UUID, list[Usually]]:
    rows = session.execute(
        select(Connection.young_person_id, Person.name, Connection.role)
        .join(Person, Person.id == Connection.adult_id)
        .where(
            Connection.young_person_id.in_(young_person_ids),
            Connection.role.in_(USUALLY_THERE),
            Connection.adult_id != actor.person_id,
            Connection.starts_on <= on,
            Connection.ends_on.is_(None) | (Connection.ends_on > on),
            Person.ended_on.is_(None) | (Person.ended_on > on),
        )
        .order_by(Person.name, Person.id)
    )
    found: dict[uuid.UUID, list[Usually]] = {}
    for young_person_id, name, role in rows:
        found.setdefault(young_person_id, []).append(Usually(name, Role(role)))
    return found
