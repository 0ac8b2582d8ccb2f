"""A young person's answers, and those of the people they live with: what they are writing, and what they sent.

Two tables on purpose. ``Answer`` is the draft: nobody but its writer ever reads it. ``SentAnswer`` is an append-only copy made
when they press Send; the record, the feed and everybody else read only that. Nothing leaves a draft by mistake, because there is
no code that reads drafts for anybody else. Paper is no exception: an adult who types an answer in sees again only what they
typed themselves, until the young person has changed it.

``by_person_id`` says whose answers they are. The young person's own are those where it is the young person; whoever reads
sent answers asks ``own_words()`` for these, so that a carer's words are never taken for the child's.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Sealed, SealedJson, UtcDateTime, id_column
from app.people.models import Pep


class State(StrEnum):
    """What happened with a question. 'I don't want to say' is an answer; skipping is a right."""

    answered = "answered"
    skipped = "skipped"
    no_say = "no-say"


class How(StrEnum):
    """The source mark: whose hand was in the answer. Kept with it for ever."""

    self_ = "self"
    helped = "helped"
    written = "written"
    paper = "paper"
    observed = "observed"


def _the_young_person(context: DefaultExecutionContext) -> uuid.UUID:
    """Whose answers they are when nobody else is named."""
    found: uuid.UUID = context.get_current_parameters()["young_person_id"]
    return found


class Response(Base):
    """One set of questions, answered by one person for one PEP. It keeps the version it was begun with."""

    __tablename__ = "response"
    __table_args__ = (UniqueConstraint("pep_id", "set_id", "by_person_id"),)

    id: Mapped[uuid.UUID] = id_column()
    young_person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    by_person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True, default=_the_young_person)
    pep_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pep.id"))
    set_id: Mapped[str] = mapped_column(String(30))
    set_version: Mapped[int]
    short: Mapped[bool] = mapped_column(default=False)
    read_notice_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    pep: Mapped[Pep] = relationship(lazy="joined", innerjoin=True)


class Answer(Base):
    """The draft of one answer. ``version`` counts its changes, so that a newer one elsewhere is never overwritten unseen."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("response_id", "question_id"),)

    id: Mapped[uuid.UUID] = id_column()
    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("response.id"))
    question_id: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(10))
    # {"value": …, "asked": the wording shown}: both may hold what identifies a child, so both are sealed.
    content: Mapped[dict[str, Any]] = mapped_column(SealedJson("answer.content"))
    share: Mapped[str | None] = mapped_column(String(10))
    chosen: Mapped[list[str]] = mapped_column(JSON, default=list)
    share_chosen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    how: Mapped[str] = mapped_column(String(10))
    helper_role: Mapped[str | None] = mapped_column(String(30))
    language: Mapped[str] = mapped_column(String(10))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SentAnswer(Base):
    """What somebody sent, as it was at that moment. A later one supersedes it; it is never changed."""

    __tablename__ = "sent_answer"
    __table_args__ = (
        UniqueConstraint("response_id", "question_id", "revision"),
        Index("ix_sent_answer_young_person_id_pep_id", "young_person_id", "pep_id"),
        # Who was heard this term is asked of everybody at once: the index answers it without opening a sealed row.
        Index(
            "ix_sent_answer_standing",
            "pep_id",
            "state",
            "how",
            "by_role",
            "section",
            "set_id",
            "superseded_at",
            "withdrawn_at",
            sqlite_where=text("superseded_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = id_column()
    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("response.id"))
    young_person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    by_person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), default=_the_young_person)
    pep_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pep.id"))
    set_id: Mapped[str] = mapped_column(String(30))
    set_version: Mapped[int]
    question_id: Mapped[str] = mapped_column(String(40))
    section: Mapped[str] = mapped_column(String(30))
    revision: Mapped[int]
    supersedes_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    content: Mapped[dict[str, Any]] = mapped_column(SealedJson("sent_answer.content"))
    state: Mapped[str] = mapped_column(String(10))
    share: Mapped[str] = mapped_column(String(10))
    chosen: Mapped[list[str]] = mapped_column(JSON, default=list)
    share_chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    how: Mapped[str] = mapped_column(String(10))
    helper_role: Mapped[str | None] = mapped_column(String(30))
    by_role: Mapped[str] = mapped_column(String(30))
    language: Mapped[str] = mapped_column(String(10))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def own_words() -> ColumnElement[bool]:
    """Return the condition that a sent answer is the young person's own, not that of somebody they live with."""
    return SentAnswer.by_person_id == SentAnswer.young_person_id


class PaperAnswer(Base):
    """An adult typed in what a young person wrote on paper. The words are the draft's; this says by whom, when, and which ones.

    While the draft still has this ``version``, it is the paper's. Once the young person has changed it, it is theirs alone.
    """

    __tablename__ = "paper_answer"
    __table_args__ = (UniqueConstraint("response_id", "question_id"),)

    id: Mapped[uuid.UUID] = id_column()
    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("response.id"))
    question_id: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    typed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    typed_by_role: Mapped[str] = mapped_column(String(30))
    typed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PaperPhoto(Base):
    """A photo of a paper, shown only to the worker who added it. ``place`` is one of a few, so that there are never more."""

    __tablename__ = "paper_photo"
    __table_args__ = (UniqueConstraint("response_id", "place"),)

    id: Mapped[uuid.UUID] = id_column()
    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("response.id"))
    place: Mapped[int]
    added_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    picture: Mapped[str] = mapped_column(Sealed("paper_photo.picture"))


class KeptWords(Base):
    """Words typed when the session had already run out: put aside for their owner, shown again after the next sign-in."""

    __tablename__ = "kept_words"
    __table_args__ = (UniqueConstraint("person_id", "response_id", "question_id"),)

    id: Mapped[uuid.UUID] = id_column()
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    response_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    question_id: Mapped[str] = mapped_column(String(40))
    kept: Mapped[dict[str, Any]] = mapped_column(SealedJson("kept_words.kept"))
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
