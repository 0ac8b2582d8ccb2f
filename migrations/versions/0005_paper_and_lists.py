"""Answers typed in from paper, and the indexes behind the lists of who was heard.

Revision: 0005
Follows: 0004
"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database up to this revision."""
    op.create_table('paper_answer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('response_id', sa.Uuid(), nullable=False),
    sa.Column('question_id', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('typed_by_id', sa.Uuid(), nullable=False),
    sa.Column('typed_by_role', sa.String(length=30), nullable=False),
    sa.Column('typed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['response_id'], ['response.id'], name=op.f('fk_paper_answer_response_id')),
    sa.ForeignKeyConstraint(['typed_by_id'], ['person.id'], name=op.f('fk_paper_answer_typed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_answer')),
    sa.UniqueConstraint('response_id', 'question_id', name=op.f('uq_paper_answer_response_id'))
    )
    with op.batch_alter_table('pep', schema=None) as batch_op:
        batch_op.create_index('ix_pep_meeting_on', ['meeting_on'], unique=False)

    with op.batch_alter_table('one_time_link', schema=None) as batch_op:
        batch_op.create_index('ix_one_time_link_person_id', ['person_id'], unique=False)

    with op.batch_alter_table('sent_answer', schema=None) as batch_op:
        batch_op.create_index('ix_sent_answer_standing', ['pep_id', 'state', 'how', 'by_role', 'section'], unique=False, sqlite_where=sa.text('superseded_at IS NULL AND withdrawn_at IS NULL'), postgresql_where=sa.text('superseded_at IS NULL AND withdrawn_at IS NULL'))



def downgrade() -> None:
    """Take this revision back."""
    with op.batch_alter_table('sent_answer', schema=None) as batch_op:
        batch_op.drop_index('ix_sent_answer_standing', sqlite_where=sa.text('superseded_at IS NULL AND withdrawn_at IS NULL'), postgresql_where=sa.text('superseded_at IS NULL AND withdrawn_at IS NULL'))

    with op.batch_alter_table('pep', schema=None) as batch_op:
        batch_op.drop_index('ix_pep_meeting_on')

    with op.batch_alter_table('one_time_link', schema=None) as batch_op:
        batch_op.drop_index('ix_one_time_link_person_id')

    op.drop_table('paper_answer')
