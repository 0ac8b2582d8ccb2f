"""The report of an import: a line a row, then counts, in plain sentences; and the same as a CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from app.people.importing.outcomes import RowOutcome, Verdict, rows_by_verdict, things_by_kind

_PLURALS = {"young person": "young people", "PEP": "PEPs", "adult": "adults", "connection": "connections"}
# What a spreadsheet would take for a formula when it opens the report.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def lines(outcomes: list[RowOutcome]) -> Iterator[str]:
    """Yield a line for each row."""
    for outcome in outcomes:
        said = _why(outcome) if outcome.problems else _what(outcome)
        notes = "".join(f" Note: {note}" for note in outcome.notes)
        yield f"Row {outcome.number}: {outcome.verdict}. {said}{notes}".rstrip()


def summary(outcomes: list[RowOutcome]) -> Iterator[str]:
    """Yield the counts of rows and of things."""
    counts = rows_by_verdict(outcomes)
    yield f"{len(outcomes)} rows: " + ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict) + "."
    for kind, verdicts in things_by_kind(outcomes).items():
        told = ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in Verdict if verdicts[verdict])
        yield f"{_PLURALS[kind].capitalize() if kind != 'PEP' else 'PEPs'}: {told}."


def write_csv(path: Path, outcomes: list[RowOutcome]) -> None:
    """Write the report as a CSV that a spreadsheet can open without running anything in it. Raises OSError."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "outcome", "what", "why", "notes"])
        for outcome in outcomes:
            what = "" if outcome.problems else _what(outcome)
            cells = [str(outcome.number), outcome.verdict, what, _why(outcome), " ".join(outcome.notes)]
            writer.writerow([harmless(cell) for cell in cells])


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_DANGEROUS) else cell


def _what(outcome: RowOutcome) -> str:
    if outcome.verdict is Verdict.unchanged:
        return ""
    moved = [thing for thing in outcome.things if thing.verdict is not Verdict.unchanged]
    return "; ".join(f"{thing.kind} {thing.verdict} ({thing.words})" for thing in moved) + "."


def _why(outcome: RowOutcome) -> str:
    return " ".join(outcome.problems)
