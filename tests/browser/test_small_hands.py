"""A younger child, a keyboard, somebody coming in, and an adult who sits beside."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Arrive
from tests.browser.walking import begin, question_on, say
from tools.demo_house import House

MOST_STOPS = 60
CHILD = "primary_child"


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on something that matches."""
    for _ in range(MOST_STOPS):
        if page.evaluate("chosen => document.activeElement.matches(chosen)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector} on {page.url}")


def press(page: Page, selector: str) -> None:
    """Go to a button with the keyboard and press it, and wait for the next page."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_child_opens_their_page_with_four_pictures_by_keyboard_alone(house: House, arrive: Arrive) -> None:
    child = house.people[CHILD]
    page = arrive(house).go(child["link"])
    press(page, "main .button")
    for picture in child["code"]:
        press(page, f"button[value={picture}]")
    expect(page).to_have_url(re.compile("/home$"))
    expect(page.locator("h1")).to_contain_text(child["name"])


def test_wrong_pictures_are_told_kindly_and_the_right_ones_still_work(house: House, arrive: Arrive) -> None:
    child = house.people[CHILD]
    page = arrive(house).go(child["link"])
    press(page, "main .button")
    for picture in reversed(child["code"]):
        page.locator(f"button[value={picture}]").click()
    told = page.locator("main").inner_text()
    assert "match" in told or "again" in told, told
    for blaming in ("wrong", "invalid", "incorrect", "error"):
        assert blaming not in told.lower()
    for picture in child["code"]:
        page.locator(f"button[value={picture}]").click()
    expect(page).to_have_url(re.compile("/home$"))


def gone_from(page: Page, house: House) -> None:
    """Wait until the page is somewhere else. No other site is reached from here: the browser shows its own page."""
    expect(page).not_to_have_url(re.compile(f"^{re.escape(house.base)}"))


def nothing_is_left(page: Page, name: str) -> None:
    """Go back in the browser as far as it goes: no page says whose it was."""
    for _ in range(6):
        page.go_back()
        page.wait_for_load_state()
        assert name not in page.locator("body").inner_text(), page.url
        if page.url == "about:blank":
            return


def test_leave_closes_the_page_and_forgets_who_was_there(house: House, arrive: Arrive) -> None:
    visitor = arrive(house, leaves=True)
    page = visitor.sign_in(CHILD)
    page.goto("/voice/")
    page.locator(".leave").click()
    gone_from(page, house)
    assert not visitor.context.cookies()
    nothing_is_left(page, house.people[CHILD]["name"])


def test_three_presses_of_shift_leave_and_two_do_not(house: House, arrive: Arrive) -> None:
    visitor = arrive(house, leaves=True)
    page = visitor.sign_in(CHILD)
    begin(page)
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.keyboard.press("a")
    assert page.url.startswith(house.base)
    for _ in range(3):
        page.keyboard.press("Shift")
    gone_from(page, house)
    assert not visitor.context.cookies()
    nothing_is_left(page, house.people[CHILD]["name"])


def test_leave_works_as_a_plain_link_too(house: House, arrive: Arrive) -> None:
    visitor = arrive(house, leaves=True, java_script_enabled=False)
    page = visitor.sign_in(CHILD)
    page.locator(".leave").click()
    gone_from(page, house)
    assert not visitor.context.cookies()


def test_beside_me_gives_the_child_the_device_and_the_adult_a_locked_screen_back(house: House, arrive: Arrive) -> None:
    visitor = arrive(house)
    page = visitor.sign_in_as_worker("designated_teacher")
    # Another test may have left them reading another language.
    page.goto("/staff/young-people?lang=en-GB")
    page.locator("main a", has_text="Robin").first.click()
    young_person = page.url
    page.locator("main a[href^='/beside/']").click()
    page.locator("main form .button").click()
    expect(page).to_have_url(re.compile("/home$"))

    begin(page)
    asked = question_on(page)
    say(page, "Said aloud, typed by me.")
    page.locator("label[for=how-helped]").click()
    page.locator(".dock button[value=next]").click()
    page.wait_for_url(lambda url: not url.endswith(f"/{asked}"))
    assert page.goto(young_person).status == 404, "the adult's pages are closed to the child"

    page.goto("/home")
    page.locator("form[action='/beside/end'] button").first.click()
    expect(page).to_have_url(re.compile("/unlock$"))
    page.goto(young_person)
    expect(page).to_have_url(re.compile("/unlock$"))
    page.locator("input[name=passphrase]").fill("not mine")
    page.locator("form[action='/unlock'] .button").click()
    expect(page.locator("main")).to_contain_text("did not match")
    page.locator("input[name=passphrase]").fill(house.people["designated_teacher"]["password"])
    page.locator("form[action='/unlock'] .button").click()
    expect(page).to_have_url(re.compile("/home$"))
    page.goto(young_person)
    expect(page.locator("h1")).to_contain_text("Robin")
