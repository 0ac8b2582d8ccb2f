"""Whom to ring, who wants no messages, names that are kept no longer, and looks after something new began.

Revision: 0013
Follows: 0012
"""

import sqlalchemy as sa
from alembic import op


revision = '0013'
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database up to this revision."""
    op.create_table('message_stopped',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_message_stopped'))
    )
    op.create_table('dropin_call',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('booking_id', sa.Uuid(), nullable=False),
    sa.Column('whose', sa.Uuid(), nullable=False),
    sa.Column('why', sa.String(length=12), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['booking_id'], ['dropin_booking.id'], name=op.f('fk_dropin_call_booking_id')),
    sa.ForeignKeyConstraint(['done_by_id'], ['person.id'], name=op.f('fk_dropin_call_done_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dropin_call')),
    sa.UniqueConstraint('key', name=op.f('uq_dropin_call_key'))
    )
    with op.batch_alter_table('dropin_call', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dropin_call_booking_id'), ['booking_id'], unique=False)
        batch_op.create_index('ix_dropin_call_done_at_made_at', ['done_at', 'made_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_dropin_call_whose'), ['whose'], unique=False)

    with op.batch_alter_table('dropin_new_face', schema=None) as batch_op:
        batch_op.alter_column('first_name',
               existing_type=sa.LargeBinary(),
               nullable=True)

    with op.batch_alter_table('dropin_outcome_check', schema=None) as batch_op:
        batch_op.add_column(sa.Column('after', sa.String(length=5), server_default='visit', nullable=False))
        batch_op.drop_constraint(batch_op.f('uq_dropin_outcome_check_visit_id'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_dropin_outcome_check_visit_id'), ['visit_id', 'weeks', 'after'])

    # A calendar file's number was the booking's and its session's together. It must not fall for those who have one.
    op.execute(
        "UPDATE dropin_booking SET sequence = sequence"
        " + (SELECT dropin.sequence FROM dropin WHERE dropin.id = dropin_booking.dropin_id)"
    )



def downgrade() -> None:
    """Take this revision back. A first name that was emptied cannot come back, so it may stay empty."""
    op.execute("DELETE FROM dropin_outcome_check WHERE after = 'start'")
    with op.batch_alter_table('dropin_outcome_check', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_dropin_outcome_check_visit_id'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_dropin_outcome_check_visit_id'), ['visit_id', 'weeks'])
        batch_op.drop_column('after')

    with op.batch_alter_table('dropin_call', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dropin_call_whose'))
        batch_op.drop_index('ix_dropin_call_done_at_made_at')
        batch_op.drop_index(batch_op.f('ix_dropin_call_booking_id'))

    op.drop_table('dropin_call')
    op.drop_table('message_stopped')
