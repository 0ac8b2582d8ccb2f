"""A record page and a feed page must cost the same whether there are a hundred PEPs or a hundred thousand.

What is compared is the least processor time of the workers for a page, over slices taken in turn: see bench/server.py.
"""

import os
import re
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import requests
from playwright.sync_api import sync_playwright

from bench.figures import Figure
from bench.house import cookie_header
from bench.server import settle
from tools import browser
from tools.demo_house import House, open_house, sign_in

FEW, MANY = 100, 100_000
READER = "designated_teacher"
YOUNG_PEOPLE = "/staff/young-people"
RECORD = re.compile(r"^/staff/peps/[0-9a-f-]{36}$")
FEED = "/api/v1/pep-records?limit=100"
SLICES, TIMES = 6, 20


def record_page(house: House) -> tuple[str, dict[str, str]]:
    """Return the address of the record of the first young person a teacher finds, and the headers of their session."""
    with sync_playwright() as playwright:
        chromium = browser.launch(playwright)
        page = chromium.new_page()
        sign_in(page, house.base, house.people[READER])
        page.goto(house.base + YOUNG_PEOPLE)
        page.locator(f"main a[href^='{YOUNG_PEOPLE}/']").first.click()
        links = page.locator("main a").evaluate_all("all => all.map(one => one.getAttribute('href') || '')")
        cookies = [dict(cookie) for cookie in page.context.cookies()]
        chromium.close()
    found = next((link for link in links if RECORD.search(link)), None)
    if found is None:
        raise RuntimeError(f"A {READER} finds no record on a young person's page: {links}")
    return house.base + found, {"Cookie": cookie_header(cookies)}


def feed_page(house: House) -> tuple[str, dict[str, str]]:
    """Return the address of a feed page and the headers of a client that may read it."""
    client = house.people["epep_client"]
    answer = requests.post(
        f"{house.base}/api/v1/token",
        data={"grant_type": "client_credentials", "scope": "pep:read"},
        auth=(client["client_id"], client["client_secret"]),
        timeout=10,
    )
    answer.raise_for_status()
    return house.base + FEED, {"Authorization": f"Bearer {answer.json()['access_token']}"}


def fill(folder: Path, number: int) -> None:
    """Add PEPs to the database of a house that is not running."""
    environ = {
        "PEPVOICE_INSTANCE_DIR": str(folder),
        "PEPVOICE_DATABASE_URL": f"sqlite:///{folder / 'pepvoice.db'}",
    }
    command = [sys.executable, "-m", "bench.fill", str(number)]
    subprocess.run(command, env={**os.environ, **environ}, check=True, timeout=1800)


def measure() -> tuple[list[Figure], dict[str, object]]:
    """Measure both pages in a house with few and one with many PEPs, side by side and in turn."""
    with ExitStack() as stack:
        houses: dict[int, House] = {}
        for number in (FEW, MANY):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pepvoice-flat-")))
            with open_house(folder=folder):
                pass
            print(f"  filling {number:,} PEPs", flush=True)
            fill(folder, number)
            houses[number] = stack.enter_context(open_house(folder=folder))
        took: dict[str, dict[int, list[float]]] = {"record page": {}, "feed page": {}}
        pages = {n: {"record page": record_page(house), "feed page": feed_page(house)} for n, house in houses.items()}
        for _ in range(SLICES):
            for name in took:
                for number, house in houses.items():
                    url, headers = pages[number][name]
                    took[name].setdefault(number, []).append(settle(house.pid, url, TIMES, headers))
    figures = []
    for name, by_number in took.items():
        few, many = (min(by_number[number]) for number in (FEW, MANY))
        figures += [
            Figure(f"{name} beside {FEW:,} PEPs", few, "ms", note="of a processor"),
            Figure(f"{name} beside {MANY:,} PEPs", many, "ms", note="of a processor"),
            Figure(f"{name}, many against few", many / few, "x", most=1.3),
        ]
    return figures, {name: {str(n): values for n, values in several.items()} for name, several in took.items()}
