"""The figures of drop-ins as they may be shown: a year beside its terms, small numbers hidden, and the sums safe too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.insight import suppression
from app.insight.dropin_facts import Facts
from app.insight.dropin_figures import Figure, Figures, figures, splits
from app.insight.periods import Period
from app.insight.suppression import Shown

LABELS: dict[str, LazyString] = {
    # TRANSLATORS: rows of a table for the Virtual School: figures about drop-ins
    "D1": _l("Visits"),
    "D2": _l("People who came"),
    "D3": _l("Reached, of Years 12 and 13 in care and care leavers"),
    "D3-ucic": _l("Reached, of young people who came alone to this country"),
    "D3-neet": _l("Reached, of those not in education, work or training at the start"),
    "D4": _l("Came on 2 days or more"),
    "D5": _l("Came on 3 days or more"),
    "R2": _l("Came on 2 days or more, in 12 months"),
    "R3": _l("Came on 3 days or more, in 12 months"),
    "R6": _l("Came on 6 days or more, in 12 months"),
    "D6": _l("Came in 2 terms or more"),
    "D7": _l("Booked and did not come"),
    "D8": _l("Cancelled in time (it frees a place)"),
    "D9": _l("Visits by walking in"),
    "D10": _l("Visits, of the places offered"),
    "D11": _l("Visits with a next step"),
    "D12": _l("Next steps done in time (7 days of grace)"),
    "D13": _l("Days from the first visit to the first step done (the middle)"),
    "D13-none": _l("People with steps and none done after 28 days"),
    "D14": _l("Into education, work or training within 90 days, of those who were in none"),
    "D15": _l("Still there after 3 months, of those who started"),
    "D15-confirmed": _l("… confirmed by a provider or the council"),
    "D15-told": _l("… they told us"),
    "D15-unknown": _l("… not known"),
    "D16": _l("Still there after 6 months, of those who started"),
    "D16-confirmed": _l("… confirmed by a provider or the council"),
    "D16-told": _l("… they told us"),
    "D16-unknown": _l("… not known"),
    "D17": _l("Kept their place for 6 months, of those who had one"),
    "D18": _l("Felt helped, of those who said"),
    "D19": _l("Sessions cancelled in the last 7 days before"),
    "D20": _l("Bookings settled within 5 working days"),
}
# About sessions, not about anybody.
_NOBODY = frozenset({"D19"})
# Terms add up to the year: a hidden term must not come out by taking the others away (rule 6).
_ADDS_UP = frozenset({"D1", "D7", "D8", "D9", "D10", "D11", "D12", "D20"})


@dataclass(frozen=True, slots=True)
class Row:
    """One figure over several periods."""

    code: str
    label: str
    cells: list[Shown]


@dataclass(frozen=True, slots=True)
class Group:
    """Visits and people of one part of a split."""

    key: str
    visits: str
    people: str


@dataclass(frozen=True, slots=True)
class Table:
    """Everything that is shown of a year."""

    periods: list[Period]
    rows: list[Row]
    splits: dict[str, list[Group]]


def table(facts: Facts, periods: Sequence[Period], today: date) -> Table:
    """Return the table of a year (first) and its terms, nothing in it that points to anybody."""
    found = [figures(facts, period, today) for period in periods]
    kept = [(_kept_parts(one, "D15") | _kept_parts(one, "D16")) for one in found]
    rows = []
    for code, label in LABELS.items():
        cells = [
            parts[code] if code in parts else _cell(code, one.by_code[code])
            for one, parts in zip(found, kept, strict=True)
        ]
        if code in _ADDS_UP:
            cells = _safe_terms(cells, [one.by_code[code].n for one in found])
        rows.append(Row(code, str(label), cells))
    return Table(list(periods), rows, _splits(facts, periods[0]))


def _cell(code: str, figure: Figure) -> Shown:
    if code == "D13":
        return suppression.middle(figure.value, figure.n)
    if figure.d is None:
        return suppression.count(figure.n, people=figure.people)
    if code in _NOBODY and figure.d:
        return Shown(str(figure.n), str(figure.d), f"{round(100 * figure.n / figure.d)}%")
    if figure.n > figure.d:
        # More visits than places: people who walked in were not turned away.
        few = figure.people is not None and figure.people < suppression.T
        return Shown(*[suppression.HIDDEN] * 3) if few else Shown(str(figure.n), str(figure.d), "100%+")
    return suppression.share(figure.n, figure.d, people=figure.people)


def _kept_parts(one: Figures, code: str) -> dict[str, Shown]:
    """Return the groups of those who started, hidden as parts of one whole."""
    kept = one.kept_3 if code == "D15" else one.kept_6
    whole = suppression.share(kept.figure.n, kept.all)
    names = (f"{code}-confirmed", f"{code}-told", f"{code}-unknown")
    if kept.all < suppression.MIN_D or whole.hidden:
        cell = suppression.hide(whole) if kept.all else whole
        return {code: whole, **dict.fromkeys(names, cell)}
    shown = suppression.parts([kept.confirmed, kept.told_us, kept.not_known, kept.over])
    # The sum of the first two stands in the row above: where one of them is hidden the other is too.
    if suppression.HIDDEN in shown[:2]:
        shown[:2] = [suppression.HIDDEN] * 2
    return {code: whole, **{name: Shown(n, str(kept.all)) for name, n in zip(names, shown, strict=False)}}


def _safe_terms(cells: list[Shown], numbers: list[int]) -> list[Shown]:
    """Hide more terms where a hidden one would come out by taking the shown ones from the year's."""
    year, *terms = cells
    if year.hidden:
        return cells
    hidden = {place for place, cell in enumerate(terms) if cell.hidden}
    hidden = suppression.second_hiding(numbers[1:], hidden)
    return [year, *(suppression.hide(cell) if place in hidden else cell for place, cell in enumerate(terms))]


def _splits(facts: Facts, period: Period) -> dict[str, list[Group]]:
    return {name: _groups(groups) for name, groups in splits(facts, period).items()}


def _groups(groups: Mapping[str, tuple[int, int]]) -> list[Group]:
    people = suppression.parts([count for _visits, count in groups.values()])
    found = []
    for (key, (visits, _count)), shown in zip(groups.items(), people, strict=True):
        # Visits tell as much about few people as their number does.
        found.append(Group(key, suppression.HIDDEN if shown == suppression.HIDDEN else str(visits), shown))
    return found
