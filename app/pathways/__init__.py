"""Floor 3: what is possible. Pathways, what a young person can get, opportunities and HE events, and their own route.

First content is `content/*.yaml`, one file a kind, with translations in `content/<language>/`; editors change it in the app.
"""

from __future__ import annotations

from flask import Flask


def open_room(app: Flask) -> None:
    """Add the map, the guide to what one can get, opportunities and events, a young person's route, and the editors' pages."""
    from app.pathways import (  # noqa: F401 - tables; more routes of opportunities
        content_words,
        editing_views,
        entitlement_views,
        event_views,
        models,
        my_route_views,
        opportunity_parts,
        opportunity_views,
        posting_views,
        views,
    )

    for pages in (views, entitlement_views, opportunity_views, my_route_views, editing_views):
        app.register_blueprint(pages.bp)
    for words in (opportunity_parts, my_route_views, content_words):
        app.jinja_env.globals.update(words.WORDS)
