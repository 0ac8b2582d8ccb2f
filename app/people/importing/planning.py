"""Works out what an import would change. Reads the database, writes nothing: a dry run and a real one are the same plan."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.core.db import new_id
from app.people.council_number import lookup_of
from app.people.importing import agreement
from app.people.importing import known as known_things
from app.people.importing.agreement import ChildKey, Outcomes
from app.people.importing.connecting import Connecting, Named
from app.people.importing.headings import GROUPS, matched
from app.people.importing.known import Known
from app.people.importing.outcomes import RowOutcome, Thing, Verdict
from app.people.importing.plan import Event, Plan
from app.people.importing.reading import RawTable
from app.people.importing.rows import NONE, NOTHING, AdultCells, Row, RowRefused, checked
from app.people.models import Care, CouncilReference, Flag, Pep, Person, Place, Role, YoungPerson

Progress = Callable[[int, int], None]


def make_plan(session: Session, table: RawTable, *, key: bytes, today: date, progress: Progress | None = None) -> Plan:
    """Return what importing ``table`` would do. Raises FileRefused when its headings cannot be taken.

    ``key`` hashes the council's numbers; ``today`` is the day on which a connection begins or ends when the file gives none.
    """
    columns = matched(table.headings)
    outcomes: Outcomes = {raw.number: RowOutcome(raw.number) for raw in table.rows}
    rows: list[Row] = []
    for raw in table.rows:
        try:
            rows.append(checked(columns, raw))
        except RowRefused as refused:
            outcomes[raw.number].refuse(refused.problems)
    numbers = {row.number: row.facts.council_person_id for row in rows}
    lookups = {number: lookup_of(key, value) for number, value in numbers.items() if isinstance(value, str)}
    known = known_things.load(
        session,
        set(lookups.values()),
        {row.facts.pep_id for row in rows if isinstance(row.facts.pep_id, str)},
        {cells.email for row in rows for cells in row.adults.values() if isinstance(cells.email, str)},
    )
    groups = agreement.by_child(rows, lookups, known, outcomes)
    agreement.refuse_disagreements(groups, outcomes)
    plan = Plan(outcomes=[outcomes[raw.number] for raw in table.rows])
    planner = _Planner(known, lookups, today, _names_by_email(rows))
    for done, (child, group) in enumerate(groups.items(), start=1):
        planner.plan_child(child, group, outcomes, plan)
        if progress:
            progress(done, len(groups))
    return plan


def _names_by_email(rows: list[Row]) -> dict[str, str]:
    return {
        cells.email: cells.name
        for row in rows
        for cells in row.adults.values()
        if isinstance(cells.email, str) and isinstance(cells.name, str)
    }


@dataclass
class _Planner:
    """Plans child after child; remembers the adults that earlier children brought."""

    known: Known
    lookups: dict[int, str]
    today: date
    names: dict[str, str]
    new_adults: dict[str, Person] = field(default_factory=dict)
    renamed: set[uuid.UUID] = field(default_factory=set)

    def plan_child(self, key: ChildKey, rows: list[Row], outcomes: Outcomes, plan: Plan) -> None:
        """Add one child with all their rows to the plan, or refuse the rows."""
        for row in rows:
            outcomes[row.number].refuse(self._problems_with_what_is_here(row))
        good = [row for row in rows if not outcomes[row.number].problems]
        if not good:
            return
        mine = _OneChild(self, key, good, outcomes)
        try:
            mine.work_out()
        except RowRefused as refused:
            for row in good:
                outcomes[row.number].refuse(refused.problems)
            return
        plan.take_in(mine.plan)
        self.new_adults.update(mine.new_adults)
        self.renamed.update(mine.renamed)

    def adult_of(self, email: str) -> Person | None:
        """Return the adult with this e-mail, from the database or from earlier in the file."""
        return self.known.adults.get(email) or self.new_adults.get(email)

    def _problems_with_what_is_here(self, row: Row) -> list[str]:
        problems: list[str] = []
        for group, cells in row.adults.items():
            if isinstance(cells.email, str):
                problems += self._problems_with_adult(group, cells.email)
        pep = self.known.peps.get(row.facts.pep_id) if isinstance(row.facts.pep_id, str) else None
        if pep is None and isinstance(row.facts.pep_id, str) and row.facts.pep_term is NOTHING:
            problems.append("pep_term is missing: the PEP is new.")
        if pep is not None and pep.closed_at is not None and _pep_changes(pep, row):
            problems.append("The PEP is closed and cannot be changed.")
        return problems

    def _problems_with_adult(self, group: str, email: str) -> list[str]:
        adult = self.known.adults.get(email)
        if adult is None:
            return [] if email in self.names else [f"{group}_name is missing: the e-mail address is new."]
        if adult.role != GROUPS[group]:
            return [f"{group}_email belongs to somebody in another role ({adult.role})."]
        if adult.ended_on is not None and adult.ended_on <= self.today:
            return [f"{group}_email belongs to somebody who has left."]
        return []


class _OneChild:
    """Everything the file says about one child, in a plan of its own that is thrown away when it cannot be."""

    def __init__(self, planner: _Planner, key: ChildKey, rows: list[Row], outcomes: Outcomes) -> None:
        self._planner = planner
        self._key = key
        self._rows = rows
        self._outcomes = outcomes
        self.plan = Plan()
        self.new_adults: dict[str, Person] = {}
        self.renamed: set[uuid.UUID] = set()
        self._things: dict[int, list[Thing]] = {row.number: [] for row in rows}

    def work_out(self) -> None:
        """Plan the child, the PEPs, the adults and their connections. Raises RowRefused."""
        child, school_changed = self._child()
        self._reference(child)
        for row in self._rows:
            self._pep(child, row)
        self._adults(child, school_changed)
        for number, things in self._things.items():
            self._outcomes[number].things = things

    def _fact(self, name: str) -> Any:
        """Return what the child's rows say of a fact; they agree, so the first that says anything says it for all."""
        return next((v for row in self._rows if (v := getattr(row.facts, name)) is not NOTHING), NOTHING)

    def _say(self, number: int, thing: Thing) -> None:
        self._things[number].append(thing)

    def _child(self) -> tuple[Person, bool]:
        first = self._rows[0].number
        if isinstance(self._key, uuid.UUID):
            child = self._planner.known.children[self._key]
            if child.ended_on is not None and child.ended_on <= self._planner.today:
                raise RowRefused(["The young person's time here has ended."])
            changed, new_school = self._change_child(child)
            verdict = Verdict.changed if changed else Verdict.unchanged
            self._say(first, Thing("young person", verdict, ", ".join(changed) or "as before"))
            if changed:
                self.plan.events.append(Event("young-person.changed", child.id, None))
            return child, new_school
        name = self._fact("preferred_name")
        if name is NOTHING:
            raise RowRefused(["preferred_name is missing: the young person is new."])
        child = Person(id=new_id(), role=Role.young_person, name=name, language=_value(self._fact("language")))
        child.young = YoungPerson(
            year_group=_value(self._fact("year_group")),
            care=_value(self._fact("care")) or Care.in_care.value,
            flags=list(_value(self._fact("flags")) or ()),
            school_name=_value(self._fact("school")),
            place=_value(self._fact("place")) or Place.school.value,
        )
        self.plan.people.append(child)
        self.plan.events.append(Event("young-person.created", child.id, None))
        self._say(first, Thing("young person", Verdict.created, "new"))
        return child, False

    def _change_child(self, child: Person) -> tuple[list[str], bool]:
        young = child.young
        if young is None:
            raise RowRefused(["This number belongs to somebody who is not a young person."])
        targets: dict[str, tuple[Any, str]] = {
            "preferred_name": (child, "name"),
            "year_group": (young, "year_group"),
            "language": (child, "language"),
            "flags": (young, "flags"),
            "care": (young, "care"),
            "school": (young, "school_name"),
            "place": (young, "place"),
        }
        before = young.school_name
        changed: list[str] = []
        for fact, (target, attribute) in targets.items():
            said = self._fact(fact)
            if said is NOTHING:
                continue
            value = _value(said)
            if fact == "flags":
                value = list(value or ())
                # That somebody has no device is noted on the list of who was not heard; no file knows of it.
                if Flag.no_device in (young.flags or ()) and Flag.no_device not in value:
                    value.append(Flag.no_device.value)
                if set(value) == set(young.flags or ()):
                    continue
            if self.plan.set(target, attribute, value):
                changed.append(fact)
        school = self._fact("school")
        moved = bool(before) and school is not NOTHING and _folded(_value(school)) != _folded(before)
        return changed, moved

    def _reference(self, child: Person) -> None:
        first = self._rows[0].number
        row = next((row for row in self._rows if row.number in self._planner.lookups), None)
        if row is None:
            if child.id not in self._planner.known.lookup_of_child:
                note = "There is no council_person_id, so this child can only be found again by this PEP's id."
                self._outcomes[first].notes.append(note)
            return
        if child.id in self._planner.known.lookup_of_child:
            return
        reference = str(row.facts.council_person_id)
        lookup = self._planner.lookups[row.number]
        self.plan.new.append(CouncilReference(young_person_id=child.id, reference=reference, lookup=lookup))
        if isinstance(self._key, uuid.UUID):
            self._say(row.number, Thing("young person", Verdict.changed, "council_person_id"))
            self.plan.events.append(Event("young-person.changed", child.id, None))

    def _pep(self, child: Person, row: Row) -> None:
        facts = row.facts
        if not isinstance(facts.pep_id, str):
            return
        if any(other.facts.pep_id == facts.pep_id for other in self._rows if other.number < row.number):
            self._say(row.number, Thing("PEP", Verdict.unchanged, "the same as in a row above"))
            return
        merged = self._merged_pep(facts.pep_id)
        pep = self._planner.known.peps.get(facts.pep_id)
        if pep is None:
            pep = Pep(id=new_id(), young_person_id=child.id, external_id=facts.pep_id, **merged)
            self.plan.new.append(pep)
            self.plan.events.append(Event("pep.created", child.id, pep.id))
            self._say(row.number, Thing("PEP", Verdict.created, "new"))
        else:
            changed = [name for name, value in merged.items() if self.plan.set(pep, name, value)]
            verdict = Verdict.changed if changed else Verdict.unchanged
            self._say(row.number, Thing("PEP", verdict, ", ".join(f"pep_{name}" for name in changed) or "as before"))
            if changed:
                self.plan.events.append(Event("pep.changed", child.id, pep.id))
        self._note_far_meeting(row, merged.get("term", pep.term), merged.get("meeting_on"))

    def _merged_pep(self, pep_id: str) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for row in self._rows:
            if row.facts.pep_id == pep_id:
                merged |= _pep_values(row)
        return merged

    def _note_far_meeting(self, row: Row, term: str, meeting: date | None) -> None:
        first = int(term[:4])
        if meeting is not None and not date(first, 8, 1) <= meeting <= date(first + 1, 8, 31):
            self._outcomes[row.number].notes.append("The meeting is not in the school year of its term. Is that right?")

    def _adults(self, child: Person, school_changed: bool) -> None:
        said: dict[str, tuple[int, AdultCells]] = {}
        for row in self._rows:
            for group, cells in row.adults.items():
                number, before = said.get(group, (row.number, AdultCells()))
                said[group] = (number, _merged(before, cells))
        existing = self._planner.known.connections.get(child.id, [])
        connecting = Connecting(child.id, existing, self._planner.today, self.plan)
        named: list[tuple[int, Named]] = []
        for group, (number, cells) in said.items():
            if cells.names_somebody:
                adult = self._adult(number, group, cells, existing)
                if all((adult.id, GROUPS[group]) != (one.adult_id, one.role) for _number, one in named):
                    named.append((number, Named(adult.id, group, GROUPS[group], cells)))
        everybody = [one for _number, one in named]
        for number, one in named:
            for thing in connecting.name(one, everybody):
                self._say(number, thing)
        for group, (number, cells) in said.items():
            if cells.says_nobody:
                for thing in connecting.end_unnamed(group, GROUPS[group], cells, everybody):
                    self._say(number, thing)
        if school_changed:
            for thing in connecting.school_changed(everybody):
                self._say(self._rows[0].number, thing)

    def _adult(self, number: int, group: str, cells: AdultCells, existing: list[Any]) -> Person:
        if not isinstance(cells.email, str):
            return self._adult_without_email(number, group, str(cells.name), existing)
        adult = self._planner.adult_of(cells.email) or self.new_adults.get(cells.email)
        if adult is None:
            adult = self._new_adult(number, group, self._planner.names[cells.email], cells.email)
            self.new_adults[cells.email] = adult
            return adult
        is_here = cells.email in self._planner.known.adults
        already = adult.id in self._planner.renamed or adult.id in self.renamed
        if is_here and isinstance(cells.name, str) and not already and self.plan.set(adult, "name", cells.name):
            self.renamed.add(adult.id)
            self.plan.events.append(Event("person.changed", None, adult.id))
            self._say(number, Thing("adult", Verdict.changed, f"{group}: name"))
        else:
            self._say(number, Thing("adult", Verdict.unchanged, f"{group}: as before"))
        return adult

    def _adult_without_email(self, number: int, group: str, name: str, existing: list[Any]) -> Person:
        """Somebody without an e-mail address is known only beside this child: we never match by name across children."""
        for connection in existing:
            adult: Person = connection.adult
            lives = connection.ends_on is None or connection.ends_on > self._planner.today
            if connection.role == GROUPS[group] and lives and adult.email is None and adult.name == name:
                self._say(number, Thing("adult", Verdict.unchanged, f"{group}: as before"))
                return adult
        return self._new_adult(number, group, name, None)

    def _new_adult(self, number: int, group: str, name: str, email: str | None) -> Person:
        adult = Person(id=new_id(), role=GROUPS[group], name=name, email=email)
        self.plan.people.append(adult)
        self.plan.events.append(Event("person.created", None, adult.id))
        self._say(number, Thing("adult", Verdict.created, f"{group}: new"))
        return adult


def _merged(before: AdultCells, cells: AdultCells) -> AdultCells:
    stated = {name: value for name in AdultCells.model_fields if (value := getattr(cells, name)) is not NOTHING}
    return before.model_copy(update=stated)


def _pep_values(row: Row) -> dict[str, Any]:
    facts = row.facts
    said = {"term": facts.pep_term, "meeting_on": facts.pep_meeting_on, "deadline_on": facts.pep_deadline_on}
    return {name: _value(value) for name, value in said.items() if value is not NOTHING}


def _pep_changes(pep: Pep, row: Row) -> bool:
    return any(getattr(pep, name) != value for name, value in _pep_values(row).items())


def _value(said: Any) -> Any:
    return None if said in (NOTHING, NONE) else said


def _folded(name: str | None) -> str:
    return " ".join((name or "").split()).casefold()
