"""Publishing: drafts, two people, history, what is refused, and the way back to YAML."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.pathways import bank, freshness, publishing, shelf
from app.pathways.bank import Translated
from app.pathways.content_commands import check
from app.pathways.editing import Answer
from app.pathways.exporting import files
from app.pathways.models import Item, Kind, Stage, Version
from app.pathways.publish_checks import Refused
from app.pathways.publishing import Overtaken, SecondPersonNeeded
from app.pathways.records import Opening
from app.people.models import Role
from app.people.sessions import Actor
from tests.factories import People
from tests.pathways.steps import SOURCE, on_the_shelf, step
from tests.wishes.conftest import actor_of

BODY: dict[str, Any] = {
    "id": "test-kitchen",
    "title": "Kitchen apprentice",
    "type": "apprenticeship",
    "plain": "You learn to cook and you are paid.",
    "provider": "The council",
    "provider_group": "pcc",
    "contact_role": "vs_eet",
}
ENTITLEMENT: dict[str, Any] = {
    "id": "test-bus",
    "title": "A bus pass",
    "help_kind": "help",
    "plain": "You pay less for the bus.",
    "rule": {"f": "age", "between": [16, 24]},
    "who": "vs_eet",
    "grade": "A",
}


@pytest.fixture
def editor(people: People) -> Actor:
    """An editor at the Virtual School."""
    return actor_of(people.adult(Role.virtual_school, "Ms Editor"))


@pytest.fixture
def other(people: People) -> Actor:
    """Another."""
    return actor_of(people.adult(Role.virtual_school, "Mr Other"))


def _published(session: Session, editor: Actor, kind: Kind = Kind.opportunity, **changes: Any) -> Version:
    body = {**(ENTITLEMENT if kind is Kind.entitlement else BODY), **changes}
    found = publishing.desk(session, kind, body["id"])
    version = publishing.save(session, editor, kind, body, seen=found.seen if found else 0)
    return publishing.publish(session, editor, version)


def _title(session: Session, kind: Kind = Kind.opportunity, key: str = "test-kitchen") -> str | None:
    one = shelf.published(session, kind).get(key)
    return one.record.title if one else None


def test_a_draft_may_be_unfinished_and_nobody_reads_it(session: Session, editor: Actor) -> None:
    version = publishing.save(session, editor, Kind.opportunity, {"id": "test-kitchen", "closes_at": "soon"}, seen=0)
    assert version.stage == Stage.draft and _title(session) is None
    with pytest.raises(Refused) as refused:
        publishing.publish(session, editor, version)
    assert {"title", "plain", "provider", "closes_at"} <= set(refused.value.problems)
    assert refused.value.problems["closes_at"].startswith("We could not read that day")


def test_what_is_published_is_read_at_once_and_audited(session: Session, editor: Actor) -> None:
    assert _title(session) is None
    _published(session, editor)
    assert _title(session) == "Kitchen apprentice"
    _published(session, editor, title="Kitchen and hall")
    assert _title(session) == "Kitchen and hall"
    entry = session.query(AuditEntry).filter_by(event="content.published").order_by(AuditEntry.at.desc()).first()
    assert entry is not None and (entry.actor_id, entry.detail) == (editor.person_id, "opportunity v2")


def test_every_save_is_a_version_and_the_same_again_is_none(session: Session, editor: Actor) -> None:
    first = publishing.save(session, editor, Kind.opportunity, BODY, seen=0)
    assert publishing.save(session, editor, Kind.opportunity, dict(BODY), seen=0).id == first.id
    second = publishing.save(session, editor, Kind.opportunity, {**BODY, "title": "Another"}, seen=1)
    session.refresh(first)
    assert (first.stage, second.stage, second.number) == (Stage.dropped, Stage.draft, 2)


def test_of_two_editors_at_once_the_second_is_told(session: Session, editor: Actor, other: Actor) -> None:
    _published(session, editor)
    publishing.save(session, editor, Kind.opportunity, {**BODY, "title": "Hers"}, seen=1)
    with pytest.raises(Overtaken) as overtaken:
        publishing.save(session, other, Kind.opportunity, {**BODY, "title": "His"}, seen=1)
    assert overtaken.value.newest is not None and overtaken.value.newest.body["title"] == "Hers"
    his = publishing.save(session, other, Kind.opportunity, {**BODY, "title": "His"}, seen=2)
    assert his.number == 3


def test_where_it_takes_two_the_writer_hands_on_and_another_publishes(
    session: Session, editor: Actor, other: Actor
) -> None:
    version = publishing.save(session, editor, Kind.opportunity, BODY, seen=0)
    with pytest.raises(SecondPersonNeeded):
        publishing.publish(session, editor, version, two_people=True)
    assert version.stage == Stage.waiting and _title(session) is None
    with pytest.raises(SecondPersonNeeded):
        publishing.publish(session, editor, version, two_people=True)
    publishing.publish(session, other, version, two_people=True)
    assert _title(session) == "Kitchen apprentice"
    assert (version.written_by_id, version.checked_by_id) == (editor.person_id, other.person_id)


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        (Kind.opportunity, {"opens_at": "2027-02-01T09:00:00+00:00", "closes_at": "2027-01-01T09:00:00+00:00"}, "closes_at"),
        (Kind.opportunity, {"plain": "It pays £9 (unsourced: verify)."}, "plain"),
        (Kind.opportunity, {"plain": "Unsourced: Verify this."}, "plain"),
        (Kind.opportunity, {"type": "party"}, "type"),
        (Kind.opportunity, {"places": "many"}, "places"),
        (Kind.opportunity, {"title": "x" * 61}, "title"),
        (Kind.entitlement, {"sources": []}, "sources"),
        (Kind.entitlement, {"sources": [SOURCE.model_dump(mode="json")], "rule": "all of it"}, "rule"),
    ],
)  # fmt: skip
def test_what_is_not_right_is_not_published(
    session: Session, editor: Actor, kind: Kind, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        _published(session, editor, kind, **changes)
    assert set(refused.value.problems) == {field}
    assert session.query(Version).filter_by(stage=Stage.published).count() == 0


@pytest.mark.parametrize("key", ["", "Kitchen", "a b", "a--b", "-a", "x" * 61, "../up"])
def test_a_key_is_small_letters_and_hyphens(session: Session, editor: Actor, key: str) -> None:
    with pytest.raises(Refused) as refused:
        publishing.save(session, editor, Kind.opportunity, {**BODY, "id": key}, seen=0)
    assert "id" in refused.value.problems and session.query(Item).count() == 0


@pytest.mark.parametrize(
    ("title", "key"), [("Kitchen  Apprentice!", "kitchen-apprentice"), ("T Levels (16-18)", "t-levels-16-18")]
)
def test_a_key_is_made_of_the_title(title: str, key: str) -> None:
    assert publishing.key_from(title) == key
    assert publishing.key_from("شاب").startswith("thing-")


def test_an_old_version_comes_back_as_a_draft(session: Session, editor: Actor) -> None:
    _published(session, editor)
    newest = _published(session, editor, title="Second")
    item = session.get_one(Item, newest.item_id)
    draft = publishing.restore(session, editor, item, 1, seen=2)
    assert (draft.number, draft.stage, draft.body["title"]) == (3, Stage.draft, "Kitchen apprentice")
    assert _title(session) == "Second"
    publishing.publish(session, editor, draft)
    assert _title(session) == "Kitchen apprentice"
    with pytest.raises(LookupError):
        publishing.restore(session, editor, item, 99, seen=3)


def test_what_is_withdrawn_is_read_no_more_and_can_come_back(session: Session, editor: Actor) -> None:
    _published(session, editor)
    publishing.withdraw(session, editor, Kind.opportunity, "test-kitchen")
    assert _title(session) is None
    assert publishing.exists(session, Kind.opportunity, "test-kitchen")
    publishing.bring_back(session, editor, Kind.opportunity, "test-kitchen")
    assert _title(session) == "Kitchen apprentice"


def test_a_step_that_leads_nowhere_is_not_published(session: Session, editor: Actor) -> None:
    body = step("test-step", "A step", leads_to=({"to": "no-such-step", "kind": "next"},)).model_dump(mode="json")
    version = publishing.save(session, editor, Kind.step, body, seen=0)
    with pytest.raises(Refused) as refused:
        publishing.publish(session, editor, version)
    assert "no-such-step" in str(refused.value)


def test_what_is_taken_back_before_it_is_kept_is_read_by_nobody(session: Session, editor: Actor) -> None:
    _published(session, editor)
    session.commit()
    _published(session, editor, title="Never kept")
    assert _title(session) == "Never kept"
    session.rollback()
    assert _title(session) == "Kitchen apprentice"
    _published(session, editor, title="Kept")  # gets the number that the other would have had
    session.commit()
    assert _title(session) == "Kept"


# -- translations and what is stale ---------------------------------------------------------------------------------------


def test_a_translation_is_read_until_the_english_changes(session: Session, editor: Actor) -> None:
    _published(session, editor)
    texts = {"title": Translated("طاهٍ متدرب", "reviewed"), "nothing.like.it": Translated("x", "reviewed")}
    assert publishing.translate(session, editor, Kind.opportunity, "test-kitchen", "ar", texts) == 1
    assert publishing.translate(session, editor, Kind.opportunity, "test-kitchen", "ar", texts) == 0
    one = shelf.published(session, Kind.opportunity)["test-kitchen"]
    assert one.words("title", "ar").text == "طاهٍ متدرب"
    _published(session, editor, title="Another title")
    one = shelf.published(session, Kind.opportunity)["test-kitchen"]
    assert one.words("title", "ar").text == "Another title"
    found = [row for row in freshness.stale(session, clock.today()) if row.key == "test-kitchen"]
    assert [(row.why, row.languages) for row in found] == [(freshness.Why.translation, ("ar",))]
    publishing.translate(session, editor, Kind.opportunity, "test-kitchen", "ar", texts)
    assert not [row for row in freshness.stale(session, clock.today()) if row.key == "test-kitchen"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"review_by": -1}, freshness.Why.review),
        ({"review_by": 0}, None),
        ({"checked": -366}, freshness.Why.source_is_old),
        ({"checked": -365}, None),
        ({"amount_until": -1, "review_by": 9}, freshness.Why.sum_is_old),
    ],
)
def test_stale_is_what_the_handbook_says(
    session: Session, editor: Actor, changes: dict[str, int], why: freshness.Why | None
) -> None:
    days = {name: (clock.today() + timedelta(days=number)).isoformat() for name, number in changes.items()}
    source = {**SOURCE.model_dump(mode="json"), "checked": days.pop("checked", clock.today().isoformat())}
    body = {**ENTITLEMENT, **days, "sources": [source]}
    from app.pathways.records import RECORDS

    on_the_shelf(session, RECORDS[Kind.entitlement].model_validate(body))
    found = [row.why for row in freshness.stale(session, clock.today()) if row.key == "test-bus"]
    assert found == ([why] if why else [])


def test_an_opportunity_that_has_closed_is_listed_as_over(session: Session, editor: Actor) -> None:
    gone = (clock.now() - timedelta(days=2)).isoformat()
    on_the_shelf(session, Opening.model_validate({**BODY, "closes_at": gone}))
    found = [row for row in freshness.stale(session, clock.today()) if row.key == "test-kitchen"]
    assert [row.why for row in found] == [freshness.Why.over]


def test_where_it_takes_two_words_wait_for_another_editor(session: Session, editor: Actor, other: Actor) -> None:
    _published(session, editor)
    texts = {"title": Translated("Kucharz", "reviewed"), "plain": Translated("Uczysz się", "reviewed")}
    where = (Kind.opportunity, "test-kitchen", "pl")

    def read(path: str = "title") -> str:
        return shelf.published(session, Kind.opportunity)["test-kitchen"].words(path, "pl").text

    assert publishing.translate(session, editor, *where, texts, two_people=True) == 2
    assert publishing.translate(session, editor, *where, texts, two_people=True) == 0
    assert read() == "Kitchen apprentice"
    assert publishing.check_words(session, editor, *where) == 0
    # The second puts one word right, which waits for the first in its turn; the other they have read.
    put_right = {**texts, "title": Translated("Kucharka", "reviewed")}
    assert publishing.translate(session, other, *where, put_right, two_people=True) == 1
    assert publishing.check_words(session, other, *where) == 1
    assert (read(), read("plain")) == ("Kitchen apprentice", "Uczysz się")
    assert publishing.check_words(session, editor, *where) == 1
    assert read() == "Kucharka" and not publishing.words_waiting(session, *where)


def test_words_that_wait_for_an_english_that_has_changed_go_on_waiting(
    session: Session, editor: Actor, other: Actor
) -> None:
    _published(session, editor)
    where = (Kind.opportunity, "test-kitchen", "pl")
    publishing.translate(session, editor, *where, {"title": Translated("Kucharz", "reviewed")}, two_people=True)
    _published(session, editor, title="Gardener")
    assert publishing.check_words(session, other, *where) == 0
    assert shelf.published(session, Kind.opportunity)["test-kitchen"].words("title", "pl").text == "Gardener"


# -- back to YAML -----------------------------------------------------------------------------------------------------------


def test_what_is_taken_out_loads_again_as_it_is(session: Session, editor: Actor, tmp_path: Path) -> None:
    long = 'Colons: "quotes", £1\n\n- a list\nعربي'
    _published(session, editor, staff=long, opens_at="2027-01-01T09:00:00+00:00")
    arrow = {"to": "test-two", "kind": "next"}
    on_the_shelf(
        session,
        step("test-one", "One", leads_to=(arrow,), day=("Get up.", "Go."), review_by=date(2027, 3, 1)),
        step("test-two", "Two"),
        translations={"test-one": {"ar": {"title": "واحد", "day.1": "اذهب"}}},
    )
    texts = {"title": Translated("Kucharz", "draft-machine"), "plain": Translated("Uczysz się", "reviewed")}
    publishing.translate(session, editor, Kind.opportunity, "test-kitchen", "pl", texts)
    _published(session, editor, staff=long, title="A new title")
    _load_again(session, tmp_path)


def _load_again(session: Session, folder: Path) -> None:
    for name, text in files(session).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for kind in Kind:
        public = shelf.published(session, kind)
        loaded = bank.read(kind, folder)
        assert list(loaded) == list(public)
        for key, one in public.items():
            assert loaded[key].record == one.record
            again = shelf.Published(loaded[key].record, loaded[key].translations)
            for language, written in one.translations.items():
                for path in written:
                    assert again.words(path, language) == one.words(path, language), (key, language, path)
                    assert loaded[key].translations[language][path].quality == written[path].quality


def test_the_commands_take_it_out_and_say_what_is_stale(
    app: Flask, session: Session, editor: Actor, tmp_path: Path
) -> None:
    gone = (clock.now() - timedelta(days=2)).isoformat()
    on_the_shelf(session, Opening.model_validate({**BODY, "closes_at": gone}))
    runner = app.test_cli_runner()
    done = runner.invoke(args=["content", "export", str(tmp_path / "out")])
    assert done.exit_code == 0 and "test-kitchen" in (tmp_path / "out" / "opportunities.yaml").read_text()
    told = runner.invoke(args=["content", "stale"])
    assert told.exit_code == 1 and "test-kitchen" in told.output and "over" in told.output


def test_a_link_that_is_gone_is_told_apart_from_one_that_was_not_reached(link_server: str) -> None:
    answers = check([f"{link_server}/here", f"{link_server}/gone", "http://127.0.0.1:9/"])
    assert list(answers.values()) == [Answer.fine, Answer.gone, Answer.not_reached]


@pytest.fixture
def link_server() -> Any:
    """A web site with one page that is there and one that is gone."""
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/here" else 404)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
