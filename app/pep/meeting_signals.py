"""The silent card: four things a child can say from their phone without anybody hearing it.

A signal holds no words. It stands until the meeting is closed and is deleted then; nothing is counted afterwards.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.people.models import Pep
from app.people.sessions import Actor
from app.pep.models import MeetingSignal, Signal

# As long as a meeting and the way to it; then the child opens the card again.
TOKEN_SECONDS = 4 * 3600
_SALT = "silent-card"


@dataclass(frozen=True, slots=True)
class Signals:
    """What the organiser's screen shows. ``mark`` changes with every change, so that nothing is sent when nothing is new."""

    waiting: list[MeetingSignal]
    mark: str


def is_on(pep: Pep, on: date) -> bool:
    """Return whether the card works: on the day of the meeting, until it is closed."""
    return pep.closed_at is None and pep.meeting_on == on


def press(session: Session, actor: Actor | None, pep: Pep, signal: Signal) -> None:
    """Show ``signal`` to the organiser. Pressed again before anybody looked it stays one."""
    same = select(MeetingSignal.id).where(
        MeetingSignal.pep_id == pep.id, MeetingSignal.signal == signal, MeetingSignal.seen_at.is_(None)
    )
    if session.scalars(same).first() is not None:
        return
    session.add(MeetingSignal(pep_id=pep.id, signal=signal, at=clock.now()))
    # The audit says that the card was used, not what it said: the signal itself is not kept.
    audit.record(session, actor, "meeting.signalled", subject_id=pep.young_person_id, thing_id=pep.id)
    session.flush()


def waiting(session: Session, pep_id: uuid.UUID) -> Signals:
    """Return the signals that nobody has answered yet, the newest first."""
    rows = list(
        session.scalars(
            select(MeetingSignal)
            .where(MeetingSignal.pep_id == pep_id, MeetingSignal.seen_at.is_(None))
            .order_by(MeetingSignal.at.desc(), MeetingSignal.id.desc())
        )
    )
    digest = hashlib.sha256("".join(str(row.id) for row in rows).encode()).hexdigest()
    return Signals(rows, digest[:12])


def seen(session: Session, pep_id: uuid.UUID, ids: Collection[uuid.UUID]) -> None:
    """Mark those signals as seen that the organiser had on their screen, and no newer one."""
    session.execute(
        update(MeetingSignal)
        .where(MeetingSignal.pep_id == pep_id, MeetingSignal.id.in_(ids), MeetingSignal.seen_at.is_(None))
        .values(seen_at=clock.now())
    )


def latest(session: Session, pep_id: uuid.UUID) -> MeetingSignal | None:
    """Return the child's last signal, so that their phone can say whether somebody has seen it."""
    return session.scalars(
        select(MeetingSignal)
        .where(MeetingSignal.pep_id == pep_id)
        .order_by(MeetingSignal.at.desc(), MeetingSignal.id.desc())
        .limit(1)
    ).first()


def forget(session: Session, pep_id: uuid.UUID) -> None:
    """Delete every signal of a meeting that is over."""
    session.execute(delete(MeetingSignal).where(MeetingSignal.pep_id == pep_id))


def token_for(pep: Pep) -> str:
    """Return what the card's buttons carry: they work for some hours, also when the phone's session has run out."""
    return str(_signer().dumps(pep.id.hex))


def pep_of_token(session: Session, token: str) -> Pep | None:
    """Return the PEP whose card this token belongs to, None for a wrong or old one."""
    try:
        return session.get(Pep, uuid.UUID(_signer().loads(token, max_age=TOKEN_SECONDS)))
    except (BadSignature, ValueError):
        return None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=_SALT)
