"""A number of places that can never be overbooked.

One conditional update takes a place and says whether there was one, so that of two people at the same moment one gets it and
one is told; a CHECK of the database holds the same should any code forget. Works alike on SQLite and PostgreSQL, in the
request's own transaction: a place that was taken in a request that fails is free again.
"""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any, cast

from sqlalchemy import CheckConstraint, Table, Update, bindparam, update
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column


class HasPlaces:
    """Columns of a row that has places: ``capacity`` in all, ``taken`` of them held by somebody."""

    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        """Hold the promise in the database too."""
        return (CheckConstraint("taken >= 0 AND taken <= capacity", name="places_are_not_overbooked"),)


# Written once for each table: a place is taken in a rush.
@cache
def _take(rows: Table) -> Update:
    free = rows.c.taken + bindparam("keep_back") < rows.c.capacity
    return update(rows).where(rows.c.id == bindparam("row_id"), free).values(taken=rows.c.taken + 1)


def take(session: Session, table: type[HasPlaces], row_id: uuid.UUID, *, keep_back: int = 0) -> bool:
    """Take one place of a row. Returns False, and changes nothing, when no more than ``keep_back`` are free."""
    rows = cast(Table, table.__table__)  # type: ignore[attr-defined]
    done = session.connection().execute(_take(rows), {"row_id": row_id, "keep_back": keep_back})
    return done.rowcount == 1


def give_back(session: Session, table: type[HasPlaces], row_id: uuid.UUID) -> bool:
    """Free one place of a row. Returns False when none was taken."""
    rows = cast(Table, table.__table__)  # type: ignore[attr-defined]
    done = session.connection().execute(
        update(rows).where(rows.c.id == row_id, rows.c.taken > 0).values(taken=rows.c.taken - 1)
    )
    return done.rowcount == 1


def resize(session: Session, table: type[HasPlaces], row_id: uuid.UUID, capacity: int) -> bool:
    """Change how many places a row has. Returns False, and changes nothing, when more than that are taken."""
    rows = cast(Table, table.__table__)  # type: ignore[attr-defined]
    done = session.connection().execute(
        update(rows).where(rows.c.id == row_id, rows.c.taken <= capacity).values(capacity=capacity)
    )
    return done.rowcount == 1
