"""How migrations run: on the app's own database, in one transaction, with plain column types in the files."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

from app.core.db import Sealed, UtcDateTime, db

# On PostgreSQL a migration that cannot have its lock soon gives up, instead of holding everybody else up behind it.
LOCK_TIMEOUT = "5s"


def plain_type(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write what the database sees, not our own column types: a migration must not change its meaning when they do."""
    if kind == "type" and isinstance(item, Sealed):
        return "sa.LargeBinary()"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


# Tables that a search index keeps for itself: no model speaks of them.
OF_AN_INDEX = "opportunity_words"


def speaks_of(item: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    """Leave out of the comparison with the models what belongs to a search index."""
    return not (kind == "table" and reflected and (name or "").startswith(OF_AN_INDEX))


def run() -> None:
    """Run the migrations that are asked for."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
            connection.commit()
        if connection.dialect.name == "sqlite":
            # SQLite changes a table by making it anew, and would take every row that points at it along with the old one.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
        arguments = current_app.extensions["migrate"].configure_args
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=plain_type,
            include_object=speaks_of,
            **arguments,
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.dialect.name == "sqlite":
            if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
                raise RuntimeError(f"This migration left {len(broken)} rows that point at nothing.")
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


run()
