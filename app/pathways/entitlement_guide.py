"""What somebody can get: every record's rule asked of what they said, and put where it is read. Pure, and keeps nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.pathways import rules
from app.pathways.coded_values import YEARS
from app.pathways.entitlement_answers import FOLLOW_UPS, Answers, care_question, possible
from app.pathways.records import Entitlement
from app.pathways.rules import Const, FieldTest, Node, Possible, Result
from app.pathways.shelf import Published

# Other content that is past its day is shown for 30 days more without a word (handbook 1.8).
_SHOWN_ON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Shown:
    """One entitlement as the public may read it on a day."""

    published: Published
    record: Entitlement
    # The sum is known for this year; else the text stays, and one asks.
    has_sum: bool
    # It was to be looked at again long ago: the page says so.
    stale: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """One entitlement, and what its rule says of somebody."""

    shown: Shown
    result: Result
    # Why not, as the tests that failed; none for yes and ask.
    because: tuple[FieldTest, ...] = ()
    # They could have it but for their papers.
    papers: bool = False


@dataclass(slots=True)
class Found:
    """Everything, by where it is read on the page."""

    yes: list[Outcome] = field(default_factory=list)
    ask: list[Outcome] = field(default_factory=list)
    papers: list[Outcome] = field(default_factory=list)
    later: list[Outcome] = field(default_factory=list)
    not_now: list[Outcome] = field(default_factory=list)


def everything(records: Mapping[str, Published], day: date) -> dict[str, Shown]:
    """Return every entitlement that is in force, by id, as it may be read on a day."""
    return {
        key: _shown(one, one.record, day)
        for key, one in records.items()
        if isinstance(one.record, Entitlement) and not isinstance(one.record.parsed, Const)
    }


def _shown(published: Published, record: Entitlement, day: date) -> Shown:
    has_sum = bool(record.amount) and (record.amount_until is None or day <= record.amount_until)
    stale = record.review_by is not None and day > record.review_by + _SHOWN_ON
    return Shown(published, record, has_sum, stale)


def work_out(records: Mapping[str, Published], answers: Answers, day: date) -> Found:
    """Ask every rule and sort the answers."""
    known, found = possible(answers, day), Found()
    year = _year_index(answers)
    for shown in everything(records, day).values():
        outcome = _asked(shown, known, day)
        if outcome.papers and answers.said.get("abroad") == "yes":
            found.papers.append(outcome)
        elif outcome.result is Result.no:
            found.not_now.append(outcome)
        elif "next" not in answers.said and year is not None and year < _from_year(shown.record):
            found.later.append(outcome)
        else:
            (found.yes if outcome.result is Result.yes else found.ask).append(outcome)
    return found


def one(records: Mapping[str, Published], key: str, answers: Answers, day: date) -> Outcome | None:
    """Return what one rule says, or None when there is no such entitlement."""
    shown = everything(records, day).get(key)
    return _asked(shown, possible(answers, day), day) if shown else None


def result_of(record: Entitlement, known: Possible, day: date) -> Result:
    """Return what a record says of somebody on a day, no surer than its sources are."""
    result = rules.evaluate_possible(record.parsed, _of_today(record, known, day), rules.shared())
    return rules.capped(result, record.grade)


def _of_today(record: Entitlement, known: Possible, day: date) -> Possible:
    # Rules on immigration are looked at again each term. Past that day nobody is told yes or no because of it (handbook 1.8).
    if record.review_by is not None and day > record.review_by:
        return {name: values for name, values in known.items() if name != "immigration"}
    return known


def _asked(shown: Shown, known: Possible, day: date) -> Outcome:
    result = result_of(shown.record, known, day)
    if result is not Result.no:
        return Outcome(shown, result)
    node, today, shared = shown.record.parsed, _of_today(shown.record, known, day), rules.shared()
    papers = rules.because_of("immigration", node, today, shared)
    return Outcome(shown, result, rules.failing(node, today, shared), papers)


def _year_index(answers: Answers) -> int | None:
    if "year" in answers.said:
        return YEARS.index(answers.said["year"])
    # Without a year: nobody under 16 has left Year 11.
    return YEARS.index("Y11") if answers.age is not None and answers.age < 16 else None


def _from_year(record: Entitlement) -> int:
    return YEARS.index(record.from_year) if record.from_year else 0


# -- questions that come after ----------------------------------------------------------------------------------------


def still_to_ask(records: Mapping[str, Published], answers: Answers, day: date) -> tuple[str, ...]:
    """Return the questions that these answers call for and that the form did not hold yet, in order."""
    calls = {
        "turned": _matters("academic_age", records, possible(answers, day)),
        "care_more": bool(care_question(answers)),
        "status": answers.said.get("abroad") == "yes",
    }
    return tuple(name for name in FOLLOW_UPS if calls[name] and name not in answers.asked)


def _matters(name: str, records: Mapping[str, Published], known: Possible) -> bool:
    """Return whether a field that can be several things makes a difference to anything."""
    values = known.get(name, frozenset())
    if len(values) < 2:
        return False
    return any(
        _differs(one.record.parsed, name, values, known)
        for one in records.values()
        if isinstance(one.record, Entitlement)
    )


def _differs(node: Node, name: str, values: frozenset[Any], known: Possible) -> bool:
    shared = rules.shared()
    if name not in rules.fields_of(node, shared):
        return False
    found = {rules.evaluate_possible(node, {**known, name: frozenset({value})}, shared) for value in values}
    return len(found) > 1
