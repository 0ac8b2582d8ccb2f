"""``/healthz``: alive. ``/readyz``: able to serve (database, migrations, disk)."""

from __future__ import annotations

import re
import shutil
from functools import cache

from flask import Blueprint, Flask, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.db import db
from app.core.settings import REPO, settings

bp = Blueprint("core", __name__)
_LEAST_FREE = 200 * 1024 * 1024
_ASSIGNED = re.compile(r"^(revision|down_revision)\b[^=\n]*=(.*)$", re.M)
_QUOTED = re.compile(r"[\"'](\w+)[\"']")


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
        here = set(db.session.scalars(text("SELECT version_num FROM alembic_version")))
    except SQLAlchemyError:
        return False
    return here == newest_migrations()


@cache
def newest_migrations() -> frozenset[str]:
    """Return the ids that no later migration follows. Read from the files, so that a server need not carry Alembic."""
    ids: set[str] = set()
    followed: set[str] = set()
    for path in (REPO / "migrations" / "versions").glob("*.py"):
        for name, value in _ASSIGNED.findall(path.read_text(encoding="utf-8")):
            (ids if name == "revision" else followed).update(_QUOTED.findall(value))
    return frozenset(ids - followed)


def _disk() -> bool:
    folder = settings().instance_dir
    return shutil.disk_usage(folder if folder.exists() else REPO).free > _LEAST_FREE


def init_health(app: Flask) -> None:
    """Add the two addresses."""
    app.register_blueprint(bp)
