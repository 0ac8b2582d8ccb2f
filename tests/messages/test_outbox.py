"""A message is written with its cause, or not at all; and holds nothing that it may not."""

from __future__ import annotations

import re
import sqlite3
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from jinja2.meta import find_undeclared_variables
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import db
from app.messages.models import Message, State
from app.messages.outbox import post
from app.messages.templates import TEMPLATES, TextRefused, Value, render

ROOT = Path(__file__).parents[2] / "app" / "templates" / "messages"
EXAMPLES = {
    Value.path: "/go/abc",
    Value.day: "2026-12-04",
    Value.code: "123456",
    Value.moment: "2026-12-04T14:00:00+00:00",
}


def examples(code: str) -> dict[str, str]:
    given = {name: EXAMPLES[kind] for name, kind in TEMPLATES[code].values.items()}
    if "path" in given and not TEMPLATES[code].signs_in:
        given["path"] = "/dropins/b/abc"
    return given


def how_many(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Message)) or 0


def post_one(session: Session, **what: object) -> Message:
    values = {
        "kind": "sms",
        "address": "07700 900123",
        "language": "ar",
        "template": "something_to_look_at",
        "cause": "test",
        "cause_id": None,
        **what,
    }
    return post(session, **values)  # type: ignore[arg-type]


def test_a_cause_that_is_rolled_back_leaves_no_message(session: Session) -> None:
    post_one(session)
    session.rollback()
    assert how_many(session) == 0


def test_a_cause_that_is_rolled_back_leaves_no_message_on_postgresql(postgres_app: Flask) -> None:
    post_one(db.session)
    db.session.rollback()
    assert how_many(db.session) == 0


def test_a_message_is_there_once_its_cause_is_committed(session: Session) -> None:
    cause_id, about = uuid.uuid4(), uuid.uuid4()
    post_one(session, cause="card.locked", cause_id=cause_id, about=about)
    session.commit()
    message = session.scalars(select(Message)).one()
    assert (message.state, message.cause_id, message.about_person_id) == (State.waiting, cause_id, about)


def test_the_same_key_twice_is_the_same_message(session: Session) -> None:
    first = post_one(session, key="card.locked:1")
    session.commit()
    second = post_one(session, key="card.locked:1", address="07700 900999")
    session.commit()
    assert second.id == first.id
    assert how_many(session) == 1


def test_the_address_lies_sealed_in_the_database(session: Session, tmp_path: Path) -> None:
    post_one(session, template="one_time_link", params={"path": "/go/secret-link", "until": "2026-12-04"})
    session.commit()
    session.execute(text("SELECT 1"))
    rows = sqlite3.connect(tmp_path / "test.db").execute("SELECT * FROM message").fetchall()
    assert "07700" not in repr(rows)
    assert "secret-link" not in repr(rows)


def test_a_message_for_later_is_due_later(session: Session) -> None:
    later = clock.now() + timedelta(days=2)
    assert post_one(session, send_after=later).due_at == later


@pytest.mark.parametrize("address", ["", "  ", "a@example.org\r\nBcc: b@example.org"])
def test_an_address_that_is_none_is_refused(session: Session, address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        post_one(session, address=address)


@pytest.mark.parametrize(
    ("template", "params"),
    [
        ("card_locked", {"name": "Robin"}),
        ("answers_arrived", {"path": "/staff/peps/1"}),
        ("one_time_link", {"path": "Robin wants to talk", "until": "2026-12-04"}),
        ("one_time_link", {"path": "//elsewhere.example/go/1", "until": "2026-12-04"}),
        ("one_time_link", {"path": "https://elsewhere.example/", "until": "2026-12-04"}),
        ("one_time_link", {"path": "/go/abc", "until": "Robin's birthday"}),
        ("one_time_link", {"path": "/go/abc"}),
        ("one_time_link", {"path": 7, "until": "2026-12-04"}),
        ("no_such_message", {}),
    ],
)
def test_a_value_that_may_not_stand_in_a_message_is_refused_when_it_is_posted(
    session: Session, template: str, params: dict[str, object]
) -> None:
    with pytest.raises(TextRefused):
        post_one(session, template=template, params=params)
    assert how_many(session) == 0


def test_every_template_uses_only_values_that_it_names(app: Flask) -> None:
    """The words of each file may use the values its row in TEMPLATES names, and the address of the site; nothing else."""
    files = {path.stem: path.read_text() for path in ROOT.glob("*.txt")}
    assert set(files) == set(TEMPLATES)
    for code, words in files.items():
        used = app.jinja_env.parse(words)
        allowed = set(TEMPLATES[code].values) | {"site", "_"}
        assert find_undeclared_variables(used) <= allowed, code


@pytest.mark.parametrize("code", sorted(TEMPLATES))
@pytest.mark.parametrize("language", ["en-GB", "ar", "pl"])
def test_every_message_can_be_made_in_every_language_and_says_nothing_personal(
    app: Flask, code: str, language: str
) -> None:
    made = render(code, examples(code), language)
    assert made.language.tag == language
    assert made.subject
    assert "\n" not in made.subject
    whole = f"{made.subject}\n{made.body}"
    assert not re.search(r"%\(|\{\{|\{#", whole)
    links = re.findall(r"https?://\S+", whole)
    path = examples(code).get("path")
    assert links == ([f"http://127.0.0.1:8000{path}"] if path else [])
    if code != "answers_arrived" and language == "en-GB":
        assert not re.search(r"\b(PEP|school|social|care|council|child)\b", whole)


def test_only_the_link_that_a_worker_chose_to_send_signs_anybody_in() -> None:
    assert {code for code, template in TEMPLATES.items() if template.signs_in} == {
        "one_time_link",
        "carer_invitation",
        "carer_link",
    }


def test_a_day_is_told_with_its_weekday_in_the_readers_language(app: Flask) -> None:
    words = {"path": "/go/abc", "until": "2026-12-04"}
    assert "Friday" in render("one_time_link", words, "en-GB").body
    assert "piątek" in render("one_time_link", words, "pl").body
    assert "الجمعة" in render("one_time_link", words, "ar").body


def test_a_language_that_we_do_not_have_gets_english(app: Flask) -> None:
    assert render("card_locked", {}, "ti").language.tag == "en-GB"
