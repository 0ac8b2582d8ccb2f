"""Wraps records into one feed message (measures 5.2)."""

from __future__ import annotations

import uuid
from typing import Any

from app.core import clock
from app.core.settings import Settings
from app.feeds.records import Record, timestamp

FEED_VERSION = "1.0"


def environment_of(config: Settings) -> str:
    """Return ``live`` only where the service is: a platform must never file a test as a child's words."""
    return "live" if config.live else "test"


def message(records: list[Record], environment: str) -> dict[str, Any]:
    """Return the body that every way of the feed carries."""
    return {
        "feed_version": FEED_VERSION,
        "message_id": str(uuid.uuid4()),
        "produced_at": timestamp(clock.now()),
        "environment": environment,
        "record_count": len(records),
        "records": records,
    }
