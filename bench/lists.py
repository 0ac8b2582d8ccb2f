"""The long lists and the wishes with 10,000 young people and ten years of history, on both databases, for ``make bench``.

Each is filled and measured in a process of its own: the settings of an app stand in its environment.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from bench.figures import Figure

BENCHES = ("bench.silent", "bench.wishes")
DATABASES = {"SQLite": (), "PostgreSQL": ("--postgres",)}


def measure(*, quick: bool) -> list[Figure]:
    """Return the figures of both, each named after its database; with ``quick`` on SQLite alone. Raises when one cannot run."""
    found: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="pepvoice-lists-") as made:
        for bench in BENCHES:
            for database, how in DATABASES.items():
                if quick and how:
                    continue
                file = Path(made) / f"{bench}-{database}.json"
                done = subprocess.run(
                    [sys.executable, "-m", bench, *how, "--json", str(file)], stdout=subprocess.DEVNULL
                )
                if not file.exists():
                    raise RuntimeError(f"{bench} on {database} ended with {done.returncode}.")
                figures = [Figure(**one) for one in json.loads(file.read_text(encoding="utf-8"))]
                found += [replace(one, name=f"{one.name}, {database}") for one in figures]
    return found
