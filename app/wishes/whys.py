"""'Why?': a young person asks an adult why they opened their words, and is answered on their own page."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden, NotFound

from app.core import audit, clock
from app.core.audit import AuditEntry
from app.core.db import insert_if_absent, new_id
from app.people.caseload import alive
from app.people.models import Connection, Person
from app.people.policy import RECORD_READERS, require_connection
from app.people.sessions import Actor
from app.wishes.ledger import MOST, WordsMissing
from app.wishes.models import WhyAsked, WhyWords
from app.wishes.reading import same_language

# What an adult can be asked about: opening the words or the page of a young person.
OPENED = frozenset(
    {
        "record.read",
        "record.printed",
        "record.exported",
        "meeting.read",
        "meeting.cards-shown",
        "young-person.read",
        "wish.read",
    }
)


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
    """Answer a question that was put to the actor. Raises NotFound for anybody else's and when they are around this young person
    no more, Forbidden twice, WordsMissing."""
    row = session.get(WhyAsked, why_id)
    if row is None or row.adult_id != actor.person_id:
        raise NotFound
    require_connection(session, actor, row.young_person_id, clock.today())
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


def translate(session: Session, actor: Actor, row: WhyAsked, words: str, language: str) -> bool:
    """Add the same answer in another language, as an interpreter put it; False when it is there already.

    Raises NotFound for anybody else's answer or none, WordsMissing.
    """
    if row.adult_id != actor.person_id or row.answered_at is None:
        raise NotFound
    tidy = words.strip()
    if not tidy or len(tidy) > MOST:
        raise WordsMissing
    values = {"id": new_id(), "why_id": row.id, "words": tidy, "language": language, "at": clock.now()}
    if language == row.language or not insert_if_absent(session, WhyWords, values):
        return False
    audit.record(session, actor, "why.translated", subject_id=row.young_person_id, thing_id=row.audit_entry_id)
    return True


@dataclass(frozen=True, slots=True)
class PutTo:
    """A question 'why?' as the adult sees it: whose it is, and what they read."""

    why: WhyAsked
    name: str
    reads: str | None


def put_to(session: Session, adult_id: uuid.UUID) -> list[PutTo]:
    """Return the questions an adult has not answered yet, each with the young person's name and language, oldest first.

    Whoever is around a young person no more reads their name no more, here either.
    """
    rows = session.execute(
        select(WhyAsked, Person.name, Person.language)
        .join(Person, Person.id == WhyAsked.young_person_id)
        .where(WhyAsked.adult_id == adult_id, WhyAsked.answered_at.is_(None), _still_around())
        .order_by(WhyAsked.asked_at)
    )
    return [PutTo(row, name, language) for row, name, language in rows]


def no_answer_comes(session: Session, row: WhyAsked) -> bool:
    """Return whether the adult who was asked is around the young person no more."""
    return not session.scalar(select(_still_around()).where(WhyAsked.id == row.id))


def _still_around() -> ColumnElement[bool]:
    return exists().where(
        Connection.adult_id == WhyAsked.adult_id,
        Connection.young_person_id == WhyAsked.young_person_id,
        Connection.role.in_(RECORD_READERS),
        alive(clock.today()),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What a young person asked, and the answer, if there is one, with the same answer in other languages.

    ``gone``: the adult is around them no more, so that no answer comes.
    """

    why: WhyAsked
    others: dict[str, str]
    gone: bool = False

    def for_reader(self, language: str) -> tuple[str, str]:
        """Return the words and their language for somebody who reads ``language``: theirs if there is one, else the first."""
        first = (self.why.language or "en-GB", self.why.words or "")
        return next(
            ((words, tag) for tag, words in (first, *self.others.items()) if same_language(tag, language)), first[::-1]
        )

    def reaches(self, language: str) -> bool:
        """Return whether somebody who reads ``language`` can read the answer."""
        return same_language(self.for_reader(language)[1], language)

    @property
    def answered(self) -> bool:
        """True when the adult has answered."""
        return bool(self.why.words)


def asked_by(session: Session, young_person_id: uuid.UUID) -> dict[uuid.UUID, Asked]:
    """Return what a young person asked, by audit entry."""
    rows = session.execute(select(WhyAsked, _still_around()).where(WhyAsked.young_person_id == young_person_id))
    found = {row.id: Asked(row, {}, gone=not around) for row, around in rows}
    others = session.scalars(select(WhyWords).where(WhyWords.why_id.in_(found))) if found else ()
    for other in others:
        found[other.why_id].others[other.language] = other.words
    return {one.why.audit_entry_id: one for one in found.values()}
