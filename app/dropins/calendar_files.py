"""Drop-ins and bookings as calendar files. Plain titles and no name of a young person: a calendar is often on a shared screen."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from app.core.calendar import Event, calendar_text

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]
_MADE_BY = "Drop-ins"


def uid_of(thing_id: uuid.UUID) -> str:
    """Return the UID that a session or a booking keeps through every change."""
    return f"{thing_id}@pepvoice"


def booking_file(
    uid: str,
    sequence: int,
    method: Method,
    starts_at: datetime,
    ends_at: datetime,
    summary: str,
    where: str = "",
    description: str = "",
    language: str | None = None,
    address: str = "",
) -> bytes:
    """Return the calendar file of one thing that happens once.

    ``sequence`` rises with every change; ``method`` CANCEL strikes it out (STATUS:CANCELLED). Moments are aware; they stand in
    UTC, so that every calendar shows the right time on both sides of a clock change. Raises ValueError for a naive one.
    """
    event = Event(
        uid=uid,
        summary=summary,
        starts=starts_at,
        ends=ends_at,
        sequence=sequence,
        description=description,
        where=where,
        address=address,
        language=language,
        cancelled=method == "CANCEL",
    )
    return calendar_text([event], made_by=_MADE_BY, method=method).encode()


def subscribed(events: Iterable[Event], name: str) -> bytes:
    """Return a calendar that others subscribe to, called ``name``."""
    return calendar_text(events, made_by=_MADE_BY, method="PUBLISH", name=name).encode()
