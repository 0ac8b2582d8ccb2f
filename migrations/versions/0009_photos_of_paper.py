"""Photos of paper, for those who type it in.

Revision: 0009
Follows: 0008
"""

import sqlalchemy as sa
from alembic import op


revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database up to this revision."""
    op.create_table(
        "paper_photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_paper_photo_added_by_id")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_paper_photo_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_photo")),
        sa.UniqueConstraint("response_id", "place", name=op.f("uq_paper_photo_response_id")),
    )
    with op.batch_alter_table("paper_photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_photo_added_at"), ["added_at"], unique=False)


def downgrade() -> None:
    """Take this revision back."""
    with op.batch_alter_table("paper_photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_photo_added_at"))

    op.drop_table("paper_photo")
