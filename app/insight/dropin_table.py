"""The figures of drop-ins as they may be shown: a year beside its terms, small numbers hidden, and the sums safe too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.insight import suppression
from app.insight.dropin_facts import Facts
from app.insight.dropin_figures import Figure, Figures, Kept, figures, splits
from app.insight.periods import Period
from app.insight.suppression import Place, Shown

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
_PARTS = {code: tuple(f"{code}-{name}" for name in ("confirmed", "told", "unknown")) for code in ("D15", "D16")}
# Never shown where the other number is hidden: who started is who is asked after, and a group of a split is a cohort's part.
_FOLLOWS = (
    (("D14", "d"), ("people-by-neet:yes", "n")),
    (("D17", "d"), ("people-by-neet:no", "n")),
    (("people-by-ucic:yes", "n"), ("D3-ucic", "n")),
    (("D15", "d"), ("D14", "n")),
    (("D16", "d"), ("D14", "n")),
    *(((part, "d"), (code, "d")) for code, parts in _PARTS.items() for part in parts),
)
# Counted among the others: shown together only where nobody, or more than a few, are in the one and not in the other.
_BESIDE = (
    (("D3-ucic", "n"), ("D3", "n")),
    (("D3-neet", "n"), ("D3", "n")),
    (("D5", "n"), ("D4", "n")),
    (("D6", "n"), ("D4", "n")),
    (("R3", "n"), ("R2", "n")),
    (("R6", "n"), ("R3", "n")),
    (("D14", "d"), ("D4", "d")),
    (("D17", "d"), ("D4", "d")),
)
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
    rows = {code: [_cell(code, one) for one in found] for code in LABELS}
    for code in _ADDS_UP:
        rows[code] = _safe_terms(rows[code], [one.by_code[code] for one in found])
    groups = splits(facts, periods[0])
    people = {name: suppression.parts([people for _visits, people in one.values()]) for name, one in groups.items()}
    cells = {f"{code}@{place}": cell for code, row in rows.items() for place, cell in enumerate(row)}
    for name, one in groups.items():
        cells |= {f"people-by-{name}:{key}@0": Shown(text) for key, text in zip(one, people[name], strict=True)}
    kept = _apart(cells, found, groups)
    return Table(
        list(periods),
        [
            Row(code, str(label), [kept[f"{code}@{place}"] for place in range(len(found))])
            for code, label in LABELS.items()
        ],
        {name: _groups(name, one, kept) for name, one in groups.items()},
    )


def _apart(
    cells: dict[str, Shown], found: Sequence[Figures], groups: Mapping[str, Mapping[str, tuple[int, int]]]
) -> dict[str, Shown]:
    """Hide what would give another figure's hidden number away, within each period and between the year and a term like it."""
    numbers: dict[Place, int] = {}
    for place, one in enumerate(found):
        for code, figure in one.by_code.items():
            numbers |= {(f"{code}@{place}", "n"): figure.n, (f"{code}@{place}", "d"): figure.d or 0}
        for code, parts in _PARTS.items():
            numbers |= {(f"{part}@{place}", "d"): one.by_code[code].d or 0 for part in parts}
    for name, split in groups.items():
        numbers |= {(f"people-by-{name}:{key}@0", "n"): people for key, (_visits, people) in split.items()}

    def at(place: int, pairs: Iterable[tuple[Place, Place]]) -> list[tuple[Place, Place]]:
        return [((f"{one}@{place}", a), (f"{other}@{place}", b)) for (one, a), (other, b) in pairs]

    every = range(len(found))
    follows = [pair for place in every for pair in at(place, _FOLLOWS)]
    for (code, which), _other in _FOLLOWS:
        year = (f"{code}@0", which)
        terms = [(f"{code}@{place}", which) for place in every[1:]]
        follows += [(one, year) for one in terms if abs(numbers.get(one, 0) - numbers.get(year, 0)) < suppression.T]
    return suppression.apart(cells, numbers, follows, [pair for place in every for pair in at(place, _BESIDE)])


def _cell(code: str, one: Figures) -> Shown:
    for whole, parts in _PARTS.items():
        if code in parts:
            return _kept_parts(one.kept_3 if whole == "D15" else one.kept_6)[parts.index(code)]
    figure = one.by_code[code]
    if code == "D13":
        return suppression.middle(figure.value, figure.n)
    if figure.d is None:
        return suppression.count(figure.n, people=figure.people)
    if code == "D10" and (figure.n or figure.d):
        # Empty places are nobody, and people who walked in were not turned away: only few people are hidden.
        if figure.n and (figure.people or 0) < suppression.T:
            return Shown(*[suppression.HIDDEN] * 3)
        more = figure.n > figure.d
        return Shown(str(figure.n), str(figure.d), "100%+" if more else f"{suppression.percent(figure.n, figure.d)}%")
    if code in _NOBODY and figure.d:
        return Shown(str(figure.n), str(figure.d), f"{suppression.percent(figure.n, figure.d)}%")
    return suppression.share(figure.n, figure.d, people=figure.people)


def _kept_parts(kept: Kept) -> list[Shown]:
    """Return the groups of those who started, hidden as parts of one whole: confirmed, told us, not known."""
    whole = suppression.share(kept.figure.n, kept.all)
    if kept.all < suppression.MIN_D or whole.hidden:
        return [suppression.conceal(whole, "n")] * 3
    shown = suppression.parts([kept.confirmed, kept.told_us, kept.not_known, kept.over])
    # The sum of the first two stands in the row above: where one of them is hidden the other is too.
    if suppression.HIDDEN in shown[:2]:
        shown[:2] = [suppression.HIDDEN] * 2
    return [Shown(n, str(kept.all)) for n in shown[:3]]


def _safe_terms(cells: list[Shown], numbers: Sequence[Figure]) -> list[Shown]:
    """Hide more terms where a hidden one would come out by taking the shown ones from the year's."""
    year, *terms = cells
    for which in ("d", "n"):
        if getattr(year, which) == suppression.HIDDEN:
            continue
        hidden = {place for place, cell in enumerate(terms) if getattr(cell, which) == suppression.HIDDEN}
        hidden = suppression.second_hiding([getattr(one, which) or 0 for one in numbers[1:]], hidden)
        terms = [suppression.conceal(cell, which) if place in hidden else cell for place, cell in enumerate(terms)]
    return [year, *terms]


def _groups(name: str, groups: Mapping[str, tuple[int, int]], kept: Mapping[str, Shown]) -> list[Group]:
    places = {place for place, key in enumerate(groups) if kept[f"people-by-{name}:{key}@0"].hidden}
    places = suppression.second_hiding([people for _visits, people in groups.values()], places)
    found = []
    for place, (key, (visits, people)) in enumerate(groups.items()):
        # Visits tell as much about few people as their number does.
        texts = (suppression.HIDDEN,) * 2 if place in places else (str(visits), str(people))
        found.append(Group(key, *texts))
    return found
