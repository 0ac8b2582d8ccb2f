"""The harness: a migrated database for each test, people made on demand, and a client that looks at every page it gets."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import create_app
from app.core.db import db
from app.core.settings import Environment, Settings
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


@pytest.fixture
def config(tmp_path: Path) -> Settings:
    """Settings of this test; a test module may override the fixture."""
    return settings_for(f"sqlite:///{tmp_path / 'test.db'}", tmp_path)


@pytest.fixture
def app(config: Settings) -> Iterator[Flask]:
    """The whole app on a fresh database."""
    application = create_app(config)
    application.testing = True
    application.test_client_class = CheckingClient
    with application.app_context():
        db.create_all()
        yield application
        db.session.remove()
        db.engine.dispose()


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
