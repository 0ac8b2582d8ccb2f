"""What has to be put right is read out first, and a page that will close soon says so."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Arrive
from tools.demo_house import House


def test_after_a_whole_page_load_the_focus_is_on_what_has_to_be_put_right(house: House, arrive: Arrive) -> None:
    page = arrive(house).go("/carer/sign-in")
    page.locator("input[name=where]").evaluate("box => box.form.noValidate = true")
    with page.expect_navigation():
        page.locator("main form button").last.click()
    expect(page.locator(".notice.problem")).to_be_focused()
    assert page.title().startswith("Please look again: ")


def test_a_quiet_page_says_that_it_will_close_and_one_tap_gives_more_time(own_house: House, arrive: Arrive) -> None:
    visitor = arrive(own_house)
    page = visitor.sign_in("post16_young_person")
    page.clock.install()
    visitor.go("/home")
    told, seconds = page.locator("#quiet"), int(page.locator("#quiet").get_attribute("data-idle") or 0)
    page.clock.run_for((seconds - 121) * 1000)
    expect(told).to_be_hidden()
    page.clock.run_for(2000)
    expect(told).to_be_visible()
    with page.expect_response("**/more-time") as answer:
        told.locator("a").click()
    assert answer.value.status == 204
    expect(told).to_be_hidden()
    assert page.url.endswith("/home")
    page.clock.run_for((seconds - 119) * 1000)
    expect(told).to_be_visible()
    page.clock.run_for(61_000)
    expect(told).to_be_hidden()
