"""Filling in a form as a browser without scripts would: get the page, take its token, change some fields, press a button."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import html5lib
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse


def fields_of(html: str, *, action: str | None = None) -> tuple[str, MultiDict[str, str]]:
    """Return (action, fields as they stand) of the first POST form, or of the one that posts to ``action``."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    for form in tree.iter("form"):
        if (form.get("method") or "").lower() != "post" or (action is not None and form.get("action") != action):
            continue
        if action is None and form.get("action") == "/sign-out":
            continue
        found: MultiDict[str, str] = MultiDict()
        for field in form.iter():
            name = field.get("name") if isinstance(field.tag, str) else None
            if not name:
                continue
            if field.tag == "textarea":
                found.add(name, field.text or "")
            elif field.tag == "select":
                chosen = [o for o in field.iter("option") if o.get("selected") is not None] or list(
                    field.iter("option")
                )[:1]
                for option in chosen:
                    value = option.get("value")  # an empty one is a value too
                    found.add(name, option.text or "" if value is None else value)
            elif field.tag == "input" and (
                field.get("type") not in ("radio", "checkbox", "submit") or field.get("checked") is not None
            ):
                found.add(name, field.get("value") or "")
        return form.get("action") or "", found
    raise AssertionError(f"there is no such form on the page: {action}")


def fill(
    client: FlaskClient, url: str, data: dict[str, Any] | None = None, *, action: str | None = None, **kwargs: Any
) -> TestResponse:
    """Get ``url``, change the named fields of its form and post it. Lists give several values; None leaves a field out."""
    page = client.get(url, follow_redirects=False)
    assert page.status_code == 200, f"{url} answered {page.status_code}"
    target, fields = fields_of(page.get_data(as_text=True), action=action)
    for name, value in (data or {}).items():
        fields.poplist(name)
        for one in [] if value is None else value if isinstance(value, list) else [value]:
            fields.add(name, one)
    return client.post(urljoin(url, target) if target else url, data=fields, **kwargs)
