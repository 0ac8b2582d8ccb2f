"""How a benchmark gets into our app: signs a child in and walks to their questions, as they would."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import html5lib
import requests
from playwright.sync_api import Page, sync_playwright

from bench.server import Target
from tools import browser
from tools.demo_house import House, sign_in

CHILD = "secondary_child"
QUESTION = re.compile(r"/voice/[0-9a-f-]{36}/[\w.-]+$")
MAIN_FORM = "main form[method=post]"
MAIN_BUTTON = f"{MAIN_FORM} button:not([type=button])"
MOST_PAGES = 40
WORDS = "I like maths and my friends. I would like more time in tests."


def answer_whole_page(page: Page) -> None:
    """Choose the first of every choice and write into every box of the page's form."""
    form = page.locator(MAIN_FORM).first
    names = form.locator("input[type=radio]").evaluate_all("all => [...new Set(all.map(one => one.name))]")
    for name in names:
        if not form.locator(f"input[type=radio][name='{name}']:checked").count():
            form.locator(f"input[type=radio][name='{name}']").first.check(force=True)
    boxes = form.locator("textarea, input[type=text]")
    for index in range(boxes.count()):
        if boxes.nth(index).is_visible():
            boxes.nth(index).fill(WORDS)


def send_form(page: Page) -> None:
    """Press the page's main button."""
    page.locator(MAIN_BUTTON).first.click()


def walk(house: House, wanted: int, child: str = CHILD) -> tuple[list[str], list[dict[str, Any]]]:
    """Sign a child in, answer pages until enough questions were met, and return their addresses and the child's cookies.

    Raises RuntimeError when the walk meets no question.
    """
    met: list[str] = []
    with sync_playwright() as playwright:
        chromium = browser.launch(playwright)
        # Without scripts each page has its own address, and the walk is the one that must always work.
        context = chromium.new_context(java_script_enabled=True)
        page = context.new_page()
        sign_in(page, house.base, house.people[child])
        page.goto(f"{house.base}/voice/")
        for _ in range(MOST_PAGES):
            path = urlsplit(page.url).path
            if QUESTION.search(path) and path not in met:
                met.append(path)
            if len(met) >= wanted:
                break
            if page.locator(MAIN_BUTTON).count():
                answer_whole_page(page)
                send_form(page)
            elif page.locator("main a[href^='/voice/']").count():
                page.locator("main a[href^='/voice/']").first.click()
            else:
                break
            page.wait_for_load_state("networkidle")
        cookies = context.cookies()
        where = page.url
        chromium.close()
    if not met:
        raise RuntimeError(f"The walk met no question; it ended at {where}")
    return met, [dict(cookie) for cookie in cookies]


def cookie_header(cookies: Sequence[Mapping[str, Any]]) -> str:
    """Return cookies as a request carries them."""
    return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in cookies)


def answer_fields(html: str) -> dict[str, str]:
    """Return what a child would send from a question page: a choice of every group, words in every box, and the main button.

    Hidden fields are left to the load's clients, which take fresh ones.
    """
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    fields: dict[str, str] = {}
    for form in tree.findall(".//main//form"):
        if (form.get("method") or "").lower() != "post":
            continue
        for element in form.iter():
            name, kind = element.get("name"), (element.get("type") or "").lower()
            if not name:
                continue
            if (
                element.tag == "input"
                and kind == "radio"
                and (name not in fields or element.get("checked") is not None)
            ):
                fields[name] = element.get("value") or "on"
            elif element.tag == "textarea" or (element.tag == "input" and kind in ("", "text")):
                fields[name] = WORDS + " {n}"
            elif element.tag == "button" and kind != "button" and not any(key.startswith("\0") for key in fields):
                fields["\0" + name] = element.get("value") or ""
        break
    return {name.lstrip("\0"): value for name, value in fields.items()}


def target(name: str, house: House, clients: int) -> Target:
    """Return our app as a target of the load: each client at a question of its own, so that none waits for another's answer."""
    paths, cookies = walk(house, clients)
    header = cookie_header(cookies)
    asked = requests.Session()
    visitors = []
    for index in range(clients):
        path = paths[index % len(paths)]
        page = asked.get(house.base + path, headers={"Cookie": header}, timeout=10)
        page.raise_for_status()
        visitors.append({"path": path, "cookie": header, "fields": answer_fields(page.text), "counts": "version"})
    return Target(name, house.base, visitors, house.pid)
