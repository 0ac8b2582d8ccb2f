"""Keeping an answer the moment it is given, and never losing one: not to a second tab, a second device or a second press."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.core import audit, clock
from app.core.db import insert_if_absent, new_id, stays
from app.people.audience import Share
from app.people.sessions import Actor
from app.questions.library import library
from app.questions.schema import Question
from app.questions.types import type_of
from app.voice.models import Answer, How, KeptWords, Response, State
from app.voice.walk import Walk

# Stands beside the form's own fields in words that were put aside: who sat there when they were typed.
_HELPER = "helper"


@dataclass(frozen=True, slots=True)
class Given:
    """What the young person gave to one question: ``value`` is what the question's type read, None without words."""

    state: State
    value: Any
    asked: str
    language: str
    how: How

    def content(self, question: Question) -> dict[str, Any]:
        """Return what is sealed away: the value and the wording it answers."""
        kind = type_of(question)
        value = self.value if self.value is not None else _empty(question)
        return {"value": kind.to_json(value), "asked": self.asked}


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer is on its way to the disk, or was there already just so."""

    draft: Answer
    changed: bool


@dataclass(frozen=True, slots=True)
class NewerElsewhere:
    """Another tab or device saved something newer; it is shown, and nothing is overwritten."""

    draft: Answer


def save(
    session: Session, actor: Actor, walk: Walk, question: Question, given: Given, seen: int
) -> Saved | NewerElsewhere:
    """Keep an answer if what the page showed (version ``seen``, 0 for none) is still the newest.

    The same answer again, by refresh or double press, changes nothing. The database decides, by a unique row and a conditional
    update, so that two at once cannot both win.
    """
    content = given.content(question)
    draft = walk.drafts.get(question.id)
    if draft is None:
        draft = _first(session, actor, walk, question, given, content)
        if draft is not None:
            walk.drafts[question.id] = draft
            return Saved(draft, changed=True)
        draft = _fresh(session, walk.response, question)
    walk.drafts[question.id] = draft
    if _same(draft, given, content):
        return Saved(draft, changed=False)
    if draft.version != seen or not _replace(session, actor, draft, given, content, seen):
        session.refresh(draft)
        return Saved(draft, changed=False) if _same(draft, given, content) else NewerElsewhere(draft)
    _audit(session, actor, walk.response, question)
    return Saved(draft, changed=True)


def _first(
    session: Session, actor: Actor, walk: Walk, question: Question, given: Given, content: dict[str, Any]
) -> Answer | None:
    values = {
        "id": new_id(),
        "response_id": walk.response.id,
        "question_id": question.id,
        "version": 1,
        "share": Share.pep if question.default_share == Share.pep else None,
        "chosen": [],
        "share_chosen_at": clock.now() if question.default_share == Share.pep else None,
        **_columns(actor, given, content),
    }
    if not insert_if_absent(session, Answer, values):
        return None
    _audit(session, actor, walk.response, question)
    return Answer(**values)


# Written once, by tables: this is the statement behind every press of Next.
_table = Answer.__table__.c
_CHANGED = ("version", "state", "content", "how", "helper_role", "language", "saved_at")
_REPLACE_ROW = (
    update(cast(Table, Answer.__table__))
    .where(_table.id == bindparam("draft_id"), _table.version == bindparam("seen"))
    .values({name: bindparam(f"new_{name}", type_=_table[name].type) for name in _CHANGED})
)


def _replace(session: Session, actor: Actor, draft: Answer, given: Given, content: dict[str, Any], seen: int) -> bool:
    columns = {"version": seen + 1, **_columns(actor, given, content)}
    parameters = {f"new_{name}": value for name, value in columns.items()}
    result = session.connection().execute(_REPLACE_ROW, {"draft_id": draft.id, "seen": seen, **parameters})
    if not result.rowcount:
        return False
    for name, value in columns.items():
        set_committed_value(draft, name, value)
    return True


def _columns(actor: Actor, given: Given, content: dict[str, Any]) -> dict[str, Any]:
    return {
        "state": given.state,
        "content": content,
        "how": given.how,
        "helper_role": actor.helper_role,
        "language": given.language,
        "saved_at": clock.now(),
    }


def _same(draft: Answer, given: Given, content: dict[str, Any]) -> bool:
    # The wording shown may differ (another language) while the answer is the same.
    return draft.state == given.state and draft.content["value"] == content["value"] and draft.how == given.how


def _fresh(session: Session, response: Response, question: Question) -> Answer:
    return session.scalars(
        select(Answer)
        .where(Answer.response_id == response.id, Answer.question_id == question.id)
        .execution_options(populate_existing=True)
    ).one()


def _audit(session: Session, actor: Actor, response: Response, question: Question) -> None:
    audit.record(
        session, actor, "answer.saved", subject_id=response.young_person_id, thing_id=response.id, detail=question.id
    )


def _empty(question: Question) -> Any:
    from werkzeug.datastructures import MultiDict

    return type_of(question).parse(MultiDict(), question)


def put_aside(
    session: Session,
    person_id: uuid.UUID,
    response_id: uuid.UUID,
    question_id: str,
    kept: dict[str, list[str]],
    helper_id: uuid.UUID | None = None,
) -> bool:
    """Keep what was typed when the session had run out, for its owner's next visit. Returns whether there was something.

    ``helper_id`` is the adult who sat beside them: only in front of that adult is it shown again, or to the owner alone.
    """
    if not any(text.strip() for texts in kept.values() for text in texts):
        return False
    own = session.scalar(select(Response).where(Response.id == response_id, Response.by_person_id == person_id))
    if own is None or not _asks(own, question_id):
        return False
    if helper_id is not None:
        kept = {**kept, _HELPER: [str(helper_id)]}
    stays(session)
    session.execute(_aside(person_id, response_id, question_id))
    session.add(
        KeptWords(person_id=person_id, response_id=response_id, question_id=question_id, kept=kept, kept_at=clock.now())
    )
    audit.record(session, None, "answer.put-aside", subject_id=person_id, thing_id=response_id, detail=question_id)
    session.flush()
    return True


def _asks(response: Response, question_id: str) -> bool:
    asked = library().version(response.set_id, response.set_version).questions
    return any(question.id == question_id for question in asked)


def take_back(session: Session, actor: Actor, response_id: uuid.UUID, question_id: str) -> dict[str, list[str]] | None:
    """Return what was put aside for this question, or None. It stays until the answer is saved."""
    kept = session.scalars(
        select(KeptWords.kept).where(
            KeptWords.person_id == actor.person_id,
            KeptWords.response_id == response_id,
            KeptWords.question_id == question_id,
        )
    ).first()
    if not kept or (actor.beside and kept.get(_HELPER) != [str(actor.helper_id)]):
        return None
    return {name: texts for name, texts in kept.items() if name != _HELPER}


def forget_aside(session: Session, actor: Actor, response_id: uuid.UUID, question_id: str) -> None:
    """Drop what was put aside, now that the answer is kept for good."""
    if not actor.beside or take_back(session, actor, response_id, question_id) is not None:
        session.execute(_aside(actor.person_id, response_id, question_id))


def _aside(person_id: uuid.UUID, response_id: uuid.UUID, question_id: str) -> Any:
    return delete(KeptWords).where(
        KeptWords.person_id == person_id, KeptWords.response_id == response_id, KeptWords.question_id == question_id
    )
