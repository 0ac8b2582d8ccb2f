"""Loading the demo: where it may be, what a second time does, and that production refuses it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app
from app.core.audit import AuditEntry
from app.core.db import Base, db
from app.core.settings import Settings, SettingsRefused
from app.demo import loading
from app.demo.terms import Term, on_a_school_day, on_a_weekday, term_of, terms_until
from app.people.models import Pep, Person, Role
from app.voice.models import Answer, SentAnswer
from tests.conftest import settings_for
from tests.demo.conftest import Run, opened


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Flask]:
    """A house in demo mode with nobody in it."""
    folder = tmp_path / "empty"
    folder.mkdir()
    with opened(settings_for(f"sqlite:///{folder / 'test.db'}", folder, demo=True)) as app:
        yield app


def rows(session: Session) -> dict[str, int]:
    return {t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in Base.metadata.sorted_tables}


def demo(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["demo", *words])
    return result.exit_code, result.output


def test_loading_takes_less_than_three_seconds_of_work(empty: Flask) -> None:
    began = time.process_time()
    assert demo(empty, "load")[0] == 0
    assert time.process_time() - began < 3


@pytest.mark.parametrize("more", [(), ("--if-empty",), ("--force",)])
def test_loading_twice_changes_nothing(session: Session, run: Run, config: Settings, more: tuple[str, ...]) -> None:
    before, file = rows(session), (config.instance_dir / "demo.json").read_bytes()
    result = run("demo", "load", *more)
    assert result.exit_code == 0
    assert rows(session) == before
    assert (config.instance_dir / "demo.json").read_bytes() == file


def test_beside_people_who_are_not_invented_nothing_is_loaded(empty: Flask) -> None:
    db.session.add(Person(role=Role.carer, name="Somebody", email="somebody@example.org"))
    db.session.commit()
    code, said = demo(empty, "load")
    assert code == 1
    assert "--force" in said
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1
    assert demo(empty, "load", "--if-empty")[0] == 0
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1
    assert demo(empty, "load", "--force")[0] == 0
    assert loading.count(db.session, demo=True) > 20


def test_outside_demo_mode_nothing_is_loaded_or_shown(tmp_path: Path) -> None:
    with opened(settings_for(f"sqlite:///{tmp_path / 'other.db'}", tmp_path)) as app:
        for words in (("load",), ("load", "--if-empty"), ("load", "--force"), ("show",)):
            code, said = demo(app, *words)
            assert code == 1
            assert "PEPVOICE_DEMO" in said
        assert loading.count(db.session, demo=True) == 0


def in_production(folder: Path) -> Settings:
    return settings_for(
        f"sqlite:///{folder / 'test.db'}", folder, environment="production", public_url="https://voice.example.org"
    )


def test_production_does_not_start_with_demo_data(loaded_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(loaded_folder, tmp_path, dirs_exist_ok=True)
    with pytest.raises(SettingsRefused, match="demo data"):
        create_app(in_production(tmp_path))


def test_production_starts_before_the_first_migration_and_with_real_people(tmp_path: Path) -> None:
    create_app(in_production(tmp_path))
    with opened(settings_for(f"sqlite:///{tmp_path / 'test.db'}", tmp_path)):
        db.session.add(Person(role=Role.carer, name="Somebody", email="somebody@example.org"))
        db.session.commit()
    create_app(in_production(tmp_path))


def test_production_refuses_to_load(tmp_path: Path) -> None:
    with opened(in_production(tmp_path)) as app:
        code, said = demo(app, "load", "--force")
        assert code == 1
        assert "production" in said


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (date(2026, 11, 21), ["2025-26-2", "2025-26-3", "2026-27-1"]),
        (date(2026, 9, 1), ["2025-26-2", "2025-26-3", "2026-27-1"]),
        (date(2027, 1, 4), ["2025-26-3", "2026-27-1", "2026-27-2"]),
        (date(2027, 4, 1), ["2026-27-1", "2026-27-2", "2026-27-3"]),
        (date(2027, 8, 31), ["2026-27-1", "2026-27-2", "2026-27-3"]),
        (date(1999, 12, 31), ["1998-99-2", "1998-99-3", "1999-00-1"]),
    ],
)
def test_three_terms_end_with_that_of_today(day: date, codes: list[str]) -> None:
    terms = terms_until(day)
    assert [terms[ago].code for ago in (-2, -1, 0)] == codes


def test_no_meeting_is_on_a_weekend_or_in_a_term_that_is_not_over() -> None:
    for month in range(1, 13):
        for term in list(terms_until(date(2027, month, 1)).values())[1:]:
            for place in range(30):
                day = term.meeting(place)
                assert day.weekday() < 5
                assert day < date(2027, month, 1)
                assert term_of(day) == term
    assert on_a_weekday(date(2026, 11, 21)) == on_a_weekday(date(2026, 11, 22)) == date(2026, 11, 23)
    assert Term(2026, 1).before() == Term(2025, 3)


@pytest.mark.parametrize(
    ("today", "wanted", "found"),
    [
        (date(2026, 11, 21), date(2026, 11, 24), date(2026, 11, 24)),
        (date(2026, 11, 21), date(2026, 12, 26), date(2026, 12, 18)),
        (date(2026, 12, 18), date(2026, 12, 21), date(2027, 1, 5)),
        (date(2026, 12, 28), date(2027, 1, 2), date(2027, 1, 5)),
        (date(2027, 6, 20), date(2027, 7, 25), date(2027, 7, 21)),
        (date(2027, 8, 10), date(2027, 8, 13), date(2027, 9, 3)),
        (date(2027, 2, 1), date(2027, 2, 13), date(2027, 2, 15)),
    ],
)
def test_a_meeting_to_come_is_on_a_school_day(today: date, wanted: date, found: date) -> None:
    assert on_a_school_day(wanted, today) == found


@pytest.mark.parametrize("month", [4, 9])
def test_the_demo_can_be_loaded_on_any_day_and_nothing_in_it_is_yet_to_come(empty: Flask, month: int) -> None:
    with time_machine.travel(datetime(2027, month, 1, 0, 20, tzinfo=UTC), tick=True):
        code, said = demo(empty, "load")
        assert code == 0, said
        for column in (AuditEntry.at, SentAnswer.sent_at, Answer.saved_at, Pep.closed_at):
            assert db.session.scalar(select(func.max(column))) <= datetime.now(UTC)
