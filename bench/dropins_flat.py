"""The page of free times must cost the same after a hundred bookings and after a hundred thousand, on SQLite and PostgreSQL.

Pages are made inside this process, the two houses in turn. What is compared is the least time a page took (of the processor on
SQLite, which works in this process; by the clock on PostgreSQL, which does not), and how often the database is asked.

Usage: ``python -m bench.dropins_flat [--many 100000]``
"""

import argparse
import contextvars
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, insert, text

from bench.figures import Figure, table
from tools import postgres

FEW, MANY = 100, 100_000
PER_SESSION, COMING = 8, 20
SLICES, TIMES = 8, 10
BATCH = 5000
PAGE = "/dropins/"


def house(url: str, folder: Path) -> Flask:
    """Return the app on an empty database at the newest migration."""
    from app import create_app
    from app.core.settings import Environment, Settings

    key = "k:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    made: dict[str, Any] = {
        "environment": Environment.test,
        "database_url": url,
        "instance_dir": folder,
        "secret_key": "a-secret-for-the-bench-only",
        "keys": key,
        "ref_key": "a-reference-for-the-bench",
    }
    app = create_app(Settings(**made))
    with app.app_context():
        from flask_migrate import upgrade

        upgrade()
    return app


def fill(app: Flask, bookings: int) -> None:
    """Write sessions to come and so many bookings of sessions gone by."""
    from app.core import clock
    from app.core.db import db
    from app.dropins import sessions
    from app.dropins.models import Booking, DropIn, DropInStaff, Slot
    from app.people.models import Person, Role

    now = clock.now()
    with app.app_context():
        adviser = Person(role=Role.virtual_school, name="Ms Bench", email="bench@example.org")
        young = Person(role=Role.young_person, name="Robin")
        db.session.add_all([adviser, young])
        db.session.flush()
        for hours in range(COMING):
            begins = now + timedelta(hours=20 + hours * 10)
            dropin = DropIn(
                title="Talk", mode="phone", starts_at=begins, ends_at=begins + timedelta(hours=2), slot_minutes=30
            )
            db.session.add(dropin)
            db.session.flush()
            db.session.add(DropInStaff(dropin_id=dropin.id, person_id=adviser.id))
            sessions.publish(db.session, None, dropin)
        for rows in _batches(_past(bookings, young.id, adviser.id, now), BATCH):
            for model in (DropIn, DropInStaff, Slot, Booking):
                of_it = [values for kind, values in rows if kind is model]
                if of_it:
                    db.session.execute(insert(model), of_it)
        db.session.commit()
        db.session.execute(text("ANALYZE"))
        db.session.commit()
        db.session.close()


def _past(bookings: int, young_id: uuid.UUID, adviser_id: uuid.UUID, now: Any) -> Iterator[tuple[type, dict[str, Any]]]:
    from app.core.db import new_id
    from app.dropins.models import Booking, DropIn, DropInStaff, Slot

    for number in range(bookings):
        if number % PER_SESSION == 0:
            dropin_id, slot_id = new_id(), new_id()
            begins = now - timedelta(days=2, hours=number // PER_SESSION)
            times = {"starts_at": begins, "ends_at": begins + timedelta(hours=2)}
            yield (
                DropIn,
                {"id": dropin_id, "title": "Talk", "mode": "phone", "slot_minutes": 30, "state": "closed", **times},
            )
            yield DropInStaff, {"dropin_id": dropin_id, "person_id": adviser_id}
            yield Slot, {"id": slot_id, "dropin_id": dropin_id, "capacity": PER_SESSION, "taken": PER_SESSION, **times}
        known_by = {"calendar_id": new_id()} if "calendar_id" in Booking.__table__.columns else {}
        booked = {**known_by, "language": "en-GB", "state": "attended", "made_at": begins, "changed_at": begins}
        yield (
            Booking,
            {
                "key": uuid.uuid4().hex,
                "dropin_id": dropin_id,
                "slot_id": slot_id,
                "whose": young_id,
                "person_id": young_id,
                **booked,
            },
        )


def _batches(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) >= size:
            yield batch
            batch = []
    yield batch


def asked(app: Flask) -> int:
    """Return how often one page asks the database."""
    from app.core.db import db

    found: list[str] = []

    def listen(*args: Any) -> None:
        found.append(args[2])

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        get(app)
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    return len(found)


def get(app: Flask) -> None:
    """Get the page. Raises RuntimeError unless it answers 200."""
    answer = contextvars.Context().run(app.test_client().get, PAGE)
    if answer.status_code != 200 or b"places left" not in answer.data:
        raise RuntimeError(f"{PAGE} answered {answer.status_code}")


def measure(many: int) -> list[Figure]:
    """Measure the page with few and with many bookings behind it, on both databases."""
    figures: list[Figure] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pepvoice-dropins-")))
        server = stack.enter_context(postgres.server())
        addresses = {
            "SQLite": lambda n: f"sqlite:///{folder / f'{n}.db'}",
            "PostgreSQL": lambda n: postgres.make_database(server, f"dropins_{n}"),
        }
        for name, address in addresses.items():
            apps = {}
            for number in (FEW, many):
                apps[number] = house(address(number), folder)
                fill(apps[number], number)
                get(apps[number])
            took: dict[int, list[float]] = {FEW: [], many: []}
            timer = time.process_time if name == "SQLite" else time.perf_counter
            for _ in range(SLICES):
                for number, app in apps.items():
                    began = timer()
                    for _again in range(TIMES):
                        get(app)
                    took[number].append((timer() - began) * 1000 / TIMES)
            few, lots = min(took[FEW]), min(took[many])
            queries = {asked(app) for app in apps.values()}
            figures += [
                Figure(f"{name}: the page after {FEW:,} bookings", few, "ms"),
                Figure(f"{name}: the page after {many:,} bookings", lots, "ms"),
                Figure(f"{name}: many against few", lots / few, "x", most=1.3),
                Figure(f"{name}: questions to the database, alike for both", max(queries), "", most=min(queries)),
            ]
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and tell. Returns 1 when a budget is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=MANY)
    figures = measure(parser.parse_args(arguments).many)
    print(table(figures))
    return 0 if all(figure.holds is not False for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
