"""Calendar files (RFC 5545): lines folded between letters, text escaped, moments in UTC so that no calendar has to know our zone.

The same thing keeps its UID for ever; each change that people are told of counts SEQUENCE up, and a calendar that has the older
one moves or strikes it out instead of adding another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from app.core import clock

_LONGEST = 75
MEDIA_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing in a calendar: a whole day (dates) or from one moment to another (aware datetimes)."""

    uid: str
    summary: str
    starts: date | datetime
    ends: date | datetime | None = None
    sequence: int | None = None
    description: str = ""
    where: str = ""
    address: str = ""
    language: str | None = None
    cancelled: bool = False
    # Nobody is kept from planning something else then.
    transparent: bool = False

    def lines(self, stamp: datetime) -> list[str]:
        """Return the event's content lines, not yet folded."""
        said = f";LANGUAGE={self.language}" if self.language else ""
        optional = (
            ("DTEND", _when(self.ends) if self.ends else ""),
            (f"DESCRIPTION{said}", _text(self.description)),
            (f"LOCATION{said}", _text(self.where)),
            ("URL", f":{self.address}" if self.address else ""),
            ("SEQUENCE", "" if self.sequence is None else f":{self.sequence}"),
            ("STATUS", ":CANCELLED" if self.cancelled else ""),
            ("TRANSP", ":TRANSPARENT" if self.transparent else ""),
        )
        return [
            "BEGIN:VEVENT",
            f"UID:{self.uid}",
            f"DTSTAMP{_when(stamp)}",
            f"DTSTART{_when(self.starts)}",
            f"SUMMARY{said}{_text(self.summary)}",
            *(name + value for name, value in optional if value),
            "END:VEVENT",
        ]


def calendar_text(events: Iterable[Event], *, made_by: str, method: str | None = None, name: str = "") -> str:
    """Return a calendar file.

    ``method`` is PUBLISH, REQUEST or CANCEL (RFC 5546); ``name`` is what a calendar that follows the file is called.
    """
    stamp = clock.now()
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//PEP Voice//{made_by}//EN"]
    if method:
        lines.append(f"METHOD:{method}")
    if name:
        lines += [f"NAME{_text(name)}", f"X-WR-CALNAME{_text(name)}"]
    for event in events:
        lines += event.lines(stamp)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _when(moment: date | datetime) -> str:
    if not isinstance(moment, datetime):
        return f";VALUE=DATE:{moment:%Y%m%d}"
    if moment.tzinfo is None:
        raise ValueError("A moment must know its zone.")
    return f":{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    if not words:
        return ""
    for mark in ("\\", ";", ","):
        words = words.replace(mark, f"\\{mark}")
    return ":" + "\\n".join(words.splitlines())


def _folded(line: str) -> str:
    """Break a line after at most 75 octets, never inside a letter (RFC 5545, 3.1)."""
    parts: list[str] = []
    part, size = "", 0
    for mark in line:
        octets = len(mark.encode())
        if size + octets > _LONGEST - (1 if parts else 0):
            parts.append(part)
            part, size = "", 0
        part += mark
        size += octets
    return "\r\n ".join([*parts, part])
