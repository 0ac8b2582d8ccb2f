"""Asking who looks after a young person what would help them have their say."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.messages.outbox import post
from app.people.caseload import alive
from app.people.models import Connection, Person, Role
from app.people.sessions import Actor


def ask_at_home(session: Session, actor: Actor, young_person_id: uuid.UUID, on: date) -> int:
    """Put one message a week in the outbox for everybody the young person lives with. Returns how many can be reached.

    The message names nobody and says nothing of what was or was not said; it goes by e-mail, else by text.
    """
    at_home = session.scalars(
        select(Person)
        .join(Connection, Connection.adult_id == Person.id)
        .where(
            Connection.young_person_id == young_person_id,
            Connection.role.in_((Role.carer, Role.key_worker)),
            alive(on),
            Person.email.is_not(None) | Person.mobile.is_not(None),
            Person.ended_on.is_(None) | (Person.ended_on > on),
        )
        .distinct()
    ).all()
    year, week, _day = on.isocalendar()
    for adult in at_home:
        post(
            session,
            kind="email" if adult.email else "sms",
            address=adult.email or adult.mobile or "",
            language=adult.language,
            template="carer_asked",
            cause="carer.asked",
            cause_id=young_person_id,
            about=young_person_id,
            key=f"carer-asked:{young_person_id}:{adult.id}:{year}-{week}",
        )
    if at_home:
        audit.record(session, actor, "carer.asked", subject_id=young_person_id, detail=f"{len(at_home)} people")
    return len(at_home)
