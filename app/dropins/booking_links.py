"""Links in messages that do one thing with one booking, once, signed out (handbook 8). Only the digest of the secret is kept."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.crypto import digest_of
from app.core.db import new_id
from app.dropins.models import Booking, BookingLink

KEPT_FOR = timedelta(days=7)
_LINKS = cast(Table, BookingLink.__table__)
_INSERT = _LINKS.insert()


def make(session: Session, booking_id: uuid.UUID, *, leaves_at: datetime, until: datetime) -> str:
    """Return the path of a new link. It works from when its message leaves for a week, and never past ``until``."""
    return make_each(session, booking_id, leaves_at=[leaves_at], until=until)[0]


def make_each(session: Session, booking_id: uuid.UUID, *, leaves_at: Sequence[datetime], until: datetime) -> list[str]:
    """Return the path of a new link for each message, in one statement."""
    tokens = [secrets.token_urlsafe(18) for _ in leaves_at]
    rows = [
        {
            "id": new_id(),
            "booking_id": booking_id,
            "digest": digest_of(token),
            "made_at": clock.now(),
            "ends_at": min(leaves + KEPT_FOR, until),
            "used_at": None,
        }
        for token, leaves in zip(tokens, leaves_at, strict=True)
    ]
    session.connection().execute(_INSERT, rows)
    return [f"/dropins/b/{token}" for token in tokens]


def find(session: Session, token: str) -> tuple[BookingLink, Booking] | None:
    """Return a link and the booking as it stands now, or None when there never was such a link."""
    link = session.scalars(select(BookingLink).where(BookingLink.digest == digest_of(token))).first()
    if link is None:
        return None
    booking = session.get_one(Booking, link.booking_id)
    for _change in range(20):
        if booking.rescheduled_to_id is None:
            break
        booking = session.get_one(Booking, booking.rescheduled_to_id)
    return link, booking


def works(link: BookingLink) -> bool:
    """Return whether a link was not used yet and is not too old."""
    return link.used_at is None and clock.now() < link.ends_at


def use(session: Session, link: BookingLink) -> bool:
    """Use a link up. Returns False when it was used already, also when that was at the same moment."""
    done = session.connection().execute(
        update(_LINKS)
        .where(_LINKS.c.id == link.id, _LINKS.c.used_at.is_(None), _LINKS.c.ends_at > clock.now())
        .values(used_at=clock.now())
    )
    return done.rowcount == 1
