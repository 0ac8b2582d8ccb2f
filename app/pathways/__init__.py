"""Floor 3: what is possible. Pathways, what a young person can get, opportunities and HE events, and their own route.

First content is `content/*.yaml`, one file a kind, with translations in `content/<language>/`; editors change it in the app.
"""

from __future__ import annotations

from flask import Flask


def open_room(app: Flask) -> None:
    """Add the pages of pathways."""
    from app.pathways import models  # noqa: F401 - its tables
    from app.pathways.views import bp

    app.register_blueprint(bp)
    from app.pathways.entitlement_views import bp as entitlements

    app.register_blueprint(entitlements)

    _open_opportunities(app)


def _open_opportunities(app: Flask) -> None:
    from app.pathways import event_views, opportunity_parts, posting_views  # noqa: F401 - they add their routes
    from app.pathways.opportunity_views import bp

    app.register_blueprint(bp)
    app.jinja_env.globals.update(opportunity_parts.WORDS)
    from app.pathways import content_words, editing_views, my_route_views
    from app.pathways import content_words, editing_views, my_route_views, views
    from app.pathways import models as _tables  # noqa: F401 - its tables

    app.register_blueprint(views.bp)
    app.register_blueprint(my_route_views.bp)
    app.jinja_env.globals.update(my_route_views.WORDS)
    app.register_blueprint(editing_views.bp)
    app.jinja_env.globals.update(content_words.WORDS)
