"""Load from a process of its own: clients that wait for each answer before they ask again, over plain sockets.

Reads a JSON order on standard input and writes a JSON result::

    {"mode": "get" | "post", "seconds": 4, "warm": 0.5, "visitors": [{"host": "127.0.0.1", "port": 8000, "path": "/form",
     "cookie": "name=value", "fields": {"mood": "good"}, "counts": "version"}]}

One client for each visitor. A GET asks for the page again and again. A POST takes the page's form once (its hidden
fields, token and version among them) and sends it again and again. Each answer is a new one: "{n}" in a field becomes a
number that rises, {"in_turn": [...]} gives one value after the other, and the field named by "counts" rises by one after
each answer that was taken.
"""

import asyncio
import json
import re
import statistics
import sys
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

# A kept connection stays with the worker that took it; fresh ones now and then spread the clients over the workers.
REQUESTS_PER_CONNECTION = 25
TAKEN = (200, 201, 204, 302, 303)
HIDDEN = re.compile(r"<input\b[^>]*type=[\"']?hidden[^>]*>", re.I)
ATTRIBUTE = re.compile(r"\b(name|value)=\"([^\"]*)\"", re.I)
ENTITIES = {"&amp;": "&", "&#34;": '"', "&#39;": "'", "&lt;": "<", "&gt;": ">"}


@dataclass
class Answer:
    """One answer of the server."""

    status: int
    body: bytes


@dataclass
class Visitor:
    """One client: where it goes, who it is, and what it says."""

    host: str
    port: int
    path: str
    cookie: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    counts: str = ""
    post_path: str = ""
    jar: dict[str, str] = field(default_factory=dict)
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None
    asked: int = 0

    async def ask(self, method: str, path: str, body: bytes = b"") -> Answer:
        """Send one request and read its answer."""
        if self.writer is None or self.reader is None:
            self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        cookies = "; ".join(filter(None, [self.cookie, *(f"{name}={value}" for name, value in self.jar.items())]))
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}", "Accept: text/html"]
        if cookies:
            lines.append(f"Cookie: {cookies}")
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
            lines.append(f"Origin: http://{self.host}:{self.port}")
        self.writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        answer, goes_on = await self._read()
        self.asked += 1
        if not goes_on or self.asked % REQUESTS_PER_CONNECTION == 0:
            self.hang_up()
        return answer

    async def _read(self) -> tuple[Answer, bool]:
        assert self.reader is not None
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status, length, chunked, goes_on = int(head[0].split()[1]), 0, False, True
        for line in head[1:]:
            name, _, value = line.partition(":")
            value = value.strip()
            match name.lower():
                case "content-length":
                    length = int(value)
                case "transfer-encoding":
                    chunked = "chunked" in value
                case "connection":
                    goes_on = value.lower() != "close"
                case "set-cookie":
                    cookie, _, kept = value.partition(";")[0].partition("=")
                    self.jar[cookie] = kept
        if not chunked:
            return Answer(status, await self.reader.readexactly(length) if length else b""), goes_on
        parts = []
        while size := int((await self.reader.readline()).split(b";")[0], 16):
            parts.append(await self.reader.readexactly(size))
            await self.reader.readexactly(2)
        await self.reader.readexactly(2)
        return Answer(status, b"".join(parts)), goes_on

    def hang_up(self) -> None:
        """Close the connection; the next question opens a new one."""
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


@dataclass
class Tally:
    """What was measured: seconds of each answer after the warm-up, and answers that were not what they should be."""

    since: float
    asked: int = 0
    seconds: list[float] = field(default_factory=list)
    wrong: dict[str, int] = field(default_factory=dict)

    def note(self, began: float, status: int) -> None:
        """Count one answer."""
        self.asked += 1
        if began >= self.since:
            self.seconds.append(time.perf_counter() - began)
        if status not in TAKEN:
            self.wrong[str(status)] = self.wrong.get(str(status), 0) + 1


def hidden_fields(page: str) -> dict[str, str]:
    """Return the hidden fields of a page's forms."""
    found = {}
    for tag in HIDDEN.findall(page):
        said = {name.lower(): value for name, value in ATTRIBUTE.findall(tag)}
        value = said.get("value", "")
        for entity, letter in ENTITIES.items():
            value = value.replace(entity, letter)
        if "name" in said:
            found[said["name"]] = value
    return found


async def keep_getting(visitor: Visitor, until: float, tally: Tally) -> None:
    """Ask for the page until the time is up."""
    while (began := time.perf_counter()) < until:
        answer = await visitor.ask("GET", visitor.path)
        tally.note(began, answer.status)


async def keep_answering(visitor: Visitor, until: float, tally: Tally) -> None:
    """Take the form once, then answer it until the time is up."""
    hidden = await take_form(visitor)
    # A first answer outside the measurement: from here on each one differs from the one before it.
    await answer(visitor, hidden, 0)
    hidden = await take_form(visitor)
    number = 0
    while (began := time.perf_counter()) < until:
        number += 1
        status = await answer(visitor, hidden, number)
        tally.note(began, status)
        if visitor.counts and status in TAKEN:
            hidden[visitor.counts] = str(int(hidden.get(visitor.counts) or 0) + 1)


async def take_form(visitor: Visitor) -> dict[str, str]:
    """Return the hidden fields of the visitor's page as it is now."""
    page = await visitor.ask("GET", visitor.path)
    return hidden_fields(page.body.decode("utf-8", "replace"))


async def answer(visitor: Visitor, hidden: dict[str, str], number: int) -> int:
    """Send the visitor's form once and return the status of what came back."""
    said = {name: in_words(value, number) for name, value in visitor.fields.items()}
    body = urlencode({**hidden, **said}, doseq=True).encode()
    return (await visitor.ask("POST", visitor.post_path or visitor.path, body)).status


def in_words(value: Any, number: int) -> Any:
    """Return what a field says in one answer of many."""
    if isinstance(value, dict):
        return value["in_turn"][number % len(value["in_turn"])]
    return value.replace("{n}", str(number)) if isinstance(value, str) else value


async def run(order: dict[str, Any]) -> dict[str, Any]:
    """Carry an order out and return what was measured."""
    visitors = [Visitor(**visitor) for visitor in order["visitors"]]
    work = keep_getting if order["mode"] == "get" else keep_answering
    began = time.perf_counter()
    warm, seconds = float(order.get("warm", 0.5)), float(order["seconds"])
    tally = Tally(since=began + warm)
    await asyncio.gather(*(work(visitor, began + warm + seconds, tally) for visitor in visitors))
    elapsed = time.perf_counter() - tally.since
    for visitor in visitors:
        visitor.hang_up()
    ordered = sorted(tally.seconds) or [0.0]
    return {
        "per_second": len(tally.seconds) / elapsed,
        "p50_ms": 1000 * statistics.median(ordered),
        "p95_ms": 1000 * ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))],
        "asked": tally.asked,
        "wrong": tally.wrong,
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(json.load(sys.stdin)))))
