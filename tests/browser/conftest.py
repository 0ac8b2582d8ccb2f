"""A real Chromium in front of a whole running house. Nothing may go wrong quietly: every page is watched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.visitors import Visitor
from tools import browser
from tools.demo_house import House, open_house

Arrive = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver of the browser."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The browser, for the whole run."""
    opened = browser.launch(playwright)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """A house with the demo in it, shared by tests that leave it as they found it or each use another child.

    Between two tests of one browser others may take longer than a child's device may lie idle.
    """
    with open_house({"PEPVOICE_CHILD_SHARED_IDLE": "PT2H", "PEPVOICE_CHILD_IDLE": "PT2H"}) as opened:
        yield opened


@pytest.fixture
def own_house() -> Iterator[House]:
    """A house for one test alone, which may send answers in it."""
    with open_house() as opened:
        yield opened


@pytest.fixture
def arrive(chromium: Browser) -> Iterator[Arrive]:
    """Opens a browser of its own for somebody; when the test ends, each must have had nothing to complain of."""
    visitors: list[Visitor] = []

    def arrives(house: House, **context: Any) -> Visitor:
        visitors.append(Visitor(chromium, house, **context))
        return visitors[-1]

    yield arrives
    for visitor in visitors:
        visitor.context.close()
    troubles = [trouble for visitor in visitors for trouble in visitor.troubles]
    assert not troubles, "\n".join(troubles)
