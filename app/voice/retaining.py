"""What this room does not keep for ever: drafts never sent, words put aside, photos of paper (safeguarding, section 10)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from app.core.retaining import Rule
from app.core.settings import Settings
from app.voice.models import Answer, KeptWords, PaperPhoto, Response, SentAnswer

_other = aliased(Answer)


def _never_sent(config: Settings, now: datetime) -> ColumnElement[bool]:
    """Drafts of which nothing was ever sent, in a set that its owner has not touched for long: not one question of it."""
    since = now - config.retain_drafts
    sent = exists().where(SentAnswer.response_id == Answer.response_id, SentAnswer.question_id == Answer.question_id)
    touched = exists().where(
        _other.response_id == Answer.response_id, or_(_other.saved_at >= since, _other.share_chosen_at >= since)
    )
    return and_(~sent, ~touched)


RULES = (
    Rule(
        "drafts",
        "drafts never sent",
        Answer,
        _never_sent,
        subject=select(Response.young_person_id)
        .where(Response.id == Answer.response_id)
        .correlate(Answer)
        .scalar_subquery(),
    ),
    Rule(
        "kept-words",
        "words put aside",
        KeptWords,
        lambda config, now: KeptWords.kept_at < now - config.retain_kept_words,
        subject=KeptWords.__table__.c.person_id,
    ),
    Rule(
        "paper-photos",
        "photos of paper",
        PaperPhoto,
        lambda config, now: PaperPhoto.added_at < now - config.retain_paper_photos,
        subject=select(Response.young_person_id)
        .where(Response.id == PaperPhoto.response_id)
        .correlate(PaperPhoto)
        .scalar_subquery(),
    ),
)
