"""From a file to plain rows of text, the same whether it is a CSV or a workbook.

Whatever the bytes are, the answer is a table or a FileRefused that says what to do; a damaged file is never a crash. What is
wrong with a single row (a formula, an invisible sign) is kept beside that row, so that the report can name them all at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.people.importing.cells import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Cell, FileRefused
from app.people.importing.csv_file import rows_of_csv
from app.people.importing.workbook import rows_of_workbook


@dataclass(slots=True)
class RawRow:
    """One row below the headings. ``number`` is the row as a spreadsheet counts it; the headings are row 1."""

    number: int
    cells: list[str]
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class RawTable:
    """The headings as written, and the rows below them that are not empty."""

    headings: list[str]
    rows: list[RawRow]


def read(path: Path, sheet: str | None = None) -> RawTable:
    """Return the table in ``path``. Raises FileRefused.

    ``sheet`` names the sheet of a workbook that has several.
    """
    content = _bytes_of(path)
    return table_of(content, sheet)


def table_of(content: bytes, sheet: str | None = None) -> RawTable:
    """Return the table in the bytes of a file. Raises FileRefused."""
    if not content.strip():
        raise FileRefused("The file is empty.")
    if content.startswith(b"PK"):
        return _table(rows_of_workbook(content, sheet))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(
            "This is an old or a locked Excel file. Save it as .xlsx without a password, or as 'CSV UTF-8'."
        )
    if sheet is not None:
        raise FileRefused("A CSV file has no sheets. Leave --sheet out.")
    return _table(rows_of_csv(content))


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise FileRefused(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB.")
        return path.read_bytes()
    except OSError as error:
        raise FileRefused(f"The file could not be opened: {error.strerror}.") from error


def _table(records: Iterator[list[Cell]]) -> RawTable:
    """Take the first row that holds something as the headings, and what is not empty below it as the rows."""
    headings: list[str] = []
    rows: list[RawRow] = []
    for number, cells in enumerate(records, start=1):
        while cells and not cells[-1].text:
            cells.pop()
        if not cells:
            continue
        if not headings:
            headings = _headings(cells, number)
            continue
        if len(rows) == MOST_ROWS:
            raise FileRefused(f"The file has more than {MOST_ROWS:,} rows. Divide it.")
        rows.append(_row(number, cells, headings))
    if not headings:
        raise FileRefused("The file is empty: there are no headings.")
    if not rows:
        raise FileRefused("The file has headings but no rows below them.")
    return RawTable(headings, rows)


def _headings(cells: list[Cell], number: int) -> list[str]:
    if number != 1:
        raise FileRefused(f"The headings must be in row 1; the first row with something in it is row {number}.")
    if len(cells) > MOST_COLUMNS:
        raise FileRefused(f"The file has more than {MOST_COLUMNS} columns. Is it the right file?")
    for place, cell in enumerate(cells, start=1):
        if not cell.text:
            raise FileRefused(f"Column {place} has no heading. If cells are merged, unmerge them.")
        if cell.problem:
            raise FileRefused(f"The heading of column {place} {cell.problem}.")
    return [cell.text for cell in cells]


def _row(number: int, cells: list[Cell], headings: list[str]) -> RawRow:
    row = RawRow(number, [cell.text for cell in cells[: len(headings)]])
    row.cells += [""] * (len(headings) - len(row.cells))
    if len(cells) > len(headings):
        row.problems.append(f"The row has {len(cells)} cells but there are only {len(headings)} headings.")
    for heading, cell in zip(headings, cells, strict=False):
        if cell.problem:
            row.problems.append(f"{heading} {cell.problem}.")
    return row
