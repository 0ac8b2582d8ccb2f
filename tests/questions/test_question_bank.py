"""The bank that we ship: complete, unchanged in its ids and codes, and the same in every language."""

import re
from collections.abc import Iterator

import pytest

from app.questions.library import BANK, Library, library, load, read_yaml
from app.questions.schema import SECTIONS, Question, QuestionSet
from app.questions.types import TYPES, askable

# voice-questions.md section 6: questions in the set, questions in its short path.
COUNTS = {
    "primary": (21, 8),
    "secondary": (22, 6),
    "post16": (22, 7),
    "post16-neet": (18, 5),
    "early-years": (16, 6),
    "ucic": (18, 8),
    "meeting": (17, 7),
    # Without the last two, which are asked four weeks later: a later version brings them.
    "after-meeting": (12, 7),
    "carer": (20, 8),
    "key-worker": (17, 7),
}

# measures.md section 2.1: the answers that measures count. Faces: "the top two".
COUNTED = [
    ("V5", "meeting", "mt-speaks", "carer teacher sw advocate film read"),
    ("P3", "post16-neet", "neet-know-options", "s4 s5"),
    ("P4", "secondary", "sec-he", "keen curious visit not-me"),
    ("P4", "post16", "p16-he", "applying curious later not-me"),
    ("N4", "post16", "p16-fit", "change"),
    ("N4", "post16", "p16-warning", "want-help"),
    ("N4", "secondary", "sec-next-step", "no-plan worried"),
    ("N4", "post16", "p16-next", "no-plan"),
    ("N5", "post16-neet", "neet-supported", "s4 s5"),
]

LANGUAGES = [language for language in library().languages() if language != "en-GB"]


def every_set(bank: Library) -> Iterator[QuestionSet]:
    for set_id in bank.ids():
        for version in bank.versions(set_id):
            yield bank.version(set_id, version)


def placeholders(text: str | None) -> set[str]:
    """The names of placeholders, without the grammatical case that a translation may ask for."""
    return {name.partition(":")[0] for name in re.findall(r"\{([^}]*)\}", text or "")}


def test_the_bank_holds_the_sets_of_the_handbook(bank: Library) -> None:
    assert set(bank.ids()) == set(COUNTS)


@pytest.mark.parametrize("set_id", COUNTS)
def test_a_set_has_as_many_questions_as_the_handbook_counts(bank: Library, set_id: str) -> None:
    questions = bank.version(set_id, 1).questions
    assert (len(questions), sum(question.short for question in questions)) == COUNTS[set_id]


def test_an_id_belongs_to_one_set_only(bank: Library) -> None:
    ids = [question.id for set_id in bank.ids() for question in bank.latest(set_id).questions]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("measure", "set_id", "question_id", "codes"), COUNTED)
def test_what_measures_count_can_be_answered(
    bank: Library, measure: str, set_id: str, question_id: str, codes: str
) -> None:
    question = bank.latest(set_id).question(question_id)
    assert set(codes.split()) <= set(question.option_codes), measure


def test_only_the_early_years_picture_cannot_be_asked_yet(bank: Library) -> None:
    not_yet = [question.id for one in every_set(bank) for question in one.questions if not askable(question)]
    assert not_yet == ["ey-picture"]


def test_placeholders_are_those_that_wording_can_fill(bank: Library) -> None:
    for one in every_set(bank):
        for question in one.questions:
            for text in (question.ask, question.help, *question.options.values()):
                assert placeholders(text) <= {"school", "name", "term", "helper"}, question.id


def test_children_are_asked_in_sentences_without_acronyms_they_cannot_know(bank: Library) -> None:
    for one in every_set(bank):
        if one.audience == "child":
            for question in one.questions:
                assert not re.search(r"\b(SEND?|DT|IRO|VSH|UCiC|NEET)\b", f"{question.ask} {question.help}"), (
                    question.id
                )


def test_every_list_in_the_bank_is_open_to_something_else_or_says_that_it_is_closed(bank: Library) -> None:
    closed = {question.id for one in every_set(bank) for question in one.questions if question.closed}
    assert closed == {"p16-hear-about", "ucic-how-tell", "ucic-learned", "ucic-interpreter-who", "mt-when", "kw-space"}


def test_the_sections_stand_in_the_order_of_the_record(bank: Library) -> None:
    words = bank.words("en-GB")
    assert words is not None
    assert tuple(words.sections) == SECTIONS
    assert all(section.heading and section.name for section in words.sections.values())


def test_the_home_office_promise_waits_for_the_legal_team(bank: Library) -> None:
    words = bank.words("en-GB")
    assert words is not None
    assert "Home Office" not in words.notices["ucic"]


def test_every_type_in_the_bank_has_its_class(bank: Library) -> None:
    assert {question.type for one in every_set(bank) for question in one.questions} <= set(TYPES)


def test_the_bank_loads_in_the_same_way_twice() -> None:
    assert load(BANK).ids() == library().ids()
    assert library() is library()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("set_id", COUNTS)
def test_a_translation_has_the_same_questions_options_and_placeholders(
    bank: Library, language: str, set_id: str
) -> None:
    question_set = bank.version(set_id, 1)
    translation = bank.translation(set_id, 1, language)
    if translation is None:
        pytest.skip(f"{set_id} is not translated into {language} yet")
    assert set(translation.questions) == {question.id for question in question_set.questions}
    for question in question_set.questions:
        translated = translation.questions[question.id]
        assert set(translated.options) == set(question.options), question.id
        assert bool(translated.help) == bool(question.help), question.id
        for source, text in pairs_of(question, translated.ask, translated.help, dict(translated.options)):
            assert text, question.id
            assert placeholders(text) <= placeholders(source) | {"school"}, question.id
            assert placeholders(source) - {"school"} <= placeholders(text), question.id


def pairs_of(
    question: Question, ask: str | None, help: str | None, options: dict[str, str]
) -> list[tuple[str | None, str | None]]:
    pairs: list[tuple[str | None, str | None]] = [
        (question.ask, ask),
        *((question.options[code], options[code]) for code in question.options),
    ]
    return pairs + ([(question.help, help)] if question.help else [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_translated_words_have_the_same_keys_and_placeholders(bank: Library, language: str) -> None:
    source, words = bank.words("en-GB"), bank.words(language)
    assert source is not None
    if words is None:
        pytest.skip(f"the shared words are not translated into {language} yet")
    assert [gap for gap in words.missing() if not gap.startswith("sections.")] == []
    for kind, text in source.notices.items():
        assert placeholders(words.notices[kind]) == placeholders(text), kind


def test_codes_are_text_even_where_yaml_would_read_a_yes_or_a_no(bank: Library) -> None:
    for path in BANK.glob("*.yaml"):
        if path.name not in ("published.yaml",) and not path.name.startswith("words"):
            for question in read_yaml(path)["questions"]:
                assert all(isinstance(code, str) for code in question.get("options", {})), question["id"]
