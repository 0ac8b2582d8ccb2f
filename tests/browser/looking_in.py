"""Where the words arrive: the record as a worker opens it, and the feed as the PEP platform follows it."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.visitors import Visitor


def open_record(visitor: Visitor, name: str) -> Page:
    """As a worker would: my young people, this one, their newest record."""
    page = visitor.go("/staff/young-people")
    page.locator("main a", has_text=name).first.click()
    page.locator("main a[href^='/staff/peps/']").first.click()
    expect(page.locator("main.record")).to_be_visible()
    return page


def feed(context: BrowserContext, client: dict[str, Any]) -> list[dict[str, Any]]:
    """Follow the feed from its beginning to its end as the platform of demo.json."""
    basic = b64encode(f"{client['client_id']}:{client['client_secret']}".encode()).decode()
    given = context.request.post(
        "/api/v1/token",
        form={"grant_type": "client_credentials", "scope": "pep:read"},
        headers={"Authorization": f"Basic {basic}"},
    )
    assert given.ok, given.text()
    bearer = {"Authorization": f"Bearer {given.json()['access_token']}"}
    address, records = "/api/v1/pep-records?limit=500", []
    while True:
        answer = context.request.get(address, headers=bearer)
        assert answer.ok, answer.text()
        if not answer.json()["records"]:
            return records
        records += answer.json()["records"]
        address = answer.headers["link"].split(">")[0].removeprefix("<")


def in_section(page: Page, key: str) -> str:
    """Return everything that stands in one section of a record."""
    return page.locator(f"section[aria-labelledby='s-{key}']").inner_text()
