"""From finding a drop-in to a ticked next step: by keyboard alone, in Arabic, as a screen reader hears it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from playwright.sync_api import Page, expect

from tests.browser.conftest import Arrive
from tests.browser.test_small_hands import press, tab_to
from tests.browser.visitors import LAPTOP, Visitor
from tests.browser.walking import today
from tools.demo_house import House

YOUNG_PERSON = "post16_young_person"
# A session of the demo with free times on a later day.
TITLE = "CV and job forms, together"
STEP = "I will ask the bakery for a day"
THE_SAME_IN_ARABIC = "سأطلب من المخبز يومًا للتجربة"
I_DID_IT = "أنجزتها"
DONE_ON = "تمت في"
YOU_ARE_BOOKED = "تم حجزك"

_ARABIC = re.compile(r"[\u0600-\u06ff]")
# One line of the accessibility tree, as Playwright writes it: - role "name" [state]. A name with a colon is in quotes of its own.
_LINE = re.compile(r"""^\s*- '?(?P<role>[a-z]+)(?: "(?P<name>.*)")?(?P<states>(?: \[[^\]]*\])*)'?:?(?: .*)?$""")
_LEVEL = re.compile(r"\[level=(\d)\]")
_USED = frozenset({"button", "link", "radio", "checkbox", "textbox", "combobox"})


@dataclass(frozen=True)
class Heard:
    """One thing that a screen reader says: what it is, what it is called, and the level of a heading."""

    role: str
    name: str
    level: int | None


def heard_on(page: Page) -> list[Heard]:
    """Return what a screen reader finds in the main part of a page, in order.

    Holds for each page: it says that it is Arabic and runs from right to left, begins with its one first heading, skips
    no level, says its main headings in Arabic (but the title that staff typed), announces no list with nothing in it, and
    nothing that can be used lacks a name.
    """
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    heard, lines = [], page.locator("main").aria_snapshot().splitlines()
    assert not any(line.strip() == "- list" for line in lines), f"a list with nothing in it on {page.url}"
    for line in lines:
        if found := _LINE.match(line):
            level = _LEVEL.search(found["states"])
            heard.append(Heard(found["role"], found["name"] or "", int(level.group(1)) if level else None))
    levels = [one.level for one in heard if one.level]
    assert levels[0] == 1 and levels.count(1) == 1, levels
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    all_in_arabic([one.name for one in heard if one.level in (1, 2) and one.name != TITLE])
    nameless = [one for one in heard if one.role in _USED and not one.name.strip()]
    assert not nameless, f"{nameless} on {page.url}"
    return heard


def named(heard: list[Heard], role: str) -> list[str]:
    """Return the names of all things of one role."""
    return [one.name for one in heard if one.role == role]


def all_in_arabic(names: list[str]) -> None:
    """Some things are there, and each is called something in Arabic."""
    assert names
    assert all(_ARABIC.search(name) for name in names), names


def find_by_keyboard(page: Page) -> None:
    """From the open list, past what stands on every page, to a session with free times."""
    page.goto("/dropins/?lang=ar")
    heard = heard_on(page)
    assert TITLE in named(heard, "heading") and TITLE in named(heard, "link")
    assert "تحدث إلى شخص عن خطوتك التالية" in named(heard, "heading")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#main", "the first stop leads past the top of the page"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    session = page.locator("main article h3 a", has_text=TITLE).first.get_attribute("href")
    press(page, f"main a[href='{session}']")
    heard_on(page)
    press(page, f"main a[href='{session}/book']")


def book_by_keyboard(page: Page) -> None:
    """A time, what about, yes: with what may help opened and one choice made with the arrows."""
    all_in_arabic(named(heard_on(page), "link"))
    press(page, "main .times a")
    for about in ("find_job", "cv"):
        tab_to(page, f"#purpose-{about}")
        page.keyboard.press("Space")
        expect(page.locator(f"#purpose-{about}")).to_be_checked()
    tab_to(page, "main details:has([name=interpreter]) > summary")
    page.keyboard.press("Enter")
    tab_to(page, "main [name=brings]")
    page.keyboard.press("Space")
    chosen = page.locator("main [name=brings]:checked").get_attribute("value")
    page.keyboard.press("ArrowDown")
    expect(page.locator("main [name=brings]:checked")).not_to_have_value(str(chosen))
    heard = heard_on(page)
    for role in ("checkbox", "radio", "textbox", "combobox", "button"):
        all_in_arabic(named(heard, role))
    press(page, ".dock .button")
    expect(page).to_have_url(re.compile("/my-bookings/[0-9a-f-]{36}$"))
    expect(page.locator("h1")).to_have_text(YOU_ARE_BOOKED)
    heard_on(page)


def meet(worker: Visitor, name: str) -> str:
    """As the adviser of the session that runs now: they are here; write down one step with them. Return where their ladder is."""
    page = worker.go("/staff/dropins/today")
    theirs = page.locator("main li.card", has_text=name)
    theirs.locator("form[action$='/here'] .button").click()
    theirs.locator("form[action$='/visit'] .button").first.click()
    page.wait_for_url("**/staff/dropins/visits/**")
    assert page.locator("main [name=purposes]:checked").count(), "what they came for is chosen already"
    page.locator("main label[for=eet_now-work]").click()
    page.locator("#talked").fill("You want to try work in a bakery.")
    page.locator("#step1_words").fill(STEP)
    page.locator("#step1_other").fill(THE_SAME_IN_ARABIC)
    page.locator("#step1_owner").select_option("me")
    page.locator("#step1_due").fill((today() + timedelta(days=1)).isoformat())
    bakery = page.locator("#step1_linked option[value*='demo-bakery-days']").first.get_attribute("value")
    page.locator("#step1_linked").select_option(bakery)
    page.locator("main form.turned > p .button").click()
    agreed = page.locator("main article.sheet-of-one")
    expect(agreed).to_contain_text(STEP)
    return str(page.locator("main a[href$='/dropins'][href*='/staff/young-people/']").get_attribute("href"))


def tick_by_keyboard(page: Page) -> None:
    """The step is there in Arabic and can be ticked; then it reads as done and nobody is asked for it again."""
    page.goto("/my-steps")
    heard = heard_on(page)
    all_in_arabic(named(heard, "button") + named(heard, "link"))
    assert I_DID_IT in named(heard, "button")
    assert THE_SAME_IN_ARABIC in named(heard, "group"), "the buttons say of which step they are"
    step = page.locator("#steps li.rung", has_text=THE_SAME_IN_ARABIC)
    expect(step.locator(".words")).to_have_attribute("lang", "ar")
    form = step.locator("form", has=page.locator("button[value=done]")).get_attribute("action")
    press(page, f"form[action='{form}'] button[value=done]")
    step = page.locator("#steps li.rung", has_text=THE_SAME_IN_ARABIC)
    expect(step).to_contain_text(DONE_ON)
    expect(step.locator("button[value=done]")).to_have_count(0)
    all_in_arabic(named(heard_on(page), "button"))


def test_a_young_person_finds_a_drop_in_and_ticks_the_step_it_led_to_by_keyboard_in_arabic(
    own_house: House, arrive: Arrive
) -> None:
    linnet = arrive(own_house)
    page = linnet.sign_in(YOUNG_PERSON)
    find_by_keyboard(page)
    book_by_keyboard(page)

    adviser = arrive(own_house, viewport=LAPTOP)
    adviser.sign_in_as_worker("virtual_school")
    ladder = meet(adviser, own_house.people[YOUNG_PERSON]["name"])

    tick_by_keyboard(page)

    theirs = adviser.go(ladder).locator("main li.rung, main li", has_text=STEP).first
    expect(theirs).to_contain_text("Done")
    expect(theirs.locator("form")).to_have_count(0)
