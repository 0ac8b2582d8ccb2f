"""What this room keeps: when carers meet, and who asks the Virtual School for advice."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Sealed, UtcDateTime, id_column


class CarerNetworkDate(Base):
    """A date on which carers meet each other. Staff write it; carers see it until it is over."""

    __tablename__ = "carer_network_date"

    id: Mapped[uuid.UUID] = id_column()
    on: Mapped[date] = mapped_column("on_day", index=True)
    place: Mapped[str] = mapped_column(String(160))
    note: Mapped[str] = mapped_column(String(300), default="")
    made_by: Mapped[uuid.UUID] = mapped_column(Uuid)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Topic(StrEnum):
    """What a family asks about (handbook, section 1: advice for children previously in care)."""

    school = "school"
    support = "support"
    attendance = "attendance"
    move = "move"
    money = "money"
    other = "other"


class AdviceRequest(Base):
    """A family of a child previously in care asks for advice. No child's name is asked for, and there is no account."""

    __tablename__ = "advice_request"
    __table_args__ = (Index("ix_advice_request_answered_at_answer_by", "answered_at", "answer_by"),)

    id: Mapped[uuid.UUID] = id_column()
    topic: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(Sealed("advice_request.name"))
    contact: Mapped[str] = mapped_column(Sealed("advice_request.contact"))
    words: Mapped[str] = mapped_column(Sealed("advice_request.words"))
    language: Mapped[str] = mapped_column(String(10))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_by: Mapped[date]
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
