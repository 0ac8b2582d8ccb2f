"""The platforms that may read the feed, their tokens, and the changes that the feed is made of."""

from __future__ import annotations

import hmac
import uuid
from datetime import datetime
from enum import StrEnum

from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin
from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.crypto import digest_of
from app.core.db import Base, UtcDateTime, id_column
from app.voice.models import SentAnswer


class Scope(StrEnum):
    """What a platform may be allowed to do (contracts, 'The PEP feed')."""

    pep_read = "pep:read"
    pep_write = "pep:write"
    insight_read = "insight:read"


class ApiClient(Base, ClientMixin):
    """A platform that the council has let in. We keep only a digest of its secret, which is long and random."""

    __tablename__ = "api_client"

    id: Mapped[uuid.UUID] = id_column()
    client_id: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    secret_hash: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(JSON, default=list)
    # 'Not home' and 'not school' answers are sent only to a platform that can hide one field from those people (measures 5.1).
    can_hide_fields: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    def get_client_id(self) -> str:
        """Return the public name of the client."""
        return self.client_id

    def check_client_secret(self, client_secret: str) -> bool:
        """Return whether this is the client's secret, in a time that does not depend on how much of it is right."""
        return hmac.compare_digest(self.secret_hash, digest_of(client_secret))

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Allow the secret in an HTTP Basic header or in the form, and nothing without a secret."""
        return method in ("client_secret_basic", "client_secret_post")

    def check_grant_type(self, grant_type: str) -> bool:
        """Allow machines only: there is no person behind a client."""
        return grant_type == "client_credentials"

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """Return the scopes of a new token: what was asked for, or all the client has; None when it asks for more."""
        asked = (scope or "").split() or list(self.scopes)
        return " ".join(asked) if set(asked) <= set(self.scopes) else None


class ApiToken(Base, TokenMixin):
    """A token that is good for an hour. Only its digest is kept."""

    __tablename__ = "api_token"

    id: Mapped[uuid.UUID] = id_column()
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    client_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("api_client.id"), index=True)
    scopes: Mapped[list[str]] = mapped_column(JSON, default=list)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)

    client: Mapped[ApiClient] = relationship(lazy="joined", innerjoin=True)

    def get_scope(self) -> str:
        """Return what the token allows."""
        return " ".join(self.scopes)

    def is_expired(self) -> bool:
        """Return whether its hour is over."""
        return clock.now() >= self.expires_at

    def is_revoked(self) -> bool:
        """Return whether its client has been shut out."""
        return not self.client.active


class Action(StrEnum):
    """What a change does to the PEP (measures 5.2)."""

    create = "create"
    replace_ = "replace"
    withdraw = "withdraw"


class FeedChange(Base):
    """One change that the feed tells of, written in the transaction that made it. It holds no words: the sent answer does.

    ``position`` is given when the feed is read (see ``sequence``), never when the row is written: only then is it sure that no
    change with a lower position can still appear.
    """

    __tablename__ = "feed_change"
    __table_args__ = (
        Index("uq_feed_change_position", "position", unique=True),
        Index(
            "ix_feed_change_waiting",
            "turn",
            "id",
            postgresql_where=text("position IS NULL"),
            sqlite_where=text("position IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = id_column()
    action: Mapped[str] = mapped_column(String(10))
    # What is sent by 'create' and 'replace'; what is taken back by 'withdraw': an answer, or what came from their own route.
    sent_answer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("sent_answer.id"), index=True)
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("sent_answer.id"), index=True)
    shared_route_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("shared_route.id"), index=True)
    replaces_route_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("shared_route.id"))
    # True: somebody must not see it, so that only a platform that can hide fields is told.
    hides: Mapped[bool]
    replaces_hides: Mapped[bool | None]
    # Orders the changes of one answer whatever the clocks of two servers say.
    turn: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    position: Mapped[int | None] = mapped_column(BigInteger)

    sent_answer: Mapped[SentAnswer | None] = relationship(foreign_keys=[sent_answer_id])
    replaces: Mapped[SentAnswer | None] = relationship(foreign_keys=[replaces_id])


class FeedSequence(Base):
    """One row: the last position given. Its row lock makes one reader at a time give positions."""

    __tablename__ = "feed_sequence"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(BigInteger)
