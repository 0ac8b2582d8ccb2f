"""What one press of a button on a question page does: keep the answer, then say where to go or what to show again."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.people.sessions import Actor
from app.questions.schema import Question
from app.questions.types import Fields, Unreadable, type_of
from app.voice.answering import Given, NewerElsewhere, forget_aside, save
from app.voice.models import Answer, How, State
from app.voice.walk import Walk


class Press(StrEnum):
    """The buttons of a question page."""

    next = "next"
    skip = "skip"
    no_say = "no-say"
    back = "back"
    later = "later"
    check = "check"


@dataclass(frozen=True, slots=True)
class Move:
    """Go on: to a question, to the check page (``question`` None and ``to`` check) or back to the list."""

    to: Press
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class ShowAgain:
    """Show the same question again, with everything that was typed."""

    kept: Fields
    message: str = ""
    newer: Answer | None = None
    status: int = 422
    parts: dict[str, Any] = field(default_factory=dict)


def take(session: Session, actor: Actor, walk: Walk, question: Question, form: MultiDict[str, str]) -> Move | ShowAgain:
    """Do what the pressed button says with what was typed. Nothing typed is ever dropped on the way."""
    press = _press(form)
    kept = type_of(question).kept(form)
    if press is Press.skip:
        if question.id not in walk.drafts:
            save(session, actor, walk, question, _given(actor, walk, question, State.skipped, None, form), 0)
        return _onward(walk, question, form)
    try:
        given = _read(actor, walk, question, form, press)
    except Unreadable as unreadable:
        return ShowAgain(kept=unreadable.kept, message=str(unreadable.message))
    if given is None:
        return _where(walk, question, press, form)
    outcome = save(session, actor, walk, question, given, _seen(form))
    if isinstance(outcome, NewerElsewhere):
        return ShowAgain(kept=kept, newer=outcome.draft, status=409)
    if walk.has_kept_words:
        forget_aside(session, actor, walk.response.id, question.id)
    walk.__dict__.pop("path", None)  # the answer may have opened or closed questions
    return _where(walk, question, press, form)


def _read(actor: Actor, walk: Walk, question: Question, form: MultiDict[str, str], press: Press) -> Given | None:
    """Return what was given, or None when there is nothing to keep. Raises Unreadable."""
    if press is Press.no_say:
        return _given(actor, walk, question, State.no_say, None, form)
    value = type_of(question).parse(form, question)
    if not type_of(question).is_empty(value):
        return _given(actor, walk, question, State.answered, value, form)
    draft = walk.drafts.get(question.id)
    if press in (Press.back, Press.later, Press.check) and (draft is None or draft.state != State.answered):
        return None  # leaving a question untouched is not answering it
    if draft is not None and draft.state in (State.no_say, State.skipped):
        return None
    return _given(actor, walk, question, State.skipped, None, form)


def _given(actor: Actor, walk: Walk, question: Question, state: State, value: Any, form: MultiDict[str, str]) -> Given:
    asked = walk.wording.ask(question)
    return Given(state, value, asked.text, walk.language, source_mark(actor, walk, form.get("how")))


def source_mark(actor: Actor, walk: Walk, wish: str | None) -> How:
    """Return whose hand is in the answer: decided by who is signed in, refined by what they say beside each other."""
    if walk.question_set.audience == "adult-observer":
        return How.observed
    if not actor.beside:
        return How.self_
    return How.written if wish == How.written else How.helped


def _where(walk: Walk, question: Question, press: Press, form: MultiDict[str, str]) -> Move:
    if press is Press.back:
        before = walk.before(question) if question in walk.path else None
        return Move(Press.back, before)
    if press in (Press.later, Press.check):
        return Move(press)
    return _onward(walk, question, form)


def _onward(walk: Walk, question: Question, form: MultiDict[str, str]) -> Move:
    if form.get("then") == Press.check:
        return Move(Press.check)
    following = walk.after(question) if question in walk.path else walk.first_open
    return Move(Press.next, following) if following else Move(Press.check)


def _press(form: MultiDict[str, str]) -> Press:
    try:
        return Press(form.get("do", Press.next))
    except ValueError:
        return Press.next


def _seen(form: MultiDict[str, str]) -> int:
    seen = form.get("seen", "0")
    return int(seen) if seen.isdecimal() and len(seen) < 9 else 0


def no_longer_asked() -> str:
    """Say kindly that a question fell off the path meanwhile."""
    # TRANSLATORS: shown when a question is not asked any more because an earlier answer changed
    return _(
        "We do not ask that question any more, because of another answer you gave. We kept your words in case it comes back."
    )
