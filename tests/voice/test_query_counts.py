"""A page on a phone waits for every query: the child's pages take few, and the same few however much was said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from app.core.db import db
from tests.forms import fields_of
from tests.voice.conftest import Voice

MOST = 8
QUESTIONS = ("sec-how", "sec-proud", "sec-strengths", "sec-best-lessons")


@contextmanager
def queries() -> Iterator[list[str]]:
    """Collect every statement that reaches the database."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def answer_some(voice: Voice, base: str, number: int) -> None:
    """Give a child's first answers."""
    for question_id in QUESTIONS[:number]:
        said = {"answer": "I built a bird box"} if question_id == "sec-proud" else {"do": "no-say"}
        given = voice.answer(f"{base}/{question_id}", **said)
        assert given.status_code == 303


@pytest.mark.parametrize("answered", [0, 4])
def test_a_question_page_takes_few_queries(voice: Voice, answered: int) -> None:
    base = voice.begin()
    answer_some(voice, base, answered)
    with queries() as seen:
        assert voice.client.get(f"{base}/sec-proud").status_code == 200
    assert len(seen) <= MOST, seen


@pytest.mark.parametrize("answered", [0, 4])
@pytest.mark.parametrize("press", ["next", "skip", "no-say"])
def test_keeping_an_answer_takes_few_queries(voice: Voice, answered: int, press: str) -> None:
    base = voice.begin()
    answer_some(voice, base, answered)
    _action, fields = fields_of(voice.client.get(f"{base}/sec-proud").get_data(as_text=True))
    fields["answer"], fields["do"] = "I built a bird box", press
    with queries() as seen:
        assert voice.client.post(f"{base}/sec-proud", data=fields).status_code == 303
    assert len(seen) <= MOST, seen


def test_the_next_question_comes_with_the_same_answer_by_htmx(voice: Voice) -> None:
    base = voice.begin()
    _action, fields = fields_of(voice.client.get(f"{base}/sec-proud").get_data(as_text=True))
    fields["answer"], fields["do"] = "I built a bird box", "next"
    with queries() as seen:
        shown = voice.client.post(f"{base}/sec-proud", data=fields, headers={"HX-Request": "true"})
    assert shown.status_code == 200 and "HX-Replace-Url" in shown.headers
    assert len(seen) <= MOST, seen


@pytest.mark.parametrize("answered", [0, 4])
def test_the_check_page_takes_few_queries(voice: Voice, answered: int) -> None:
    base = voice.begin()
    answer_some(voice, base, answered)
    with queries() as seen:
        assert voice.client.get(f"{base}/check").status_code == 200
    assert len(seen) <= MOST, seen


@pytest.mark.parametrize("answered", [0, 4])
def test_the_list_of_what_is_asked_takes_few_queries(voice: Voice, answered: int) -> None:
    base = voice.begin()
    answer_some(voice, base, answered)
    with queries() as seen:
        assert voice.client.get("/voice/").status_code == 200
    assert len(seen) <= MOST, seen
