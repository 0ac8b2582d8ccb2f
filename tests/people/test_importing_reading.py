"""A file is read, or refused with a reason; it never breaks us, whatever its bytes are."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.people.importing import cells, headings, rows
from app.people.importing.cells import FileRefused
from app.people.importing.reading import RawTable, read, table_of

HEAD = ["council_person_id", "preferred_name", "pep_meeting_on"]


def workbook(*lines: list[Any], title: str = "Data", then: Any = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for line in lines:
        sheet.append(line)
    if then:
        then(book, sheet)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def refusal(content: bytes, sheet: str | None = None) -> str:
    with pytest.raises(FileRefused) as refused:
        table_of(content, sheet)
    return str(refused.value)


def texts(table: RawTable) -> list[list[str]]:
    return [row.cells for row in table.rows]


def problems(table: RawTable) -> list[str]:
    return [problem for row in table.rows for problem in row.problems]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("between", [",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_csv_with_or_without_its_mark_with_commas_or_semicolons(mark: bytes, between: str, end: str) -> None:
    lines = [between.join(HEAD), between.join(["1", "Żaneta أمينة", "2026-11-24"])]
    table = table_of(mark + end.join(lines).encode())
    assert table.headings == HEAD
    assert texts(table) == [["1", "Żaneta أمينة", "2026-11-24"]]


def test_quotation_marks_hold_commas_and_a_semicolon_inside_them_divides_nothing() -> None:
    table = table_of(b'council_person_id,"a;b;c",x\n1,"Elm, the school",2')
    assert table.headings == ["council_person_id", "a;b;c", "x"]
    assert texts(table) == [["1", "Elm, the school", "2"]]


def test_another_encoding_is_refused_with_its_bytes_and_rows() -> None:
    told = refusal("id,name\n1,Zoë\n2,Jo\n3,Renée\n".encode("cp1252"))
    assert "row 2 holds the bytes eb ('ë' in Windows-1252)" in told
    assert "row 4 holds the bytes e9 ('é' in Windows-1252)" in told
    assert "CSV UTF-8" in told


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wider_encodings_are_refused(encoding: str) -> None:
    refusal("id,name\n1,Jo\n".encode(encoding))


@pytest.mark.parametrize(
    "content", [b"", b"   \n \r\n", b"\xef\xbb\xbf", b",,,\n,,\n", b"id,name\n", b"id,name\n,\n , \n"]
)
def test_a_file_with_nothing_in_it_is_refused(content: bytes) -> None:
    assert "empty" in refusal(content) or "no rows" in refusal(content)


def test_tabs_are_refused_with_a_word_about_commas() -> None:
    assert "tabs" in refusal(b"id\tname\n1\tJo")


def test_an_open_quotation_mark_is_refused() -> None:
    assert "quotation mark" in refusal(b'id,name\n1,"Jo\n2,Al\n')


def test_old_and_locked_workbooks_are_refused() -> None:
    assert ".xlsx without a password" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100)


@pytest.mark.parametrize(
    "value", ["=1+1", "+44 1733", "-1", "@SUM(A1)", '=HYPERLINK("x")', " =1", "＝1+1", "#N/A", "#REF!"]
)
def test_formulas_and_errors_are_refused_beside_their_row(value: str) -> None:
    quoted = value.replace('"', '""')
    from_csv = table_of(f'id,name\n1,Jo\n2,"{quoted}"\n'.encode())
    assert [row.number for row in from_csv.rows if row.problems] == [3]
    from_book = table_of(workbook(["id", "name"], ["1", "Jo"], ["2", value]))
    assert problems(from_book) == problems(from_csv)


def test_a_formula_in_a_workbook_is_never_worked_out() -> None:
    table = table_of(workbook(["id", "name"], ["1", '=CONCAT("R","obin")']))
    assert "formula" in problems(table)[0]
    assert "Robin" not in str(texts(table))


def test_a_dash_alone_is_not_a_formula() -> None:
    assert problems(table_of(b"id,name\n1,-\n")) == []


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\x07", "\n", "\ufffe", "\U000e0001"])
def test_signs_that_cannot_be_seen_are_refused_where_they_would_mislead(sign: str) -> None:
    found = problems(table_of(f'id,name\n1,"Jo{sign}e"\n'.encode()))
    if sign == "\U000e0001":
        assert found == []
    else:
        assert "cannot be seen" in found[0]


def test_the_joiners_that_arabic_and_persian_names_need_are_kept() -> None:
    assert texts(table_of("id,name\n1,می\u200cنا\u200f\n".encode())) == [["1", "می\u200cنا\u200f"]]


def test_a_row_with_more_cells_than_headings_is_refused_and_a_shorter_one_is_filled_up() -> None:
    table = table_of(b"id,name,x\n1,Jo,2,3\n2\n3,Al,,,,\n")
    assert [len(row.problems) for row in table.rows] == [1, 0, 0]
    assert texts(table)[1:] == [["2", "", ""], ["3", "Al", ""]]


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    assert [row.number for row in table_of(b"id,name\n1,Jo\n\n,\n2,Al\n").rows] == [2, 5]
    assert [row.number for row in table_of(workbook(["id", "name"], ["1", "Jo"], [], [], ["2", "Al"])).rows] == [2, 5]


def test_headings_must_be_in_the_first_row_and_have_no_gaps() -> None:
    assert "row 1" in refusal(b"\n\nid,name\n1,Jo")
    assert "Column 2 has no heading" in refusal(b"id,,name\n1,2,Jo")


def test_too_many_rows_or_columns_or_bytes_are_refused(tmp_path: Path) -> None:
    assert "20,000" in refusal(b"id\n" + b"1\n" * 20_001)
    assert len(table_of(b"id\n" + b"1\n" * 20_000).rows) == 20_000
    assert "200 columns" in refusal(b",".join(b"c%d" % i for i in range(201)) + b"\n1")
    big = tmp_path / "big.csv"
    with big.open("wb") as file:
        file.truncate(cells.MOST_BYTES + 1)
    with pytest.raises(FileRefused, match="20 MB"):
        read(big)


def test_a_cell_that_is_far_too_long_is_refused() -> None:
    assert "longer" in problems(table_of(b"id,name\n1," + b"x" * 1001))[0]


def test_one_filled_sheet_among_empty_ones_is_taken_and_two_need_a_name() -> None:
    def empty_one(book: Any, _sheet: Any) -> None:
        book.create_sheet("Sheet2", 0)

    def second(book: Any, _sheet: Any) -> None:
        book.create_sheet("Spring").append(["id"])
        book["Spring"].append(["7"])

    assert texts(table_of(workbook(["id"], ["1"], then=empty_one))) == [["1"]]
    both = workbook(["id"], ["1"], title="Autumn", then=second)
    assert "'Autumn', 'Spring'" in refusal(both)
    assert texts(table_of(both, "spring")) == [["7"]]
    assert "no sheet 'Summer'" in refusal(both, "Summer")
    assert "no sheets" in refusal(b"id\n1", "Spring")


def test_hidden_sheets_are_not_read() -> None:
    def hide(book: Any, _sheet: Any) -> None:
        hidden = book.create_sheet("Old")
        hidden.append(["id"])
        hidden.append(["9"])
        hidden.sheet_state = "hidden"

    content = workbook(["id"], ["1"], then=hide)
    assert texts(table_of(content)) == [["1"]]
    refusal(content, "Old")


def test_merged_cells_are_refused() -> None:
    told = refusal(workbook(["id", "name"], ["1", "Jo"], ["2", ""], then=lambda _b, s: s.merge_cells("B2:B3")))
    assert "merged" in told


def test_an_empty_workbook_is_refused() -> None:
    assert "empty" in refusal(workbook())


def test_dates_and_numbers_of_a_workbook_read_as_in_a_csv() -> None:
    day, moment = dt.datetime(2026, 11, 24), dt.datetime(2026, 1, 2, 10, 30)  # noqa: DTZ001 - as a workbook keeps them
    line = [100001, "Jo", day, 9.0, dt.date(2026, 1, 2), moment, 1.5]
    table = table_of(workbook([f"c{i}" for i in range(7)], line))
    assert texts(table) == [["100001", "Jo", "2026-11-24", "9", "2026-01-02", "2026-01-02 10:30:00", "1.5"]]


def test_a_workbook_that_unpacks_to_a_flood_is_refused() -> None:
    kept = io.BytesIO(workbook(["id"], ["1"]))
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/flood.bin", "w") as part:
        for _ in range(310):
            part.write(bytes(1024 * 1024))
    assert "unpacks" in refusal(kept.getvalue())


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert "cannot be read as an Excel workbook" in refusal(kept.getvalue())


def whatever_happens(content: bytes) -> None:
    """Read, match and check as the command does; only our own refusals may come out."""
    try:
        table = table_of(content)
        columns = headings.matched(table.headings)
    except FileRefused as refused:
        assert str(refused)
        return
    for raw in table.rows:
        try:
            rows.checked(columns, raw)
        except rows.RowRefused as refused:
            assert refused.problems and all(refused.problems)


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=400))
@example(b"PK\x03\x04")
@example(b"\xff\xfe\x00")
def test_random_bytes_never_break_the_reader(content: bytes) -> None:
    whatever_happens(content)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_random_text_below_real_headings_never_breaks_the_reader(text: str) -> None:
    whatever_happens((",".join(headings.COLUMNS) + "\n" + text).encode("utf-8", "surrogatepass"))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=20), min_size=len(headings.COLUMNS), max_size=len(headings.COLUMNS)))
def test_random_cells_never_break_the_checks(line: list[str]) -> None:
    quoted = ",".join('"' + cell.replace('"', '""') + '"' for cell in line)
    whatever_happens((",".join(headings.COLUMNS) + "\n" + quoted).encode("utf-8", "surrogatepass"))


GOOD_BOOK = workbook(HEAD, ["LL1", "Jo", "2026-11-24"])


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(GOOD_BOOK) - 1), st.integers(1, 255))
def test_a_workbook_with_a_changed_byte_never_breaks_the_reader(place: int, change: int) -> None:
    broken = bytearray(GOOD_BOOK)
    broken[place] ^= change
    whatever_happens(bytes(broken))


@settings(max_examples=60, deadline=None)
@given(st.integers(2, len(GOOD_BOOK) - 1))
def test_a_workbook_that_was_cut_off_never_breaks_the_reader(length: int) -> None:
    whatever_happens(GOOD_BOOK[:length])


def part_of_book(name: str, change: Any) -> bytes:
    """The good workbook with one of its parts rewritten."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD_BOOK)) as old, zipfile.ZipFile(kept, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, change(content) if part == name else content)
    return kept.getvalue()


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_workbook_with_broken_xml_never_breaks_the_reader(data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD_BOOK)) as archive:
        name = data.draw(st.sampled_from(archive.namelist()))
        size = len(archive.read(name))
    place = data.draw(st.integers(0, size))
    junk = data.draw(st.binary(max_size=8))
    whatever_happens(part_of_book(name, lambda content: content[:place] + junk + content[place + 1 :]))
