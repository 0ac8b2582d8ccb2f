"""'Your PEP on a page': what we heard, what we will do, by whom and by when, written to the child.

A printed page lies about, and others look over a shoulder. So only words that the child shared with everybody are quoted, and an
answer to other words stands on the child's own screen alone: not in print, not beside an adult, not on the organiser's copy.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.pathways import my_route
from app.pathways.models import SharedRoute
from app.people.audience import NEVER_AT_HOME, Dial, Share
from app.people.models import Pep, Person, YoungPerson
from app.people.sessions import Actor
from app.pep.meeting import Room
from app.pep.meeting_decisions import Decision, decisions_of
from app.pep.meeting_wishes import AFTER, Wish, of_the_child
from app.pep.models import Meeting, MeetingDecision, Met, SectionLine
from app.pep.record import NOT_IN_THE_RECORD, Reading, Said, standing
from app.questions.schema import SECTIONS
from app.questions.text import Text
from app.questions.wording import section_heading
from app.voice.models import SentAnswer, State
from app.wishes.ladder import dial_of
from app.wishes.models import Wish as Wished

# Whether everybody around the PEP, and whoever holds the paper, may know of what was shared so.
Open = Callable[[Dial], bool]


@dataclass(slots=True)
class Heard:
    """One section of the page: what the child said to everybody, and the answer to it; ``for_all`` is about the answer."""

    heading: Text
    said: list[Said]
    line: SectionLine | None
    for_all: bool


@dataclass(frozen=True, slots=True)
class Promised:
    """A decision, with the wish it answers where that came from no answer shown above."""

    one: Decision
    wish: Text | None
    for_all: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A wish for the meeting that was not wholly met."""

    wish: Wish
    for_all: bool


@dataclass(frozen=True, slots=True)
class OnAPage:
    """A child's PEP on a page. ``met`` counts the wishes for the meeting that were met, ``reads`` is the child's language."""

    pep: Pep
    meeting: Meeting | None
    reads: str
    heard: list[Heard]
    promised: list[Promised]
    asked: list[Asked]
    met: int

    @property
    def has_more_on_screen(self) -> bool:
        """True when something stands on it that is never printed."""
        lines = [one.for_all for one in self.heard if one.line]
        return not all([*lines, *(one.for_all for one in self.promised), *(one.for_all for one in self.asked)])


def of_child(session: Session, actor: Actor, pep_id: uuid.UUID, language: str) -> OnAPage:
    """Return the page of one of the child's own PEPs. Raises NotFound before the meeting is closed, and for anybody else's."""
    pep = session.get(Pep, pep_id)
    if pep is None or pep.young_person_id != actor.person_id or pep.closed_at is None:
        raise NotFound
    return _page(session, pep, language, lambda dial: True, all_of_it=not actor.beside)


def for_organiser(session: Session, actor: Actor, room: Room, language: str) -> OnAPage:
    """Return the page as an organiser hands it to the child: nothing that they may not read. Raises NotFound before closing."""
    if room.pep.closed_at is None:
        raise NotFound
    return _page(session, room.pep, language, lambda dial: dial.allows(actor.person_id, room.roles), all_of_it=False)


def _page(session: Session, pep: Pep, language: str, may: Open, *, all_of_it: bool) -> OnAPage:
    person = session.get_one(Person, pep.young_person_id)
    facts = session.scalars(select(YoungPerson).where(YoungPerson.person_id == person.id)).one()
    shared = _Shared(session, pep, facts.care, lambda dial: _is_for_all(dial) and may(dial))
    heard = _heard(session, pep, Reading(language, person.name, facts.place), shared, language)
    decisions = [one for one in decisions_of(session, pep.id) if not shared.not_for_the_child(one)]
    promised = [shared.promised(one) for one in decisions]
    wishes = of_the_child(session, person, facts.place, pep.id, language)
    kept = [
        Asked(one, shared.answer(one.said.sent_answer_id))
        for one in wishes
        if one.kept is not None and not one.with_care
    ]
    if not all_of_it:
        for section in heard:
            section.line = section.line if section.for_all else None
        heard = [one for one in heard if one.said or one.line]
        promised = [one for one in promised if one.for_all]
        kept = [one for one in kept if one.for_all]
    asked = [one for one in kept if one.wish.kept and one.wish.kept.met != Met.met]
    met = sum(1 for one in kept if one.for_all) - sum(1 for one in asked if one.for_all)
    return OnAPage(pep, session.get(Meeting, pep.id), person.language or language, heard, promised, asked, met)


def _is_for_all(dial: Dial) -> bool:
    return dial.share == Share.pep and dial.question_id not in NEVER_AT_HOME


class _Shared:
    """What of one PEP the child shares with everybody *now*: words that were sent again count as they were sent last."""

    def __init__(self, session: Session, pep: Pep, care: str, is_open: Open) -> None:
        self._session = session
        self._care = care
        self._open = is_open
        # How the meeting was is said after it, so nothing that was decided answers it.
        self.answers = [
            one
            for one in standing(session, pep.young_person_id)
            if one.pep_id == pep.id and one.state == State.answered and one.set_id != AFTER
        ]
        every = my_route.every_shared(session, pep.young_person_id)
        self._routes = [row for row in every if row.pep_id == pep.id and my_route.stands(row)]

    def is_open(self, answer: SentAnswer) -> bool:
        """Return whether an answer is for all."""
        return self._open(Dial(answer.share, tuple(answer.chosen), answer.question_id, self._care))

    def section(self, key: str) -> bool:
        """Return whether all that the child said in a section is: an answer to it may speak of any of it."""
        said = [self.is_open(one) for one in self.answers if one.section == key]
        said += [self._route(row) for row in self._routes if key == my_route.SECTION]
        return bool(said) and all(said)

    def answer(self, sent_answer_id: uuid.UUID) -> bool:
        """Return whether words that were sent once are for all as they stand now; taken back, they are for nobody."""
        once = self._session.get_one(SentAnswer, sent_answer_id)
        if once.by_person_id != once.young_person_id:
            return self.is_open(once)
        which = (once.response_id, once.question_id)
        return any(self.is_open(one) for one in self.answers if (one.response_id, one.question_id) == which)

    def not_for_the_child(self, one: Decision) -> bool:
        """Return whether a decision answers words that an adult at home kept from the child for now."""
        beside = one.row.sent_answer_id
        return beside is not None and self._session.get_one(SentAnswer, beside).share == Share.not_child

    def promised(self, one: Decision) -> Promised:
        """Return a decision as it stands on the page."""
        row: MeetingDecision = one.row
        wish = self._session.get(Wished, row.wish_id) if row.wish_id else None
        for_all = (row.sent_answer_id is None or self.answer(row.sent_answer_id)) and (
            wish is None or (wish.withdrawn_at is None and self._open(dial_of(wish, self._care)))
        )
        quoted = wish is not None and row.sent_answer_id is None and for_all
        return Promised(one, Text(wish.words, wish.language) if wish and quoted else None, for_all)

    def _route(self, row: SharedRoute) -> bool:
        return self._open(my_route.dial_of(row, self._care))


def _heard(session: Session, pep: Pep, reading: Reading, shared: _Shared, language: str) -> list[Heard]:
    lines = {row.section: row for row in session.scalars(select(SectionLine).where(SectionLine.pep_id == pep.id))}
    found: dict[str, Heard] = {}

    def section(key: str) -> Heard:
        return found.setdefault(
            key, Heard(section_heading(key, language), [], lines.get(key), for_all=shared.section(key))
        )

    for answer in _quotable(shared):
        section(answer.section).said.append(reading.said(answer, pep.term, changed=False))
    # A line may answer words the child kept to a few: the answer is theirs to read, the words are not quoted.
    for key in lines:
        section(key)
    for heard in found.values():
        # One page is short: where the child wrote words of their own, those stand for the section.
        heard.said = [one for one in heard.said if one.own_words] or heard.said
    return [found[key] for key in SECTIONS if key in found]


def _quotable(shared: _Shared) -> Iterable[SentAnswer]:
    elsewhere = NOT_IN_THE_RECORD | {"meeting-preferences"}
    for answer in shared.answers:
        if shared.is_open(answer) and answer.section not in elsewhere:
            yield answer
