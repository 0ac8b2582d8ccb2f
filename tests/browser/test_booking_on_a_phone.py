"""Booking a drop-in on a phone: as somebody new, by the link in a message, and for a young person; in every language we draw."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Arrive
from tests.browser.looking import faults
from tests.browser.walking import press
from tools.demo_house import House

LANGUAGES = ("en-GB", "ar")


@pytest.mark.parametrize("language", LANGUAGES)
def test_somebody_new_books_and_moves_it_by_the_link(own_house: House, arrive: Arrive, language: str) -> None:
    visitor, found = arrive(own_house, color_scheme="light"), []
    page = visitor.go(f"/dropins/?lang={language}")
    ways = page.locator("main a[href*='/dropins/0']").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    for way in ways:
        page.goto(f"{way.split('?')[0].removesuffix('.ics')}/book/new")
        if page.locator("main a[href*='slot=']").count():
            break
    found += [f"times: {one}" for one in faults(page, for_a_child=True)]
    page.locator("main a[href*='slot=']").first.click()
    page.locator("[name=first_name]").fill("Олена")
    press(page, ".dock .button")
    page.locator("[aria-invalid]").first.wait_for()
    found += [f"put right: {one}" for one in faults(page, for_a_child=True)]
    page.locator("[name=mobile]").fill("07700 900463")
    press(page, ".dock .button")
    page.wait_for_url("**/dropins/b/**")
    found += [f"the link: {one}" for one in faults(page, for_a_child=True)]
    page.locator("main a[href$='/other']").click()
    found += [f"another time: {one}" for one in faults(page, for_a_child=True)]
    assert not found, "\n".join(found)


def test_an_adult_books_for_a_young_person(own_house: House, arrive: Arrive) -> None:
    visitor, found = arrive(own_house, color_scheme="light"), []
    visitor.sign_in("virtual_school")
    page = visitor.go("/staff/young-people")
    addresses = page.locator("main a[href^='/staff/young-people/']").evaluate_all("all => all.map(one => one.pathname)")
    for address in addresses:
        page.goto(f"{address}/dropins/book")
        if page.locator("main a[href*='slot=']").count():
            break
    found += [f"times: {one}" for one in faults(page, for_a_child=False)]
    page.locator("main a[href*='slot=']").first.click()
    page.locator("label[for=basis-asked_me]").click()
    found += [f"why: {one}" for one in faults(page, for_a_child=False)]
    press(page, ".dock .button")
    cards = page.locator("main a[href$='/card']")
    if cards.count():
        cards.first.click()
        found += [f"the card: {one}" for one in faults(page, for_a_child=False)]
    assert not found, "\n".join(found)
