"""What the Virtual School keeps in order: messages that could not be sent, help numbers that nobody has checked for long."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.messages.models import Message, State


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Counts; nothing here says whom a message was for."""

    unsent: int


def upkeep(session: Session) -> Upkeep:
    """Return what waits for somebody at the Virtual School."""
    unsent = session.scalar(select(func.count()).select_from(Message).where(Message.state == State.dead))
    return Upkeep(unsent or 0)
