"""EET drop-ins: sessions, bookings, visits, next steps and what came of them.

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database up to this revision."""
    op.create_table('dropin_venue',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name_public', sa.String(length=80), nullable=False),
    sa.Column('area', sa.String(length=80), nullable=False),
    sa.Column('address', sa.String(length=300), nullable=False),
    sa.Column('map_link', sa.String(length=300), nullable=True),
    sa.Column('how_to_find', sa.String(length=500), nullable=False),
    sa.Column('travel', sa.String(length=300), nullable=False),
    sa.Column('access', sa.JSON(), nullable=False),
    sa.Column('safe_notes', sa.LargeBinary(), nullable=True),
    sa.Column('is_public_building', sa.Boolean(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dropin_venue'))
    )
    op.create_table('dropin_keep_apart',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('one_id', sa.Uuid(), nullable=False),
    sa.Column('other_id', sa.Uuid(), nullable=False),
    sa.Column('set_by_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['one_id'], ['person.id'], name=op.f('fk_dropin_keep_apart_one_id')),
    sa.ForeignKeyConstraint(['other_id'], ['person.id'], name=op.f('fk_dropin_keep_apart_other_id')),
    sa.ForeignKeyConstraint(['set_by_id'], ['person.id'], name=op.f('fk_dropin_keep_apart_set_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dropin_keep_apart')),
    sa.UniqueConstraint('one_id', 'other_id', name=op.f('uq_dropin_keep_apart_one_id'))
    )
    op.create_table('dropin_new_face',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('first_name', sa.LargeBinary(), nullable=False),
    sa.Column('mobile', sa.LargeBinary(), nullable=True),
    sa.Column('mobile_digest', sa.String(length=64), nullable=True),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('checked_by_id', sa.Uuid(), nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['checked_by_id'], ['person.id'], name=op.f('fk_dropin_new_face_checked_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_dropin_new_face_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dropin_new_face'))
    )
    with op.batch_alter_table('dropin_new_face', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dropin_new_face_mobile_digest'), ['mobile_digest'], unique=False)

    op.create_table('dropin_series',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('rule', sa.String(length=200), nullable=False),
    sa.Column('starts_local', sa.String(length=5), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('first_on', sa.Date(), nullable=False),
    sa.Column('last_on', sa.Date(), nullable=False),
    sa.Column('skip_bank_holidays', sa.Boolean(), nullable=False),
    sa.Column('skips', sa.JSON(), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_dropin_series_made_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dropin_series'))
    )
    op.create_table('dropin_staff_calendar',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_dropin_staff_calendar_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dropin_staff_calendar')),
    sa.UniqueConstraint('digest', name=op.f('uq_dropin_staff_calendar_digest'))
    )
    with op.batch_alter_table('dropin_staff_calendar', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dropin_staff_calendar_person_id'), ['person_id'], unique=False)

    op.create_table('dropin_story',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('words', sa.LargeBinary(), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('yes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_back_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_dropin_story_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dropin_story')),
    sa.UniqueConstraint('key', name=op.f('uq_dropin_story_key'))
    )
    op.create_table('eet_status',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.Column('source', sa.String(length=14), nullable=False),
    sa.Column('confidence', sa.String(length=10), nullable=False),
    sa.Column('recorded_by_id', sa.Uuid(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_why', sa.String(length=100), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_eet_status_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_eet_status'))
    )
    with op.batch_alter_table('eet_status', schema=None) as batch_op:
        batch_op.create_index('ix_eet_status_person_id_from_on', ['person_id', 'from_on'], unique=False)

    op.create_table('dropin',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('series_id', sa.Uuid(), nullable=True),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('plain', sa.String(length=500), nullable=False),
    sa.Column('mode', sa.String(length=6), nullable=False),
    sa.Column('venue_id', sa.Uuid(), nullable=True),
    sa.Column('room', sa.String(length=80), nullable=False),
    sa.Column('online_link', sa.LargeBinary(), nullable=True),
    sa.Column('phone_number', sa.LargeBinary(), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('slot_minutes', sa.Integer(), nullable=True),
    sa.Column('capacity', sa.Integer(), nullable=False),
    sa.Column('walk_in_hold', sa.Integer(), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('interpreter', sa.String(length=10), nullable=False),
    sa.Column('access', sa.JSON(), nullable=False),
    sa.Column('audience', sa.String(length=14), nullable=False),
    sa.Column('min_age', sa.Integer(), nullable=False),
    sa.Column('max_age', sa.Integer(), nullable=False),
    sa.Column('carer_welcome', sa.Boolean(), nullable=False),
    sa.Column('visibility', sa.String(length=12), nullable=False),
    sa.Column('booking_opens_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('booking_closes_minutes', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancel_reason_public', sa.String(length=300), nullable=True),
    sa.Column('cancel_reason_staff', sa.LargeBinary(), nullable=True),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['series_id'], ['dropin_series.id'], name=op.f('fk_dropin_series_id')),
    sa.ForeignKeyConstraint(['venue_id'], ['dropin_venue.id'], name=op.f('fk_dropin_venue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dropin'))
    )
    with op.batch_alter_table('dropin', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dropin_series_id'), ['series_id'], unique=False)
        batch_op.create_index('ix_dropin_state_starts_at', ['state', 'starts_at'], unique=False)

    op.create_table('dropin_slot',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('dropin_id', sa.Uuid(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('held_for_walk_in', sa.Integer(), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.CheckConstraint('held_for_walk_in >= 0 AND held_for_walk_in <= capacity', name=op.f('ck_dropin_slot_walk_in_hold_fits')),
    sa.CheckConstraint('taken >= 0 AND taken <= capacity', name=op.f('ck_dropin_slot_places_are_not_overbooked')),
    sa.ForeignKeyConstraint(['dropin_id'], ['dropin.id'], name=op.f('fk_dropin_slot_dropin_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dropin_slot')),
    sa.UniqueConstraint('dropin_id', 'starts_at', name=op.f('uq_dropin_slot_dropin_id'))
    )
    op.create_table('dropin_staff',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('dropin_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['dropin_id'], ['dropin.id'], name=op.f('fk_dropin_staff_dropin_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_dropin_staff_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dropin_staff')),
    sa.UniqueConstraint('dropin_id', 'person_id', name=op.f('uq_dropin_staff_dropin_id'))
    )
    with op.batch_alter_table('dropin_staff', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dropin_staff_person_id'), ['person_id'], unique=False)

    op.create_table('dropin_booking',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('dropin_id', sa.Uuid(), nullable=False),
    sa.Column('slot_id', sa.Uuid(), nullable=False),
    sa.Column('whose', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('new_face_id', sa.Uuid(), nullable=True),
    sa.Column('booked_by_id', sa.Uuid(), nullable=True),
    sa.Column('booked_by_role', sa.String(length=30), nullable=True),
    sa.Column('basis', sa.String(length=14), nullable=True),
    sa.Column('purposes', sa.JSON(), nullable=False),
    sa.Column('note', sa.LargeBinary(), nullable=True),
    sa.Column('brings', sa.String(length=10), nullable=False),
    sa.Column('interpreter_language', sa.String(length=10), nullable=True),
    sa.Column('needs', sa.LargeBinary(), nullable=True),
    sa.Column('contact', sa.String(length=16), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=22), nullable=False),
    sa.Column('waiting_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('offer_ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('offers_missed', sa.Integer(), nullable=False),
    sa.Column('auto_accept', sa.Boolean(), nullable=False),
    sa.Column('any_time', sa.Boolean(), nullable=False),
    sa.Column('confirm_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('rescheduled_to_id', sa.Uuid(), nullable=True),
    sa.Column('calendar_id', sa.Uuid(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('person_id IS NOT NULL OR new_face_id IS NOT NULL', name=op.f('ck_dropin_booking_is_somebodys')),
    sa.ForeignKeyConstraint(['booked_by_id'], ['person.id'], name=op.f('fk_dropin_booking_booked_by_id')),
    sa.ForeignKeyConstraint(['dropin_id'], ['dropin.id'], name=op.f('fk_dropin_booking_dropin_id')),
    sa.ForeignKeyConstraint(['new_face_id'], ['dropin_new_face.id'], name=op.f('fk_dropin_booking_new_face_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_dropin_booking_person_id')),
    sa.ForeignKeyConstraint(['rescheduled_to_id'], ['dropin_booking.id'], name=op.f('fk_dropin_booking_rescheduled_to_id')),
    sa.ForeignKeyConstraint(['slot_id'], ['dropin_slot.id'], name=op.f('fk_dropin_booking_slot_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dropin_booking')),
    sa.UniqueConstraint('key', name=op.f('uq_dropin_booking_key'))
    )
    with op.batch_alter_table('dropin_booking', schema=None) as batch_op:
        batch_op.create_index('ix_dropin_booking_slot_id_state', ['slot_id', 'state'], unique=False)
        batch_op.create_index('ix_dropin_booking_whose_state', ['whose', 'state'], unique=False)
        batch_op.create_index('uq_dropin_booking_live', ['dropin_id', 'whose'], unique=True, sqlite_where=sa.text("state IN ('booked', 'waiting', 'offered', 'arrived')"), postgresql_where=sa.text("state IN ('booked', 'waiting', 'offered', 'arrived')"))

    op.create_table('dropin_booking_link',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('booking_id', sa.Uuid(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['booking_id'], ['dropin_booking.id'], name=op.f('fk_dropin_booking_link_booking_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dropin_booking_link')),
    sa.UniqueConstraint('digest', name=op.f('uq_dropin_booking_link_digest'))
    )
    with op.batch_alter_table('dropin_booking_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dropin_booking_link_booking_id'), ['booking_id'], unique=False)

    op.create_table('dropin_booking_move',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('booking_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('by_role', sa.String(length=30), nullable=False),
    sa.Column('came_from', sa.String(length=22), nullable=True),
    sa.Column('went_to', sa.String(length=22), nullable=False),
    sa.Column('why', sa.String(length=40), nullable=True),
    sa.Column('key', sa.String(length=80), nullable=True),
    sa.ForeignKeyConstraint(['booking_id'], ['dropin_booking.id'], name=op.f('fk_dropin_booking_move_booking_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dropin_booking_move')),
    sa.UniqueConstraint('key', name=op.f('uq_dropin_booking_move_key'))
    )
    with op.batch_alter_table('dropin_booking_move', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dropin_booking_move_booking_id'), ['booking_id'], unique=False)

    op.create_table('dropin_visit',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('dropin_id', sa.Uuid(), nullable=False),
    sa.Column('booking_id', sa.Uuid(), nullable=True),
    sa.Column('whose', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('new_face_id', sa.Uuid(), nullable=True),
    sa.Column('was_walk_in', sa.Boolean(), nullable=False),
    sa.Column('cohort', sa.String(length=6), nullable=False),
    sa.Column('mode', sa.String(length=6), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('minutes_band', sa.String(length=6), nullable=True),
    sa.Column('staff_id', sa.Uuid(), nullable=False),
    sa.Column('with_whom', sa.JSON(), nullable=False),
    sa.Column('language_used', sa.String(length=10), nullable=False),
    sa.Column('purposes', sa.JSON(), nullable=False),
    sa.Column('advice', sa.JSON(), nullable=False),
    sa.Column('eet_before', sa.String(length=20), nullable=True),
    sa.Column('eet_after', sa.String(length=20), nullable=True),
    sa.Column('talked_about', sa.LargeBinary(), nullable=True),
    sa.Column('staff_note', sa.LargeBinary(), nullable=True),
    sa.Column('safeguarding_flag', sa.Boolean(), nullable=False),
    sa.Column('useful', sa.String(length=16), nullable=True),
    sa.Column('own_words', sa.LargeBinary(), nullable=True),
    sa.Column('own_words_language', sa.String(length=10), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_key', sa.String(length=80), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['booking_id'], ['dropin_booking.id'], name=op.f('fk_dropin_visit_booking_id')),
    sa.ForeignKeyConstraint(['dropin_id'], ['dropin.id'], name=op.f('fk_dropin_visit_dropin_id')),
    sa.ForeignKeyConstraint(['new_face_id'], ['dropin_new_face.id'], name=op.f('fk_dropin_visit_new_face_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_dropin_visit_person_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['person.id'], name=op.f('fk_dropin_visit_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dropin_visit')),
    sa.UniqueConstraint('booking_id', name=op.f('uq_dropin_visit_booking_id')),
    sa.UniqueConstraint('key', name=op.f('uq_dropin_visit_key'))
    )
    with op.batch_alter_table('dropin_visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dropin_visit_dropin_id'), ['dropin_id'], unique=False)
        batch_op.create_index('ix_dropin_visit_whose_started_at', ['whose', 'started_at'], unique=False)

    op.create_table('dropin_arrival',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('dropin_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('whose', sa.Uuid(), nullable=False),
    sa.Column('booking_id', sa.Uuid(), nullable=True),
    sa.Column('visit_id', sa.Uuid(), nullable=True),
    sa.Column('slot_id', sa.Uuid(), nullable=True),
    sa.Column('shows_name', sa.Boolean(), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['booking_id'], ['dropin_booking.id'], name=op.f('fk_dropin_arrival_booking_id')),
    sa.ForeignKeyConstraint(['dropin_id'], ['dropin.id'], name=op.f('fk_dropin_arrival_dropin_id')),
    sa.ForeignKeyConstraint(['slot_id'], ['dropin_slot.id'], name=op.f('fk_dropin_arrival_slot_id')),
    sa.ForeignKeyConstraint(['visit_id'], ['dropin_visit.id'], name=op.f('fk_dropin_arrival_visit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dropin_arrival')),
    sa.UniqueConstraint('booking_id', name=op.f('uq_dropin_arrival_booking_id')),
    sa.UniqueConstraint('dropin_id', 'number', name=op.f('uq_dropin_arrival_dropin_id')),
    sa.UniqueConstraint('key', name=op.f('uq_dropin_arrival_key')),
    sa.UniqueConstraint('visit_id', name=op.f('uq_dropin_arrival_visit_id'))
    )
    op.create_table('dropin_happening',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('dropin_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_dropin_happening_by_id')),
    sa.ForeignKeyConstraint(['dropin_id'], ['dropin.id'], name=op.f('fk_dropin_happening_dropin_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dropin_happening')),
    sa.UniqueConstraint('key', name=op.f('uq_dropin_happening_key'))
    )
    with op.batch_alter_table('dropin_happening', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dropin_happening_dropin_id'), ['dropin_id'], unique=False)

    op.create_table('dropin_next_step',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('whose', sa.Uuid(), nullable=False),
    sa.Column('words', sa.LargeBinary(), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('other_words', sa.LargeBinary(), nullable=True),
    sa.Column('other_language', sa.String(length=10), nullable=True),
    sa.Column('owner', sa.String(length=8), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('linked', sa.String(length=80), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('share_with', sa.JSON(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['visit_id'], ['dropin_visit.id'], name=op.f('fk_dropin_next_step_visit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dropin_next_step'))
    )
    with op.batch_alter_table('dropin_next_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dropin_next_step_visit_id'), ['visit_id'], unique=False)
        batch_op.create_index('ix_dropin_next_step_whose_state_due_on', ['whose', 'state', 'due_on'], unique=False)

    op.create_table('dropin_outcome_check',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('whose', sa.Uuid(), nullable=False),
    sa.Column('weeks', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('how', sa.String(length=18), nullable=True),
    sa.Column('tapped', sa.String(length=12), nullable=True),
    sa.Column('eet_status_then', sa.String(length=20), nullable=True),
    sa.Column('still_in_same', sa.Boolean(), nullable=True),
    sa.Column('moved_to_other_eet', sa.Boolean(), nullable=True),
    sa.Column('happy_with_it', sa.String(length=16), nullable=True),
    sa.Column('grade', sa.String(length=10), nullable=True),
    sa.Column('recorded_by_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['visit_id'], ['dropin_visit.id'], name=op.f('fk_dropin_outcome_check_visit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dropin_outcome_check')),
    sa.UniqueConstraint('visit_id', 'weeks', name=op.f('uq_dropin_outcome_check_visit_id'))
    )
    with op.batch_alter_table('dropin_outcome_check', schema=None) as batch_op:
        batch_op.create_index('ix_dropin_outcome_check_due_on_done_on', ['due_on', 'done_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_dropin_outcome_check_whose'), ['whose'], unique=False)



def downgrade() -> None:
    """Take this revision back."""
    with op.batch_alter_table('dropin_outcome_check', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dropin_outcome_check_whose'))
        batch_op.drop_index('ix_dropin_outcome_check_due_on_done_on')

    op.drop_table('dropin_outcome_check')
    with op.batch_alter_table('dropin_next_step', schema=None) as batch_op:
        batch_op.drop_index('ix_dropin_next_step_whose_state_due_on')
        batch_op.drop_index(batch_op.f('ix_dropin_next_step_visit_id'))

    op.drop_table('dropin_next_step')
    with op.batch_alter_table('dropin_happening', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dropin_happening_dropin_id'))

    op.drop_table('dropin_happening')
    op.drop_table('dropin_arrival')
    with op.batch_alter_table('dropin_visit', schema=None) as batch_op:
        batch_op.drop_index('ix_dropin_visit_whose_started_at')
        batch_op.drop_index(batch_op.f('ix_dropin_visit_dropin_id'))

    op.drop_table('dropin_visit')
    with op.batch_alter_table('dropin_booking_move', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dropin_booking_move_booking_id'))

    op.drop_table('dropin_booking_move')
    with op.batch_alter_table('dropin_booking_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dropin_booking_link_booking_id'))

    op.drop_table('dropin_booking_link')
    with op.batch_alter_table('dropin_booking', schema=None) as batch_op:
        batch_op.drop_index('uq_dropin_booking_live', sqlite_where=sa.text("state IN ('booked', 'waiting', 'offered', 'arrived')"), postgresql_where=sa.text("state IN ('booked', 'waiting', 'offered', 'arrived')"))
        batch_op.drop_index('ix_dropin_booking_whose_state')
        batch_op.drop_index('ix_dropin_booking_slot_id_state')

    op.drop_table('dropin_booking')
    with op.batch_alter_table('dropin_staff', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dropin_staff_person_id'))

    op.drop_table('dropin_staff')
    op.drop_table('dropin_slot')
    with op.batch_alter_table('dropin', schema=None) as batch_op:
        batch_op.drop_index('ix_dropin_state_starts_at')
        batch_op.drop_index(batch_op.f('ix_dropin_series_id'))

    op.drop_table('dropin')
    with op.batch_alter_table('eet_status', schema=None) as batch_op:
        batch_op.drop_index('ix_eet_status_person_id_from_on')

    op.drop_table('eet_status')
    op.drop_table('dropin_story')
    with op.batch_alter_table('dropin_staff_calendar', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dropin_staff_calendar_person_id'))

    op.drop_table('dropin_staff_calendar')
    op.drop_table('dropin_series')
    with op.batch_alter_table('dropin_new_face', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dropin_new_face_mobile_digest'))

    op.drop_table('dropin_new_face')
    op.drop_table('dropin_keep_apart')
    op.drop_table('dropin_venue')
