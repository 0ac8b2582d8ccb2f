"""A Virtual School that sets sessions up, a venue, and sessions to look at."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from app.core import clock
from app.dropins import sessions
from app.dropins.models import DropIn, DropInStaff, Slot, Venue
from app.people.models import Person, Role
from app.people.sessions import Actor, Look, YoungFacts
from tests.dropins.visit_rows import START, Hall, hall_of
from tests.factories import People


def actor_of(person: Person) -> Actor:
    """Return a person as the rooms' functions see them when they act."""
    young = person.young
    facts = (
        YoungFacts(young.year_group, young.care, None, False, frozenset(young.flags), young.place) if young else None
    )
    return Actor(
        person_id=person.id,
        role=Role(person.role),
        name=person.name,
        language=person.language,
        sign_in_id=uuid.uuid4(),
        way="card",
        helper_id=None,
        helper_role=None,
        locked=False,
        shared_device=False,
        look=Look("clay", "", ""),
        young=facts,
    )


@pytest.fixture(autouse=True)
def a_monday_in_november() -> Iterator[None]:
    """The day of every test of drop-ins, so that dates far ahead stay ahead."""
    with time_machine.travel(datetime(2026, 11, 23, 10, 0, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def hall(app: Flask, session: Session, people: People) -> Iterator[Hall]:
    """A drop-in's hall, three days before it, with the day standing still."""
    with app.test_request_context(), time_machine.travel(START - timedelta(days=3), tick=False):
        yield hall_of(app, session, people)


@pytest.fixture
def lark(hall: Hall) -> Person:
    """A care leaver."""
    return hall.people.young_person("Lark", year_group=None, care="care_leaver")


@dataclass
class Setting:
    """What a test of sessions needs, made on demand."""

    session: Session
    adviser: Person
    venue: Venue

    @property
    def actor(self) -> Actor:
        """The adviser acting."""
        return actor_of(self.adviser)

    def draft(
        self, starts_at: datetime | None = None, minutes: int = 120, *, staffed: bool = True, **values: Any
    ) -> DropIn:
        """Return a new draft at the venue, tomorrow unless told otherwise."""
        begins = starts_at or clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
        facts: dict[str, Any] = {
            "title": "Talk about your next step",
            "mode": "venue",
            "venue_id": self.venue.id,
            "slot_minutes": 30,
            "capacity": 1,
            "languages": ["en-GB"],
            **values,
        }
        dropin = DropIn(starts_at=begins, ends_at=begins + timedelta(minutes=minutes), **facts)
        self.session.add(dropin)
        self.session.flush()
        if staffed:
            self.session.add(DropInStaff(dropin_id=dropin.id, person_id=self.adviser.id))
        self.session.commit()
        return dropin

    def published(self, starts_at: datetime | None = None, minutes: int = 120, **values: Any) -> DropIn:
        """Return a published session."""
        dropin = self.draft(starts_at, minutes, **values)
        sessions.publish(self.session, self.actor, dropin)
        self.session.commit()
        return dropin

    def slots(self, dropin: DropIn) -> list[Slot]:
        """Return its slots."""
        return sessions.slots_of(self.session, dropin.id)


@pytest.fixture
def setting(session: Session, people: People) -> Setting:
    """An adviser of the Virtual School and a public building."""
    venue = Venue(
        name_public="Willow Library",
        area="City centre",
        address="1 Willow Street, Exampletown",
        how_to_find="Through the glass doors, then left.",
        travel="Buses 1 and 5 stop outside.",
        access=["step_free", "quiet_room"],
        is_public_building=True,
    )
    session.add(venue)
    session.commit()
    return Setting(session, people.adult(Role.virtual_school, "Ms Yew"), venue)
