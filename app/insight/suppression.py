"""Hiding small numbers, so that a figure points to nobody (handbook, measures 3). Layer S: what may leave a caseworker's desk.

``T``, ``MIN_D`` and ``ALLNONE_D`` are this product's choice until the council's information governance team has settled them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

T = 6
MIN_D = 10
ALLNONE_D = 20
HIDDEN = "c"
NOT_APPLICABLE = "z"

# One number of a table: the figure's code, and which of its two it is, 'n' or 'd'.
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A numerator, a denominator and a rate as they may be shown; a hidden one is 'c', one that cannot be is 'z'."""

    n: str
    d: str = ""
    rate: str = ""

    @property
    def hidden(self) -> bool:
        """True when the numerator is hidden."""
        return self.n == HIDDEN

    @property
    def text(self) -> str:
        """The whole cell, for a table: '24 of 30 · 80%' without words that would need a language."""
        if not self.d:
            return self.n
        if self.n in (HIDDEN, NOT_APPLICABLE):
            return f"{self.n} / {self.d}" if self.n == HIDDEN and self.d != HIDDEN else self.n
        return f"{self.n} / {self.d} · {self.rate}"


def share(n: int, d: int, *, people: int | None = None) -> Shown:
    """Return n of d as it may be shown (rules 1 to 5). ``people``: how many persons stand behind it, when d counts visits."""
    if d == 0:
        return Shown(NOT_APPLICABLE, "0", NOT_APPLICABLE)
    if d < MIN_D or (people is not None and people < T):
        few = d < T or (people is not None and people < T)
        return Shown(HIDDEN, HIDDEN if few else str(d), HIDDEN)
    if n in (0, d):
        if d < ALLNONE_D:
            return Shown(HIDDEN, str(d), HIDDEN)
    elif n < T or 0 < d - n < T:
        return Shown(HIDDEN, str(d), HIDDEN)
    return Shown(str(n), str(d), f"{percent(n, d)}%")


def percent(n: int, d: int) -> int:
    """Return the rate as a whole number, halves up."""
    return (200 * n + d) // (2 * d)


def conceal(cell: Shown, which: str) -> Shown:
    """Return the cell with this number hidden and everything it could be worked out from; a hidden 'd' takes all with it."""
    if not cell.d:
        return Shown(HIDDEN)
    if which == "d":
        return Shown(HIDDEN, HIDDEN, HIDDEN)
    return cell if cell.n == NOT_APPLICABLE else Shown(HIDDEN, cell.d, HIDDEN)


def apart(
    cells: Mapping[str, Shown],
    numbers: Mapping[Place, int],
    follows: Iterable[tuple[Place, Place]] = (),
    beside: Iterable[tuple[Place, Place]] = (),
) -> dict[str, Shown]:
    """Return the cells with more hidden, so that no figure gives another's hidden number away (rules 4 and 8).

    ``follows``: (number, other): people counted in the one are counted in the other, or are the same. It is hidden wherever the
    other is. ``beside``: the same of two parts of one whole, where each may stand without the other. In both, two numbers that
    differ by a few people are not shown together: the first of the pair goes.
    """
    found = dict(cells)
    pairs = [(one, other, True) for one, other in follows] + [(one, other, False) for one, other in beside]
    pairs = [(one, other, strict) for one, other, strict in pairs if one in numbers and other in numbers]
    before: dict[str, Shown] = {}
    while before != found:
        before = dict(found)
        for one, other, strict in pairs:
            with_it = _is_hidden(found, other)
            few_between = not with_it and 0 < abs(numbers[other] - numbers[one]) < T
            if not _is_hidden(found, one) and ((strict and with_it) or few_between):
                found[one[0]] = conceal(found[one[0]], one[1])
    return found


def _is_hidden(cells: Mapping[str, Shown], place: Place) -> bool:
    cell = cells[place[0]]
    return (cell.n if place[1] == "n" else cell.d) == HIDDEN


def count(n: int, *, people: int | None = None) -> Shown:
    """Return a count that is a share of nothing as it may be shown. Nobody at all is no secret."""
    behind = n if people is None else people
    return Shown(HIDDEN if 0 < behind < T or 0 < n < T else str(n))


def middle(value: float | None, people: int) -> Shown:
    """Return a median as it may be shown: only when enough people stand behind it."""
    if value is None:
        return Shown(NOT_APPLICABLE)
    return Shown(HIDDEN if people < MIN_D else f"{value:g}")


def parts(values: Sequence[int]) -> list[str]:
    """Return the parts of a shown total as they may be shown: small ones hidden, then as many as make them safe (rule 6).

    A part of nobody may stand where the total is large enough to say nothing about everybody.
    """
    total = sum(values)
    hidden = {
        place
        for place, value in enumerate(values)
        if 0 < value < T or (value == 0 and total < ALLNONE_D) or (value and 0 < total - value < T)
    }
    hidden = second_hiding(values, hidden)
    return [HIDDEN if place in hidden else str(value) for place, value in enumerate(values)]


def second_hiding(values: Sequence[int], hidden: set[int]) -> set[int]:
    """Return which parts must be hidden so that no sum gives one away: two at least, and six people at least between them."""
    hidden = set(hidden)
    while hidden and (len(hidden) < 2 or sum(values[place] for place in hidden) < T):
        left = [place for place, value in enumerate(values) if place not in hidden and value > 0]
        if not left:
            break
        hidden.add(min(left, key=lambda place: (values[place], place)))
    return hidden
