"""Moves everything that is sealed to the newest key.

Goes through every sealed column of every table, a batch at a time in the order of the primary key, and commits after each batch.
It can be stopped and started again at any moment: a value under the newest key is left alone. A value that somebody changes
meanwhile is left to them: the update only holds where the sealed bytes are still those that were read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, LargeBinary, MetaData, Table, func, select, tuple_, type_coerce, update
from sqlalchemy.orm import Session

from app.core.crypto import CannotOpen, KeyRing
from app.core.db import Sealed

BATCH = 500
Progress = Callable[[str, int, int], None]


@dataclass
class ColumnReport:
    """What happened in one sealed column: how many values lie under each key, were moved, or could not be opened."""

    name: str
    under: Counter[str] = field(default_factory=Counter)
    moved: int = 0
    unopened: int = 0
    changed_meanwhile: int = 0


def sealed_columns(metadata: MetaData) -> list[Column[Any]]:
    """Return every sealed column there is, in the order of the tables."""
    return [column for table in metadata.sorted_tables for column in table.columns if isinstance(column.type, Sealed)]


def count(session: Session, ring: KeyRing, metadata: MetaData, progress: Progress | None = None) -> list[ColumnReport]:
    """Return how many values lie under which key, changing nothing."""
    return [_walk(session, column, ring, progress, move=False) for column in sealed_columns(metadata)]


def rotate(session: Session, ring: KeyRing, metadata: MetaData, progress: Progress | None = None) -> list[ColumnReport]:
    """Seal every value anew under the active key. Commits after each batch; safe to run again.

    ``progress`` is told the column, how many rows are done and how many there are. Values that do not open are counted and left.
    """
    return [_walk(session, column, ring, progress, move=True) for column in sealed_columns(metadata)]


def _walk(
    session: Session, column: Column[Any], ring: KeyRing, progress: Progress | None, *, move: bool
) -> ColumnReport:
    table: Table = column.table  # type: ignore[assignment]
    report = ColumnReport(f"{table.name}.{column.name}")
    total = session.scalar(select(func.count()).select_from(table).where(column.is_not(None))) or 0
    done = 0
    for batch in _batches(session, table, column):
        for row in batch:
            _one(session, table, column, ring, report, tuple(row[:-1]), bytes(row[-1]), move=move)
        done += len(batch)
        if move:
            session.commit()
        if progress:
            progress(report.name, done, total)
    return report


def _batches(session: Session, table: Table, column: Column[Any]) -> Iterator[list[Any]]:
    key = list(table.primary_key.columns)
    # As plain bytes: the column's own type would open the value, and we must see which key lies beside it.
    wanted = select(*key, type_coerce(column, LargeBinary)).where(column.is_not(None)).order_by(*key).limit(BATCH)
    last: tuple[Any, ...] | None = None
    while True:
        statement = wanted if last is None else wanted.where(_after(key, last))
        batch = list(session.execute(statement))
        if not batch:
            return
        yield batch
        last = tuple(batch[-1][:-1])


def _after(key: list[Column[Any]], last: tuple[Any, ...]) -> Any:
    return key[0] > last[0] if len(key) == 1 else tuple_(*key) > last


def _one(
    session: Session,
    table: Table,
    column: Column[Any],
    ring: KeyRing,
    report: ColumnReport,
    key: tuple[Any, ...],
    sealed: bytes,
    *,
    move: bool,
) -> None:
    context = column.type.context  # type: ignore[attr-defined]
    try:
        key_id = ring.key_of(sealed)
        words = ring.open(sealed, context) if key_id != ring.active else ""
    except CannotOpen:
        report.unopened += 1
        return
    if key_id == ring.active or not move:
        report.under[key_id] += 1
        return
    raw = type_coerce(column, LargeBinary)
    same_row = [part == value for part, value in zip(table.primary_key.columns, key, strict=True)]
    statement = (
        update(table)
        .where(*same_row, raw == sealed)
        .values({column: type_coerce(ring.seal(words, context), LargeBinary)})
    )
    if session.execute(statement).rowcount:  # type: ignore[attr-defined]
        report.under[ring.active] += 1
        report.moved += 1
    else:
        report.changed_meanwhile += 1
