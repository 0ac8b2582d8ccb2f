"""Which sets a young person is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questions.choosing import AGE_SETS, set_for, short_by_default
from app.questions.library import library


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (-1, "early-years"),
        (0, "early-years"),
        (1, "primary"),
        (6, "primary"),
        (7, "secondary"),
        (11, "secondary"),
        (12, "post16"),
        (13, "post16"),
        (14, "post16"),
    ],
)
def test_the_school_year_chooses_the_set(year: int, expected: str) -> None:
    assert set_for(year, "in_care", ()) == [expected, "meeting"]


def test_somebody_who_is_not_in_education_is_asked_the_set_that_assumes_no_fault() -> None:
    assert set_for(12, "in_care", {"neet"}) == ["post16-neet", "meeting"]
    assert set_for(10, "in_care", {"neet"}) == ["secondary", "meeting"]


@pytest.mark.parametrize(("flags", "expected"), [(set(), "post16"), ({"neet"}, "post16-neet")])
def test_a_care_leaver_is_asked_the_post_16_questions(flags: set[str], expected: str) -> None:
    assert set_for(None, "care_leaver", flags)[0] == expected


def test_an_unaccompanied_child_is_asked_the_add_on_after_the_set_for_the_age() -> None:
    assert set_for(10, "in_care", {"ucic"}) == ["secondary", "ucic", "meeting"]


def test_a_worker_can_choose_another_set_by_hand() -> None:
    assert set_for(9, "in_care", {"ucic"}, override="primary") == ["primary", "ucic", "meeting"]


def test_a_choice_by_hand_that_means_nothing_is_passed_over() -> None:
    assert set_for(9, "in_care", (), override="retired-set") == ["secondary", "meeting"]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("nursery", "early-years"),
        ("college", "post16"),
        ("work", "post16"),
        ("school", "secondary"),
        ("place", "secondary"),
    ],
)
def test_without_a_school_year_the_place_decides(place: str, expected: str) -> None:
    assert set_for(None, "in_care", (), place=place)[0] == expected


@pytest.mark.parametrize(
    ("set_id", "year", "short"),
    [
        ("primary", 1, True),
        ("primary", 2, True),
        ("primary", 3, False),
        ("early-years", 0, False),
        ("meeting", 5, True),
        ("meeting", 8, False),
        ("ucic", 2, True),
        ("secondary", None, False),
    ],
)
def test_the_youngest_begin_with_the_short_path(set_id: str, year: int | None, short: bool) -> None:
    assert short_by_default(set_id, year) is short


@given(
    st.none() | st.integers(-3, 20),
    st.sampled_from(["in_care", "care_leaver"]),
    st.frozensets(st.sampled_from(["ucic", "neet", "moving"])),
    st.sampled_from(["school", "nursery", "college", "work", "place"]),
    st.none() | st.text(max_size=5) | st.sampled_from(AGE_SETS),
)
def test_everybody_is_asked_sets_that_exist_and_one_of_them_for_the_age(
    year: int | None, care: str, flags: frozenset[str], place: str, override: str | None
) -> None:
    chosen = set_for(year, care, flags, place, override)
    assert set(chosen) <= set(library().ids())
    assert len(set(chosen) & set(AGE_SETS)) == 1
