"""A passage of the page is read aloud by a voice of the device that speaks its language, and by no other."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Arrive
from tests.browser.walking import read_in_arabic
from tools.demo_house import House

# What a device says it can speak with, and what it was asked to say: a browser under test has no voices of its own.
DEVICE = """
window.__said = []; window.__voices = VOICES
class Says { constructor(text) { this.text = text } }
const device = {
  getVoices: () => window.__voices,
  speak: (says) => window.__said.push({text: says.text, lang: says.lang, voice: says.voice && says.voice.name}),
  cancel: () => { window.__stopped = (window.__stopped || 0) + 1 },
  addEventListener: (_name, heard) => { window.__changed = heard },
}
Object.defineProperty(window, 'speechSynthesis', {value: device})
window.SpeechSynthesisUtterance = Says
"""
GRACE = {"name": "Grace", "lang": "en-GB", "localService": True}
SALMA = {"name": "Salma", "lang": "ar_EG", "localService": True}
FAR = {"name": "On the line", "lang": "en-GB", "localService": False}
DANISH = {"name": "Ida", "lang": "da-DK", "localService": True}
BUTTONS = "main .aloud"


def page_with(arrive: Arrive, house: House, *voices: dict[str, Any]) -> Page:
    """Return Robin's PEP on a page on a device that has these voices."""
    visitor = arrive(house)
    visitor.context.add_init_script(DEVICE.replace("VOICES", json.dumps(voices)))
    visitor.sign_in("secondary_child")
    # Whatever language somebody else read Robin's pages in before.
    visitor.go("/home?lang=en-GB")
    visitor.page.locator("section[aria-labelledby=page] a[href$='/page']").click()
    visitor.page.wait_for_url("**/page")
    return visitor.page


def said(page: Page) -> list[dict[str, str]]:
    found: list[dict[str, str]] = page.evaluate("window.__said")
    return found


def test_a_press_reads_one_passage_by_a_voice_of_the_device(house: House, arrive: Arrive) -> None:
    page = page_with(arrive, house, DANISH, FAR, {**GRACE, "name": "Joan", "lang": "en-US"}, GRACE)
    passage = page.locator("section[aria-labelledby=will] [data-passage]").first
    button = passage.locator(".aloud")
    expect(button).to_have_text("Listen")
    button.click()
    expect(page.locator("#aloud-first")).to_be_visible()
    assert said(page) == [], "a word of warning first"
    button.click()
    expect(button).to_have_text("Stop")
    expect(page.locator("#aloud-first")).to_be_hidden()
    spoken = said(page)
    assert {(one["lang"], one["voice"]) for one in spoken} == {("en-GB", "Grace")}
    assert spoken[0]["text"] == passage.locator("b").inner_text()
    assert all(one["text"] in " ".join(passage.inner_text().split()) for one in spoken)
    button.click()
    expect(button).to_have_text("Listen")
    assert page.evaluate("window.__stopped") > 0 and len(said(page)) == len(spoken)


@pytest.mark.parametrize("voices", [(), (FAR,), (DANISH,)])
def test_without_a_voice_of_the_device_that_speaks_the_language_there_is_no_button(
    house: House, arrive: Arrive, voices: tuple[dict[str, Any], ...]
) -> None:
    page = page_with(arrive, house, *voices)
    expect(page.locator("main [data-passage]").first).to_be_visible()
    expect(page.locator(BUTTONS)).to_have_count(0)


def test_each_part_has_its_own_language_and_a_part_that_cannot_be_read_takes_the_button_away(
    house: House, arrive: Arrive
) -> None:
    page = page_with(arrive, house, GRACE)
    read_in_arabic(page)
    promised = page.locator("section[aria-labelledby=will] [data-passage]").first
    expect(promised.locator("[lang='en-GB']")).to_be_visible()
    expect(promised.locator(".aloud")).to_have_count(0)
    page.evaluate("voice => { window.__voices.push(voice); window.__changed() }", SALMA)
    for _press in range(2):
        promised.locator(".aloud").click()
    assert [(one["lang"], one["voice"]) for one in said(page)] == [("en-GB", "Grace"), ("ar_EG", "Salma")]
