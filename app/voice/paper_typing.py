"""Typing in what came back on paper, and telling the young person that somebody did.

The rules:

- What the young person answered themselves is never overwritten, and the adult is not shown it: only that it is there.
- What one adult typed in, another adult is not shown either: the sharing boxes on the paper may leave them out.
- It is kept as the young person's draft, marked as from paper. It is sent only when the paper asks for that, and then only what
  came on paper. No box ticked means the question's own default; a question that always asks stays unsent without a tick.
- The young person sees on their next visit that it was typed in, by whom, and changes what they like.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.core import audit, clock
from app.people.audience import Reader, Share
from app.people.models import Person
from app.people.sessions import Actor
from app.questions.schema import Question
from app.questions.types import Fields, Unreadable, type_of
from app.voice import sharing
from app.voice.answering import Given, NewerElsewhere, save
from app.voice.models import Answer, How, PaperAnswer, Response, State
from app.voice.paper import on_paper
from app.voice.responses import title
from app.voice.sending import Sent, send
from app.voice.walk import Walk, build

# The fields of one question on the long form are named '<question id>.<field>'.
NO_SAY, SHARE, WHO, SEEN = "no-say", "share", "who", "seen"
_LONGEST_VERSION = 9


@dataclass(slots=True)
class Row:
    """One question on the long form, as it is shown: ``theirs`` when the young person, or another adult, has answered it."""

    question: Question
    theirs: bool = False
    by_another_adult: bool = False
    kept: Fields = field(default_factory=dict)
    no_say: bool = False
    share: str = ""
    who: list[str] = field(default_factory=list)
    seen: int = 0
    saved: bool = False
    message: str = ""


@dataclass(slots=True)
class Typed:
    """What one press of Save did. ``rows`` are to be shown again when something could not be read."""

    rows: dict[str, Row]
    saved: list[str] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[Row]:
        """The questions that need another look."""
        return [row for row in self.rows.values() if row.message]


@dataclass(frozen=True, slots=True)
class PaperNotice:
    """For the young person: an adult typed in paper answers of one set, and they have not looked at it yet."""

    response_id: uuid.UUID
    title: str
    name: str
    role: str
    typed_at: datetime
    was_sent: bool


def rows(session: Session, actor: Actor, walk: Walk) -> dict[str, Row]:
    """Return every question of the paper with what this adult typed in before; nobody else's words."""
    entries = _entries(session, walk.response)
    return {
        question.id: _row(actor, walk, question, entries.get(question.id))
        for question in on_paper(walk.question_set, walk.facts, walk.response.short)
    }


def _row(actor: Actor, walk: Walk, question: Question, entry: PaperAnswer | None) -> Row:
    draft = walk.drafts.get(question.id)
    if draft is None or (entry is None and draft.state == State.skipped):
        # A skip on a screen is a right, not an answer: what they wrote on paper fills it.
        return Row(question, seen=draft.version if draft else 0)
    if not _is_papers(draft, entry):
        return Row(question, theirs=True)
    if entry is not None and entry.typed_by_id != actor.person_id:
        return Row(question, theirs=True, by_another_adult=True)
    kept = type_of(question).filled(walk.value(draft)) if draft.state == State.answered else {}
    return Row(
        question,
        kept=kept,
        no_say=draft.state == State.no_say,
        share=_box(question, draft),
        who=list(draft.chosen),
        seen=draft.version,
        saved=draft.state != State.skipped,
    )


def _is_papers(draft: Answer, entry: PaperAnswer | None) -> bool:
    return entry is not None and entry.version == draft.version


def _box(question: Question, draft: Answer) -> str:
    """Return which sharing box the paper had ticked; none where the default speaks."""
    return "" if draft.share is None or draft.share == _default(question) else draft.share


def _default(question: Question) -> Share | None:
    return Share.pep if question.default_share == Share.pep else None


def _entries(session: Session, response: Response) -> dict[str, PaperAnswer]:
    found = session.scalars(select(PaperAnswer).where(PaperAnswer.response_id == response.id))
    return {entry.question_id: entry for entry in found}


def take(
    session: Session, actor: Actor, walk: Walk, readers: list[Reader], form: MultiDict[str, str]
) -> tuple[Walk, Typed]:
    """Keep everything on the form that can be read, and return the walk as it is now with what happened.

    One line that cannot be read keeps nothing else back.
    """
    typed = Typed(rows(session, actor, walk))
    for question_id, row in typed.rows.items():
        sub_form = part_of(form, question_id)
        if row.theirs:
            if _says_something(sub_form, row.question):
                typed.left_alone.append(question_id)
            continue
        _show_again(row, sub_form)
        _take_one(session, actor, walk, row, sub_form, typed)
    session.flush()
    session.expire_all()
    fresh = build(session, walk.response, walk.facts, walk.name, walk.language)
    _remember(session, actor, fresh, typed)
    for row in typed.rows.values():
        _share(session, actor, fresh, row, readers)
    if typed.saved:
        audit.record(
            session,
            actor,
            "paper.typed",
            subject_id=walk.response.young_person_id,
            thing_id=walk.response.id,
            detail=f"{len(typed.saved)} answers",
        )
    session.flush()
    return fresh, typed


def part_of(form: MultiDict[str, str], question_id: str) -> MultiDict[str, str]:
    """Return the fields of one question, as its type reads them."""
    start = f"{question_id}."
    pairs = [(name.removeprefix(start), text) for name, text in form.items(multi=True) if name.startswith(start)]
    return MultiDict(pairs)


def _show_again(row: Row, form: MultiDict[str, str]) -> None:
    row.kept = type_of(row.question).kept(form)
    row.no_say = bool(form.get(NO_SAY))
    row.share, row.who = form.get(SHARE, ""), form.getlist(WHO)


def _says_something(form: MultiDict[str, str], question: Question) -> bool:
    return bool(form.get(NO_SAY)) or any(
        text.strip() for name in type_of(question).fields for text in form.getlist(name)
    )


def _take_one(session: Session, actor: Actor, walk: Walk, row: Row, form: MultiDict[str, str], typed: Typed) -> None:
    question = row.question
    try:
        given = _given(walk, row, form)
    except Unreadable as unreadable:
        row.message = str(unreadable.message)
        return
    if given is None:
        return
    outcome = save(session, actor, walk, question, given, _seen(form))
    if isinstance(outcome, NewerElsewhere):
        # They answered it themselves while this form was open: theirs stays.
        row.theirs, row.kept, row.no_say = True, {}, False
        typed.left_alone.append(question.id)
        return
    row.saved, row.seen = given.state != State.skipped, outcome.draft.version
    if outcome.changed:
        typed.saved.append(question.id)


def _given(walk: Walk, row: Row, form: MultiDict[str, str]) -> Given | None:
    """Return what the paper says, None when it says nothing new. Raises Unreadable."""
    kind = type_of(row.question)
    value = kind.parse(form, row.question)
    if row.no_say:
        if not kind.is_empty(value):
            # TRANSLATORS: to a worker who types in paper: both an answer and 'I don't want to say' were given
            raise Unreadable(_("There is an answer and “I don't want to say”. Keep the one that they mean."), {})
        state, given = State.no_say, None
    elif not kind.is_empty(value):
        state, given = State.answered, value
    elif row.saved:
        state, given = State.skipped, None  # typed in by mistake, and taken out again
    else:
        return None
    return Given(state, given, walk.wording.ask(row.question).text, walk.language, source_mark(walk))


def source_mark(walk: Walk) -> How:
    """Return the mark of what came on paper. What an adult saw in a small child is never the child's own words."""
    return How.observed if walk.question_set.audience == "adult-observer" else How.paper


def _seen(form: MultiDict[str, str]) -> int:
    seen = form.get(SEEN, "0")
    return int(seen) if seen.isdecimal() and len(seen) < _LONGEST_VERSION else 0


def _remember(session: Session, actor: Actor, walk: Walk, typed: Typed) -> None:
    """Write down which drafts are the paper's now, and who typed them in."""
    entries = _entries(session, walk.response)
    moment = clock.now()
    for question_id in typed.saved:
        entry = entries.get(question_id) or PaperAnswer(response_id=walk.response.id, question_id=question_id)
        entry.version = walk.drafts[question_id].version
        entry.typed_by_id, entry.typed_by_role = actor.person_id, str(actor.role)
        entry.typed_at, entry.seen_at = moment, None
        session.add(entry)
    session.flush()


def _share(session: Session, actor: Actor, walk: Walk, row: Row, readers: list[Reader]) -> None:
    """Turn the dial as the boxes on the paper say."""
    draft = walk.drafts.get(row.question.id)
    if row.theirs or row.message or not row.saved or draft is None:
        return
    wanted: Share | None = _default(row.question)
    if row.share:
        try:
            wanted = Share(row.share)
        except ValueError:
            # TRANSLATORS: shown when the button was pressed without choosing who can see an answer
            row.message = _("Pick who can see this answer.")
            return
    if wanted is None:
        draft.share, draft.chosen, draft.share_chosen_at = None, [], None
        return
    try:
        sharing.change(session, actor, walk, row.question, wanted, row.who, readers)
    except sharing.NobodyChosen:
        # Until the names are there it reaches nobody.
        draft.share, draft.chosen, draft.share_chosen_at = None, [], None
        # TRANSLATORS: to a worker who types in paper: the box 'only these people' was ticked and no name was chosen
        row.message = _("Pick the people whose names are on the paper. If there is no name, untick the letter.")


def send_papers(session: Session, actor: Actor, walk: Walk) -> Sent | None:
    """Send what this adult typed in, because the paper asks for it; nothing that the young person is still writing.

    Returns None where there is no paper answer: an empty paper is not 'sent'.
    """
    entries = _entries(session, walk.response)
    papers = {
        question_id
        for question_id, draft in walk.drafts.items()
        if (entry := entries.get(question_id)) and _is_papers(draft, entry) and entry.typed_by_id == actor.person_id
    }
    if not papers:
        return None
    return send(session, actor, walk.response, walk.path, walk.drafts, only=papers)


def unseen(session: Session, young_person_id: uuid.UUID) -> list[PaperNotice]:
    """Return for a young person what was typed in for them since they last looked, newest first, one line a set."""
    found = session.execute(
        select(Response, Person.name, PaperAnswer.typed_by_role, PaperAnswer.typed_at)
        .join(PaperAnswer, PaperAnswer.response_id == Response.id)
        .join(Person, Person.id == PaperAnswer.typed_by_id)
        .where(Response.young_person_id == young_person_id, PaperAnswer.seen_at.is_(None))
        .order_by(PaperAnswer.typed_at.desc(), PaperAnswer.id)
    )
    newest: dict[uuid.UUID, PaperNotice] = {}
    for response, name, role, typed_at in found:
        newest.setdefault(
            response.id,
            PaperNotice(response.id, title(response.set_id), name, role, typed_at, response.sent_at is not None),
        )
    return list(newest.values())


def mark_seen(session: Session, response: Response) -> None:
    """Remember that the young person has looked at what was typed in for them."""
    waiting = list(
        session.scalars(
            select(PaperAnswer.id).where(PaperAnswer.response_id == response.id, PaperAnswer.seen_at.is_(None))
        )
    )
    if waiting:
        session.execute(update(PaperAnswer).where(PaperAnswer.id.in_(waiting)).values(seen_at=clock.now()))


def in_sections(rows: Mapping[str, Row], questions: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Return the questions by section of the PEP, in the paper's order: a new heading whenever the section changes."""
    found: list[tuple[str, list[str]]] = []
    for question_id in questions:
        section = rows[question_id].question.section
        if not found or found[-1][0] != section:
            found.append((section, []))
        found[-1][1].append(question_id)
    return found
