"""What a young person, or an adult they live with, said in one term, as the rows that the real pages would have left behind, at
the times they would have.

The rooms' own functions write *now*, and a story needs a past; so the rows are built here, and a test presses Send again on what
stands at the end: nothing new may come of it. The signal ``answers_sent`` is given as the room gives it, so that the feed hears.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import new_id
from app.demo.acting import acting
from app.demo.data import Told, Words
from app.people.audience import ADULT_WORDS_READERS, ADULT_WORDS_SHARED, SHARED, Dial, Share
from app.people.models import Pep, Person, Role
from app.people.policy import RECORD_READERS
from app.people.sessions import Actor, YoungFacts
from app.questions.choosing import AFTER_MEETING
from app.questions.library import library
from app.questions.schema import Question
from app.questions.types import type_of
from app.voice.models import Answer, How, Response, SentAnswer, State
from app.voice.responses import is_short
from app.voice.sending import answers_sent
from app.voice.walk import Walk

_STATES = {"skip": State.skipped, "no-say": State.no_say}
_AFTER_SCHOOL = time(16, 20)
_LUNCH = time(12, 40)
_EACH = timedelta(seconds=35)


class StoryBroken(ValueError):
    """The history tells of something that the pages would not have let happen."""


@dataclass(frozen=True, slots=True)
class Around:
    """The adults around one young person: by their key, each with the role they have towards them."""

    adults: Mapping[str, Person]

    def with_role(self, role: Role | None) -> Person | None:
        """Return the adult with a role, None for nobody. Raises StoryBroken when there is no such adult."""
        if role is None:
            return None
        found = next((adult for adult in self.adults.values() if adult.role == role), None)
        if found is None:
            raise StoryBroken(f"there is no {role} around them")
        return found


@dataclass
class Teller:
    """Tells one set of answers of one young person for one PEP."""

    session: Session
    actor: Actor
    pep: Pep
    around: Around
    told: Told
    today: date
    _writer: Person | None = field(init=False, default=None)
    _walk: Walk = field(init=False)
    _latest: dict[str, SentAnswer] = field(init=False, default_factory=dict)

    def tell(self) -> Response:
        """Write the response, its answers and what was sent of them, and who has read it. Raises StoryBroken."""
        self._writer = self.around.adults[self.told.by] if self.told.by else None
        response = self._begin()
        walk = self._walk = Walk(
            response=response,
            question_set=library().version(response.set_id, response.set_version),
            facts=self._facts(),
            drafts={},
            name=self.actor.name,
            language=self.told.language or "en-GB",
        )
        for place, (question_id, words) in enumerate(self.told.answers.items()):
            moment = response.began_at + _EACH * (place + 1)
            walk.drafts[question_id] = self._draft(question_id, words, moment)
        self._check_path()
        if self.told.sent is not None:
            self._send(self._at(self.told.sent, _AFTER_SCHOOL) + _EACH * (len(walk.drafts) + 3))
            self._change_and_send_again()
            self._read_by()
        self.session.flush()
        return response

    def _facts(self) -> YoungFacts:
        if self.actor.young is None:
            raise StoryBroken(f"{self.actor.name} is no young person")
        return self.actor.young

    def _at(self, days_before: int, hour: time) -> datetime:
        """Return the moment so many days before the meeting (in a term gone by) or before today; after it, of how it was."""
        last = self.pep.meeting_on if self.told.term < 0 and self.pep.meeting_on else self.today
        if self.told.set == AFTER_MEETING:
            days_before = -days_before
        return datetime.combine(last - timedelta(days=days_before), hour, tzinfo=clock.LONDON)

    def _begin(self) -> Response:
        began = self._at(self.told.sent or self.told.begun or 1, _AFTER_SCHOOL)
        question_set = library().latest(self.told.set)
        response = Response(
            id=new_id(),
            young_person_id=self.actor.person_id,
            by_person_id=self._writer.id if self._writer else self.actor.person_id,
            pep_id=self.pep.id,
            pep=self.pep,
            set_id=self.told.set,
            set_version=question_set.version,
            short=self._is_short(),
            read_notice_at=began,
            began_at=began,
        )
        self.session.add(response)
        self.session.flush()
        self._audit("response.started", began, response.id, self.told.set)
        return response

    def _is_short(self) -> bool:
        if self.told.short is not None:
            return self.told.short
        return self._writer is None and is_short(self.actor, self.told.set)

    def _draft(self, question_id: str, words: Words, moment: datetime) -> Answer:
        question = self._walk.question_set.question(question_id)
        content, state = self._content(question, words)
        share = self._share(question, words)
        helper = self.around.with_role(words.beside or self.told.beside)
        answer = Answer(
            id=new_id(),
            response_id=self._walk.response.id,
            question_id=question_id,
            version=1,
            state=state,
            content=content,
            share=share,
            chosen=self._chosen(words),
            share_chosen_at=moment if share else None,
            how=words.how or self.told.how,
            helper_role=helper.role if helper else None,
            language=self._walk.language,
            saved_at=moment,
        )
        if (answer.how == How.self_) != (helper is None) and answer.how != How.paper:
            raise StoryBroken(f"{question_id}: {answer.how} needs somebody beside them, and on one's own nobody is")
        self.session.add(answer)
        self._audit("answer.saved", moment, self._walk.response.id, question_id)
        return answer

    def _content(self, question: Question, words: Words) -> tuple[dict[str, Any], State]:
        kind = type_of(question)
        state = _STATES.get(words.say, State.answered) if isinstance(words.say, str) else State.answered
        said = [] if state is not State.answered else [words.say] if isinstance(words.say, str) else words.say
        form = MultiDict([("answer", one) for one in said] + ([("else", words.else_text)] if words.else_text else []))
        value = kind.parse(form, question)
        if state is State.answered and kind.is_empty(value):
            raise StoryBroken(f"{question.id}: nothing is said")
        return {"value": kind.to_json(value), "asked": self._walk.wording.ask(question).text}, state

    def _share(self, question: Question, words: Words) -> Share | None:
        if words.share is not None:
            return words.share
        return Share.pep if self.told.sent is not None or question.default_share == Share.pep else None

    def _chosen(self, words: Words) -> list[str]:
        return sorted(str(self.around.adults[key].id) for key in words.chosen)

    def _check_path(self) -> None:
        self._walk.__dict__.pop("path", None)
        asked = {question.id for question in self._walk.path}
        if astray := set(self._walk.drafts) - asked:
            raise StoryBroken(f"{self.actor.name}, {self.told.set}: not asked of them: {', '.join(sorted(astray))}")

    def _send(self, moment: datetime, only: Collection[str] | None = None) -> None:
        """Copy what is shared, as Send does; ``only`` names the answers that have changed since."""
        sent: list[SentAnswer] = []
        withdrawn: list[SentAnswer] = []
        latest = self._latest
        for question in self._walk.path:
            draft = self._walk.drafts.get(question.id)
            shared = ADULT_WORDS_SHARED if self._writer else SHARED
            if draft is None or draft.state == State.skipped or (only is not None and question.id not in only):
                continue
            before = latest.get(question.id)
            if before is not None:
                before.superseded_at = moment if draft.share in shared else None
                before.withdrawn_at = None if draft.share in shared else moment
            if draft.share in shared:
                latest[question.id] = self._copy(question, draft, before, moment)
                sent.append(latest[question.id])
            elif before is not None:
                withdrawn.append(before)
        self._walk.response.sent_at = moment
        self.session.add_all(sent)
        self.session.flush()
        if sent or withdrawn:
            response = self._walk.response
            actor = acting(self._writer) if self._writer else self.actor
            answers_sent.send(response, session=self.session, actor=actor, sent=sent, withdrawn=withdrawn)
        self._audit("response.sent", moment, self._walk.response.id, f"{len(sent)} new")

    def _copy(self, question: Question, draft: Answer, before: SentAnswer | None, moment: datetime) -> SentAnswer:
        response = self._walk.response
        return SentAnswer(
            id=new_id(),
            response_id=response.id,
            young_person_id=response.young_person_id,
            by_person_id=response.by_person_id,
            pep_id=response.pep_id,
            set_id=response.set_id,
            set_version=response.set_version,
            question_id=question.id,
            section=question.section,
            revision=before.revision + 1 if before else 1,
            supersedes_id=before.id if before else None,
            content=draft.content,
            state=draft.state,
            share=draft.share or "",
            chosen=list(draft.chosen),
            share_chosen_at=draft.share_chosen_at or draft.saved_at,
            how=draft.how,
            helper_role=draft.helper_role,
            by_role=str(self._writer.role if self._writer else self.actor.role),
            language=draft.language,
            sent_at=moment,
        )

    def _change_and_send_again(self) -> None:
        again = self.told.again
        if again is None:
            return
        moment = self._at(again.sent, _AFTER_SCHOOL)
        for question_id, words in again.answers.items():
            draft = self._walk.drafts[question_id]
            question = self._walk.question_set.question(question_id)
            draft.content, state = self._content(question, words)
            draft.state, draft.share, draft.chosen = state, self._share(question, words), self._chosen(words)
            draft.version, draft.saved_at, draft.share_chosen_at = draft.version + 1, moment, moment
            self._audit("answer.saved", moment, self._walk.response.id, question_id)
        self._check_path()
        self._send(moment + _EACH * 4, only=again.answers)

    def _read_by(self) -> None:
        """Let the adults who could, or those who are named, have opened the record: one a day, at lunch."""
        reached = [key for key, adult in self.around.adults.items() if self._reaches(adult)]
        readers = self.told.readers if self.told.readers is not None else reached if self.told.term < 0 else []
        last_sent = (self._walk.response.sent_at or clock.now()).astimezone(clock.LONDON).date()
        for place, key in enumerate(readers):
            day = min(last_sent + timedelta(days=1 + place), self.today - timedelta(days=1))
            moment = datetime.combine(day, _LUNCH, tzinfo=clock.LONDON) + timedelta(minutes=7 * place)
            if self._walk.response.sent_at is None or moment <= self._walk.response.sent_at:
                moment = self._walk.response.sent_at or moment
                moment += timedelta(minutes=50 + 7 * place)
            reader = self.around.adults[key]
            self._audit("record.read", min(moment, clock.now()), self.pep.id, actor=reader)

    def _reaches(self, adult: Person) -> bool:
        role = Role(adult.role)
        if self._writer:
            return role in ADULT_WORDS_READERS
        return role in RECORD_READERS and any(
            Dial(one.share, one.chosen, one.question_id, self._facts().care).allows(adult.id, {role})
            for one in self._latest.values()
        )

    def _audit(
        self, event: str, moment: datetime, thing_id: UUID, detail: str | None = None, *, actor: Person | None = None
    ) -> None:
        helper = self.around.with_role(self.told.beside) if actor is None else None
        actor = actor or self._writer
        self.session.add(
            AuditEntry(
                at=moment,
                event=event,
                actor_id=actor.id if actor else self.actor.person_id,
                actor_role=actor.role if actor else str(self.actor.role),
                helper_id=helper.id if helper else None,
                subject_id=self.actor.person_id,
                thing_id=thing_id,
                detail=detail,
            )
        )


def in_order(history: Iterable[tuple[str, Told]]) -> list[tuple[str, Told]]:
    """Return what was said in the order in which it was sent, oldest first: the order in which the feed tells of it."""
    return sorted(history, key=lambda pair: (pair[1].term, -(pair[1].sent or pair[1].begun or 0)))
