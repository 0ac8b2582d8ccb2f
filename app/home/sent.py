"""What a young person has sent, without its words: for which PEP, when, and who may read it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.audience import Dial
from app.pep.record import NOT_IN_THE_RECORD
from app.voice.models import SentAnswer, own_words


@dataclass(frozen=True, slots=True)
class SentOut:
    """One answer that stands sent."""

    pep_id: uuid.UUID
    set_id: str
    question_id: str
    share: str
    chosen: tuple[str, ...]
    sent_at: datetime

    def dial(self, care: str) -> Dial:
        """Return who may read it."""
        return Dial(self.share, self.chosen, self.question_id, care)


def sent_out(session: Session, young_person_id: uuid.UUID) -> list[SentOut]:
    """Return every answer of a young person that stands sent now. Nothing is unsealed for this."""
    rows = session.execute(
        select(
            SentAnswer.pep_id,
            SentAnswer.set_id,
            SentAnswer.question_id,
            SentAnswer.share,
            SentAnswer.chosen,
            SentAnswer.sent_at,
        ).where(
            SentAnswer.young_person_id == young_person_id,
            own_words(),
            SentAnswer.superseded_at.is_(None),
            SentAnswer.withdrawn_at.is_(None),
            SentAnswer.section.not_in(NOT_IN_THE_RECORD),
        )
    )
    return [
        SentOut(pep, set_id, question, share, tuple(chosen), at) for pep, set_id, question, share, chosen, at in rows
    ]
