"""Plain words: hints while an adult writes to a young person, and the list that the Children in Care Council owns."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.people.models import Role
from app.wishes import plainness
from tests.factories import People, sign_in
from tests.forms import fill
from tests.people.tokens import csrf
from tests.wishes.conftest import Circle


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("How is your placement?", "placement"),
        ("PLACEMENT matters", "placement"),
        ("We plan contact on Sunday.", "contact"),
        ("All LAC children", "LAC"),
        ("Money from PP+ pays.", "PP+"),
        ("Your siblings can come", "siblings"),
        ("Ask the SENCo.", "SENCo"),
        ("Both SENCOs know.", "SENCo"),
        ("Your desirable outcomes", "desirable outcome"),
        ("Your target is set", "target"),
        ("Your SMART targets", "SMART target"),
        ("We plan transitions well.", "transition"),
        ("Two contacts a week", "contact"),
        ("A looked-after pupil", "looked-after"),
        ("Looked-after children", "looked after children"),
        ("It is in your ePEP", "ePEP"),
        ("UCiC can come", "UCiC"),
        ("The IROs met.", "IRO"),
    ],
)
def test_words_on_the_list_are_remarked_on(text: str, hint: str) -> None:
    assert hint in [one.word for one in plainness.look_with(plainness.first_words(), text).words]


@pytest.mark.parametrize(
    "text",
    [
        "I placed it there.",
        "He lacks a pen.",
        "A contactless card.",
        "Your PEP is on Tuesday. OK?",
        "Contact me or contact us. I will contact your mum.",
        "You looked after the plants.",
    ],
)
def test_words_that_only_look_alike_are_left_alone(text: str) -> None:
    assert not plainness.look_with(plainness.first_words(), text)


def test_short_forms_nobody_listed_are_asked_to_be_written_out() -> None:
    assert plainness.look_with({}, "The MASH will ring the EDTs.").unknown == ["MASH", "EDT"]


def test_a_word_is_remarked_on_once_by_the_longest_that_holds_it() -> None:
    for text, hint in (
        ("SMART targets", "SMART target"),
        ("siblings", "siblings"),
        ("looked-after child", "looked after child"),
    ):
        assert [one.word for one in plainness.look_with(plainness.first_words(), text).words] == [hint]


def test_the_reading_age_tells_a_childs_letter_from_a_policy() -> None:
    child = "You can go each week. I rang the club. They are glad. Jo takes you there by bus and I pay for it."
    policy = (
        "Following multidisciplinary consultation regarding extracurricular opportunities, appropriate arrangements "
        "are being considered in accordance with established organisational procedures and available resources."
    )
    easy, hard = plainness.reading_age(child), plainness.reading_age(policy)
    assert easy is not None and hard is not None and easy <= 9 and hard >= 16
    assert plainness.look_with({}, child).age is None


def test_a_few_words_have_no_reading_age_and_other_languages_are_not_judged(circle: Circle) -> None:
    assert plainness.reading_age("Extraordinary.") is None
    assert not plainness.look(circle.session, "placement LAC", "ar")


def test_what_is_typed_is_checked_and_not_kept(circle: Circle) -> None:
    browser = circle.browser(circle.teacher)
    data = {"csrf_token": csrf(browser), "words": "Your placement <b>", "language": "en-GB"}
    html = browser.post("/staff/plain-words", data=data, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "say ‘home’" in html and "<b>" not in html.replace("<p><b>", "") and 'name="anyway"' in html
    data["words"] = "Your home"
    assert browser.post("/staff/plain-words", data=data).get_data(as_text=True).strip() == ""


@pytest.fixture
def editor(circle: Circle, people: People) -> FlaskClient:
    browser = circle.app.test_client()
    sign_in(circle.app, browser, people.adult(Role.participation_worker, "Sam"), way="worker")
    return browser


def test_the_participation_worker_adds_a_word_and_workers_see_it_at_once(circle: Circle, editor: FlaskClient) -> None:
    page = "/staff/plain-words/list"
    assert fill(editor, page, {"word": "Bespoke", "instead": "made for you"}, action=page).status_code == 303
    assert [one.instead for one in plainness.look(circle.session, "A bespoke plan").words] == ["made for you"]
    assert fill(editor, page, {"word": "bespoke", "instead": "just for you"}, action=page).status_code == 303
    circle.session.expire_all()
    assert [one.instead for one in plainness.look(circle.session, "A bespoke plan").words] == ["just for you"]


def test_a_word_can_be_left_out_and_used_again(circle: Circle, editor: FlaskClient) -> None:
    data = {"csrf_token": csrf(editor), "word": "SEND", "instead": "extra help", "active": "no"}
    editor.post("/staff/plain-words/list", data=data)
    assert not plainness.look(circle.session, "The SEND plan")
    editor.post("/staff/plain-words/list", data={**data, "active": "yes"})
    circle.session.expire_all()
    assert plainness.look(circle.session, "The SEND plan")


def test_a_word_without_its_better_one_is_not_kept(editor: FlaskClient) -> None:
    page = "/staff/plain-words/list"
    assert fill(editor, page, {"word": "bespoke", "instead": " "}, action=page).status_code == 422


def test_a_teacher_does_not_change_the_list(circle: Circle) -> None:
    assert circle.browser(circle.teacher).get("/staff/plain-words/list").status_code == 403
