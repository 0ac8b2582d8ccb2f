"""Who did what to a child's record, and when. Never the words themselves.

Append-only: the model refuses to change or delete a row. Every route names its audit event in the policy (or says why it has
none); a route that reads or writes a child's record and names none is not served.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol, cast

from sqlalchemy import Index, String, Table, Uuid, event, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import clock
from app.core.db import Base, UtcDateTime, id_column, new_id


class AuditRefused(RuntimeError):
    """Somebody tried to change or delete an audit entry."""


class Who(Protocol):
    """The least an audit entry must know of the person acting."""

    @property
    def person_id(self) -> uuid.UUID: ...
    @property
    def role(self) -> str: ...
    @property
    def helper_id(self) -> uuid.UUID | None: ...


class AuditEntry(Base):
    """One thing that happened: ids and a code, never content."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject_id_at", "subject_id", "at"),)

    id: Mapped[uuid.UUID] = id_column()
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    event: Mapped[str] = mapped_column(String(60))
    actor_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    actor_role: Mapped[str | None] = mapped_column(String(30))
    helper_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    subject_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    thing_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    detail: Mapped[str | None] = mapped_column(String(80))


@event.listens_for(AuditEntry, "before_update")
@event.listens_for(AuditEntry, "before_delete")
def _append_only(_mapper: Any, _connection: Any, _entry: AuditEntry) -> None:
    raise AuditRefused("An audit entry is never changed or deleted.")


# How the events end that say that somebody saw something.
_READINGS = ("read", "listed")
_INSERT = insert(cast(Table, AuditEntry.__table__))


def record(
    session: Session,
    actor: Who | None,
    event: str,
    *,
    subject_id: uuid.UUID | None = None,
    thing_id: uuid.UUID | None = None,
    detail: str | None = None,
) -> None:
    """Write one audit entry in the current transaction.

    ``actor`` is None for somebody not signed in or for the machine itself; ``subject_id`` is the young person concerned;
    ``thing_id`` the answer, card, record or session; ``detail`` a short code (a question id, a sharing choice), never words.
    """
    record_each(session, actor, event, [subject_id], thing_id=thing_id, detail=detail)


def record_each(
    session: Session,
    actor: Who | None,
    event: str,
    subject_ids: Iterable[uuid.UUID | None],
    *,
    thing_id: uuid.UUID | None = None,
    detail: str | None = None,
) -> None:
    """Write one audit entry for each young person concerned, in one statement."""
    shared = {
        "at": clock.now(),
        "event": event,
        "actor_id": actor.person_id if actor else None,
        "actor_role": str(actor.role) if actor else None,
        "helper_id": actor.helper_id if actor else None,
        "thing_id": thing_id,
        "detail": detail,
    }
    rows = [{**shared, "id": new_id(), "subject_id": subject_id} for subject_id in subject_ids]
    if not rows:
        return
    session.connection().execute(_INSERT, rows)
    if event.endswith(_READINGS):
        session.info.setdefault("readings", []).extend(rows)


def undo_all_but_readings(session: Session) -> None:
    """Roll back a request whose answer is a refusal. What its page shows was read all the same, and that stays written."""
    session.rollback()
    if readings := session.info.pop("readings", None):
        session.connection().execute(_INSERT, readings)


def undo_all(session: Session) -> None:
    """Roll back a request that stopped half-way: nothing of it was shown."""
    session.rollback()
    session.info.clear()
