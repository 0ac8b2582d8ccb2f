"""A real PostgreSQL for tests: one server for each run, a freshly migrated database for each test.

- ``postgres_url``: the address of a fresh database at the newest migration; drop-in for ``settings_for(postgres_url, tmp_path)``
- ``postgres_app``: the whole app on it, inside an app context

The server needs no port and no installation. Run as root it works too: the library then makes a system user ``pgserver`` once
and runs the server as that user.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tools import postgres

# What makes a database safe against a power cut makes it slow; here nothing outlives the run.
QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
TEMPLATE = "migrated"


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a server for this run, with a migrated template database, and return its address."""
    from tests.conftest import migrate, settings_for

    with postgres.server() as address:
        with postgres.connect(address) as connection:
            for setting in QUICK:
                connection.execute(f"ALTER SYSTEM SET {setting}".encode())
            connection.execute("SELECT pg_reload_conf()")
        migrate(settings_for(postgres.make_database(address, TEMPLATE), tmp_path_factory.mktemp("template")))
        yield address


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Return the address of a fresh database, dropped after the test with whatever is still connected to it."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield postgres.make_database(postgres_server, name, template=TEMPLATE)
    postgres.drop_database(postgres_server, name)


@pytest.fixture
def postgres_app(postgres_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The whole app on a fresh PostgreSQL database, inside an app context."""
    from tests.conftest import open_app, settings_for

    yield from open_app(settings_for(postgres_url, tmp_path))
