"""Which questions are asked: held against a second, plain reading of the handbook's rules."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.questions.conditions import Facts, is_asked, minutes, path
from app.questions.library import BANK, Library, library, read_yaml
from app.questions.schema import QuestionSet

SETS = library().ids()
FLAGS = ("moving", "new-to-care", "ucic", "interpreter", "sen")
FACE_CODES = ["really-good", "good", "ok", "hard", "really-hard", "not-sure"]
Codes = dict[str, list[str]]

yes_or_no: st.SearchStrategy[bool] = st.booleans()
facts_of_anybody = st.builds(
    Facts, st.none() | st.integers(min_value=-2, max_value=14), st.frozensets(st.sampled_from(FLAGS))
)


def should_be_asked(raw: dict[str, Any], question: dict[str, Any], codes: Codes, facts: Facts, short: bool) -> bool:
    """The rules read straight from the YAML, each question looking back to the one it hangs on."""
    if question["type"] in ("drawing", "audio") or (short and not question.get("short")):
        return False
    holds = []
    for key, wanted in (question.get("when") or {}).items():
        if key == "q":
            parent = next(one for one in raw["questions"] if one["id"] == wanted)
            holds += [should_be_asked(raw, parent, codes, facts, short), bool(codes.get(wanted))]
        elif key == "any":
            holds.append(bool(set(wanted) & set(codes.get(question["when"]["q"], []))))
        elif key == "not":
            holds.append(not set(wanted) & set(codes.get(question["when"]["q"], [])))
        elif key == "flag":
            holds.append(wanted in facts.flags)
        elif key == "year_min":
            holds.append(facts.year_group is not None and facts.year_group >= wanted)
        elif key == "year_max":
            holds.append(facts.year_group is not None and facts.year_group <= wanted)
        else:
            raise AssertionError(key)
    return all(holds)


@st.composite
def picks(draw: st.DrawFn, raw: dict[str, Any]) -> Codes:
    """Answers to any of a set's questions, whether they are asked or left over from an earlier way through."""
    codes = {}
    for question in raw["questions"]:
        options = list(question.get("options") or (FACE_CODES if question["type"] == "faces5" else []))
        if options:
            codes[question["id"]] = draw(st.lists(st.sampled_from(options), max_size=3, unique=True))
    return codes


@st.composite
def made_up_sets(draw: st.DrawFn) -> dict[str, Any]:
    """A set whose conditions hang on one another in every way the format allows."""
    questions: list[dict[str, Any]] = []
    options = ["a", "b", "c", "else"]
    for number in range(draw(st.integers(min_value=1, max_value=8))):
        when: dict[str, Any] = {}
        hangs_on_another = draw(yes_or_no)
        if questions and hangs_on_another:
            when["q"] = draw(st.sampled_from([one["id"] for one in questions]))
            for form in draw(st.lists(st.sampled_from(["any", "not"]), min_size=1, unique=True)):
                when[form] = draw(st.lists(st.sampled_from(options), min_size=1, unique=True))
        for key in draw(st.lists(st.sampled_from(["year_min", "year_max", "flag"]), max_size=2, unique=True)):
            when[key] = draw(st.sampled_from(FLAGS)) if key == "flag" else draw(st.integers(0, 13))
        questions.append(
            {
                "id": f"made-up-{number}",
                "ask": "What?",
                "type": "multi",
                "options": dict.fromkeys(options, "Words"),
                "section": "about-me",
                "skip": True,
                "age": 8,
                "default_share": "pep",
                "short": draw(yes_or_no),
                **({"when": when} if when else {}),
            }
        )
    return {"set": "made-up", "version": 1, "audience": "child", "who": "Nobody.", "questions": questions}


RAW = {set_id: read_yaml(BANK / f"{set_id}.1.yaml") for set_id in SETS}
any_raw_set = st.sampled_from(SETS).map(lambda set_id: RAW[set_id]) | made_up_sets()


@settings(max_examples=200, deadline=None)
@given(st.data(), facts_of_anybody, st.booleans())
def test_the_path_is_what_the_rules_say(data: st.DataObject, facts: Facts, short: bool) -> None:
    raw = data.draw(any_raw_set)
    codes = data.draw(picks(raw))
    expected = [one["id"] for one in raw["questions"] if should_be_asked(raw, one, codes, facts, short)]
    assert [question.id for question in path(QuestionSet.model_validate(raw), codes, facts, short)] == expected


@settings(max_examples=100, deadline=None)
@given(st.data(), facts_of_anybody, st.booleans())
def test_no_question_is_on_the_path_whose_condition_is_false(data: st.DataObject, facts: Facts, short: bool) -> None:
    raw = data.draw(any_raw_set)
    codes = data.draw(picks(raw))
    asked = path(QuestionSet.model_validate(raw), codes, facts, short)
    on_path = {question.id: codes.get(question.id, []) for question in asked}
    assert all(is_asked(question, on_path, facts) for question in asked)


@settings(max_examples=100, deadline=None)
@given(st.data(), facts_of_anybody)
def test_changing_an_answer_never_leaves_a_dead_branch(data: st.DataObject, facts: Facts) -> None:
    raw = data.draw(any_raw_set)
    question_set = QuestionSet.model_validate(raw)
    codes = data.draw(picks(raw))
    changed = data.draw(st.sampled_from([question.id for question in question_set.questions]))
    for now_picked in ([], data.draw(picks(raw)).get(changed, [])):
        after = path(question_set, {**codes, changed: now_picked}, facts)
        ids = {question.id for question in after}
        for question in after:
            assert question.when is None or question.when.q is None or question.when.q in ids
        # What was answered on a branch that is cut has no say in what is asked.
        visible = {
            question_id: picked for question_id, picked in {**codes, changed: now_picked}.items() if question_id in ids
        }
        assert path(question_set, visible, facts) == after


def ids_on_path(bank: Library, set_id: str, codes: Codes, facts: Facts, short: bool = False) -> set[str]:
    return {question.id for question in path(bank.latest(set_id), codes, facts, short)}


def test_a_child_who_is_bothered_is_asked_what_about_and_one_who_is_fine_is_not(bank: Library) -> None:
    year_4 = Facts(4)
    assert "pri-bother-more" in ids_on_path(bank, "primary", {"pri-bother": ["tell"]}, year_4)
    assert "pri-bother-more" not in ids_on_path(bank, "primary", {"pri-bother": ["all-fine"]}, year_4)
    assert "pri-bother-more" not in ids_on_path(bank, "primary", {}, year_4)


@pytest.mark.parametrize(
    ("year", "he", "next_step"), [(8, False, False), (9, True, False), (11, True, True), (None, False, False)]
)
def test_university_is_asked_from_year_9_and_the_next_step_in_year_11(
    bank: Library, year: int | None, he: bool, next_step: bool
) -> None:
    ids = ids_on_path(bank, "secondary", {}, Facts(year))
    assert ("sec-he" in ids, "sec-next-step" in ids) == (he, next_step)


def test_a_move_is_asked_about_only_when_one_is_coming(bank: Library) -> None:
    assert "pri-move-feel" in ids_on_path(bank, "primary", {}, Facts(6, frozenset({"moving"})))
    assert "pri-move-feel" not in ids_on_path(bank, "primary", {}, Facts(6))


def test_a_question_that_no_page_can_ask_is_on_no_path(bank: Library) -> None:
    everything = Facts(0, frozenset(FLAGS))
    assert "ey-picture" not in ids_on_path(bank, "early-years", {}, everything)


def test_the_short_path_is_as_long_as_the_handbook_says(bank: Library) -> None:
    assert len(path(bank.latest("primary"), {}, Facts(2), short=True)) == 8
    assert len(path(bank.latest("secondary"), {}, Facts(11), short=True)) == 6


def test_not_shows_a_question_only_after_an_answer_without_those_options(a_set: Callable[..., QuestionSet]) -> None:
    one = a_set(
        {"id": "drink", "type": "choice", "options": {"tea": "Tea", "milk": "Milk"}},
        {"id": "why", "type": "short-text", "when": {"q": "drink", "not": ["tea"]}},
    )
    asked = {answer: len(path(one, {"drink": [answer] if answer else []}, Facts(5))) for answer in ("milk", "tea", "")}
    assert asked == {"milk": 2, "tea": 1, "": 1}


@pytest.mark.parametrize(
    ("types", "expected"),
    [([], 0), (["faces5"], 1), (["faces5"] * 4, 1), (["long-text", "date"], 2), (["short-text"] * 3, 2)],
)
def test_the_time_it_takes_is_rounded_up_to_whole_minutes(
    a_question: Callable[..., Any], types: list[str], expected: int
) -> None:
    assert minutes([a_question(one) for one in types]) == expected


def test_a_short_path_is_told_to_be_a_few_minutes(bank: Library) -> None:
    assert 3 <= minutes(path(bank.latest("primary"), {}, Facts(2), short=True)) <= 5
