"""``people import``: a dry run first, all or nothing, safe to run again; who sees a child changes the same day."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import time_machine
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.core.settings import REPO
from app.people.importing.report import harmless
from app.people.models import Connection, CouncilReference, Pep, Person, Role, YoungPerson
from app.people.policy import living_roles
from tests.factories import People

TODAY = date(2026, 11, 23)
ROBIN = {
    "council_person_id": "LL-100001",
    "preferred_name": "Robin",
    "year_group": "Year 9",
    "language": "English",
    "school": "Elm Academy",
    "pep_id": "PEP-9001",
    "pep_term": "Autumn 2026",
    "pep_meeting_on": "01/12/2026",
    "designated_teacher_name": "Amina",
    "designated_teacher_email": "amina@elm.example",
    "carer_name": "Pat",
    "carer_email": "pat@home.example",
}
Load = Callable[..., Result]


@pytest.fixture(autouse=True)
def _a_monday() -> Any:
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def load(app: Flask, tmp_path: Path) -> Load:
    """Writes rows into a file and imports it; ``write`` unless told otherwise."""

    def run(*lines: dict[str, str], write: bool = True, options: tuple[str, ...] = (), kind: str = "csv") -> Result:
        path = tmp_path / f"list.{kind}"
        columns = list(dict.fromkeys(column for line in lines for column in line))
        table = [columns, *[[line.get(column, "") for column in columns] for line in lines]]
        path.write_bytes(as_csv(table) if kind == "csv" else as_workbook(table))
        words = ["people", "import", str(path), *(["--write"] if write else []), *options]
        result = app.test_cli_runner().invoke(args=words)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


def as_csv(table: list[list[str]]) -> bytes:
    kept = io.StringIO()
    csv.writer(kept).writerows(table)
    return kept.getvalue().encode()


def as_workbook(table: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for line in table:
        book.active.append([_typed(cell) for cell in line])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _typed(cell: str) -> Any:
    """As a person's spreadsheet would keep it: figures as numbers, dates as dates."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        return date.fromisoformat(cell)
    return int(cell) if cell.isdigit() else cell or None


def count(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def child_of(session: Session, name: str = "Robin") -> Person:
    return session.scalars(select(Person).where(Person.name == name, Person.role == Role.young_person)).one()


def who_sees(session: Session, name: str = "Robin", on: date | None = None) -> dict[str, str]:
    """Name of each adult connected on a day, and in which role."""
    child = child_of(session, name)
    adults = session.scalars(select(Person).where(Person.role != Role.young_person))
    day = on or clock.today()
    found = {adult.name: living_roles(session, adult.id, child.id, day) for adult in adults}
    return {adult: ",".join(sorted(roles)) for adult, roles in found.items() if roles}


def everything(session: Session) -> list[Any]:
    """All that an import can change, in a form that two runs can be compared by."""
    session.expire_all()
    people = [
        (
            p.name,
            p.role,
            p.language,
            p.email,
            p.young and (p.young.year_group, p.young.care, sorted(p.young.flags), p.young.school_name, p.young.place),
        )
        for p in session.scalars(select(Person))
    ]
    peps = [
        (p.external_id, p.young_person.name, p.term, p.meeting_on, p.deadline_on) for p in session.scalars(select(Pep))
    ]
    links = [
        (c.adult.name, c.young_person.name, c.role, c.starts_on, c.ends_on) for c in session.scalars(select(Connection))
    ]
    numbers = [(r.reference, r.lookup) for r in session.scalars(select(CouncilReference))]
    return [sorted(part, key=str) for part in (people, peps, links, numbers)]


def test_a_dry_run_says_what_would_happen_and_changes_nothing(load: Load, session: Session) -> None:
    result = load(ROBIN, write=False)
    assert result.exit_code == 0
    assert "Row 2: created. young person created (new); PEP created (new)" in result.output
    assert "1 rows: 1 created" in result.output and "dry run" in result.output
    assert count(session, Person) == count(session, Pep) == count(session, AuditEntry) == 0


def test_a_new_child_comes_with_pep_adults_and_connections(load: Load, session: Session) -> None:
    result = load(ROBIN)
    assert result.exit_code == 0, result.output
    child = child_of(session)
    assert child.language == "en-GB" and child.young is not None
    assert (child.young.year_group, child.young.care, child.young.place, child.young.school_name) == (
        9, "in_care", "school", "Elm Academy",
    )  # fmt: skip
    pep = session.scalars(select(Pep)).one()
    assert (pep.external_id, pep.term, pep.meeting_on, pep.deadline_on) == (
        "PEP-9001",
        "2026-27-1",
        date(2026, 12, 1),
        None,
    )
    assert who_sees(session) == {"Amina": "designated_teacher", "Pat": "carer"}
    assert who_sees(session, on=TODAY - timedelta(days=1)) == {}


def test_the_report_and_the_audit_never_hold_names_or_numbers(load: Load, session: Session, tmp_path: Path) -> None:
    result = load(ROBIN, options=("--report", str(tmp_path / "out.csv")))
    kept = result.output + (tmp_path / "out.csv").read_text("utf-8-sig")
    kept += " ".join(f"{entry.event} {entry.detail}" for entry in session.scalars(select(AuditEntry)))
    for secret in ("Robin", "LL-100001", "Amina", "amina@elm.example", "Pat", "PEP-9001", "Elm Academy"):
        assert secret not in kept
    events = set(session.scalars(select(AuditEntry.event)))
    assert events == {"young-person.created", "pep.created", "person.created", "connection.began"}


def test_the_councils_number_is_sealed_and_found_by_a_keyed_hash(load: Load, session: Session, app: Flask) -> None:
    load(ROBIN)
    row = session.scalars(select(CouncilReference)).one()
    assert row.reference == "LL-100001"
    raw = session.connection().exec_driver_sql("SELECT reference, lookup FROM council_reference").one()
    assert b"100001" not in bytes(raw[0]) and len(raw[1]) == 32
    assert load(ROBIN | {"council_person_id": "ll-100001"}).output.startswith("Row 2: unchanged")


def test_running_again_changes_nothing(load: Load, session: Session) -> None:
    load(ROBIN)
    before, audits = everything(session), count(session, AuditEntry)
    result = load(ROBIN)
    assert result.exit_code == 0
    assert "1 rows: 0 created, 0 changed, 1 unchanged, 0 refused" in result.output
    assert everything(session) == before
    assert count(session, AuditEntry) == audits


def test_running_again_on_another_day_changes_nothing_either(load: Load, session: Session, _a_monday: Any) -> None:
    load(ROBIN)
    before = everything(session)
    _a_monday.shift(timedelta(days=40))
    assert "1 unchanged" in load(ROBIN).output
    assert everything(session) == before


def test_changed_facts_are_changed_and_empty_cells_leave_them(load: Load, session: Session) -> None:
    load(ROBIN)
    line = {
        "council_person_id": "LL-100001",
        "year_group": "10",
        "language": "",
        "flags": "sen",
        "pep_id": "PEP-9001",
        "pep_meeting_on": "2026-12-02",
    }
    result = load(line)
    assert "young person changed (year_group, flags); PEP changed (pep_meeting_on)" in result.output
    child = child_of(session)
    assert child.language == "en-GB" and child.young is not None
    assert (child.young.year_group, child.young.flags) == (10, ["sen"])
    assert session.scalars(select(Pep)).one().meeting_on == date(2026, 12, 2)
    assert who_sees(session) == {"Amina": "designated_teacher", "Pat": "carer"}


def test_a_dash_takes_away(load: Load, session: Session) -> None:
    load(ROBIN | {"flags": "ucic;sen"})
    load({"council_person_id": "LL-100001", "flags": "-", "language": "-", "pep_id": "PEP-9001", "pep_meeting_on": "-"})
    child = child_of(session)
    assert child.language is None and child.young is not None and child.young.flags == []
    assert session.scalars(select(Pep)).one().meeting_on is None


def test_a_child_in_several_rows_is_one_child(load: Load, session: Session) -> None:
    result = load(ROBIN, {"council_person_id": "LL-100001", "pep_id": "PEP-9002", "pep_term": "Spring 2027"})
    assert result.exit_code == 0, result.output
    assert count(session, YoungPerson) == 1 and count(session, Pep) == 2
    assert "Row 3: created. PEP created" in result.output


def test_two_children_of_one_name_are_two(load: Load, session: Session) -> None:
    other = ROBIN | {"council_person_id": "LL-100002", "pep_id": "PEP-9002", "carer_name": "", "carer_email": ""}
    load(ROBIN, other)
    assert count(session, YoungPerson) == 2
    assert count(session, Person) == 4, "the teacher of both is one person"


def test_a_child_is_never_found_by_name(load: Load, session: Session, people: People) -> None:
    people.young_person("Robin", year_group=9)
    load(ROBIN)
    assert count(session, YoungPerson) == 2


def test_all_or_nothing(load: Load, session: Session) -> None:
    bad = {"council_person_id": "LL-2", "preferred_name": "Jo", "year_group": "15"}
    result = load(ROBIN, bad)
    assert result.exit_code == 1
    assert "Row 3: refused. year_group '15' is not a school year" in result.output
    assert "Nothing was written" in result.output
    assert count(session, Person) == 0


def test_good_rows_are_kept_when_asked_for(load: Load, session: Session) -> None:
    bad = {"council_person_id": "LL-2", "preferred_name": "Jo", "year_group": "15"}
    result = load(bad, ROBIN, options=("--keep-good-rows",))
    assert result.exit_code == 1
    assert "1 refused rows are not" in result.output
    assert [person.name for person in session.scalars(select(Person).where(Person.role == Role.young_person))] == [
        "Robin"
    ]


def test_a_new_teacher_takes_over_the_same_day(load: Load, session: Session, _a_monday: Any) -> None:
    load(ROBIN)
    _a_monday.shift(timedelta(days=10))
    result = load(ROBIN | {"designated_teacher_name": "Ben", "designated_teacher_email": "ben@elm.example"})
    assert "the one before ends 2026-12-03" in result.output
    assert who_sees(session) == {"Ben": "designated_teacher", "Pat": "carer"}
    assert who_sees(session, on=date(2026, 12, 2)) == {"Amina": "designated_teacher", "Pat": "carer"}


def test_a_teacher_who_starts_later_takes_over_on_that_day(load: Load, session: Session) -> None:
    load(ROBIN)
    line = ROBIN | {
        "designated_teacher_name": "Ben", "designated_teacher_email": "ben@elm.example", "designated_teacher_from": "2027-01-04",
    }  # fmt: skip
    load(line)
    assert "unchanged" in load(line).output.splitlines()[0]
    assert who_sees(session, on=date(2027, 1, 3))["Amina"] == "designated_teacher"
    assert "Amina" not in who_sees(session, on=date(2027, 1, 4))
    assert who_sees(session, on=date(2027, 1, 4))["Ben"] == "designated_teacher"


def test_a_new_school_ends_its_teacher_even_when_nobody_new_is_named(load: Load, session: Session) -> None:
    load(ROBIN)
    load({"council_person_id": "LL-100001", "school": "Oak Academy"})
    assert who_sees(session) == {"Pat": "carer"}


def test_a_new_school_with_its_teacher_begins_that_day(load: Load, session: Session) -> None:
    load(ROBIN)
    load(ROBIN | {"school": "Oak", "designated_teacher_name": "Ben", "designated_teacher_email": "ben@oak.example"})
    assert who_sees(session) == {"Ben": "designated_teacher", "Pat": "carer"}


def test_a_school_written_otherwise_is_the_same_school(load: Load, session: Session) -> None:
    load(ROBIN)
    load({"council_person_id": "LL-100001", "school": "ELM  academy"})
    assert "Amina" in who_sees(session)


def test_a_teacher_of_both_schools_stays(load: Load, session: Session) -> None:
    load(ROBIN)
    load(ROBIN | {"school": "Elm Sixth Form"})
    assert "Amina" in who_sees(session)


def test_a_change_of_placement_ends_both_carers_of_before(load: Load, session: Session) -> None:
    load(ROBIN | {"carer2_name": "Kim", "carer2_email": "kim@home.example"})
    assert set(who_sees(session)) == {"Amina", "Pat", "Kim"}
    load(ROBIN | {"carer_name": "Lou", "carer_email": "lou@other.example"})
    assert set(who_sees(session)) == {"Amina", "Lou"}


def test_two_new_carers_end_each_of_the_old_once(load: Load, session: Session) -> None:
    load(ROBIN | {"carer2_name": "Kim", "carer2_email": "kim@home.example"})
    result = load(
        ROBIN
        | {"carer_name": "Lou", "carer_email": "lou@o.example", "carer2_name": "Max", "carer2_email": "max@o.example"}
    )
    assert result.output.count("the one before ends") == 2
    assert set(who_sees(session)) == {"Amina", "Lou", "Max"}


def test_a_second_carer_joins_the_first(load: Load, session: Session) -> None:
    load(ROBIN)
    load(ROBIN | {"carer2_name": "Kim", "carer2_email": "kim@home.example"})
    load(ROBIN)
    assert set(who_sees(session)) == {"Amina", "Pat", "Kim"}


def test_carers_named_in_different_rows_of_one_child_do_not_end_each_other(load: Load, session: Session) -> None:
    second = {
        "council_person_id": "LL-100001",
        "pep_id": "PEP-9002",
        "pep_term": "Spring 2027",
        "carer2_name": "Kim",
        "carer2_email": "kim@home.example",
    }
    load(ROBIN, second)
    assert set(who_sees(session)) == {"Amina", "Pat", "Kim"}


def test_a_dash_ends_a_connection_that_day(load: Load, session: Session) -> None:
    load(ROBIN)
    result = load({"council_person_id": "LL-100001", "carer_email": "-"})
    assert "connection changed (carer: the one before ends 2026-11-23)" in result.output
    assert who_sees(session) == {"Amina": "designated_teacher"}
    assert "unchanged" in load({"council_person_id": "LL-100001", "carer_email": "-"}).output


def test_a_dash_with_a_date_ends_it_on_that_day(load: Load, session: Session) -> None:
    load(ROBIN)
    load({"council_person_id": "LL-100001", "carer_email": "-", "carer_to": "2026-12-01"})
    assert "Pat" in who_sees(session, on=date(2026, 11, 30))
    assert "Pat" not in who_sees(session, on=date(2026, 12, 1))


def test_a_last_day_in_the_file_is_kept_and_can_be_taken_back(load: Load, session: Session, _a_monday: Any) -> None:
    line = ROBIN | {"carer_to": "2026-12-18"}
    load(line)
    assert "Pat" not in who_sees(session, on=date(2026, 12, 18))
    load(ROBIN | {"carer_to": "-"})
    assert "Pat" in who_sees(session, on=date(2026, 12, 18))
    load(line)
    _a_monday.shift(timedelta(days=60))
    assert "1 unchanged" in load(line).output


def test_a_corrected_first_day_moves_the_connection(load: Load, session: Session) -> None:
    load(ROBIN)
    load(ROBIN | {"carer_from": "2026-09-01"})
    assert "Pat" in who_sees(session, on=date(2026, 9, 1))
    assert count(session, Connection) == 2


def test_somebody_who_comes_back_begins_again_today(load: Load, session: Session, _a_monday: Any) -> None:
    line = ROBIN | {"carer_from": "2026-09-01"}
    load(line)
    load({"council_person_id": "LL-100001", "carer_email": "-"})
    _a_monday.shift(timedelta(days=10))
    load(line)
    assert "Pat" not in who_sees(session, on=date(2026, 11, 30))
    assert "Pat" in who_sees(session, on=date(2026, 12, 3))
    assert "1 unchanged" in load(line).output


def test_somebody_who_comes_back_the_same_day_goes_on(load: Load, session: Session) -> None:
    load(ROBIN)
    load({"council_person_id": "LL-100001", "carer_email": "-"})
    load(ROBIN)
    assert "Pat" in who_sees(session)
    assert count(session, Connection) == 2


def test_a_connection_that_would_never_begin_is_refused(load: Load) -> None:
    result = load(ROBIN | {"carer_to": "2026-11-23"})
    assert result.exit_code == 1
    assert "carer_to is not after the day on which the connection begins" in result.output


def test_a_carer_without_e_mail_is_known_beside_the_child(load: Load, session: Session) -> None:
    line = {**ROBIN, "carer_email": ""}
    load(line)
    assert "1 unchanged" in load(line).output
    other = line | {"council_person_id": "LL-2", "preferred_name": "Jo", "pep_id": "PEP-2"}
    load(other)
    assert session.scalar(select(func.count()).where(Person.name == "Pat")) == 2


def test_an_adults_new_name_is_taken_over(load: Load, session: Session) -> None:
    load(ROBIN)
    result = load(ROBIN | {"designated_teacher_name": "Amina Yusuf"})
    assert "adult changed (designated_teacher: name)" in result.output
    assert "Amina Yusuf" in who_sees(session)


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ({"year_group": "9"}, {"year_group": "10"}, "different things about year_group of the same child"),
        ({"preferred_name": "Robin"}, {"preferred_name": "Rob"}, "different things about preferred_name"),
        ({"pep_term": "2026-27-1"}, {"pep_term": "2026-27-2"}, "different things about pep_term of the same PEP"),
        ({"iro_name": "A", "iro_email": "a@c.example"}, {"iro_name": "B", "iro_email": "b@c.example"}, "the iro of the same"),
        ({"council_person_id": "LL-100001"}, {"council_person_id": "LL-2"}, "pep_id belongs to another child"),
        ({"iro_name": "A", "iro_email": "a@c.example"}, {"iro_name": "B", "iro_email": "a@c.example"}, "one e-mail"),
    ],
)  # fmt: skip
def test_rows_that_contradict_each_other_are_all_refused(
    load: Load, session: Session, one: dict[str, str], other: dict[str, str], told: str
) -> None:
    result = load(ROBIN | one, ROBIN | other, options=("--keep-good-rows",))
    assert result.exit_code == 1
    assert result.output.count(": refused.") == 2 and result.output.count(told) == 2
    assert count(session, Person) == 0


def test_one_e_mail_address_with_two_roles_is_refused_across_children(load: Load) -> None:
    other = {"council_person_id": "LL-2", "preferred_name": "Jo", "iro_name": "Amina", "iro_email": "amina@elm.example"}
    assert load(ROBIN, other).output.count("one e-mail address different names or roles") == 2


def test_the_same_row_twice_is_one(load: Load, session: Session) -> None:
    result = load(ROBIN, ROBIN)
    assert result.exit_code == 0, result.output
    assert "Row 3: unchanged" in result.output
    assert count(session, Pep) == 1


def test_a_pep_of_another_child_is_refused(load: Load) -> None:
    load(ROBIN)
    result = load(
        {"council_person_id": "LL-2", "preferred_name": "Jo", "pep_id": "PEP-9001", "pep_term": "Autumn 2026"}
    )
    assert result.exit_code == 1 and "pep_id belongs to another child" in result.output


def test_a_known_pep_is_enough_to_find_its_child(load: Load, session: Session) -> None:
    load(ROBIN)
    result = load({"pep_id": "PEP-9001", "year_group": "10"})
    assert result.exit_code == 0 and "young person changed (year_group)" in result.output
    assert count(session, YoungPerson) == 1


def test_a_child_who_came_without_a_number_is_given_it_by_a_later_row(load: Load, session: Session) -> None:
    nameless = {name: value for name, value in ROBIN.items() if name != "council_person_id"}
    first = load(nameless)
    assert first.exit_code == 0 and "Note: There is no council_person_id" in first.output
    assert count(session, CouncilReference) == 0
    second = {"council_person_id": "LL-100001", "pep_id": "PEP-9002", "pep_term": "Spring 2027"}
    assert load(ROBIN, second).exit_code == 0
    assert count(session, YoungPerson) == 1 and count(session, CouncilReference) == 1


def test_a_row_with_only_a_pep_joins_the_row_that_has_the_number_too(load: Load, session: Session) -> None:
    load({"pep_id": "PEP-9001", "flags": "sen"}, ROBIN)
    assert count(session, YoungPerson) == 0, "the first row does not say the term of a new PEP"
    load({"pep_id": "PEP-9001", "pep_term": "Autumn 2026", "flags": "sen"}, ROBIN)
    assert count(session, YoungPerson) == 1 and child_of(session).young.flags == ["sen"]  # type: ignore[union-attr]


def test_a_new_child_needs_a_name_and_a_new_pep_its_term(load: Load) -> None:
    assert "preferred_name is missing" in load({"council_person_id": "LL-2"}).output
    assert "pep_term is missing" in load({"council_person_id": "LL-2", "preferred_name": "Jo", "pep_id": "P-1"}).output


def test_a_new_adult_needs_a_name(load: Load) -> None:
    assert "iro_name is missing" in load(ROBIN | {"iro_email": "new@council.example"}).output


def test_an_e_mail_of_another_role_or_of_somebody_who_left_is_refused(
    load: Load, people: People, session: Session
) -> None:
    people.adult(Role.social_worker, "Jo", email="jo@council.example")
    gone = people.adult(Role.iro, "Gone", email="gone@council.example")
    gone.ended_on = TODAY
    session.commit()
    assert "another role (social_worker)" in load(ROBIN | {"iro_name": "Jo", "iro_email": "jo@council.example"}).output
    assert "who has left" in load(ROBIN | {"iro_name": "Gone", "iro_email": "gone@council.example"}).output
    child = people.young_person("Al")
    child.email = "al@home.example"
    session.commit()
    assert "another role" in load(ROBIN | {"carer_name": "Al", "carer_email": "al@home.example"}).output


def test_a_closed_pep_is_not_changed(load: Load, session: Session) -> None:
    load(ROBIN)
    session.scalars(select(Pep)).one().closed_at = clock.now()
    session.commit()
    assert load(ROBIN).exit_code == 0
    assert "The PEP is closed" in load(ROBIN | {"pep_meeting_on": "2026-12-09"}).output


def test_a_meeting_far_from_its_term_is_noted(load: Load) -> None:
    result = load(ROBIN | {"pep_meeting_on": "2028-11-24"})
    assert result.exit_code == 0 and "Note: The meeting is not in the school year" in result.output


def test_a_bad_row_of_a_child_leaves_the_childs_good_rows(load: Load, session: Session) -> None:
    bad = {
        "council_person_id": "LL-100001",
        "pep_id": "PEP-9002",
        "pep_term": "Spring 2027",
        "pep_meeting_on": "31/02/2027",
    }
    load(ROBIN, bad, options=("--keep-good-rows",))
    assert [pep.external_id for pep in session.scalars(select(Pep))] == ["PEP-9001"]


def test_a_workbook_and_a_csv_do_the_same(load: Load, app: Flask, session: Session, tmp_path: Path) -> None:
    lines = [
        ROBIN | {"council_person_id": "100001", "pep_meeting_on": "2026-12-01", "year_group": "9"},
        {
            "council_person_id": "100002",
            "preferred_name": "Żaneta",
            "language": "Polish",
            "flags": "sen;moving",
            "iro_name": "ñ",
            "iro_email": "n@c.example",
        },
        {"council_person_id": "100003", "preferred_name": "=1+1"},
        {"council_person_id": "100004", "preferred_name": "Al", "year_group": "15", "carer_email": "-"},
    ]
    outputs, states = [], []
    for kind in ("csv", "xlsx"):
        outputs.append(load(*lines, kind=kind, options=("--keep-good-rows",)).output)
        states.append(everything(session))
        if kind == "csv":
            for model in (Connection, Pep, CouncilReference, YoungPerson, Person):
                for row in session.scalars(select(model)):
                    session.delete(row)
                session.flush()
            session.commit()
            session.expunge_all()
    assert outputs[0] == outputs[1]
    assert states[0] == states[1] and states[0][0]


def test_the_report_as_a_file_holds_every_row(load: Load, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    load(
        ROBIN, {"council_person_id": "LL-2", "preferred_name": "Jo", "year_group": "=9"}, options=("--report", str(out))
    )
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    with out.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [(line["row"], line["outcome"]) for line in lines] == [("2", "created"), ("3", "refused")]
    assert "formula" in lines[1]["why"]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1"])
def test_no_cell_of_the_report_runs_in_a_spreadsheet(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("Row 2") == "Row 2"


def test_a_report_that_cannot_be_written_stops_the_writing(load: Load, session: Session, tmp_path: Path) -> None:
    result = load(ROBIN, options=("--report", str(tmp_path / "no" / "such" / "out.csv")))
    assert result.exit_code == 1 and count(session, Person) == 0
    result = load(ROBIN, options=("--report", str(tmp_path / "list.csv")))
    assert result.exit_code == 1 and "overwrite" in result.output


def test_a_file_that_cannot_be_read_is_refused_with_a_reason(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes("id,name\n1,Zoë".encode("cp1252"))
    result = app.test_cli_runner().invoke(args=["people", "import", str(path)])
    assert result.exit_code == 1 and "not in UTF-8" in result.output


def test_the_command_explains_itself(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["people", "import", "--help"])
    assert result.exit_code == 0
    for option in ("--write", "--keep-good-rows", "--report", "--sheet"):
        assert option in result.output


def test_the_example_in_the_handbook_for_operators_works(app: Flask, session: Session, tmp_path: Path) -> None:
    (example,) = re.findall(r"```csv\n(.*?)```", (REPO / "docs" / "import.md").read_text("utf-8"), re.DOTALL)
    path = tmp_path / "example.csv"
    path.write_text(example, encoding="utf-8")
    for expected in ("4 created", "4 unchanged"):
        result = app.test_cli_runner().invoke(args=["people", "import", str(path), "--write"])
        assert result.exit_code == 0, result.output
        assert expected in result.output
    assert (count(session, YoungPerson), count(session, Pep)) == (3, 4)
    assert session.scalar(select(func.count()).where(Person.role == Role.social_worker)) == 1


def test_thousands_of_rows_need_few_queries(load: Load, app: Flask, session: Session) -> None:
    from sqlalchemy import event

    from app.core.db import db

    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    lines = [ROBIN | {"council_person_id": f"LL-{i}", "pep_id": f"PEP-{i}"} for i in range(1000)]
    assert load(*lines).exit_code == 0
    asked.clear()
    result = load(*lines, write=False)
    assert "1000 unchanged" in result.output
    assert len(asked) < 40
