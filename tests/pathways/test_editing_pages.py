"""The editors' pages: a short form, kind words, nothing lost, history, preview, other languages."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core import clock
from app.core.settings import Settings
from app.pathways import shelf
from app.pathways.editing import Answer, keep_answers
from app.pathways.models import Kind, Opportunity, Translation, Version
from app.pathways.records import RECORDS
from app.people.models import Person, Role
from tests.conftest import open_app
from tests.factories import People, sign_in
from tests.forms import fill
from tests.pathways.steps import on_the_shelf, step

NEW = "/staff/content/opportunity/new"
SHORT = {
    "title": "Garden apprentice",
    "type": "apprenticeship",
    "plain": "You learn to look after parks.",
    "provider": "Green Works",
    "contact_role": "vs_eet",
    "closes_at": "2099-03-31T17:00",
}


@pytest.fixture
def config(config: Settings) -> Settings:
    """Where there is one editor, who publishes alone."""
    return config.model_copy(update={"two_person_publish": False})


@pytest.fixture
def editor(people: People) -> Person:
    """An editor at the Virtual School."""
    return people.adult(Role.virtual_school, "Ms Editor")


@pytest.fixture
def client(app: Flask, editor: Person) -> FlaskClient:
    """The editor, signed in."""
    made = app.test_client()
    sign_in(app, made, editor, way="worker")
    return made


def _record(session: Session, kind: Kind = Kind.opportunity, key: str = "garden-apprentice") -> Any:
    session.rollback()
    one = shelf.published(session, kind).get(key)
    return one.record if one else None


def test_six_boxes_are_enough_to_publish_an_apprenticeship(client: FlaskClient, session: Session) -> None:
    html = client.get(NEW).get_data(as_text=True)
    first, folded = html.split('<details class="fold"', 1)
    assert first.count('<div class="field">') == 6 and "f-travel_hint" in folded
    answer = fill(client, NEW, {**SHORT, "do": "publish"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/content#opportunity")
    record = _record(session)
    assert record.title == "Garden apprentice" and record.provider_group == "pcc" and record.ring_fenced == "none"
    assert record.closes_at.isoformat() == "2099-03-31T17:00:00+01:00"
    assert "Garden apprentice" in client.get("/staff/content").get_data(as_text=True)


def test_the_same_press_twice_is_one_thing(client: FlaskClient, session: Session) -> None:
    for _press in range(2):
        assert fill(client, NEW, {**SHORT, "do": "publish"}).status_code == 303
    assert session.query(Version).count() == 1


def test_what_is_not_right_is_said_by_its_box_and_everything_typed_stays(client: FlaskClient, session: Session) -> None:
    wrong = {**SHORT, "opens_at": "2099-06-01T09:00", "places": "a few", "plain": "", "do": "publish"}
    answer = fill(client, NEW, wrong)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422 and 'id="put-right"' in html
    assert 'href="#f-plain"' in html and "This is needed." in html and "Write a number, such as 12." in html
    assert 'value="a few"' in html and 'value="2099-06-01T09:00"' in html and "Green Works" in html
    assert session.query(Version).one().stage == "draft"
    answer = fill(
        client, "/staff/content/opportunity/garden-apprentice", {"plain": "Parks.", "places": "3", "do": "publish"}
    )
    assert answer.status_code == 422 and "It closes before it opens" in answer.get_data(as_text=True)
    assert _record(session) is None
    answer = fill(client, "/staff/content/opportunity/garden-apprentice", {"opens_at": "", "do": "publish"})
    assert answer.status_code == 303 and _record(session).places == 3


def test_something_without_a_title_or_with_a_taken_name_is_asked_for_again(client: FlaskClient) -> None:
    answer = fill(client, NEW, {**SHORT, "title": "", "do": "save"})
    assert answer.status_code == 422 and "Give it a title first." in answer.text and "Green Works" in answer.text
    assert fill(client, NEW, {**SHORT, "do": "save"}).status_code == 303
    answer = fill(client, NEW, {**SHORT, "provider": "Others", "do": "save"})
    assert answer.status_code == 422 and "already one with this name: garden-apprentice" in answer.text


def test_the_second_of_two_editors_is_told_and_keeps_what_they_typed(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    from tests.forms import fields_of

    fill(client, NEW, {**SHORT, "do": "publish"})
    second = app.test_client()
    sign_in(app, second, people.adult(Role.virtual_school, "Mr Other"), way="worker")
    address = "/staff/content/opportunity/garden-apprentice"
    _target, fields = fields_of(second.get(address).get_data(as_text=True))
    fill(client, address, {"title": "Hers", "do": "save"})
    fields["title"], fields["do"] = "His", "save"
    answer = second.post(address, data=fields)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Ms Editor saved this while you were writing" in html and 'value="His"' in html
    _target, fields = fields_of(html)
    fields["do"] = "save"
    assert second.post(address, data=fields).status_code == 303
    session.rollback()
    assert [one.body["title"] for one in session.query(Version).order_by(Version.number)] == [
        "Garden apprentice",
        "Hers",
        "His",
    ]


def test_history_says_who_changed_what_and_gives_an_old_one_back(client: FlaskClient, session: Session) -> None:
    fill(client, NEW, {**SHORT, "do": "publish"})
    address = "/staff/content/opportunity/garden-apprentice"
    fill(client, address, {"plain": "You look after trees.", "note": "They asked", "do": "publish"})
    html = client.get(f"{address}/history").get_data(as_text=True)
    assert "<del>You learn to look after parks.</del>" in html and "<ins>You look after trees.</ins>" in html
    assert "Ms Editor" in html and "They asked" in html
    answer = fill(client, f"{address}/history", {"number": "1"}, action=f"{address}/restore")
    assert answer.headers["Location"] == address
    assert "You learn to look after parks." in client.get(address).get_data(as_text=True)
    assert _record(session).plain == "You look after trees."
    fill(client, address, {"do": "publish"})
    assert _record(session).plain == "You learn to look after parks."


def test_a_preview_shows_the_draft_in_another_language_without_changing_the_editors_own(
    client: FlaskClient, session: Session
) -> None:
    on_the_shelf(session, step("test-trade", "Test trade"), translations={"test-trade": {"ar": {"title": "حرفة"}}})
    address = "/staff/content/step/test-trade"
    fill(client, address, {"summary": "New <script>alert(1)</script> words", "do": "save"})
    html = client.get(f"{address}/preview?in=ar").get_data(as_text=True)
    assert "حرفة" in html and 'class="seen-as phone" lang="ar" dir="rtl"' in html and "This is a draft" in html
    assert "<script>alert" not in html and "New" in html
    assert 'class="seen-as laptop"' in client.get(f"{address}/preview?width=laptop").get_data(as_text=True)
    assert '<html lang="en-GB"' in client.get("/staff/content").get_data(as_text=True)


def test_a_preview_of_what_is_unfinished_says_what_is_missing(client: FlaskClient) -> None:
    fill(client, NEW, {"title": "Half", "do": "save"})
    fill(client, NEW, {**SHORT, "plain": "<b>Trees</b>", "do": "save"})
    shown = client.get("/staff/content/opportunity/garden-apprentice/preview").get_data(as_text=True)
    assert "Trees" in shown and "<b>Trees" not in shown
    html = client.get("/staff/content/opportunity/half/preview").get_data(as_text=True)
    assert "It cannot be shown yet" in html and "provider" in html


def test_words_in_another_language_stand_beside_the_english(client: FlaskClient, session: Session) -> None:
    fill(client, NEW, {**SHORT, "do": "publish"})
    address = "/staff/content/opportunity/garden-apprentice/words/ar"
    answer = fill(client, address, {"w-title": "بستاني متدرب", "q-title": "yes"})
    assert answer.status_code == 303
    row = session.query(Translation).one()
    assert (row.language, row.path, row.words, row.quality) == ("ar", "title", "بستاني متدرب", "reviewed")
    fill(client, "/staff/content/opportunity/garden-apprentice", {"title": "Parks apprentice", "do": "publish"})
    html = client.get(address).get_data(as_text=True)
    assert "The English has changed since" in html and "بستاني متدرب" in html
    assert "Parks apprentice" in client.get("/staff/content/stale").get_data(as_text=True)
    answer = fill(client, address, {"w-title": "متدرب الحدائق", "seen": "old"})
    assert answer.status_code == 409 and "متدرب الحدائق" in answer.get_data(as_text=True)


def test_something_is_withdrawn_and_made_public_again(client: FlaskClient, session: Session) -> None:
    fill(client, NEW, {**SHORT, "do": "publish"})
    address = "/staff/content/opportunity/garden-apprentice"
    fill(client, address, {"do": "withdraw"}, action=f"{address}/withdraw")
    assert _record(session) is None and "Withdrawn" in client.get("/staff/content").get_data(as_text=True)
    fill(client, address, {"do": "bring-back"}, action=f"{address}/withdraw")
    assert _record(session) is not None


def test_all_of_it_can_be_taken_out_as_files(client: FlaskClient) -> None:
    fill(client, NEW, {**SHORT, "do": "publish"})
    answer = client.get("/staff/content/export.zip")
    packed = zipfile.ZipFile(io.BytesIO(answer.data))
    assert "garden-apprentice" in packed.read("opportunities.yaml").decode()


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_form_that_gives_back_what_it_shows(client: FlaskClient, session: Session, kind: Kind) -> None:
    """Save what stands in the form unchanged: nothing of the record becomes other."""
    record = RECORDS[kind].model_validate(EXAMPLES[kind])
    on_the_shelf(session, record)
    assert client.get(f"/staff/content/{kind}/new").status_code == 200
    fill(client, f"/staff/content/{kind}/{record.id}", {"do": "save"})
    session.rollback()
    newest = session.query(Version).order_by(Version.number.desc()).first()
    assert newest is not None and RECORDS[kind].model_validate(newest.body) == record


SOURCE = {"code": "A", "address": "https://example.org/a", "checked": "2026-11-21", "grade": "A"}
EXAMPLES: dict[Kind, dict[str, Any]] = {
    Kind.step: step(
        "test-step",
        "A step",
        leads_to=({"to": "another", "kind": "restart"}, {"to": "third", "kind": "next"}),
        day=("One.", "Two."),
        tags=("he", "work-ready"),
        staff="Line one\n\nLine two",
    ).model_dump(mode="json"),
    Kind.entitlement: {
        "id": "test-bus",
        "title": "A bus pass",
        "help_kind": "money",
        "plain": "You pay less.",
        "amount_until": "2027-07-31",
        "rule": {"any": [{"f": "age", "between": [16, 24]}, {"f": "age", "gte": 25, "then": "ask"}]},
        "who": "vs_eet",
        "grade": "B",
        "sources": [SOURCE, {**SOURCE, "code": "B", "page_date": "May 2026"}],
    },
    Kind.contact: {"id": "testline", "title": "A line", "phone": "0800 100 900", "hours": "Monday to Friday"},
    Kind.opportunity: {
        "id": "test-job",
        "title": "A job",
        "type": "job",
        "plain": "Work.",
        "provider": "They",
        "provider_group": "external",
        "contact_role": "vs_eet",
        "online": True,
        "closes_at": "2026-12-24T17:30:00+00:00",
        "starts_at": "2027-07-01T09:00:00+01:00",
        "places": 0,
        "year_groups": ["Y12", "Y13"],
        "visibility": "signed_in",
    },
    Kind.event: {
        "id": "test-day",
        "title": "A day",
        "type": "taster_day",
        "plain": "Look round.",
        "host": "ARU",
        "starts_at": "2027-07-01T09:00:00+01:00",
        "ends_at": "2027-07-01T15:00:00+01:00",
        "year_groups": ["Y9"],
        "capacity": 12,
        "carer_place": False,
    },
}


def test_only_editors_change_what_everybody_reads(app: Flask, people: People, session: Session) -> None:
    on_the_shelf(session, step("test-trade", "Test trade"))
    for role in (Role.designated_teacher, Role.participation_worker, Role.young_person):
        person = people.young_person() if role is Role.young_person else people.adult(role)
        other = app.test_client()
        sign_in(app, other, person)
        for path in ("", "/step/test-trade", "/step/new", "/export.zip", "/step/test-trade/preview"):
            assert other.get(f"/staff/content{path}").status_code == 403, (role, path)


@pytest.mark.parametrize(
    "path", ["/party/new", "/step/none", "/step/none/history", "/opportunity/none/preview", "/step/none/words/ar"]
)
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(f"/staff/content{path}").status_code == 404


def test_what_has_closed_stands_on_the_list_to_look_at(client: FlaskClient) -> None:
    soon = (clock.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    fill(client, NEW, {**SHORT, "closes_at": soon, "do": "publish"})
    html = client.get("/staff/content/stale").get_data(as_text=True)
    assert "Garden apprentice" in html and "It is over, and is in no list any more" in html
    assert client.get("/staff/content/links").status_code == 200


def test_where_it_takes_two_the_first_only_hands_on(config: Settings) -> None:
    assert Settings.model_fields["two_person_publish"].default is True
    for app in open_app(config.model_copy(update={"two_person_publish": True})):
        from app.core.db import db

        session: Session = db.session  # type: ignore[assignment]
        people = People(session)
        first, second = (app.test_client(), app.test_client())
        for made, name in ((first, "Ms First"), (second, "Mr Second")):
            sign_in(app, made, people.adult(Role.virtual_school, name), way="worker")
        answer = fill(first, NEW, {**SHORT, "do": "publish"})
        address = "/staff/content/opportunity/garden-apprentice"
        assert answer.headers["Location"] == address
        assert "Waits for a second person" in first.get("/staff/content").get_data(as_text=True)
        assert _record(session) is None
        assert fill(second, address, {"do": "publish"}).headers["Location"] == "/staff/content#opportunity"
        assert _record(session).title == "Garden apprentice"
        # Words in another language too.
        words = f"{address}/words/ar"
        fill(first, words, {"w-title": "بستاني متدرب", "q-title": "yes", "do": "save"})
        assert session.query(Translation).count() == 0
        assert "words to check: Arabic" in first.get("/staff/content").get_data(as_text=True)
        html = first.get(words).get_data(as_text=True)
        assert "Waits for a second person" in html and "Publish it" not in html
        assert "It waits for you to read it." in second.get(words).get_data(as_text=True)
        fill(second, words, {"do": "publish"})
        session.rollback()
        assert session.query(Translation).one().words == "بستاني متدرب"
        assert "words to check" not in first.get("/staff/content").get_data(as_text=True)


@pytest.mark.parametrize(
    ("kind", "as_public"),
    [
        (Kind.opportunity, ("Good to know", "How to ask", "Start")),
        (Kind.event, ("Good to know", "12 places left", "Thursday 1 July 2027")),
        (Kind.entitlement, ("Who to ask", "How we know this")),
        (Kind.contact, ("0800 100 900",)),
    ],
)
def test_a_preview_is_the_page_that_the_public_will_see(
    client: FlaskClient, session: Session, kind: Kind, as_public: tuple[str, ...]
) -> None:
    record = RECORDS[kind].model_validate(EXAMPLES[kind])
    on_the_shelf(session, record)
    html = client.get(f"/staff/content/{kind}/{record.id}/preview").get_data(as_text=True)
    assert record.title in html
    for words in as_public:
        assert words in html
    assert client.get(f"/staff/content/{kind}/{record.id}/preview?in=ar").status_code == 200
    assert session.query(Opportunity).count() == 0


def test_a_link_that_is_gone_stands_first_in_the_list(client: FlaskClient, session: Session) -> None:
    for name in ("a", "b"):
        source = {**SOURCE, "address": f"https://example.org/{name}"}
        on_the_shelf(
            session,
            RECORDS[Kind.entitlement].model_validate(
                {**EXAMPLES[Kind.entitlement], "id": f"test-{name}", "sources": [source]}
            ),
        )
    page = "/staff/content/links"
    assert "gone" not in client.get(page).get_data(as_text=True)
    fine, gone = "https://example.org/a", "https://example.org/b"
    keep_answers(session, {fine: Answer.fine, gone: Answer.gone})
    session.commit()
    html = client.get(page).get_data(as_text=True)
    assert "1 address is gone." in html and html.index(gone) < html.index(fine)
    keep_answers(session, {fine: Answer.fine, gone: Answer.fine})
    session.commit()
    assert "is gone" not in client.get(page).get_data(as_text=True)
