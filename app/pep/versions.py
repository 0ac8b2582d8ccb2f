"""Two people typing at once: the second one is shown what the first has kept, and loses nothing of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import Base, insert_if_absent, new_id
from app.people.sessions import Actor

Row = TypeVar("Row", bound=Base)


class NewerThere(Exception):
    """Somebody kept something newer meanwhile. ``row`` is what stands now; nothing was written."""

    def __init__(self, row: Any) -> None:
        """Take the row that stands now."""
        super().__init__("A newer version stands.")
        self.row = row


def keep(
    session: Session,
    actor: Actor,
    table: type[Row],
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    seen: int,
    at_first: Mapping[str, Any] | None = None,
) -> Row:
    """Keep ``values`` in the row with ``key`` if it is still at the version ``seen`` (0: not there yet), and return it.

    The database decides, in one statement, so that two requests at once cannot both win. Writing what already stands changes
    nothing. ``at_first`` is what only a new row is given. Raises NewerThere.
    """
    session.flush()
    standing = _find(session, table, key)
    if standing is not None and all(getattr(standing, name) == value for name, value in values.items()):
        return standing
    marked = {**values, "by_id": actor.person_id, "at": clock.now()}
    if seen == 0 and standing is None:
        own_id = {"id": new_id()} if "id" in cast(Table, table.__table__).c and "id" not in key else {}
        inserted = insert_if_absent(session, table, {**own_id, **key, **(at_first or {}), **marked, "version": 1})
        row = _found(session, table, key)
        if not inserted and any(getattr(row, name) != value for name, value in values.items()):
            raise NewerThere(row)
        return row
    which = [getattr(table, name) == value for name, value in key.items()]
    changed = session.execute(
        update(table)
        .where(*which, cast(Any, table).version == seen)
        .values(**marked, version=seen + 1)
        .execution_options(synchronize_session=False)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise NewerThere(_found(session, table, key))
    return _found(session, table, key)


def _find(session: Session, table: type[Row], key: Mapping[str, Any]) -> Row | None:
    which = [getattr(table, name) == value for name, value in key.items()]
    return session.scalars(select(table).where(*which).execution_options(populate_existing=True)).first()


def _found(session: Session, table: type[Row], key: Mapping[str, Any]) -> Row:
    row = _find(session, table, key)
    if row is None:
        raise LookupError("There is no such row to change.")
    return row
