"""``keys rotate`` moves everything to the newest key, in steps, and can be stopped and run again."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from app import create_app
from app.core import rotation
from app.core.crypto import CannotOpen
from app.core.db import Base, db, key_ring
from app.people.models import CouncilReference, Person, Role, WorkerKey, YoungPerson
from tests.conftest import settings_for

K1 = "k1:" + base64.b64encode(b"1" * 32).decode()
K2 = "k2:" + base64.b64encode(b"2" * 32).decode()
SECRET = "ZEBRAFISHSECRETX"


@contextmanager
def house(folder: Path, keys: str) -> Iterator[Flask]:
    """The app on one database in ``folder``, with this key ring."""
    app = create_app(settings_for(f"sqlite:///{folder / 'r.db'}", folder, keys=keys))
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


def fill_with(number: int) -> None:
    for i in range(number):
        child = Person(role=Role.young_person, name=f"Child {i}")
        child.young = YoungPerson(year_group=9, flags=[])
        adult = Person(role=Role.social_worker, name=f"Adult {i}")
        db.session.add_all([child, adult])
        db.session.flush()
        db.session.add(CouncilReference(young_person_id=child.id, reference=f"LL-{i}-PLAIN", lookup=f"{i:032d}"))
        db.session.add(WorkerKey(person_id=adult.id, totp_secret=SECRET if i % 2 else None))
    db.session.commit()


def opened() -> list[str]:
    db.session.expire_all()
    return sorted(db.session.scalars(db.select(CouncilReference.reference)))


def raw_rows() -> list[bytes]:
    return [bytes(row[0]) for row in db.session.execute(text("SELECT reference FROM council_reference"))]


def run(app: Flask, *words: str):  # type: ignore[no-untyped-def]
    return app.test_cli_runner().invoke(args=["keys", "rotate", *words])


def test_every_sealed_column_of_the_house_is_found(app: Flask) -> None:
    found = {f"{column.table.name}.{column.name}" for column in rotation.sealed_columns(Base.metadata)}
    assert {"answer.content", "sent_answer.content", "worker_key.totp_secret", "council_reference.reference"} <= found
    for column in rotation.sealed_columns(Base.metadata):
        assert column.type.context == f"{column.table.name}.{column.name}"  # type: ignore[attr-defined]


def test_after_rotating_everything_opens_without_the_old_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 7)
    with house(tmp_path, K1):
        fill_with(30)
        before = opened()
    with house(tmp_path, f"{K2},{K1}") as app:
        assert opened() == before
        result = run(app)
        assert result.exit_code == 0, result.output
        assert "Everything lies under 'k2'" in result.output
    with house(tmp_path, K2):
        assert opened() == before
        assert (
            db.session.scalars(db.select(WorkerKey.totp_secret).where(WorkerKey.totp_secret.is_not(None))).first()
            == SECRET
        )


def test_a_raw_row_never_holds_what_was_sealed(tmp_path: Path) -> None:
    with house(tmp_path, f"{K2},{K1}"):
        fill_with(3)
        assert all(b"PLAIN" not in row for row in raw_rows())
    for file in tmp_path.glob("r.db*"):
        assert b"-PLAIN" not in file.read_bytes() and SECRET.encode() not in file.read_bytes()


def test_a_dry_run_counts_and_changes_nothing(tmp_path: Path) -> None:
    with house(tmp_path, K1):
        fill_with(4)
    with house(tmp_path, f"{K2},{K1}") as app:
        before = raw_rows()
        result = run(app, "--dry-run")
        assert result.exit_code == 0
        assert "council_reference.reference: 4 under 'k1'" in result.output
        assert "6 would be sealed anew" in result.output
        assert raw_rows() == before


def test_rotating_again_leaves_everything_as_it_is(tmp_path: Path) -> None:
    with house(tmp_path, K1):
        fill_with(4)
    with house(tmp_path, f"{K2},{K1}") as app:
        assert run(app).exit_code == 0
        before = raw_rows()
        result = run(app)
        assert result.exit_code == 0 and "sealed anew" not in result.output
        assert raw_rows() == before


def test_it_goes_on_where_it_was_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 5)
    with house(tmp_path, K1):
        fill_with(20)
    with house(tmp_path, f"{K2},{K1}") as app:

        def stop(name: str, done: int, total: int) -> None:
            if done == 10:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            rotation.rotate(db.session, key_ring(), Base.metadata, stop)
        db.session.rollback()
        moved = sum(key_ring().key_of(row) == "k2" for row in raw_rows())
        assert 0 < moved < 20
        assert len(opened()) == 20
        assert run(app).exit_code == 0
        assert all(key_ring().key_of(row) == "k2" for row in raw_rows())


def test_a_value_that_cannot_be_opened_is_reported_and_left(tmp_path: Path) -> None:
    with house(tmp_path, K1):
        fill_with(3)
        row = bytearray(raw_rows()[0])
        row[-1] ^= 1
        db.session.execute(
            text("UPDATE council_reference SET reference = :changed WHERE lookup = :first"),
            {"changed": bytes(row), "first": f"{0:032d}"},
        )
        db.session.commit()
        with pytest.raises(CannotOpen):
            opened()
        db.session.rollback()
    with house(tmp_path, f"{K2},{K1}") as app:
        result = run(app)
        assert result.exit_code == 1
        assert "1 could not be opened" in result.output and "Keep the old keys" in result.output
        assert bytes(row) in raw_rows()


def test_without_the_old_key_nothing_is_lost_by_trying(tmp_path: Path) -> None:
    with house(tmp_path, K1):
        fill_with(2)
        before = raw_rows()
    with house(tmp_path, K2) as app:
        assert run(app).exit_code == 1
        assert raw_rows() == before


def test_what_somebody_changes_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    with house(tmp_path, K1):
        fill_with(1)
    with house(tmp_path, f"{K2},{K1}"):
        read = raw_rows()[0]
        reference = db.session.scalars(db.select(CouncilReference)).one()
        reference.reference = "written meanwhile"
        db.session.commit()
        (column,) = [c for c in rotation.sealed_columns(Base.metadata) if c.table.name == "council_reference"]
        report = rotation.ColumnReport("x")
        rotation.move_one(db.session, column, key_ring(), report, (reference.young_person_id,), read)
        db.session.commit()
        assert report.changed_meanwhile == 1
        assert opened() == ["written meanwhile"]
