"""The database: base class, column types and the connection habits of SQLite and PostgreSQL."""

from __future__ import annotations

import json
import sqlite3
import uuid
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, cast

import uuid_utils.compat as uuid_utils
from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Dialect,
    Executable,
    LargeBinary,
    MetaData,
    Table,
    Uuid,
    event,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from app.core.crypto import KeyRing
from app.core.settings import REPO, Settings


class Base(DeclarativeBase):
    """Base of every table; constraints have predictable names so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Database(SQLAlchemy):
    """The app's database. ``session`` stands in for the session of this request, and is typed as one."""

    if TYPE_CHECKING:
        session: Session  # type: ignore[assignment]


# What a request has committed it does not use again, so there is nothing to be forgotten.
db = Database(model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False})


def new_id() -> uuid.UUID:
    """Return a UUIDv7: sorts by time, cannot be counted up in an address."""
    return uuid_utils.uuid7()


def id_column() -> Mapped[uuid.UUID]:
    """Return the primary key column every table of things uses."""
    return mapped_column(Uuid, primary_key=True, default=new_id)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware UTC going in and coming out, whatever the database thinks of zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment must know its zone.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return aware UTC (SQLite forgets the zone)."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Sealed(TypeDecorator[str]):
    """Text that is encrypted at rest. ``context`` is ``table.column`` and is authenticated with the value."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        """Take the place this column stands in, ``table.column``."""
        super().__init__()
        self.context = context

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Seal on the way in."""
        return None if value is None else key_ring().seal(self._to_text(value), self.context)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        """Open on the way out."""
        return None if value is None else self._from_text(key_ring().open(bytes(value), self.context))

    def _to_text(self, value: Any) -> str:
        return str(value)

    def _from_text(self, text: str) -> Any:
        return text


class SealedJson(Sealed):
    """A JSON value that is encrypted at rest."""

    cache_ok = True

    def _to_text(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def _from_text(self, text: str) -> Any:
        return json.loads(text)


@cache
def _insert_once(table: type[Base], dialect: str) -> Executable:
    make = insert_sqlite if dialect == "sqlite" else insert_postgresql
    # By the table, and keeping the count: PostgreSQL's driver forgets how many rows an INSERT made once its cursor is closed, and
    # would answer -1.
    statement = make(cast(Table, table.__table__)).on_conflict_do_nothing()
    return statement.execution_options(preserve_rowcount=True)


def insert_if_absent(session: Session, table: type[Base], values: dict[str, Any]) -> bool:
    """Insert a row unless one with the same unique key is there already. Returns whether it was inserted."""
    connection = session.connection()
    result = connection.execute(_insert_once(table, connection.dialect.name), values)
    return result.rowcount == 1


def is_there(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that there is such a row, looked for one at a time.

    It asks for no column, so an index that holds the conditions is enough. The offset of nothing keeps PostgreSQL from reading a
    whole table to know it of everybody, where the question is asked of few.
    """
    return select(literal_column("1")).where(*conditions).offset(0).exists()


def stays(session: Session) -> None:
    """Let what this request writes stay although its answer is a 4xx: a counted try, words put aside, what could be saved."""
    session.info["stays"] = True


def key_ring() -> KeyRing:
    """Return the key ring of the running app."""
    ring: KeyRing = current_app.extensions["key_ring"]
    return ring


@event.listens_for(Engine, "connect")
def _sqlite_habits(connection: Any, _record: Any) -> None:
    """Set SQLite up for a small live service: readers never wait, a commit is on the disk when it returns."""
    if not isinstance(connection, sqlite3.Connection):
        return
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class Migrations:
    """What Flask-Migrate keeps with the app, made when a command first asks for it.

    A server never migrates, and Alembic with all it brings is a tenth of a worker's memory.
    """

    def __init__(self, app: Flask) -> None:
        """Take the app, whose database is bound already."""
        self._app = app

    @cached_property
    def _made(self) -> Any:
        from flask_migrate import Migrate

        on_sqlite = self._app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
        folder = str(REPO / "migrations")
        Migrate(self._app, db, directory=folder, compare_type=True, render_as_batch=on_sqlite)
        return self._app.extensions["migrate"]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made, name)


def init_db(app: Flask, config: Settings) -> None:
    """Bind the database, the key ring and the migrations to the app."""
    url = config.database_url
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    # Parameters may hold what a child typed: they never stand in an error or a log.
    options: dict[str, Any] = {"pool_size": 8, "max_overflow": 8, "hide_parameters": True}
    if url.startswith("sqlite"):
        options["connect_args"] = {"timeout": 10}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    app.extensions["key_ring"] = KeyRing(config.key_ring())
    db.init_app(app)
    app.extensions["migrate"] = Migrations(app)
