"""The way in, and the language of every page."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.people.models import Person, Role
from tests.factories import People
from tests.home.conftest import Signed, text_of


def test_languages_come_first_each_in_its_own_script(client: FlaskClient) -> None:
    html = text_of(client, "/")
    assert html.index("العربية") < html.index("I have a card or a link")
    assert 'lang="ar" dir="rtl"' in html


def test_a_language_link_keeps_the_place(client: FlaskClient) -> None:
    assert 'href="/privacy?lang=pl"' in text_of(client, "/privacy")


def test_arabic_is_read_from_the_right_and_stays_chosen(client: FlaskClient) -> None:
    assert '<html lang="ar" dir="rtl"' in text_of(client, "/?lang=ar")
    assert '<html lang="ar" dir="rtl"' in text_of(client, "/")


def test_the_language_somebody_chooses_is_kept_with_them(people: People, signed_in: Signed, session: Session) -> None:
    robin = people.young_person()
    assert '<html lang="ar" dir="rtl"' in text_of(signed_in(robin), "/home?lang=ar")
    session.expire_all()
    assert session.get_one(Person, robin.id).language == "ar"
    assert '<html lang="ar" dir="rtl"' in text_of(signed_in(robin), "/home")


@pytest.mark.parametrize("unknown", ["xx", "zz-ZZ", "<script>", "ti"])
def test_a_language_that_we_do_not_offer_changes_nothing(
    unknown: str, people: People, signed_in: Signed, session: Session
) -> None:
    senait = people.young_person("Senait", language="ti")
    client = signed_in(senait)
    page = client.get("/home", query_string={"lang": unknown})
    assert '<html lang="en-GB" dir="ltr"' in page.get_data(as_text=True)
    session.expire_all()
    assert session.get_one(Person, senait.id).language == "ti"


def test_somebody_who_is_signed_in_is_shown_the_way_to_their_page(people: People, signed_in: Signed) -> None:
    html = text_of(signed_in(people.young_person()), "/")
    assert "Go to my page" in html
    assert "I have a card or a link" not in html


def test_a_page_that_needs_a_sign_in_leads_here_with_a_calm_word(client: FlaskClient) -> None:
    html = client.get("/mine", follow_redirects=True).get_data(as_text=True)
    assert "Please sign in first." in html


@pytest.mark.parametrize("path", ["/", "/privacy", "/accessibility"])
@pytest.mark.parametrize("tag", ["en-GB", "ar", "pl"])
def test_the_open_pages_are_there_in_every_language(path: str, tag: str, client: FlaskClient) -> None:
    assert f'<html lang="{tag}"' in text_of(client, f"{path}?lang={tag}")


def test_staff_see_how_good_each_language_is(people: People, signed_in: Signed) -> None:
    html = text_of(signed_in(people.adult(Role.participation_worker)), "/staff/languages")
    assert "Machine draft" in html and "Wanted" in html and "ትግርኛ" in html


def test_a_child_does_not_get_the_staff_pages(people: People, signed_in: Signed) -> None:
    client = signed_in(people.young_person())
    assert client.get("/staff/languages").status_code == 403
    assert client.get("/staff/design").status_code == 403


def test_staff_see_every_part_of_the_look(people: People, signed_in: Signed) -> None:
    assert "Colours" in text_of(signed_in(people.adult(Role.designated_teacher)), "/staff/design")
