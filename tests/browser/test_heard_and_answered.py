"""Heard, and answered: one child's wish from their phone through the meeting to 'it helped', and their carer's words beside."""

from __future__ import annotations

import json
import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from app.questions.library import library
from tests.browser.conftest import Arrive
from tests.browser.counting import Counted
from tests.browser.looking_in import feed, open_record
from tests.browser.visitors import Visitor
from tests.browser.walking import (
    Told,
    answer_all,
    begin,
    make_a_wish,
    meet_today,
    press,
    question_on,
    read_in_arabic,
    response_on,
    share,
    today,
)
from tools.demo_house import House

KEPT = "sec-anything"
CHILD, TEACHER = "Robin", "Ms Alder"
WISH = "أريد مفتاح غرفة الموسيقى «WISH» في الاستراحة"
DECISION = "You get a key for the music room. Ask at the office."
DECISION_IN_ARABIC = "تحصل على مفتاح غرفة الموسيقى. اسأل في المكتب."
LINE, LINE_IN_ARABIC = "keep this in mind and ask you again.", "نتذكر هذا ونسألك مرة أخرى."
ANSWER = "Yes. The key is at the office from Monday."
ANSWER_IN_ARABIC = "نعم. المفتاح في المكتب من يوم الاثنين."
SIGNAL_WITHIN = 2_000
# Everybody in the room reads the screen with the cards, so it does not say what the child asked for; the organiser's page does.
IN_THE_ROOM, FOR_THE_ORGANISER = "Let us pause for a moment", "Explain"
HALF_TYPED = "Half a sentence that somebody is typ"
HELPED = "ساعد"


def mine(question: str) -> str:
    """Arabic words of the child, with a mark that can be found again."""
    return f"هذه كلماتي أنا «C{mark(question)}»"


def from_home(question: str) -> str:
    """Words of the carer, with a mark of their own."""
    return f"What I see at home: H{mark(question)}"


def mark(question: str) -> str:
    return question.replace("-", "").upper()


def test_a_child_is_heard_and_answered_and_says_that_it_helped(own_house: House, arrive: Arrive) -> None:
    counted, head = Counted(own_house), arrive(own_house)
    counted.unheard(CHILD)
    head.sign_in_as_worker("virtual_school")
    assert CHILD in silent(head)
    child, told = child_speaks(arrive(own_house))
    counted.grew(V1=(1, 0), V2=(1, 1))
    assert CHILD not in silent(head)
    shared = [question for question in told.typed if question != KEPT]
    assert shared and KEPT in told.typed
    carer, at_home = carer_speaks(arrive(own_house))
    counted.grew(V9=(1, 0), home_informed=(0, 1))

    teacher = arrive(own_house)
    teacher.sign_in_as_worker("designated_teacher")
    record = open_record(teacher, CHILD).url
    record_holds(teacher.page, shared, at_home)
    feed_holds(carer, own_house, shared)
    counted.grew(looked_in_time=(1, 1))

    meeting = meet_today(teacher, CHILD)
    counted.grew(V2=(-1, 0))
    cards_show(teacher.go(f"{meeting}/cards"), shared)
    silent_card(child.page, teacher.go(f"{meeting}/cards"), "too-fast", IN_THE_ROOM)
    silent_card(child.page, teacher.go(meeting), "explain", FOR_THE_ORGANISER)
    silent_card_while_typing(child.page, teacher.go(f"{meeting}/decisions"))
    decide(teacher.go(f"{meeting}/decisions"))
    record_holds(teacher.go(record), shared, at_home)
    expect(teacher.page.locator("main")).to_contain_text(TEACHER)
    feed_holds(carer, own_house, shared)
    answer_each_section(teacher, f"{meeting}/decisions")
    record_who_was_there(teacher.go(meeting))
    counted.grew()
    press(teacher.go(f"{meeting}/close"), "main form .button")
    expect(teacher.page.locator("main")).to_contain_text("Closed on")

    counted.grew(V4=(1, 1), V5=(1, 1), carers_there=(1, 1))
    page_is_right(child.go("/home"), shared)
    say_how_it_was(child.go("/voice/"))
    counted.grew(V6=(1, 1), V7=(1, 1), V7_say=(0, 1))
    answer_the_wish(teacher.go("/staff/wishes"))
    counted.grew(by_its_day=(1, 1))
    say_that_it_helped(child.go("/home"))

    teacher.go(record)
    record_holds(teacher.page, shared, at_home)
    expect(teacher.page.locator("main")).to_contain_text("They say: it helped")
    feed_holds(carer, own_house, shared)
    counted.grew()
    assert CHILD not in silent(head)


def silent(head: Visitor) -> list[str]:
    """Return who is on the Virtual School's list of those who were not heard this term."""
    return head.go("/staff/nobody-silent").locator("main bdi").all_inner_texts()


def child_speaks(child: Visitor) -> tuple[Visitor, Told]:
    """In Arabic: answer a few questions, keep one, share the rest, send, and say one wish."""
    page = child.sign_in("secondary_child")
    read_in_arabic(page)
    begin(page, few=True)
    told = answer_all(page, mine)
    share(page, told.response_id, KEPT, "unsent")
    for question in told.asked:
        if page.locator(f"#a-{question} .sharing b").count():
            share(page, told.response_id, question, "pep")
    page.locator(".dock button").click()
    expect(page).to_have_url(re.compile("/sent$"))
    make_a_wish(page, WISH)
    expect(page.locator("main article.card", has_text=WISH).locator(".trail")).to_have_count(1)
    expect(page.locator("main")).to_contain_text(WISH)
    return child, told


def carer_speaks(carer: Visitor) -> tuple[Visitor, list[str]]:
    """By their link: answer what is asked of the carer about the child, and send it. Return the questions answered in words."""
    page = carer.sign_in("carer")
    home = page.locator("main section.card", has=page.get_by_role("heading", name=CHILD, exact=True))
    assert "WISH" not in page.content()
    with page.expect_navigation():
        home.locator("a[href*='/voice/']").click()
    response = response_on(page)
    page.goto(f"/voice/{response}/car-known")
    told = answer_all(page, from_home)
    # A tap that comes before anybody can have read the page does nothing: they look at it afresh.
    page.goto(f"/voice/{response}/check")
    waiting = [one for one in told.typed if page.locator(f"#a-{one} .sharing b").count()]
    page.locator(".dock button").click()
    expect(page).to_have_url(re.compile("/sent$"))
    expect(page.locator("main")).to_contain_text(TEACHER)
    return carer, [one for one in told.typed if one not in waiting]


def record_holds(page: Page, shared: list[str], at_home: list[str]) -> None:
    """The record shows both voices, each as what it is, and the wish; and nothing that was kept."""
    expect(page.locator("main.record")).to_be_visible()
    said = page.content()
    assert WISH in page.locator("main").inner_text()
    assert f"C{mark(KEPT)}" not in said
    for question in shared:
        assert mine(question) in said, question
    beside = "\n".join(page.locator("main .at-home").all_inner_texts())
    for question in at_home:
        assert from_home(question) in beside, question
    assert "هذه كلماتي" not in beside


def feed_holds(anybody: Visitor, house: House, shared: list[str]) -> None:
    """The platform gets the child's words, each for its section and as they are shared, and none of the carer's.

    A wish is no record of the feed: its format has none for it (measures 5.2). How a meeting was is no section of a PEP.
    """
    records = feed(anybody.context, house.people["epep_client"])
    answered = [one for one in records if one["record_type"] == "voice_answer" and one.get("answer")]
    fed = {one["answer"].get("text_original"): one for one in answered}
    bank = library().latest("secondary")
    for question in shared:
        record = fed[mine(question)]
        assert (record["question_id"], record["pep_section"]) == (question, bank.question(question).section)
        assert record["sharing"]["choice"] == "pep" and "hide_from" not in record["sharing"]
        by = record["by_whom"]
        assert (by["role"], by["how"], by["method"], by["helped_by_role"]) == ("young_person", "self", "typed", None)
        assert (record["answer"]["language_original"], record["action"]) == ("ar", "create")
    whole = json.dumps(records, ensure_ascii=False)
    for other in (f"C{mark(KEPT)}", "What I see at home", WISH, "meeting-feedback"):
        assert other not in whole, other


def cards_show(page: Page, shared: list[str]) -> None:
    """Turn the cards of the room to the last: everything that was shared with all, nothing that was kept or said by others."""
    shown = page.locator("main").inner_text()
    while page.locator("a[rel=next]").count():
        press(page, "a[rel=next]")
        assert f"C{mark(KEPT)}" not in page.content()
        shown += page.locator("main").inner_text()
    for question in shared:
        assert mine(question) in shown, question
    assert "What I see at home" not in shown


def silent_card(phone: Page, screen: Page, signal: str, words: str) -> None:
    """The child taps their card: the organiser's screen, already open, says so in time; then the child sees that it was seen."""
    alert = screen.locator("main [role=alert]")
    expect(alert).to_have_count(0)
    phone.goto("/my-meeting")
    # From the tap itself: the phone's own next page is not waited for.
    phone.locator(f"button[name=signal][value={signal}]").click(no_wait_after=True)
    expect(alert).to_contain_text(words, timeout=SIGNAL_WITHIN)
    expect(phone.locator("#card .notice.news")).to_be_visible()
    screen.locator(".signals form button").click()
    expect(alert).to_have_count(0)
    phone.goto("/my-meeting")
    expect(phone.locator("#card .notice.saved")).to_be_visible()


def silent_card_while_typing(phone: Page, screen: Page) -> None:
    """It comes up in sight of somebody who types far down the page, and nothing about it touches what they type."""
    others = screen.locator("section[aria-labelledby=others] details")
    others.locator("summary").click()
    box = others.locator("textarea[name=words]")
    box.fill(HALF_TYPED)
    silent_card(phone, screen, "stop", "Stop")
    expect(box).to_have_value(HALF_TYPED)
    phone.locator("button[name=signal][value=too-fast]").click(no_wait_after=True)
    expect(screen.locator(".signal")).to_be_in_viewport()
    expect(box).to_have_value(HALF_TYPED)
    screen.locator(".signals form button").click()
    expect(screen.locator(".signal")).to_have_count(0)


def decide(page: Page) -> None:
    """Type what will be done beside the wish: who does it, and by when."""
    # The child has other wishes from earlier terms: this is the one they said today.
    wished = page.locator("section[aria-labelledby=wished] details", has_text=WISH)
    expect(wished).to_have_count(1)
    wished.locator("summary").first.click()
    wished.locator("textarea[name=words]").first.fill(DECISION)
    owner = wished.locator("select[name=owner]").first
    owner.select_option(owner.locator("option", has_text=TEACHER).get_attribute("value"))
    by = today() + timedelta(days=14)
    for part in ("day", "month", "year"):
        wished.locator(f"input[name={part}]").first.fill(str(getattr(by, part)))
    # A child who reads English has no box for another language.
    for other in wished.locator("textarea[name=other]").all()[:1]:
        other.fill(DECISION_IN_ARABIC)
    with page.expect_navigation():
        wished.locator("form button").first.click()
    expect(page.locator("main")).to_contain_text(DECISION)


def answer_each_section(teacher: Visitor, decisions: str) -> None:
    """Write the line that answers each section, in the child's language too: without them the meeting cannot be closed."""
    page = teacher.go(decisions)
    for line in [one.get_attribute("id") for one in page.locator(".line").all()]:
        form = page.locator(f"#{line} details[open] form:has(select)")
        form.locator("textarea[name=words]").fill(LINE)
        form.locator("textarea[name=other]").fill(LINE_IN_ARABIC)
        with page.expect_navigation():
            form.locator("button").click()
        expect(page.locator(f"#{line}")).to_contain_text(LINE_IN_ARABIC)


def record_who_was_there(page: Page) -> None:
    """Everybody came in person, and the child said it themselves."""
    page.locator("#took-part").select_option("in-person")
    page.locator("#voice-by").select_option("self")
    for came in page.locator("select[name^=came-]").all():
        came.select_option("in-person")
    with page.expect_navigation():
        page.locator("#there form > div .button").click()
    expect(page.locator("#took-part")).to_have_value("in-person")
    expect(page.locator("select[name^=came-]").first).to_have_value("in-person")


def page_is_right(page: Page, shared: list[str]) -> None:
    """The child reads their PEP on a page, in their language: what was heard, what will be done, by whom."""
    press(page, "section[aria-labelledby=page] a[href$='/page']")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    heard, will = (page.locator(f"section[aria-labelledby={name}]").inner_text() for name in ("heard", "will"))
    assert any(mine(question) in heard for question in shared)
    assert DECISION_IN_ARABIC in will and LINE_IN_ARABIC in heard, "the child reads it in their own language"
    assert will.index(WISH) < will.index(DECISION_IN_ARABIC)
    assert TEACHER in will
    assert DECISION not in page.content() and LINE not in page.content()
    assert f"C{mark(KEPT)}" not in page.content()
    assert "What I see at home" not in page.content()


def say_how_it_was(page: Page) -> None:
    """Two minutes of feedback: the second answer to each question, some words where there is a box, and send it."""
    press(page, "main form:has(input[value=after-meeting]) .button")
    if question_on(page) is None:
        press(page, ".dock .button")
    told = answer_all(page, mine)
    # A tap that comes before anybody can have read the page does nothing: they look at it afresh.
    page.goto(f"/voice/{told.response_id}/check")
    page.locator(".dock button").click()
    expect(page).to_have_url(re.compile("/sent$"))


def answer_the_wish(page: Page) -> None:
    """As its owner, answer yes in plain English, with the same in Arabic as an interpreter put it."""
    with page.expect_navigation():
        page.locator("main a[href^='/staff/wishes/']", has_text="WISH").click()
    expect(page.locator("main .facts")).to_contain_text(TEACHER)
    answer = page.locator("section[aria-labelledby=reply]")
    answer.locator("label[for=kind-yes]").click()
    answer.locator("textarea[name=words]").fill(ANSWER)
    answer.locator("textarea[name=other]").fill(ANSWER_IN_ARABIC)
    with page.expect_navigation():
        answer.locator("form button.button").last.click()
    expect(page.locator("main")).to_contain_text(ANSWER)


def say_that_it_helped(page: Page) -> None:
    """The child reads the answer on their own page, and they alone say that it helped."""
    wishes = page.locator("section[aria-labelledby=wishes]")
    expect(wishes).to_contain_text(WISH)
    expect(wishes).to_contain_text(DECISION_IN_ARABIC)
    expect(wishes).to_contain_text(ANSWER_IN_ARABIC)
    assert ANSWER not in wishes.inner_text(), "the child reads it in their own language"
    mine_today = wishes.locator("article.card", has_text=WISH)
    with page.expect_navigation():
        mine_today.locator("button[name=verdict][value=helped]").click()
    wishes.locator("summary").first.click()
    expect(mine_today.locator(".trail li.done").last).to_contain_text(HELPED)
