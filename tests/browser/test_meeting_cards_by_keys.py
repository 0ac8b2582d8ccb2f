"""The cards of a meeting with the keyboard: they turn where they fit, and a long or enlarged one is read to its end first."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Arrive
from tests.browser.visitors import LAPTOP
from tools.demo_house import House

LOW = {"width": 1280, "height": 240}
# Looked at anew with each picture the screen shows, and given up after some hundreds.
SCROLLED = """() => new Promise((answer) => {
  const look = (left) => scrollY > 0 || !left ? answer(scrollY > 0) : requestAnimationFrame(() => look(left - 1))
  look(600)
})"""


def test_the_keys_turn_the_cards_only_where_the_page_does_not_scroll(house: House, arrive: Arrive) -> None:
    teacher = arrive(house, viewport={**LAPTOP, "height": 2_400})
    teacher.sign_in_as_worker("designated_teacher")
    page = open_cards(teacher.page, addresses(teacher.go("/staff/young-people"), "/young-people/"))
    page.keyboard.press("PageDown")
    expect(page).to_have_url(re.compile("card=1$"))
    page.keyboard.press("PageUp")
    expect(page).to_have_url(re.compile("card=0$"))
    page.set_viewport_size(LOW)  # type: ignore[arg-type]
    page.keyboard.press("PageDown")
    assert page.evaluate(SCROLLED)
    expect(page).to_have_url(re.compile("card=0$"))
    # The cards are in the child's language, and the way on is where its lines end.
    page.keyboard.press("ArrowLeft" if page.locator("html").get_attribute("dir") == "rtl" else "ArrowRight")
    expect(page).to_have_url(re.compile("card=1$"))


def addresses(page: Page, part: str) -> list[str]:
    """Return where the links on a page lead whose address holds ``part``."""
    return [one.get_attribute("href") or "" for one in page.locator(f"main a[href*='{part}']").all()]


def open_cards(page: Page, young_people: list[str]) -> Page:
    """Open the cards of the first young person who has more than one."""
    for address in young_people:
        page.goto(address)
        for record in {one[: len("/staff/peps/") + 36] for one in addresses(page, "/staff/peps/")}:
            page.goto(f"{record}/meeting/cards")
            if page.locator("a[rel=next]").count():
                return page
    raise AssertionError("nobody in the demo has two cards")
