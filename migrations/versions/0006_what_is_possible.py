"""What is possible: content that editors publish, opportunities, HE events and a young person's route.

Revision: 0006
Follows: 0005
"""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

# The words are folded and parted by the app, so neither database is asked to know a language.
INDEX = {
    'sqlite': (
        "CREATE VIRTUAL TABLE opportunity_words USING fts5(words, content='opportunity_document', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 0')",
        "CREATE TRIGGER opportunity_document_added AFTER INSERT ON opportunity_document BEGIN "
        "INSERT INTO opportunity_words(rowid, words) VALUES (new.id, new.words); END",
        "CREATE TRIGGER opportunity_document_removed AFTER DELETE ON opportunity_document BEGIN "
        "INSERT INTO opportunity_words(opportunity_words, rowid, words) VALUES ('delete', old.id, old.words); END",
        "CREATE TRIGGER opportunity_document_changed AFTER UPDATE ON opportunity_document BEGIN "
        "INSERT INTO opportunity_words(opportunity_words, rowid, words) VALUES ('delete', old.id, old.words); "
        "INSERT INTO opportunity_words(rowid, words) VALUES (new.id, new.words); END",
    ),
    'postgresql': (
        # Kept beside the words: taking them apart again for every row of a common word would cost a tenth of a second.
        "ALTER TABLE opportunity_document ADD COLUMN lexemes tsvector "
        "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED",
        "CREATE INDEX ix_opportunity_document_lexemes ON opportunity_document USING gin (lexemes)",
    ),
}


def upgrade() -> None:
    """Bring the database up to this revision."""
    op.create_table('content_item',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('live', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('review_by', sa.Date(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_content_item')),
    sa.UniqueConstraint('kind', 'key', name=op.f('uq_content_item_kind'))
    )
    op.create_table('content_shelf',
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('stamp', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_content_shelf'))
    )
    op.create_table('content_translation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('path', sa.String(length=80), nullable=False),
    sa.Column('digest', sa.String(length=16), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('quality', sa.String(length=16), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_content_translation_by_id')),
    sa.ForeignKeyConstraint(['item_id'], ['content_item.id'], name=op.f('fk_content_translation_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_content_translation')),
    sa.UniqueConstraint('item_id', 'language', 'path', name=op.f('uq_content_translation_item_id'))
    )
    op.create_table('content_version',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('stage', sa.String(length=10), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('written_by_id', sa.Uuid(), nullable=True),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('checked_by_id', sa.Uuid(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=True),
    sa.ForeignKeyConstraint(['checked_by_id'], ['person.id'], name=op.f('fk_content_version_checked_by_id')),
    sa.ForeignKeyConstraint(['item_id'], ['content_item.id'], name=op.f('fk_content_version_item_id')),
    sa.ForeignKeyConstraint(['written_by_id'], ['person.id'], name=op.f('fk_content_version_written_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_content_version')),
    sa.UniqueConstraint('item_id', 'number', name=op.f('uq_content_version_item_id'))
    )
    op.create_table('dream',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('words', sa.LargeBinary(), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_back_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_dream_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dream'))
    )
    with op.batch_alter_table('dream', schema=None) as batch_op:
        batch_op.create_index('ix_dream_person_id_at', ['person_id', 'at'], unique=False)

    op.create_table('opportunity',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('type', sa.String(length=20), nullable=False),
    sa.Column('provider_group', sa.String(length=10), nullable=False),
    sa.Column('ring_fenced', sa.String(length=20), nullable=False),
    sa.Column('visibility', sa.String(length=10), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('min_age', sa.Integer(), nullable=True),
    sa.Column('max_age', sa.Integer(), nullable=True),
    sa.Column('years', sa.JSON(), nullable=False),
    sa.Column('year_bits', sa.Integer(), nullable=False),
    sa.Column('topics', sa.JSON(), nullable=False),
    sa.Column('steps', sa.JSON(), nullable=False),
    sa.Column('places_left', sa.Integer(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['item_id'], ['content_item.id'], name=op.f('fk_opportunity_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opportunity')),
    sa.UniqueConstraint('item_id', name=op.f('uq_opportunity_item_id')),
    sa.UniqueConstraint('key', name=op.f('uq_opportunity_key'))
    )
    with op.batch_alter_table('opportunity', schema=None) as batch_op:
        batch_op.create_index('ix_opportunity_type_closes_at', ['type', 'closes_at'], unique=False)
        batch_op.create_index('ix_opportunity_visibility_closes_at', ['visibility', 'closes_at'], unique=False)

    op.create_table('opportunity_document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('opportunity_id', sa.Uuid(), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['opportunity_id'], ['opportunity.id'], name=op.f('fk_opportunity_document_opportunity_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opportunity_document')),
    sa.UniqueConstraint('opportunity_id', 'language', name=op.f('uq_opportunity_document_opportunity_id'))
    )
    for statement in INDEX[op.get_bind().dialect.name]:
        op.execute(statement)

    op.create_table('opportunity_alert',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('topic', sa.String(length=30), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_opportunity_alert_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opportunity_alert')),
    sa.UniqueConstraint('person_id', 'topic', name=op.f('uq_opportunity_alert_person_id'))
    )
    with op.batch_alter_table('opportunity_alert', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_opportunity_alert_topic'), ['topic'], unique=False)

    op.create_table('opportunity_posting',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Uuid(), nullable=True),
    sa.Column('item_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_opportunity_posting_decided_by_id')),
    sa.ForeignKeyConstraint(['item_id'], ['content_item.id'], name=op.f('fk_opportunity_posting_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opportunity_posting'))
    )
    with op.batch_alter_table('opportunity_posting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_opportunity_posting_state'), ['state'], unique=False)

    op.create_table('route_change',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('step', sa.String(length=60), nullable=False),
    sa.Column('feeling', sa.String(length=12), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_route_change_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_route_change'))
    )
    with op.batch_alter_table('route_change', schema=None) as batch_op:
        batch_op.create_index('ix_route_change_person_id_at', ['person_id', 'at'], unique=False)

    op.create_table('he_event',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('opportunity_id', sa.Uuid(), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.CheckConstraint('taken >= 0 AND taken <= capacity', name=op.f('ck_he_event_places_are_not_overbooked')),
    sa.ForeignKeyConstraint(['opportunity_id'], ['opportunity.id'], name=op.f('fk_he_event_opportunity_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_he_event')),
    sa.UniqueConstraint('opportunity_id', name=op.f('uq_he_event_opportunity_id'))
    )
    op.create_table('opportunity_interest',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('opportunity_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('tell_adviser', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_opportunity_interest_by_id')),
    sa.ForeignKeyConstraint(['opportunity_id'], ['opportunity.id'], name=op.f('fk_opportunity_interest_opportunity_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_opportunity_interest_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opportunity_interest')),
    sa.UniqueConstraint('person_id', 'opportunity_id', name=op.f('uq_opportunity_interest_person_id'))
    )
    with op.batch_alter_table('opportunity_interest', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_opportunity_interest_opportunity_id'), ['opportunity_id'], unique=False)

    op.create_table('shared_route',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('pep_id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('words', sa.LargeBinary(), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('steps', sa.JSON(), nullable=False),
    sa.Column('share', sa.String(length=10), nullable=False),
    sa.Column('chosen', sa.JSON(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('superseded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['pep_id'], ['pep.id'], name=op.f('fk_shared_route_pep_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_shared_route_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shared_route')),
    sa.UniqueConstraint('pep_id', 'revision', name=op.f('uq_shared_route_pep_id'))
    )
    with op.batch_alter_table('shared_route', schema=None) as batch_op:
        batch_op.create_index('ix_shared_route_person_id', ['person_id'], unique=False)

    op.create_table('he_event_seat',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('booked_by_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('waiting_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('offer_ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('carer_comes', sa.Boolean(), nullable=False),
    sa.Column('consent_by_id', sa.Uuid(), nullable=True),
    sa.Column('consent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('see_myself', sa.String(length=12), nullable=True),
    sa.Column('was', sa.String(length=12), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['booked_by_id'], ['person.id'], name=op.f('fk_he_event_seat_booked_by_id')),
    sa.ForeignKeyConstraint(['consent_by_id'], ['person.id'], name=op.f('fk_he_event_seat_consent_by_id')),
    sa.ForeignKeyConstraint(['event_id'], ['he_event.id'], name=op.f('fk_he_event_seat_event_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_he_event_seat_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_he_event_seat'))
    )
    with op.batch_alter_table('he_event_seat', schema=None) as batch_op:
        batch_op.create_index('ix_he_event_seat_person_id', ['person_id'], unique=False)
        batch_op.create_index('uq_he_event_seat_live', ['event_id', 'person_id'], unique=True, sqlite_where=sa.text("state IN ('booked', 'waiting', 'offered')"), postgresql_where=sa.text("state IN ('booked', 'waiting', 'offered')"))



    # What stands in a PEP from a young person's own route goes out by the feed like an answer.
    with op.batch_alter_table('feed_change', schema=None) as batch_op:
        batch_op.alter_column('sent_answer_id', existing_type=sa.Uuid(), nullable=True)
        batch_op.add_column(sa.Column('shared_route_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('replaces_route_id', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_feed_change_shared_route_id'), 'shared_route', ['shared_route_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_feed_change_replaces_route_id'), 'shared_route', ['replaces_route_id'], ['id'])
        batch_op.create_index(batch_op.f('ix_feed_change_shared_route_id'), ['shared_route_id'], unique=False)


def downgrade() -> None:
    """Take this revision back."""
    op.execute('DELETE FROM feed_change WHERE sent_answer_id IS NULL')
    with op.batch_alter_table('feed_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feed_change_shared_route_id'))
        batch_op.drop_constraint(batch_op.f('fk_feed_change_replaces_route_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_feed_change_shared_route_id'), type_='foreignkey')
        batch_op.drop_column('replaces_route_id')
        batch_op.drop_column('shared_route_id')
        batch_op.alter_column('sent_answer_id', existing_type=sa.Uuid(), nullable=False)

    with op.batch_alter_table('he_event_seat', schema=None) as batch_op:
        batch_op.drop_index('uq_he_event_seat_live', sqlite_where=sa.text("state IN ('booked', 'waiting', 'offered')"), postgresql_where=sa.text("state IN ('booked', 'waiting', 'offered')"))
        batch_op.drop_index('ix_he_event_seat_person_id')

    op.drop_table('he_event_seat')
    with op.batch_alter_table('shared_route', schema=None) as batch_op:
        batch_op.drop_index('ix_shared_route_person_id')

    op.drop_table('shared_route')
    with op.batch_alter_table('opportunity_interest', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_opportunity_interest_opportunity_id'))

    op.drop_table('opportunity_interest')
    op.drop_table('he_event')
    with op.batch_alter_table('route_change', schema=None) as batch_op:
        batch_op.drop_index('ix_route_change_person_id_at')

    op.drop_table('route_change')
    with op.batch_alter_table('opportunity_posting', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_opportunity_posting_state'))

    op.drop_table('opportunity_posting')
    with op.batch_alter_table('opportunity_alert', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_opportunity_alert_topic'))

    op.drop_table('opportunity_alert')
    if op.get_bind().dialect.name == 'sqlite':
        op.execute('DROP TABLE opportunity_words')
    op.drop_table('opportunity_document')
    with op.batch_alter_table('opportunity', schema=None) as batch_op:
        batch_op.drop_index('ix_opportunity_visibility_closes_at')
        batch_op.drop_index('ix_opportunity_type_closes_at')

    op.drop_table('opportunity')
    with op.batch_alter_table('dream', schema=None) as batch_op:
        batch_op.drop_index('ix_dream_person_id_at')

    op.drop_table('dream')
    op.drop_table('content_version')
    op.drop_table('content_translation')
    op.drop_table('content_shelf')
    op.drop_table('content_item')
