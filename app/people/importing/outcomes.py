"""What happens with each row, in words that stay away from names and numbers: the operator has the file beside the report."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """What an import does to a thing, and to a row."""

    created = "created"
    changed = "changed"
    unchanged = "unchanged"
    refused = "refused"


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that a row is about: the young person, the PEP, an adult or a connection."""

    kind: str
    verdict: Verdict
    words: str


@dataclass(slots=True)
class RowOutcome:
    """Everything to be said about one row."""

    number: int
    things: list[Thing] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        """Refused when anything is wrong; else the greatest change among its things."""
        if self.problems:
            return Verdict.refused
        verdicts = {thing.verdict for thing in self.things}
        return next((v for v in (Verdict.created, Verdict.changed) if v in verdicts), Verdict.unchanged)

    def refuse(self, problems: list[str]) -> None:
        """Refuse the row; what was said of its things no longer holds."""
        self.things = []
        self.problems += [problem for problem in problems if problem not in self.problems]


def rows_by_verdict(outcomes: list[RowOutcome]) -> Counter[Verdict]:
    """Return how many rows have each verdict."""
    return Counter(outcome.verdict for outcome in outcomes)


def things_by_kind(outcomes: list[RowOutcome]) -> dict[str, Counter[Verdict]]:
    """Return for each kind of thing how many were created, changed or left."""
    found: dict[str, Counter[Verdict]] = {}
    for outcome in outcomes:
        for thing in outcome.things:
            found.setdefault(thing.kind, Counter())[thing.verdict] += 1
    return found
