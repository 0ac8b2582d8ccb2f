"""The words of the bank in somebody's language, and what happens where there are none."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questions.library import Library, library, load
from app.questions.text import Text
from app.questions.wording import (
    Wording,
    age_group,
    chain,
    face,
    honest_line,
    notice,
    notices_for,
    place_name,
    section_heading,
    section_name,
    sharing_label,
)

PERSIAN = """
set: secondary
version: 1
language: fa
quality: reviewed
questions:
  sec-proud: {ask: "به چه چیزی افتخار می‌کنی؟"}
  sec-how: {ask: "{school} چطور است؟"}
"""
DARI = """
set: secondary
version: 1
language: fa-AF
quality: draft-machine
questions:
  sec-how: {ask: "مکتب چطور است؟"}
"""
POLISH = """
set: primary
version: 1
language: pl
quality: draft-human
questions:
  pri-feel-school: {ask: "Jak się czujesz w {school:loc}?", help: "Twarz: {school:ins}"}
  pri-bother: {options: {all-fine: "Nie, wszystko w porządku"}}
"""
POLISH_WORDS = """
version: 1
language: pl
places: {school: "szkoła"}
places_loc: {school: "szkole"}
faces: {good: "Dobrze"}
"""


@pytest.fixture
def translated(spoilt: Path) -> Library:
    for language, name, text in (
        ("fa", "secondary.1.yaml", PERSIAN),
        ("fa-AF", "secondary.1.yaml", DARI),
        ("pl", "primary.1.yaml", POLISH),
        ("pl", "words.1.yaml", POLISH_WORDS),
    ):
        (spoilt / language).mkdir(exist_ok=True)
        (spoilt / language / name).write_text(text, encoding="utf-8")
    return load(spoilt)


def wording(bank: Library, set_id: str, language: str, **names: str) -> Wording:
    return Wording(bank.latest(set_id), language, library=bank, **names)


def test_a_question_speaks_of_the_place_where_somebody_learns(bank: Library) -> None:
    question = bank.latest("primary").question("pri-feel-school")
    words = {place: wording(bank, "primary", "en-GB", place=place).ask(question).text for place in ("school", "place")}
    assert words == {
        "school": "How do you feel about school?",
        "place": "How do you feel about the place you learn?",
    }


def test_a_name_that_somebody_chose_stands_in_the_question(bank: Library) -> None:
    question = bank.latest("early-years").question("ey-point-face")
    assert wording(bank, "early-years", "en-GB", name="Zoë").ask(question).text == "Zoë, which face is nursery?"


def test_a_name_nobody_gave_never_breaks_a_page(bank: Library) -> None:
    question = bank.latest("secondary").question("sec-goal")
    assert wording(bank, "secondary", "en-GB").ask(question).text.endswith("by the end of …?")
    odd = question.model_copy(update={"ask": "What about {nobody:loc} and {} and {0} and {a"})
    assert wording(bank, "secondary", "en-GB").ask(odd).text == "What about … and {} and … and {a"


def test_a_name_that_looks_like_a_placeholder_is_left_alone(bank: Library) -> None:
    question = bank.latest("early-years").question("ey-smile")
    assert "{school}" in wording(bank, "early-years", "en-GB", name="{school}").ask(question).text


def test_dari_falls_back_to_farsi_and_then_to_english_and_says_so(translated: Library) -> None:
    secondary = translated.latest("secondary")
    dari = wording(translated, "secondary", "fa-AF")
    assert [dari.ask(secondary.question(one)).language for one in ("sec-how", "sec-proud", "sec-goal")] == [
        "fa-AF",
        "fa",
        "en-GB",
    ]


def test_no_other_language_stands_in_for_another() -> None:
    assert chain("ckb") == ("ckb", "en-GB")
    assert chain("en-GB") == ("en-GB",)
    assert chain("fa-AF") == ("fa-AF", "fa", "en-GB")


def test_a_place_takes_its_grammatical_case_where_the_language_has_one(translated: Library) -> None:
    question = translated.latest("primary").question("pri-feel-school")
    polish = wording(translated, "primary", "pl")
    assert polish.ask(question) == Text("Jak się czujesz w szkole?", "pl")
    assert polish.help(question) == Text("Twarz: szkoła", "pl")


def test_options_fall_back_one_by_one(translated: Library) -> None:
    question = translated.latest("primary").question("pri-bother")
    polish = wording(translated, "primary", "pl")
    assert [text.language for _, text in polish.options(question)] == ["pl", "en-GB", "en-GB", "en-GB"]


def test_faces_have_the_shared_words(translated: Library) -> None:
    question = translated.latest("primary").question("pri-feel-school")
    polish = wording(translated, "primary", "pl")
    assert polish.option(question, "good") == Text("Dobrze", "pl")
    assert polish.option(question, "hard") == Text("Hard", "en-GB")


def test_an_option_that_is_not_known_is_shown_as_it_is(bank: Library) -> None:
    primary = bank.latest("primary")
    for question_id in ("pri-bother", "pri-feel-school"):
        assert wording(bank, "primary", "en-GB").option(primary.question(question_id), "gone").text == "gone"


def test_the_quality_of_a_translation_is_known(translated: Library) -> None:
    assert wording(translated, "primary", "pl").quality() == "draft-human"
    assert wording(translated, "primary", "ckb").quality() is None
    assert wording(translated, "primary", "pl").quality("en-GB") == "draft-human"
    assert wording(translated, "secondary", "fa-AF").quality("fa") == "reviewed"


def test_the_languages_of_the_bank_are_listed_english_first(translated: Library) -> None:
    assert translated.languages() == ("en-GB", "fa", "fa-AF", "pl")


def test_sharing_is_said_in_words_for_the_age() -> None:
    assert sharing_label("unsent", age_group("primary"), "en-GB").text == "Do not send it"
    assert sharing_label("unsent", age_group("post16"), "en-GB").text == "Keep it to myself"


def test_the_honest_line_is_said_in_full() -> None:
    assert honest_line("en-GB").text.startswith("If we think you or someone else could be hurt")


def test_a_notice_names_the_people_who_will_read() -> None:
    said = notice("primary", "en-GB", dt="Ms A", sw="Mr B").text
    assert "Ms A, Mr B, … and the Virtual School team" in said


def test_an_add_on_adds_its_line_to_the_notice_for_the_age() -> None:
    assert notices_for(["post16-neet", "ucic", "meeting"]) == ["post16", "ucic"]
    assert notices_for(["primary", "meeting"]) == ["primary"]


def test_sections_speak_to_the_young_person_and_keep_their_own_name() -> None:
    assert section_heading("about-me", "en-GB").text == "About you"
    assert section_name("learning-progress", "en-GB").text == "Learning and progress"
    assert section_heading("never-heard-of", "en-GB").text == "never-heard-of"


@given(st.text(max_size=12), st.text(max_size=12))
def test_no_language_and_no_key_breaks_a_page(key: str, language: str) -> None:
    one = library().latest("ucic")
    Wording(one, language, place=key).ask(one.questions[0])
    for said in (face(key, language), place_name(key, language), notice(key, language), section_heading(key, language)):
        assert isinstance(said.text, str)
