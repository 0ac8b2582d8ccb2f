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
    table = _table(column)
    report = ColumnReport(f"{table.name}.{column.name}")
    total = session.scalar(select(func.count()).select_from(table).where(column.is_not(None))) or 0
    done = 0
    for batch in _batches(session, table, column):
        for row in batch:
            sealed = bytes(row[-1])
            if _look_at(ring, column, report, sealed) and move:
                move_one(session, column, ring, report, tuple(row[:-1]), sealed)
        done += len(batch)
        if move:
            session.commit()
        if progress:
            progress(report.name, done, total)
    report.under = +report.under
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


def _look_at(ring: KeyRing, column: Column[Any], report: ColumnReport, sealed: bytes) -> bool:
    """Count a value; return whether it lies under an old key and opens."""
    try:
        key_id = ring.key_of(sealed)
        if key_id != ring.active:
            ring.open(sealed, _context(column))
    except CannotOpen:
        report.unopened += 1
        return False
    report.under[key_id] += 1
    return key_id != ring.active


def move_one(
    session: Session, column: Column[Any], ring: KeyRing, report: ColumnReport, key: tuple[Any, ...], sealed: bytes
) -> None:
    """Seal one value anew under the active key, if it is still the one that was read. Raises CannotOpen."""
    table = _table(column)
    anew = ring.seal(ring.open(sealed, _context(column)), _context(column))
    same_row = [part == value for part, value in zip(table.primary_key.columns, key, strict=True)]
    unchanged = type_coerce(column, LargeBinary) == sealed
    statement = update(table).where(*same_row, unchanged).values({column: type_coerce(anew, LargeBinary)})
    report.under[ring.key_of(sealed)] -= 1
    if session.execute(statement).rowcount:  # type: ignore[attr-defined]
        report.under[ring.active] += 1
        report.moved += 1
    else:
        report.changed_meanwhile += 1


def _table(column: Column[Any]) -> Table:
    table = column.table
    if not isinstance(table, Table):
        raise TypeError(f"{column} does not stand in a table.")
    return table


def _context(column: Column[Any]) -> str:
    return str(column.type.context) if isinstance(column.type, Sealed) else ""
