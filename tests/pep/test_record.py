"""The record: the child's own words, unretyped, in their section; seen only by those they chose."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.core.audit import AuditEntry
from app.core.db import db
from app.people.models import Person, Role
from tests.factories import People, sign_in
from tests.forms import fill
from tests.voice.conftest import Voice, voice  # noqa: F401


def _say(
    voice: Voice, base: str, question_id: str, words: str, share: str = "pep", who: list[str] | None = None
) -> None:
    fill(voice.client, f"{base}/{question_id}", {"answer": words, "do": "next"})
    fill(voice.client, f"{base}/check/{question_id}", {"share": share, "who": who or []})


def _send(voice: Voice, base: str) -> None:
    answer = fill(voice.client, f"{base}/check", action=f"{base}/send")
    assert answer.status_code == 303 and answer.headers["Location"].endswith("/sent")


def _record(app: Flask, adult: Person, voice: Voice, **kwargs: str) -> str:
    client: FlaskClient = app.test_client()
    sign_in(app, client, adult, way="worker")
    page = client.get(f"/staff/peps/{voice.pep.id}")
    assert page.status_code == 200
    return page.get_data(as_text=True)


def test_shared_words_stand_unretyped_in_their_section(app: Flask, voice: Voice, people: People) -> None:
    teacher = people.connected(Role.designated_teacher, voice.person)
    base = voice.begin()
    _say(voice, base, "sec-proud", "I built a bird box <b>myself</b>")
    _send(voice, base)
    html = _record(app, teacher, voice)
    assert "I built a bird box &lt;b&gt;myself&lt;/b&gt;" in html
    assert "About you" in html


def test_nothing_is_seen_before_send(app: Flask, voice: Voice, people: People) -> None:
    teacher = people.connected(Role.designated_teacher, voice.person)
    base = voice.begin()
    _say(voice, base, "sec-proud", "Still a draft")
    assert "Still a draft" not in _record(app, teacher, voice)


@pytest.mark.parametrize(
    ("share", "sees", "does_not"),
    [
        ("pep", [Role.designated_teacher, Role.social_worker, Role.carer, Role.iro, Role.virtual_school], []),
        ("not-home", [Role.designated_teacher, Role.social_worker], [Role.carer, Role.key_worker]),
        ("not-school", [Role.social_worker, Role.carer], [Role.designated_teacher]),
        ("unsent", [], [Role.designated_teacher, Role.social_worker, Role.carer, Role.virtual_school]),
    ],
)
def test_only_those_the_child_chose_can_read_it(
    app: Flask, voice: Voice, people: People, share: str, sees: list[Role], does_not: list[Role]
) -> None:
    base = voice.begin()
    _say(voice, base, "sec-proud", "Between us", share)
    _send(voice, base)
    for role in sees:
        assert "Between us" in _record(app, people.connected(role, voice.person), voice), role
    for role in does_not:
        html = _record(app, people.connected(role, voice.person), voice)
        assert "Between us" not in html and "About you" not in html, role


def test_only_these_people_means_only_these_and_the_virtual_schools_reader(
    app: Flask, voice: Voice, people: People
) -> None:
    chosen = people.connected(Role.social_worker, voice.person, "Mx Chosen")
    other = people.connected(Role.social_worker, voice.person, "Mx Other")
    reader = people.connected(Role.virtual_school, voice.person)
    base = voice.begin()
    _say(voice, base, "sec-proud", "Only you", "chosen", [str(chosen.id)])
    _send(voice, base)
    assert "Only you" in _record(app, chosen, voice)
    assert "Only you" in _record(app, reader, voice)
    assert "Only you" not in _record(app, other, voice)


def test_an_answer_taken_back_is_hidden_from_then_on(app: Flask, voice: Voice, people: People) -> None:
    teacher = people.connected(Role.designated_teacher, voice.person)
    base = voice.begin()
    _say(voice, base, "sec-proud", "I changed my mind")
    _send(voice, base)
    assert "I changed my mind" in _record(app, teacher, voice)
    fill(voice.client, f"{base}/check/sec-proud", {"share": "unsent"})
    _send(voice, base)
    assert "I changed my mind" not in _record(app, teacher, voice)


def test_reading_the_record_is_audited_without_the_words(
    app: Flask, voice: Voice, people: People, session: Session
) -> None:
    teacher = people.connected(Role.designated_teacher, voice.person)
    _record(app, teacher, voice)
    entry = session.query(AuditEntry).filter_by(event="record.read").one()
    assert (entry.actor_id, entry.subject_id, entry.thing_id) == (teacher.id, voice.person.id, voice.pep.id)


def test_an_adult_who_is_not_connected_finds_nothing(app: Flask, voice: Voice, people: People) -> None:
    stranger = people.adult(Role.social_worker)
    client = app.test_client()
    sign_in(app, client, stranger, way="worker")
    assert client.get(f"/staff/peps/{voice.pep.id}").status_code == 404


def test_earlier_terms_fold_below_this_one(app: Flask, voice: Voice, people: People) -> None:
    teacher = people.connected(Role.designated_teacher, voice.person)
    base = voice.begin()
    _say(voice, base, "sec-proud", "Last autumn I swam")
    _send(voice, base)
    later = people.pep(voice.person, term="2026-27-2", in_days=100)
    client = app.test_client()
    sign_in(app, client, teacher, way="worker")
    html = client.get(f"/staff/peps/{later.id}").get_data(as_text=True)
    assert "Nothing yet this term" in html and "Autumn 2026" in html and "Last autumn I swam" in html


def test_the_record_takes_the_same_few_queries_however_much_was_said(app: Flask, voice: Voice, people: People) -> None:
    teacher = people.connected(Role.designated_teacher, voice.person)
    base = voice.begin()
    counts = []
    for question_id in ("sec-proud", "sec-subjects-help", "sec-goal", "sec-outside"):
        if voice.client.get(f"{base}/{question_id}").status_code == 200:
            _say(voice, base, question_id, "Words")
        _send(voice, base)
        statements: list[str] = []
        listener = lambda conn, cursor, statement, *rest: statements.append(statement)  # noqa: E731, B023
        event.listen(db.engine, "before_cursor_execute", listener)
        client = app.test_client()
        sign_in(app, client, teacher, way="worker")
        statements.clear()
        client.get(f"/staff/peps/{voice.pep.id}")
        event.remove(db.engine, "before_cursor_execute", listener)
        counts.append(len([s for s in statements if s.lower().startswith("select")]))
    assert max(counts) <= 15 and len(set(counts)) == 1


def test_the_pdf_is_tagged_and_holds_only_what_this_reader_may_see(app: Flask, voice: Voice, people: People) -> None:
    teacher = people.connected(Role.designated_teacher, voice.person)
    base = voice.begin()
    _say(voice, base, "sec-proud", "Words for the PDF")
    _say(voice, base, "sec-goal", "Not for the PDF", "not-school")
    _send(voice, base)
    client = app.test_client()
    sign_in(app, client, teacher, way="worker")
    answer = client.get(f"/staff/peps/{voice.pep.id}/record.pdf")
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF")
    assert answer.headers["Cache-Control"] == "no-store, max-age=0"
    document = PdfReader(io.BytesIO(answer.data))
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert document.trailer["/Root"]["/Lang"].startswith("en")
    text = "".join(page.extract_text() for page in document.pages)
    assert "Words for the PDF" in text and "Not for the PDF" not in text
