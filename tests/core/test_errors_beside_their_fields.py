"""An error is tied to its field: marked, and read out with it (WCAG 3.3.1)."""

from __future__ import annotations

from collections.abc import Iterator

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.people.models import Role
from tests.factories import People, sign_in
from tests.forms import fill
from tests.voice.conftest import Voice, voice  # noqa: F401


def marked(html: str) -> dict[str, str]:
    """Return what each field that is marked is called, and what is read out with it."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    every = {e.get("id"): "".join(e.itertext()).strip() for e in tree.iter() if e.get("id")}

    def found() -> Iterator[tuple[str, str]]:
        for e in tree.iter():
            if e.get("aria-invalid") == "true":
                read = " ".join(every[one] for one in (e.get("aria-describedby") or "").split())
                yield e.get("name") or e.get("role") or "", read

    return dict(found())


def test_a_family_that_asks_for_advice_is_led_to_each_box(client: FlaskClient) -> None:
    html = fill(client, "/advice", {"words": "x" * 4000}).get_data(as_text=True)
    read = marked(html)
    assert {"radiogroup", "words", "contact", "agreed"} <= set(read)
    assert all(read.values())


@pytest.mark.parametrize("typed", [{"answer": "x" * 5000}])
def test_a_question_that_comes_back_marks_its_box(voice: Voice, typed: dict[str, str]) -> None:
    base = voice.begin()
    answer = voice.answer(f"{base}/sec-goal", **typed)
    assert answer.status_code == 422
    assert "answer" in marked(answer.get_data(as_text=True))


def test_a_new_drop_in_marks_what_is_not_right(app: Flask, client: FlaskClient, people: People) -> None:
    sign_in(app, client, people.adult(Role.virtual_school), way="worker")
    read = marked(fill(client, "/staff/dropins/new", {"capacity": "none"}).get_data(as_text=True))
    assert read and all(read.values())
