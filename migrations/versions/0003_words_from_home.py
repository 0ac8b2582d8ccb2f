"""Carers and key workers answer too: every response and sent answer says whose it is, their links need a code; carers' dates
and families that ask for advice.

Those that stand are the young people's own.

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-21 21:20:00

"""
from alembic import op
import sqlalchemy as sa


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
    """Bring the database to this revision."""
    with op.batch_alter_table('one_time_link', schema=None) as batch_op:
        batch_op.add_column(sa.Column('code_hash', sa.String(length=64), nullable=True))

    op.create_table('advice_request',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('topic', sa.String(length=12), nullable=False),
    sa.Column('name', sa.LargeBinary(), nullable=False),
    sa.Column('contact', sa.LargeBinary(), nullable=False),
    sa.Column('words', sa.LargeBinary(), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer_by', sa.Date(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.Uuid(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_advice_request'))
    )
    with op.batch_alter_table('advice_request', schema=None) as batch_op:
        batch_op.create_index('ix_advice_request_answered_at_answer_by', ['answered_at', 'answer_by'], unique=False)

    op.create_table('carer_network_date',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('place', sa.String(length=160), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_carer_network_date'))
    )
    with op.batch_alter_table('carer_network_date', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_carer_network_date_on_day'), ['on_day'], unique=False)

    for table in ('response', 'sent_answer'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('by_person_id', sa.Uuid(), nullable=True))
        op.execute(f'UPDATE {table} SET by_person_id = young_person_id')  # noqa: S608

    with op.batch_alter_table('response', schema=None) as batch_op:
        batch_op.alter_column('by_person_id', existing_type=sa.Uuid(), nullable=False)
        batch_op.create_index(batch_op.f('ix_response_by_person_id'), ['by_person_id'], unique=False)
        batch_op.drop_constraint(batch_op.f('uq_response_pep_id'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_response_pep_id'), ['pep_id', 'set_id', 'by_person_id'])
        batch_op.create_foreign_key(batch_op.f('fk_response_by_person_id'), 'person', ['by_person_id'], ['id'])

    with op.batch_alter_table('sent_answer', schema=None) as batch_op:
        batch_op.alter_column('by_person_id', existing_type=sa.Uuid(), nullable=False)
        batch_op.create_foreign_key(batch_op.f('fk_sent_answer_by_person_id'), 'person', ['by_person_id'], ['id'])


def downgrade():
    """Take this revision back: what carers and key workers wrote has no place any more."""
    with op.batch_alter_table('carer_network_date', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_carer_network_date_on_day'))

    op.drop_table('carer_network_date')
    with op.batch_alter_table('advice_request', schema=None) as batch_op:
        batch_op.drop_index('ix_advice_request_answered_at_answer_by')

    op.drop_table('advice_request')
    op.execute('DELETE FROM one_time_link WHERE code_hash IS NOT NULL')
    with op.batch_alter_table('one_time_link', schema=None) as batch_op:
        batch_op.drop_column('code_hash')

    theirs = 'by_person_id <> young_person_id'
    of_theirs = f'response_id IN (SELECT id FROM response WHERE {theirs})'  # noqa: S608
    for table in ('answer', 'kept_words'):
        op.execute(f'DELETE FROM {table} WHERE {of_theirs}')  # noqa: S608
    for table in ('sent_answer', 'response'):
        op.execute(f'DELETE FROM {table} WHERE {theirs}')  # noqa: S608

    with op.batch_alter_table('sent_answer', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_sent_answer_by_person_id'), type_='foreignkey')
        batch_op.drop_column('by_person_id')

    with op.batch_alter_table('response', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_response_by_person_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_response_pep_id'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_response_pep_id'), ['pep_id', 'set_id'])
        batch_op.drop_index(batch_op.f('ix_response_by_person_id'))
        batch_op.drop_column('by_person_id')
