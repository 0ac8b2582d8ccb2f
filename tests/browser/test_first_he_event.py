"""A first university day, found and signed up for from the first page in Arabic, and a dream that arrives in the PEP."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from app.pathways.my_route import SECTION
from tests.browser.conftest import Arrive
from tests.browser.looking_in import open_record
from tests.browser.walking import press
from tools.demo_house import House

DREAM = "أحلم أن أدرس الهندسة في الجامعة وأن أبني جسورًا"


def test_a_year_9_child_finds_a_first_event_in_arabic_in_four_taps_and_signs_up_and_their_dream_stands_in_the_record(
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
    page.locator("#place a[href='/my-route']").tap()
    sent = put_into_my_pep(page, DREAM)
    robin.go("/opportunities/demo-first-campus-day")

    # The people at home are asked for their yes, and give it; the child sees that they did.
    juniper = arrive(own_house)
    juniper.sign_in("carer")
    home = juniper.go("/home")
    home.locator("section[aria-labelledby=yes-wanted] a").first.click()
    home.locator("#theirs form[action$='/seat'] .button").first.click()
    expect(home).to_have_url(re.compile("#place"))
    page.reload()
    expect(page.locator("#place")).to_be_visible()

    # And their aspiration stands in the PEP record, as they put it.
    alder = arrive(own_house)
    alder.sign_in_as_worker("designated_teacher")
    record_says(open_record(alder, "Robin"), sent)


def put_into_my_pep(page: Page, dream: str) -> str:
    """On my route, write another dream and put it in for everybody in the PEP. Return all that went in, the dream first."""
    expect(page).to_have_url(re.compile("/my-route$"))
    page.locator("#dream summary").first.tap()
    page.locator("#dream textarea[name=words]").fill(dream)
    press(page, "#dream form[action$='/my-route/dream'] .button")
    press(page, "#pep a[href='/my-route/share']")
    sent = page.locator(".said .words").inner_text()
    assert sent.startswith(dream)
    expect(page.locator("input[name=share][value=pep]")).to_be_checked()
    press(page, ".dock .button")
    expect(page).to_have_url(re.compile("/my-route#pep$"))
    return sent


def record_says(record: Page, sent: str) -> None:
    """A worker reads the child's words in the child's language and direction, marked as what they are."""
    said = record.locator(f"section[aria-labelledby='s-{SECTION}'] article.said", has_text=DREAM)
    expect(said).to_have_count(1)
    words = said.locator(".words")
    expect(words).to_have_text(sent)
    expect(words).to_have_attribute("lang", "ar")
    assert words.evaluate("it => getComputedStyle(it).direction") == "rtl"
    expect(said.locator(".marks")).to_contain_text("From their own route")


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
