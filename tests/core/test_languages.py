"""Which language a page speaks, and that it says so."""

from __future__ import annotations

from typing import Any

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core import languages
from app.core.languages import LANGUAGES, Quality
from app.people.models import Person
from tests.factories import People, sign_in


def spoken(client: FlaskClient, path: str = "/help", accept: str | None = None) -> tuple[str, str]:
    """Return the language and direction that a page says it has."""
    headers: dict[str, Any] = {"Accept-Language": accept} if accept else {}
    page = client.get(path, headers=headers, follow_redirects=True)
    root = html5lib.parse(page.get_data(as_text=True), namespaceHTMLElements=False)
    return root.get("lang"), root.get("dir")


def test_a_choice_wins_over_the_person_over_the_browser_over_english(
    app: Flask, client: FlaskClient, people: People
) -> None:
    assert spoken(client) == ("en-GB", "ltr")
    assert spoken(client, accept="pl-PL,pl;q=0.9") == ("pl", "ltr")
    sign_in(app, client, people.young_person(language="ar"))
    assert spoken(client, accept="pl") == ("ar", "rtl")
    assert spoken(client, "/help?lang=pl", accept="ar") == ("pl", "ltr")
    assert spoken(client, accept="ar") == ("pl", "ltr"), "a choice is kept"


def test_a_choice_is_kept_on_the_person_for_their_next_device(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    robin = people.young_person(language="en-GB")
    sign_in(app, client, robin)
    spoken(client, "/home?lang=ar")
    session.expire_all()
    assert session.get_one(Person, robin.id).language == "ar"
    other = app.test_client()
    sign_in(app, other, robin)
    assert spoken(other, "/home") == ("ar", "rtl")


def test_a_choice_before_signing_in_stays_with_this_device(client: FlaskClient) -> None:
    spoken(client, "/?lang=ar")
    assert spoken(client, "/sign-in") == ("ar", "rtl")


@pytest.mark.parametrize("unknown", ["xx", "tlh", "", "../../etc", "a" * 5000, "ar\x00", "\u202ear"])
def test_a_language_that_we_do_not_speak_changes_nothing(
    app: Flask, client: FlaskClient, people: People, session: Session, unknown: str
) -> None:
    robin = people.young_person(language="pl")
    sign_in(app, client, robin)
    page = client.get("/help", query_string={"lang": unknown})
    assert page.status_code == 200
    assert 'lang="pl"' in page.get_data(as_text=True)[:200]
    session.expire_all()
    assert session.get_one(Person, robin.id).language == "pl"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("prs", "fa-AF"),
        ("fa-AF", "fa-AF"),
        ("fa_IR", "fa"),
        ("ar-SY", "ar"),
        ("AR", "ar"),
        ("en", "en-GB"),
        ("en-US", "en-GB"),
        ("pt", "pt-PT"),
        ("ckb", "ckb"),
        ("ckb-IQ", "ckb"),
        ("ti-ER", "ti"),
    ],
)
def test_a_language_is_known_by_the_names_that_others_write(written: str, meant: str) -> None:
    found = languages.find(written)
    assert found is not None
    assert found.tag == meant


@pytest.mark.parametrize("kurmanji", ["ku", "ku-TR", "kmr"])
def test_sorani_never_stands_in_for_kurmanji(kurmanji: str) -> None:
    assert languages.find(kurmanji) is None


def test_a_page_may_hold_words_in_another_language_and_says_so(client: FlaskClient) -> None:
    tree = html5lib.parse(client.get("/?lang=ar").get_data(as_text=True), namespaceHTMLElements=False)
    named = {a.get("lang"): a.get("dir") for a in tree.iter("a") if a.get("lang")}
    assert named["en-GB"] == "ltr"
    assert named["ar"] == "rtl"


def test_switching_keeps_the_place_and_the_rest_of_the_address(client: FlaskClient) -> None:
    tree = html5lib.parse(client.get("/help?away=1").get_data(as_text=True), namespaceHTMLElements=False)
    address = next(a.get("href") for a in tree.iter("a") if a.get("lang") == "ar")
    assert address == "/help?away=1&lang=ar"
    again = html5lib.parse(client.get(address).get_data(as_text=True), namespaceHTMLElements=False)
    assert next(a.get("href") for a in again.iter("a") if a.get("lang") == "pl") == "/help?away=1&lang=pl"


def test_a_live_service_shows_no_draft_of_a_machine() -> None:
    live = languages.offered(live=True)
    assert languages.ENGLISH in live
    assert all(one.quality not in (Quality.draft_machine, Quality.draft_human, Quality.wanted) for one in live)
    draft = next(one for one in LANGUAGES if one.quality is Quality.draft_machine)
    assert draft in languages.offered(live=False)
    assert languages.choose([draft.tag], live=True) == languages.ENGLISH


def test_every_language_says_a_direction_and_a_locale_that_babel_knows() -> None:
    for one in LANGUAGES:
        assert one.direction in ("ltr", "rtl")
        assert one.locale.language == one.tag.split("-")[0]
        assert one.locale.text_direction == one.direction


def test_a_voice_of_a_device_reads_only_languages_it_can_be_trusted_with() -> None:
    may = {one.tag: one.spoken_by for one in LANGUAGES if one.spoken_by}
    assert may == {
        **{tag: tag for tag in ("ar", "pl", "fa", "vi", "ro", "uk")},
        **{"en-GB": "en", "pt-PT": "pt-pt"},
    }
    for never in ("ckb", "ps", "fa-AF", "ti", "", "xx"):
        assert languages.device_voice(never) == ""
    assert all(one.voice_checked_on for one in LANGUAGES)
