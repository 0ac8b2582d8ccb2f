"""PEP Voice: a child in care says what they want from their education, and sees it acted on.

``create_app`` is the table of contents of the house; each line names a room or a thing every page stands on.
"""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.core.db import init_db
from app.core.settings import Settings
from app.core.web.errors import init_errors
from app.core.web.flask_app import PepVoice
from app.core.web.headers import init_headers
from app.core.web.health import init_health
from app.core.web.pages import init_language, init_pages
from app.core.web.weight import init_weight


def create_app(config: Settings | None = None) -> Flask:
    """Build the app from ``config`` (from the environment when None). Raises SettingsRefused when it would not be safe."""
    config = config or Settings()
    app = PepVoice(__name__)
    app.extensions["settings"] = config

    set_cookies(app, config)
    init_db(app, config)
    init_headers(app, config)
    init_language(app)
    init_pages(app, config)
    init_errors(app)
    init_weight(app)
    init_health(app)

    open_rooms(app, config)
    return app


def open_rooms(app: Flask, config: Settings) -> None:
    """Open every room, lowest floor first; then the operator's commands."""
    from app import cli, dropins, feeds, home, insight, messages, pathways, people, pep, safeguarding, voice, wishes

    messages.open_room(app, config)
    people.open_room(app, config)
    wishes.open_room(app)
    safeguarding.open_room(app)
    voice.open_room(app)
    pathways.open_room(app)
    dropins.open_room(app)
    pep.open_room(app)
    home.open_room(app)
    feeds.open_room(app)
    insight.open_room(app)
    cli.add_commands(app)


def set_cookies(app: Flask, config: Settings) -> None:
    """Set the one cookie up: signed, not readable by scripts, not sent along from other sites, gone with the browser."""
    app.config.update(
        SECRET_KEY=config.secret_key.get_secret_value() if config.secret_key else None,
        SESSION_COOKIE_NAME="__Host-pepvoice" if config.production else "pepvoice",
        SESSION_COOKIE_SECURE=config.production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
        MAX_CONTENT_LENGTH=1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
    )
    if config.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
