"""A house with the demo in it. It is loaded once, because a code takes its time to be hashed; each test gets a copy."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.core.db import db
from app.core.settings import Settings
from app.demo import signing_in
from tests.conftest import settings_for
from tests.demo.ways_in import come_in

Run = Callable[..., Result]
SignIns = dict[str, dict[str, Any]]


@contextlib.contextmanager
def opened(config: Settings) -> Iterator[Flask]:
    """Open an app on the database of ``config``, with its tables."""
    app = create_app(config)
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def loaded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database and a demo.json, filled by the operator's command."""
    folder = tmp_path_factory.mktemp("demo")
    with opened(settings_for(f"sqlite:///{folder / 'test.db'}", folder, demo=True)) as app:
        result = app.test_cli_runner().invoke(args=["demo", "load"])
        assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def config(loaded_folder: Path, tmp_path: Path) -> Settings:
    """Settings of a house with the demo loaded."""
    shutil.copytree(loaded_folder, tmp_path, dirs_exist_ok=True)
    return settings_for(f"sqlite:///{tmp_path / 'test.db'}", tmp_path, demo=True)


@pytest.fixture
def sign_ins(config: Settings) -> SignIns:
    """What stands in demo.json."""
    found: SignIns = json.loads(signing_in.path_of(config).read_text(encoding="utf-8"))
    return found


@pytest.fixture
def run(app: Flask) -> Run:
    """Runs one of the operator's commands."""
    return lambda *words: app.test_cli_runner().invoke(args=list(words))


@pytest.fixture
def signed_in(app: Flask, sign_ins: SignIns) -> Callable[[str], FlaskClient]:
    """Signs a persona in with what demo.json says and returns their browser."""

    def signed(persona: str) -> FlaskClient:
        client = app.test_client()
        come_in(client, sign_ins[persona])
        return client

    return signed
