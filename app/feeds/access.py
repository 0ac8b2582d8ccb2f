"""Who may read the feed: OAuth 2.0 client credentials (RFC 6749, 4.4) and bearer tokens (RFC 6750), by Authlib.

A token is random, good for an hour and kept as a digest only. Every answer to a wrong secret is the same, whether there is such a
client or not.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any, ClassVar

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector
from authlib.oauth2.rfc6749 import ClientCredentialsGrant, InvalidClientError
from authlib.oauth2.rfc6750 import BearerTokenValidator
from flask import Flask, Response, request
from sqlalchemy import delete, select

from app.core import audit, clock
from app.core.crypto import digest_of
from app.core.db import db
from app.core.settings import settings
from app.core.web.errors import problem
from app.feeds.models import ApiClient, ApiToken
from app.people import tries

TOKEN_LIFETIME = timedelta(hours=1)
_LONGEST = 200


class _ClientCredentials(ClientCredentialsGrant):
    """Take the secret from an HTTP Basic header or from the form."""

    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar[list[str]] = ["client_secret_basic", "client_secret_post"]

    def authenticate_token_endpoint_client(self) -> ApiClient:
        """Return the client. Raises InvalidClientError, always with the same words, so that nobody learns which ids exist."""
        try:
            client: ApiClient = super().authenticate_token_endpoint_client()
        except (InvalidClientError, UnicodeDecodeError):
            raise InvalidClientError("Unknown client or wrong secret.", status_code=401) from None
        return client


class _Bearer(BearerTokenValidator):
    def authenticate_token(self, token_string: str) -> ApiToken | None:
        return db.session.scalar(select(ApiToken).where(ApiToken.token_hash == digest_of(token_string)))


def _query_client(client_id: str) -> ApiClient | None:
    if len(client_id) > _LONGEST or not client_id.isprintable():
        return None
    return db.session.scalar(select(ApiClient).where(ApiClient.client_id == client_id, ApiClient.active))


def _save_token(token: dict[str, Any], request: Any) -> None:
    client: ApiClient = request.client
    moment = clock.now()
    db.session.execute(delete(ApiToken).where(ApiToken.client_id == client.id, ApiToken.expires_at <= moment))
    db.session.add(
        ApiToken(
            token_hash=digest_of(token["access_token"]),
            client_id=client.id,
            scopes=token["scope"].split() if token.get("scope") else [],
            expires_at=moment + timedelta(seconds=token["expires_in"]),
        )
    )
    audit.record(db.session, None, "api.token", thing_id=client.id, detail=client.client_id)


_server = AuthorizationServer()
_server.register_grant(_ClientCredentials)
_protector = ResourceProtector()
_protector.register_token_validator(_Bearer(realm="PEP Voice"))


def init_access(app: Flask) -> None:
    """Set the token desk up on an app."""
    # At its chattiest level Authlib writes whole tokens into the log.
    logging.getLogger("authlib").setLevel(logging.INFO)
    app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {"client_credentials": int(TOKEN_LIFETIME.total_seconds())}
    _server.init_app(app, _query_client, _save_token)


def give_token() -> Response:
    """Answer this request for a token, with a token or with an error of RFC 6749, section 5.2; 429 after too many wrong ones.

    Wrong ones are counted for the address, so that nobody can guess on, or fill the audit, without end.
    """
    taken = tries.take(db.session, tries.address_gate(request.remote_addr, settings()))
    if not taken.open:
        closed = problem(429, "Too many requests for a token", "Try again later.")
        closed.headers["Retry-After"] = str(tries.seconds_until(taken.until))
        return closed
    response: Response = _server.create_token_response()
    if response.status_code >= 400:
        # Never what was sent: a secret could stand in the wrong field.
        audit.record(db.session, None, "api.token-refused")
    else:
        tries.right(db.session, taken)
    return response


def require(scope: str) -> ApiClient:
    """Return the client whose token this request carries. Raises OAuth2Error: 401 without a good token, 403 without the scope."""
    token: ApiToken = _protector.acquire_token([scope])
    return token.client
