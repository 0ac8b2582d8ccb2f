"""One person's walk through one set of questions: what is asked of them, what they have said, where they are.

A young person walks through their own sets; a carer or key worker through theirs, about one young person they live with today.

Everything a question page needs is loaded in two queries, whatever the set's length.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import clock
from app.core.web.terms import term_name_in
from app.people.sessions import Actor, YoungFacts
from app.questions.choosing import set_for
from app.questions.conditions import Facts, minutes, path
from app.questions.library import library
from app.questions.schema import Question, QuestionSet
from app.questions.types import QuestionType, type_of
from app.questions.wording import Text, Wording
from app.voice.living_with import theirs_at_home
from app.voice.models import Answer, KeptWords, Response, State
from app.voice.together import hidden


@dataclass
class Walk:
    """A response with its questions and drafts. ``name`` and ``facts`` are the young person's, whoever answers.

    ``hidden`` are the questions whose answers an adult beside the young person must not see (``together``): nothing in the walk
    shows them, leads to them or follows from them.
    """

    response: Response
    question_set: QuestionSet
    facts: YoungFacts
    drafts: dict[str, Answer]
    name: str
    language: str
    has_kept_words: bool = False
    hidden: frozenset[str] = frozenset()

    @property
    def by_adult(self) -> bool:
        """True when it is a carer or key worker who answers, about a young person."""
        return self.response.by_person_id != self.response.young_person_id

    @cached_property
    def path(self) -> tuple[Question, ...]:
        """The questions asked of this person now, in order; a changed answer cuts dead branches off."""
        codes = {
            draft.question_id: self._type(draft.question_id).codes(self.value(draft))
            for draft in self.drafts.values()
            if draft.question_id in self.question_set.looked_back_to
            and draft.state == State.answered
            and draft.question_id not in self.hidden
        }
        said = {one for one, draft in self.drafts.items() if draft.state != State.skipped} - self.hidden
        facts = Facts(self.facts.year_group, self.facts.flags)
        return path(self.question_set, codes, facts, self.response.short, answered=said)

    @cached_property
    def wording(self) -> Wording:
        """The words of this set in the reader's language."""
        term = term_name_in(self.response.pep.term, self.language) if self.response.pep else None
        return Wording(self.question_set, self.language, self.facts.place, name=self.name, term=term)

    def question(self, question_id: str) -> Question:
        """Return a question on the path. Raises NotFound for one that is not, so that nobody jumps ahead by address."""
        for question in self.path:
            if question.id == question_id:
                return question
        raise NotFound

    def value(self, draft: Any) -> Any:
        """Return what an answer holds, as its type understands it."""
        return self._type(draft.question_id).from_json(draft.content["value"])

    def words(self, draft: Any) -> list[Text]:
        """Return an answer in words, in the reader's language where it was picked, exactly as written where it was written."""
        question = self.question_set.question(draft.question_id)
        return type_of(question).words(self.value(draft), question, self.wording)

    def after(self, question: Question) -> Question | None:
        """Return the next question on the path, None after the last."""
        following = self.path[self.path.index(question) + 1 :]
        return next((one for one in following if one.id not in self.hidden), None)

    def before(self, question: Question) -> Question | None:
        """Return the question before, None at the first."""
        earlier = self.path[: self.path.index(question)]
        return next((one for one in reversed(earlier) if one.id not in self.hidden), None)

    @property
    def first_open(self) -> Question | None:
        """The first question without any answer, None when all have one (a skip is one)."""
        return next((question for question in self.path if question.id not in self.drafts), None)

    @property
    def minutes_left(self) -> int:
        """About how long the questions without an answer take."""
        return minutes([question for question in self.path if question.id not in self.drafts])

    @property
    def done(self) -> int:
        """How many questions of the path have been dealt with."""
        return sum(question.id in self.drafts for question in self.path)

    def _type(self, question_id: str) -> QuestionType[Any]:
        return type_of(self.question_set.question(question_id))


# Written once: these run on every question page.
_OWN_RESPONSE = select(
    Response,
    exists()
    .where(KeptWords.person_id == bindparam("person_id"), KeptWords.response_id == Response.id)
    .correlate(Response),
).where(Response.id == bindparam("response_id"), Response.by_person_id == bindparam("person_id"))
_DRAFTS = select(Answer).where(Answer.response_id == bindparam("response_id"))
# What showing a question asks of drafts: rows of a few columns, where changing one needs the whole object.
_answer = Answer.__table__.c
_DRAFTS_TO_SHOW = select(_answer.question_id, _answer.version, _answer.state, _answer.content, _answer.how).where(
    _answer.response_id == bindparam("response_id")
)


def load(session: Session, actor: Actor, response_id: uuid.UUID, language: str, *, to_show: bool = False) -> Walk:
    """Return the walk of one of the actor's own responses; ``to_show`` for one whose drafts are only looked at.

    Raises NotFound for anybody else's, and NoLongerYours when it is about a child who does not live with the actor any more: the
    drafts stay, and are closed to them that day.
    """
    row = session.execute(_OWN_RESPONSE, {"response_id": response_id, "person_id": actor.person_id}).first()
    if row is None:
        raise NotFound
    if actor.young is None:
        about = theirs_at_home(session, actor, row[0].young_person_id, clock.today())
        return build(session, row[0], about.facts, about.name, language, has_kept_words=row[1])
    # Who sits beside a child may be shown less, which hangs on more of each draft.
    to_show = to_show and not actor.beside
    walk = build(session, row[0], actor.young, actor.name, language, has_kept_words=row[1], to_show=to_show)
    if actor.beside and walk.question_set.audience != "adult-observer":
        walk.hidden = hidden(session, actor, response_id, walk.drafts.values(), actor.young.care)
    return walk


def build(
    session: Session,
    response: Response,
    facts: YoungFacts,
    name: str,
    language: str,
    *,
    has_kept_words: bool = False,
    to_show: bool = False,
) -> Walk:
    """Return the walk of a response with its drafts."""
    own = {"response_id": response.id}
    shown = session.connection().execute(_DRAFTS_TO_SHOW, own) if to_show else session.scalars(_DRAFTS, own)
    drafts = cast(Iterable[Answer], shown)
    return Walk(
        response=response,
        question_set=library().version(response.set_id, response.set_version),
        facts=facts,
        drafts={draft.question_id: draft for draft in drafts},
        name=name,
        language=language,
        has_kept_words=has_kept_words,
    )


def sets_for(facts: YoungFacts) -> list[str]:
    """Return the ids of the sets a young person is asked, in order (by school year, never by date of birth)."""
    return set_for(facts.year_group, facts.care, facts.flags, facts.place, facts.question_set)
