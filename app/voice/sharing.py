"""Turning the audience dial of one answer, before and after sending."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.audit import AuditEntry
from app.people.audience import ADULT_WORDS_SHARED, Dial, Reader, Share
from app.people.models import Role
from app.people.policy import RECORD_READERS
from app.people.sessions import Actor
from app.questions.schema import Question
from app.voice.models import Answer, SentAnswer
from app.voice.sending import latest_sent, share_anew
from app.voice.walk import Walk

# What may be chosen: by a young person for their own words, and by a carer or key worker for theirs.
BY_YOUNG = (Share.pep, Share.not_home, Share.not_school, Share.chosen, Share.unsent)
BY_ADULT = (Share.pep, Share.not_child, Share.unsent)


class NobodyChosen(ValueError):
    """'Only these people' was chosen and nobody was named."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer on the check page: in words, and who will see it."""

    question: Question
    draft: Answer | None
    readers: list[Reader]

    @property
    def waits_for_choice(self) -> bool:
        """True while the young person has not said who may read it: it is not sent."""
        return self.draft is not None and self.draft.share is None


def dial_of(draft: Answer, care: str) -> Dial:
    """Return the dial of a draft."""
    return Dial(draft.share, tuple(draft.chosen), draft.question_id, care)


def overview(walk: Walk, people: Iterable[Reader]) -> list[Seen]:
    """Return every question on the path with its answer and its readers, for the check page; nothing that is hidden."""
    readers = list(people)
    seen = []
    for question in walk.path:
        if question.id in walk.hidden:
            continue
        draft = walk.drafts.get(question.id)
        seen.append(Seen(question, draft, _who_reads(walk, draft, readers) if draft else []))
    return seen


def _who_reads(walk: Walk, draft: Answer, readers: list[Reader]) -> list[Reader]:
    if walk.by_adult:
        return readers if draft.share in ADULT_WORDS_SHARED else []
    return dial_of(draft, walk.facts.care).readers(readers)


def change(
    session: Session,
    actor: Actor,
    walk: Walk,
    question: Question,
    share: Share,
    chosen: Iterable[str],
    people: list[Reader],
) -> None:
    """Set who may read an answer. Raises ValueError for a choice that is not this person's to make, and NobodyChosen; ids that
    are not connected people are left out.

    When the answer was sent before and the new choice leaves somebody out, it is hidden from them at once, not at the next Send
    (voice-questions, section 4: a choice can be changed later).
    """
    if share not in (BY_ADULT if walk.by_adult else BY_YOUNG):
        raise ValueError(f"{share} is not offered here.")
    draft = walk.drafts[question.id]
    known = {str(reader.person_id) for reader in nameable(walk, question, people)}
    named = sorted(set(chosen) & known) if share is Share.chosen else []
    if share is Share.chosen and not named:
        raise NobodyChosen
    if (draft.share, list(draft.chosen)) == (share, named):
        return
    draft.share, draft.chosen, draft.share_chosen_at = share, named, clock.now()
    sent = latest_sent(session, walk.response).get(question.id)
    if sent is not None and _narrower(walk, question, sent, draft):
        share_anew(session, actor, walk.response, question, draft)
    audit.record(
        session,
        actor,
        "answer.sharing-changed",
        subject_id=walk.response.young_person_id,
        thing_id=walk.response.id,
        detail=f"{question.id} {share}",
    )


def _narrower(walk: Walk, question: Question, sent: SentAnswer, draft: Answer) -> bool:
    if walk.by_adult:
        return draft.share == Share.unsent or (sent.share, draft.share) == (Share.pep, Share.not_child)
    return leaves_out(Dial(sent.share, tuple(sent.chosen), question.id, walk.facts.care), draft)


def nameable(walk: Walk, question: Question, people: Iterable[Reader]) -> list[Reader]:
    """Return whom the young person can name to read this answer: not those who never see it, whoever is named."""
    return [
        one
        for one in people
        if Dial(Share.chosen, (str(one.person_id),), question.id, walk.facts.care).allows(one.person_id, one.roles)
    ]


def leaves_out(before: Dial, draft: Answer) -> bool:
    """Return whether somebody who may read what was sent may not under the draft's choice: anybody, connected today or not."""
    after = dial_of(draft, before.care)
    anybody = uuid.UUID(int=0)
    people: list[tuple[uuid.UUID, frozenset[Role]]] = [(anybody, frozenset({role})) for role in RECORD_READERS]
    people += [(uuid.UUID(one), frozenset({role})) for one in before.chosen for role in RECORD_READERS]
    return any(before.allows(*one) and not after.allows(*one) for one in people)


def already_read_by(session: Session, walk: Walk, people: Iterable[Reader]) -> list[Reader]:
    """Return who has opened the record of this PEP since answers were sent, so that a late change is honest about it."""
    if walk.response.sent_at is None:
        return []
    ids = set(
        session.scalars(
            select(AuditEntry.actor_id).where(
                AuditEntry.subject_id == walk.response.young_person_id,
                AuditEntry.event.in_(("record.read", "record.printed")),
                AuditEntry.thing_id == walk.response.pep_id,
            )
        )
    )
    return [reader for reader in people if reader.person_id in ids]


def reached(sent: Iterable[SentAnswer], care: str, people: Iterable[Reader]) -> list[tuple[Reader, int]]:
    """Return who can read something of what was sent, each with how many answers."""
    dials = [Dial(one.share, tuple(one.chosen), one.question_id, care) for one in sent]
    counted = [(reader, sum(dial.allows(reader.person_id, reader.roles) for dial in dials)) for reader in people]
    return [(reader, count) for reader, count in counted if count]
