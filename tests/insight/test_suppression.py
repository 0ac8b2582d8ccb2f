"""Small numbers: the handbook's own test values, and that no sum gives a hidden one away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.insight.suppression import HIDDEN, T, count, parts, share


@pytest.mark.parametrize(
    ("n", "d", "shown"),
    [
        (0, 0, ("z", "0", "z")),
        (2, 4, ("c", "c", "c")),
        (3, 8, ("c", "8", "c")),
        (0, 12, ("c", "12", "c")),
        (12, 12, ("c", "12", "c")),
        (4, 30, ("c", "30", "c")),
        (27, 30, ("c", "30", "c")),
        (24, 30, ("24", "30", "80%")),
        (6, 12, ("6", "12", "50%")),
        (7, 50, ("7", "50", "14%")),
        (0, 25, ("0", "25", "0%")),
        (25, 25, ("25", "25", "100%")),
        (38, 100, ("38", "100", "38%")),
    ],
)
def test_a_share_is_shown_as_the_handbook_says(n: int, d: int, shown: tuple[str, str, str]) -> None:
    cell = share(n, d)
    assert (cell.n, cell.d, cell.rate) == shown


@pytest.mark.parametrize(
    ("values", "shown"),
    [([14, 9, 3], ["14", "c", "c"]), ([2, 3, 40], ["c", "c", "c"]), ([0, 4, 40], ["0", "c", "c"])],
)
def test_parts_of_a_total_are_hidden_as_the_handbook_says(values: list[int], shown: list[str]) -> None:
    assert parts(values) == shown


def test_a_count_of_few_is_hidden_and_of_nobody_is_no_secret() -> None:
    assert [count(n).n for n in (0, 1, 5, 6)] == ["0", "c", "c", "6"]
    assert count(40, people=3).n == "c"


@given(st.lists(st.integers(0, 40), min_size=2, max_size=8))
def test_no_hidden_part_comes_out_by_taking_the_others_away(values: list[int]) -> None:
    shown = parts(values)
    hidden = [value for value, text in zip(values, shown, strict=True) if text == HIDDEN]
    assert all(not 0 < value < T for value, text in zip(values, shown, strict=True) if text != HIDDEN)
    if hidden and any(value for value, text in zip(values, shown, strict=True) if text != HIDDEN):
        assert len(hidden) >= 2 and sum(hidden) >= T
