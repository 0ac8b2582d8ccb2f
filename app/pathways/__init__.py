"""Floor 3: what is possible. Pathways, what a young person can get, opportunities and HE events, and their own route.

First content is `content/*.yaml`, one file a kind, with translations in `content/<language>/`; editors change it in the app.
"""

from __future__ import annotations

from flask import Flask


def open_room(app: Flask) -> None:
    """Add the pages of pathways."""
    from app.pathways import (
        models,  # noqa: F401 - its tables
        my_route_views,
    )

    app.register_blueprint(my_route_views.bp)
    app.jinja_env.globals.update(
        my_route=my_route_views.route_of,
        feeling_words=my_route_views.feeling_words,
        felt_words=my_route_views.felt_words,
        turn_words=my_route_views.turn_words,
    )
