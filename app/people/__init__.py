"""Floor 1: who is who, how they sign in, who is connected to whom, and the one policy of who may see and do what."""

from __future__ import annotations

from flask import Flask

from app.core.settings import Settings


def open_room(app: Flask, config: Settings) -> None:
    """Put the door in front of every route and add the ways in and the workers' pages about people."""
    from app.people import (  # noqa: F401 - they add their routes to the same blueprint
        carer_views,
        staff_views,
        telling,
        worker_views,
    )
    from app.people.demo_data import refuse_demo_data
    from app.people.guard import init_guard
    from app.people.oidc import init_oidc
    from app.people.views import bp
    from app.people.words import role_words

    refuse_demo_data(app, config)
    init_guard(app)
    init_oidc(app, config)
    app.register_blueprint(bp)
    app.jinja_env.globals["role_words"] = role_words
