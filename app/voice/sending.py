"""Sending: what the young person chose to share leaves the draft, as an append-only copy, in one transaction.

Rooms above hear of it by the signal ``answers_sent`` inside the same transaction, so that what they write (a change in the feed)
stands or falls with the answers themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from blinker import Signal
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.people.audience import SENDABLE
from app.people.sessions import Actor
from app.questions.schema import Question
from app.voice.models import Answer, Response, SentAnswer, State

# Sent with: session, actor, sent (list of new SentAnswer), withdrawn (list of SentAnswer with withdrawn_at just set), and
# words_are_new (False when only the choice of readers changed for words that were sent before).
answers_sent = Signal("Answers were sent, or taken back, in this transaction.")


@dataclass(frozen=True, slots=True)
class Sent:
    """What one press of Send did."""

    new: list[SentAnswer]
    withdrawn: list[SentAnswer]
    kept_back: int


def send(
    session: Session,
    actor: Actor,
    response: Response,
    path: tuple[Question, ...],
    drafts: dict[str, Answer],
    untouched: Collection[str] = (),
    *,
    only: Collection[str] | None = None,
) -> Sent:
    """Copy every shared answer on the path to what adults read, and take back what is no longer shared.

    Questions in ``untouched`` stay as they are, sent or not: whoever presses here may not decide about them.

    Sending twice, also from two devices at once, changes nothing the second time: the response's row is the lock, and an
    answer that has not changed is not sent again. With ``only``, nothing but those questions is sent or taken back: an adult who
    sends what came on paper must not send what the young person is still writing.
    """
    moment = clock.now()
    # The first write is on the response: it locks the row on PostgreSQL and the file on SQLite until the commit.
    session.execute(update(Response).where(Response.id == response.id).values(sent_at=moment))
    latest = latest_sent(session, response)
    if only is not None:
        path = tuple(question for question in path if question.id in only)
        latest = {question_id: row for question_id, row in latest.items() if question_id in only}
    new: list[SentAnswer] = []
    kept_back = 0
    for question in path:
        draft = drafts.get(question.id)
        if draft is None or draft.state == State.skipped or question.id in untouched:
            continue
        if draft.share not in SENDABLE:
            kept_back += 1
            continue
        before = latest.pop(question.id, None)
        if before is None or _changed(before, draft):
            new.append(_copy(session, actor, response, question, draft, before))
    withdrawn = _withdraw({one: row for one, row in latest.items() if one not in untouched})
    session.flush()
    if new or withdrawn:
        answers_sent.send(response, session=session, actor=actor, sent=new, withdrawn=withdrawn, words_are_new=True)
    audit.record(
        session,
        actor,
        "response.sent",
        subject_id=response.young_person_id,
        thing_id=response.id,
        detail=f"{len(new)} new",
    )
    return Sent(new, withdrawn, kept_back)


def hold(session: Session, response: Response) -> None:
    """Make whoever else sends or shares answers of this response wait until we commit, and read everything anew after that.

    Without it a send that began on one phone before the young person narrowed an answer on another would send the old choice.
    """
    session.execute(update(Response).where(Response.id == response.id).values(sent_at=Response.sent_at))
    session.expire_all()


def share_anew(session: Session, actor: Actor, response: Response, question: Question, draft: Answer) -> None:
    """Let a changed choice of readers hold for what was sent already, from now on, without waiting for the next Send.

    The words stay those that were sent: what was typed since is still a draft. Call it when the choice leaves somebody out;
    a choice that only adds readers waits for Send. Nothing happens when nothing of this question stands sent.
    """
    before = latest_sent(session, response).get(question.id)
    if before is None:
        return
    new: list[SentAnswer] = []
    withdrawn: list[SentAnswer] = []
    if draft.share in SENDABLE:
        new.append(_copy(session, actor, response, question, draft, before, as_sent=True))
    else:
        withdrawn = _withdraw({question.id: before})
    session.flush()
    answers_sent.send(response, session=session, actor=actor, sent=new, withdrawn=withdrawn, words_are_new=False)


def latest_sent(session: Session, response: Response) -> dict[str, SentAnswer]:
    """Return what of this response stands sent now, by question."""
    rows = session.scalars(
        select(SentAnswer).where(
            SentAnswer.response_id == response.id, SentAnswer.superseded_at.is_(None), SentAnswer.withdrawn_at.is_(None)
        )
    )
    return {row.question_id: row for row in rows}


def waits_for_send(path: Iterable[Question], drafts: dict[str, Answer], sent: dict[str, SentAnswer]) -> bool:
    """Return whether what was sent differs from what the young person has now: people still read the older words."""
    for question in path:
        draft, before = drafts.get(question.id), sent.get(question.id)
        shared = draft is not None and draft.state != State.skipped and draft.share in SENDABLE
        if shared != (before is not None):
            return True
        if draft is not None and before is not None and _changed(before, draft):
            return True
    return False


def _changed(before: SentAnswer, draft: Answer) -> bool:
    return (before.content, before.share, before.chosen, before.state, before.how) != (
        draft.content,
        draft.share,
        draft.chosen,
        draft.state,
        draft.how,
    )


def _copy(
    session: Session,
    actor: Actor,
    response: Response,
    question: Question,
    draft: Answer,
    before: SentAnswer | None,
    *,
    as_sent: bool = False,
) -> SentAnswer:
    """Copy a draft as sent; with ``as_sent`` the words of ``before`` under the draft's choice of readers."""
    moment = clock.now()
    said = before if as_sent and before is not None else draft
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
        content=said.content,
        state=said.state,
        share=draft.share or "",
        chosen=list(draft.chosen),
        share_chosen_at=draft.share_chosen_at or draft.saved_at,
        how=said.how,
        helper_role=said.helper_role,
        by_role=str(actor.role),
        language=said.language,
        # The same words under another choice were sent when they were sent: nobody is told of them as new.
        sent_at=said.sent_at if isinstance(said, SentAnswer) else moment,
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
