"""A meeting as a calendar file (RFC 5545). It says that there is a meeting and on which day; no name, no place."""

from __future__ import annotations

from app.core import clock
from app.people.models import Pep

_LONGEST = 75


def calendar_file(pep: Pep, summary: str) -> str:
    """Return the file for a PEP's meeting, an event of one whole day. Raises ValueError when the meeting has no day.

    The same meeting keeps its UID, so that a calendar moves it when its day has changed.
    """
    if pep.meeting_on is None:
        raise ValueError("A meeting without a day cannot be put in a calendar.")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//PEP Voice//Meeting//EN",
        "BEGIN:VEVENT",
        f"UID:{pep.id}@pepvoice",
        f"DTSTAMP:{clock.now():%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{pep.meeting_on:%Y%m%d}",
        f"SUMMARY:{_escaped(summary)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Break a line after at most 75 octets, never inside a letter (RFC 5545, 3.1)."""
    parts: list[str] = []
    part = ""
    for mark in line:
        if len(f"{part}{mark}".encode()) > _LONGEST - (1 if parts else 0):
            parts.append(part)
            part = ""
        part += mark
    return "\r\n ".join([*parts, part])
