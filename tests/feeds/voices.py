"""Young people who send answers, through the same door as the pages: drafts, then ``app.voice.sending.send``."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.people.audience import Share
from app.people.models import Pep, Person, Role
from app.people.sessions import Actor, Look
from app.questions.library import library
from app.questions.schema import Question
from app.voice.models import Answer, How, Response, SentAnswer, State
from app.voice.sending import Sent, send
from tests.factories import People


def actor_for(person: Person, *, helper_role: Role | None = None) -> Actor:
    """Return a person as they act when they have signed in."""
    return Actor(
        person_id=person.id,
        role=Role(person.role),
        name=person.name,
        language=person.language,
        sign_in_id=uuid.uuid4(),
        way="card",
        helper_id=uuid.uuid4() if helper_role else None,
        helper_role=helper_role,
        locked=False,
        shared_device=False,
        look=Look("clay", "", ""),
        young=None,
    )


@dataclass
class Voice:
    """One young person's answering of one set for one PEP. Nothing is committed unless told."""

    session: Session
    person: Person
    pep: Pep
    set_id: str = "secondary"
    language: str = "en-GB"
    drafts: dict[str, Answer] = field(default_factory=dict)

    @property
    def response(self) -> Response:
        """The row of this answering, begun when first needed."""
        found = self.session.scalar(
            select(Response).where(Response.pep_id == self.pep.id, Response.set_id == self.set_id)
        )
        if found is None:
            found = Response(
                young_person_id=self.person.id,
                pep_id=self.pep.id,
                set_id=self.set_id,
                set_version=1,
                began_at=clock.now(),
            )
            self.session.add(found)
            self.session.flush()
        return found

    def draft(
        self,
        question_id: str,
        value: Any,
        *,
        share: Share = Share.pep,
        state: State = State.answered,
        how: How = How.self_,
        helper_role: str | None = None,
        asked: str | None = None,
        language: str | None = None,
    ) -> Voice:
        """Write one answer; ``value`` is text, a list of codes, or what the question's type stores."""
        stored = {"text": value} if isinstance(value, str) else {"codes": value} if isinstance(value, list) else value
        answer = self.drafts.get(question_id) or Answer(response_id=self.response.id, question_id=question_id)
        answer.state = state
        answer.content = {"value": stored, "asked": asked if asked is not None else self._question(question_id).ask}
        answer.share = share
        answer.chosen = []
        answer.share_chosen_at = clock.now()
        answer.how = how
        answer.helper_role = helper_role
        answer.language = language or self.language
        answer.saved_at = clock.now()
        self.session.add(answer)
        self.session.flush()
        self.drafts[question_id] = answer
        return self

    def send(self, *, commit: bool = True, by: Person | None = None) -> Sent:
        """Press Send."""
        path = tuple(self._question(question_id) for question_id in self.drafts)
        sent = send(self.session, actor_for(by or self.person), self.response, path, self.drafts)
        if commit:
            self.session.commit()
        return sent

    def says(self, question_id: str, value: Any, **how: Any) -> SentAnswer | None:
        """Write one answer and send; returns the new copy, or None when nothing new was sent."""
        new = self.draft(question_id, value, **how).send().new
        return new[-1] if new else None

    def keeps(self, question_id: str, share: Share = Share.unsent) -> Sent:
        """Change who may read an answer, and send."""
        self.drafts[question_id].share = share
        self.drafts[question_id].share_chosen_at = clock.now()
        return self.send()

    def _question(self, question_id: str) -> Question:
        return library().version(self.set_id, 1).question(question_id)


@dataclass
class Voices:
    """Makes young people with a PEP who answer."""

    session: Session
    people: People

    def young(self, name: str = "Robin", *, set_id: str = "secondary", language: str = "en-GB", **facts: Any) -> Voice:
        """Return a new young person, ready to answer."""
        person = self.people.young_person(name, **facts)
        return Voice(self.session, person, self.people.pep(person), set_id, language)
