"""Every page, for everybody: readable, reachable, in three languages, two sizes, light and dark; nothing in the console."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.exceptions import HTTPException

from app.people.policy import RULES
from tests.browser.conftest import Arrive
from tests.browser.looking import faults
from tests.browser.places import (
    CHILDREN,
    DOWNLOADS,
    FINDERS,
    IN_THE_CHILDS_LANGUAGE,
    LONG_WORD,
    NO_PAGES,
    ON_THE_WAY,
    PLACES,
    Signed,
    sample,
)
from tests.browser.visitors import Visitor
from tests.browser.walking import make_a_wish, meet_today, press
from tools.demo_house import House, sign_in

LANGUAGES = ("en-GB", "ar", "pl")
# Polish reads like English, with longer words: the pages of children and families are looked at in it, those of workers are not.
SEEN_IN = [
    (persona, language)
    for persona in PLACES
    for language in LANGUAGES
    if language != "pl" or persona in (*CHILDREN, "", "carer")
]
# Addresses that lead nowhere, on purpose: their page is a page too.
NOBODYS = ("/there-is-no", "/dropins/b/nobody")
Meet = Callable[[str], Signed]


@pytest.fixture(scope="session")
def meet(chromium: Browser, house: House) -> Iterator[Meet]:
    """Gives a persona who is signed in already, always in the same browser."""
    known: dict[str, Signed] = {}

    def meets(persona: str) -> Signed:
        if persona not in known:
            visitor = Visitor(chromium, house, color_scheme="light")
            if persona:
                visitor.sign_in(persona)
            known[persona] = Signed(visitor, FINDERS.get(persona, lambda _visitor: {})(visitor))
        return known[persona]

    yield meets
    for signed in known.values():
        signed.visitor.context.close()


@pytest.mark.parametrize(("persona", "language"), SEEN_IN)
def test_every_page_can_be_read_and_used_by_everybody(meet: Meet, persona: str, language: str) -> None:
    signed, found = meet(persona), []
    page = signed.visitor.page
    for place in PLACES[persona]:
        address = signed.address(place)
        answer = page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
        assert answer is not None, address
        assert answer.ok or place.startswith(NOBODYS), f"{address} answered {answer.status}"
        assert place in IN_THE_CHILDS_LANGUAGE or page.locator("html").get_attribute("lang") == language, address
        found += [f"{place}: {one}" for one in faults(page, for_a_child=persona in CHILDREN or not persona)]
    found += signed.visitor.troubles
    signed.visitor.troubles.clear()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_on_the_way_can_be_read_and_used_by_everybody(house: House, arrive: Arrive, language: str) -> None:
    found: list[str] = []

    def look(page: Page, name: str) -> None:
        found.extend(f"{name}: {one}" for one in faults(page, for_a_child=True))

    for persona in ("primary_child", "secondary_child"):
        page = arrive(house, color_scheme="light").go(f"{house.people[persona]['link']}?lang={language}")
        page.locator("main .button").click()
        page.wait_for_load_state()
        look(page, f"the code of {persona}")
        if page.locator("button[name=picture]").count():
            page.locator("button[name=picture]").first.click()
            look(page, "one picture tapped")
        else:
            page.locator("input[name=words]").fill("not these words")
            page.locator("main .button").first.click()
            look(page, "words that did not match")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_that_ask_to_look_again_can_be_read_and_used(meet: Meet, language: str) -> None:
    signed, found = meet("secondary_child"), []
    page = signed.visitor.page
    page.goto(signed.address(f"/voice/{{response}}/sec-goal?lang={language}"))
    page.locator("textarea").fill("word " * 1000)
    page.locator(".dock .button").first.click()
    page.locator("#put-right").wait_for()
    assert page.locator("textarea").input_value().startswith("word word")
    found += [f"too long: {one}" for one in faults(page, for_a_child=True)]
    page.goto(signed.address("/voice/{response}/check/sec-proud"))
    page.locator("label[for=share-chosen]").click()
    found += [f"only these people: {one}" for one in faults(page, for_a_child=True)]
    page.locator(".dock .button").first.click()
    page.locator("#put-right").wait_for()
    found += [f"nobody named: {one}" for one in faults(page, for_a_child=True)]
    page.goto("/wishes/new")
    page.locator("textarea[name=words]").fill("I want to go home on the early bus")
    press(page, ".dock .button")
    page.locator("label[for=share-chosen]").click()
    found += [f"who sees a wish: {one}" for one in faults(page, for_a_child=True)]
    assert not found + signed.visitor.troubles, "\n".join(found + signed.visitor.troubles)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_in_of_carers_can_be_read_and_used(house: House, arrive: Arrive, language: str) -> None:
    page, found = arrive(house, color_scheme="light").go(f"/carer/sign-in?lang={language}"), []
    page.locator("main [name=where]").fill("nobody@example.org")
    press(page, "main form .button")
    page.locator("main [name=code]").wait_for()
    found += [f"the code: {one}" for one in faults(page, for_a_child=False)]
    page.locator("main [name=code]").fill("123456")
    press(page, "main form .button")
    found += [f"did not match: {one}" for one in faults(page, for_a_child=False)]
    assert not found, "\n".join(found)


def test_the_day_of_a_meeting_can_be_read_and_used(own_house: House, arrive: Arrive) -> None:
    found: list[str] = []
    organiser, child = arrive(own_house, color_scheme="light"), arrive(own_house, color_scheme="light")
    organiser.sign_in("designated_teacher")
    meeting = meet_today(organiser, "Robin")
    child.sign_in("secondary_child")
    make_a_wish(child.page, f"I need a key for the music room, {LONG_WORD}")
    for language in LANGUAGES:
        page = child.go(f"/home?lang={language}")
        found += [f"the child's page on the day: {one}" for one in faults(page, for_a_child=True)]
        page.goto("/my-meeting")
        press(page, "button[name=signal][value=explain]")
        found += [f"the silent card: {one}" for one in faults(page, for_a_child=True)]
        for place, name in (("", "the checklist"), ("/cards", "the cards"), ("/decisions", "the decisions")):
            page = organiser.go(f"{meeting}{place}?lang={language}")
            assert page.locator("[role=alert]").count(), "the silent card shows"
            found += [f"{name}: {one}" for one in faults(page, for_a_child=False)]
        organiser.go(meeting).locator(".signals form button").click()
        organiser.page.locator(".signals form").wait_for(state="detached")
    page = organiser.go(meeting.removesuffix("/meeting"))
    found += [f"the record with a wish: {one}" for one in faults(page, for_a_child=False)]
    assert not found, "\n".join(found)


def test_the_workers_second_step_and_the_locked_screen_can_be_read_and_used(house: House, arrive: Arrive) -> None:
    visitor, found = arrive(house, color_scheme="light"), []
    person = house.people["key_worker"]
    page = visitor.go("/sign-in?lang=ar")
    page.locator("input[name=email]").fill(person["email"])
    page.locator("input[name=passphrase]").fill("not the passphrase")
    page.locator("main .button").click()
    page.locator("#problem").wait_for()
    found += [f"did not match: {one}" for one in faults(page, for_a_child=False)]
    page.locator("input[name=email]").fill(person["email"])
    page.locator("input[name=passphrase]").fill(person["password"])
    page.locator("main .button").click()
    page.locator("input[name=code]").wait_for()
    found += [f"the code: {one}" for one in faults(page, for_a_child=False)]
    sign_in(page, house.base, person)
    page.goto("/staff/young-people")
    page.locator("main a[href^='/staff/young-people/']").first.click()
    for form, name in (("/card", "a new card"), ("/link", "a link")):
        there = page.url
        page.locator(f"form[action$='{form}'] button").first.evaluate("button => button.form.requestSubmit(button)")
        page.wait_for_url(f"**{form}")
        found += [f"{name}: {one}" for one in faults(page, for_a_child=False)]
        page.goto(there)
    page.locator("main a[href^='/beside/']").click()
    page.locator("main form .button").click()
    page.locator("form[action='/beside/end'] button").first.click()
    page.locator("input[name=passphrase]").wait_for()
    found += [f"locked: {one}" for one in faults(page, for_a_child=False)]
    assert not found, "\n".join(found)


def test_every_page_is_looked_at(app: Flask) -> None:
    adapter = app.url_map.bind("127.0.0.1")
    looked_at = set()
    for place in (sample(one) for places in PLACES.values() for one in places):
        try:
            looked_at.add(adapter.match(place)[0])
        except HTTPException:
            assert place.startswith("/there-is-no"), place
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())} & set(RULES)
    missing = pages - looked_at - NO_PAGES - DOWNLOADS - ON_THE_WAY
    assert not missing, f"add these to tests/browser/places.py, with a persona who may open them: {sorted(missing)}"
