"""Floor 5: figures across the features, with small numbers hidden. Nobody imports this room."""

from __future__ import annotations

from flask import Flask


def open_room(app: Flask) -> None:
    """Add the pages of evidence."""
    from app.insight import event_views, heard_views, views

    app.register_blueprint(views.bp)
    app.register_blueprint(heard_views.bp)
    app.register_blueprint(event_views.bp)
