"""Two workers at the same moment, and everything on PostgreSQL too."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core.db import db
from app.dropins import series, sessions, staff_calendar, states
from app.dropins.models import DropIn, Slot, Venue
from app.dropins.series import Repeats, days, rule_for
from app.dropins.sessions import PlacesTaken
from app.dropins.states import Overtaken
from app.people.models import Role
from tests.dropins.conftest import Setting
from tests.factories import People


@pytest.fixture
def on_postgresql(postgres_app: Flask) -> Setting:
    """The Virtual School on a real PostgreSQL."""
    venue = Venue(name_public="Willow Library", area="City centre", address="1 Willow Street", is_public_building=True)
    db.session.add(venue)
    db.session.commit()
    return Setting(db.session, People(db.session).adult(Role.virtual_school, "Ms Yew"), venue)  # type: ignore[arg-type]


@pytest.mark.postgres
def test_a_session_published_by_two_at_once_has_its_slots_once(postgres_app: Flask, on_postgresql: Setting) -> None:
    dropin_id = on_postgresql.draft().id
    ready = Barrier(6)

    def publish(_number: int) -> str:
        with postgres_app.app_context():
            dropin = db.session.get_one(DropIn, dropin_id)
            ready.wait()
            try:
                sessions.publish(db.session, None, dropin)
                db.session.commit()
            except Overtaken:
                db.session.rollback()
                return "overtaken"
            return "published"

    with ThreadPoolExecutor(6) as pool:
        said = sorted(pool.map(publish, range(6)))
    assert said == ["overtaken"] * 5 + ["published"]
    assert db.session.scalar(select(func.count()).select_from(Slot)) == 4


@pytest.mark.postgres
def test_cutting_places_and_taking_them_at_once_never_leaves_more_people_than_places(
    postgres_app: Flask, on_postgresql: Setting
) -> None:
    from app.core import places

    dropin = on_postgresql.published(minutes=30, capacity=10)
    slot_id = on_postgresql.slots(dropin)[0].id
    ready = Barrier(9)

    def act(number: int) -> str:
        with postgres_app.app_context():
            slot = db.session.get_one(Slot, slot_id)
            ready.wait()
            try:
                if number:
                    done = "took" if places.take(db.session, Slot, slot_id) else "full"
                else:
                    sessions.resize_slot(db.session, None, slot, 4)
                    done = "cut"
                db.session.commit()
            except PlacesTaken:
                db.session.rollback()
                done = "refused"
            return done

    with ThreadPoolExecutor(9) as pool:
        said = list(pool.map(act, range(9)))
    db.session.expire_all()
    slot = db.session.get_one(Slot, slot_id)
    assert slot.taken == said.count("took") <= slot.capacity == (4 if "cut" in said else 10)


@pytest.mark.postgres
def test_finding_rows_calendars_and_the_clock_stand_on_postgresql(postgres_app: Flask, on_postgresql: Setting) -> None:
    first = date(2026, 12, 14)
    planned = days(rule_for(Repeats.weekly, first), first, date(2027, 1, 11), time(14))
    row, made = series.make(
        db.session,
        on_postgresql.actor,
        on_postgresql.draft(),
        [on_postgresql.adviser.id],
        rule_for(Repeats.weekly, first),
        planned,
        at=time(14),
        minutes=120,
    )
    for dropin in made:
        sessions.publish(db.session, on_postgresql.actor, dropin)
    sessions.rearrange(
        db.session, None, made[0], made[0].starts_at + timedelta(hours=1), made[0].ends_at + timedelta(hours=1)
    )
    assert (
        len(series.copy_term(db.session, on_postgresql.actor, [row], date(2027, 4, 12), date(2027, 5, 7))) == 3
    )  # 3 May is a bank holiday
    token = staff_calendar.make_address(db.session, on_postgresql.actor)
    db.session.commit()
    client = postgres_app.test_client()
    assert "bank holiday" in client.get("/dropins/").get_data(as_text=True)
    assert client.get("/dropins/calendar?month=2027-01").status_code == 200
    assert client.get(f"/dropins/staff-calendar/{token}.ics").data.count(b"BEGIN:VEVENT") == 4
    assert states.tick(db.session, made[-1].ends_at + timedelta(days=30)).closed == 4
