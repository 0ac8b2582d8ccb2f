"""Floor 5: the machine side: what a child agreed to share, handed on to the ePEP platform."""

from __future__ import annotations

from flask import Flask


def open_room(app: Flask) -> None:
    """Add the API under /api/v1 and begin to listen for what is sent."""
    from app.feeds import access, changes
    from app.feeds.views import bp

    access.init_access(app)
    changes.listen()
    app.register_blueprint(bp)
