"""Floor 5: what came of it, in figures that point to nobody (handbook, measures 3 and dropins 9)."""

from __future__ import annotations

from flask import Flask


def open_room(app: Flask) -> None:
    """Add the pages of evidence."""
    from app.insight.heard_views import bp

    app.register_blueprint(bp)
