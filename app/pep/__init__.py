"""Floor 4: the record of a PEP: the child's own words first, in every section they belong to."""

from __future__ import annotations

from flask import Flask


def open_room(app: Flask) -> None:
    """Add the record, its print view and its PDF."""
    from app.pep.views import bp

    app.register_blueprint(bp)
