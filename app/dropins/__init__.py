"""Floor 3: EET drop-ins. Finding one, booking, running it, what was agreed, and what came of it (handbook, dropins)."""

from __future__ import annotations

from flask import Flask


def open_room(app: Flask) -> None:
    """Add the pages of drop-ins."""
    from app.dropins import models, setting_up, setting_up_more, views  # noqa: F401 - tables; more routes of setting up

    app.register_blueprint(views.bp)
    app.register_blueprint(setting_up.bp)
