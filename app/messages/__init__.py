"""Floor 1: what goes out to a person. Knows addresses and languages, no person and no plan."""

from __future__ import annotations

from flask import Flask

from app.core.settings import Settings


def open_room(app: Flask, config: Settings) -> None:
    """Check that the channels in the settings exist; add the workers' page about messages and the command that sends them."""
    from app.messages.channels import check_settings
    from app.messages.looking import no_messages
    from app.messages.views import bp

    check_settings(config)
    app.register_blueprint(bp)
    app.jinja_env.globals["no_messages"] = no_messages
