"""The hours in which no message comes to anybody's phone (handbook, dropins 6)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from app.core import clock

QUIET_FROM, QUIET_UNTIL = time(20), time(8)


def at_wall(day: datetime, wall: time, days: int = 0) -> datetime:
    """Return the moment at which clocks in London show ``wall``, on the London day of a moment or so many days from it."""
    there = datetime.combine(clock.local(day).date() + timedelta(days=days), wall, clock.LONDON)
    return there.astimezone(clock.now().tzinfo)


def polite(moment: datetime) -> datetime:
    """Return the moment itself, or eight o'clock in the morning when it is in the quiet hours."""
    here = clock.local(moment).time()
    if here < QUIET_UNTIL:
        return at_wall(moment, QUIET_UNTIL)
    if here >= QUIET_FROM:
        return at_wall(moment, QUIET_UNTIL, days=1)
    return moment
