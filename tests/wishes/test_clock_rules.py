"""Two working days, with England's bank holidays: the arithmetic on which nobody's wait depends on luck."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.core import clock
from app.core.working_days import is_working_day
from app.wishes import clock_rules


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.LONDON)


@pytest.mark.parametrize(
    ("came", "by"),
    [
        ("2026-11-02T09:00", "2026-11-04"),  # Monday: by Wednesday
        ("2026-11-06T12:00", "2026-11-10"),  # Friday noon: by Tuesday
        ("2026-11-06T17:05", "2026-11-10"),  # Friday 17:05: not a day later
        ("2026-11-07T23:59", "2026-11-10"),  # Saturday
        ("2026-12-24T10:00", "2026-12-30"),  # Christmas Eve: Friday, and the Monday for Saturday's Boxing Day, are free
        ("2026-12-31T10:00", "2027-01-05"),  # New Year
        ("2027-03-25T16:00", "2027-03-31"),  # before Good Friday and Easter Monday
        ("2027-12-24T16:00", "2027-12-30"),  # Christmas on a Saturday: Monday and Tuesday stand in
    ],
)
def test_somebody_looks_by_the_evening_of_the_second_working_day(came: str, by: str) -> None:
    assert clock_rules.look_by(london(came)) == london(f"{by}T17:00")


def test_a_child_who_writes_at_half_past_midnight_in_summer_is_counted_on_the_london_day() -> None:
    half_past = datetime(2026, 7, 6, 23, 30, tzinfo=UTC)  # 0:30 on Tuesday 7 July in London
    assert clock_rules.look_by(half_past) == london("2026-07-09T17:00")


def test_scotlands_holidays_do_not_count_in_england() -> None:
    assert is_working_day(date(2026, 11, 30)) and is_working_day(date(2026, 1, 2))


def test_it_rises_only_after_the_evening_and_stops_at_the_last_person() -> None:
    came = london("2026-11-06T17:05")
    assert clock_rules.in_turn(["DT", "SW", "VS"], came, london("2026-11-10T17:00")) == ["DT"]
    assert clock_rules.in_turn(["DT", "SW", "VS"], came, london("2026-11-10T17:01")) == ["DT", "SW"]
    assert clock_rules.in_turn(["DT", "SW", "VS"], came, london("2026-11-12T17:01")) == ["DT", "SW", "VS"]
    assert clock_rules.in_turn(["DT", "SW", "VS"], came, london("2027-11-12T17:01")) == ["DT", "SW", "VS"]
    assert clock_rules.in_turn([], came, london("2027-11-12T17:01")) == []
