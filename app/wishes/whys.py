"""'Why?': a young person asks an adult why they opened their words, and is answered on their own page."""

from __future__ import annotations

import uuid

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden, NotFound

from app.core import audit, clock
from app.core.audit import AuditEntry
from app.core.db import insert_if_absent, new_id
from app.people.models import Person
from app.people.sessions import Actor
from app.wishes.ledger import MOST, WordsMissing
from app.wishes.models import WhyAsked

# What an adult can be asked about: opening the words or the page of a young person.
OPENED = frozenset({"record.read", "record.printed", "young-person.read", "wish.read"})


def ask(session: Session, actor: Actor, entry_id: uuid.UUID) -> WhyAsked:
    """Ask the adult of an audit entry why. Twice is once. Raises NotFound for what was not somebody opening the asker's words."""
    entry = session.get(AuditEntry, entry_id)
    if (
        entry is None
        or entry.subject_id != actor.person_id
        or entry.actor_id in (None, actor.person_id)
        or entry.event not in OPENED
    ):
        raise NotFound
    values = {
        "id": new_id(),
        "audit_entry_id": entry.id,
        "young_person_id": actor.person_id,
        "adult_id": entry.actor_id,
        "event": entry.event,
        "opened_at": entry.at,
        "asked_at": clock.now(),
    }
    if insert_if_absent(session, WhyAsked, values):
        audit.record(session, actor, "why.asked", subject_id=actor.person_id, thing_id=entry.id)
    return session.scalars(select(WhyAsked).where(WhyAsked.audit_entry_id == entry.id)).one()


def answer(session: Session, actor: Actor, why_id: uuid.UUID, words: str, language: str) -> WhyAsked:
    """Answer a question that was put to the actor. Raises NotFound for anybody else's, Forbidden twice, WordsMissing."""
    row = session.get(WhyAsked, why_id)
    if row is None or row.adult_id != actor.person_id:
        raise NotFound
    tidy = words.strip()
    if not tidy or len(tidy) > MOST:
        raise WordsMissing
    result = session.execute(
        update(WhyAsked)
        .where(WhyAsked.id == why_id, WhyAsked.answered_at.is_(None))
        .values(words=tidy, language=language, answered_at=clock.now()),
        execution_options={"synchronize_session": False},
    )
    session.refresh(row)
    if not result.rowcount:  # type: ignore[attr-defined]
        raise Forbidden
    audit.record(session, actor, "why.answered", subject_id=row.young_person_id, thing_id=row.audit_entry_id)
    return row


def put_to(session: Session, adult_id: uuid.UUID) -> list[tuple[WhyAsked, str]]:
    """Return the questions an adult has not answered yet, each with the young person's name, oldest first."""
    rows = session.execute(
        select(WhyAsked, Person.name)
        .join(Person, Person.id == WhyAsked.young_person_id)
        .where(WhyAsked.adult_id == adult_id, WhyAsked.answered_at.is_(None))
        .order_by(WhyAsked.asked_at)
    )
    return [(row, name) for row, name in rows]


def asked_by(session: Session, young_person_id: uuid.UUID) -> dict[uuid.UUID, WhyAsked]:
    """Return what a young person asked, by audit entry."""
    rows = session.scalars(select(WhyAsked).where(WhyAsked.young_person_id == young_person_id))
    return {row.audit_entry_id: row for row in rows}
