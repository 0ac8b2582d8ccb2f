"""Floor 5: everybody's own page, and what is held about them."""

from __future__ import annotations

from flask import Flask


def open_room(app: Flask) -> None:
    """Add the welcome page, home and mine."""
    from app.home import at_home_views, silent_views  # noqa: F401  (their pages are the blueprint's)
    from app.home.views import bp

    app.register_blueprint(bp)
