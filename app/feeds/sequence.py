"""Gives changes their places in the feed, when the feed is read.

A number taken while a row is written says nothing about when the row can be seen: a long transaction may take number 1 and commit
after a short one that took number 2, and a reader that has passed 2 never sees 1. Here a number is given only to rows that are
already committed, by one reader at a time, so that nothing can ever appear behind a number that somebody has seen. Why not
otherwise: docs/decisions/feed-positions.md.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, func, select, text, update
from sqlalchemy.orm import Session

from app.feeds.models import FeedChange, FeedSequence

_ROW = 1
_BEGIN = text("INSERT INTO feed_sequence (id, last) VALUES (1, 0) ON CONFLICT DO NOTHING")


def place_waiting(session: Session, engine: Engine) -> None:
    """Give a place to every committed change that has none, in a short transaction of its own that ends here."""
    waiting = session.scalar(select(FeedChange.id).where(FeedChange.position.is_(None)).limit(1))
    if waiting is None:
        return
    # Read committed on purpose: what is read after the lock must include what the last holder of the lock wrote.
    isolation = "READ COMMITTED" if engine.dialect.name == "postgresql" else "SERIALIZABLE"
    with engine.connect().execution_options(isolation_level=isolation) as connection, connection.begin():
        place(connection, lock(connection))


def last_position(session: Session) -> int:
    """Return the last place given; 0 before the first."""
    return session.scalar(select(FeedSequence.last).where(FeedSequence.id == _ROW)) or 0


def lock(connection: Connection) -> int:
    """Take the lock and return the last place given.

    An update that changes nothing locks the row on PostgreSQL and the file on SQLite, with one statement for both.
    """
    take = (
        update(FeedSequence).where(FeedSequence.id == _ROW).values(last=FeedSequence.last).returning(FeedSequence.last)
    )
    last = connection.scalar(take)
    if last is None:
        connection.execute(_BEGIN)
        last = connection.scalar(take)
    return int(last or 0)


def place(connection: Connection, last: int) -> None:
    """Give the next places after ``last`` to all that wait. The caller holds the lock."""
    order = func.row_number().over(order_by=(FeedChange.turn, FeedChange.id))
    waiting = select(FeedChange.id, order.label("nth")).where(FeedChange.position.is_(None)).subquery()
    placed = connection.execute(
        update(FeedChange).where(FeedChange.id == waiting.c.id).values(position=last + waiting.c.nth)
    ).rowcount
    connection.execute(update(FeedSequence).where(FeedSequence.id == _ROW).values(last=last + placed))
