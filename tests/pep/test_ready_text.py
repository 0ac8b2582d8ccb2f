"""Text for the PEP: quoted, with its source, ready to copy; two presses from the first page, and never more than may be read."""

from __future__ import annotations

import html as markup

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import AuditEntry
from app.people.models import Person, Role
from app.wishes.models import Wish
from tests.factories import People, sign_in
from tests.forms import fill
from tests.voice.conftest import Voice, voice  # noqa: F401


def _sends(voice: Voice, words: str, share: str = "pep") -> None:
    base = voice.begin()
    fill(voice.client, f"{base}/sec-proud", {"answer": words, "do": "next"})
    fill(voice.client, f"{base}/check/sec-proud", {"share": share})
    fill(voice.client, f"{base}/check", action=f"{base}/send")


def _client(app: Flask, person: Person) -> FlaskClient:
    client = app.test_client()
    sign_in(app, client, person, way="worker")
    return client


@pytest.fixture
def teacher(people: People, voice: Voice) -> Person:
    return people.connected(Role.designated_teacher, voice.person)


def test_from_home_to_copied_text_in_two_presses(app: Flask, voice: Voice, teacher: Person) -> None:
    _sends(voice, "I built a bird box")
    client = _client(app, teacher)
    home = html5lib.parse(client.get("/home").get_data(as_text=True), namespaceHTMLElements=False)
    address = f"/staff/peps/{voice.pep.id}/text"
    assert [a for a in home.iter("a") if a.get("href") == address], "the first press: a link on the first page"
    page = html5lib.parse(client.get(address).get_data(as_text=True), namespaceHTMLElements=False)
    copies = [b.get("data-copy") for b in page.iter("button") if b.get("data-copy")]
    boxes = {t.get("id"): t.text or "" for t in page.iter("textarea")}
    assert copies and all("I built a bird box" in boxes[one or ""] for one in copies), "the second press: a button"


def test_words_are_quoted_with_their_question_and_their_source(app: Flask, voice: Voice, teacher: Person) -> None:
    _sends(voice, "I built a <b>bird</b> box")
    text = markup.unescape(_client(app, teacher).get(f"/staff/peps/{voice.pep.id}/text").get_data(as_text=True))
    assert "“I built a <b>bird</b> box”" in text
    assert "from them, on their own" in text


def test_words_in_another_language_say_so(app: Flask, session: Session, voice: Voice, teacher: Person) -> None:
    voice.person.language = "ar"
    session.commit()
    _sends(voice, "صنعت بيتا للطيور")
    text = _client(app, teacher).get(f"/staff/peps/{voice.pep.id}/text.txt", unchecked=True).get_data(as_text=True)
    assert "“صنعت بيتا للطيور”" in text and "written in Arabic, not translated yet" in text


def test_the_file_is_plain_text_says_no_name_and_leaves_a_trace(
    app: Flask, session: Session, voice: Voice, teacher: Person
) -> None:
    _sends(voice, "I built a bird box")
    answer = _client(app, teacher).get(f"/staff/peps/{voice.pep.id}/text.txt")
    assert answer.mimetype == "text/plain" and "attachment" in answer.headers["Content-Disposition"]
    assert "I built a bird box" in answer.get_data(as_text=True) and "Robin" not in answer.get_data(as_text=True)
    exported = session.scalars(select(AuditEntry).where(AuditEntry.event == "record.exported")).one()
    assert (exported.actor_id, exported.subject_id) == (teacher.id, voice.person.id)


def test_nothing_can_be_copied_that_may_not_be_read(app: Flask, voice: Voice, teacher: Person, people: People) -> None:
    _sends(voice, "Not for school", "not-school")
    client = _client(app, teacher)
    assert "Not for school" not in client.get(f"/staff/peps/{voice.pep.id}/text").get_data(as_text=True)
    assert "Not for school" not in client.get(f"/staff/peps/{voice.pep.id}/text.txt").get_data(as_text=True)
    assert f"/staff/peps/{voice.pep.id}/text" not in client.get("/home").get_data(as_text=True)
    worker = _client(app, people.connected(Role.social_worker, voice.person))
    assert "not for school or college" in worker.get(f"/staff/peps/{voice.pep.id}/text.txt").get_data(as_text=True)


def test_what_is_for_chosen_people_alone_is_read_and_not_copied(app: Flask, voice: Voice, teacher: Person) -> None:
    base = voice.begin()
    fill(voice.client, f"{base}/sec-proud", {"answer": "Only you", "do": "next"})
    fill(voice.client, f"{base}/check/sec-proud", {"share": "chosen", "who": [str(teacher.id)]})
    fill(voice.client, f"{base}/check", action=f"{base}/send")
    client = _client(app, teacher)
    assert "Only you" in client.get(f"/staff/peps/{voice.pep.id}").get_data(as_text=True)
    assert "Only you" not in client.get(f"/staff/peps/{voice.pep.id}/text").get_data(as_text=True)


def _wishes(voice: Voice, words: str, share: str, **more: object) -> None:
    fill(voice.client, "/wishes/new", {"words": words})
    token = voice.token_of("/wishes/new")
    data = {"csrf_token": token, "words": words, "share": share, "once": words, **more}
    assert voice.client.post("/wishes/new", data=data).status_code == 303


def test_a_shared_wish_is_ready_to_copy_with_where_it_came_from(app: Flask, voice: Voice, teacher: Person) -> None:
    _wishes(voice, "I want the keyboard room", "not-home")
    text = _client(app, teacher).get(f"/staff/peps/{voice.pep.id}/text.txt").get_data(as_text=True)
    wish = "What they want to happen\n“I want the keyboard room”\n(a wish, from them; "
    assert wish in text and "not for the people they live with)" in text


def test_a_wish_for_chosen_people_alone_is_not_copied_nor_taken_for_seen(
    app: Flask, session: Session, voice: Voice, teacher: Person
) -> None:
    _wishes(voice, "Only you may know", "chosen", who=str(teacher.id))
    _wishes(voice, "Not at school", "not-school")
    text = _client(app, teacher).get(f"/staff/peps/{voice.pep.id}/text.txt").get_data(as_text=True)
    assert "Only you may know" not in text and "Not at school" not in text
    session.expire_all()
    assert [one.seen_at for one in session.scalars(select(Wish))] == [None, None]


def test_a_wish_lifted_from_an_answer_says_by_whom(app: Flask, voice: Voice, teacher: Person) -> None:
    _sends(voice, "I built a bird box. I want to show it.")
    client = _client(app, teacher)
    record = html5lib.parse(
        client.get(f"/staff/peps/{voice.pep.id}").get_data(as_text=True), namespaceHTMLElements=False
    )
    [lift] = {a.get("href") for a in record.iter("a") if "/wishes/" in (a.get("href") or "")}
    fill(client, lift or "", {"words": "I want to show it."})
    text = client.get(f"/staff/peps/{voice.pep.id}/text.txt").get_data(as_text=True)
    assert "“I want to show it.”\n(their words, lifted from an answer by Ms Test" in text


def test_somebody_elses_pep_is_not_there(app: Flask, voice: Voice, people: People) -> None:
    client = _client(app, people.adult(Role.designated_teacher))
    assert client.get(f"/staff/peps/{voice.pep.id}/text").status_code == 404
    assert client.get(f"/staff/peps/{voice.pep.id}/text.txt").status_code == 404


def test_an_empty_pep_says_so_and_offers_no_text(app: Flask, voice: Voice, teacher: Person) -> None:
    html = _client(app, teacher).get(f"/staff/peps/{voice.pep.id}/text").get_data(as_text=True)
    assert "Nothing has come in" in html and "data-copy" not in html
