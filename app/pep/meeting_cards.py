"""Meeting mode: what the child wants everybody in the room to hear, as large calm cards, first on the agenda.

Everything here starts from ``for_everyone``, which asks the database for answers shared with the whole PEP and for nothing
else: an answer kept from anybody is never loaded, so no page that follows can show it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import languages
from app.people.audience import AFTER_MEETING, NOT_FOR_THE_ROOM, Dial, Share, readers_today
from app.people.models import Pep, Person, YoungPerson
from app.pep.record import NOT_IN_THE_RECORD, Reading
from app.questions.library import library
from app.questions.schema import SECTIONS, Question
from app.questions.text import SOURCE_LANGUAGE, Text
from app.questions.types import type_of
from app.questions.wording import section_heading
from app.voice.models import SentAnswer, State, own_words

AGENDA = "mt-talk-about"
_PREFERENCES = "meeting-preferences"
# What a young person wants to talk about, as the sections it is about: those come first (handbook 4.3, 'my agenda').
_ABOUT: dict[str, tuple[str, ...]] = {
    "well": ("about-me", "outside-school"),
    "lessons": ("learning-progress", "attendance"),
    "help": ("send-support", "english-settling"),
    "friends": ("wellbeing-relationships",),
    "money": ("pp-plus-wishes",),
    "future": ("aspirations-he-career",),
    "move": ("transition-next-step",),
    "fix": ("desirable-outcomes",),
}


@dataclass(frozen=True, slots=True)
class Twin:
    """Words in the child's language, and in English beneath where somebody translated them and they differ."""

    own: Text
    english: Text | None


@dataclass(frozen=True, slots=True)
class Card:
    """One card: what was asked, what the child said, and whose hand was in it."""

    sent_answer_id: uuid.UUID
    heading: Twin
    asked: Twin
    words: list[Twin]
    own_words: bool
    face: str
    how: str
    is_agenda: bool


def for_everyone(session: Session, pep: Pep, care: str, on: date) -> list[SentAnswer]:
    """Return the answers that everybody in the room may see, in the order of the bank.

    Only what was shared with the whole PEP is asked for. What is never for home, how the meeting should be or was, and 'I don't
    want to say' stay out; and if one person connected today may not read an answer (a care leaver's carer or school), nobody in
    the room sees it.
    """
    rows = session.scalars(
        select(SentAnswer).where(
            SentAnswer.pep_id == pep.id,
            own_words(),
            SentAnswer.share == Share.pep,
            SentAnswer.state == State.answered,
            SentAnswer.superseded_at.is_(None),
            SentAnswer.withdrawn_at.is_(None),
            SentAnswer.section.not_in(NOT_IN_THE_RECORD),
            SentAnswer.question_id.not_in(NOT_FOR_THE_ROOM | AFTER_MEETING),
            (SentAnswer.section != _PREFERENCES) | (SentAnswer.question_id == AGENDA),
        )
    ).all()
    people = readers_today(session, pep.young_person_id, on)
    dials = [(row, Dial(row.share, tuple(row.chosen), row.question_id, care)) for row in rows]
    seen_by_all = [row for row, dial in dials if all(dial.allows(one.person_id, one.roles) for one in people)]
    return sorted(seen_by_all, key=lambda row: (SECTIONS.index(row.section), _position(row)))


def cards(session: Session, pep: Pep, person: Person, facts: YoungPerson, on: date) -> list[Card]:
    """Return the cards of a meeting in the order of the child's own agenda, in the child's language with English beneath."""
    answers = for_everyone(session, pep, facts.care, on)
    known = languages.find(person.language)
    own = Reading(known.tag if known else SOURCE_LANGUAGE, person.name, facts.place)
    english = Reading(SOURCE_LANGUAGE, person.name, facts.place)
    wanted = next((_codes(row) for row in answers if row.question_id == AGENDA), ())
    rank = {section: place for place, section in enumerate(_first(wanted))}
    ordered = sorted(answers, key=lambda row: (row.question_id != AGENDA, rank.get(row.section, len(rank))))
    return [_card(row, pep.term, own, english) for row in ordered]


def _first(wanted: tuple[str, ...]) -> list[str]:
    return [section for code in wanted for section in _ABOUT.get(code, ())]


def _card(row: SentAnswer, term: str, own: Reading, english: Reading) -> Card:
    said, plain = own.said(row, term, changed=False), english.said(row, term, changed=False)
    return Card(
        sent_answer_id=row.id,
        heading=_twin(section_heading(row.section, own.language), section_heading(row.section, SOURCE_LANGUAGE)),
        asked=_twin(said.asked, plain.asked),
        words=[_twin(*pair) for pair in zip(said.words, plain.words, strict=True)],
        own_words=said.own_words,
        face=next(iter(_codes(row)), "") if _question(row).type == "faces5" else "",
        how=row.how,
        is_agenda=row.question_id == AGENDA,
    )


def _twin(own: Text, english: Text) -> Twin:
    return Twin(own, None if own.language == english.language or own.text == english.text else english)


def _question(row: SentAnswer) -> Question:
    return library().version(row.set_id, row.set_version).question(row.question_id)


def _codes(row: SentAnswer) -> tuple[str, ...]:
    kind: Any = type_of(_question(row))
    return tuple(kind.codes(kind.from_json(row.content["value"])))


def _position(row: SentAnswer) -> int:
    return [one.id for one in library().version(row.set_id, row.set_version).questions].index(row.question_id)
