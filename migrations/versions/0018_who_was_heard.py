"""Who was heard is asked of everybody at once: two indexes that answer it.

Revision: 0018
Follows: 0014
"""

from alembic import op
import sqlalchemy as sa


revision = "0018"
down_revision = "0014"
branch_labels = None
depends_on = None

_STANDING = sa.text("superseded_at IS NULL AND withdrawn_at IS NULL")
_BEFORE = ["pep_id", "state", "how", "by_role", "section", "superseded_at", "withdrawn_at"]
_AFTER = [*_BEFORE[:5], "set_id", *_BEFORE[5:]]


def upgrade() -> None:
    """Bring the database up to this revision."""
    op.drop_index("ix_sent_answer_standing", table_name="sent_answer")
    _standing_by(_AFTER)
    op.create_index("ix_pep_term", "pep", ["term", "young_person_id", "id", "meeting_on"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_pep_term", table_name="pep")
    op.drop_index("ix_sent_answer_standing", table_name="sent_answer")
    _standing_by(_BEFORE)


def _standing_by(columns: list[str]) -> None:
    op.create_index(
        "ix_sent_answer_standing", "sent_answer", columns, sqlite_where=_STANDING, postgresql_where=_STANDING
    )
