"""Drop-ins of the demo: made-up places and sessions of every kind, set up as staff would have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from app.core import clock, places
from app.core.db import new_id
from app.core.working_days import is_working_day
from app.demo.acting import acting
from app.dropins import series, sessions
from app.dropins.models import DropIn, DropInStaff, SessionState, Slot, Venue
from app.dropins.slots import cut
from app.dropins.wall import Which, moment, read_time
from app.people.models import Person
from app.people.sessions import Actor

_FILE = Path(__file__).parent / "dropins.yaml"


def set_up(session: Session, adults: Mapping[str, Person], today: date) -> None:
    """Write the demo's places and sessions. Raises LookupError for a place or a person that is not there."""
    told = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    venues = {key: Venue(id=new_id(), **facts) for key, facts in told["venues"].items()}
    session.add_all(venues.values())
    session.flush()
    actor = acting(adults["moss"])
    for row in told["rows"]:
        _row(session, actor, row, venues, adults, today)
    for one in told["ones"]:
        _one(session, actor, one, venues, adults, today)


def _row(
    session: Session,
    actor: Actor,
    row: dict[str, Any],
    venues: Mapping[str, Venue],
    adults: Mapping[str, Person],
    today: date,
) -> None:
    first = _weekday(today, row["first"])
    rule = series.rule_for(series.Repeats.weekly, first)
    at = read_time(row["at"])
    planned = series.days(rule, first, first + timedelta(weeks=row["times"] - 1), at)
    staff = [adults[key].id for key in row["staff"]]
    like = _like(row["like"], venues)
    _series, made = series.make(session, actor, like, staff, rule, planned, at=at, minutes=row["minutes"])
    for dropin in made:
        sessions.publish(session, actor, dropin)
    if "cancel" in row:
        sessions.cancel(session, actor, made[row["cancel"]["number"] - 1], row["cancel"]["reason"])


def _one(
    session: Session,
    actor: Actor,
    one: dict[str, Any],
    venues: Mapping[str, Venue],
    adults: Mapping[str, Person],
    today: date,
) -> None:
    starts = moment(_weekday(today, one["in"]), read_time(one["at"]), Which.first)
    dropin = series.copy_of(_like(one["like"], venues), starts, one["minutes"], None)
    session.add(dropin)
    session.flush()
    session.add_all(DropInStaff(dropin_id=dropin.id, person_id=adults[key].id) for key in one["staff"])
    session.flush()
    if starts < clock.now():
        _gone_by(session, dropin)
    elif not sessions.missing(session, dropin):
        for slot in sessions.publish(session, actor, dropin):
            if one.get("fill"):
                _fill(session, slot)


def _gone_by(session: Session, dropin: DropIn) -> None:
    """Write one that was: its slots as they were made then, its state as the clock left it."""
    parts = cut(dropin.starts_at, dropin.ends_at, dropin.slot_minutes, dropin.capacity, dropin.walk_in_hold)
    session.add_all(
        Slot(dropin_id=dropin.id, starts_at=part.starts_at, ends_at=part.ends_at, capacity=part.capacity)
        for part in parts
    )
    recent = clock.now() - dropin.ends_at < timedelta(days=6)
    dropin.state = SessionState.done if recent else SessionState.closed
    session.flush()


def _fill(session: Session, slot: Slot) -> None:
    while places.take(session, Slot, slot.id):
        pass
    session.refresh(slot)


def _like(facts: dict[str, Any], venues: Mapping[str, Venue]) -> DropIn:
    venue = venues[facts["venue"]] if facts.get("venue") else None
    given = {name: value for name, value in facts.items() if name != "venue"}
    defaults: dict[str, Any] = {
        "plain": "",
        "mode": "venue",
        "room": "",
        "walk_in_hold": 0,
        "interpreter": "on_request",
        "access": [],
        "audience": "all",
        "min_age": 14,
        "max_age": 25,
        "carer_welcome": True,
        "visibility": "public_safe",
        "booking_closes_minutes": 30,
        "venue_id": venue.id if venue else None,
    }
    return DropIn(**{**defaults, **given})


def _weekday(today: date, count: int) -> date:
    """Return the day that is so many working days away, forward or back."""
    day, step = today, 1 if count > 0 else -1
    while count:
        day += timedelta(days=step)
        count -= step * is_working_day(day)
    return day
