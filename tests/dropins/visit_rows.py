"""Sessions, slots and bookings as rows, for tests of running them and of what came of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.db import new_id
from app.dropins.models import Booking, DropIn, Slot, Venue, Visit
from app.people.models import Person, Role
from tests.factories import People, sign_in
from tests.forms import fill

# A Tuesday in term: 2 pm in London, when the clocks are on winter time.
START = datetime.fromisoformat("2026-11-10T14:00:00+00:00")


@dataclass
class Hall:
    """A drop-in with its adviser, and whoever comes."""

    app: Flask
    session: Session
    people: People
    adviser: Person
    # Where a test makes very many rows it commits once itself.
    commits: bool = True

    def dropin(self, *, starts_at: datetime = START, hours: int = 2, state: str = "published", **more: Any) -> DropIn:
        """Return a session in a library."""
        venue = Venue(name_public="Central Library", area="city centre", address="Broadway", is_public_building=True)
        self.session.add(venue)
        self.session.flush()
        values: dict[str, Any] = {
            "title": "Next steps",
            "mode": "venue",
            "venue_id": venue.id,
            "slot_minutes": 30,
            **more,
        }
        dropin = DropIn(starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours), state=state, **values)
        return self._kept(dropin)

    def slot(self, dropin: DropIn, *, after: int = 0, capacity: int = 2) -> Slot:
        """Return a slot so many minutes after the session's start."""
        starts_at = dropin.starts_at + timedelta(minutes=after)
        ends_at = starts_at + timedelta(minutes=30)
        return self._kept(Slot(dropin_id=dropin.id, starts_at=starts_at, ends_at=ends_at, capacity=capacity, taken=0))

    def booking(self, person: Person, dropin: DropIn, slot: Slot, state: str = "booked", **more: Any) -> Booking:
        """Return a booking that holds a place, made a week before."""
        moment = dropin.starts_at - timedelta(days=7)
        booking_id = new_id()
        values: dict[str, Any] = {"language": person.language or "en-GB", "purposes": ["cv"], **more}
        booking = Booking(
            id=booking_id,
            key=str(uuid.uuid4()),
            dropin_id=dropin.id,
            slot_id=slot.id,
            whose=person.id,
            person_id=person.id,
            calendar_id=booking_id,
            state=state,
            made_at=moment,
            changed_at=moment,
            **values,
        )
        if state in ("booked", "arrived", "attended", "offered"):
            slot.taken += 1
        return self._kept(booking)

    def visit(self, person: Person | None, dropin: DropIn, *, at: datetime | None = None, **more: Any) -> Visit:
        """Return a visit as it was recorded then."""
        moment = at or dropin.starts_at
        whose = person.id if person else uuid.uuid4()
        values: dict[str, Any] = {
            "mode": "venue",
            "language_used": "en-GB",
            "purposes": ["cv"],
            "was_walk_in": True,
            **more,
        }
        return self._kept(
            Visit(
                key=str(uuid.uuid4()),
                dropin_id=dropin.id,
                whose=values.pop("whose", whose),
                person_id=person.id if person else None,
                started_at=moment,
                recorded_at=moment,
                staff_id=self.adviser.id,
                **values,
            )
        )

    def browser(self, person: Person) -> FlaskClient:
        """Return a browser in which somebody is signed in."""
        client = self.app.test_client()
        sign_in(self.app, client, person, way="card" if person.role == Role.young_person else "worker")
        return client

    def text(self, person: Person, url: str) -> str:
        """Return a page that must be there."""
        page = self.browser(person).get(url)
        assert page.status_code == 200, f"{url} answered {page.status_code}"
        return page.get_data(as_text=True)

    def press(self, whoever: Person, page: str, action: str | None, **data: Any) -> TestResponse:
        """Fill in a form of a page in a new browser and send it."""
        return fill(self.browser(whoever), page, data, action=action)

    def fresh(self, row: Any) -> Any:
        """Return a row as it is on the disk."""
        self.session.expire_all()
        return self.session.get_one(type(row), row.id)

    def _kept(self, thing: Any) -> Any:
        self.session.add(thing)
        if self.commits:
            self.session.commit()
        else:
            self.session.flush()
        return thing


def hall_of(app: Flask, session: Session, people: People) -> Hall:
    """Return a hall with its adviser."""
    return Hall(app, session, people, people.adult(Role.virtual_school, "Sam Vine"))
