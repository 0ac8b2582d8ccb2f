"""What a page costs the server: GETs and POSTs beside a bare Flask app that does the least there is to do.

Servers are kept on one core and the load on another, and every target is measured once in a round. What is judged is the
processor time that the workers spend on an answer, as a ratio to the floor of the same run: on one busy core that is what the
rate comes from, and other work on the machine does not change it much. It is the least over the rounds, since other work can only
add. The rates by the clock stand beside it; on a machine with nothing else to do their ratio comes out the same.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import psutil
import requests

from bench.figures import Figure
from tools.demo_house import free_port, wait_for

FLOOR = "bench/floor"
MODES = ("get", "post")
MB = 1024 * 1024
FLOOR_FIELDS = {
    "mood": "good",
    "helps": ["a_friend", "pictures"],
    "proud": "I like maths and my friends. {n}",
    "differently": "More time in tests.",
    "invited": "My foster carer",
    "coming": "yes",
}


@dataclass(frozen=True)
class Target:
    """One server under load: its address, who visits what, and its process."""

    name: str
    base: str
    visitors: list[dict[str, Any]]
    pid: int


@dataclass
class Measured:
    """What one target did, a result for each round and mode."""

    rounds: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {mode: [] for mode in MODES})
    worker_mb: float = 0.0

    def per_second(self, mode: str) -> float:
        """Return the median rate of one mode."""
        return statistics.median(one["per_second"] for one in self.rounds[mode])

    def processor_ms(self, mode: str) -> float:
        """Return the least processor time that one answer took the workers, over the rounds."""
        return min(one["processor_ms"] for one in self.rounds[mode])

    def wrong(self) -> dict[str, int]:
        """Return every answer that was not what it should be, by status."""
        counted: dict[str, int] = {}
        for one in (result for results in self.rounds.values() for result in results):
            for status, number in one["wrong"].items():
                counted[status] = counted.get(status, 0) + number
        return counted


def pinned(core: int) -> list[str]:
    """Return what stands in front of a command to keep it on one core, where the machine has several and can."""
    if shutil.which("taskset") and (os.cpu_count() or 1) > 1:
        return ["taskset", "-c", str(core)]
    return []


@contextmanager
def floor(name: str, environ: Mapping[str, str], clients: int) -> Iterator[Target]:
    """Start the bare app on the first core, with as many workers and threads as ours."""
    port = free_port()
    command = [
        *pinned(0),
        sys.executable,
        "-m",
        "gunicorn",
        "--worker-class",
        "gthread",
        "--workers",
        "2",
        "--threads",
        "4",
    ]
    command += ["--bind", f"127.0.0.1:{port}", "--preload", "--no-control-socket", "--log-level", "error"]
    command.append("app:create_app()")
    # In its own folder, so that it does not read our gunicorn.conf.py.
    process = subprocess.Popen(command, cwd=FLOOR, env={**os.environ, **environ})
    try:
        wait_for(f"http://127.0.0.1:{port}/", process, 20)
        visitors: list[dict[str, Any]] = [{"path": "/form", "fields": FLOOR_FIELDS} for _ in range(clients)]
        yield Target(name, f"http://127.0.0.1:{port}", visitors, process.pid)
    finally:
        process.terminate()
        process.wait(10)


def load(target: Target, mode: str, seconds: float) -> dict[str, Any]:
    """Put load on one target from a process on the other core."""
    where = urlsplit(target.base)
    visitors = [{"host": where.hostname, "port": where.port, **visitor} for visitor in target.visitors]
    order = json.dumps({"mode": mode, "seconds": seconds, "warm": 0.5, "visitors": visitors})
    command = [*pinned(1), sys.executable, "-m", "bench.load"]
    before = processor_seconds(target.pid)
    done = subprocess.run(command, input=order, capture_output=True, text=True, timeout=seconds + 60)
    if done.returncode:
        raise RuntimeError(f"The load on {target.name} failed: {done.stderr[-500:]}")
    result: dict[str, Any] = json.loads(done.stdout)
    result["processor_ms"] = 1000 * (processor_seconds(target.pid) - before) / max(result["asked"], 1)
    return result


def whole_processor_seconds(pid: int) -> float:
    """Return the processor time of a server so far, with its start and what it ran to get ready."""
    one = psutil.Process(pid).cpu_times()
    return one.user + one.system + one.children_user + one.children_system + processor_seconds(pid)


def processor_seconds(pid: int) -> float:
    """Return the processor time that a server's workers have used so far."""
    times = [worker.cpu_times() for worker in psutil.Process(pid).children(recursive=True)]
    return sum(one.user + one.system for one in times)


def measure(targets: Sequence[Target], rounds: int, seconds: float) -> dict[str, Measured]:
    """Measure every target in turn, round after round."""
    measured = {target.name: Measured() for target in targets}
    for number in range(rounds):
        print(f"  round {number + 1} of {rounds}", flush=True)
        for target in targets:
            for mode in MODES:
                measured[target.name].rounds[mode].append(load(target, mode, seconds))
    for target in targets:
        measured[target.name].worker_mb = largest_worker(target.pid)
    return measured


def largest_worker(pid: int) -> float:
    """Return the resident memory of a server's largest worker in MB."""
    workers = psutil.Process(pid).children(recursive=True)
    return max((worker.memory_info().rss / MB for worker in workers), default=0.0)


def server_figures(measured: Mapping[str, Measured], pairs: Sequence[tuple[str, str]]) -> list[Figure]:
    """Return the figures of every target, and the ratio of each (ours, floor) pair against its budget."""
    figures = []
    for name, one in measured.items():
        wrong = one.wrong()
        note = f"wrong answers: {wrong}" if wrong else ""
        for mode in MODES:
            half = statistics.median(result["p50_ms"] for result in one.rounds[mode])
            told = note or f"{one.processor_ms(mode):.2f} ms of a processor each; p50 {half:.1f} ms"
            figures.append(Figure(f"{name}, {mode.upper()}", one.per_second(mode), "/s", note=told))
        figures.append(
            Figure(f"{name}, a worker's memory", one.worker_mb, "MB", most=120 if name.startswith("ours") else None)
        )
        if wrong:
            figures.append(Figure(f"{name}, wrong answers", sum(wrong.values()), "", most=0))
    for ours, bare in pairs:
        for mode, least in (("get", 0.6), ("post", 0.5)):
            ratio = measured[bare].processor_ms(mode) / measured[ours].processor_ms(mode)
            clock = measured[ours].per_second(mode) / measured[bare].per_second(mode)
            note = f"by processor time; {clock:.2f} by the clock"
            figures.append(Figure(f"{ours}, {mode.upper()} against the floor", ratio, "x", least=least, note=note))
    return figures


def settle(pid: int, url: str, times: int, headers: Mapping[str, str]) -> float:
    """Return the milliseconds of processor time that one page takes a server's workers, asked for by one client."""
    session = requests.Session()
    session.headers.update(headers)
    session.get(url, timeout=60).raise_for_status()
    before = processor_seconds(pid)
    for _ in range(times):
        session.get(url, timeout=60).raise_for_status()
    return 1000 * (processor_seconds(pid) - before) / times
