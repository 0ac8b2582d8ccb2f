"""Many at the same moment, each with a request and a transaction of their own, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.core.db import db, new_id
from app.dropins.booking import Asked, book
from app.dropins.held import Whose
from app.dropins.models import HOLDING, Booking, DropIn, Slot
from app.dropins.moves import By, Hand, NotPossible
from app.people.models import Person, Role, YoungPerson
from tests.conftest import settings_for


@dataclass
class Place:
    """A house on a real database, and threads that each have a request and a transaction of their own."""

    app: Flask

    def each(self, acts: list[Callable[[], Any]]) -> list[Any]:
        """Do things at the same moment; returns what each gave, or the name of its error."""
        barrier = threading.Barrier(len(acts))
        got: list[Any] = [None] * len(acts)

        def run(number: int, act: Callable[[], Any]) -> None:
            with self.app.test_request_context():
                # A connection is open and the person's page was read before the press, as it is in a request.
                db.session.execute(select(Person.id).limit(1)).first()
                barrier.wait()
                try:
                    got[number] = act()
                    db.session.commit()
                except NotPossible as kind:
                    db.session.rollback()
                    got[number] = type(kind).__name__
                except Exception as error:
                    db.session.rollback()
                    got[number] = f"ERROR {type(error).__name__}: {error}"

        threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        return got

    def people(self, count: int) -> list[uuid.UUID]:
        """Make young people and return their ids."""
        made = [Person(role=Role.young_person, name="Robin") for _ in range(count)]
        for one in made:
            one.young = YoungPerson(year_group=12)
        db.session.add_all(made)
        db.session.commit()
        return [one.id for one in made]

    def books(self, who: uuid.UUID, slot_id: uuid.UUID, key: str = "") -> Callable[[], str]:
        """Return the act of booking a slot."""

        def act() -> str:
            slot = db.session.get_one(Slot, slot_id)
            dropin = db.session.get_one(DropIn, slot.dropin_id)
            asked = Asked(key=key or str(new_id()), language="en-GB")
            outcome = book(db.session, Whose(who), dropin, slot, asked, By(Hand.self_, who, Role.young_person))
            return type(outcome).__name__

        return act

    def taken(self, slot_id: uuid.UUID) -> tuple[int, int]:
        """Return (what the slot says is taken, how many bookings hold a place of it)."""
        db.session.rollback()
        says = db.session.scalar(select(Slot.taken).where(Slot.id == slot_id))
        held = select(func.count()).where(Booking.slot_id == slot_id, Booking.state.in_(HOLDING))
        return says, db.session.scalar(held)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    url = request.getfixturevalue("database_url" if request.param == "sqlite" else "postgres_url")
    app = create_app(settings_for(url, tmp_path))
    app.testing = True
    with app.app_context():
        yield Place(app)
        db.session.remove()
        db.engine.dispose()
