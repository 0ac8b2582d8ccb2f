"""Filling in a form as a person would: get the page, find the form, send it with its own token."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def fill(
    client: FlaskClient, url: str, data: dict[str, Any] | None = None, *, action: str | None = None, **kw: Any
) -> TestResponse:
    """Get ``url``, pick the form (the one whose action is ``action``, else the one with all fields of ``data``), and post it.

    What the form holds already is sent along, as a browser does; ``data`` goes over it. Other arguments go to the post.
    """
    given = dict(data or {})
    tree = html5lib.parse(client.get(url).get_data(as_text=True), namespaceHTMLElements=False)
    forms = [form for form in tree.iter("form") if (form.get("method") or "get").lower() == "post"]
    form = _pick(forms, given, action)
    return client.post(form.get("action") or url, data={**_held(form), **given}, **kw)


def _pick(forms: list[Element], data: dict[str, Any], action: str | None) -> Element:
    for form in forms:
        if action is not None and form.get("action") != action:
            continue
        if action is not None or set(data) <= {e.get("name") for e in form.iter()}:
            return form
    raise AssertionError(f"no form for {action or sorted(data)} among {[form.get('action') for form in forms]}")


def _held(form: Element) -> dict[str, Any]:
    held: dict[str, Any] = {}
    for e in form.iter():
        name = e.get("name")
        if not name:
            continue
        if e.tag == "textarea":
            held[name] = (e.text or "").removeprefix("\n")
        elif e.tag == "select":
            chosen = [o for o in e.iter("option") if o.get("selected") is not None] or list(e.iter("option"))[:1]
            held[name] = chosen[0].get("value", "") if chosen else ""
        elif e.tag == "input" and e.get("type") in ("checkbox", "radio"):
            if e.get("checked") is not None:
                held.setdefault(name, []).append(e.get("value", "on"))
        elif e.tag == "input" and e.get("type") != "submit":
            held[name] = e.get("value", "")
    return held
