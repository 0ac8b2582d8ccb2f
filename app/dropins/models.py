"""Places, sessions, slots, bookings, visits, next steps and what came of them (handbook, dropins 2, 3 and 5)."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Sealed, UtcDateTime, id_column
from app.core.places import HasPlaces

# -- when and where ---------------------------------------------------------------------------------------------------


class SessionState(StrEnum):
    """Where a session is (handbook 3.1). Full is worked out, never stored."""

    draft = "draft"
    published = "published"
    running = "running"
    done = "done"
    closed = "closed"
    cancelled = "cancelled"


class BookingState(StrEnum):
    """Where a booking is (handbook 3.2)."""

    booked = "booked"
    waiting = "waiting"
    offered = "offered"
    cancelled = "cancelled"
    rescheduled = "rescheduled"
    cancelled_by_service = "cancelled_by_service"
    arrived = "arrived"
    attended = "attended"
    did_not_attend = "did_not_attend"
    lapsed = "lapsed"
    not_recorded = "not_recorded"


# Somebody still counts on it.
LIVE = (BookingState.booked, BookingState.waiting, BookingState.offered, BookingState.arrived)
# It holds a place of its slot.
HOLDING = (BookingState.booked, BookingState.offered, BookingState.arrived, BookingState.attended)
_LIVE = text("state IN ('booked', 'waiting', 'offered', 'arrived')")


class Venue(Base):
    """A place (handbook 2.2). The address is for people who are booked, unless it is a public building."""

    __tablename__ = "dropin_venue"

    id: Mapped[uuid.UUID] = id_column()
    name_public: Mapped[str] = mapped_column(String(80))
    area: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(300))
    map_link: Mapped[str | None] = mapped_column(String(300))
    how_to_find: Mapped[str] = mapped_column(String(500), default="")
    travel: Mapped[str] = mapped_column(String(300), default="")
    access: Mapped[list[str]] = mapped_column(JSON, default=list)
    safe_notes: Mapped[str | None] = mapped_column(Sealed("dropin_venue.safe_notes"))
    is_public_building: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)


class Series(Base):
    """A repeating session: local wall time and an RFC 5545 rule, so that 14:00 stays 14:00 when the clocks change."""

    __tablename__ = "dropin_series"

    id: Mapped[uuid.UUID] = id_column()
    title: Mapped[str] = mapped_column(String(80))
    rule: Mapped[str] = mapped_column(String(200))
    starts_local: Mapped[str] = mapped_column(String(5))
    minutes: Mapped[int]
    first_on: Mapped[date]
    last_on: Mapped[date]
    skip_bank_holidays: Mapped[bool] = mapped_column(default=True)
    # Days of the rule without a session, and why: {"2026-12-28": "bank_holiday" or "chosen"}. Young people see the gap.
    skips: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))


class DropIn(Base):
    """One session on one day (handbook 2.1)."""

    __tablename__ = "dropin"
    __table_args__ = (Index("ix_dropin_state_starts_at", "state", "starts_at"),)

    id: Mapped[uuid.UUID] = id_column()
    series_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("dropin_series.id"), index=True)
    title: Mapped[str] = mapped_column(String(80))
    plain: Mapped[str] = mapped_column(String(500), default="")
    # venue, online, phone, mixed
    mode: Mapped[str] = mapped_column(String(6))
    venue_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("dropin_venue.id"))
    room: Mapped[str] = mapped_column(String(80), default="")
    online_link: Mapped[str | None] = mapped_column(Sealed("dropin.online_link"))
    phone_number: Mapped[str | None] = mapped_column(Sealed("dropin.phone_number"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # None: come any time. Then the session has one slot, as long as itself.
    slot_minutes: Mapped[int | None]
    # Places in each slot as it is made, and how many of the whole session wait for walk-ins; what counts later is the slot's own.
    capacity: Mapped[int] = mapped_column(default=1)
    walk_in_hold: Mapped[int] = mapped_column(default=0)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    # none, on_request, booked
    interpreter: Mapped[str] = mapped_column(String(10), default="on_request")
    access: Mapped[list[str]] = mapped_column(JSON, default=list)
    # all, year_11_13, care_leavers, ucic, young_parents, he
    audience: Mapped[str] = mapped_column(String(14), default="all")
    min_age: Mapped[int] = mapped_column(default=14)
    max_age: Mapped[int] = mapped_column(default=25)
    carer_welcome: Mapped[bool] = mapped_column(default=True)
    # public_safe, signed_in, invited
    visibility: Mapped[str] = mapped_column(String(12), default="public_safe")
    booking_opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Minutes before each slot at which booking closes; walking in is still possible.
    booking_closes_minutes: Mapped[int] = mapped_column(default=30)
    state: Mapped[str] = mapped_column(String(10), default=SessionState.draft)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_reason_public: Mapped[str | None] = mapped_column(String(300))
    cancel_reason_staff: Mapped[str | None] = mapped_column(Sealed("dropin.cancel_reason_staff"))
    # Calendar files of this session carry it: every change that people are told of counts it up (RFC 5545 SEQUENCE).
    sequence: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)


class DropInStaff(Base):
    """Who is there."""

    __tablename__ = "dropin_staff"
    __table_args__ = (UniqueConstraint("dropin_id", "person_id"),)

    id: Mapped[uuid.UUID] = id_column()
    dropin_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dropin.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)


class StaffCalendar(Base):
    """The secret address of one worker's calendar of sessions. Only the digest of the secret is kept."""

    __tablename__ = "dropin_staff_calendar"

    id: Mapped[uuid.UUID] = id_column()
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Slot(HasPlaces, Base):
    """A bookable part of a session. ``taken`` counts the bookings that hold a place; some places wait for walk-ins."""

    __tablename__ = "dropin_slot"
    __table_args__ = (
        *HasPlaces.__table_args__,
        UniqueConstraint("dropin_id", "starts_at"),
        CheckConstraint("held_for_walk_in >= 0 AND held_for_walk_in <= capacity", name="walk_in_hold_fits"),
    )

    id: Mapped[uuid.UUID] = id_column()
    dropin_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dropin.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    held_for_walk_in: Mapped[int] = mapped_column(default=0)


# -- who comes --------------------------------------------------------------------------------------------------------


class NewFace(Base):
    """Somebody without a record yet: a first name and a mobile, until a worker has checked who they are."""

    __tablename__ = "dropin_new_face"

    id: Mapped[uuid.UUID] = id_column()
    # Empty once it need not be kept (app.dropins.retaining): what was booked still refers to the row.
    first_name: Mapped[str | None] = mapped_column(Sealed("dropin_new_face.first_name"))
    mobile: Mapped[str | None] = mapped_column(Sealed("dropin_new_face.mobile"))
    # Keyed digest of the number in E.164, so that the same person is one row without the number being readable.
    mobile_digest: Mapped[str | None] = mapped_column(String(64), index=True)
    language: Mapped[str] = mapped_column(String(10))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Who it turned out to be.
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))


class Booking(Base):
    """One claim on a slot (handbook 2.4): of a young person, or of a new face until it is checked."""

    __tablename__ = "dropin_booking"
    __table_args__ = (
        # Nobody holds two live bookings for one session; ``whose`` is the person's or the new face's id.
        Index("uq_dropin_booking_live", "dropin_id", "whose", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_dropin_booking_whose_state", "whose", "state"),
        Index("ix_dropin_booking_slot_id_state", "slot_id", "state"),
        CheckConstraint("person_id IS NOT NULL OR new_face_id IS NOT NULL", name="is_somebodys"),
    )

    id: Mapped[uuid.UUID] = id_column()
    # The one-time key of the button: a double tap is one booking.
    key: Mapped[str] = mapped_column(String(80), unique=True)
    dropin_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dropin.id"))
    slot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dropin_slot.id"))
    whose: Mapped[uuid.UUID] = mapped_column(Uuid)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    new_face_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("dropin_new_face.id"))
    booked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    booked_by_role: Mapped[str | None] = mapped_column(String(30))
    # asked_me, with_me_now, agreed_before: needed when somebody else booked
    basis: Mapped[str | None] = mapped_column(String(14))
    purposes: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[str | None] = mapped_column(Sealed("dropin_booking.note"))
    # none, carer, pa, friend, advocate
    brings: Mapped[str] = mapped_column(String(10), default="none")
    interpreter_language: Mapped[str | None] = mapped_column(String(10))
    needs: Mapped[str | None] = mapped_column(Sealed("dropin_booking.needs"))
    # app, text, email, letter_to_carer, through_pa, none
    contact: Mapped[str] = mapped_column(String(16), default="app")
    language: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(22))
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offer_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offers_missed: Mapped[int] = mapped_column(default=0)
    auto_accept: Mapped[bool] = mapped_column(default=False)
    # Waits for any time of the session, not for this slot alone.
    any_time: Mapped[bool] = mapped_column(default=False)
    # The session was moved: until then the person is asked whether they can still come.
    confirm_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Cancelled after the slot had begun. Not a 'did not attend'.
    late: Mapped[bool] = mapped_column(default=False)
    rescheduled_to_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("dropin_booking.id"))
    # One UID (the first booking's id, kept when it is changed to another time) and a rising SEQUENCE for every calendar file.
    calendar_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    sequence: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)


class BookingMove(Base):
    """One change of a booking's state: who, from, to, when and why (a code). Rows are only added."""

    __tablename__ = "dropin_booking_move"

    id: Mapped[uuid.UUID] = id_column()
    booking_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dropin_booking.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    by_role: Mapped[str] = mapped_column(String(30))
    came_from: Mapped[str | None] = mapped_column(String(22))
    went_to: Mapped[str] = mapped_column(String(22))
    why: Mapped[str | None] = mapped_column(String(40))
    # Given by the device with the tap: sent twice, it is one move.
    key: Mapped[str | None] = mapped_column(String(80), unique=True)


class BookingLink(Base):
    """A link in a message that does one thing with one booking, once, signed out. Only the digest of its secret is kept."""

    __tablename__ = "dropin_booking_link"

    id: Mapped[uuid.UUID] = id_column()
    booking_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dropin_booking.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Call(Base):
    """Somebody to ring or write to, because no message could tell them (handbook 4.3, 6). Ticked off by whoever did."""

    __tablename__ = "dropin_call"
    __table_args__ = (Index("ix_dropin_call_done_at_made_at", "done_at", "made_at"),)

    id: Mapped[uuid.UUID] = id_column()
    # What it is about, so that the same thing is one call.
    key: Mapped[str] = mapped_column(String(120), unique=True)
    booking_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dropin_booking.id"), index=True)
    whose: Mapped[uuid.UUID] = mapped_column(Uuid, index=True)
    # booked, moved, gone, offered, yours, lapsed, staff, not_answered, failed
    why: Mapped[str] = mapped_column(String(12))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))


class KeepApart(Base):
    """Two people who must not meet. Neither is ever told."""

    __tablename__ = "dropin_keep_apart"
    __table_args__ = (UniqueConstraint("one_id", "other_id"),)

    id: Mapped[uuid.UUID] = id_column()
    one_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    other_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    set_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_on: Mapped[date | None]


class Arrival(Base):
    """Somebody is in the room. Outside the staff's own list they are a number, unless they agreed to their first name."""

    __tablename__ = "dropin_arrival"
    __table_args__ = (UniqueConstraint("dropin_id", "number"),)

    id: Mapped[uuid.UUID] = id_column()
    # Given by the device with the tap: sent twice, it is one arrival.
    key: Mapped[str] = mapped_column(String(80), unique=True)
    dropin_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dropin.id"))
    number: Mapped[int]
    whose: Mapped[uuid.UUID] = mapped_column(Uuid)
    booking_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("dropin_booking.id"), unique=True)
    visit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("dropin_visit.id"), unique=True)
    # The slot whose place a walk-in took, if one was free.
    slot_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("dropin_slot.id"))
    shows_name: Mapped[bool] = mapped_column(default=False)
    late: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Happening(Base):
    """Something at a session that is no visit and is only counted: a carer came alone, an interpreter did not come."""

    __tablename__ = "dropin_happening"

    id: Mapped[uuid.UUID] = id_column()
    key: Mapped[str] = mapped_column(String(80), unique=True)
    dropin_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dropin.id"), index=True)
    # carer_alone, no_interpreter
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))


# -- what came of it --------------------------------------------------------------------------------------------------


class Visit(Base):
    """Contact that really happened (handbook 5.1). The young person sees all of it but the staff note."""

    __tablename__ = "dropin_visit"
    __table_args__ = (Index("ix_dropin_visit_whose_started_at", "whose", "started_at"),)

    id: Mapped[uuid.UUID] = id_column()
    # Given by the device with the tap: sent twice, it is one visit.
    key: Mapped[str] = mapped_column(String(80), unique=True)
    dropin_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dropin.id"), index=True)
    booking_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("dropin_booking.id"), unique=True)
    whose: Mapped[uuid.UUID] = mapped_column(Uuid)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    new_face_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("dropin_new_face.id"))
    was_walk_in: Mapped[bool] = mapped_column(default=False)
    # ours, other: another council's care leaver counts in visits and people only
    cohort: Mapped[str] = mapped_column(String(6), default="ours")
    mode: Mapped[str] = mapped_column(String(6))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    minutes_band: Mapped[str | None] = mapped_column(String(6))
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    with_whom: Mapped[list[str]] = mapped_column(JSON, default=list)
    language_used: Mapped[str] = mapped_column(String(10))
    purposes: Mapped[list[str]] = mapped_column(JSON, default=list)
    advice: Mapped[list[str]] = mapped_column(JSON, default=list)
    eet_before: Mapped[str | None] = mapped_column(String(20))
    eet_after: Mapped[str | None] = mapped_column(String(20))
    talked_about: Mapped[str | None] = mapped_column(Sealed("dropin_visit.talked_about"))
    staff_note: Mapped[str | None] = mapped_column(Sealed("dropin_visit.staff_note"))
    safeguarding_flag: Mapped[bool] = mapped_column(default=False)
    # a_lot, a_bit, not_really, rather_not_say
    useful: Mapped[str | None] = mapped_column(String(16))
    own_words: Mapped[str | None] = mapped_column(Sealed("dropin_visit.own_words"))
    own_words_language: Mapped[str | None] = mapped_column(String(10))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The key of the form that was saved last: the same form sent again is the same note.
    saved_key: Mapped[str | None] = mapped_column(String(80))
    # Recorded by mistake (the wrong person, the wrong button): kept, and counted nowhere.
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)


class NextStep(Base):
    """A thing that was agreed, with a day (handbook 5.4). One to three a visit."""

    __tablename__ = "dropin_next_step"
    __table_args__ = (Index("ix_dropin_next_step_whose_state_due_on", "whose", "state", "due_on"),)

    id: Mapped[uuid.UUID] = id_column()
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dropin_visit.id"), index=True)
    whose: Mapped[uuid.UUID] = mapped_column(Uuid)
    words: Mapped[str] = mapped_column(Sealed("dropin_next_step.words"))
    language: Mapped[str] = mapped_column(String(10))
    # The same as an interpreter put it, in the language that the young person reads.
    other_words: Mapped[str | None] = mapped_column(Sealed("dropin_next_step.other_words"))
    other_language: Mapped[str | None] = mapped_column(String(10))
    # me, adviser, pa, other
    owner: Mapped[str] = mapped_column(String(8))
    due_on: Mapped[date]
    # step:<key>, opportunity:<key>, entitlement:<key>
    linked: Mapped[str | None] = mapped_column(String(80))
    # to_do, done, changed_my_mind, stuck, no_longer_needed
    state: Mapped[str] = mapped_column(String(16), default="to_do")
    done_on: Mapped[date | None]
    share_with: Mapped[list[str]] = mapped_column(JSON, default=list)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)


class EetStatus(Base):
    """Education, employment or training from a day on (handbook 5.5). A later row never overwrites an earlier one."""

    __tablename__ = "eet_status"
    __table_args__ = (Index("ix_eet_status_person_id_from_on", "person_id", "from_on"),)

    id: Mapped[uuid.UUID] = id_column()
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    status: Mapped[str] = mapped_column(String(20))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    # visit, council_feed, provider, self
    source: Mapped[str] = mapped_column(String(14))
    # confirmed, told_us, unknown
    confidence: Mapped[str] = mapped_column(String(10))
    recorded_by_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_why: Mapped[str | None] = mapped_column(String(100))


class OutcomeCheck(Base):
    """Looking again later (handbook 5.6): 4, 12 and 26 weeks after a visit, 12 and 26 weeks after something new began."""

    __tablename__ = "dropin_outcome_check"
    __table_args__ = (
        UniqueConstraint("visit_id", "weeks", "after"),
        Index("ix_dropin_outcome_check_due_on_done_on", "due_on", "done_on"),
    )

    id: Mapped[uuid.UUID] = id_column()
    # The visit it is counted from, or the last one before what began.
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dropin_visit.id"))
    # visit, start
    after: Mapped[str] = mapped_column(String(5), default="visit", server_default="visit")
    whose: Mapped[uuid.UUID] = mapped_column(Uuid, index=True)
    # 4, 12 and 26 after the visit (26 and 12 stand for the handbook's six and three months)
    weeks: Mapped[int]
    due_on: Mapped[date]
    tries: Mapped[int] = mapped_column(default=0)
    done_on: Mapped[date | None]
    # app_tap, text_reply, call, pa_told_us, provider_told_us, council_feed
    how: Mapped[str | None] = mapped_column(String(18))
    # still_there, changed, need_help
    tapped: Mapped[str | None] = mapped_column(String(12))
    eet_status_then: Mapped[str | None] = mapped_column(String(20))
    still_in_same: Mapped[bool | None]
    moved_to_other_eet: Mapped[bool | None]
    happy_with_it: Mapped[str | None] = mapped_column(String(16))
    # confirmed, told_us, not_known
    grade: Mapped[str | None] = mapped_column(String(10))
    recorded_by_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)


class Story(Base):
    """A legacy story: the person's own words, with their yes. Kept apart from the figures."""

    __tablename__ = "dropin_story"

    id: Mapped[uuid.UUID] = id_column()
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Sealed("dropin_story.words"))
    language: Mapped[str] = mapped_column(String(10))
    # The one-time key of the button: a double tap is one story.
    key: Mapped[str] = mapped_column(String(80), unique=True)
    yes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
