"""Sending: what the young person chose to share leaves the draft, as an append-only copy, in one transaction.

Rooms above hear of it by the signal ``answers_sent`` inside the same transaction, so that what they write (a change in the feed)
stands or falls with the answers themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

from blinker import Signal
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.people.audience import ADULT_WORDS_SHARED, SHARED
from app.people.sessions import Actor
from app.questions.schema import Question
from app.voice.models import Answer, Response, SentAnswer, State

# Sent with: session, actor, sent (list of new SentAnswer), withdrawn (list of SentAnswer with withdrawn_at just set).
answers_sent = Signal("Answers were sent, or taken back, in this transaction.")


@dataclass(frozen=True, slots=True)
class Sent:
    """What one press of Send did."""

    new: list[SentAnswer]
    withdrawn: list[SentAnswer]
    kept_back: int


def send(
    session: Session, actor: Actor, response: Response, path: tuple[Question, ...], drafts: dict[str, Answer]
) -> Sent:
    """Copy every shared answer on the path to what adults read, and take back what is no longer shared.

    Sending twice, also from two devices at once, changes nothing the second time: the response's row is the lock, and an
    answer that has not changed is not sent again.
    """
    moment = clock.now()
    # The first write is on the response: it locks the row on PostgreSQL and the file on SQLite until the commit.
    session.execute(update(Response).where(Response.id == response.id).values(sent_at=moment))
    latest = latest_sent(session, response)
    shared = SHARED if response.by_person_id == response.young_person_id else ADULT_WORDS_SHARED
    new: list[SentAnswer] = []
    kept_back = 0
    for question in path:
        draft = drafts.get(question.id)
        if draft is None or draft.state == State.skipped:
            continue
        if draft.share not in shared:
            kept_back += 1
            continue
        before = latest.pop(question.id, None)
        if before is None or _changed(before, draft):
            new.append(_copy(session, actor, response, question, draft, before))
    withdrawn = _withdraw(latest)
    session.flush()
    if new or withdrawn:
        answers_sent.send(response, session=session, actor=actor, sent=new, withdrawn=withdrawn)
    audit.record(
        session,
        actor,
        "response.sent",
        subject_id=response.young_person_id,
        thing_id=response.id,
        detail=f"{len(new)} new",
    )
    return Sent(new, withdrawn, kept_back)


def latest_sent(session: Session, response: Response) -> dict[str, SentAnswer]:
    """Return what of this response stands sent now, by question."""
    rows = session.scalars(
        select(SentAnswer).where(
            SentAnswer.response_id == response.id, SentAnswer.superseded_at.is_(None), SentAnswer.withdrawn_at.is_(None)
        )
    )
    return {row.question_id: row for row in rows}


def _changed(before: SentAnswer, draft: Answer) -> bool:
    return (before.content, before.share, before.chosen, before.state, before.how) != (
        draft.content,
        draft.share,
        draft.chosen,
        draft.state,
        draft.how,
    )


def _copy(
    session: Session, actor: Actor, response: Response, question: Question, draft: Answer, before: SentAnswer | None
) -> SentAnswer:
    moment = clock.now()
    if before is not None:
        before.superseded_at = moment
    revision = _next_revision(session, response, question)
    copy = SentAnswer(
        response_id=response.id,
        young_person_id=response.young_person_id,
        by_person_id=response.by_person_id,
        pep_id=response.pep_id,
        set_id=response.set_id,
        set_version=response.set_version,
        question_id=question.id,
        section=question.section,
        revision=revision,
        supersedes_id=before.id if before else None,
        content=draft.content,
        state=draft.state,
        share=draft.share or "",
        chosen=list(draft.chosen),
        share_chosen_at=draft.share_chosen_at or draft.saved_at,
        how=draft.how,
        helper_role=draft.helper_role,
        by_role=str(actor.role),
        language=draft.language,
        sent_at=moment,
    )
    session.add(copy)
    session.flush()
    return copy


def _next_revision(session: Session, response: Response, question: Question) -> int:
    found = session.scalars(
        select(SentAnswer.revision)
        .where(SentAnswer.response_id == response.id, SentAnswer.question_id == question.id)
        .order_by(SentAnswer.revision.desc())
        .limit(1)
    ).first()
    return (found or 0) + 1


def _withdraw(left: dict[str, SentAnswer]) -> list[SentAnswer]:
    """Take back what was sent before and is now kept, cleared or no longer asked. The words stay for the audit, unseen."""
    moment = clock.now()
    for row in left.values():
        row.withdrawn_at = moment
    return list(left.values())
