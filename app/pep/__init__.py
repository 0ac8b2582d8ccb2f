"""Floor 4: the record of a PEP: the child's own words first, in every section they belong to."""

from __future__ import annotations

from flask import Flask


def open_room(app: Flask) -> None:
    """Add the record, its print view and its PDF, and lifting a wish from it."""
    from app.pep import lifting  # noqa: F401 - it adds its route to the blueprint
    from app.pep.views import bp

    app.register_blueprint(bp)
