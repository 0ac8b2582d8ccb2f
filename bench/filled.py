"""A database of its own, brought to the newest migration and filled with years of made-up history, to measure look-ups on."""

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from bench import figures
from bench.figures import Figure
from tools import local_settings, postgres

Fill = Callable[[Session], None]


@contextmanager
def house(fill: Fill, *, keep: Path | None = None, on_postgres: bool = False) -> Iterator[Flask]:
    """Give the app, in its context, on such a database. ``keep`` is a SQLite file to keep, and to use when it is there."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pepvoice-filled-")))
        file = (keep or folder / "filled.db").resolve()
        is_new = on_postgres or not file.exists()
        address = f"sqlite:///{file}"
        if on_postgres:
            address = postgres.make_database(stack.enter_context(postgres.server()), "filled")
        os.environ.update(PEPVOICE_INSTANCE_DIR=str(file.parent), PEPVOICE_DATABASE_URL=address)
        local_settings.prepare(os.environ)
        from flask_migrate import upgrade

        from app import create_app
        from app.core.db import db

        app = create_app()
        with app.app_context():
            if is_new:
                upgrade()
                fill(db.session)
                db.session.commit()
                db.session.connection().exec_driver_sql("ANALYZE")
                db.session.commit()
            yield app
            db.session.close()
            db.engine.dispose()


def main(
    about: str | None, fill: Fill, measure: Callable[[Flask], list[Figure]], arguments: Sequence[str] | None
) -> int:
    """Fill, measure, print. Returns the exit code: 1 when a budget is broken."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--keep", type=Path, help="a SQLite file to keep, or to use again")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    chosen = parser.parse_args(arguments)
    with house(fill, keep=chosen.keep, on_postgres=chosen.postgres) as app:
        measured = measure(app)
    print(figures.table(measured))
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(one) for one in measured]), encoding="utf-8")
    return 1 if any(one.holds is False for one in measured) else 0
