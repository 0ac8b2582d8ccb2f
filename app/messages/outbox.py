"""Putting a message in the outbox, in the transaction of what caused it.

So there is no cause without its message and no message without its cause.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import insert_if_absent, new_id
from app.messages import templates
from app.messages.models import Kind, Message, State


def post(
    session: Session,
    *,
    kind: str,
    address: str,
    language: str | None,
    template: str,
    params: Mapping[str, Any] | None = None,
    cause: str,
    cause_id: uuid.UUID | None,
    about: uuid.UUID | None = None,
    key: str | None = None,
    send_after: datetime | None = None,
) -> Message:
    """Put one message in the outbox and return it; it leaves after the caller's transaction commits, or not at all.

    ``kind`` is email, sms or screen; ``language`` the reader's; ``cause`` a short code ("link.made") and ``cause_id`` what it was
    about; ``about`` the young person concerned, so that what is held about them can be found. The same ``key`` twice is the same
    message: the first one is returned. Raises TextRefused for a value that may not stand in a message, ValueError for an address
    with no one in it.
    """
    values = row(
        kind=kind,
        address=address,
        language=language,
        template=template,
        params=params,
        cause=cause,
        cause_id=cause_id,
        about=about,
        key=key,
        send_after=send_after,
    )
    key = values["key"]
    # The database decides whether the key is new: a look-up first would let two requests through at once.
    insert_if_absent(session, Message, values)
    return session.scalars(select(Message).where(Message.key == key)).one()


def row(
    *,
    kind: str,
    address: str,
    language: str | None,
    template: str,
    params: Mapping[str, Any] | None = None,
    cause: str,
    cause_id: uuid.UUID | None,
    about: uuid.UUID | None = None,
    key: str | None = None,
    send_after: datetime | None = None,
) -> dict[str, Any]:
    """Return a message as a row of the outbox. Raises what ``post`` raises."""
    given = dict(params or {})
    templates.check(template, given)
    if not address.strip() or any(mark in address for mark in "\r\n\0"):
        raise ValueError("A message needs one address.")
    moment = clock.now()
    due = max(moment, send_after) if send_after else moment
    fresh_id = new_id()
    key = key or str(fresh_id)
    return {
        "id": fresh_id,
        "key": key,
        "kind": Kind(kind),
        "address": address.strip(),
        "language": language or "en-GB",
        "template": template,
        "params": given,
        "cause": cause,
        "cause_id": cause_id,
        "about_person_id": about,
        "made_at": moment,
        "send_after": due,
        "due_at": due,
        "state": State.waiting,
        "attempts": 0,
    }


def post_all(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put several messages (``row``) in the outbox in one statement. Their keys are new, or the caller's transaction fails."""
    if rows:
        session.connection().execute(insert(cast(Table, Message.__table__)), [dict(one) for one in rows])


def take_back(session: Session, cause: str, cause_id: uuid.UUID) -> int:
    """Take back what waits to leave for a cause that is no more (a reminder of a booking that was cancelled). Returns how many.

    What is on its way already cannot be taken back.
    """
    waiting = delete(Message).where(
        Message.cause_id == cause_id, Message.cause == cause, Message.state == State.waiting, Message.attempts == 0
    )
    done = session.execute(waiting.execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]


def are_about(session: Session, cause_ids: Sequence[uuid.UUID], person_id: uuid.UUID) -> None:
    """Keep whose messages these are: those of a cause turned out to be about this young person."""
    theirs = update(Message).where(Message.cause_id.in_(cause_ids)).values(about_person_id=person_id)
    session.execute(theirs.execution_options(synchronize_session=False))
