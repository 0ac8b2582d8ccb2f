"""A meeting as a calendar file. It says that there is a meeting and on which day; no name, no place."""

from __future__ import annotations

from app.core.calendar import Event, calendar_text
from app.people.models import Pep


def calendar_file(pep: Pep, summary: str) -> str:
    """Return the file for a PEP's meeting, an event of one whole day. Raises ValueError when the meeting has no day.

    The same meeting keeps its UID, so that a calendar moves it when its day has changed.
    """
    if pep.meeting_on is None:
        raise ValueError("A meeting without a day cannot be put in a calendar.")
    event = Event(uid=f"{pep.id}@pepvoice", summary=summary, starts=pep.meeting_on, transparent=True)
    return calendar_text([event], made_by="Meeting")
