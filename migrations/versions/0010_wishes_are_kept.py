"""When an answer was told by a person; and no wish is deleted, nor anything that belongs to one, whoever asks the database.

An erasure that the law asks for is made on purpose: docs/running.md says how. A later migration that makes one of these tables
anew (SQLite, batch mode) makes its trigger anew too.

Revision: 0010
Follows: 0009
"""

import sqlalchemy as sa
from alembic import op


revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEPT = ("wish", "wish_step", "wish_reply", "wish_verdict", "wish_happened")


def upgrade() -> None:
    """Bring the database up to this revision."""
    with op.batch_alter_table("wish_reply", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION wish_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'Nobody deletes a wish.'; END $$"
        )
        for table in KEPT:
            op.execute(
                f"CREATE TRIGGER {table}_is_kept BEFORE DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION wish_is_kept()"
            )
    else:
        for table in KEPT:
            op.execute(
                f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'Nobody deletes a wish.'); END"
            )


def downgrade() -> None:
    """Take this revision back."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in KEPT:
        op.execute(f"DROP TRIGGER {table}_is_kept" + (f" ON {table}" if on_postgresql else ""))
    if on_postgresql:
        op.execute("DROP FUNCTION wish_is_kept()")
    with op.batch_alter_table("wish_reply", schema=None) as batch_op:
        batch_op.drop_column("told_at")
