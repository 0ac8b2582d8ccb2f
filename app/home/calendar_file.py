"""A meeting as a calendar file. It says that there is a meeting and on which day; no name, no place."""

from __future__ import annotations

from app.core.calendar import Event, calendar_text
from app.people.models import Pep
from app.pep.models import Meeting


def calendar_file(pep: Pep, summary: str, meeting: Meeting | None = None) -> str:
    """Return the file for a PEP's meeting, an event of one whole day; of one that was called off, the file that takes it out.

    The same meeting keeps its UID, and every change counts SEQUENCE up, so that a calendar moves it or takes it out. Raises
    ValueError when the meeting has no day.
    """
    off = meeting is not None and meeting.called_off_at is not None and pep.meeting_on is None
    day = meeting.moved_from if off and meeting is not None else pep.meeting_on
    if day is None:
        raise ValueError("A meeting without a day cannot be put in a calendar.")
    event = Event(
        uid=f"{pep.id}@pepvoice",
        summary=summary,
        starts=day,
        sequence=meeting.version if meeting is not None else 0,
        cancelled=off,
        transparent=True,
    )
    return calendar_text([event], made_by="Meeting", method="CANCEL" if off else None)
