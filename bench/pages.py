"""What a page costs a child's phone: bytes over the wire and time to paint, in Chromium on a slow line with a slow processor.

Times drift from machine to machine, so they are judged as ratios to a page written by hand (bench/floor/index.html),
measured in turn with ours in the same run.
"""

import gzip
import statistics
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from bench.figures import Figure
from bench.house import answer_whole_page, send_form
from tools import browser
from tools.demo_house import House, sign_in

FLOOR_PAGE = Path("bench/floor/index.html")
KBIT = 1000 / 8
SLOW_LINE = {"offline": False, "latency": 400, "downloadThroughput": 400 * KBIT, "uploadThroughput": 400 * KBIT}
SLOW_PROCESSOR = 6
KB = 1024
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
WATCH_PAINT = """
window.__painted = {};
const keep = (name, type) => new PerformanceObserver(list => {
  for (const entry of list.getEntries())
    if (type !== 'paint' || entry.name === 'first-contentful-paint') window.__painted[name] = entry.startTime;
}).observe({type, buffered: true});
keep('first', 'paint');
keep('largest', 'largest-contentful-paint');
"""


@dataclass
class Wire:
    """Counts what comes over the wire, by kind, headers included."""

    bytes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    requests: int = 0
    _kind: dict[str, str] = field(default_factory=dict)

    def listen(self, devtools: CDPSession) -> None:
        """Start counting on a page."""
        devtools.on("Network.requestWillBeSent", self._asked)
        devtools.on("Network.responseReceived", self._began)
        devtools.on("Network.loadingFinished", self._ended)

    def forget(self) -> None:
        """Begin again from nothing."""
        self.bytes.clear()
        self.requests = 0

    @property
    def total(self) -> int:
        """All bytes so far."""
        return sum(self.bytes.values())

    def _asked(self, event: dict[str, Any]) -> None:
        if redirect := event.get("redirectResponse"):
            self.bytes["redirect"] += int(redirect.get("encodedDataLength", 0))
            self.requests += 1

    def _began(self, event: dict[str, Any]) -> None:
        if not event["response"]["url"].startswith(("data:", "blob:")):
            self._kind[event["requestId"]] = event["type"].lower()

    def _ended(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._kind:
            self.bytes[self._kind[event["requestId"]]] += int(event["encodedDataLength"])
            self.requests += 1


@dataclass(frozen=True)
class Visit:
    """One first visit of one page."""

    bytes: dict[str, int]
    requests: int
    first_paint: float
    largest_paint: float


def visit(chromium: Browser, url: str, cookies: Sequence[dict[str, Any]], *, slowly: bool) -> Visit:
    """Visit a page with an empty cache and say what it took."""
    with new_phone(chromium, cookies) as context:
        page, wire, devtools = watched_page(context)
        if slowly:
            devtools.send("Network.emulateNetworkConditions", SLOW_LINE)
            devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_PROCESSOR})
        page.goto(url, wait_until="load")
        page.wait_for_load_state("networkidle")
        # The largest paint is reported late on a slow processor.
        page.wait_for_timeout(600 if slowly else 200)
        painted = page.evaluate("window.__painted")
        return Visit(dict(wire.bytes), wire.requests, painted.get("first", 0.0), painted.get("largest", 0.0))


def next_question(chromium: Browser, url: str, cookies: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Answer a question with scripts on and return the bytes by kind that the next one took."""
    with new_phone(chromium, cookies) as context:
        page, wire, _ = watched_page(context)
        page.goto(url, wait_until="networkidle")
        # htmx comes after the first paint, and may be a little late on a busy machine.
        for _ in range(100):
            if page.evaluate("'htmx' in window"):
                break
            page.wait_for_timeout(100)
        page.wait_for_load_state("networkidle")
        answer_whole_page(page)
        wire.forget()
        with page.expect_response(lambda response: response.request.method == "POST"):
            send_form(page)
        page.wait_for_timeout(1000)
        return dict(wire.bytes)


@contextmanager
def new_phone(chromium: Browser, cookies: Sequence[dict[str, Any]]) -> Iterator[BrowserContext]:
    """Give a phone that has never been here, but for the cookie of who is signed in."""
    context = chromium.new_context(**PHONE)
    try:
        if cookies:
            context.add_cookies(list(cookies))  # type: ignore[arg-type]
        yield context
    finally:
        context.close()


def watched_page(context: BrowserContext) -> tuple[Page, Wire, CDPSession]:
    """Open a page that is counted and whose paints are noted."""
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    for domain in ("Network", "Page"):
        devtools.send(f"{domain}.enable")
    wire = Wire()
    wire.listen(devtools)
    page.add_init_script(WATCH_PAINT)
    return page, wire, devtools


@contextmanager
def floor_server() -> Iterator[str]:
    """Serve the page written by hand, compressed, and give its address."""
    body = gzip.compress(FLOOR_PAGE.read_bytes(), 9)

    class Floor(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            for name, value in (
                ("Content-Type", "text/html"),
                ("Content-Encoding", "gzip"),
                ("Content-Length", str(len(body))),
            ):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Floor)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def measure(
    question_url: str | None, cookies: Sequence[dict[str, Any]], runs: int
) -> tuple[list[Figure], dict[str, object]]:
    """Measure our question page beside the floor, in turn. Without a question page, only the floor is told."""
    with sync_playwright() as playwright, floor_server() as floor_url:
        chromium = browser.launch(playwright)
        targets = {"floor": (floor_url, ())} | ({"ours": (question_url, cookies)} if question_url else {})
        visits: dict[str, list[Visit]] = {name: [] for name in targets}
        for _ in range(runs):
            for name, (url, who) in targets.items():
                visits[name].append(visit(chromium, url, who, slowly=True))
        following = next_question(chromium, question_url, cookies) if question_url else {}
        chromium.close()
    return page_figures(visits, following), {
        "visits": {name: [vars(one) for one in several] for name, several in visits.items()},
        "next question": following,
    }


def measure_map(base: str) -> Figure:
    """Measure what a first visit of the open map takes: somebody who is not signed in, with nothing kept from before."""
    with sync_playwright() as playwright:
        chromium = browser.launch(playwright)
        took = visit(chromium, f"{base}/pathways/", (), slowly=False)
        chromium.close()
    kinds = ", ".join(f"{kind} {size / KB:.1f}" for kind, size in sorted(took.bytes.items()))
    return Figure("map of what is possible, first visit", sum(took.bytes.values()) / KB, "KB", most=45, note=kinds)


def measure_carer(house: House) -> list[Figure]:
    """Measure what a carer's own first page takes on a first visit, by the budgets of a question page."""
    with sync_playwright() as playwright:
        chromium = browser.launch(playwright)
        context = chromium.new_context()
        sign_in(context.new_page(), house.base, house.people["carer"])
        cookies = [dict(cookie) for cookie in context.cookies()]
        context.close()
        took = visit(chromium, f"{house.base}/home", cookies, slowly=False)
        chromium.close()
    painting = took.bytes.get("document", 0) + took.bytes.get("stylesheet", 0)
    kinds = ", ".join(f"{kind} {size / KB:.1f}" for kind, size in sorted(took.bytes.items()))
    return [
        Figure("carer's first page, first visit, everything", sum(took.bytes.values()) / KB, "KB", most=32, note=kinds),
        Figure("carer's first page, HTML and CSS", painting / KB, "KB", most=12),
    ]


def page_figures(visits: dict[str, list[Visit]], following: dict[str, int]) -> list[Figure]:
    """Return the figures of the pages, ours against the floor of the same run."""

    def median(name: str, what: str) -> float:
        return statistics.median(getattr(one, what) for one in visits[name])

    floor = visits["floor"][0]
    figures = [
        Figure("floor page, everything", sum(floor.bytes.values()) / KB, "KB"),
        Figure("floor page, first paint", median("floor", "first_paint"), "ms"),
        Figure("floor page, largest paint", median("floor", "largest_paint"), "ms"),
    ]
    if "ours" not in visits:
        return figures
    ours = visits["ours"][0]
    painting = ours.bytes.get("document", 0) + ours.bytes.get("stylesheet", 0)
    kinds = ", ".join(f"{kind} {size / KB:.1f}" for kind, size in sorted(ours.bytes.items()))
    return [
        *figures,
        Figure("question page, first visit, everything", sum(ours.bytes.values()) / KB, "KB", most=32, note=kinds),
        Figure("question page, HTML and CSS", painting / KB, "KB", most=12),
        Figure("next question by htmx", sum(following.values()) / KB, "KB", most=3, note=", ".join(following)),
        Figure("question page, first paint", median("ours", "first_paint"), "ms"),
        Figure("question page, largest paint", median("ours", "largest_paint"), "ms"),
        Figure(
            "first paint against the floor", median("ours", "first_paint") / median("floor", "first_paint"), "x", most=2
        ),
        Figure(
            "largest paint against the floor",
            median("ours", "largest_paint") / median("floor", "largest_paint"),
            "x",
            most=2.5,
        ),
    ]
