"""Rows of sessions, the clocks that change under them, and a term copied into the next."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.core import clock
from app.dropins import series, sessions
from app.dropins.models import DropIn, Series, SessionState
from app.dropins.series import Repeats, TooMany, days, rule_for
from app.dropins.wall import ComesTwice, MissingHour, NoSuchTime, Which, moment, read_time
from tests.dropins.conftest import Setting

BACK, FORWARD = date(2027, 10, 31), date(2027, 3, 28)


# -- time on the wall


def test_an_hour_that_does_not_exist_is_refused() -> None:
    for minute in (0, 30, 59):
        with pytest.raises(MissingHour):
            moment(FORWARD, time(1, minute))
    assert moment(FORWARD, time(0, 59)) == datetime(2027, 3, 28, 0, 59, tzinfo=UTC)
    assert moment(FORWARD, time(2, 0)) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_asked_about() -> None:
    with pytest.raises(ComesTwice):
        moment(BACK, time(1, 30))
    assert moment(BACK, time(1, 30), Which.first) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert moment(BACK, time(1, 30), Which.second) == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.times().map(lambda t: t.replace(second=0, microsecond=0)))
def test_every_moment_shows_the_time_that_was_typed(day: date, at: time) -> None:
    try:
        found = moment(day, at, Which.first)
    except MissingHour:
        return
    assert clock.local(found).replace(tzinfo=None) == datetime.combine(day, at)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("14:00", time(14)),
        ("14.30", time(14, 30)),
        ("1430", time(14, 30)),
        ("2pm", time(14)),
        ("12 am", time(0)),
        ("9:05", time(9, 5)),
        ("12:15 pm", time(12, 15)),
        ("09", time(9)),
    ],
)
def test_times_are_read_as_people_type_them(typed: str, means: time) -> None:
    assert read_time(typed) == means


@pytest.mark.parametrize("typed", ["", "2", "25:00", "14:60", "13pm", "noon", "14:00:00", "２"])
def test_what_is_no_time_is_not_guessed(typed: str) -> None:
    with pytest.raises(NoSuchTime):
        read_time(typed)


# -- rules


def test_a_weekly_session_at_two_stays_at_two_across_the_clock_change(setting: Setting) -> None:
    like = setting.draft()
    rule = rule_for(Repeats.weekly, date(2027, 10, 17))
    planned = days(rule, date(2027, 10, 17), date(2027, 11, 14), time(14))
    _row, made = series.make(
        setting.session, setting.actor, like, [setting.adviser.id], rule, planned, at=time(14), minutes=120
    )
    assert [clock.local(one.starts_at).strftime("%d %H:%M") for one in made] == [
        "17 14:00", "24 14:00", "31 14:00", "07 14:00", "14 14:00",
    ]  # fmt: skip
    assert [one.starts_at.hour for one in made] == [13, 13, 14, 14, 14]
    assert all(one.ends_at - one.starts_at == timedelta(hours=2) and one.state == "draft" for one in made)


def test_bank_holidays_and_chosen_days_are_left_out_and_remembered(setting: Setting) -> None:
    first = date(2026, 12, 14)  # Mondays; 28 December 2026 stands in for Boxing Day
    planned = days(rule_for(Repeats.weekly, first), first, date(2027, 1, 11), time(14), skip=[date(2026, 12, 21)])
    assert [(day.on.isoformat(), day.skipped) for day in planned] == [
        ("2026-12-14", None),
        ("2026-12-21", "chosen"),
        ("2026-12-28", "bank_holiday"),
        ("2027-01-04", None),
        ("2027-01-11", None),
    ]
    row, made = series.make(
        setting.session,
        setting.actor,
        setting.draft(),
        [],
        rule_for(Repeats.weekly, first),
        planned,
        at=time(14),
        minutes=60,
    )
    assert len(made) == 3 and row.skips == {"2026-12-21": "chosen", "2026-12-28": "bank_holiday"}
    kept = days(rule_for(Repeats.weekly, first), first, date(2027, 1, 11), time(14), skip_bank_holidays=False)
    assert all(day.skipped is None for day in kept)


def test_a_night_on_which_the_time_does_not_exist_is_left_out() -> None:
    found = days(rule_for(Repeats.weekly, FORWARD), FORWARD, FORWARD + timedelta(days=7), time(1, 30))
    assert [day.skipped for day in found] == ["no_such_time", None]


def test_fortnightly_and_monthly_rules_are_rfc_5545() -> None:
    third_tuesday = date(2027, 1, 19)
    assert rule_for(Repeats.monthly, third_tuesday) == "FREQ=MONTHLY;BYDAY=3TU"
    assert rule_for(Repeats.monthly, date(2027, 1, 29)) == "FREQ=MONTHLY;BYDAY=-1FR"
    found = days(rule_for(Repeats.fortnightly, third_tuesday), third_tuesday, date(2027, 2, 28), time(14))
    assert [day.on.day for day in found] == [19, 2, 16]
    monthly = days("FREQ=MONTHLY;BYDAY=3TU", third_tuesday, date(2027, 4, 30), time(14))
    assert [day.on.isoformat() for day in monthly] == ["2027-01-19", "2027-02-16", "2027-03-16", "2027-04-20"]


def test_a_rule_that_runs_on_is_not_made() -> None:
    with pytest.raises(TooMany):
        days("FREQ=DAILY", date(2027, 1, 1), date(2027, 12, 31), time(14))
    with pytest.raises(ValueError, match="within a year"):
        days("FREQ=DAILY", date(2027, 1, 1), date(2029, 1, 1), time(14))


# -- a term into the next


def test_a_term_is_copied_with_its_weekday_its_people_and_its_place(setting: Setting) -> None:
    row, made = _a_term(setting)
    changed = made[-1]
    changed.title, changed.room = "Talk about jobs", "Room 2"
    copied = series.copy_term(setting.session, setting.actor, [row], date(2027, 4, 12), date(2027, 5, 7))
    assert [clock.local(one.starts_at).strftime("%d %b %H:%M") for one in copied] == [
        "13 Apr 14:00", "20 Apr 14:00", "27 Apr 14:00", "04 May 14:00",
    ]  # fmt: skip
    one = copied[0]
    assert (one.title, one.room, one.venue_id, one.state) == ("Talk about jobs", "Room 2", setting.venue.id, "draft")
    assert series.staff_ids(setting.session, one.id) == [setting.adviser.id] and one.series_id != row.id


def test_a_copy_made_twice_is_one(setting: Setting) -> None:
    row, _made = _a_term(setting)
    again = (setting.session, setting.actor, [row], date(2027, 4, 12), date(2027, 5, 7))
    assert len(series.copy_term(*again)) == 4 and series.copy_term(*again) == []
    assert setting.session.scalar(select(func.count()).select_from(Series)) == 2


def test_what_was_called_off_is_not_what_is_copied(setting: Setting) -> None:
    row, made = _a_term(setting)
    last = made[-1]
    last.title = "Not this one"
    sessions.publish(setting.session, setting.actor, last)
    sessions.cancel(setting.session, setting.actor, last, "building_closed")
    copied = series.copy_term(setting.session, setting.actor, [row], date(2027, 4, 12), date(2027, 4, 16))
    assert [one.title for one in copied] == ["Talk about your next step"]


def _a_term(setting: Setting) -> tuple[Series, list[DropIn]]:
    first = date(2027, 1, 12)  # Tuesdays in winter; the copy is in summer time
    rule = rule_for(Repeats.weekly, first)
    planned = days(rule, first, date(2027, 2, 9), time(14))
    made = series.make(
        setting.session, setting.actor, setting.draft(), [setting.adviser.id], rule, planned, at=time(14), minutes=120
    )
    assert all(one.state == SessionState.draft for one in made[1])
    return made
