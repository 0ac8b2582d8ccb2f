"""How a benchmark gets into our app: signs a child in and walks to their questions, as they would."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
import requests
from playwright.sync_api import Page, sync_playwright

from bench.load import TAKEN, hidden_fields, in_words
from bench.server import Target
from tools import browser
from tools.demo_house import House, sign_in

CHILD = "secondary_child"
QUESTION = re.compile(r"/voice/[0-9a-f-]{36}/[\w.-]+$")
MAIN_FORM = "main form[method=post]"
MAIN_BUTTON = f"{MAIN_FORM} button:visible:not([type=button]):not(.plain):not(.link):not([aria-hidden])"
SKIP_BUTTON = f"{MAIN_FORM} button[value=skip]"
# The hidden field that says which version of the answer is on show.
COUNTS = "seen"
MOST_PAGES = 60
WORDS = "I like maths and my friends. I would like more time in tests."


def answer_whole_page(page: Page) -> None:
    """Choose the first of every choice and write into every box of the page's form."""
    form = page.locator(MAIN_FORM).first
    names = form.locator("input[type=radio]").evaluate_all("all => [...new Set(all.map(one => one.name))]")
    for name in names:
        if not form.locator(f"input[type=radio][name='{name}']:checked").count():
            form.locator(f"input[type=radio][name='{name}']").first.dispatch_event("click")
    boxes = form.locator("textarea, input[type=text]")
    for index in range(boxes.count()):
        if boxes.nth(index).is_visible():
            boxes.nth(index).fill(WORDS)


def send_form(page: Page) -> None:
    """Press the page's main button."""
    page.locator(MAIN_BUTTON).first.click()


def walk(house: House, wanted: int, child: str = CHILD) -> tuple[list[str], list[dict[str, Any]]]:
    """Sign a child in, skip from question to question until enough were met, and return their addresses and the child's cookies.

    Raises RuntimeError when the walk meets no question.
    """
    met: list[str] = []
    with sync_playwright() as playwright:
        chromium = browser.launch(playwright)
        # Without scripts each page has its own address: the walk that must always work.
        context = chromium.new_context(java_script_enabled=False)
        page = context.new_page()
        sign_in(page, house.base, house.people[child])
        page.goto(f"{house.base}/voice/")
        for _ in range(MOST_PAGES):
            path = urlsplit(page.url).path
            if QUESTION.search(path) and path not in met:
                met.append(path)
            if len(met) >= wanted:
                break
            if page.locator(SKIP_BUTTON).count():
                page.locator(SKIP_BUTTON).first.click()
            elif page.locator(MAIN_BUTTON).count():
                send_form(page)
            elif page.locator("main a[href^='/voice/']").count():
                page.locator("main a[href^='/voice/']").first.click()
            else:
                break
            page.wait_for_load_state()
        cookies = context.cookies()
        where = page.url
        chromium.close()
    if not met:
        raise RuntimeError(f"The walk met no question; it ended at {where}")
    return met, [dict(cookie) for cookie in cookies]


def cookie_header(cookies: Sequence[Mapping[str, Any]]) -> str:
    """Return cookies as a request carries them."""
    return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in cookies)


def answer_fields(html: str) -> dict[str, Any]:
    """Return what a child would send from a question page, in the terms of bench.load: words in every box, choices in turn.

    Hidden fields are left to the load's clients, which take fresh ones.
    """
    fields: dict[str, Any] = {}
    for element in question_form(html):
        name, kind = element.get("name"), (element.get("type") or "").lower()
        if not name or element.tag not in ("input", "textarea"):
            continue
        if kind == "radio":
            fields.setdefault(name, []).append(element.get("value") or "on")
        elif element.tag == "textarea" or kind in ("", "text"):
            fields[name] = WORDS + " {n}"
    choices = {name: {"in_turn": values} for name, values in fields.items() if isinstance(values, list)}
    return {**fields, **choices, "do": "next"}


def question_form(html: str) -> list[Element]:
    """Return every element of the page's own form, outermost first; nothing where it has none."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    forms = [form for form in tree.findall(".//main//form") if (form.get("method") or "").lower() == "post"]
    return list(forms[0].iter()) if forms else []


def taken(house: House, path: str, cookie: str) -> dict[str, Any] | None:
    """Answer one question as a load's client would. Returns what it says there, or None when the house wants something else."""
    headers = {"Cookie": cookie}
    page = requests.get(house.base + path, headers=headers, timeout=10)
    page.raise_for_status()
    fields = answer_fields(page.text)
    said = {**hidden_fields(page.text), **{name: in_words(value, 0) for name, value in fields.items()}}
    answer = requests.post(house.base + path, data=said, headers=headers, timeout=10, allow_redirects=False)
    return fields if answer.status_code in TAKEN else None


def target(name: str, house: House, clients: int) -> Target:
    """Return our app as a target of the load: each client at a question of its own, so that none waits for another's answer.

    Raises RuntimeError when there are fewer questions that take a plain answer than clients.
    """
    paths, cookies = walk(house, 2 * clients)
    header = cookie_header(cookies)
    visitors = []
    for path in paths:
        if fields := taken(house, path, header):
            visitors.append({"path": path, "cookie": header, "fields": fields, "counts": COUNTS})
    if len(visitors) < clients:
        raise RuntimeError(f"Only {len(visitors)} of {len(paths)} questions took a plain answer; {clients} are needed")
    return Target(name, house.base, visitors[:clients], house.pid)
