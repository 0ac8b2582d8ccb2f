"""How a session is cut into slots (handbook, dropins 4.1). No database here: the rule alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Part:
    """One slot to be: when, how many places, and how many of them wait for walk-ins."""

    starts_at: datetime
    ends_at: datetime
    capacity: int
    held: int = 0


def cut(
    starts_at: datetime, ends_at: datetime, slot_minutes: int | None, capacity: int, walk_in_hold: int = 0
) -> list[Part]:
    """Return the parts of a session, first to last.

    Steps of ``slot_minutes`` in real minutes, a last one that is too short is dropped; None is one part as long as the session.
    The places held for walk-ins are spread over the later half, the last part first, never more than it has.
    """
    if slot_minutes is None:
        return [Part(starts_at, ends_at, capacity, min(walk_in_hold, capacity))]
    step = timedelta(minutes=slot_minutes)
    count = (ends_at - starts_at) // step
    held = _spread(walk_in_hold, count, capacity)
    return [Part(starts_at + n * step, starts_at + (n + 1) * step, capacity, held[n]) for n in range(count)]


def _spread(hold: int, count: int, capacity: int) -> list[int]:
    held = [0] * count
    later = range(count - 1, count // 2 - 1 if count > 1 else -1, -1)
    left = min(hold, capacity * len(later))
    while left:
        for n in later:
            if left and held[n] < capacity:
                held[n] += 1
                left -= 1
    return held
