"""A session's life: published, moved, called off, its places, and what the clock does."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from blinker import Signal
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, places
from app.dropins import sessions, signals, states
from app.dropins.calendar_files import booking_file, uid_of
from app.dropins.models import Booking, BookingMove, DropIn, SessionState, Slot
from app.dropins.sessions import Missing, NotReady, PlacesTaken
from app.dropins.slots import cut
from app.dropins.states import Overtaken
from app.people.models import Role
from tests.dropins.conftest import Setting
from tests.factories import People

NOON = datetime(2027, 3, 9, 12, 0, tzinfo=UTC)


@contextmanager
def heard(signal: Signal) -> Iterator[list[dict[str, Any]]]:
    """Collect what a signal says."""
    told: list[dict[str, Any]] = []

    def listen(sender: DropIn, **kwargs: Any) -> None:
        told.append({"dropin": sender, **kwargs})

    with signal.connected_to(listen):
        yield told


# -- slots


def test_slots_run_from_the_start_and_a_last_part_that_is_too_short_is_dropped() -> None:
    parts = cut(NOON, NOON + timedelta(minutes=100), 30, 2)
    assert [part.starts_at for part in parts] == [NOON + timedelta(minutes=30 * n) for n in range(3)]
    assert parts[-1].ends_at == NOON + timedelta(minutes=90) and {part.capacity for part in parts} == {2}


def test_come_any_time_is_one_slot_as_long_as_the_session() -> None:
    parts = cut(NOON, NOON + timedelta(minutes=100), None, 12, 3)
    assert len(parts) == 1 and parts[0].ends_at == NOON + timedelta(minutes=100) and parts[0].held == 3


def test_places_for_walk_ins_are_spread_over_the_later_half() -> None:
    assert [part.held for part in cut(NOON, NOON + timedelta(hours=2), 30, 2, 2)] == [0, 0, 1, 1]
    assert [part.held for part in cut(NOON, NOON + timedelta(hours=2), 30, 2, 3)] == [0, 0, 1, 2]


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(1, 600),
    st.sampled_from([15, 20, 30, 45, 60, None]),
    st.integers(1, 20),
    st.integers(0, 40),
)
def test_slots_never_overlap_never_run_over_and_never_hold_more_than_they_have(
    minutes: int, step: int | None, capacity: int, hold: int
) -> None:
    end = NOON + timedelta(minutes=minutes)
    parts = cut(NOON, end, step, capacity, hold)
    assert all(part.ends_at <= end and 0 <= part.held <= part.capacity for part in parts)
    assert all(one.ends_at == two.starts_at for one, two in pairwise(parts))
    assert sum(part.held for part in parts) <= hold
    assert step is None or len(parts) == minutes // step


# -- publishing


def test_a_published_session_has_its_slots_and_tells_the_room(setting: Setting) -> None:
    dropin = setting.draft(capacity=3, walk_in_hold=2)
    with heard(signals.dropin_published) as told:
        sessions.publish(setting.session, setting.actor, dropin)
    assert dropin.state == SessionState.published and told[0]["dropin"] is dropin
    slots = setting.slots(dropin)
    assert [slot.held_for_walk_in for slot in slots] == [0, 0, 1, 1]
    assert [sessions.open_places(slot) for slot in slots] == [3, 3, 2, 2]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"staffed": False}, Missing.staff),
        ({"venue_id": None}, Missing.venue),
        ({"venue_id": None, "mode": "mixed"}, Missing.venue),
        ({"title": "Drop-in for care leavers"}, Missing.says_who),
        ({"title": "Help if you are NEET"}, Missing.says_who),
        ({"title": "  "}, Missing.no_title),
        ({"minutes": 20}, Missing.too_short),
        ({"starts_at": datetime(2026, 3, 2, 12, tzinfo=UTC)}, Missing.over),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_published(
    setting: Setting, values: dict[str, Any], why: Missing
) -> None:
    dropin = setting.draft(**values)
    with pytest.raises(NotReady) as refused:
        sessions.publish(setting.session, setting.actor, dropin)
    assert refused.value.missing == [why] and dropin.state == SessionState.draft and not setting.slots(dropin)


@pytest.mark.parametrize(
    "title", ["Career talk", "Need a job?", "Take care of your CV", "Caring jobs", "Clay and craft"]
)
def test_everyday_titles_are_not_refused(title: str) -> None:
    assert not sessions.says_who(title)


def test_it_cannot_be_published_twice(setting: Setting) -> None:
    dropin = setting.published()
    with pytest.raises(Overtaken):
        sessions.publish(setting.session, setting.actor, dropin)


# -- cancelling


def test_a_session_is_called_off_with_a_reason_and_the_room_is_told(setting: Setting) -> None:
    dropin = setting.published()
    with heard(signals.dropin_cancelled) as told:
        sessions.cancel(setting.session, setting.actor, dropin, "The building is closed", "burst pipe")
    assert dropin.state == SessionState.cancelled and dropin.sequence == 1 and told[0]["dropin"] is dropin
    with pytest.raises(Overtaken):
        sessions.cancel(setting.session, setting.actor, dropin, "again")


def test_it_can_be_called_off_after_it_has_begun_but_not_when_it_is_over(setting: Setting) -> None:
    dropin = setting.published(NOON, 120)
    with time_machine.travel(NOON + timedelta(minutes=10), tick=False):
        states.tick(setting.session, clock.now())
        sessions.cancel(setting.session, setting.actor, dropin, "The adviser is ill")
    assert dropin.state == SessionState.cancelled
    over = setting.published(NOON, 120)
    with time_machine.travel(NOON + timedelta(hours=3), tick=False):
        states.tick(setting.session, clock.now())
        with pytest.raises(Overtaken):
            sessions.cancel(setting.session, setting.actor, over, "too late")


def test_a_reason_is_always_given(setting: Setting) -> None:
    with pytest.raises(ValueError, match="why"):
        sessions.cancel(setting.session, setting.actor, setting.published(), "  ")


def test_a_draft_can_be_taken_away_and_a_published_one_cannot(setting: Setting) -> None:
    draft = setting.draft()
    sessions.delete_draft(setting.session, setting.actor, draft)
    assert setting.session.get(DropIn, draft.id) is None
    with pytest.raises(Overtaken):
        sessions.delete_draft(setting.session, setting.actor, setting.published())


# -- moving


def test_slots_and_their_people_move_along(setting: Setting) -> None:
    dropin = setting.published()
    slots = setting.slots(dropin)
    assert places.take(setting.session, Slot, slots[1].id)
    before = [(slot.id, slot.starts_at) for slot in slots]
    by = timedelta(minutes=30)
    with heard(signals.dropin_moved) as told:
        assert sessions.rearrange(
            setting.session,
            setting.actor,
            dropin,
            dropin.starts_at + by,
            dropin.ends_at + by,
            seen_version=dropin.version,
        )
    after = setting.slots(dropin)
    assert [(slot.id, slot.starts_at - by) for slot in after] == before and after[1].taken == 1
    assert told[0]["small"] and told[0]["by"] == by and dropin.sequence == 1


def test_back_in_time_they_move_too_without_standing_on_each_other(setting: Setting) -> None:
    dropin = setting.published()
    by = timedelta(minutes=-60)
    before = [slot.starts_at for slot in setting.slots(dropin)]
    with heard(signals.dropin_moved) as told:
        sessions.rearrange(setting.session, setting.actor, dropin, dropin.starts_at + by, dropin.ends_at + by)
    assert [slot.starts_at - by for slot in setting.slots(dropin)] == before and not told[0]["small"]


def test_another_day_or_another_way_is_no_small_move(setting: Setting) -> None:
    dropin = setting.published()
    with heard(signals.dropin_moved) as told:
        sessions.rearrange(setting.session, setting.actor, dropin, dropin.starts_at, dropin.ends_at, mode="phone")
        day = timedelta(days=1)
        sessions.rearrange(setting.session, setting.actor, dropin, dropin.starts_at + day, dropin.ends_at + day)
    assert [one["small"] for one in told] == [False, False] and dropin.venue_id is None
    assert told[0]["was"].mode == "venue" and told[0]["moved_slots"] == []


def test_the_same_time_again_tells_nobody(setting: Setting) -> None:
    dropin = setting.published()
    with heard(signals.dropin_moved) as told:
        assert not sessions.rearrange(setting.session, setting.actor, dropin, dropin.starts_at, dropin.ends_at)
    assert told == [] and dropin.sequence == 0


def test_a_session_is_not_cut_short_over_somebodys_head(setting: Setting) -> None:
    dropin = setting.published()
    slots = setting.slots(dropin)
    places.take(setting.session, Slot, slots[-1].id)
    setting.session.commit()
    with pytest.raises(PlacesTaken) as refused:
        sessions.rearrange(
            setting.session, setting.actor, dropin, dropin.starts_at, dropin.ends_at - timedelta(minutes=30)
        )
    assert refused.value.taken == 1 and refused.value.slot_id == slots[-1].id


def test_a_longer_session_has_more_slots(setting: Setting) -> None:
    dropin = setting.published()
    sessions.rearrange(setting.session, setting.actor, dropin, dropin.starts_at, dropin.ends_at + timedelta(minutes=45))
    assert len(setting.slots(dropin)) == 5


def test_two_people_who_change_the_same_version_are_not_both_right(setting: Setting) -> None:
    dropin = setting.published()
    seen, by = dropin.version, timedelta(days=1)
    sessions.rearrange(
        setting.session, setting.actor, dropin, dropin.starts_at + by, dropin.ends_at + by, seen_version=seen
    )
    with pytest.raises(Overtaken):
        sessions.rearrange(
            setting.session, setting.actor, dropin, dropin.starts_at + by, dropin.ends_at + by, seen_version=seen
        )


# -- places


def test_places_are_never_cut_below_those_who_hold_them(setting: Setting) -> None:
    dropin = setting.published(capacity=3, walk_in_hold=8)
    slot = setting.slots(dropin)[-1]
    sessions.hold_for_walk_ins(setting.session, setting.actor, slot, 1)
    assert places.take(setting.session, Slot, slot.id) and places.take(setting.session, Slot, slot.id)
    with heard(signals.capacity_changed) as told, pytest.raises(PlacesTaken):
        sessions.resize_slot(setting.session, setting.actor, slot, 1)
    assert (slot.capacity, slot.held_for_walk_in, slot.taken) == (3, 1, 2) and told == []


def test_the_room_hears_of_more_places_and_of_fewer(setting: Setting) -> None:
    slot = setting.slots(setting.published(capacity=2))[0]
    with heard(signals.capacity_changed) as told:
        sessions.resize_slot(setting.session, setting.actor, slot, 4)
        sessions.hold_for_walk_ins(setting.session, setting.actor, slot, 3)
        sessions.resize_slot(setting.session, setting.actor, slot, 2)
    assert [(one["before"], one["after"]) for one in told] == [(2, 4), (4, 1), (1, 0)]
    assert slot.held_for_walk_in == 2 and sessions.open_places(slot) == 0


def test_a_published_session_keeps_an_adviser(setting: Setting, people: People) -> None:
    dropin = setting.published()
    other = people.adult(Role.personal_adviser, "Mr Aspen")
    with heard(signals.staff_changed) as told:
        sessions.set_staff(setting.session, setting.actor, dropin, [other.id])
    assert told[0]["gone"] == {setting.adviser.id} and told[0]["new"] == {other.id}
    with pytest.raises(NotReady):
        sessions.set_staff(setting.session, setting.actor, dropin, [people.adult(Role.iro).id])


# -- the clock


def test_the_clock_moves_a_session_on_and_closes_it_after_five_working_days(setting: Setting) -> None:
    start = datetime(2027, 5, 26, 13, 0, tzinfo=UTC)  # a Wednesday; Monday 31 May is a bank holiday
    dropin = setting.published(start, 120)
    seen = []
    with heard(signals.dropin_done) as done, heard(signals.dropin_closed) as closed:
        for moment in (
            start - timedelta(minutes=16),
            start - timedelta(minutes=15),
            start + timedelta(hours=2),
            datetime(2027, 6, 3, 22, 59, tzinfo=UTC),
            datetime(2027, 6, 3, 23, 1, tzinfo=UTC),
        ):
            before = states.state_now(dropin, moment)
            states.tick(setting.session, moment)
            seen.append(str(dropin.state))
            assert dropin.state == "closed" or before == dropin.state
        states.tick(setting.session, datetime(2027, 7, 1, tzinfo=UTC))
    assert seen == ["published", "running", "done", "done", "closed"] and len(done) == len(closed) == 1


def test_a_session_whose_advisers_have_left_does_not_stay_published(setting: Setting, people: People) -> None:
    dropin, booked = setting.published(), setting.published()
    setting.session.add(_booking(setting, booked, people))
    setting.adviser.ended_on = clock.today()
    setting.session.commit()
    assert states.tick(setting.session, clock.now()).unstaffed == 1
    assert dropin.state == SessionState.draft and booked.state == SessionState.published


def test_what_nobody_settled_was_not_recorded_and_is_no_did_not_attend(setting: Setting, people: People) -> None:
    dropin = setting.published(NOON, 120)
    bookings = {
        state: _booking(setting, dropin, people) for state in ("booked", "attended", "did_not_attend", "cancelled")
    }
    for state, booking in bookings.items():
        booking.state = state
        setting.session.add(booking)
    setting.session.commit()
    for _ in range(2):
        states.tick(setting.session, NOON + timedelta(days=20))
    setting.session.commit()
    setting.session.expire_all()
    assert dropin.state == SessionState.closed
    assert [bookings[state].state for state in bookings] == ["not_recorded", "attended", "did_not_attend", "cancelled"]
    (kept,) = setting.session.scalars(select(BookingMove))
    assert (kept.booking_id, kept.came_from, kept.went_to, kept.by_id) == (
        bookings["booked"].id, "booked", "not_recorded", None,
    )  # fmt: skip


def _booking(setting: Setting, dropin: DropIn, people: People) -> Booking:
    young, slot, moment = people.young_person(), setting.slots(dropin)[0], clock.now()
    # What a booking's calendar files are known by, where bookings have it.
    known_by = {"calendar_id": uuid.uuid4()} if "calendar_id" in Booking.__table__.columns else {}
    return Booking(
        **known_by,
        key=uuid.uuid4().hex,
        dropin_id=dropin.id,
        slot_id=slot.id,
        whose=young.id,
        person_id=young.id,
        language="en-GB",
        state="booked",
        made_at=moment,
        changed_at=moment,
    )


def test_the_command_ticks_and_a_dry_run_changes_nothing(app: Flask, setting: Setting) -> None:
    dropin = setting.published(NOON, 60)
    with time_machine.travel(NOON, tick=False):
        assert "1 running" in app.test_cli_runner().invoke(args=["dropins", "tick", "--dry-run"]).output
        assert setting.session.scalar(select(DropIn.state).where(DropIn.id == dropin.id)) == "published"
        assert app.test_cli_runner().invoke(args=["dropins", "tick"]).exit_code == 0
    setting.session.expire_all()
    assert dropin.state == SessionState.running


# -- calendar files, read by a parser that is not ours


def test_a_calendar_reads_what_we_write(session: Session) -> None:
    uid = uid_of(uuid.uuid4())
    summary, where = "موعد مع سام، الثلاثاء; " * 6, "Willow Library, 1 Willow Street\\ back door"
    raw = booking_file(
        uid, 2, "REQUEST", NOON, NOON + timedelta(minutes=30), summary, where, "first line\nsecond, line", language="ar"
    )
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    calendar = Calendar.from_ical(raw)
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["UID"], event["SEQUENCE"]) == ("REQUEST", uid, 2)
    assert event.decoded("DTSTART") == NOON and event.decoded("DTEND") == NOON + timedelta(minutes=30)
    assert event["SUMMARY"] == summary and event["LOCATION"] == where and event["SUMMARY"].params["LANGUAGE"] == "ar"
    assert event["DESCRIPTION"] == "first line\nsecond, line" and not event.errors


def test_a_cancelled_one_has_the_same_uid_and_says_so() -> None:
    raw = booking_file("a@pepvoice", 3, "CANCEL", NOON, NOON + timedelta(minutes=30), "Meeting with Sam")
    calendar = Calendar.from_ical(raw)
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["STATUS"], event["UID"]) == ("CANCEL", "CANCELLED", "a@pepvoice")


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        booking_file("a", 0, "PUBLISH", datetime(2027, 1, 1), datetime(2027, 1, 2), "x")  # noqa: DTZ001
