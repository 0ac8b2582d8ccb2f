"""The harness: a migrated database for each test, people made on demand, and a client that looks at every page it gets."""

from __future__ import annotations

import base64
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app import create_app
from app.core.db import db
from app.core.settings import Environment, Settings
from app.core.web.flask_app import PepVoice
from tests.factories import People
from tests.page_checks import CheckingClient
from tests.postgres import postgres_app, postgres_server, postgres_url  # noqa: F401

KEY = base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()


def settings_for(database_url: str, folder: Path, **changes: object) -> Settings:
    """Return settings for a test app."""
    values: dict[str, object] = {
        "environment": Environment.test,
        "database_url": database_url,
        "instance_dir": folder,
        "secret_key": "test-secret-key-that-is-long-enough",
        "keys": f"t1:{KEY}",
        "ref_key": "test-reference-key",
        **changes,
    }
    return Settings(**values)  # type: ignore[arg-type]


class _CompiledOnce(BytecodeCache):
    """Templates compiled once for the whole run, not once for every test's app."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what an earlier test compiled."""
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it for later tests."""
        self._compiled[bucket.key] = bucket.bytecode_to_string()


COMPILED = _CompiledOnce()


class _RuleBuiltOnce(Rule):
    """A route whose address builder is compiled once for the whole run: each of many tests has an app, all with the same."""

    _built: ClassVar[dict[tuple[object, ...], Any]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        key = (append_unknown, *self._trace, *sorted((self.defaults or {}).items()))
        if key not in self._built:
            self._built[key] = super()._compile_builder(append_unknown)
        return self._built[key]


PepVoice.url_rule_class = _RuleBuiltOnce


def migrate(config: Settings) -> None:
    """Bring a database to the newest migration, as an operator would."""
    application = create_app(config)
    with application.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


def open_app(config: Settings) -> Iterator[Flask]:
    """Give the whole app on a migrated database, with an app context for the test's own look at it."""
    application = create_app(config)
    application.testing = True
    application.test_client_class = CheckingClient
    application.jinja_env.bytecode_cache = COMPILED
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database at the newest migration, copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    migrate(settings_for(f"sqlite:///{folder / 'template.db'}", folder))
    with closing(sqlite3.connect(folder / "template.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder / "template.db"


@pytest.fixture
def database_url(tmp_path: Path, migrated_file: Path) -> str:
    """The address of a fresh SQLite database at the newest migration."""
    shutil.copy(migrated_file, tmp_path / "test.db")
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Settings:
    """Settings of this test, on a fresh database; a test module may override the fixture."""
    return settings_for(database_url, tmp_path)


@pytest.fixture
def app(config: Settings) -> Iterator[Flask]:
    """The whole app on a fresh database."""
    yield from open_app(config)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts that checks every page it is given."""
    return app.test_client()


@pytest.fixture
def session(app: Flask) -> Session:
    """The database session of the test (the app's own, so commit what a request must see)."""
    return db.session  # type: ignore[return-value]


@pytest.fixture
def people(session: Session) -> People:
    """Makes people."""
    return People(session)
