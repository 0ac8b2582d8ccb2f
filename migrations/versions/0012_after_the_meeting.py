"""After the meeting: what an adult wrote to the child, in the child's language too, and who told them.

Revision: 0012
Follows: 0011
"""

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database up to this revision."""
    with op.batch_alter_table('pep_meeting', schema=None) as batch_op:
        batch_op.add_column(sa.Column('told_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('told_by_id', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_pep_meeting_told_by_id'), 'person', ['told_by_id'], ['id'])

    with op.batch_alter_table('pep_meeting_decision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('others', sa.LargeBinary(), nullable=True))

    with op.batch_alter_table('pep_preference_met', schema=None) as batch_op:
        batch_op.add_column(sa.Column('others', sa.LargeBinary(), nullable=True))

    with op.batch_alter_table('pep_section_line', schema=None) as batch_op:
        batch_op.add_column(sa.Column('others', sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Take this revision back."""
    with op.batch_alter_table('pep_section_line', schema=None) as batch_op:
        batch_op.drop_column('others')

    with op.batch_alter_table('pep_preference_met', schema=None) as batch_op:
        batch_op.drop_column('others')

    with op.batch_alter_table('pep_meeting_decision', schema=None) as batch_op:
        batch_op.drop_column('others')

    with op.batch_alter_table('pep_meeting', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_pep_meeting_told_by_id'), type_='foreignkey')
        batch_op.drop_column('told_by_id')
        batch_op.drop_column('told_at')
