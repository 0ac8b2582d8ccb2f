"""``make bench``: pages, server, flatness, long lists, search and booking against their budgets. Writes bench/results.json.

Prints a table; ends with 1 when a budget is broken. ``make bench ARGS="--only pages --quick"`` measures less.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bench import booking, figures, flat, house, lists, pages, search, server
from bench.figures import Figure
from tools import postgres
from tools.demo_house import open_house

PARTS = ("pages", "server", "flat", "lists", "search", "booking")
CLIENTS = 8
STARTS = 3
START = "start to first page, set up already"


def measure_pages(runs: int, *, floor_only: bool) -> tuple[list[Figure], dict[str, object]]:
    """Measure a child's question page beside the page written by hand, and the time from start to first page."""
    if floor_only:
        return pages.measure(None, (), runs)
    with tempfile.TemporaryDirectory(prefix="pepvoice-pages-") as made:
        folder = Path(made)
        started = []
        for _ in range(STARTS):
            with open_house(folder=folder) as home:
                started.append((server.whole_processor_seconds(home.pid), home.first_page_seconds))
        with open_house(folder=folder) as home:
            questions, cookies = house.walk(home, 2)
            found, details = pages.measure(home.base + questions[0], cookies, runs)
            found.append(pages.measure_map(home.base))
            found += pages.measure_carer(home)
            processor, clock = (min(times) for times in zip(*started, strict=True))
            found.append(Figure(START, processor, "s", most=3, note=f"by processor time; {clock:.2f} by the clock"))
    return found, details


def measure_server(rounds: int, seconds: float, *, floor_only: bool) -> tuple[list[Figure], dict[str, object]]:
    """Measure the bare app and ours on SQLite and PostgreSQL, all of them up together and taking turns."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pepvoice-bench-")))
        database = stack.enter_context(postgres.server())
        sqlite = f"sqlite:///{folder / 'floor.db'}"
        floors = {
            "floor, SQLite FULL": {"DATABASE_URL": sqlite, "SQLITE_SYNC": "FULL"},
            "floor, SQLite NORMAL": {"DATABASE_URL": f"sqlite:///{folder / 'normal.db'}", "SQLITE_SYNC": "NORMAL"},
            "floor, PostgreSQL": {"DATABASE_URL": postgres.make_database(database, "floor")},
        }
        targets = [stack.enter_context(server.floor(name, environ, CLIENTS)) for name, environ in floors.items()]
        pairs: list[tuple[str, str]] = []
        if not floor_only:
            ours = {
                "ours, SQLite FULL": {},
                "ours, PostgreSQL": {"PEPVOICE_DATABASE_URL": postgres.make_database(database, "ours")},
            }
            for name, environ in ours.items():
                home = stack.enter_context(open_house(environ, before=server.pinned(0)))
                targets.append(house.target(name, home, CLIENTS))
                pairs.append((name, name.replace("ours", "floor")))
        measured = server.measure(targets, rounds, seconds)
    details = {name: {"rounds": one.rounds, "worker_mb": one.worker_mb} for name, one in measured.items()}
    return server.server_figures(measured, pairs), dict(details)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="measure this part (may be given again)")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds: a first look, not a result")
    parser.add_argument("--floor-only", action="store_true", help="measure the floors without our app")
    chosen = parser.parse_args(arguments)
    parts = chosen.only or PARTS
    found: list[Figure] = []
    details: dict[str, object] = {}
    if "pages" in parts:
        print("pages", flush=True)
        measured, details["pages"] = measure_pages(2 if chosen.quick else 5, floor_only=chosen.floor_only)
        found += measured
    if "server" in parts:
        print("server", flush=True)
        # Many short rounds: each target gets its share of whatever quiet there is.
        rounds, seconds = (3, 1.0) if chosen.quick else (10, 1.2)
        measured, details["server"] = measure_server(rounds, seconds, floor_only=chosen.floor_only)
        found += measured
    if "flat" in parts and not chosen.floor_only:
        print("flat", flush=True)
        measured, details["flat"] = flat.measure()
        found += measured
    if "lists" in parts and not chosen.floor_only:
        print("lists", flush=True)
        found += lists.measure(quick=chosen.quick)
    if "search" in parts and not chosen.floor_only:
        print("search", flush=True)
        found += search.measured()
    if "booking" in parts and not chosen.floor_only:
        print("booking", flush=True)
        measured, details["booking"] = booking.measure(quick=chosen.quick)
        found += measured
    print(figures.table(found))
    figures.write(found, details)
    broken = [figure for figure in found if figure.holds is False]
    print(
        f"{len(broken)} of {sum(f.holds is not None for f in found)} budgets broken" if broken else "All budgets hold"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
