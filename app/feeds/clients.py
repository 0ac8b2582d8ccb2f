"""Lets a platform in, and shuts it out."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.crypto import digest_of
from app.feeds.models import ApiClient, ApiToken, Scope


class NoSuchClient(LookupError):
    """There is no client with this id."""


def let_in(
    session: Session,
    name: str,
    scopes: Iterable[Scope],
    *,
    can_hide_fields: bool = False,
    is_demo: bool = False,
    client_id: str | None = None,
) -> tuple[ApiClient, str]:
    """Return a new client and its secret, which cannot be shown again."""
    secret = secrets.token_urlsafe(32)
    client = ApiClient(
        client_id=client_id or f"epep-{secrets.token_hex(8)}",
        name=name,
        secret_hash=digest_of(secret),
        scopes=sorted({str(scope) for scope in scopes}),
        can_hide_fields=can_hide_fields,
        is_demo=is_demo,
    )
    session.add(client)
    session.flush()
    audit.record(session, None, "api.client-added", thing_id=client.id, detail=client.client_id)
    return client, secret


def shut_out(session: Session, client_id: str) -> ApiClient:
    """Make a client's secret and every token of it worthless, from now on. Raises NoSuchClient."""
    client: ApiClient | None = session.scalar(select(ApiClient).where(ApiClient.client_id == client_id))
    if client is None:
        raise NoSuchClient(client_id)
    client.active = False
    session.execute(delete(ApiToken).where(ApiToken.client_id == client.id))
    audit.record(session, None, "api.client-revoked", thing_id=client.id, detail=client.client_id)
    return client
