"""The record of a PEP: the child's own words first, in every section they belong to, and earlier terms below them.

What the people they live with wrote stands apart, after the child's own words, with its writer's name: never mixed in.

Read from ``SentAnswer`` and ``SharedRoute`` (what they put in from their own route) only, through the one audience predicate.
What a reader may not see leaves no trace: no gap, no count. The number of queries does not depend on how much has been said
(see the test that counts them).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core.web.terms import term_name_in
from app.pathways import my_route
from app.pathways.models import SharedRoute
from app.people.audience import ADULT_WORDS_READERS, ADULT_WORDS_SHARED, Dial, Share
from app.people.models import Pep, Person, Role, YoungPerson
from app.people.peps import peps_of
from app.people.policy import RECORD_READERS, require_connection
from app.people.sessions import Actor
from app.questions.library import library
from app.questions.schema import SECTIONS
from app.questions.types import type_of
from app.questions.wording import Text, Wording, section_heading
from app.voice.models import How, SentAnswer, State

# How the meeting was is for quality checks, as counts; it is not a section of the PEP (voice-questions, section 3).
NOT_IN_THE_RECORD = frozenset({"meeting-feedback"})


@dataclass(frozen=True, slots=True)
class May:
    """What one reader may see: answers, and what came from the young person's own route."""

    answer: Callable[[SentAnswer], bool]
    route: Callable[[SharedRoute], bool]
    themselves: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One thing the young person said, or somebody they live with wrote (``by`` is their name), as this reader may see it.

    ``from_route``: they put it in from their own route (``sent_answer_id`` is then that copy's); ``beneath`` names its steps in
    the reader's language, where that is another than the words'.
    """

    sent_answer_id: uuid.UUID
    asked: Text
    asked_as_shown: Text
    words: list[Text]
    own_words: bool
    state: State
    how: str
    helper_role: str | None
    language: str
    share: Share
    sent_at: datetime
    changed: bool
    by: str | None = None
    by_role: str | None = None
    from_route: bool = False
    beneath: Text | None = None

    @property
    def asked_in_another_language(self) -> bool:
        """True when the young person read the question in another language than this reader does."""
        return self.asked_as_shown.language != self.asked.language and self.asked_as_shown.text != self.asked.text


@dataclass(slots=True)
class Section:
    """A section of the PEP: what was said this term, and in earlier ones, newest first.

    ``home_now`` and ``home_earlier`` are what the people they live with wrote.
    """

    key: str
    heading: Text
    now: list[Said] = field(default_factory=list)
    earlier: list[tuple[Pep, list[Said]]] = field(default_factory=list)
    home_now: list[Said] = field(default_factory=list)
    home_earlier: list[tuple[Pep, list[Said]]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """True when nothing stands in it for this reader."""
        return not (self.now or self.earlier or self.home_now or self.home_earlier)


@dataclass(frozen=True, slots=True)
class Record:
    """The record of one PEP for one reader."""

    pep: Pep
    young_person: Person
    facts: YoungPerson
    sections: list[Section]

    @property
    def is_empty(self) -> bool:
        """True when nothing stands in it for this reader, this term or before."""
        return not self.sections

    @property
    def said_this_term(self) -> bool:
        """True when something was said for this PEP."""
        return any(section.now for section in self.sections)


def for_adult(session: Session, actor: Actor, pep_id: uuid.UUID, on: date, language: str) -> Record:
    """Return the record as one adult may see it. Raises NotFound when they are not connected to the young person that day."""
    pep = _pep(session, pep_id)
    roles = require_connection(session, actor, pep.young_person_id, on, RECORD_READERS)
    facts = _facts(session, pep)
    return _gather(session, pep, facts, _may(actor.person_id, roles, facts.care), language)


def for_young_person(session: Session, actor: Actor, pep_id: uuid.UUID, language: str) -> Record:
    """Return the record as the young person themselves sees it: all they sent. Raises NotFound for anybody else's PEP."""
    pep = _pep(session, pep_id)
    if pep.young_person_id != actor.person_id:
        raise NotFound
    return _gather(session, pep, _facts(session, pep), _THEMSELVES, language)


def _pep(session: Session, pep_id: uuid.UUID) -> Pep:
    pep = session.get(Pep, pep_id)
    if pep is None:
        raise NotFound
    return pep


def _facts(session: Session, pep: Pep) -> YoungPerson:
    return session.scalars(select(YoungPerson).where(YoungPerson.person_id == pep.young_person_id)).one()


def _may(person_id: uuid.UUID, roles: Collection[Role], care: str) -> May:
    def allowed(answer: SentAnswer) -> bool:
        if _from_home(answer):
            theirs = answer.by_person_id == person_id
            return answer.share in ADULT_WORDS_SHARED and (theirs or bool(ADULT_WORDS_READERS & frozenset(roles)))
        return Dial(answer.share, tuple(answer.chosen), answer.question_id, care).allows(person_id, roles)

    return May(allowed, lambda route: my_route.dial_of(route, care).allows(person_id, roles))


def _may_themselves(answer: SentAnswer) -> bool:
    """The young person sees all they sent, and what was written about them at home unless it is not for them now."""
    return not _from_home(answer) or answer.share == Share.pep


_THEMSELVES = May(_may_themselves, lambda route: True, themselves=True)


def _from_home(answer: SentAnswer) -> bool:
    return answer.by_person_id != answer.young_person_id


def _gather(session: Session, pep: Pep, facts: YoungPerson, may: May, language: str) -> Record:
    person = session.get_one(Person, pep.young_person_id)
    peps = {one.id: one for one in peps_of(session, pep.young_person_id)}
    reading = Reading(language, person.name, facts.place)
    everything = _standing_with_writers(session, pep.young_person_id)
    changed = _changed_for(session, [answer for answer, _writer in everything], may)
    sections = {key: Section(key, section_heading(key, language)) for key in SECTIONS if key not in NOT_IN_THE_RECORD}
    for answer, writer in everything:
        section = sections.get(answer.section)
        if section is None or not may.answer(answer):
            continue
        home = _from_home(answer)
        if answer.pep_id == pep.id:
            said = reading.said(answer, pep.term, writer, changed=answer.id in changed)
            (section.home_now if home else section.now).append(said)
        elif peps[answer.pep_id].term < pep.term:
            earlier = peps[answer.pep_id]
            said = reading.said(answer, earlier.term, writer, changed=answer.id in changed)
            _put_earlier(section.home_earlier if home else section.earlier, earlier, said)
    _put_routes(session, sections[my_route.SECTION], pep, peps, may, language)
    for section in sections.values():
        for terms in (section.earlier, section.home_earlier):
            terms.sort(key=lambda pair: pair[0].term, reverse=True)
    filled = [section for section in sections.values() if not section.is_empty]
    return Record(pep, person, facts, filled)


def _put_routes(
    session: Session, section: Section, pep: Pep, peps: dict[uuid.UUID, Pep], may: May, language: str
) -> None:
    """Put what came from the young person's own route behind what they answered, this term and before."""
    every = [row for row in my_route.every_shared(session, pep.young_person_id) if may.route(row)]
    for row in every:
        if not my_route.stands(row):
            continue
        older = [one for one in every if one.pep_id == row.pep_id and one.revision < row.revision]
        said = _said_on_route(session, row, language, may.themselves, any(one.words != row.words for one in older))
        if row.pep_id == pep.id:
            section.now.append(said)
        elif peps[row.pep_id].term < pep.term:
            _put_earlier(section.earlier, peps[row.pep_id], said)


def _said_on_route(session: Session, row: SharedRoute, language: str, themselves: bool, changed: bool) -> Said:
    names = my_route.step_names(session, row.steps, language) if row.language != language else ""
    # TRANSLATORS: in the record of a PEP, over what a young person put in from their own route; the first speaks to them
    asked = (
        _("Your dream, and the steps you think about")
        if themselves
        else _("Their dream, and the steps they think about")
    )
    return Said(
        sent_answer_id=row.id,
        asked=Text(asked, language),
        asked_as_shown=Text(asked, language),
        words=[Text(row.words, row.language)],
        own_words=True,
        state=State.answered,
        how=How.self_,
        helper_role=None,
        language=row.language,
        share=Share(row.share),
        sent_at=row.sent_at,
        changed=changed,
        from_route=True,
        beneath=Text(names, language) if names else None,
    )


def standing(session: Session, young_person_id: uuid.UUID) -> list[SentAnswer]:
    """Return every answer of the young person's own that stands sent now, in the order of the bank."""
    return [
        answer
        for answer, _writer in _standing_with_writers(session, young_person_id)
        if answer.by_person_id == young_person_id
    ]


def _standing_with_writers(session: Session, young_person_id: uuid.UUID) -> list[tuple[SentAnswer, str]]:
    """Return every answer that stands sent now with the name of who wrote it, in the order of the bank."""
    rows = session.execute(
        select(SentAnswer, Person.name)
        .join(Person, Person.id == SentAnswer.by_person_id)
        .where(
            SentAnswer.young_person_id == young_person_id,
            SentAnswer.superseded_at.is_(None),
            SentAnswer.withdrawn_at.is_(None),
        )
    )
    return sorted(((answer, name) for answer, name in rows), key=lambda row: (_place_in_bank(row[0]), row[1]))


def _changed_for(session: Session, standing: list[SentAnswer], may: May) -> set[uuid.UUID]:
    """Return which answers have other words now than this reader may have read before.

    What was kept from them before, and a change of readers alone, leave no mark: a mark would tell of what they may not know.
    """
    again = {(answer.response_id, answer.question_id): answer for answer in standing if answer.revision > 1}
    if not again:
        return set()
    before = session.scalars(
        select(SentAnswer).where(
            SentAnswer.response_id.in_({response_id for response_id, _question in again}),
            SentAnswer.superseded_at.is_not(None) | SentAnswer.withdrawn_at.is_not(None),
        )
    )
    changed = set()
    for old in before:
        new = again.get((old.response_id, old.question_id))
        if (
            new is not None
            and may.answer(old)
            and (old.state, old.content["value"]) != (new.state, new.content["value"])
        ):
            changed.add(new.id)
    return changed


def _place_in_bank(answer: SentAnswer) -> tuple[str, int, str]:
    question_set = library().version(answer.set_id, answer.set_version)
    position = next((i for i, question in enumerate(question_set.questions) if question.id == answer.question_id), 999)
    # The set for the age comes first, then the add-on and the wishes for the meeting.
    return ("z" if answer.set_id in ("meeting", "ucic") else "a") + answer.set_id, position, answer.question_id


def _put_earlier(terms: list[tuple[Pep, list[Said]]], pep: Pep, said: Said) -> None:
    for known, entries in terms:
        if known.id == pep.id:
            entries.append(said)
            return
    terms.append((pep, [said]))


class Reading:
    """Puts answers into words for one reader; a set's wording is looked up once."""

    def __init__(self, language: str, name: str, place: str) -> None:
        self.language = language
        self._name = name
        self._place = place
        self._wordings: dict[tuple[str, int, str], Wording] = {}

    def said(self, answer: SentAnswer, term: str, writer: str = "", *, changed: bool) -> Said:
        """Return an answer in words; ``writer`` is who wrote it, where it is not the young person."""
        home = _from_home(answer)
        wording = self._wording(answer, term)
        question = wording.question_set.question(answer.question_id)
        kind = type_of(question)
        words = kind.words(kind.from_json(answer.content["value"]), question, wording)
        # What the young person typed is in the language of the page they typed it on, as far as we know.
        own = [text for text in words if not text.language]
        return Said(
            sent_answer_id=answer.id,
            asked=wording.ask(question),
            asked_as_shown=Text(answer.content.get("asked", ""), answer.language),
            words=[text if text.language else Text(text.text, answer.language) for text in words],
            own_words=bool(own),
            state=State(answer.state),
            how=answer.how,
            helper_role=answer.helper_role,
            language=answer.language,
            share=Share(answer.share),
            sent_at=answer.sent_at,
            changed=changed,
            by=writer if home else None,
            by_role=answer.by_role if home else None,
        )

    def _wording(self, answer: SentAnswer, term: str) -> Wording:
        key = (answer.set_id, answer.set_version, term)
        if key not in self._wordings:
            question_set = library().version(answer.set_id, answer.set_version)
            named = term_name_in(term, self.language)
            self._wordings[key] = Wording(question_set, self.language, self._place, name=self._name, term=named)
        return self._wordings[key]
