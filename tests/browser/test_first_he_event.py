"""A Year 9 child finds a first university event: from the first page, in Arabic, with a thumb."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Arrive
from tools.demo_house import House


def test_a_year_9_child_finds_a_first_event_in_arabic_in_four_taps_and_signs_up(
    arrive: Arrive, own_house: House
) -> None:
    robin = arrive(own_house, has_touch=True)
    robin.sign_in("secondary_child")
    page = robin.go("/")
    page.locator(".languages a[lang=ar]").tap()  # one: my language
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator("main a[href='/opportunities/']").tap()  # two: what there is
    expect(page).to_have_url(re.compile("/opportunities/$"))
    page.locator("main a[href='/opportunities/demo-first-campus-day']").tap()  # three: this one
    expect(page.locator("h1")).to_have_text("يومك الأول في الجامعة")
    page.locator("#place form[action$='/sign-up'] .button").tap()  # four: sign me up
    expect(page).to_have_url(re.compile("/opportunities/demo-first-campus-day#place"))
    expect(page.locator("#place a[href='/my-route']")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    # The people at home are asked for their yes, and give it; the child sees that they did.
    juniper = arrive(own_house)
    juniper.sign_in("carer")
    home = juniper.go("/home")
    home.locator("section[aria-labelledby=yes-wanted] a").first.click()
    home.locator("#theirs form[action$='/seat'] .button").first.click()
    expect(home).to_have_url(re.compile("#place"))
    page.reload()
    expect(page.locator("#place")).to_be_visible()


def test_the_list_is_searched_and_filtered_without_scripts(arrive: Arrive, house: House) -> None:
    somebody = arrive(house, java_script_enabled=False)
    page = somebody.go("/opportunities/")
    page.locator("#q").fill("مخبز")
    page.locator("form[role=search] .button").click()
    expect(page.locator("article")).to_have_count(1)
    page.locator("nav.picks a[href*='type=visit']").click()
    expect(page.locator("article")).to_have_count(0)


def test_the_list_is_filtered_in_place_with_scripts(arrive: Arrive, house: House) -> None:
    page = arrive(house).go("/opportunities/")
    page.locator("nav.picks a[href*='type=visit']").click()
    expect(page).to_have_url(re.compile("type=visit"))
    expect(page.locator("article")).to_have_count(1)
    page.locator("#q").fill("zebra")
    page.locator("#q").press("Enter")
    expect(page.locator("article")).to_have_count(0)
    page.go_back()
    expect(page.locator("article")).to_have_count(1)
