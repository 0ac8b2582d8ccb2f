"""A CSV file as rows of cells: UTF-8 with or without its mark, with commas or semicolons."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from app.people.importing.cells import MOST_ROWS, Cell, FileRefused, looked_at

_MOST_NAMED = 5


def rows_of_csv(content: bytes) -> Iterator[list[Cell]]:
    """Yield each record of a CSV. Raises FileRefused, with the row and the bytes where the encoding is not UTF-8."""
    text = _text_of(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter_of(text), strict=True)
    number = 0
    try:
        for number, record in enumerate(reader, start=1):
            if number > 50 * MOST_ROWS:
                raise FileRefused("The file goes on for too long.")
            yield [looked_at(value) for value in record]
    except csv.Error as error:
        raise FileRefused(
            f"Row {number + 1} cannot be read as CSV ({error}). Is a quotation mark left open?"
        ) from error


def _text_of(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused("The file is in UTF-16 ('Unicode text'). Save it as 'CSV UTF-8'.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused(_what_is_not_utf8(content)) from None
    if "\0" in text:
        raise FileRefused(f"Row {text[: text.index(chr(0))].count(chr(10)) + 1} holds a zero byte. Is this a CSV file?")
    return text


def _what_is_not_utf8(content: bytes) -> str:
    """Say which bytes in which rows are not UTF-8, and what they would be in the encoding Excel uses by itself."""
    named: list[str] = []
    for number, line in enumerate(content.split(b"\n"), start=1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            wrong = line[error.start : error.end]
            guess = wrong.decode("cp1252", "replace")
            shown = f" ('{guess}' in Windows-1252)" if guess.isprintable() and "\ufffd" not in guess else ""
            named.append(f"row {number} holds the bytes {wrong.hex(' ')}{shown}")
            if len(named) == _MOST_NAMED:
                named.append("and there may be more")
                break
    return f"The file is not in UTF-8: {'; '.join(named)}. Save it as 'CSV UTF-8'."


def _delimiter_of(text: str) -> str:
    """Return ',' or ';', whichever divides the headings."""
    heading = text.lstrip("\r\n").split("\n", 1)[0]
    outside = "".join(part for place, part in enumerate(heading.split('"')) if place % 2 == 0)
    commas, semicolons = outside.count(","), outside.count(";")
    if not commas and not semicolons and "\t" in outside:
        raise FileRefused("The columns are divided by tabs. Save the file as 'CSV UTF-8', with commas or semicolons.")
    return ";" if semicolons > commas else ","
