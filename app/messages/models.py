"""The outbox: what is to leave for somebody, written in the same transaction as its cause."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Sealed, SealedJson, UtcDateTime, id_column


class Kind(StrEnum):
    """How a message reaches somebody. Which channel module carries a kind is a setting."""

    email = "email"
    sms = "sms"
    screen = "screen"


class State(StrEnum):
    """Where a message is. ``dead`` is not the end: a worker can have it tried again."""

    waiting = "waiting"
    sending = "sending"
    sent = "sent"
    dead = "dead"


class Stopped(Base):
    """Somebody who wants no texts and no e-mails from us: 'stop means stop at once, on every channel' (dropins 6)."""

    __tablename__ = "message_stopped"

    person_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[uuid.UUID] = mapped_column(Uuid)


class Message(Base):
    """One message to one address. Its words are made from ``template`` when it is sent; no person's name is ever in it.

    ``attempts`` counts the times it was claimed, so that a message which brings its worker down is counted too.
    ``due_at`` moves with every failed try; ``send_after`` is what the cause asked for and stays.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_state_due_at", "state", "due_at"),
        Index("ix_message_about_person_id", "about_person_id"),
        Index("ix_message_cause_id_state", "cause_id", "state"),
        CheckConstraint("state IN ('waiting', 'sending', 'sent', 'dead')", name="state_is_known"),
        CheckConstraint("kind IN ('email', 'sms', 'screen')", name="kind_is_known"),
    )

    id: Mapped[uuid.UUID] = id_column()
    key: Mapped[str] = mapped_column(String(160), unique=True)
    kind: Mapped[str] = mapped_column(String(6))
    address: Mapped[str] = mapped_column(Sealed("message.address"))
    language: Mapped[str] = mapped_column(String(10))
    template: Mapped[str] = mapped_column(String(40))
    params: Mapped[dict[str, Any]] = mapped_column(SealedJson("message.params"))
    cause: Mapped[str] = mapped_column(String(40))
    cause_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    about_person_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    send_after: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(8), default=State.waiting)
    attempts: Mapped[int] = mapped_column(default=0)
    first_tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # A short code of ours (see the staff page), never what a server answered: that may repeat an address.
    last_error: Mapped[str | None] = mapped_column(String(40))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    provider_id: Mapped[str | None] = mapped_column(String(120))
    # The lease: who is sending it now, and until when others keep their hands off.
    claimed_by: Mapped[str | None] = mapped_column(String(80))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
