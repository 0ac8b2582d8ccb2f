"""Small numbers: the handbook's own test values, and that no sum gives a hidden one away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.insight import dropin_table, heard_views
from app.insight.heard_figures import Count
from app.insight.suppression import HIDDEN, Place, Shown, T, apart, count, parts, share


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


# -- one figure beside another ----------------------------------------------------------------------------------------


def test_what_is_hidden_in_one_figure_is_not_the_other_ones_denominator() -> None:
    shown = heard_views.shown({"V1": Count(27, 30), "V2": Count(20, 27)})
    assert (shown["V1"], shown["V2"]) == (Shown("c", "30", "c"), Shown("c", "c", "c"))
    shown = heard_views.shown({"V1": Count(24, 30), "V2": Count(12, 24)})
    assert (shown["V1"].text, shown["V2"].text) == ("24 / 30 · 80%", "12 / 24 · 50%")
    shown = heard_views.shown({"V4": Count(20, 30), "V5": Count(23, 30)})
    assert (shown["V4"].text, shown["V5"].text) == ("20 / 30 · 67%", "c / 30")


def voices(children: int) -> Iterator[dict[str, Count]]:
    """Every way in which a term's voices can be: who spoke, whose meeting has a day, who was early."""
    for spoke in range(children + 1):
        for dated in range(spoke + 1):
            for early in range(dated + 1):
                yield {"V1": Count(spoke, children), "V2": Count(early, dated)}


def meetings(held: int) -> Iterator[dict[str, Count]]:
    """Every way in which a term's meetings can be: who was there, and who else took part."""
    for heard in range(held + 1):
        for there in range(heard + 1):
            yield {"V4": Count(there, held), "V5": Count(heard, held)}


@pytest.mark.parametrize("worlds", [voices, meetings])
@pytest.mark.parametrize("people", [12, 19, 20, 30])
def test_nobody_who_sees_the_page_can_tell_a_hidden_number(worlds: type, people: int) -> None:
    """Of all that could be behind what is shown, no hidden number is the same in each, nor one of two."""
    behind: dict[tuple[tuple[str, Shown], ...], list[dict[str, Count]]] = defaultdict(list)
    for world in worlds(people):
        behind[tuple(heard_views.shown(world).items())].append(world)
    assert any(cell.hidden for page in behind for _code, cell in page)
    for page, possible in behind.items():
        for code, cell in page:
            if cell.n == HIDDEN:
                assert len({world[code].n for world in possible}) > 2, (page, code)
            if cell.d == HIDDEN:
                assert len({world[code].d for world in possible}) > 2, (page, code)


TABLES = [
    (heard_views.FOLLOWS, heard_views.BESIDE),
    (dropin_table._FOLLOWS, dropin_table._BESIDE),
]


@pytest.mark.parametrize(("follows", "beside"), TABLES)
@given(data=st.data())
def test_no_two_figures_that_belong_together_show_what_one_of_them_hides(
    follows: tuple[tuple[Place, Place], ...], beside: tuple[tuple[Place, Place], ...], data: st.DataObject
) -> None:
    codes = sorted({code for pair in (*follows, *beside) for code, _which in pair})
    drawn = {code: sorted(data.draw(st.tuples(st.integers(0, 60), st.integers(0, 60)))) for code in codes}
    numbers = {(code, which): drawn[code]["nd".index(which)] for code in codes for which in "nd"}
    cells = apart({code: share(*drawn[code]) for code in codes}, numbers, follows, beside)

    def hidden(place: Place) -> bool:
        return getattr(cells[place[0]], place[1]) == HIDDEN

    assert not [pair for pair in follows if hidden(pair[1]) and not hidden(pair[0])]
    for one, other in (*follows, *beside):
        if not (hidden(one) or hidden(other)):
            assert numbers[one] == numbers[other] or abs(numbers[one] - numbers[other]) >= T
    assert all(cell.rate == HIDDEN for cell in cells.values() if HIDDEN in (cell.n, cell.d))
