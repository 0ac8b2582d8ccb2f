"""Which rows of a file are about the same child, and whether they agree with each other.

The same child may stand in several rows, one for each PEP. Rows that say different things about the same child, PEP or adult are
all refused: to take one of them would be a guess.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Iterable

from app.people.importing.headings import GROUPS
from app.people.importing.known import Known
from app.people.importing.outcomes import RowOutcome
from app.people.importing.rows import NOTHING, AdultCells, Row

ChildKey = uuid.UUID | str
_CHILD_FACTS = ("council_person_id", "preferred_name", "year_group", "language", "flags", "care", "school", "place")
_PEP_FACTS = ("pep_term", "pep_meeting_on", "pep_deadline_on")
Outcomes = dict[int, RowOutcome]


def by_child(rows: list[Row], lookups: dict[int, str], known: Known, outcomes: Outcomes) -> dict[ChildKey, list[Row]]:
    """Return the rows of each child, leaving out (and refusing) rows whose ids lead to different children.

    ``lookups`` has the hash of the council's number of each row that gives one.
    """
    keys = _keys_of_numbers(rows, lookups, known)
    key_of: dict[int, ChildKey] = {}
    on_pep: dict[str, list[Row]] = {}
    # Rows with a council number first: a row that has only a PEP id belongs to the child whose number stands beside that id.
    for row in sorted(rows, key=lambda row: row.number not in lookups):
        pep_id = row.facts.pep_id if isinstance(row.facts.pep_id, str) else None
        lookup = lookups.get(row.number)
        if lookup is not None:
            key_of[row.number] = keys[lookup]
        elif pep_id in known.peps:
            key_of[row.number] = known.peps[pep_id].young_person_id
        else:
            beside = on_pep.get(pep_id or "")
            key_of[row.number] = key_of[beside[0].number] if beside else f"pep {pep_id}"
        if pep_id is not None:
            on_pep.setdefault(pep_id, []).append(row)
    for pep_id, sharing in on_pep.items():
        _refuse_shared_pep(pep_id, sharing, key_of, known, outcomes)
    groups: dict[ChildKey, list[Row]] = {}
    for row in rows:
        if not outcomes[row.number].problems:
            groups.setdefault(key_of[row.number], []).append(row)
    return groups


def _keys_of_numbers(rows: list[Row], lookups: dict[int, str], known: Known) -> dict[str, ChildKey]:
    """Return who each council number means: a child we know by it, one we know by the PEP beside it, or somebody new."""
    keys: dict[str, ChildKey] = {}
    for row in rows:
        lookup = lookups.get(row.number)
        if lookup is None:
            continue
        found = known.child_of_lookup.get(lookup) or _nameless_child_of_pep(row, known)
        if found is not None:
            keys.setdefault(lookup, found)
    return {lookup: keys.get(lookup, lookup) for lookup in lookups.values()}


def _refuse_shared_pep(
    pep_id: str, sharing: list[Row], key_of: dict[int, ChildKey], known: Known, outcomes: Outcomes
) -> None:
    children = {key_of[row.number] for row in sharing}
    if pep_id in known.peps:
        children.add(known.peps[pep_id].young_person_id)
    if len(children) > 1:
        for row in sharing:
            outcomes[row.number].refuse(["pep_id belongs to another child, here or in this file."])


def _nameless_child_of_pep(row: Row, known: Known) -> uuid.UUID | None:
    """Return the child of the row's PEP, if that child has no council number yet: the row tells it now."""
    pep = known.peps.get(row.facts.pep_id) if isinstance(row.facts.pep_id, str) else None
    return pep.young_person_id if pep is not None and pep.young_person_id not in known.lookup_of_child else None


def refuse_disagreements(groups: dict[ChildKey, list[Row]], outcomes: Outcomes) -> None:
    """Refuse every row that another row contradicts."""
    for group in groups.values():
        for fact in _CHILD_FACTS:
            _refuse(group, f"{fact} of the same child", _fact(fact), outcomes)
        for name in GROUPS:
            stating = [row for row in group if name in row.adults]
            for part in AdultCells.model_fields:
                _refuse(stating, f"the {name} of the same child", _adult_cell(name, part), outcomes)
        for of_pep in _divided(group, _fact("pep_id")):
            for fact in _PEP_FACTS:
                _refuse(of_pep, f"{fact} of the same PEP", _fact(fact), outcomes)
    _refuse_two_named_adults([row for group in groups.values() for row in group], outcomes)


def _fact(name: str) -> Callable[[Row], Hashable]:
    def value(row: Row) -> Hashable:
        found: Hashable = getattr(row.facts, name)
        return found.casefold() if name == "council_person_id" and isinstance(found, str) else found

    return value


def _adult_cell(group: str, part: str) -> Callable[[Row], Hashable]:
    def value(row: Row) -> Hashable:
        found: Hashable = getattr(row.adults[group], part)
        return found

    return value


def _refuse(rows: list[Row], what: str, value: Callable[[Row], Hashable], outcomes: Outcomes) -> None:
    if len(rows) < 2:
        return
    stating = [row for row in rows if value(row) is not NOTHING]
    if len({value(row) for row in stating}) > 1:
        numbers = _listed(row.number for row in stating)
        for row in stating:
            outcomes[row.number].refuse([f"Rows {numbers} say different things about {what}."])


def _refuse_two_named_adults(rows: list[Row], outcomes: Outcomes) -> None:
    """One e-mail address is one adult with one name and one role, in the whole file."""
    said: dict[str, dict[int, set[tuple[str, str]]]] = {}
    for row in rows:
        for group, cells in row.adults.items():
            if isinstance(cells.email, str):
                name = cells.name if isinstance(cells.name, str) else ""
                said.setdefault(cells.email, {}).setdefault(row.number, set()).add((GROUPS[group].value, name))
    for by_row in said.values():
        everything = set().union(*by_row.values())
        names = {name for _role, name in everything if name}
        if len(names) > 1 or len({role for role, _name in everything}) > 1:
            numbers = _listed(by_row)
            for number in by_row:
                outcomes[number].refuse([f"Rows {numbers} give one e-mail address different names or roles."])


def _divided(rows: list[Row], by: Callable[[Row], Hashable]) -> list[list[Row]]:
    parts: dict[Hashable, list[Row]] = {}
    for row in rows:
        if by(row) is not NOTHING:
            parts.setdefault(by(row), []).append(row)
    return list(parts.values())


def _listed(numbers: Iterable[int]) -> str:
    every = sorted(set(numbers))
    shown = [str(number) for number in every[:5]] + ([f"{len(every) - 5} more"] if len(every) > 5 else [])
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]
