"""Somebody with a browser: signs in as they would, and notes everything that a developer would see in the console."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, ViewportSize, WebError

from tools.demo_house import House, sign_in

PHONE: ViewportSize = {"width": 360, "height": 740}
LAPTOP: ViewportSize = {"width": 1280, "height": 800}
WAITS = 10_000
# The browser's own note about an answer that is not 2xx. A kind page with 404 or 422 is an answer like any other.
_ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
# What the browser and htmx note when a request fails, which a test may want to happen.
_BAD_LINE = re.compile(r"net::ERR|status of 503|Status Error Code 503|^htmx:(afterRequest|sendError)")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


class Visitor:
    """One browser context with one page."""

    def __init__(self, chromium: Browser, house: House, *, leaves: bool = False, offline: bool = False, **context: Any):
        """Open the context. ``leaves``: may ask for another site, as Leave does (not reached); ``offline``: requests may fail."""
        self.house = house
        self.troubles: list[str] = []
        self._leaves = leaves
        self._offline = offline
        context = {"viewport": PHONE, "reduced_motion": "reduce", "locale": "en-GB", **context}
        self.context: BrowserContext = chromium.new_context(base_url=house.base, **context)
        self.context.set_default_timeout(WAITS)
        self.context.on("request", self._asked)
        self.context.on("console", self._said)
        self.context.on("weberror", self._broke)
        self.page: Page = self.context.new_page()

    def sign_in(self, persona: str) -> Page:
        """Sign in with what demo.json says, on the link or card of a persona."""
        sign_in(self.page, self.house.base, self.house.people[persona])
        return self.page

    def sign_in_as_worker(self, persona: str) -> Page:
        """Sign a worker in with e-mail, passphrase and the code that their phone shows."""
        person = {**self.house.people[persona], "link": "/sign-in"}
        sign_in(self.page, self.house.base, person)
        return self.page

    def go(self, path: str) -> Page:
        """Open an address of the house."""
        self.page.goto(path)
        return self.page

    def find_id(self, pattern: str, path: str, which: int = 0) -> str:
        """Return the last id in the first link (or a later one) on ``path`` whose address holds ``pattern``."""
        href = self.go(path).locator(f"main a[href*='{pattern}']").nth(which).get_attribute("href") or ""
        found = _ID.findall(href)
        assert found, f"no id in {href!r} on {path}"
        return str(found[-1])

    def _asked(self, request: Request) -> None:
        host = urlsplit(request.url).netloc
        if not self._leaves and host != urlsplit(self.house.base).netloc:
            self.troubles.append(f"a request left the house: {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning") or _ANSWERED.search(message.text):
            return
        if (self._offline or self._leaves) and _BAD_LINE.search(message.text):
            return
        where = message.page.url if message.page else "?"
        self.troubles.append(f"{where}: {message.type}: {message.text}")

    def _broke(self, error: WebError) -> None:
        self.troubles.append(f"{error.page.url if error.page else '?'}: {error.error}")
