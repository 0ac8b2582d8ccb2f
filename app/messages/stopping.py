"""No texts, no e-mails: a young person's own wish, or what they told somebody on the phone. It holds at once (dropins 6).

What waits is taken back, and whatever is written later is never claimed (``app.messages.delivering.due``).
"""

from __future__ import annotations

import uuid
from typing import cast

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.audit import Who
from app.core.db import insert_if_absent
from app.messages.models import Kind, Message, State, Stopped
from app.messages.templates import TO_THEMSELVES


def to(person_id: uuid.UUID) -> ColumnElement[bool]:
    """Return what makes a message one to this young person that has not left."""
    themselves = and_(Message.about_person_id == person_id, Message.template.in_(TO_THEMSELVES))
    return and_(themselves, Message.state == State.waiting)


def unwanted() -> ColumnElement[bool]:
    """Return what makes a message one to somebody who wants none."""
    stopped = exists().where(Stopped.person_id == Message.about_person_id)
    return and_(Message.template.in_(TO_THEMSELVES), stopped)


def stop(session: Session, person_id: uuid.UUID, by_id: uuid.UUID) -> int:
    """Send a young person nothing any more, and take back what waits. Returns how many messages that were."""
    insert_if_absent(session, Stopped, {"person_id": person_id, "at": clock.now(), "by_id": by_id})
    done = session.execute(delete(Message).where(to(person_id)).execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]


def sweep(session: Session) -> None:
    """Take back what was put in the outbox for somebody who had said 'stop' already."""
    left = or_(
        Message.state == State.waiting, and_(Message.state == State.sending, Message.claimed_until < clock.now())
    )
    session.execute(delete(Message).where(left, unwanted()).execution_options(synchronize_session=False))


def begin_again(session: Session, person_id: uuid.UUID) -> None:
    """Send them messages again."""
    session.execute(delete(Stopped).where(Stopped.person_id == person_id))


def choose(session: Session, actor: Who, person_id: uuid.UUID, *, want: bool) -> None:
    """Keep whether a young person wants messages, and who said so."""
    if want:
        begin_again(session, person_id)
    else:
        stop(session, person_id, actor.person_id)
    audit.record(session, actor, "messages.stopped", subject_id=person_id, detail="begun-again" if want else None)


def is_stopped(session: Session, person_id: uuid.UUID) -> bool:
    """Return whether a young person wants no messages."""
    return session.scalar(select(Stopped.person_id).where(Stopped.person_id == person_id)) is not None


def follow(connection: Connection, person_id: uuid.UUID, number: str | None) -> None:
    """Send what waits for a young person's phone to their new number; without one it is taken back."""
    texts = (to(person_id), Message.kind == Kind.sms)
    table = cast(Table, Message.__table__)
    change = update(table).values(address=number) if number else delete(table)
    connection.execute(change.where(*texts))
