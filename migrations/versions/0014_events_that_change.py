"""Events that are called off or moved, a yes that was told on the day, translations that wait for a second person.

Revision: 0014
Follows: 0013
"""

import sqlalchemy as sa
from alembic import op


revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database up to this revision."""
    op.create_table(
        "content_translation_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("path", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=16), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("quality", sa.String(length=16), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_content_translation_draft_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["content_item.id"], name=op.f("fk_content_translation_draft_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_translation_draft")),
        sa.UniqueConstraint("item_id", "language", "path", name=op.f("uq_content_translation_draft_item_id")),
    )
    op.create_table(
        "content_link_answer",
        sa.Column("digest", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_content_link_answer")),
    )
    with op.batch_alter_table("he_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("he_event_seat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("consent_said", sa.LargeBinary(), nullable=True))
        batch_op.alter_column(
            "state", existing_type=sa.VARCHAR(length=16), type_=sa.String(length=24), existing_nullable=False
        )


def downgrade() -> None:
    """Take this revision back."""
    op.execute("UPDATE he_event_seat SET state = 'cancelled' WHERE state = 'cancelled_by_service'")
    with op.batch_alter_table("he_event_seat", schema=None) as batch_op:
        batch_op.alter_column(
            "state", existing_type=sa.String(length=24), type_=sa.VARCHAR(length=16), existing_nullable=False
        )
        batch_op.drop_column("consent_said")

    with op.batch_alter_table("he_event", schema=None) as batch_op:
        batch_op.drop_column("moved_at")

    op.drop_table("content_link_answer")
    op.drop_table("content_translation_draft")
