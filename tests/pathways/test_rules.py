"""Who can get what: the handbook's own rule tests, ages at their edges, what a rule may say, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pathways import bank, entitlement_guide, rule_checks, rules
from app.pathways.ages import academic_age, age_on, counting_day, possible_academic_ages
from app.pathways.coded_values import FIELDS, Shape
from app.pathways.entitlement_reasons import reasons
from app.pathways.models import Kind
from app.pathways.records import Entitlement
from app.pathways.rules import Result, RuleError, capped, evaluate, evaluate_possible, failing, parse, parse_shared

TODAY = date(2026, 11, 21)
SHARED = rules.shared()
RECORDS = {key: one.record for key, one in bank.of(Kind.entitlement).items() if isinstance(one.record, Entitlement)}
RULES = {key: record.parsed for key, record in RECORDS.items()}


def says(key: str, **facts: Any) -> str:
    """Return what an entitlement's rule, or a shared rule, says of somebody."""
    if key not in RULES:
        return evaluate(SHARED[key], facts, SHARED).name
    return capped(evaluate(RULES[key], facts, SHARED), RECORDS[key].grade).name


def aged(born: date, on: date = TODAY) -> dict[str, int]:
    """Return what the rules count of somebody's age on a day."""
    return {"age": age_on(born, on), "academic_age": academic_age(born, on)}


# What the handbook's table leaves unsaid of a person is stated here: British and here for years where nothing is said of papers,
# never had the apprentices' bursary, and the course in the pathway plan.
BRITISH: dict[str, Any] = {"immigration": "uk_irish", "uk_residence_years": 18}
COLLEGE = {"eet_status": "p16_education"}
TO_UNIVERSITY = {"interest": frozenset({"he"})}
LEFT_CARE = {"care_status": "former_relevant"}
IN_SEPTEMBER = date(2026, 9, 15)
HANDBOOK: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    (
        "T01",
        {"age": 16, "academic_age": 16, "care_status": "eligible", "immigration": "asylum_pending", **COLLEGE},
        {"bursary-16-19-vg": "yes", "sfe-fee-loan": "no", "pep": "yes"},
    ),
    (
        "T02",
        {**aged(date(2007, 8, 31), IN_SEPTEMBER), **LEFT_CARE, **BRITISH, **COLLEGE},
        {"bursary-16-19-vg": "no", "asf-first-l2-l3": "ask"},
    ),
    ("T03", {**aged(date(2007, 9, 1), IN_SEPTEMBER), **LEFT_CARE, **BRITISH, **COLLEGE}, {"bursary-16-19-vg": "yes"}),
    (
        "T04",
        {"age": 18, "academic_age": 18, "care_status": "qualifying", **BRITISH, **COLLEGE},
        {"bursary-16-19-vg": "ask", "pa-to-25": "ask"},
    ),
    (
        "T05",
        {"age": 18, "academic_age": 18, **LEFT_CARE, "immigration": "uasc_leave", **COLLEGE},
        {"bursary-16-19-vg": "ask", "sfe-fee-loan": "ask", "ring-fenced-pcc": "yes"},
    ),
    (
        "T06",
        {
            **aged(date(2001, 11, 22)),
            "age_at_start": age_on(date(2001, 11, 22), TODAY),
            **LEFT_CARE,
            "eet_status": "apprenticeship",
            "had_app_bursary": False,
        },
        {"app-care-bursary": "yes", "nmw": "yes"},
    ),
    (
        "T07",
        {
            **aged(date(2001, 11, 21)),
            "age_at_start": age_on(date(2001, 11, 21), TODAY),
            **LEFT_CARE,
            "eet_status": "apprenticeship",
            "had_app_bursary": False,
        },
        {"app-care-bursary": "no", "pa-to-25": "no"},
    ),
    ("T08", {"age": 20, **LEFT_CARE, "he_course_years": 1, "in_pathway_plan": True}, {"he-bursary-la": "no"}),
    (
        "T09",
        {"age": 20, **LEFT_CARE, "he_course_years": 2, "in_pathway_plan": True, "eet_status": "he"},
        {"he-bursary-la": "yes", "he-vacation-home": "yes"},
    ),
    ("T10", {"age": 22, "age_at_start": 22, **LEFT_CARE}, {"app-age-extensions": "yes"}),
    (
        "T11",
        {"age": 22, "age_at_start": 22, "care_status": "never", "ehcp": False, **BRITISH},
        {"app-age-extensions": "no", "ring-fenced-pcc": "no"},
    ),
    (
        "T12",
        {"age": 18, **LEFT_CARE, "immigration": "prefer_not_say", **TO_UNIVERSITY},
        {"sfe-fee-loan": "ask", "sanctuary-scholarship": "ask", "ucas-fee": "yes"},
    ),
    (
        "T13",
        {"age": 19, **LEFT_CARE, "immigration": "asylum_pending", **TO_UNIVERSITY},
        {"sfe-fee-loan": "no", "sanctuary-scholarship": "ask", "can_work": "ask"},
    ),
    (
        "T14",
        {"age": 21, **LEFT_CARE, "immigration": "humanitarian_protection", **TO_UNIVERSITY},
        {"sfe-fee-loan": "yes", "sfe-living-loan": "yes"},
    ),
    (
        "T15",
        {
            "age": 17,
            "academic_age": 17,
            "care_status": "eligible",
            "ehcp": True,
            "eet_status": "neet_seeking",
            **BRITISH,
        },
        {
            "supported-internship-right": "yes",
            "september-guarantee": "yes",
            "bursary-16-19-vg": "no",
            "pep": "yes",
        },
    ),
]


@pytest.mark.parametrize(("name", "person", "expected"), HANDBOOK, ids=[one[0] for one in HANDBOOK])
def test_the_handbooks_rule_tests_come_out_as_it_says(
    name: str, person: dict[str, Any], expected: dict[str, str]
) -> None:
    assert {key: says(key, **person) for key in expected} == expected, name


# -- ages -------------------------------------------------------------------------------------------------------------


def test_who_is_born_on_29_february_is_a_year_older_on_1_march_in_a_common_year() -> None:
    born = date(2008, 2, 29)
    assert [age_on(born, day) for day in (date(2026, 2, 28), date(2026, 3, 1))] == [17, 18]
    assert [age_on(born, day) for day in (date(2028, 2, 28), date(2028, 2, 29))] == [19, 20]


def test_the_year_is_added_on_the_birthday_itself() -> None:
    assert [age_on(date(2008, 11, 21), date(2026, 11, day)) for day in (20, 21)] == [17, 18]
    with pytest.raises(ValueError, match="before the birth"):
        age_on(date(2026, 11, 22), TODAY)


def test_born_on_31_august_counts_a_year_older_than_born_on_1_september() -> None:
    assert academic_age(date(2007, 8, 31), IN_SEPTEMBER) == 19
    assert academic_age(date(2007, 9, 1), IN_SEPTEMBER) == 18


def test_the_course_year_turns_on_1_august() -> None:
    assert counting_day(date(2027, 7, 31)) == date(2026, 8, 31)
    assert counting_day(date(2027, 8, 1)) == date(2027, 8, 31)
    assert counting_day(TODAY) == date(2026, 8, 31)


def test_age_and_academic_age_can_differ_in_the_same_term() -> None:
    born = date(2008, 10, 3)
    assert (age_on(born, TODAY), academic_age(born, TODAY)) == (18, 17)


@given(born=st.dates(date(2000, 1, 1), date(2012, 12, 31)), day=st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_an_age_alone_leaves_the_true_academic_age_open_and_the_birthday_settles_it(born: date, day: date) -> None:
    age, turn = age_on(born, day), counting_day(day)
    assert academic_age(born, day) in possible_academic_ages(age, day)
    between = age_on(born, turn) != age
    assert possible_academic_ages(age, day, birthday_between=between) == {academic_age(born, day)}


# -- more of the handbook's cases -------------------------------------------------------------------------------------


def test_who_turns_18_in_a_course_with_the_asylum_decision_open_is_told_to_ask_never_no() -> None:
    person = {"academic_age": 17, "care_status": "eligible", "immigration": "asylum_pending", **COLLEGE}
    assert says("bursary-16-19-vg", age=17, **person) == "yes"
    assert says("bursary-16-19-vg", age=18, **{**person, "care_status": "former_relevant"}) == "ask"


def test_who_moves_out_of_the_area_has_no_tiger_pass_and_who_does_not_say_is_told_to_ask() -> None:
    assert says("tiger-pass", age=16, lives_in_cpca_area=True) == "yes"
    assert says("tiger-pass", age=16, lives_in_cpca_area=False) == "no"
    assert says("tiger-pass", age=16) == "ask"


def test_a_year_held_back_or_moved_up_changes_only_what_hangs_on_the_year() -> None:
    held_back = {"age": 17, "academic_age": 17, "year_group": "Y11", "care_status": "eligible"}
    assert says("pp-plus", **held_back) == "ask"  # grade C: never a plain yes
    assert says("pp-plus", **{**held_back, "year_group": "Y12"}) == "no"
    assert says("september-guarantee", **held_back) == "yes"


@pytest.mark.parametrize("key", sorted(key for key in RULES if key != "staying-close"))
def test_nothing_known_is_ask_and_never_no(key: str) -> None:
    assert says(key) == "ask"


def test_a_law_that_has_not_started_gives_nothing_and_is_not_shown() -> None:
    assert says("staying-close") == "no"
    assert "staying-close" not in entitlement_guide.everything(_published(), TODAY)


def test_what_rests_on_a_weak_page_is_never_a_plain_yes() -> None:
    for key, record in RECORDS.items():
        if record.grade in ("C", "D"):
            assert capped(Result.yes, record.grade) is Result.ask, key
    assert RECORDS["uc-while-studying"].grade == "C"


# -- sums and days to look again --------------------------------------------------------------------------------------


def _published() -> dict[str, Any]:
    from app.pathways.shelf import Published

    return {key: Published(one.record, one.translations) for key, one in bank.of(Kind.entitlement).items()}


def test_a_sum_is_shown_to_its_last_day_and_hidden_after_it() -> None:
    for day, shown in ((date(2027, 7, 31), True), (date(2027, 8, 1), False)):
        assert entitlement_guide.everything(_published(), day)["sfe-fee-loan"].has_sum is shown
    for day, shown in ((date(2027, 3, 31), True), (date(2027, 4, 1), False)):
        assert entitlement_guide.everything(_published(), day)["nmw"].has_sum is shown
    # The 2025-26 guide is the newest seen (handbook 9).
    assert not entitlement_guide.everything(_published(), TODAY)["bursary-16-19-vg"].has_sum


def test_sums_end_with_the_school_year_or_the_tax_year_and_stand_in_no_other_text() -> None:
    for key, record in RECORDS.items():
        if record.amount_until is None:
            continue
        assert (record.amount_until.month, record.amount_until.day) in ((7, 31), (3, 31), (12, 31)), key
        for path, words, _mark in record.texts():
            assert "£" not in words or path == "amount", f"{key} {path} keeps the sum when its year is over"


def test_what_rests_on_papers_says_ask_once_it_should_have_been_looked_at_again() -> None:
    record = RECORDS["sfe-fee-loan"]
    for status, before in (("asylum_pending", Result.no), ("refugee", Result.yes)):
        known = {"immigration": frozenset({status})}
        assert entitlement_guide.result_of(record, known, date(2027, 1, 4)) is before
        assert entitlement_guide.result_of(record, known, date(2027, 1, 5)) is Result.ask


# -- one of several ---------------------------------------------------------------------------------------------------


def test_what_holds_for_all_that_somebody_can_be_holds_and_else_it_is_ask() -> None:
    pep, bursary = RULES["pep"], RULES["app-care-bursary"]
    either = {"care_status": frozenset({"in_care_16_17_short", "eligible"}), "age": frozenset({17})}
    assert evaluate_possible(pep, either, SHARED) is Result.yes
    more = {"age_at_start": frozenset({17}), "eet_status": frozenset({"apprenticeship"})}
    assert evaluate_possible(bursary, {**either, **more, "had_app_bursary": frozenset({False})}, SHARED) is Result.ask


_VALUES = {
    name: st.sampled_from([*field.values, "unknown"])
    if field.shape is Shape.code
    else st.frozensets(st.sampled_from(field.values))
    if field.shape is Shape.codes
    else st.booleans()
    if field.shape is Shape.truth
    else st.integers(0, 32)
    if field.shape is Shape.number
    else st.dates(date(2026, 1, 1), date(2028, 1, 1))
    for name, field in FIELDS.items()
}
PEOPLE = st.fixed_dictionaries({}, optional=_VALUES)


@given(person=PEOPLE, forgotten=st.sets(st.sampled_from(sorted(FIELDS))))
def test_not_knowing_never_takes_away_and_never_promises(person: dict[str, Any], forgotten: set[str]) -> None:
    less = {name: value for name, value in person.items() if name not in forgotten}
    for key, rule in RULES.items():
        with_all, with_less = evaluate(rule, person, SHARED), evaluate(rule, less, SHARED)
        assert isinstance(with_all, Result)
        assert with_less is not Result.no or with_all is Result.no, key
        assert with_less is not Result.yes or with_all is Result.yes, key


@given(person=PEOPLE)
def test_every_no_can_be_explained_in_plain_words(person: dict[str, Any]) -> None:
    known = {name: frozenset({value}) for name, value in person.items()}
    for key, rule in RULES.items():
        because = failing(rule, known, SHARED)
        is_no = evaluate_possible(rule, known, SHARED) is Result.no and key != "staying-close"
        assert bool(because) == is_no, key


def test_every_test_that_can_fail_has_its_reason(app: Any) -> None:
    with app.test_request_context():
        for key, rule in RULES.items():
            for test in rules.parts_of(rules.unfolded(rule, SHARED)):
                if isinstance(test, rules.FieldTest):
                    assert reasons([test]), f"{key}: {test}"


# -- gaps and contradictions ------------------------------------------------------------------------------------------


def test_the_rules_have_no_gaps_and_no_contradictions() -> None:
    assert rule_checks.problems(RULES.items(), SHARED) == []


IN_CARE = {"f": "care_status", "in": ["eligible"]}


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ({"all": [IN_CARE, {"f": "care_status", "in": ["never"]}]}, "nobody can get it|nobody of whom"),
        ({"all": [{"f": "age", "lt": 16}, {"f": "age", "gte": 18}]}, "nobody can get it|nobody of whom"),
        ({"any": [IN_CARE, {"f": "care_status", "not_in": ["eligible"]}]}, "tests nothing"),
    ],
)
def test_a_rule_that_contradicts_itself_is_found(rule: dict[str, Any], problem: str) -> None:
    found = rule_checks.problems([("it", parse(rule, frozenset()))], {})
    assert any(any(one in fault for one in problem.split("|")) for fault in found), found


def test_two_records_with_one_id_and_a_shared_rule_nobody_uses_are_found() -> None:
    rule = parse(IN_CARE, frozenset())
    found = rule_checks.problems([("one", rule), ("one", rule)], {"idle": rule})
    assert found == ["one: two records have this id", "idle: no rule uses this shared rule"]


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ({"f": "shoe_size", "gte": 40}, "no field"),
        ({"f": "care_status", "in": ["adopted_abroad"]}, "no value of care_status"),
        ({"f": "year_group", "in": ["Y14"]}, "no value of year_group"),
        ({"f": "care_status", "in": ["unknown"]}, "no value of care_status"),
        ({"f": "care_status", "like": "in%"}, "cannot be tested"),
        ({"f": "age", "is": True}, "cannot be tested"),
        ({"f": "age", "between": [25, 16]}, "low end"),
        ({"f": "age", "between": [16]}, "two ends"),
        ({"f": "age", "gte": "16"}, "no value of age"),
        ({"f": "age", "gte": True}, "no value of age"),
        ({"f": "age", "in": []}, "list of different"),
        ({"f": "age", "in": [16, 16]}, "list of different"),
        ({"f": "age", "gte": 16, "lt": 18}, "one operator"),
        ({"f": "age"}, "one operator"),
        ({"f": "ehcp", "is": "yes"}, "no value of ehcp"),
        ({"f": "course_start", "gte": "soon"}, "no value of course_start"),
        ({"all": []}, "list of parts"),
        ({"all": [IN_CARE], "any": [IN_CARE]}, "exactly one"),
        ({"all": [IN_CARE], "none": []}, "stands alone"),
        ({"ref": "can_fly"}, "no shared rule"),
        ({"const": "always"}, "no constant"),
        ({**IN_CARE, "then": "yes"}, "can only be 'ask'"),
        ({}, "exactly one"),
        ("yes", "a rule is a mapping"),
    ],
)
def test_a_rule_with_anything_odd_in_it_is_refused(rule: Any, why: str) -> None:
    with pytest.raises(RuleError, match=why):
        parse(rule, frozenset({"can_work"}))


def test_shared_rules_that_lead_back_to_themselves_are_refused() -> None:
    with pytest.raises(RuleError, match="back to itself: a -> b -> a"):
        parse_shared({"a": {"ref": "b"}, "b": {"any": [{"ref": "a"}, IN_CARE]}})


# -- records ----------------------------------------------------------------------------------------------------------


def _body(**changes: Any) -> dict[str, Any]:
    return {**RECORDS["tiger-pass"].model_dump(mode="json"), **changes}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"sources": []}, "needs a source"),
        ({"plain": "It is £5. unsourced: verify"}, "staff note"),
        ({"amount": "later years unsourced: verify"}, "staff note"),
        ({"amount": "none", "amount_year": ""}, "leave amount"),
        ({"help_kind": "loan"}, "always called a loan"),
        ({"who": "the_mayor"}, "nobody called"),
        ({"rule": {"f": "age", "near": 16}}, "cannot be tested"),
        ({"from_year": "Y14"}, "no school year"),
        ({"surprise": 1}, "Extra inputs"),
    ],
)
def test_a_record_that_must_not_be_published_is_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Entitlement.model_validate(_body(**changes))


def test_every_record_has_its_sources_with_day_and_grade_and_tells_the_public_only_what_is_sure() -> None:
    assert len(RECORDS) == 39
    assert Entitlement.model_validate(_body()) == RECORDS["tiger-pass"]
    for record in RECORDS.values():
        assert record.sources and all(source.checked == TODAY for source in record.sources)
        assert not any("verify" in words for _path, words, _mark in record.texts())
