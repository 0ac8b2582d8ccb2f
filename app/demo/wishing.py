"""Wishes of the demo and their way: rows as the pages of children and workers would have left them, at the times they would have.

Like the rest of the story they cannot be made by the ledger's own functions, which write *now*. What the ledger would refuse is
refused here too: a quote that does not stand in the answer, an adult who may not see the wish, a 'no' without its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import new_id
from app.demo.telling import StoryBroken
from app.demo.terms import on_a_weekday
from app.demo.wished import Event, Why, Wished
from app.people.audience import Dial
from app.people.models import Pep, Person, Role
from app.people.policy import RULES
from app.voice.models import SentAnswer
from app.wishes import clock_rules
from app.wishes.models import (
    Raised,
    ReplyKind,
    State,
    Verdict,
    WhyAsked,
    Wish,
    WishReply,
    WishStep,
    WishVerdict,
)
from app.wishes.views import SECTION

_MORNING = time(10, 5)
_AFTER_SCHOOL = time(16, 40)
_SOON_AFTER = timedelta(minutes=25)
# How long somebody took to ask why their words were opened, and how long the adult took to say.
_ASKED_AFTER = timedelta(hours=3)
_SAID_AFTER = timedelta(hours=5)


@dataclass
class Wishing:
    """Writes one wish of one young person and everything on its way."""

    session: Session
    young: Person
    pep: Pep
    adults: Mapping[str, Person]
    told: Wished
    today: date
    _last: datetime = field(init=False)
    _row: Wish = field(init=False)

    def write(self) -> Wish:
        """Write the wish. Raises StoryBroken for what the ledger would refuse."""
        answer = self._answer()
        self._last = self._first_moment(answer)
        self._row = self._raised(answer)
        self.session.add(self._row)
        self.session.flush()
        lifter = self.adults[self.told.lifted_by] if self.told.lifted_by else None
        self._audit("wish.lifted" if lifter else "wish.raised", lifter, self._row.section)
        self._seen_and_taken_on()
        for event in self.told.way:
            self._happen(event)
        self.session.flush()
        return self._row

    def _answer(self) -> SentAnswer | None:
        if self.told.answer is None:
            return None
        answer = self.session.scalars(
            select(SentAnswer).where(
                SentAnswer.pep_id == self.pep.id,
                SentAnswer.by_person_id == self.young.id,
                SentAnswer.question_id == self.told.answer,
                SentAnswer.superseded_at.is_(None),
                SentAnswer.withdrawn_at.is_(None),
            )
        ).one_or_none()
        said = answer.content["value"].get("text") if answer else None
        if answer is None or not said or (self.told.words or said) not in said:
            raise StoryBroken(f"{self.young.name}, {self.told.answer}: these words were not sent")
        return answer

    def _first_moment(self, answer: SentAnswer | None) -> datetime:
        if answer is not None and self.told.day is None:
            return answer.sent_at + timedelta(minutes=2)
        moment = datetime.combine(self._day(self.told.day or 0), _AFTER_SCHOOL, tzinfo=clock.LONDON)
        return max(moment, answer.sent_at + _SOON_AFTER) if answer else moment

    def _day(self, days: int) -> date:
        """Return the day so many days after the meeting, or after today; nothing in a story is later than yesterday."""
        first = self.pep.meeting_on if self.told.term < 0 and self.pep.meeting_on else self.today
        return min(first + timedelta(days=days), self.today - timedelta(days=1))

    def _moment(self, days: int) -> datetime:
        """Return when on that day something was done: always after what came before it."""
        self._last = max(
            datetime.combine(self._day(days), _MORNING, tzinfo=clock.LONDON),
            self._last.astimezone(clock.LONDON) + _SOON_AFTER,
        )
        return self._last

    def _raised(self, answer: SentAnswer | None) -> Wish:
        by = self.adults[self.told.lifted_by] if self.told.lifted_by else self.young
        if by is not self.young and Role(by.role) not in (RULES["pep.lift_wish"].who or ()):
            raise StoryBroken(f"{by.name} lifts no wishes")
        return Wish(
            id=(wish_id := new_id()),
            key=f"answer:{answer.id}" if answer and by is self.young else str(wish_id),
            young_person_id=self.young.id,
            pep_id=self.pep.id,
            sent_answer_id=answer.id if answer else None,
            question_id=answer.question_id if answer else None,
            section=answer.section if answer else SECTION,
            words=self.told.words or (answer.content["value"]["text"] if answer else ""),
            language=answer.language if answer else self.told.language or "en-GB",
            share=answer.share if answer else self.told.share,
            chosen=list(answer.chosen) if answer else [],
            raised_by=Raised.child if by is self.young else Raised.worker,
            raised_by_id=by.id,
            raised_at=self._last,
            state=State.new,
            version=1,
        )

    def _adult(self, key: str | None) -> Person:
        """Return an adult around them. Raises StoryBroken for one who may not see the wish."""
        adult = self.adults.get(key or "")
        care = self.young.young.care if self.young.young else ""
        dial = Dial(self._row.share, tuple(self._row.chosen), self._row.question_id or "", care)
        if adult is None or not dial.allows(adult.id, {Role(adult.role)}):
            raise StoryBroken(f"{self.young.name}: {key} may not see “{self._row.words}”")
        return adult

    def _change(self, **values: object) -> None:
        for name, value in {**values, "version": self._row.version + 1}.items():
            setattr(self._row, name, value)

    def _seen_and_taken_on(self) -> None:
        if seen := self.told.seen:
            adult, moment = self._adult(seen.by), self._moment(seen.day)
            self._change(seen_by_id=adult.id, seen_at=moment, state=State.seen)
            self._audit("wish.seen", adult)
        if own := self.told.owner:
            adult, moment = self._adult(own.by), self._moment(own.day)
            first = self.pep.meeting_on if self.told.term < 0 and self.pep.meeting_on else self.today
            due_on = on_a_weekday(first + timedelta(days=own.due))
            self._change(owner_id=adult.id, owned_at=moment, due_on=due_on, state=State.owned)
            if self._row.seen_at is None:
                self._row.seen_at, self._row.seen_by_id = moment, adult.id
            self._audit("wish.owned", adult)

    def _happen(self, event: Event) -> None:
        moment = self._moment(event.day)
        if event.verdict is not None:
            self._say_verdict(event.verdict, moment)
        elif event.says is not None:
            self._reply(event, event.says, moment)
        else:
            adult, words = self._adult(event.by), event.did or event.will or ""
            self.session.add(
                WishStep(
                    id=new_id(),
                    wish_id=self._row.id,
                    at=moment,
                    by_id=adult.id,
                    words=words,
                    done=event.did is not None,
                )
            )
            self._audit("wish.step-taken", adult)

    def _reply(self, event: Event, kind: ReplyKind, moment: datetime) -> None:
        adult, first_id = self._adult(event.by), new_id()
        said = {"wish_id": self._row.id, "kind": kind, "by_id": adult.id, "at": moment}
        self.session.add(WishReply(id=first_id, words=event.words, language=event.language, **said))
        self.session.flush()
        for language, words in event.also.items():
            self.session.add(WishReply(id=new_id(), words=words, language=language, of_id=first_id, **said))
        self._change(state=State.answered, answered_at=moment, verdict=None, ended_at=None)
        self._audit("wish.answered", adult, kind)

    def _say_verdict(self, verdict: Verdict, moment: datetime) -> None:
        if self._row.state != State.answered:
            raise StoryBroken(f"{self.young.name}: there is no answer to say anything of")
        if verdict is Verdict.not_yet:
            self._change(verdict=verdict, state=State.owned, due_on=clock_rules.look_by(moment).date())
        else:
            self._change(verdict=verdict, state=State.ended, ended_at=moment)
        self.session.add(WishVerdict(id=new_id(), wish_id=self._row.id, verdict=verdict, at=moment))
        self._audit("wish.verdict", None, verdict)

    def _audit(self, event: str, adult: Person | None, detail: str | None = None) -> None:
        who = adult or self.young
        entry = _entry(event, who, self.young, self._row.id, self._last)
        entry.detail = detail
        self.session.add(entry)


def ask_why(session: Session, young: Person, pep: Pep, adult: Person, why: Why) -> WhyAsked:
    """Write that a young person asked why an adult opened their record last, and what the adult said. Raises StoryBroken."""
    opened = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.event == "record.read", AuditEntry.thing_id == pep.id, AuditEntry.actor_id == adult.id)
        .order_by(AuditEntry.at.desc())
    ).first()
    if opened is None:
        raise StoryBroken(f"{adult.name} has not opened what {young.name} said")
    asked_at = min(opened.at + _ASKED_AFTER, clock.now())
    answered_at = min(asked_at + _SAID_AFTER, clock.now())
    row = WhyAsked(
        id=new_id(),
        audit_entry_id=opened.id,
        young_person_id=young.id,
        adult_id=adult.id,
        event=opened.event,
        opened_at=opened.at,
        asked_at=asked_at,
        words=why.words,
        language=why.language,
        answered_at=answered_at,
    )
    asked = _entry("why.asked", young, young, opened.id, asked_at)
    session.add_all([row, asked, _entry("why.answered", adult, young, opened.id, answered_at)])
    return row


def _entry(event: str, who: Person, young: Person, thing_id: UUID, at: datetime) -> AuditEntry:
    return AuditEntry(at=at, event=event, actor_id=who.id, actor_role=who.role, subject_id=young.id, thing_id=thing_id)
