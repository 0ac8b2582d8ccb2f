"""What the cells of an import mean, and which headings are taken."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.importing import headings, values
from app.people.importing.cells import FileRefused
from app.people.importing.reading import RawRow
from app.people.importing.rows import RowRefused, checked


def refused(**cells: str) -> list[str]:
    cells = {"council_person_id": "LL-1"} | cells
    with pytest.raises(RowRefused) as found:
        checked(list(cells), RawRow(2, list(cells.values())))
    return found.value.problems


def test_headings_may_be_written_in_many_ways() -> None:
    assert headings.matched(["Council Person ID", "PEP-Meeting-On", "carer2 EMAIL", "Designated_teacher name"]) == [
        "council_person_id",
        "pep_meeting_on",
        "carer2_email",
        "designated_teacher_name",
    ]


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("prefered_name", "'preferred_name'"),
        ("carer_mail", "'carer_email'"),
        ("socialworker_emial", "'social_worker_email'"),
        ("desgnated_teacher_email", "'designated_teacher_email'"),
        ("tutor_email", "no role in the heading 'tutor_email'"),
        ("mother_name", "no role"),
        ("dt_email", "no role"),
        ("nhs_number", "no column 'nhs_number'"),
        ("date_of_birth", "no column 'date_of_birth'"),
        ("Surname", "no column"),
    ],
)
def test_an_unknown_heading_is_refused_with_the_nearest_one(heading: str, told: str) -> None:
    with pytest.raises(FileRefused, match=told.replace("(", "\\(")):
        headings.matched(["council_person_id", heading])


def test_everything_wrong_with_the_headings_is_said_at_once() -> None:
    with pytest.raises(FileRefused) as found:
        headings.matched(["pep_id", "PEP ID", "nonsense", "tutor_to"])
    assert "twice" in str(found.value) and "nonsense" in str(found.value) and "tutor_to" in str(found.value)


def test_a_file_without_any_id_is_refused() -> None:
    with pytest.raises(FileRefused, match="neither"):
        headings.matched(["preferred_name", "carer_email"])


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("N", -1),
        ("r", 0),
        ("Reception", 0),
        ("1", 1),
        ("Year 9", 9),
        ("year9", 9),
        ("Y11", 11),
        ("yr 7", 7),
        ("14", 14),
    ],
)
def test_school_years(text: str, year: int) -> None:
    assert values.year_group(text) == year


@pytest.mark.parametrize("text", ["0", "15", "99", "nine", "9.5", "-1", "Year", "٩٩"])
def test_what_is_not_a_school_year(text: str) -> None:
    with pytest.raises(ValueError, match="school year"):
        values.year_group(text)


@pytest.mark.parametrize(
    ("text", "tag"),
    [("ar", "ar"), ("Arabic", "ar"), ("TIGRINYA", "ti"), ("en", "en-GB"), ("English", "en-GB"), ("ar-SY", "ar"),
     ("Kurdish (Sorani)", "ckb"), ("kurdish sorani", "ckb"), ("prs", "fa-AF"), ("Dari", "fa-AF"),
     ("pt", "pt-PT"), ("Polski", "pl")],
)  # fmt: skip
def test_languages(text: str, tag: str) -> None:
    assert values.language(text) == tag


@pytest.mark.parametrize("text", ["Kurdish", "ku", "Klingon", "xx", "polnisch", "?"])
def test_what_is_not_a_language_we_know(text: str) -> None:
    with pytest.raises(ValueError, match="not a language we know"):
        values.language(text)


def test_flags() -> None:
    assert values.flags("UCIC; new to care ;interpreter") == ("new-to-care", "ucic", "interpreter")
    assert values.flags("sen,neet") == ("sen", "neet")
    with pytest.raises(ValueError, match="'asylum' is not a flag"):
        values.flags("ucic;asylum")


@pytest.mark.parametrize(
    ("text", "key"),
    [("2026-27-1", "2026-27-1"), ("Autumn 2026", "2026-27-1"), ("spring 2027", "2026-27-2"), ("Summer term 2027", "2026-27-3"),
     ("2099-00-1", "2099-00-1")],
)  # fmt: skip
def test_terms(text: str, key: str) -> None:
    assert values.term(text) == key


@pytest.mark.parametrize(
    "text", ["2026-28-1", "2026-27-4", "2026-27", "Winter 2026", "Autumn 26", "Autumn", "1999-00-1"]
)
def test_what_is_not_a_term(text: str) -> None:
    with pytest.raises(ValueError, match=r"term|school year|too far"):
        values.term(text)


@pytest.mark.parametrize("text", ["2026-11-24", "24/11/2026", "2026-11-24 00:00:00"])
def test_days(text: str) -> None:
    assert values.day(text) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "why"),
    [("31/02/2026", "not a day"), ("2026-02-30", "not a day"), ("29/02/2027", "not a day"), ("11/24/2026", "not a day"),
     ("24/11/26", "not a date"), ("24.11.2026", "not a date"), ("tomorrow", "not a date"), ("46350", "not a date"),
     ("2026-11-24 10:30:00", "not a date"), ("01/01/1970", "too far"), ("2206-11-24", "too far"), ("0000-00-00", "not a day")],
)  # fmt: skip
def test_impossible_days_are_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        values.day(text)


@pytest.mark.parametrize("number", ["9434765919", "943 476 5919", "943-476-5919", "4010232137"])
def test_a_number_that_could_be_an_nhs_number_is_refused_and_not_repeated(number: str) -> None:
    told = " ".join(refused(council_person_id=number))
    assert "NHS number" in told
    assert number not in told and "9434765919" not in told


@pytest.mark.parametrize("number", ["9434765918", "1234567890", "LL-9434765919", "943476591", "94347659190"])
def test_other_numbers_of_the_council_are_taken(number: str) -> None:
    assert values.council_person_id(number) == number


@given(st.integers(0, 999_999_999))
def test_of_every_ten_numbers_at_most_one_is_taken_for_an_nhs_number(stem: int) -> None:
    passing = [figure for figure in range(10) if values.is_nhs_number(f"{stem:09d}{figure}")]
    total = sum(int(f) * w for f, w in zip(f"{stem:09d}", range(10, 1, -1), strict=True))
    check = 11 - total % 11
    assert passing == ([] if check == 10 else [check % 11])


@pytest.mark.parametrize("text", ["1.23457E+11", "1e10", "two words", "x" * 33, "=1", "ü1", "(1)"])
def test_what_is_no_id_is_refused(text: str) -> None:
    assert refused(council_person_id=text)


@pytest.mark.parametrize(
    "text", ["a@b", "a b@c.uk", "a@b..uk", "@b.uk", "a@b.uk,", "<a@b.uk>", "a@b.uk;c@d.uk", "mailto:a@b.uk", "a@-b.uk"]
)
def test_what_is_no_e_mail_address(text: str) -> None:
    with pytest.raises(ValueError, match="e-mail"):
        values.email(text)


def test_an_e_mail_address_is_kept_in_small_letters() -> None:
    assert values.email("Amina.O'Neil+pep@School.example") == "amina.o'neil+pep@school.example"


def test_everything_wrong_with_a_row_is_said_at_once() -> None:
    told = refused(year_group="15", pep_term="Winter", carer_email="nonsense", carer_from="31/02/2026", care="-")
    assert len(told) >= 4
    assert any(problem.startswith("pep_term") for problem in told)
    assert "carer_email is not an e-mail address." in told
    assert any(problem.startswith("carer_from") for problem in told)


def test_a_row_needs_one_id() -> None:
    assert "we cannot tell which child" in refused(council_person_id="", preferred_name="Robin")[0]


def test_a_pep_needs_its_id() -> None:
    assert "no pep_id" in refused(pep_term="Autumn 2026")[0]


def test_dates_of_nobody_are_refused() -> None:
    assert "iro has a date" in refused(iro_from="2026-01-01")[0]


def test_an_adult_cannot_end_before_they_begin() -> None:
    told = refused(iro_name="Jo", iro_email="jo@council.example", iro_from="2026-09-02", iro_to="2026-09-02")
    assert told == ["iro ends before it begins."]


def test_the_same_adult_twice_in_a_row_is_refused() -> None:
    told = refused(carer_name="Pat", carer_email="p@home.example", carer2_name="Pat", carer2_email="P@home.example")
    assert told == ["carer2_email is the same as carer_email."]


def test_a_child_cannot_be_without_a_name_or_an_id() -> None:
    assert "cannot be '-'" in refused(preferred_name="-")[0]
