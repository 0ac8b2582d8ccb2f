"""Floor 1: what goes out to a person. Knows addresses and languages, no person and no plan."""

from __future__ import annotations

from flask import Flask

from app.core.settings import Settings


def open_room(app: Flask, config: Settings) -> None:
    """Set the channels up and add the workers' page about messages that could not be sent."""
    from app.messages.views import bp

    app.register_blueprint(bp)
