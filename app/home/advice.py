"""Advice for kinship carers and adopters of children previously in care.

A question without an account, answered by a day that we name.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.settings import Settings
from app.core.working_days import working_days_after
from app.home.models import AdviceRequest, Topic
from app.messages import outbox
from app.people import tries
from app.people.models import Person, Role
from app.people.reaching import tidy
from app.people.sessions import Actor

LONGEST_WORDS = 2000


class TooMany(Exception):
    """Too many questions came from one place in a short time; nothing was kept."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed into the form, tidied. ``problems`` says what to put right, by field."""

    topic: str
    name: str
    contact: str
    words: str
    agreed: bool

    @property
    def problems(self) -> dict[str, str]:
        """Return what has to be put right first, by field; empty when all is well."""
        found = {}
        if self.topic not in set(Topic):
            # TRANSLATORS: on the form with which a family asks for advice
            found["topic"] = _("Choose what it is about.")
        if tidy(self.contact) is None:
            # TRANSLATORS: on the form with which a family asks for advice
            found["contact"] = _("We could not read that. Type an e-mail address or a phone number.")
        if len(self.words) > LONGEST_WORDS:
            # TRANSLATORS: on the form with which a family asks for advice
            found["words"] = _("Make it a little shorter, please. All of it is still here.")
        if not self.agreed:
            # TRANSLATORS: on the form with which a family asks for advice
            found["agreed"] = _("Tick this so that we may keep your contact until we have answered.")
        return found


def topic_words(topic: str) -> str:
    """Return what a family asks about, in the page's language."""
    names = {
        # TRANSLATORS: what a family asks advice about
        Topic.school: _("Choosing a school, or a place at one"),
        # TRANSLATORS: what a family asks advice about
        Topic.support: _("Help with learning (SEND and other support)"),
        # TRANSLATORS: what a family asks advice about
        Topic.attendance: _("Getting to school, or being sent home from it"),
        # TRANSLATORS: what a family asks advice about
        Topic.move: _("A move of school or a next step"),
        # TRANSLATORS: what a family asks advice about: extra money for a child's learning
        Topic.money: _("Money for learning (pupil premium plus)"),
        # TRANSLATORS: what a family asks advice about
        Topic.other: _("Something else"),
    }
    return str(names[Topic(topic)])


def ask(session: Session, asked: Asked, language: str, address: str | None, config: Settings) -> AdviceRequest:
    """Keep a question and tell the Virtual School, without a name in the message. Raises TooMany."""
    taken = tries.take(session, tries.code_gate("advice", tries.network(address), config))
    if not taken.open:
        raise TooMany
    moment = clock.now()
    row = AdviceRequest(
        topic=asked.topic,
        name=asked.name,
        contact=tidy(asked.contact) or asked.contact,
        words=asked.words,
        language=language,
        asked_at=moment,
        answer_by=working_days_after(clock.today(), config.advice_working_days),
    )
    session.add(row)
    session.flush()
    audit.record(session, None, "advice.asked", thing_id=row.id)
    _tell(session, row)
    return row


def _tell(session: Session, row: AdviceRequest) -> None:
    today = clock.today()
    readers = session.scalars(
        select(Person).where(
            Person.role == Role.virtual_school,
            Person.email.is_not(None),
            Person.ended_on.is_(None) | (Person.ended_on > today),
        )
    )
    for person in readers:
        outbox.post(
            session,
            kind="email",
            address=person.email or "",
            language=person.language,
            template="advice_asked",
            params={"day": row.answer_by.isoformat()},
            cause="advice.asked",
            cause_id=row.id,
            key=f"advice:{row.id}:{person.id}",
        )


def waiting(session: Session) -> list[AdviceRequest]:
    """Return the questions nobody has answered, the one that is due first on top."""
    return list(
        session.scalars(
            select(AdviceRequest)
            .where(AdviceRequest.answered_at.is_(None))
            .order_by(AdviceRequest.answer_by, AdviceRequest.asked_at)
        )
    )


def is_late(row: AdviceRequest, on: date) -> bool:
    """Return whether the day we named is over."""
    return row.answer_by < on


def answered(session: Session, actor: Actor, request_id: uuid.UUID) -> bool:
    """Write down that somebody was answered; the first to say so is kept. Their name, contact and words are cleared.

    Returns whether it was still waiting: nothing about the family is held for longer than their question needs.
    """
    done = session.execute(
        update(AdviceRequest)
        .where(AdviceRequest.id == request_id, AdviceRequest.answered_at.is_(None))
        .values(answered_at=clock.now(), answered_by=actor.person_id, name="", contact="", words="")
        .returning(AdviceRequest.id)
    ).first()
    if done is not None:
        audit.record(session, actor, "advice.answered", thing_id=request_id)
    return done is not None
