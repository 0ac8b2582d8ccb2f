"""A decision of a meeting is kept once, knows its steps in the ledger of wishes, and a step may take the place of an older one.

Revision: 0011
Follows: 0010
"""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database up to this revision."""
    with op.batch_alter_table('pep_meeting_decision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('once', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('step_ids', sa.JSON(), server_default='[]', nullable=False))
        batch_op.create_unique_constraint(batch_op.f('uq_pep_meeting_decision_pep_id'), ['pep_id', 'once'])

    # Added in place: SQLite would make the table anew in batch mode, and lose what keeps its rows from being deleted.
    op.add_column('wish_step', sa.Column('replaced_by_id', sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Take this revision back."""
    op.drop_column('wish_step', 'replaced_by_id')

    with op.batch_alter_table('pep_meeting_decision', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_pep_meeting_decision_pep_id'), type_='unique')
        batch_op.drop_column('step_ids')
        batch_op.drop_column('once')

