"""The one clock. Times are UTC in the database and Europe/London on the page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return today's date as people in England see it on the wall."""
    return now().astimezone(LONDON).date()


def local(moment: datetime) -> datetime:
    """Return an aware moment as London wall-clock time."""
    return moment.astimezone(LONDON)
