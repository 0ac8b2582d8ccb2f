"""Flask as we use it: our templates, and a cookie whose signing machinery is made once instead of twice a request."""

from __future__ import annotations

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from app.core.web.templating import House


class SignedCookie(SecureCookieSessionInterface):
    """Flask's own signed cookie, with its serializer kept."""

    def __init__(self) -> None:
        self._kept: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return the serializer for the app's secret key."""
        if self._kept is None:
            self._kept = super().get_signing_serializer(app)
        return self._kept


class PepVoice(Flask):
    """The app."""

    jinja_environment = House

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.session_interface = SignedCookie()
