"""The migrations, run on an empty database, make exactly the tables that the models speak of. Run by ``make check``."""

import logging
import os
import sys
import tempfile
from pathlib import Path

from tools import local_settings


def main() -> int:
    """Migrate a new SQLite database and compare it with the models. Returns the exit code."""
    import flask_migrate
    from alembic.util import CommandError

    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(local_settings.made_up())
        os.environ["PEPVOICE_INSTANCE_DIR"] = folder
        os.environ["PEPVOICE_DATABASE_URL"] = f"sqlite:///{Path(folder) / 'empty.db'}"
        from app import create_app
        from app.core.db import db

        logging.disable(logging.INFO)
        app = create_app()
        with app.app_context():
            flask_migrate.upgrade()
            try:
                flask_migrate.check()
            except (CommandError, SystemExit) as error:
                print(f"The models say something that no migration does: {error}")
                return 1
            print(f"{len(db.metadata.tables)} tables, as the models say")
            db.engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
