"""One sheet of a workbook (.xlsx) as rows of cells. Formulas are never worked out: a cell that holds one is refused."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from app.people.importing.cells import MOST_COLUMNS, MOST_ROWS, Cell, FileRefused, looked_at

_MOST_UNPACKED = 300 * 1024 * 1024
# Excel keeps fifteen figures of a number; what is longer has been changed already.
_MOST_FIGURES = 15


def rows_of_workbook(content: bytes, sheet: str | None) -> Iterator[list[Cell]]:
    """Yield each row of the sheet, the first one first. Raises FileRefused."""
    try:
        with warnings.catch_warnings():
            # openpyxl warns about parts of Excel that it leaves out; none of them holds values.
            warnings.simplefilter("ignore")
            yield from _rows(content, sheet)
    except FileRefused:
        raise
    except Exception as error:
        # A damaged archive or XML fails in many ways inside the libraries; all of them mean the same to the reader.
        kind = type(error).__name__
        raise FileRefused(f"The file cannot be read as an Excel workbook (.xlsx) ({kind}). Save it anew.") from error


def _rows(content: bytes, wanted: str | None) -> Iterator[list[Cell]]:
    import openpyxl

    _check_size(content)
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        sheet = _pick(book, wanted)
        _refuse_merged(content, sheet)
        sheet.reset_dimensions()
        empty = 0
        for cells in sheet.iter_rows(max_col=MOST_COLUMNS + 1):
            row = [_cell(cell) for cell in cells]
            empty = 0 if any(cell.text for cell in row) else empty + 1
            if empty > MOST_ROWS:
                return
            yield row
    finally:
        book.close()


def _check_size(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > _MOST_UNPACKED:
            raise FileRefused("The workbook unpacks to far more than a list of children. Save only the one sheet.")


def _pick(book: Any, wanted: str | None) -> Any:
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    names = ", ".join(f"'{sheet.title}'" for sheet in sheets)
    if wanted is not None:
        for sheet in sheets:
            if sheet.title.strip().casefold() == wanted.strip().casefold():
                return sheet
        raise FileRefused(f"There is no sheet '{wanted}'. The workbook has: {names}.")
    filled = [sheet for sheet in sheets if _holds_something(sheet)]
    if len(filled) > 1:
        raise FileRefused(f"The workbook has several sheets: {names}. Say which one with --sheet.")
    if not filled:
        raise FileRefused("The workbook is empty.")
    return filled[0]


def _holds_something(sheet: Any) -> bool:
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=50, max_col=MOST_COLUMNS, values_only=True)
    return any(value not in (None, "") for row in rows for value in row)


def _refuse_merged(content: bytes, sheet: Any) -> None:
    """Refuse merged cells: what looks like a value in every row is kept only in the first."""
    part = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if part not in archive.namelist():
            return
        before = b""
        with archive.open(part) as stream:
            while chunk := stream.read(1 << 20):
                if b"<mergeCell " in before + chunk or b":mergeCell " in before + chunk:
                    raise FileRefused("The sheet has merged cells. Unmerge them and fill each row.")
                before = chunk[-16:]


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None or value == "":
        return Cell("")
    if cell.data_type == "f" or not isinstance(value, str | int | float | bool | date | time):
        return Cell(str(value) if isinstance(value, str) else "=", looked_at("=", formula=True).problem)
    return looked_at(_text(value))


def _text(value: str | float | bool | date | time) -> str:
    """Return what a CSV of the same sheet would hold."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**_MOST_FIGURES:
        return str(int(value))
    return str(value)
