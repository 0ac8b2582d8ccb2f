"""``/healthz``: alive. ``/readyz``: able to serve (database, migrations, disk)."""

from __future__ import annotations

import shutil

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.db import db
from app.core.settings import REPO, settings

bp = Blueprint("core", __name__)
_LEAST_FREE = 200 * 1024 * 1024


@bp.get("/healthz")
def healthz() -> Response:
    """Say that the process answers."""
    return jsonify(status="alive")


@bp.get("/readyz")
def readyz() -> Response:
    """Say whether the database answers, its migrations are the newest, and the disk has room."""
    checks = {"database": _database(), "migrations": _migrations(), "disk": _disk()}
    response = jsonify(status="ready" if all(checks.values()) else "not ready", checks=checks)
    response.status_code = 200 if all(checks.values()) else 503
    return response


def _database() -> bool:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _migrations() -> bool:
    try:
        here = MigrationContext.configure(db.session.connection()).get_current_heads()
    except SQLAlchemyError:
        return False
    return set(here) == set(ScriptDirectory(str(REPO / "migrations")).get_heads())


def _disk() -> bool:
    folder = settings().instance_dir
    return shutil.disk_usage(folder if folder.exists() else REPO).free > _LEAST_FREE


def init_health(app: Flask) -> None:
    """Add the two addresses."""
    app.register_blueprint(bp)
