"""A meeting as a calendar file. It says that there is a meeting, on which day and when; no name, no place."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from app.core import clock
from app.core.calendar import Event, calendar_text
from app.people.models import Pep
from app.pep.models import Meeting

# Nobody sets how long a meeting lasts: so much is kept free in a calendar.
LASTS = timedelta(hours=1)


def calendar_file(pep: Pep, summary: str, meeting: Meeting | None = None) -> str:
    """Return the file for a PEP's meeting: at its time where it has one, else the whole day; of one that was called off, the file
    that takes it out.

    The same meeting keeps its UID, and every change counts SEQUENCE up, so that a calendar moves it or takes it out. Raises
    ValueError when the meeting has no day.
    """
    off = meeting is not None and meeting.called_off_at is not None and pep.meeting_on is None
    day = meeting.moved_from if off and meeting is not None else pep.meeting_on
    if day is None:
        raise ValueError("A meeting without a day cannot be put in a calendar.")
    starts, ends = _when(day, meeting.starts_at if meeting is not None else None)
    event = Event(
        uid=f"{pep.id}@pepvoice",
        summary=summary,
        starts=starts,
        ends=ends,
        sequence=meeting.version if meeting is not None else 0,
        cancelled=off,
        transparent=ends is None,
    )
    return calendar_text([event], made_by="Meeting", method="CANCEL" if off else None)


def _when(day: date, at: str | None) -> tuple[date | datetime, datetime | None]:
    if at is None:
        return day, None
    starts = datetime.combine(day, time.fromisoformat(at), tzinfo=clock.LONDON)
    return starts, starts + LASTS
