"""Floor 3: help that is one tap away on every page, and the way out."""

from __future__ import annotations

from flask import Flask


def open_room(app: Flask) -> None:
    """Add the Help page, the way out, the staff table of contacts and the commands about them."""
    from app.safeguarding.views import bp

    app.register_blueprint(bp)
