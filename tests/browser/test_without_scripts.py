"""Everything around wishes and meetings without a single script: pages, forms and links; and the child's page on one sheet."""

from __future__ import annotations

import io
import re

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import Arrive
from tests.browser.test_heard_and_answered import CHILD, DECISION, WISH, decide, record_who_was_there
from tests.browser.visitors import Visitor
from tests.browser.walking import make_a_wish, meet_today, press
from tools.demo_house import House


def plain(arrive: Arrive, house: House) -> Visitor:
    """Return somebody whose browser runs no scripts."""
    return arrive(house, java_script_enabled=False)


def test_wishes_and_meetings_work_without_scripts(own_house: House, arrive: Arrive) -> None:
    child, teacher = plain(arrive, own_house), plain(arrive, own_house)
    make_a_wish(child.sign_in("secondary_child"), WISH)
    teacher.sign_in_as_worker("designated_teacher")
    meeting = meet_today(teacher, CHILD)

    asked_and_guests(teacher.go(meeting))
    signal(child.go("/my-meeting"), teacher, meeting)
    expect(teacher.go(f"{meeting}/cards").locator("main")).to_be_visible()
    decide(teacher.go(f"{meeting}/decisions"))
    record_who_was_there(teacher.go(meeting))
    press(teacher.go(f"{meeting}/close"), "main form .button")
    expect(teacher.page.locator("main")).to_contain_text("Closed on")

    press(child.go("/home"), "section[aria-labelledby=page] a[href$='/page']")
    expect(child.page.locator("section[aria-labelledby=will]")).to_contain_text(DECISION)
    feedback(child.go("/voice/"))
    step_and_answer(teacher.go("/staff/wishes"))
    say_no(child.go("/home"))
    expect(teacher.go("/home").locator("main")).to_contain_text("has not helped")


def asked_and_guests(page: Page) -> None:
    """Say who is asked, and add somebody without an account."""
    for coming in page.locator("#coming select").all():
        coming.select_option("yes")
    press(page, "#coming form > div .button")
    expect(page.locator("#coming select").first).to_have_value("yes")
    page.locator("#guests summary").click()
    page.locator("#guests input[name=name]").fill("Amal")
    page.locator("#guests input[name=what]").fill("interpreter")
    press(page, "#guests details form .button")
    expect(page.locator("#guests")).to_contain_text("Amal")


def signal(phone: Page, teacher: Visitor, meeting: str) -> None:
    """Press the silent card; the organiser's page says so when it is opened again."""
    press(phone, "button[name=signal][value=explain]")
    screen = teacher.go(meeting)
    expect(screen.locator("main [role=alert]")).to_contain_text("Explain")
    press(screen, ".signals form button")


def feedback(page: Page) -> None:
    """Say how the meeting was: the first question of two minutes."""
    press(page, "main form:has(input[value=after-meeting]) .button, main a[href*='after-meeting']")
    expect(page.locator("main h1, main legend").first).to_be_visible()


def step_and_answer(page: Page) -> None:
    """As its owner: tick what was promised, and answer."""
    press(page, "main a[href^='/staff/wishes/']:has-text('WISH')")
    press(page, "form[action$='/done'] .button")
    answer = page.locator("section[aria-labelledby=reply]")
    answer.locator("input[name=kind][value=yes]").check(force=True)
    answer.locator("textarea[name=words]").fill("Yes. The key is at the office.")
    with page.expect_navigation():
        answer.locator("form button.button").last.click()
    if page.locator("input[name=anyway]").count():
        with page.expect_navigation():
            page.locator("section[aria-labelledby=reply] form button.button").last.click()
    expect(page.locator("main")).to_contain_text("The key is at the office.")


def say_no(page: Page) -> None:
    """The child says that it did not help."""
    mine = page.locator("section[aria-labelledby=wishes] article.card", has_text="WISH")
    with page.expect_navigation():
        mine.locator("button[name=verdict][value=no]").click()
    expect(page).to_have_url(re.compile("/home"))


def test_a_carers_walk_works_without_scripts(own_house: House, arrive: Arrive) -> None:
    carer = plain(arrive, own_house)
    page = carer.sign_in("carer")
    press(page, "main section.card a[href*='/voice/'], main section.card form[action$='/start'] .button")
    expect(page).to_have_url(re.compile("/voice/"))
    for place in ("/carer/", "/carer/guides/what-is-a-pep", "/staff/wishes", "/mine"):
        expect(carer.go(place).locator("h1")).to_be_visible()
    page.locator("input[name=mobile]").fill("07911 123456")
    press(page, "form[action='/mine/mobile'] .button")
    expect(page.locator("input[name=mobile]")).to_have_value("+447911123456")


def test_the_childs_page_after_a_meeting_is_one_sheet_of_paper(house: House, arrive: Arrive) -> None:
    child = arrive(house)
    child.sign_in("secondary_child")
    for language in ("en-GB", "ar"):
        page = child.go(f"/home?lang={language}")
        page.goto(str(page.locator("section[aria-labelledby=page] a[href$='/page']").first.get_attribute("href")))
        sheet = page.pdf(format="A4", prefer_css_page_size=True)
        assert len(PdfReader(io.BytesIO(sheet)).pages) == 1, language
