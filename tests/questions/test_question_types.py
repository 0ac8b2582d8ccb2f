"""Each type of question reads, keeps, shows and feeds an answer, and loses nothing on the way."""

import datetime
import json
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.questions.cleaning import MOST_CHARACTERS, clean
from app.questions.library import library
from app.questions.schema import Question
from app.questions.text import OWN_WORDS
from app.questions.types import TYPES, Unreadable, askable, type_of
from app.questions.types.faces5 import FACES
from app.questions.wording import Wording

QuestionMaker = Callable[..., Question]

MARKUP = "<script>alert('x')</script> & <b>\"me\"</b>"


def form(**fields: str | list[str]) -> MultiDict[str, str]:
    sent: MultiDict[str, str] = MultiDict()
    for name, value in fields.items():
        sent.setlist(name.rstrip("_"), value if isinstance(value, list) else [value])
    return sent


def parse(question: Question, **fields: str | list[str]) -> Any:
    return type_of(question).parse(form(**fields), question)


def english(set_id: str = "secondary") -> Wording:
    return Wording(library().latest(set_id), "en-GB")


def bank_question(set_id: str, question_id: str) -> Question:
    return library().latest(set_id).question(question_id)


ASKED = {
    "faces5": bank_question("secondary", "sec-how"),
    "choice": bank_question("meeting", "mt-interpreter"),
    "multi": bank_question("secondary", "sec-strengths"),
    "scale": bank_question("secondary", "sec-belong"),
    "short-text": bank_question("secondary", "sec-proud"),
    "long-text": bank_question("secondary", "sec-goal"),
    "date": bank_question("secondary", "sec-goal").model_copy(update={"type": "date"}),
}
words_typed = st.text(max_size=60)


@st.composite
def answers(draw: st.DrawFn) -> tuple[Question, MultiDict[str, str]]:
    """A question of any type with a form that answers it, or leaves it."""
    question = ASKED[draw(st.sampled_from(sorted(ASKED)))]
    codes = question.option_codes
    if question.type == "date":
        day = draw(st.none() | st.dates(min_value=datetime.date(1900, 1, 1)))
        return question, form(day=str(day.day), month=str(day.month), year=str(day.year)) if day else form()
    if not codes:
        return question, form(answer=draw(words_typed))
    picked = draw(st.lists(st.sampled_from(codes), max_size=len(codes) if question.type == "multi" else 1, unique=True))
    text = draw(words_typed) if "else" in codes and ("else" in picked or question.type == "multi") else ""
    return question, form(answer=picked, else_=text)


@given(answers())
def test_an_answer_comes_back_from_storage_as_it_went_in(answer: tuple[Question, MultiDict[str, str]]) -> None:
    question, sent = answer
    kind = type_of(question)
    value = kind.parse(sent, question)
    assert kind.from_json(json.loads(json.dumps(kind.to_json(value)))) == value


@given(answers())
def test_a_page_opened_again_gives_the_same_answer(answer: tuple[Question, MultiDict[str, str]]) -> None:
    question, sent = answer
    kind = type_of(question)
    value = kind.parse(sent, question)
    assert kind.parse(MultiDict(kind.filled(value)), question) == value


@given(answers())
def test_an_empty_answer_has_no_words_and_every_other_has_some(answer: tuple[Question, MultiDict[str, str]]) -> None:
    question, sent = answer
    kind = type_of(question)
    value = kind.parse(sent, question)
    assert kind.is_empty(value) == (kind.words(value, question, english()) == [])
    assert kind.is_empty(value) == (kind.feed(value, question, english(), english()) == {"kind": "skipped"})
    assert set(kind.codes(value)) <= set(question.option_codes)


@pytest.mark.parametrize("type_name", sorted(ASKED))
@pytest.mark.parametrize("fields", [{}, {"answer": ""}, {"day": "", "month": " ", "year": ""}])
def test_nothing_given_is_an_empty_answer_and_no_mistake(type_name: str, fields: dict[str, str]) -> None:
    question = ASKED[type_name]
    assert type_of(question).is_empty(parse(question, **fields))


@given(st.sampled_from(["short-text", "long-text"]), st.text())
def test_every_word_is_kept(type_name: str, text: str) -> None:
    value = parse(ASKED[type_name], answer=text)
    assert value.text == clean(text, lines=type_name == "long-text")


@pytest.mark.parametrize("type_name", ["short-text", "long-text"])
@pytest.mark.parametrize(
    "text", [MARKUP, "a" * MOST_CHARACTERS, "ትምህርቲ ጽቡቕ እዩ 🙂", "می\u200cخواهم \u200fدرس", "Hôm nay vui"]
)
def test_words_of_any_script_and_markup_come_back_as_typed(type_name: str, text: str) -> None:
    question = ASKED[type_name]
    value = parse(question, answer=text)
    kind = type_of(question)
    assert kind.filled(value) == {"answer": [unicodedata.normalize("NFC", text)]}
    assert [(one.text, one.language) for one in kind.words(value, question, english())] == [(text, OWN_WORDS)]
    assert kind.feed(value, question, english(), english()) == {"kind": "text", "text_original": text}


@pytest.mark.parametrize("type_name", ["short-text", "long-text", "multi", "choice"])
def test_too_many_words_are_told_and_all_of_them_shown_again(type_name: str) -> None:
    question = ASKED[type_name]
    text = "b" * (MOST_CHARACTERS + 7) + "\x00 "
    field = "answer" if type_name.endswith("text") else "else"
    with pytest.raises(Unreadable) as refused:
        type_of(question).parse(MultiDict({field: text}), question)
    assert str(refused.value.message) == "Make it shorter by 7 letters. All your words are still here."
    # All of it, but for the one sign that no page can hold.
    assert refused.value.kept[field] == ["b" * (MOST_CHARACTERS + 7) + " "]


def test_markup_beside_something_else_comes_back_as_typed() -> None:
    question = ASKED["multi"]
    value = parse(question, answer=["creative", "else"], else_=MARKUP)
    assert type_of(question).filled(value) == {"answer": ["creative", "else"], "else": [MARKUP]}
    assert [str(text) for text in type_of(question).words(value, question, english())] == [
        "Creative",
        "Something else",
        MARKUP,
    ]


def test_picked_options_stand_in_the_order_of_the_question() -> None:
    assert parse(ASKED["multi"], answer=["funny", "creative", "funny"]).codes == ("creative", "funny")


def test_words_beside_an_unticked_something_else_count_as_ticking_it() -> None:
    assert parse(ASKED["multi"], answer=["creative"], else_="drumming").codes == ("creative", "else")
    assert parse(ASKED["choice"], else_="Makaton").codes == ("else",)


def test_words_left_beside_another_choice_are_asked_about_and_never_sent_unseen() -> None:
    with pytest.raises(Unreadable) as refused:
        parse(ASKED["choice"], answer="bsl", else_="my cousin helps")
    assert str(refused.value.message).startswith("Pick “Something else”")
    assert refused.value.kept == {"answer": ["bsl"], "else": ["my cousin helps"]}


@pytest.mark.parametrize("type_name", ["faces5", "choice", "multi", "scale"])
def test_a_code_that_is_not_on_the_page_is_told_kindly_and_kept(type_name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        parse(ASKED[type_name], answer="<b>nope</b>")
    assert str(refused.value.message).startswith("Pick from the answers on this page.")
    assert refused.value.kept["answer"] == ["<b>nope</b>"]


@pytest.mark.parametrize("type_name", ["faces5", "choice", "scale"])
def test_two_answers_where_one_is_asked_are_told_kindly(type_name: str) -> None:
    question = ASKED[type_name]
    with pytest.raises(Unreadable, match="Pick just one"):
        parse(question, answer=list(question.option_codes[:2]))


def test_a_face_is_fed_as_its_word_and_never_as_a_number() -> None:
    question = ASKED["faces5"]
    for code in FACES:
        fed = type_of(question).feed(parse(question, answer=code), question, english(), english())
        assert fed["kind"] == "choice"
        assert fed["choice_codes"] == [code]
        assert not any(isinstance(part, int) for part in fed.values())


def test_a_scale_is_fed_as_a_step_of_five_with_its_words() -> None:
    question = ASKED["scale"]
    fed = type_of(question).feed(parse(question, answer="s4"), question, english(), english())
    assert fed == {
        "kind": "scale",
        "choice_codes": ["s4"],
        "choice_labels_en": ["Mostly"],
        "scale_value": 4,
        "scale_max": 5,
    }


def test_a_choice_is_fed_with_english_labels_and_the_own_words() -> None:
    question = ASKED["choice"]
    fed = type_of(question).feed(
        parse(question, answer="else", else_="إشارة"),
        question,
        english("meeting"),
        Wording(library().latest("meeting"), "ar"),
    )
    assert fed == {
        "kind": "choice",
        "choice_codes": ["else"],
        "choice_labels_en": ["Something else"],
        "text_original": "إشارة",
    }


@pytest.mark.parametrize(
    ("day", "month", "year"), [("3", "2", "2027"), ("٠٣", "٢", "٢٠٢٧"), ("۳", "۲", "۲۰۲۷"), (" 3 ", "\u200f2", "2027")]
)
def test_a_date_is_read_in_any_digits(day: str, month: str, year: str) -> None:
    value = parse(ASKED["date"], day=day, month=month, year=year)
    assert value.date == datetime.date(2027, 2, 3)


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        ("31", "2", "2027"),
        ("3", "", ""),
        ("3", "13", "2027"),
        ("3", "2", "27"),
        ("three", "2", "2027"),
        ("-3", "2", "2027"),
        ("1_0", "2", "2027"),
        ("9" * 5000, "2", "2027"),
        ("²", "2", "2027"),
    ],
)
def test_a_date_that_cannot_be_is_asked_for_again_with_what_was_typed(day: str, month: str, year: str) -> None:
    with pytest.raises(Unreadable) as refused:
        parse(ASKED["date"], day=day, month=month, year=year)
    assert str(refused.value.message) == "We could not read that date. Try day, month, year."
    assert refused.value.kept == {"day": [day], "month": [month], "year": [year]}


def test_a_date_is_shown_with_its_weekday_and_in_plain_digits() -> None:
    question = ASKED["date"]
    value = parse(question, day="3", month="2", year="2027")
    shown = {
        language: str(type_of(question).words(value, question, Wording(library().latest("secondary"), language))[0])
        for language in ("en-GB", "pl", "fa-AF", "xx-nowhere")
    }
    assert shown["en-GB"] == shown["xx-nowhere"] == "Wednesday, 3 February 2027"
    assert shown["pl"] == "środa, 3 lutego 2027"
    assert "2027" in shown["fa-AF"]


def test_types_that_cannot_be_asked_yet_say_so(a_question: QuestionMaker) -> None:
    assert [name for name, kind in TYPES.items() if not kind.askable] == ["drawing", "audio"]
    assert not askable(a_question("drawing"))
    assert askable(a_question("faces5"))
