"""The main walk: a child's words, from a phone to the record, the paper and the feed, and nothing that they kept."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from app.questions.library import library
from tests.browser.conftest import Arrive
from tests.browser.looking_in import feed, in_section, open_record
from tests.browser.walking import Told, answer_all, begin, read_in_arabic, share
from tools.demo_house import House

KEPT = "sec-anything"
NOT_SCHOOL = {"long": "sec-trusted-want", "short": "sec-goal"}
ARABIC = re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]")
TEACHER, SOCIAL_WORKER = "Ms Alder", "Mr Birch"


def words_for(question: str) -> str:
    """Arabic words with a Latin mark that can be found again on paper, where letters are joined and turned."""
    return f"هذه كلماتي أنا «{mark(question)}» وأريد أن تبقى كما هي"


def mark(question: str) -> str:
    return "Q" + question.replace("-", "").upper()


def keep_two(page: Page, told: Told, private: str) -> None:
    """Say of every answer that waits for it who may see it: one nobody, one not the school, the rest everybody."""
    share(page, told.response_id, KEPT, "unsent")
    share(page, told.response_id, private, "not-school")
    for question in told.asked:
        if page.locator(f"#a-{question} .sharing b").count():
            share(page, told.response_id, question, "pep")


def preview(page: Page, name: str) -> str:
    """Return what the page says that one adult will see, and come back."""
    page.get_by_role("link", name=name).click()
    expect(page).to_have_url(re.compile("/seen-by/"))
    text = page.locator("main").inner_text()
    page.locator(".way a").click()
    return text


def paper(page: Page) -> str:
    """Return the text of the record's PDF, fetched by the browser that shows the record."""
    answer = page.request.get(page.url.split("?")[0] + "/record.pdf", timeout=60_000)
    assert answer.ok, answer.status
    return "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.body())).pages)


@pytest.mark.parametrize("length", ["long", "short"], ids=["everything, with scripts", "just a few, without scripts"])
def test_a_childs_words_reach_the_record_the_paper_and_the_feed_and_what_they_kept_does_not(
    own_house: House, arrive: Arrive, length: str
) -> None:
    private = NOT_SCHOOL[length]
    child = arrive(own_house, java_script_enabled=length == "long")
    page = child.sign_in("secondary_child")
    read_in_arabic(page)
    begin(page, few=length == "short")
    told = answer_all(page, words_for)
    assert {KEPT, private} <= set(told.typed)
    keep_two(page, told, private)

    seen_by_teacher, seen_by_social_worker = preview(page, TEACHER), preview(page, SOCIAL_WORKER)
    for question in told.typed:
        assert (mark(question) in seen_by_teacher) == (question not in (KEPT, private)), question
        assert (mark(question) in seen_by_social_worker) == (question != KEPT), question

    page.locator(".dock button").click()
    expect(page).to_have_url(re.compile("/sent$"))
    expect(page.get_by_text(TEACHER)).to_be_visible()

    teacher = arrive(own_house)
    teacher.sign_in_as_worker("designated_teacher")
    check_record(open_record(teacher, "Robin"), told, hidden={KEPT, private})

    social_worker = arrive(own_house)
    social_worker.sign_in("social_worker")
    check_record(open_record(social_worker, "Robin"), told, hidden={KEPT})

    check_feed(feed(social_worker.context, own_house.people["epep_client"]), told, private)


def check_record(page: Page, told: Told, hidden: set[str]) -> None:
    """The words stand unretyped in the sections where they belong, on the page and on paper, and the hidden ones nowhere."""
    questions = library().latest("secondary")
    on_paper = paper(page)
    for question in told.typed:
        if question in hidden:
            assert mark(question) not in page.content()
            assert mark(question) not in on_paper
        else:
            assert words_for(question) in in_section(page, questions.question(question).section), question
            assert mark(question) in on_paper, question
    assert len(ARABIC.findall(on_paper)) > 20 * len(set(told.typed) - hidden)


def check_feed(records: list[dict[str, Any]], told: Told, private: str) -> None:
    """The platform gets the same words; what not everybody may see comes with who must not."""
    fed = {one["answer"]["text_original"]: one for one in records if one["answer"] and "text_original" in one["answer"]}
    for question in told.typed:
        assert (words_for(question) in fed) == (question != KEPT), question
    kept_from_school = fed[words_for(private)]["sharing"]
    assert kept_from_school["choice"] == "not-school"
    assert kept_from_school["hide_from"]
    open_to_all = next(one for one in told.typed if one not in (KEPT, private))
    assert "hide_from" not in fed[words_for(open_to_all)]["sharing"]
