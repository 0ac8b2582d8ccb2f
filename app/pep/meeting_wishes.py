"""The organiser's checklist: how the child wants their meeting to be, each wish met, partly met, or explained.

Read through the one audience predicate like everything else: a wish that is not for this organiser leaves no trace.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import audit
from app.people.audience import ADULT_WORDS_READERS, ADULT_WORDS_SHARED, NOT_FOR_THE_ROOM, Dial
from app.people.models import Flag, Pep, Person, Role
from app.people.sessions import Actor
from app.pep.meeting import CannotBe, Room
from app.pep.models import Met, PreferenceMet
from app.pep.record import NOT_IN_THE_RECORD, Reading, Said, standing
from app.pep.versions import keep
from app.questions.library import library
from app.questions.types import type_of
from app.voice.models import SentAnswer, State, own_words

SET = "meeting"
AFTER = "after-meeting"
_INTERPRETER = "mt-interpreter"
_COMFORT = "mt-comfy"
_LONGEST_WHY = 600
# "The Virtual School reads these", it says beside the question.
FOR_THE_VIRTUAL_SCHOOL = frozenset({"car-need"})


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish for the meeting, and what became of it; ``changed_since``: the child changed it after somebody had ticked it."""

    question_id: str
    said: Said
    kept: PreferenceMet | None
    changed_since: bool

    @property
    def with_care(self) -> bool:
        """True where the child names somebody, or something to be kept out: talk with them first, tell nobody."""
        return self.question_id in NOT_FOR_THE_ROOM

    @property
    def answered(self) -> bool:
        """True when somebody has ticked or explained the wish as it stands now: an answer to other words is none."""
        return self.kept is not None and not self.changed_since


@dataclass(frozen=True, slots=True)
class Checklist:
    """Everything the child asked for about the meeting that this organiser may read."""

    wishes: list[Wish]
    interpreter: bool
    signal_card: bool


def checklist(session: Session, actor: Actor, room: Room, language: str) -> Checklist:
    """Return the checklist of a meeting for one organiser."""
    answers = [one for one in _preferences(session, room) if _may(actor, room, one)]
    wishes = _wishes(session, answers, room.pep, Reading(language, room.young_person.name, room.facts.place))
    codes = {one.question_id: _codes(one) for one in answers}
    needs = set(codes.get(_INTERPRETER, ())) - {"none"}
    return Checklist(
        wishes=wishes,
        interpreter=bool(needs) or Flag.interpreter in room.facts.flags,
        signal_card=bool({"signal", "breaks"} & set(codes.get(_COMFORT, ()))),
    )


def keep_met(
    session: Session, actor: Actor, room: Room, question_id: str, *, met: str, why: str, language: str, seen: int
) -> PreferenceMet:
    """Keep whether a wish was met. 'Partly' and 'no' need their because. Raises NotFound, CannotBe or NewerThere."""
    if room.closed:
        raise CannotBe("closed")
    answer = next((one for one in _preferences(session, room) if one.question_id == question_id), None)
    if answer is None or not _may(actor, room, answer):
        raise NotFound
    if met not in set(Met):
        raise CannotBe("met")
    because = why.strip()[:_LONGEST_WHY]
    if met != Met.met and not because:
        raise CannotBe("why")
    key = {"pep_id": room.pep.id, "question_id": question_id}
    values = {"met": met, "why": because or None, "language": language, "sent_answer_id": answer.id}
    row = keep(session, actor, PreferenceMet, key, values, seen)
    detail = f"{question_id} {met}"
    audit.record(
        session, actor, "meeting.wish-met", subject_id=room.young_person.id, thing_id=room.pep.id, detail=detail
    )
    return row


def of_the_child(session: Session, person: Person, place: str, pep_id: uuid.UUID, language: str) -> list[Wish]:
    """Return the child's own wishes for their meeting that have an answer, and what became of each, for their own page."""
    every = [one for one in standing(session, person.id) if one.pep_id == pep_id and one.set_id == SET]
    answers = [one for one in every if one.state == State.answered]
    found = _wishes(session, answers, session.get_one(Pep, pep_id), Reading(language, person.name, place))
    return [one for one in found if one.answered]


def _wishes(session: Session, answers: list[SentAnswer], pep: Pep, reading: Reading) -> list[Wish]:
    rows = session.execute(
        select(PreferenceMet, SentAnswer)
        .join(SentAnswer, SentAnswer.id == PreferenceMet.sent_answer_id)
        .where(PreferenceMet.pep_id == pep.id)
    )
    kept = {row.question_id: (row, ticked) for row, ticked in rows}
    found = []
    for one in answers:
        row, ticked = kept.get(one.question_id, (None, None))
        # Other readers alone are no other wish: a mark would tell of what they may not know.
        changed = ticked is not None and ticked.content["value"] != one.content["value"]
        found.append(Wish(one.question_id, reading.said(one, pep.term, changed=False), row, changed))
    return found


def afterwards(session: Session, actor: Actor, room: Room, language: str) -> list[Said]:
    """Return how the meeting was for the child, as far as they shared it with this organiser. Never part of the record."""
    reading = Reading(language, room.young_person.name, room.facts.place)
    return [
        reading.said(one, room.pep.term, changed=False)
        for one in _answers(session, room, AFTER)
        if _may(actor, room, one)
    ]


def from_home(session: Session, actor: Actor, room: Room, language: str) -> list[Said]:
    """Return what the people at home answered about working with the school, and what would help them (the Virtual School's to
    read), as far as it is for this organiser. Never part of the record."""
    if not ADULT_WORDS_READERS & room.roles:
        return []
    reading = Reading(language, room.young_person.name, room.facts.place)
    rows = session.execute(
        select(SentAnswer, Person.name)
        .join(Person, Person.id == SentAnswer.by_person_id)
        .where(
            SentAnswer.pep_id == room.pep.id,
            ~own_words(),
            SentAnswer.section.in_(NOT_IN_THE_RECORD),
            SentAnswer.share.in_(ADULT_WORDS_SHARED),
            SentAnswer.state == State.answered,
            SentAnswer.superseded_at.is_(None),
            SentAnswer.withdrawn_at.is_(None),
        )
        .order_by(Person.name, SentAnswer.question_id)
    )
    mine = Role.virtual_school in room.roles
    return [
        reading.said(answer, room.pep.term, name, changed=False)
        for answer, name in rows
        if mine or answer.question_id not in FOR_THE_VIRTUAL_SCHOOL
    ]


def _preferences(session: Session, room: Room) -> list[SentAnswer]:
    return _answers(session, room, SET)


def _answers(session: Session, room: Room, set_id: str) -> list[SentAnswer]:
    everything = standing(session, room.young_person.id)
    return [
        one for one in everything if one.pep_id == room.pep.id and one.set_id == set_id and one.state == State.answered
    ]


def _may(actor: Actor, room: Room, answer: SentAnswer) -> bool:
    dial = Dial(answer.share, tuple(answer.chosen), answer.question_id, room.facts.care)
    return dial.allows(actor.person_id, room.roles)


def _codes(answer: SentAnswer) -> tuple[str, ...]:
    question = library().version(answer.set_id, answer.set_version).question(answer.question_id)
    kind: Any = type_of(question)
    return tuple(kind.codes(kind.from_json(answer.content["value"])))
