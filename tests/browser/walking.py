"""A young person's walk through their questions, with their own fingers: what a test does on a question page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.visitors import Visitor

MOST_QUESTIONS = 60
NEXT = ".dock button[value=next]"
BOX = "main :is(textarea, input[type=text])[name=answer]"
CHOICE = "main input[name=answer]"
_QUESTION = re.compile(r"/voice/([0-9a-f-]{36})/([a-z0-9-]+)$")


@dataclass(frozen=True)
class Told:
    """What a young person told: the response, and the words typed, by question."""

    response_id: str
    typed: dict[str, str]
    asked: list[str]


def question_on(page: Page) -> str | None:
    """Return the id of the question on the page, None when it is another page."""
    if not page.locator("input[name=seen]").count():
        return None
    found = _QUESTION.search(page.url.split("?")[0])
    return found.group(2) if found else None


def response_on(page: Page) -> str:
    """Return the id of the response in the page's address."""
    found = re.search(r"/voice/([0-9a-f-]{36})/", page.url)
    assert found, page.url
    return found.group(1)


def read_in_arabic(page: Page) -> None:
    """Choose Arabic from the list of languages on the page."""
    page.locator(".langs summary").click()
    page.locator(".langs a[lang=ar]").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")


def begin(page: Page, *, few: bool = False) -> str:
    """From the list of what is asked, begin the first set that is open and go on to its first question."""
    page.goto("/voice/")
    page.locator("main section.card .button").first.click()
    page.wait_for_url(re.compile(r"/voice/[0-9a-f-]{36}/"))
    if page.locator("label[for=length-long]").count():
        page.locator(f"label[for=length-{'short' if few else 'long'}]").click()
        page.locator(".dock .button").click()
        page.wait_for_url(_QUESTION)
    return response_on(page)


def press_next(page: Page) -> None:
    """Press Next and wait until another page stands there, with or without htmx.

    A tap that comes before anybody can have read the page does nothing, on purpose: then it is pressed again, as a person would.
    """
    before = page.url
    for last in (False, False, False, True):
        page.locator(NEXT).click()
        try:
            page.wait_for_url(lambda url: url != before, timeout=15_000 if last else 3_000)
            break
        except PlaywrightTimeout:
            if last:
                raise
    page.wait_for_load_state("domcontentloaded")


def say(page: Page, words: str) -> str | None:
    """Answer the question on the page: type ``words`` where there is a box (returned), choose the second card elsewhere."""
    if page.locator(BOX).count():
        page.locator(BOX).fill(words)
        return words
    cards = page.locator(CHOICE)
    page.locator(f"label[for='{cards.nth(1).get_attribute('id')}']").click()
    expect(cards.nth(1)).to_be_checked()
    return None


def answer_all(page: Page, words_for: Callable[[str], str]) -> Told:
    """Answer every question until the check page comes, typing what ``words_for`` gives for each."""
    response_id, typed, asked = response_on(page), {}, []
    for _ in range(MOST_QUESTIONS):
        question = question_on(page)
        if question is None:
            break
        asked.append(question)
        words = say(page, words_for(question))
        if words is not None:
            typed[question] = words
        press_next(page)
    expect(page).to_have_url(re.compile(r"/check$"))
    return Told(response_id, typed, asked)


def share(page: Page, response_id: str, question: str, choice: str) -> None:
    """On the check page, choose who may see one answer, and come back."""
    page.locator(f"#a-{question} a[href$='/check/{question}']").click()
    page.wait_for_url(f"**/check/{question}")
    page.locator(f"label[for=share-{choice}]").click()
    page.locator(".dock button").click()
    page.wait_for_url(f"**/voice/{response_id}/check#a-{question}")


def press(page: Page, selector: str) -> None:
    """Press the first such button and wait for the page that it leads to."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def make_a_wish(page: Page, words: str) -> None:
    """Say one thing that should happen, let everybody in the PEP see it, and send it."""
    page.goto("/wishes/new")
    page.locator("main textarea[name=words]").fill(words)
    press(page, ".dock .button")
    expect(page.locator("input[name=share][value=pep]")).to_be_checked()
    press(page, ".dock .button")
    expect(page).to_have_url(re.compile("/home"))


def today() -> date:
    """Return the day that the house has, wherever the test runs."""
    return datetime.now(ZoneInfo("Europe/London")).date()


def meet_today(organiser: Visitor, name: str) -> str:
    """As an organiser, set the day of a young person's meeting to today. Return where the meeting's page is."""
    page = organiser.go("/staff/young-people")
    with page.expect_navigation():
        page.locator("main a", has_text=name).first.click()
    pep = organiser.find_id("/staff/peps/", page.url)
    page.goto(f"/staff/peps/{pep}/meeting/day")
    for part in ("day", "month", "year"):
        page.locator(f"main input[name={part}]").fill(str(getattr(today(), part)))
    page.locator("main input[name=place]").fill("The music room")
    press(page, "main form .button")
    expect(page).to_have_url(re.compile(r"/meeting$"))
    return f"/staff/peps/{pep}/meeting"
