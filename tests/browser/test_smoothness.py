"""With scripts the walk is smoother, and never less safe: focus, titles, history, two taps, two tabs, bad lines."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Arrive
from tests.browser.visitors import Visitor
from tests.browser.walking import BOX, NEXT, begin, press_next, question_on, say
from tools.demo_house import House

CHILD = "post16_young_person"
BOXED = "p16-proud"
SLOW = {"offline": False, "downloadThroughput": 50_000, "uploadThroughput": 50_000, "latency": 4_600}
FAST = {"offline": False, "downloadThroughput": -1, "uploadThroughput": -1, "latency": 0}


@pytest.fixture
def visitor(house: House, arrive: Arrive) -> Visitor:
    """A young person who has begun their questions and stands before one with a box to type in."""
    visitor = arrive(house, offline=True)
    visitor.sign_in(CHILD)
    # Another test may have left them reading another language.
    visitor.go("/home?lang=en-GB")
    response_id = begin(visitor.page)
    visitor.go(f"/voice/{response_id}/{BOXED}")
    return visitor


def loads_of(page: Page) -> int:
    """Return when the document on the page was made; a page load makes another one."""
    return int(page.evaluate("performance.timeOrigin * 1000"))


def answers_in(house: House) -> int:
    """Return how many answers are on the disk."""
    with closing(sqlite3.connect(house.folder / "pepvoice.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM answer").fetchone()[0])


def test_the_next_question_comes_without_a_page_load_with_the_focus_on_its_heading(visitor: Visitor) -> None:
    page = visitor.page
    born, first, heading = loads_of(page), question_on(page), page.locator("h1").inner_text()
    say(page, "Growing tomatoes.")
    press_next(page)
    expect(page.locator("h1")).to_be_focused()
    assert question_on(page) != first
    assert loads_of(page) == born
    assert page.locator("h1").inner_text() != heading
    assert page.locator("h1").inner_text() not in page.title(), "a title stands in the history: it tells no question"
    expect(page.locator("#said")).to_have_text(page.title())
    assert page.evaluate("scrollY") == 0


def test_a_refresh_keeps_the_place_and_the_words(visitor: Visitor) -> None:
    page = visitor.page
    question = question_on(page)
    say(page, "Kept over a refresh.")
    press_next(page)
    there = page.url
    page.reload()
    assert page.url == there
    page.locator("button[value=back]:visible").click()
    page.wait_for_url(f"**/{question}")
    expect(page.locator(BOX)).to_have_value("Kept over a refresh.")


def test_the_browsers_back_button_leaves_the_questions_and_coming_forward_shows_what_was_kept(visitor: Visitor) -> None:
    page = visitor.page
    say(page, "Said before going back.")
    press_next(page)
    there, asked = page.url, page.locator("h1").inner_text()
    page.go_back()
    expect(page.locator("h1")).to_be_visible()
    assert question_on(page) is None, "a form leaves one entry in the history, so that leaving leaves little behind"
    page.go_forward()
    page.wait_for_url(there)
    expect(page.locator("h1")).to_have_text(asked)


def test_two_quick_taps_make_one_answer_and_do_not_run_through_the_next_question(visitor: Visitor) -> None:
    page, before = visitor.page, answers_in(visitor.house)
    question = question_on(page)
    fresh = not page.locator(".kept").count()
    say(page, "Tapped twice.")
    page.locator(NEXT).dblclick(delay=40)
    page.wait_for_url(lambda url: not url.endswith(f"/{question}"))
    expect(page.locator("h1")).to_be_focused()
    second = question_on(page)
    page.locator(NEXT).click(delay=20)  # an impatient third tap, before the eye has seen the new page
    assert question_on(page) == second
    assert answers_in(visitor.house) == before + fresh


def test_two_tabs_show_the_newer_answer_and_keep_both(visitor: Visitor) -> None:
    one = visitor.page
    other = visitor.context.new_page()
    other.goto(one.url)
    question = question_on(one)
    say(other, "From the other tab.")
    press_next(other)
    say(one, "From this tab.")
    one.locator(NEXT).click()
    expect(one.locator(".notice.news")).to_contain_text("From the other tab.")
    assert question_on(one) == question
    expect(one.locator(BOX)).to_have_value("From this tab.")
    press_next(one)
    one.goto(f"{one.url.rsplit('/', 1)[0]}/{question}")
    expect(one.locator(BOX)).to_have_value("From this tab.")


def test_a_slow_line_is_said_and_loses_nothing(visitor: Visitor) -> None:
    page = visitor.page
    line = visitor.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    question = question_on(page)
    say(page, "Typed on a slow bus.")
    page.locator(NEXT).click()
    expect(page.locator("#net")).to_be_visible()
    expect(page.locator("#net")).to_contain_text("still here")
    expect(page.locator(BOX)).to_have_value("Typed on a slow bus.")
    line.send("Network.emulateNetworkConditions", FAST)
    page.wait_for_url(lambda url: not url.endswith(f"/{question}"))
    expect(page.locator("#net")).to_be_hidden()
    page.locator("button[value=back]:visible").click()
    page.wait_for_url(f"**/{question}")
    expect(page.locator(BOX)).to_have_value("Typed on a slow bus.")


def test_when_the_house_does_not_answer_the_words_stay_and_it_is_said_plainly(visitor: Visitor) -> None:
    page = visitor.page
    question = question_on(page)
    say(page, "Typed in a tunnel.")

    def gone(route: Route) -> None:
        route.abort("connectionrefused")

    page.route("**/voice/**", gone)
    page.locator(NEXT).click()
    expect(page.locator("#net")).to_contain_text("No internet right now. What you wrote is still here.")
    expect(page.locator(BOX)).to_have_value("Typed in a tunnel.")
    page.unroute("**/voice/**", gone)
    press_next(page)
    expect(page.locator("#net")).to_be_hidden()
    page.goto(re.sub(r"/[a-z0-9-]+$", f"/{question}", page.url))
    expect(page.locator(BOX)).to_have_value("Typed in a tunnel.")


def test_when_something_breaks_on_our_side_the_words_stay_on_the_page(visitor: Visitor) -> None:
    page = visitor.page
    say(page, "Typed while it broke.")
    page.route("**/voice/**", lambda route: route.fulfill(status=503, content_type="text/html", body="<h1>Busy</h1>"))
    page.locator(NEXT).click()
    expect(page.locator("#net")).to_be_visible()
    expect(page.locator(BOX)).to_have_value("Typed while it broke.")
