"""'What can I get?' as somebody walks it: the form, the questions after it, what comes back, the letter."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.pathways import entitlement_views
from app.people.models import Role
from tests.factories import People, sign_in
from tests.forms import fields_of, fill
from tests.people.tokens import csrf

GUIDE = "/pathways/what-can-i-get"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def results(page: TestResponse) -> dict[str, str]:
    """Return what the page says of each entitlement, by id."""
    assert page.status_code == 200, page.status_code
    html = page.get_data(as_text=True)
    return dict(re.findall(r'id="([a-z0-9-]+)" data-result="(yes|ask|no)"', html))


def walk(client: FlaskClient, data: dict[str, str], more: dict[str, str] | None = None) -> TestResponse:
    """Answer the form, and the questions after it when there are some."""
    page = client.post(GUIDE, data={**data, "csrf_token": csrf(client)})
    html = page.get_data(as_text=True)
    if "A little more" not in html and "القليل بعد" not in html:
        return page
    action, fields = fields_of(html, action=GUIDE)
    for name, value in (more or {}).items():
        assert name in fields, f"{name} was not asked"
        fields[name] = value
    return client.post(action, data=fields)


def test_a_child_of_nine_in_care_gets_the_plan_and_an_advocate(client: FlaskClient) -> None:
    found = results(walk(client, {"age": "9", "year": "Y4", "care": "in"}))
    assert found["pep"] == "yes"
    assert found["advocacy"] == "yes"
    assert found["pp-plus"] == "ask"
    assert found["bursary-16-19-vg"] == "no"


def test_the_list_of_all_help_stands_without_answers_and_each_has_its_anchor(client: FlaskClient) -> None:
    html = client.get(GUIDE).get_data(as_text=True)
    for key in ("pep", "bursary-16-19-vg", "he-bursary-la", "advocacy"):
        assert f'id="{key}"' in html
    assert "staying-close" not in html
    assert "verify" not in html and "unsourced" not in html


def test_a_sum_has_its_year_in_words_and_one_whose_year_is_over_says_ask(client: FlaskClient) -> None:
    html = client.get(GUIDE).get_data(as_text=True)
    assert "from April 2026 to March 2027" in html
    assert "£1,200" not in html and "The amount changes each year" in html
    with time_machine.travel(datetime(2027, 4, 1, 12, tzinfo=UTC), tick=False):
        assert "£12.71" in html and "£12.71" not in client.get(GUIDE).get_data(as_text=True)


@pytest.mark.parametrize("typed", ["abc", "-4", "160", "1e3", "١٦x", "16.5"])
def test_an_age_that_cannot_be_read_is_asked_again_kindly_and_the_rest_is_kept(client: FlaskClient, typed: str) -> None:
    page = fill(client, GUIDE, {"age": typed, "care": "left", "year": "Y12"})
    html = page.get_data(as_text=True)
    assert page.status_code == 422
    assert "Type your age in numbers" in html
    _action, fields = fields_of(html, action=GUIDE)
    assert (fields["age"], fields["care"], fields["year"]) == (typed, "left", "Y12")


def test_an_age_in_the_figures_of_another_script_is_read(client: FlaskClient) -> None:
    assert results(walk(client, {"age": "١٧", "care": "in"}))["pep"] == "yes"


def test_an_empty_form_is_asked_for_one_answer(client: FlaskClient) -> None:
    page = fill(client, GUIDE, {})
    assert page.status_code == 422
    assert "Answer one question or more" in page.get_data(as_text=True)


def test_year_14_counts_as_after_year_13_and_made_up_values_as_not_said(client: FlaskClient) -> None:
    _action, fields = fields_of(client.get(GUIDE).get_data(as_text=True), action=GUIDE)
    odd = {"age": "18", "year": "Y14", "care": "dragon", "status": "martian", "turned": "maybe"}
    page = client.post(GUIDE, data={**fields, **odd})
    assert page.status_code == 200
    assert results(page)["pp-plus"] == "no"


def test_the_birthday_is_asked_only_when_it_changes_something(client: FlaskClient) -> None:
    assert "Have you had a birthday since 31 August?" in fill(client, GUIDE, {"age": "19"}).get_data(as_text=True)
    assert "birthday" not in fill(client, GUIDE, {"age": "12"}).get_data(as_text=True)
    person = {"age": "19", "care": "left", "now": "p16_education", "abroad": "no"}
    # Handbook 7, T02 and T03: born on 31 August against 1 September.
    assert results(walk(client, person, {"turned": "no", "care_more": "long"}))["bursary-16-19-vg"] == "no"
    assert results(walk(client, person, {"turned": "yes", "care_more": "long"}))["bursary-16-19-vg"] == "yes"
    with time_machine.travel(datetime(2027, 8, 10, 12, tzinfo=UTC), tick=False):
        assert "still to come this August" in fill(client, GUIDE, {"age": "18"}).get_data(as_text=True)


def test_who_is_not_sure_how_long_they_were_in_care_still_gets_what_all_in_care_get(client: FlaskClient) -> None:
    found = results(walk(client, {"age": "17", "care": "in", "now": "p16_education"}))
    assert (found["pep"], found["bursary-16-19-vg"], found["pa-to-25"]) == ("yes", "yes", "ask")


def test_who_looks_for_a_place_sees_what_they_would_get_on_another_way(client: FlaskClient) -> None:
    person = {"age": "20", "care": "left", "now": "neet_seeking"}
    now = results(walk(client, person, {"care_more": "long"}))
    then = walk(client, {**person, "next": "apprenticeship", "had_app_bursary": "no"}, {"care_more": "long"})
    assert (now["app-care-bursary"], results(then)["app-care-bursary"]) == ("no", "yes")
    assert "This is what you could get as an apprentice." in then.get_data(as_text=True)


def test_what_matters_later_stands_apart_until_somebody_plans_for_it(client: FlaskClient) -> None:
    html = walk(client, {"age": "13", "year": "Y9", "care": "in"}).get_data(as_text=True)
    later = html[html.index("For later") :]
    assert 'id="sfe-fee-loan"' in later and 'id="pep"' not in later
    planned = walk(client, {"age": "13", "year": "Y9", "care": "in", "next": "he"}).get_data(as_text=True)
    assert "For later" not in planned


def test_a_no_says_what_would_change_it(client: FlaskClient) -> None:
    html = walk(client, {"age": "12", "year": "Y7", "care": "in"}).get_data(as_text=True)
    not_now = html[html.index("Not for me right now") :]
    assert "It is for people aged 16 to 24." in not_now
    assert "You must be 16 to 17 on 31 August before the course." in not_now


def test_a_no_because_of_papers_is_shown_open_with_other_ways_and_whom_to_ask(client: FlaskClient) -> None:
    person = {"age": "19", "care": "left", "abroad": "yes", "next": "he"}
    page = walk(client, person, {"status": "asylum_pending", "care_more": "long", "turned": "no"})
    html = page.get_data(as_text=True)
    found = results(page)
    # Handbook 7, T13.
    assert (found["sfe-fee-loan"], found["sanctuary-scholarship"]) == ("no", "ask")
    papers = html[html.index('id="papers"') : html.index("Not for me right now")]
    assert 'id="sfe-fee-loan"' in papers and "sanctuary scholarship" in papers and "lawyer" in papers
    assert "Loan: you pay it back" in papers
    assert "This is information, not legal advice." in html


def test_who_is_british_is_not_told_that_papers_stand_in_the_way(client: FlaskClient) -> None:
    html = walk(client, {"age": "17", "year": "Y13", "abroad": "no", "next": "he"}).get_data(as_text=True)
    assert 'id="papers"' not in html


def test_not_saying_is_the_first_answer_and_gives_ask(client: FlaskClient) -> None:
    person = {"age": "18", "care": "left", "abroad": "yes", "next": "he"}
    more = fill(client, GUIDE, person).get_data(as_text=True)
    assert more.index("I'd rather not say".replace("'", "&#39;")) < more.index("I asked for asylum")
    # Handbook 7, T12.
    found = results(walk(client, person, {"care_more": "long", "turned": "no"}))
    assert [found[key] for key in ("sfe-fee-loan", "sanctuary-scholarship", "ucas-fee")] == ["ask", "ask", "yes"]


def test_papers_are_asked_about_only_when_somebody_says_they_came_here(client: FlaskClient) -> None:
    for answer in ("", "no", "unsure"):
        assert "What do your papers say?" not in fill(client, GUIDE, {"age": "18", "abroad": answer}).get_data(
            as_text=True
        )


def test_changing_an_answer_brings_the_form_back_filled(client: FlaskClient) -> None:
    page = walk(client, {"age": "17", "care": "in", "abroad": "yes"}, {"care_more": "long", "status": "refugee"})
    action, fields = fields_of(page.get_data(as_text=True), action=GUIDE)
    back = client.post(action, data={**fields, "change": "1"})
    assert back.status_code == 200
    action, again = fields_of(back.get_data(as_text=True), action=GUIDE)
    assert (again["age"], again["care"], again["abroad"]) == ("17", "in", "yes")
    more = client.post(action, data=again).get_data(as_text=True)
    _action, kept = fields_of(more, action=GUIDE)
    assert (kept["care_more"], kept["status"]) == ("long", "refugee")


# -- signed in --------------------------------------------------------------------------------------------------------


def test_what_the_council_knows_is_in_the_form_already_and_can_be_changed(
    app: Flask, client: FlaskClient, people: People
) -> None:
    sign_in(app, client, people.young_person(year_group=12, place="college", care="care_leaver"))
    _action, fields = fields_of(client.get(GUIDE).get_data(as_text=True), action=GUIDE)
    assert (fields["year"], fields["care"], fields["now"], fields["age"]) == ("Y12", "left", "p16_education", "")
    assert "status" not in fields and fields["abroad"] == ""


def test_a_carer_answers_for_somebody_they_care_for_and_nothing_of_the_last_one_is_left(
    app: Flask, client: FlaskClient, people: People
) -> None:
    sign_in(app, client, people.adult(Role.carer), way="link")
    assert "Asking for someone you care for?" in client.get(GUIDE).get_data(as_text=True)
    walk(client, {"age": "17", "care": "in", "abroad": "yes"}, {"status": "refugee"})
    _action, fields = fields_of(client.get(GUIDE).get_data(as_text=True), action=GUIDE)
    assert {name: value for name, value in fields.items() if value and name != "csrf_token"} == {}


# -- the letter -------------------------------------------------------------------------------------------------------


def letter_for(client: FlaskClient, key: str, **data: str) -> tuple[str, dict[str, str]]:
    """Walk to the letter about one entitlement; return its page and the fields of its form."""
    person = {"age": "17", "care": "in", "now": "p16_education", "abroad": "yes"}
    page = walk(client, person, {"care_more": "long", "status": "asylum_pending"})
    action, fields = fields_of(page.get_data(as_text=True), action=f"{GUIDE}/letter")
    html = client.post(action, data={**fields, "entitlement": key, **data}).get_data(as_text=True)
    _action, fields = fields_of(html, action=f"{GUIDE}/letter.pdf")
    return html, dict(fields)


def test_a_letter_says_what_and_by_which_rule_and_nothing_about_the_person(client: FlaskClient) -> None:
    html, _fields = letter_for(client, "bursary-16-19-vg")
    letter = html[html.index('class="letter"') : html.index("letter.pdf")]
    assert "16 to 19 bursary for students in care" in letter
    assert "16-to-19-bursary-fund-guide" in letter
    for word in ("asylum", "17", "refugee", "papers"):
        assert word not in letter.replace("2017", ""), word


def test_a_letter_in_another_language_has_the_english_one_with_it(client: FlaskClient) -> None:
    client.get("/?lang=ar")
    html, _fields = letter_for(client, "bursary-16-19-vg")
    assert re.findall(r'class="letter" lang="([\w-]+)" dir="(\w+)"', html) == [("ar", "rtl"), ("en-GB", "ltr")]


def test_the_letter_as_a_pdf_bears_the_name_only_if_one_is_typed(client: FlaskClient) -> None:
    from pypdf import PdfReader

    _html, fields = letter_for(client, "bursary-16-19-vg")
    made = client.post(f"{GUIDE}/letter.pdf", data={**fields, "name": "Kestrel\r\nX"})
    assert made.mimetype == "application/pdf" and made.headers["Cache-Control"].startswith("no-store")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(made.data)).pages)
    assert "Kestrel X" in text and "bursary" in text and "asylum" not in text


def test_two_letters_at_once_are_not_pressed_in_one_worker_and_the_page_can_be_printed(client: FlaskClient) -> None:
    _html, fields = letter_for(client, "bursary-16-19-vg")
    with entitlement_views._press:
        page = client.post(f"{GUIDE}/letter.pdf", data=fields)
    assert page.status_code == 200 and "You can print this page." in page.get_data(as_text=True)


def test_a_letter_about_nothing_is_not_found(client: FlaskClient) -> None:
    _html, fields = letter_for(client, "bursary-16-19-vg")
    for key in ("no-such-thing", "staying-close", ""):
        assert client.post(f"{GUIDE}/letter", data={**fields, "entitlement": key}).status_code == 404
