"""'Did it happen?', words in other languages, who is asked to a meeting, meetings opened again, and the indexes of the long lists.

Revision: 0008
Follows: 0007
"""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database up to this revision."""
    op.create_table('pep_expected',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('pep_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('coming', sa.String(length=10), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_pep_expected_by_id')),
    sa.ForeignKeyConstraint(['pep_id'], ['pep.id'], name=op.f('fk_pep_expected_pep_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_pep_expected_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pep_expected')),
    sa.UniqueConstraint('pep_id', 'person_id', name=op.f('uq_pep_expected_pep_id'))
    )
    op.create_table('pep_guest',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('pep_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.LargeBinary(), nullable=False),
    sa.Column('what', sa.LargeBinary(), nullable=False),
    sa.Column('came', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_pep_guest_by_id')),
    sa.ForeignKeyConstraint(['pep_id'], ['pep.id'], name=op.f('fk_pep_guest_pep_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pep_guest'))
    )
    with op.batch_alter_table('pep_guest', schema=None) as batch_op:
        batch_op.create_index('ix_pep_guest_pep_id', ['pep_id'], unique=False)

    op.create_table('why_words',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('why_id', sa.Uuid(), nullable=False),
    sa.Column('words', sa.LargeBinary(), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['why_id'], ['why_asked.id'], name=op.f('fk_why_words_why_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_why_words')),
    sa.UniqueConstraint('why_id', 'language', name=op.f('uq_why_words_why_id'))
    )
    op.create_table('wish_happened',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('wish_id', sa.Uuid(), nullable=False),
    sa.Column('reply_id', sa.Uuid(), nullable=False),
    sa.Column('said', sa.String(length=8), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['reply_id'], ['wish_reply.id'], name=op.f('fk_wish_happened_reply_id')),
    sa.ForeignKeyConstraint(['wish_id'], ['wish.id'], name=op.f('fk_wish_happened_wish_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wish_happened')),
    sa.UniqueConstraint('reply_id', name=op.f('uq_wish_happened_reply_id'))
    )
    with op.batch_alter_table('wish_happened', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_wish_happened_wish_id'), ['wish_id'], unique=False)

    with op.batch_alter_table('connection', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_connection_adult_id'))
        batch_op.create_index('ix_connection_caseload', ['adult_id', 'role', 'young_person_id', 'starts_on', 'ends_on'], unique=False)

    with op.batch_alter_table('pep', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pep_young_person_id_term'))
        batch_op.create_index('ix_pep_young_person_id_term_id', ['young_person_id', 'term', 'id'], unique=False)

    with op.batch_alter_table('pep_meeting', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reopened_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reopened_why', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('sent_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sent_answer_standing'))
        batch_op.create_index('ix_sent_answer_standing', ['pep_id', 'state', 'how', 'by_role', 'section', 'superseded_at', 'withdrawn_at'], unique=False, sqlite_where=sa.text('superseded_at IS NULL AND withdrawn_at IS NULL'), postgresql_where=sa.text('superseded_at IS NULL AND withdrawn_at IS NULL'))

    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_person_id'))
        batch_op.create_index('ix_sign_in_person_id_began_at', ['person_id', 'began_at'], unique=False)

    with op.batch_alter_table('wish', schema=None) as batch_op:
        batch_op.add_column(sa.Column('back_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('back_seen_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_wish_back_at', ['young_person_id', 'back_at'], unique=False, sqlite_where=sa.text('back_at IS NOT NULL'), postgresql_where=sa.text('back_at IS NOT NULL'))

    with op.batch_alter_table('wish_step', schema=None) as batch_op:
        batch_op.add_column(sa.Column('language', sa.String(length=10), server_default='en-GB', nullable=False))
        batch_op.add_column(sa.Column('done_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('of_id', sa.Uuid(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_wish_step_of_id'), ['of_id', 'language'])
        batch_op.create_foreign_key(batch_op.f('fk_wish_step_of_id'), 'wish_step', ['of_id'], ['id'])



def downgrade() -> None:
    """Take this revision back."""
    with op.batch_alter_table('wish_step', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_wish_step_of_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_wish_step_of_id'), type_='unique')
        batch_op.drop_column('of_id')
        batch_op.drop_column('done_at')
        batch_op.drop_column('language')

    with op.batch_alter_table('wish', schema=None) as batch_op:
        batch_op.drop_index('ix_wish_back_at', sqlite_where=sa.text('back_at IS NOT NULL'), postgresql_where=sa.text('back_at IS NOT NULL'))
        batch_op.drop_column('back_seen_at')
        batch_op.drop_column('back_at')

    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.drop_index('ix_sign_in_person_id_began_at')
        batch_op.create_index(batch_op.f('ix_sign_in_person_id'), ['person_id'], unique=False)

    with op.batch_alter_table('sent_answer', schema=None) as batch_op:
        batch_op.drop_index('ix_sent_answer_standing')
        batch_op.create_index(batch_op.f('ix_sent_answer_standing'), ['pep_id', 'state', 'how', 'by_role', 'section'], unique=False, sqlite_where=sa.text('superseded_at IS NULL AND withdrawn_at IS NULL'), postgresql_where=sa.text('superseded_at IS NULL AND withdrawn_at IS NULL'))

    with op.batch_alter_table('pep_meeting', schema=None) as batch_op:
        batch_op.drop_column('changed_at')
        batch_op.drop_column('reopened_why')
        batch_op.drop_column('reopened_at')

    with op.batch_alter_table('pep', schema=None) as batch_op:
        batch_op.drop_index('ix_pep_young_person_id_term_id')
        batch_op.create_index(batch_op.f('ix_pep_young_person_id_term'), ['young_person_id', 'term'], unique=False)

    with op.batch_alter_table('connection', schema=None) as batch_op:
        batch_op.drop_index('ix_connection_caseload')
        batch_op.create_index(batch_op.f('ix_connection_adult_id'), ['adult_id'], unique=False)

    with op.batch_alter_table('wish_happened', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_wish_happened_wish_id'))

    op.drop_table('wish_happened')
    op.drop_table('why_words')
    with op.batch_alter_table('pep_guest', schema=None) as batch_op:
        batch_op.drop_index('ix_pep_guest_pep_id')

    op.drop_table('pep_guest')
    op.drop_table('pep_expected')
