"""Booking under load: a rush on the last places, and what one booking costs beside the bare Flask floor.

    python -m bench.booking            the rush and the cost, on SQLite and on PostgreSQL
    python -m bench.booking --quick    fewer and shorter rounds: a first look, not a result

The rush: a thousand people, each signed in and with the page open, press 'Book it' at the same moment for one time
with fifty places
left, against the production server with four worker processes. The cost: people book one after the other through a
few clients, in
turn with the bare app of ``bench/floor`` that stores a form; what is judged is processor time, as in ``bench.server``.
"""

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench import server
from bench.figures import Figure, table
from bench.load import Visitor
from tools import local_settings, postgres
from tools.demo_house import House, open_house

PEOPLE, PLACES, TAKEN_BEFORE = 1000, 50, 10
WORKERS = 4
ANSWERED_WITHIN_S = 10
LEAST_OF_FLOOR = 0.4
CLIENTS = 8
GONE = b"Someone just took that time"


# -- the house and its people -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Crowd:
    """People with the page open: what each would send, and the slot they want."""

    requests: list[dict[str, str]]
    slot_id: uuid.UUID
    next_best: list[str]


@contextmanager
def house_on(database_url: str, folder: Path, workers: int, before: Sequence[str] = ()) -> Iterator[tuple[House, Any]]:
    """Start the production server on an empty database, and give an app of our own on the same for filling and counting."""
    from app import create_app

    settings = {
        **local_settings.made_up(),
        "PEPVOICE_DEMO": "false",
        "PEPVOICE_DATABASE_URL": database_url,
        "PEPVOICE_INSTANCE_DIR": str(folder),
        "WEB_WORKERS": str(workers),
    }
    with open_house(settings, before=before, folder=folder) as home:
        os.environ.update(settings)
        yield home, create_app()


def gather(app: Any, people: int, capacity: int, taken: int, *, sessions: int = 1) -> Crowd:
    """Make people who are signed in and sessions that they can book; nobody has booked yet but the first few."""
    from sqlalchemy import insert

    from app.core import clock
    from app.core.crypto import digest_of
    from app.core.db import db, new_id
    from app.dropins.models import DropIn, Slot
    from app.people.models import Person, Role, SignIn, YoungPerson

    with app.app_context():
        moment = clock.now()
        ids = [new_id() for _ in range(people)]
        # Half of them get text messages: a confirmation and two reminders with a link each.
        rows = [{"id": one, "role": Role.young_person, "name": "Robin"} for one in ids]
        for number, row in enumerate(rows):
            row["mobile"] = f"+4477009{number:05d}" if number % 2 else None
        db.session.execute(insert(Person), rows)
        db.session.execute(insert(YoungPerson), [{"person_id": one, "year_group": 12} for one in ids])
        tokens = [f"bench-{one}" for one in ids]
        signed = {"way": "card", "shared_device": False, "began_at": moment, "seen_at": moment, "idle_seconds": 36000}
        signed["ends_at"] = moment + timedelta(hours=10)
        db.session.execute(
            insert(SignIn),
            [
                {**signed, "id": new_id(), "token_hash": digest_of(token), "person_id": one}
                for one, token in zip(ids, tokens, strict=True)
            ],
        )
        slots = []
        for number in range(sessions + 1):
            starts = (moment + timedelta(days=7 + number)).replace(hour=14, minute=0, second=0, microsecond=0)
            dropin = DropIn(
                title="Ideas for what is next", mode="phone", starts_at=starts, ends_at=starts + timedelta(hours=1)
            )
            dropin.state, dropin.languages, dropin.access = "published", ["en-GB"], []
            db.session.add(dropin)
            db.session.flush()
            last = number == sessions
            slot = Slot(dropin_id=dropin.id, starts_at=starts, ends_at=starts + timedelta(hours=1))
            slot.capacity, slot.taken = (PEOPLE * 10, 0) if last else (capacity, taken)
            db.session.add(slot)
            db.session.flush()
            slots.append(slot)
        db.session.commit()
        requests = [
            _request(app, one, token, slots[0], n) for n, (one, token) in enumerate(zip(ids, tokens, strict=True))
        ]
        crowd = Crowd(requests, slots[0].id, [str(slots[-1].id)])
        db.session.close()
    return crowd


def _request(app: Any, person: uuid.UUID, token: str, slot: Any, number: int) -> dict[str, str]:
    """Return what a browser sends when 'Book it' is pressed on the open page."""
    from itsdangerous import URLSafeTimedSerializer

    secret = f"csrf-{person}"
    cookie = app.session_interface.get_signing_serializer(app).dumps({"s": token, "csrf_token": secret})
    form = {
        "csrf_token": URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(secret),
        "once": str(uuid.uuid4()),
        "slot": str(slot.id),
        "purpose": "find_job",
        "contact": "text" if number % 2 else "app",
        "brings": "none",
        "note": "",
        "needs": "",
        "interpreter": "",
    }
    name = app.config["SESSION_COOKIE_NAME"]
    return {"path": f"/dropins/{slot.dropin_id}/book", "cookie": f"{name}={cookie}", "body": urlencode(form)}


def kept(app: Any, slot_id: uuid.UUID) -> tuple[int, int]:
    """Return (what the slot says is taken, how many bookings hold a place of it)."""
    from sqlalchemy import func, select

    from app.core.db import db
    from app.dropins.models import Booking, Slot

    with app.app_context():
        says = db.session.scalar(select(Slot.taken).where(Slot.id == slot_id)) or 0
        held = db.session.scalar(select(func.count()).where(Booking.slot_id == slot_id, Booking.state == "booked"))
        db.session.close()
        db.engine.dispose()
    return says, held or 0


# -- the clients, in a process of their own ---------------------------------------------------------------------------


async def press(order: dict[str, Any]) -> dict[str, Any]:
    """Send every request once, through so many clients; with as many clients as requests all press at the same moment."""
    waiting = list(reversed(order["requests"]))
    until = time.perf_counter() + order["seconds"]
    answers: list[tuple[str, float]] = []
    ready = asyncio.Event()

    async def client() -> None:
        visitor = Visitor(host=order["host"], port=order["port"], path="/")
        await ready.wait()
        while waiting and time.perf_counter() < until:
            one = waiting.pop()
            visitor.cookie, visitor.jar = one["cookie"], {}
            began = time.perf_counter()
            try:
                answer = await visitor.ask("POST", one["path"], one["body"].encode())
                what = _kind(answer.status, answer.body, order["next_best"])
            except (OSError, asyncio.IncompleteReadError) as error:
                visitor.hang_up()
                what = type(error).__name__
            answers.append((what, time.perf_counter() - began))
        visitor.hang_up()

    clients = [asyncio.create_task(client()) for _ in range(order["clients"])]
    await asyncio.sleep(0)
    began = time.perf_counter()
    ready.set()
    await asyncio.gather(*clients)
    return {
        "kinds": Counter(what for what, _seconds in answers),
        "slowest_s": max((seconds for _what, seconds in answers), default=0.0),
        "asked": len(answers),
        "seconds": time.perf_counter() - began,
    }


def _kind(status: int, body: bytes, next_best: list[str]) -> str:
    if status == 303:
        return "booked"
    if status == 200 and GONE in body:
        return "told" if any(one.encode() in body for one in next_best) else "told without another time"
    return str(status)


def ask(
    home: House, crowd: Crowd, requests: list[dict[str, str]], clients: int, seconds: float, before: Sequence[str] = ()
) -> dict[str, Any]:
    """Have a process of its own send requests, and return what came back."""
    where = urlsplit(home.base)
    order = {
        "host": where.hostname,
        "port": where.port,
        "requests": requests,
        "clients": clients,
        "seconds": seconds,
        "next_best": crowd.next_best,
    }
    command = [*before, sys.executable, "-m", "bench.booking", "--press"]
    done = subprocess.run(command, input=json.dumps(order), capture_output=True, text=True, timeout=seconds + 120)
    if done.returncode:
        raise RuntimeError(f"The clients failed: {done.stderr[-500:]}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


# -- what is measured -------------------------------------------------------------------------------------------------


def rush(name: str, database_url: str) -> list[Figure]:
    """Measure the rush on one database."""
    with (
        tempfile.TemporaryDirectory(prefix="pepvoice-rush-") as made,
        house_on(database_url, Path(made), WORKERS) as (
            home,
            app,
        ),
    ):
        crowd = gather(app, PEOPLE, PLACES + TAKEN_BEFORE, TAKEN_BEFORE)
        before = server.processor_seconds(home.pid)
        got = ask(home, crowd, crowd.requests, PEOPLE, 60)
        each = 1000 * (server.processor_seconds(home.pid) - before) / PEOPLE
        says, held = kept(app, crowd.slot_id)
    kinds = Counter(got["kinds"])
    wrong = sum(number for kind, number in kinds.items() if kind not in ("booked", "told"))
    return [
        Figure(f"{name}, booked of the last {PLACES}", kinds["booked"], "", least=PLACES, note=f"{dict(kinds)}"),
        Figure(f"{name}, booked too many", max(kinds["booked"], held, says - TAKEN_BEFORE) - PLACES, "", most=0),
        Figure(f"{name}, told kindly with the next time", kinds["told"], "", least=PEOPLE - PLACES),
        Figure(f"{name}, in error", wrong, "", most=0),
        Figure(
            f"{name}, the last answer",
            got["slowest_s"],
            "s",
            most=ANSWERED_WITHIN_S,
            note=f"{each:.1f} ms of a processor each",
        ),
    ]


def cost(rounds: int, seconds: float) -> list[Figure]:
    """Measure what a booking costs beside the floor's form, both databases, taking turns."""
    figures: list[Figure] = []
    with postgres.server() as address, tempfile.TemporaryDirectory(prefix="pepvoice-cost-") as made:
        folder = Path(made)
        pairs = {
            "SQLite": (f"sqlite:///{folder / 'ours.db'}", f"sqlite:///{folder / 'floor.db'}"),
            "PostgreSQL": (postgres.make_database(address, "ours"), postgres.make_database(address, "floor")),
        }
        for name, (ours_url, floor_url) in pairs.items():
            environ = {"DATABASE_URL": floor_url, "SQLITE_SYNC": "FULL"}
            here = folder / name
            here.mkdir()
            with (
                server.floor(f"floor, {name}", environ, CLIENTS) as bare,
                house_on(ours_url, here, 2, server.pinned(0)) as (home, app),
            ):
                figures += _cost(name, bare, home, app, rounds, seconds)
    return figures


def _cost(name: str, bare: server.Target, home: House, app: Any, rounds: int, seconds: float) -> list[Figure]:
    ours, floor, rates, wrong = [], [], [], Counter[str]()
    crowd = gather(app, rounds * int(seconds * 250), 10**6, 0)
    waiting = crowd.requests
    for _ in range(rounds):
        floor.append(server.load(bare, "post", seconds))
        before = server.processor_seconds(home.pid)
        share = len(crowd.requests) // rounds
        got = ask(home, crowd, waiting[:share], CLIENTS, seconds, server.pinned(1))
        waiting = waiting[share:]
        ours.append(1000 * (server.processor_seconds(home.pid) - before) / max(got["asked"], 1))
        rates.append(got["asked"] / got["seconds"])
        wrong.update({kind: number for kind, number in got["kinds"].items() if kind != "booked"})
    least = min(one["processor_ms"] for one in floor)
    by_clock = (sorted(rates)[len(rates) // 2]) / max(sorted(one["per_second"] for one in floor)[len(floor) // 2], 0.1)
    note = f"by processor time ({min(ours):.2f} ms beside {least:.2f} ms); {by_clock:.2f} by the clock"
    memory = server.largest_worker(home.pid)
    figures = [
        Figure(f"{name}, bookings", sorted(rates)[len(rates) // 2], "/s", note="half of them with text messages"),
        Figure(f"{name}, booking against the floor", least / min(ours), "x", least=LEAST_OF_FLOOR, note=note),
        Figure(f"{name}, a worker's memory while booking", memory, "MB", most=120),
    ]
    if wrong:
        figures.append(Figure(f"{name}, bookings not made", sum(wrong.values()), "", most=0, note=str(dict(wrong))))
    return figures


def measure(*, quick: bool = False, only: Sequence[str] = ("rush", "cost")) -> tuple[list[Figure], dict[str, object]]:
    """Measure the rush and the cost on both databases."""
    figures: list[Figure] = []
    if "rush" in only:
        with tempfile.TemporaryDirectory(prefix="pepvoice-rush-") as made:
            figures += rush("rush, SQLite", f"sqlite:///{Path(made) / 'rush.db'}")
        with postgres.server() as address:
            figures += rush("rush, PostgreSQL", postgres.make_database(address, "rush"))
    if "cost" in only:
        figures += cost(*((2, 1.0) if quick else (8, 1.2)))
    return figures, {}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.booking", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds: a first look, not a result")
    parser.add_argument("--only", choices=("rush", "cost"), action="append", help="measure this part")
    parser.add_argument("--press", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, hard) if hard > 0 else 8192, hard))
    if chosen.press:
        print(json.dumps(asyncio.run(press(json.load(sys.stdin)))))
        return 0
    figures, _details = measure(quick=chosen.quick, only=chosen.only or ("rush", "cost"))
    print(table(figures))
    return 0 if all(figure.holds is not False for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
