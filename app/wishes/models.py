"""The wish ledger: what a young person wants to happen, who does it by when, what was done, the answer, and their verdict.

No wish is ever deleted: it can be taken back by its young person, answered 'no, because', and ended by their verdict. The
database itself refuses to delete one, or anything that belongs to it.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, Uuid, event, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Sealed, UtcDateTime, id_column


class WishKept(RuntimeError):
    """Somebody tried to delete a wish, or something that belongs to one."""


class State(StrEnum):
    """Where a wish is on its way. Only the young person's verdict ends one."""

    new = "new"
    seen = "seen"
    owned = "owned"
    answered = "answered"
    ended = "ended"


# Somebody still has something to do.
OPEN = (State.new, State.seen, State.owned)


class Raised(StrEnum):
    """Whose tap made the wish. A worker may only lift one from the young person's own words, or type in one from paper."""

    child = "child"
    worker = "worker"
    paper = "paper"


class ReplyKind(StrEnum):
    """What the answer is. 'No' takes a reason."""

    yes = "yes"
    partly = "partly"
    no = "no"


class Verdict(StrEnum):
    """What the young person says of it, and nobody for them."""

    helped = "helped"
    not_yet = "not-yet"
    no = "no"


class Happened(StrEnum):
    """What the young person says some weeks after a promise: did it happen?"""

    yes = "yes"
    not_yet = "not-yet"
    no = "no"


class Wish(Base):
    """One wish, in the young person's own words. ``version`` counts its changes: of two at once, one wins and one is told."""

    __tablename__ = "wish"
    __table_args__ = (
        Index("ix_wish_young_person_id_state", "young_person_id", "state"),
        Index("ix_wish_owner_id_state_due_on", "owner_id", "state", "due_on"),
        Index("ix_wish_state_raised_at", "state", "raised_at"),
        Index("ix_wish_sent_answer_id", "sent_answer_id"),
        Index("ix_wish_pep_id", "pep_id"),
        # Few wishes come back; those that did are asked for on every worker's page.
        Index(
            "ix_wish_back_at",
            "young_person_id",
            "back_at",
            sqlite_where=text("back_at IS NOT NULL"),
            postgresql_where=text("back_at IS NOT NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = id_column()
    # The same press twice is the same wish.
    key: Mapped[str] = mapped_column(String(80), unique=True)
    young_person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    pep_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("pep.id"))
    sent_answer_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    question_id: Mapped[str | None] = mapped_column(String(40))
    section: Mapped[str] = mapped_column(String(30))
    words: Mapped[str] = mapped_column(Sealed("wish.words"))
    language: Mapped[str] = mapped_column(String(10))
    share: Mapped[str] = mapped_column(String(10))
    chosen: Mapped[list[str]] = mapped_column(JSON, default=list)
    raised_by: Mapped[str] = mapped_column(String(6))
    raised_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(8), default=State.new)
    version: Mapped[int] = mapped_column(default=1)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    owned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None]
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verdict: Mapped[str | None] = mapped_column(String(8))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The young person said that it did not help, or did not happen; and since when somebody knows.
    back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    back_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WishStep(Base):
    """Something small that was done, or is to be done. ``of_id`` is set on the same step in another language."""

    __tablename__ = "wish_step"
    __table_args__ = (UniqueConstraint("of_id", "language"),)

    id: Mapped[uuid.UUID] = id_column()
    wish_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wish.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Sealed("wish_step.words"))
    language: Mapped[str] = mapped_column(String(10), default="en-GB", server_default="en-GB")
    done: Mapped[bool] = mapped_column(default=True)
    # When a step that was promised for later was done.
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    of_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("wish_step.id"))
    # The promise was changed before it was done: the newer one is shown in its place, this one is kept.
    replaced_by_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)


class WishReply(Base):
    """An answer back. ``of_id`` is set on the same answer in another language."""

    __tablename__ = "wish_reply"
    __table_args__ = (UniqueConstraint("of_id", "language"),)

    id: Mapped[uuid.UUID] = id_column()
    wish_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wish.id"), index=True)
    kind: Mapped[str] = mapped_column(String(6))
    words: Mapped[str] = mapped_column(Sealed("wish_reply.words"))
    language: Mapped[str] = mapped_column(String(10))
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When somebody told it to a young person who wants to be told by a person, in a letter or as a recording.
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    of_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("wish_reply.id"))


class WishVerdict(Base):
    """What the young person said of it, each time they said it."""

    __tablename__ = "wish_verdict"

    id: Mapped[uuid.UUID] = id_column()
    wish_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wish.id"), index=True)
    verdict: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class WishHappened(Base):
    """What the young person said when asked 'did it happen?', once for each answer that promised something."""

    __tablename__ = "wish_happened"

    id: Mapped[uuid.UUID] = id_column()
    wish_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wish.id"), index=True)
    reply_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wish_reply.id"), unique=True)
    said: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class NewWords(Base):
    """Words that came in for a PEP and that somebody looks at within two working days. No word of them is here.

    ``dials`` says who may read what nobody has looked at: a list of [sharing, named people, question], so that it rises to nobody
    who may not. It follows the answers: what is narrowed is narrowed here, and what is taken back stands here no more.
    """

    __tablename__ = "new_words"
    __table_args__ = (
        Index("ix_new_words_young_person_id_looked_at", "young_person_id", "looked_at"),
        Index("ix_new_words_looked_at_came_at", "looked_at", "came_at"),
    )

    id: Mapped[uuid.UUID] = id_column()
    young_person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    pep_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pep.id"), index=True)
    came_at: Mapped[datetime] = mapped_column(UtcDateTime)
    dials: Mapped[list[Any]] = mapped_column(JSON)
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    looked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))


class HearBy(Base):
    """How a young person wants to be told (question mt-hear-after), and who may know that they want it so."""

    __tablename__ = "hear_by"

    young_person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    way: Mapped[str] = mapped_column(String(20))
    share: Mapped[str] = mapped_column(String(10))
    chosen: Mapped[list[str]] = mapped_column(JSON, default=list)
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WhyAsked(Base):
    """A young person asks an adult why they opened their words, and is answered."""

    __tablename__ = "why_asked"
    __table_args__ = (Index("ix_why_asked_adult_id_answered_at", "adult_id", "answered_at"),)

    id: Mapped[uuid.UUID] = id_column()
    audit_entry_id: Mapped[uuid.UUID] = mapped_column(Uuid, unique=True)
    young_person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    adult_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    event: Mapped[str] = mapped_column(String(60))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    words: Mapped[str | None] = mapped_column(Sealed("why_asked.words"))
    language: Mapped[str | None] = mapped_column(String(10))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WhyWords(Base):
    """The answer to a 'why?' in another language, as an interpreter put it."""

    __tablename__ = "why_words"
    __table_args__ = (UniqueConstraint("why_id", "language"),)

    id: Mapped[uuid.UUID] = id_column()
    why_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("why_asked.id"))
    words: Mapped[str] = mapped_column(Sealed("why_words.words"))
    language: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PlainWord(Base):
    """A word children in care dislike or do not know, and what to say instead; the Children in Care Council owns the list."""

    __tablename__ = "plain_word"

    id: Mapped[uuid.UUID] = id_column()
    word: Mapped[str] = mapped_column(String(60), unique=True)
    instead: Mapped[str] = mapped_column(String(120))
    active: Mapped[bool] = mapped_column(default=True)
    changed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


@event.listens_for(Wish, "before_delete")
@event.listens_for(WishStep, "before_delete")
@event.listens_for(WishReply, "before_delete")
@event.listens_for(WishVerdict, "before_delete")
@event.listens_for(WishHappened, "before_delete")
def _kept(_mapper: Any, _connection: Any, _row: Any) -> None:
    raise WishKept("Nobody deletes a wish.")
