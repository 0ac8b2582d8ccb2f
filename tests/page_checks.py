"""What must hold on every page we send, checked by the test client each time a test looks at one."""

from __future__ import annotations

import contextvars
import re
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_NEUTRAL = re.compile(r"<[^>]+>")


class PageProblem(AssertionError):
    """A page broke one of the rules."""


class CheckingClient(FlaskClient):
    """A client that parses every HTML answer. ``unchecked=True`` on a call opts out, in that test only."""

    def open(self, *args: Any, unchecked: bool = False, **kwargs: Any) -> TestResponse:
        """Make the request and check the page that comes back."""
        # In an empty context, as on a server: else a request would borrow the test's own `g` and database session.
        response = contextvars.Context().run(super().open, *args, **kwargs)
        moved = 300 <= response.status_code < 400
        if response.mimetype == "text/html" and response.data and not moved and not unchecked:
            check_page(response.get_data(as_text=True), fragment="<html" not in response.get_data(as_text=True)[:400])
        return response


def check_page(html: str, *, fragment: bool = False) -> Element:
    """Raise PageProblem unless ``html`` is sound: parses, one h1, language and direction, labels, tokens, no inline code."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parseFragment(html) if fragment else parser.parse(html)
    known = {"expected-doctype-but-got-start-tag"}
    errors = [(position, code) for position, code, _data in parser.errors if code not in known]
    if errors:
        raise PageProblem(f"broken HTML: {errors[:3]} in {html[:2000]}")
    every = list(tree.iter())
    if not fragment:
        _check_document(tree, every)
    _check_ids(every)
    _check_no_inline(every)
    _check_forms(tree)
    _check_labels(every)
    return tree


def _check_document(tree: Element, every: list[Element]) -> None:
    root = next((e for e in every if e.tag == "html"), tree)
    if not root.get("lang") or root.get("dir") not in ("ltr", "rtl"):
        raise PageProblem("the page does not say its language and direction")
    headings = [e for e in every if e.tag == "h1"]
    if len(headings) != 1:
        raise PageProblem(f"a page has one h1, this one has {len(headings)}")
    title = next((e for e in every if e.tag == "title"), None)
    if title is None or not (title.text or "").strip():
        raise PageProblem("the page has no title")


def _check_ids(every: list[Element]) -> None:
    ids = [e.get("id") for e in every if e.get("id")]
    doubled = {i for i in ids if ids.count(i) > 1}
    if doubled:
        raise PageProblem(f"ids used twice: {doubled}")
    for e in every:
        for name in ("aria-describedby", "aria-labelledby", "for"):
            for target in (e.get(name) or "").split():
                if target not in ids:
                    raise PageProblem(f"{name} points at nothing: {target}")


def _check_no_inline(every: list[Element]) -> None:
    for e in every:
        if not isinstance(e.tag, str):
            continue
        if e.get("style") is not None or any(name.startswith("on") for name in e.attrib):
            raise PageProblem(f"inline style or handler on <{e.tag}>")
        if e.tag == "style" or (e.tag == "script" and not e.get("src") and e.get("type") != "application/json"):
            raise PageProblem(f"inline <{e.tag}>")
        if any(name.startswith(("hx-get", "hx-post")) for name in e.attrib) and e.tag not in (
            "form",
            "a",
            "button",
            "div",
        ):
            raise PageProblem(f"htmx on <{e.tag}> has no plain way to work")


def _check_forms(tree: Element) -> None:
    for form in tree.iter("form"):
        if (form.get("method") or "get").lower() != "post":
            continue
        names = {e.get("name") for e in form.iter("input")}
        if "csrf_token" not in names:
            raise PageProblem(f"a form without its token: {form.get('action')}")


def _check_labels(every: list[Element]) -> None:
    labelled = {e.get("for") for e in every if e.tag == "label"}
    inside = {id(x) for e in every if e.tag == "label" for x in e.iter()}
    for e in every:
        if e.tag not in ("input", "textarea", "select") or e.get("type") in ("hidden", "submit"):
            continue
        if (
            e.get("id") not in labelled
            and id(e) not in inside
            and not e.get("aria-label")
            and not e.get("aria-labelledby")
        ):
            raise PageProblem(f"a field without a label: {e.get('name')}")
