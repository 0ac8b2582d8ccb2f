"""What the Virtual School keeps in order: messages that could not be sent, help numbers that nobody has checked for long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.messages.models import Message, State
from app.safeguarding import keeping


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Counts; nothing here says whom a message was for."""

    unsent: int
    unchecked: int

    @property
    def waits(self) -> bool:
        """True when there is something to put in order."""
        return bool(self.unsent or self.unchecked)


def upkeep(session: Session, on: date) -> Upkeep:
    """Return what waits for somebody at the Virtual School: dead messages, and numbers not checked for 90 days or ever."""
    unsent = session.scalar(select(func.count()).select_from(Message).where(Message.state == State.dead))
    numbers = keeping.look(session, on)
    return Upkeep(unsent or 0, len(numbers.old) + len(numbers.unchecked))
