"""Times of a drop-in as people say them (12 hours, UK time: handbook 7 and 11), and when they are reminded of one."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from babel.dates import format_time

from app.core import clock, languages
from app.messages.quiet_hours import at_wall, polite

_EARLY = time(11)
_EVENING_BEFORE = time(18)
_SAME_DAY = time(9)
_TWO_HOURS = timedelta(hours=2)


def clock_time(moment: datetime) -> str:
    """Return '2:00 pm' in the page's language."""
    return str(format_time(clock.local(moment), "h:mm a", locale=languages.current().locale))


def reminder_times(starts_at: datetime) -> list[datetime]:
    """Return when somebody is reminded of a slot: two days before, and on the day (handbook 6, the default plan).

    On the day: at nine, or two real hours before, whichever is later; for a slot before eleven, at six the evening
    before. What would come
    at night comes at eight, or the evening before when that would be too late to be of use.
    """
    early = clock.local(starts_at).time() < _EARLY
    last = (
        at_wall(starts_at, _EVENING_BEFORE, days=-1)
        if early
        else max(at_wall(starts_at, _SAME_DAY), starts_at - _TWO_HOURS)
    )
    times = []
    for moment in (starts_at - timedelta(days=2), last):
        held = polite(moment)
        times.append(held if held < starts_at else at_wall(moment, time(19, 30)))
    return sorted(set(times))
