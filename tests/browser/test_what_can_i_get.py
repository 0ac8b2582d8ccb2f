"""'What can I get?' walked in a browser: the pages that only a sent form brings, readable and usable in every language."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Arrive
from tests.browser.looking import faults
from tests.browser.walking import press
from tools.demo_house import House

GUIDE = "/pathways/what-can-i-get"


def choose(page: Page, name: str, value: str) -> None:
    """Tap the card of an answer."""
    field = page.locator(f"main input[name={name}][value='{value}']")
    page.locator(f"main label[for='{field.get_attribute('id')}']").click()


@pytest.mark.parametrize("language", ["en-GB", "ar", "pl"])
def test_a_young_person_walks_from_the_questions_to_a_letter(house: House, arrive: Arrive, language: str) -> None:
    page, found = arrive(house, color_scheme="light").go(f"{GUIDE}?lang={language}"), []

    def look(name: str) -> None:
        assert page.locator("html").get_attribute("lang") == language
        found.extend(f"{name}: {one}" for one in faults(page, for_a_child=True))

    page.locator("main [name=age]").fill("lots")
    press(page, "main .dock .button")
    look("put right")
    page.locator("main [name=age]").fill("19")
    page.locator("main [name=now]").select_option("p16_education")
    choose(page, "care", "left")
    choose(page, "abroad", "yes")
    press(page, "main .dock .button")
    look("a little more")
    choose(page, "turned", "yes")
    choose(page, "care_more", "long")
    choose(page, "status", "asylum_pending")
    press(page, "main .dock .button")
    look("this is for you")
    assert page.url.endswith(f"{GUIDE}?lang={language}") or page.url.endswith(GUIDE)
    for fold in page.locator("main details.sheet > summary").all():
        fold.click()
    look("all unfolded")
    assert page.locator("#sfe-fee-loan[data-papers=yes]").is_visible()
    press(page, "#bursary-16-19-vg button")
    look("a letter")
    assert page.locator(".letter").count() == (1 if language == "en-GB" else 2)
    assert not found, "\n".join(found)


def test_a_link_from_a_step_opens_what_it_names(house: House, arrive: Arrive) -> None:
    page = arrive(house).go(f"{GUIDE}#he-bursary-la")
    named = page.locator("#he-bursary-la")
    assert named.get_by_text("Who pays").is_visible()
    assert not page.locator("#pep").get_by_text("Who to ask").is_visible()
