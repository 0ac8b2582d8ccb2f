"""Telling workers that words have come in, so that they read them in time. Only those who may read something are told."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.messages.outbox import post
from app.people.audience import Dial, care_of, readers_today
from app.people.models import Person, Role
from app.voice.models import Response, SentAnswer

# Who writes with the child's words (handbook, section 2): they get them early; others find them when they look.
TOLD = frozenset({Role.designated_teacher, Role.social_worker})


def tell_about_new_words(
    response: Response, *, session: Session, sent: list[SentAnswer], words_are_new: bool = True, **_rest: Any
) -> None:
    """Put one message a reader and day in the outbox: that there are new words, never whose or what."""
    if not words_are_new:
        return
    on = clock.today()
    care = care_of(session, response.young_person_id)
    from_home = response.by_person_id != response.young_person_id
    dials = [Dial(answer.share, tuple(answer.chosen), answer.question_id, care) for answer in sent]
    readers = [one for one in readers_today(session, response.young_person_id, on) if one.roles & TOLD]
    told = [
        one.person_id
        for one in readers
        if (sent and from_home) or any(dial.allows(one.person_id, one.roles) for dial in dials)
    ]
    for person in session.scalars(select(Person).where(Person.id.in_(told))):
        if person.email:
            post(
                session,
                kind="email",
                address=person.email,
                language=person.language,
                template="answers_arrived",
                cause="response.sent",
                cause_id=response.id,
                about=response.young_person_id,
                key=f"answers:{response.id}:{person.id}:{on.isoformat()}",
            )
