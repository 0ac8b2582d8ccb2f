"""What the meeting decides, typed in beside the words it answers, and one line of answer for each section.

A decision beside an answer is read by those who may read the answer, and by nobody else: else it would tell them of it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import audit
from app.core.db import new_id
from app.people.audience import Dial, Reader, readers_today
from app.people.models import Person
from app.people.sessions import Actor
from app.pep.meeting import CannotBe, Room
from app.pep.meeting_ledger import Before, carry_on, on_the_table, visible
from app.pep.models import Line, MeetingDecision, SectionLine
from app.pep.record import Said, for_adult
from app.pep.versions import keep
from app.questions.text import Text
from app.voice.models import SentAnswer
from app.wishes.reading import WishView

LONGEST = 1_000
# How the meeting should be is answered on the checklist.
_NOT_HERE = frozenset({"meeting-preferences"})


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision with the name of who does it."""

    row: MeetingDecision
    owner: Person | None


@dataclass(slots=True)
class Answered:
    """One section in which this organiser reads something: the words, the decisions beside each, and its line.

    ``at_home`` are the words of the people the child lives with ('it will be raised at the meeting'); the line answers the child.
    """

    key: str
    heading: Text
    said: list[tuple[Said, list[Decision]]]
    at_home: list[tuple[Said, list[Decision]]]
    line: SectionLine | None


@dataclass(slots=True)
class Desk:
    """Everything the meeting works on."""

    sections: list[Answered]
    others: list[Decision]
    wishes: list[WishView]
    people: list[Reader] = field(default_factory=list)

    @property
    def without_line(self) -> list[Answered]:
        """The sections in which the child said something and nobody has answered yet."""
        return [section for section in self.sections if section.said and section.line is None]


def desk(session: Session, actor: Actor, room: Room, on: date, language: str) -> Desk:
    """Return what one organiser reads of the child's voice for this PEP, with what is decided beside it."""
    record = for_adult(session, actor, room.pep.id, on, language)
    lines = {row.section: row for row in session.scalars(select(SectionLine).where(SectionLine.pep_id == room.pep.id))}
    wishes = visible(session, actor, room)
    decisions = _readable(session, actor, room, wishes)
    beside: dict[uuid.UUID, list[Decision]] = {}
    for one in decisions:
        if one.row.sent_answer_id is not None:
            beside.setdefault(one.row.sent_answer_id, []).append(one)
    sections = [
        Answered(
            section.key,
            section.heading,
            [(said, beside.pop(said.sent_answer_id, [])) for said in section.now],
            [(said, beside.pop(said.sent_answer_id, [])) for said in section.home_now],
            lines.get(section.key),
        )
        for section in record.sections
        if (section.now or section.home_now) and section.key not in _NOT_HERE
    ]
    placed = {one.row.id for section in sections for _said, found in section.said + section.at_home for one in found}
    others = [one for one in decisions if one.row.id not in placed]
    shown = {said.sent_answer_id for section in sections for said, _found in section.said if not said.from_route}
    asked = [one for one in on_the_table(wishes, room) if one.wish.sent_answer_id not in shown]
    return Desk(sections, others, asked, readers_today(session, room.young_person.id, on))


def decide(
    session: Session,
    actor: Actor,
    room: Room,
    *,
    decision_id: uuid.UUID | None,
    once: uuid.UUID | None,
    words: str,
    owner: str,
    due_on: date | None,
    beside: str,
    language: str,
    seen: int,
    on: date,
) -> MeetingDecision:
    """Keep a decision, new or changed; a new one with the same ``once`` is the same, and the wish it answers goes with it.

    Raises CannotBe (closed, words), NotFound or NewerThere.
    """
    if room.closed:
        raise CannotBe("closed")
    said = words.strip()
    if not said:
        raise CannotBe("words")
    people = {str(one.person_id): one.person_id for one in readers_today(session, room.young_person.id, on)}
    values = {"words": said[:LONGEST], "owner_id": people.get(owner), "due_on": due_on, "language": language}
    if decision_id is None:
        before, place = Before(), _beside(session, actor, room, beside)
        key = {"pep_id": room.pep.id, "once": once or new_id()}
        row = keep(session, actor, MeetingDecision, key, values, 0, at_first=place)
    else:
        known = {one.row.id: one.row for one in _readable(session, actor, room, visible(session, actor, room))}
        if decision_id not in known:
            raise NotFound
        before = Before(known[decision_id].owner_id, known[decision_id].due_on)
        row = keep(session, actor, MeetingDecision, {"id": decision_id}, values, seen)
    carry_on(session, actor, room, row, before)
    audit.record(session, actor, "meeting.decided", subject_id=room.young_person.id, thing_id=row.id)
    return row


def keep_line(
    session: Session,
    actor: Actor,
    room: Room,
    section: str,
    *,
    kind: str,
    words: str,
    language: str,
    seen: int,
    on: date,
) -> SectionLine:
    """Keep the line that answers a section this organiser reads something in. Raises CannotBe, NotFound or NewerThere."""
    if room.closed:
        raise CannotBe("closed")
    if section not in {one.key for one in desk(session, actor, room, on, language).sections if one.said}:
        raise NotFound
    if kind not in set(Line):
        raise CannotBe("kind")
    if not words.strip():
        raise CannotBe("words")
    key = {"pep_id": room.pep.id, "section": section}
    row = keep(
        session, actor, SectionLine, key, {"kind": kind, "words": words.strip()[:LONGEST], "language": language}, seen
    )
    audit.record(
        session, actor, "meeting.answered", subject_id=room.young_person.id, thing_id=room.pep.id, detail=section
    )
    return row


def decisions_of(session: Session, pep_id: uuid.UUID) -> list[Decision]:
    """Return every decision of a meeting, oldest first: for the child's own page, and for the ledger of wishes."""
    rows = session.scalars(
        select(MeetingDecision).where(MeetingDecision.pep_id == pep_id).order_by(MeetingDecision.id)
    ).all()
    owners = {one.id: one for one in session.scalars(select(Person).where(Person.id.in_({r.owner_id for r in rows})))}
    return [Decision(row, owners.get(row.owner_id) if row.owner_id else None) for row in rows]


def _readable(session: Session, actor: Actor, room: Room, wishes: list[WishView]) -> list[Decision]:
    every = decisions_of(session, room.pep.id)
    ids = {one.row.sent_answer_id for one in every if one.row.sent_answer_id}
    answers = {row.id: row for row in session.scalars(select(SentAnswer).where(SentAnswer.id.in_(ids)))}
    known = {view.wish.id for view in wishes}
    return [one for one in every if _may_read(actor, room, one.row, answers, known)]


def _may_read(
    actor: Actor, room: Room, row: MeetingDecision, answers: dict[uuid.UUID, SentAnswer], wishes: set[uuid.UUID]
) -> bool:
    if row.sent_answer_id is not None:
        return _may(actor, room, answers[row.sent_answer_id])
    return row.wish_id is None or row.wish_id in wishes


def _may(actor: Actor, room: Room, answer: SentAnswer) -> bool:
    dial = Dial(answer.share, tuple(answer.chosen), answer.question_id, room.facts.care)
    return dial.allows(actor.person_id, room.roles)


def _beside(session: Session, actor: Actor, room: Room, beside: str) -> dict[str, uuid.UUID | None]:
    """Return what a decision answers: an answer by its id, a wish by 'wish:' and its id, or nothing. Raises NotFound."""
    if beside.startswith("wish:"):
        for view in on_the_table(visible(session, actor, room), room):
            if str(view.wish.id) == beside.removeprefix("wish:"):
                return {"sent_answer_id": None, "wish_id": view.wish.id}
        raise NotFound
    return {"sent_answer_id": _answer(session, actor, room, beside) if beside else None, "wish_id": None}


def _answer(session: Session, actor: Actor, room: Room, answer_id: str) -> uuid.UUID:
    try:
        answer = session.get(SentAnswer, uuid.UUID(answer_id))
    except ValueError:
        raise NotFound from None
    if answer is None or answer.pep_id != room.pep.id or not _may(actor, room, answer):
        raise NotFound
    return answer.id
