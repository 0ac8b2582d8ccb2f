"""The paper twin: the questions as they are asked on the phone, laid out to be written on.

Two languages stand side by side: the young person's and English. A QR code names the response, never the young person, and there
is no name on the paper unless they write it there. What depends on an earlier answer is printed with its condition in words.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit, clock, languages
from app.core.db import insert_if_absent, new_id
from app.core.languages import ENGLISH, Language
from app.people import qr
from app.people.models import Pep, YoungPerson
from app.people.sessions import Actor, YoungFacts
from app.questions.choosing import AFTER_MEETING
from app.questions.library import library
from app.questions.schema import SHARING, Question, QuestionSet
from app.questions.types import askable, type_of
from app.questions.types.picking import SOMETHING_ELSE
from app.questions.wording import Text, Wording, age_group, honest_line, sharing_label
from app.voice import paper_wish
from app.voice.models import Response
from app.voice.responses import closed_lately, title
from app.voice.walk import sets_for

# How many lines to write on, by type of question; a list with 'something else' has its own line.
_LINES = {"short-text": 2, "long-text": 6}


@dataclass(frozen=True, slots=True)
class Pair:
    """The same words in the young person's language and in English; ``english`` is empty when the first is English already."""

    own: Text
    english: str

    @classmethod
    def of(cls, own: Text, english: Text | str) -> Pair:
        """Put two wordings side by side."""
        return cls(own, "" if own.language == ENGLISH.tag else str(english))


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """One question as it is printed. ``condition`` says when to answer it, ``lines`` how much room there is to write."""

    number: int
    question: Question
    ask: Pair
    help: Pair | None
    options: list[tuple[str, Pair]]
    condition: Pair | None
    lines: int

    @property
    def has_else(self) -> bool:
        """True when one option opens a line of its own."""
        return any(code == SOMETHING_ELSE for code, _label in self.options)


@dataclass(frozen=True, slots=True)
class PaperSet:
    """One set on paper, with the code of its response."""

    response: Response
    title: Pair
    address: str
    code: qr.Drawing
    questions: list[PaperQuestion]
    asks_wish: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything printed for one young person's PEP: no name in it."""

    language: Language
    pep: Pep
    first: list[Pair]
    shares: list[tuple[str, str, Pair]]
    labels: dict[str, Pair]
    sets: list[PaperSet]
    has_words: bool


def facts_of(young: YoungPerson) -> YoungFacts:
    """Return what decides which questions a young person is asked."""
    return YoungFacts(
        young.year_group, young.care, young.question_set, young.short_path, frozenset(young.flags), young.place
    )


def sets_on_paper(young: YoungPerson, pep: Pep) -> list[str]:
    """Return the sets printed for a PEP: how the meeting was, for a while after it; before, everything else that is asked."""
    return [AFTER_MEETING] if closed_lately([pep]) else sets_for(facts_of(young))


def begin_on_paper(session: Session, actor: Actor, young: YoungPerson, pep: Pep) -> list[Response]:
    """Return the responses to every set asked of a young person for a PEP, in order; those not begun yet are made now.

    A code on paper has to name something. It is the young person's response, and they go on with it on a screen if they like.
    """
    for set_id in sets_on_paper(young, pep):
        response_id = new_id()
        values = {
            "id": response_id,
            "young_person_id": young.person_id,
            "pep_id": pep.id,
            "set_id": set_id,
            "set_version": library().latest(set_id).version,
            "short": False,
            "began_at": clock.now(),
        }
        if insert_if_absent(session, Response, values):
            audit.record(
                session, actor, "response.started", subject_id=young.person_id, thing_id=response_id, detail=set_id
            )
    return printed(session, young, pep)


def printed(session: Session, young: YoungPerson, pep: Pep) -> list[Response]:
    """Return the responses that a paper for this PEP would name, in order; empty when nothing was printed or begun."""
    rows = session.scalars(select(Response).where(Response.pep_id == pep.id, Response.by_person_id == young.person_id))
    found = {row.set_id: row for row in rows}
    return [found[set_id] for set_id in sets_on_paper(young, pep) if set_id in found]


def on_paper(question_set: QuestionSet, facts: YoungFacts, short: bool) -> tuple[Question, ...]:
    """Return the questions to print: all that could come to be asked of this person, whatever they answer."""
    found: list[Question] = []
    for question in question_set.questions:
        if askable(question) and (question.short or not short) and _could_be_asked(question, facts, found):
            found.append(question)
    return tuple(found)


def _could_be_asked(question: Question, facts: YoungFacts, before: Iterable[Question]) -> bool:
    when = question.when
    if when is None:
        return True
    if when.q is not None and all(one.id != when.q for one in before):
        return False
    if when.flag is not None and when.flag not in facts.flags:
        return False
    if when.year_min is None and when.year_max is None:
        return True
    year = facts.year_group
    return year is not None and (when.year_min or year) <= year <= (
        when.year_max if when.year_max is not None else year
    )


def lay_out(
    responses: Iterable[Response], facts: YoungFacts, language: str | None, address: Callable[[uuid.UUID], str]
) -> Paper:
    """Return the paper for a young person's responses. ``address`` gives the web address that a response's code says."""
    known = languages.find(language) or ENGLISH
    made = list(responses)
    return Paper(
        language=known,
        pep=made[0].pep,
        first=_first_words(known),
        shares=shares_of(facts, known),
        labels=_labels(known),
        sets=[_set(one, facts, known, address(one.id)) for one in made],
        has_words=library().words(known.tag) is not None or known is ENGLISH,
    )


def _set(response: Response, facts: YoungFacts, language: Language, address: str) -> PaperSet:
    question_set = library().version(response.set_id, response.set_version)
    return PaperSet(
        response=response,
        title=_said(lambda: title(response.set_id), language),
        address=address,
        code=qr.draw(address),
        questions=questions_of(question_set, facts, language, response.short),
        asks_wish=paper_wish.asks(question_set),
    )


def questions_of(question_set: QuestionSet, facts: YoungFacts, language: Language, short: bool) -> list[PaperQuestion]:
    """Return a set's questions with both wordings, numbered as on the paper."""
    own = Wording(question_set, language.tag, facts.place)
    english = Wording(question_set, ENGLISH.tag, facts.place)
    asked = on_paper(question_set, facts, short)
    numbers = {question.id: number for number, question in enumerate(asked, 1)}
    return [_question(question, numbers, own, english, language) for question in asked]


def _question(
    question: Question, numbers: dict[str, int], own: Wording, english: Wording, language: Language
) -> PaperQuestion:
    help_own, help_english = own.help(question), english.help(question)
    options = [
        (code, Pair.of(own.option(question, code), english.option(question, code)))
        for code in type_of(question).option_codes(question)
    ]
    return PaperQuestion(
        number=numbers[question.id],
        question=question,
        ask=Pair.of(own.ask(question), english.ask(question)),
        help=Pair.of(help_own, help_english or "") if help_own else None,
        options=options,
        condition=_condition(question, numbers, own, english, language),
        lines=_LINES.get(question.type, 0),
    )


def _condition(
    question: Question, numbers: dict[str, int], own: Wording, english: Wording, language: Language
) -> Pair | None:
    when = question.when
    if when is None or when.q is None:
        return None
    before = own.question_set.question(when.q)
    number = numbers[when.q]

    def words(wording: Wording) -> str:
        # TRANSLATORS: puts a comma and a space between two names in a list
        picked = _(", ").join(str(wording.option(before, code)) for code in when.any or when.not_)
        if when.any:
            # TRANSLATORS: on paper, over a question that only some answer; %(options)s are answers to question %(number)s
            return _("Only if you ticked this in question %(number)s: %(options)s", number=number, options=picked)
        # TRANSLATORS: on paper, over a question that only some answer; %(options)s are answers to question %(number)s
        return _("Not if you ticked this in question %(number)s: %(options)s", number=number, options=picked)

    with force_locale(language.babel):
        first = words(own)
    with force_locale(ENGLISH.babel):
        second = words(english)
    return Pair.of(Text(first, ENGLISH.tag if first == second else language.tag), second)


def _said(words: Callable[[], str], language: Language) -> Pair:
    """Return a sentence of the pages in both languages."""
    with force_locale(language.babel):
        own = words()
    with force_locale(ENGLISH.babel):
        english = words()
    # What nobody has translated yet is English, and says so.
    return Pair.of(Text(own, ENGLISH.tag if own == english else language.tag), english)


def _first_words(language: Language) -> list[Pair]:
    """Return what stands before the first question: the same promises as on a screen, true of paper."""
    sentences: list[Callable[[], str]] = [
        # TRANSLATORS: printed on paper for a child, before the questions
        lambda: _("Write or tick what you like. You can leave anything empty. Any language is fine."),
        # TRANSLATORS: printed on paper for a child, before the questions
        lambda: _("You do not have to put your name on it."),
        # TRANSLATORS: printed on paper for a child: honest about who reads the paper
        lambda: _("Give it to an adult you trust. They read it when they type it in."),
        # TRANSLATORS: printed on paper for a child; 'your page' is where they sign in
        lambda: _("You see it on your page next time, and you can change anything."),
        # TRANSLATORS: printed on paper for a child, in place of the Help button
        lambda: _("This is not for emergencies. In danger? Call 999."),
    ]
    safety = Pair.of(honest_line(language.tag), honest_line(ENGLISH.tag))
    return [*(_said(one, language) for one in sentences), safety]


def shares_of(facts: YoungFacts, language: Language) -> list[tuple[str, str, Pair]]:
    """Return the key to the sharing boxes: code, letter on the paper, label."""
    group = age_group(sets_for(facts)[0])
    return [
        (code, letter, Pair.of(sharing_label(code, group, language.tag), sharing_label(code, group, ENGLISH.tag)))
        for code, letter in zip(SHARING, "ABCDE", strict=True)
    ]


def _labels(language: Language) -> dict[str, Pair]:
    words: dict[str, Callable[[], str]] = {
        # TRANSLATORS: heading of the paper with a child's questions. PEP stays PEP.
        "heading": lambda: _("Your PEP voice"),
        # TRANSLATORS: printed on paper over the boxes that say who may read an answer
        "who": lambda: _("Who can see it?"),
        # TRANSLATORS: printed on paper: explains the boxes A to E under each question
        "key": lambda: _("Who can see it? Under each question you can tick a letter."),
        # TRANSLATORS: printed on paper: what happens when no box is ticked
        "none": lambda: _("No letter ticked? Then it is A. Where you see a star, it stays with you until you choose."),
        # TRANSLATORS: a box on paper: an answer in itself, and a fine one
        "no_say": lambda: _("I don't want to say"),
        # TRANSLATORS: on paper, before a line for names of people
        "names": lambda: _("Names:"),
        # TRANSLATORS: on paper, under a box for a date
        "day": lambda: _("Day"),
        # TRANSLATORS: on paper, under a box for a date
        "month": lambda: _("Month"),
        # TRANSLATORS: on paper, under a box for a date
        "year": lambda: _("Year"),
        # TRANSLATORS: printed on paper for a child, over lines to write on
        "wish": lambda: _("Is there one thing you want to happen?"),
        # TRANSLATORS: printed on paper, under the question for a wish; three ways to begin
        "wish_help": lambda: _("You could start with: I want to… Please change… I need…"),
        # TRANSLATORS: printed on paper, under the lines for a wish; the last box says 'Please send this for me.'
        "wish_goes": lambda: _("Tick the last box too. Without it, your wish goes to nobody."),
        # TRANSLATORS: the last box on the paper; ticking it lets the adult send the answers
        "send": lambda: _("Please send this for me."),
        # TRANSLATORS: beside the last box on the paper
        "keep": lambda: _("No tick? Then it waits on your page, and nobody reads it there but you."),
    }
    return {name: _said(one, language) for name, one in words.items()}
