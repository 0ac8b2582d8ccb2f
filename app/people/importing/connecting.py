"""Who is connected to a child after an import.

Naming an adult who is new in a role ends, on the day the new one begins, the connection of everybody in that role whom the file
does not name for that child: a new teacher or placement takes over, and nobody keeps reading by oversight (safeguarding,
section 7). An empty group of columns leaves everybody as they are; '-' ends.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from app.core.db import new_id
from app.people.importing.outcomes import Thing, Verdict
from app.people.importing.plan import Event, Plan
from app.people.importing.rows import NONE, AdultCells, RowRefused
from app.people.models import Connection, Role

_KIND = "connection"


@dataclass(frozen=True, slots=True)
class Named:
    """An adult whom the file names for a child, in a role."""

    adult_id: uuid.UUID
    group: str
    role: Role
    cells: AdultCells


class Connecting:
    """Works out the connections of one child. ``today`` is the day on which access begins or ends when no other is given."""

    def __init__(self, child_id: uuid.UUID, existing: list[Connection], today: date, plan: Plan) -> None:
        """Take the child's connections as they are."""
        self._child_id = child_id
        self._existing = existing
        self._today = today
        self._plan = plan
        self._handled: set[uuid.UUID] = set()

    def name(self, named: Named, everybody: list[Named]) -> list[Thing]:
        """Connect one named adult; ``everybody`` is all whom the file names for this child. Raises RowRefused."""
        mine = [c for c in self._existing if c.adult_id == named.adult_id and c.role == named.role]
        living = [c for c in mine if self._lives(c)]
        if living:
            return [self._adjust(living[-1], mine, named)]
        ends = named.cells.ends if isinstance(named.cells.ends, date) else None
        if ends is not None and any(c.ends_on == ends for c in mine):
            return [Thing(_KIND, Verdict.unchanged, f"{named.group}: connected until {ends}")]
        return self._begin(mine, named, ends, everybody)

    def end_unnamed(self, group: str, role: Role, cells: AdultCells, everybody: list[Named]) -> list[Thing]:
        """End everybody in a role whom the file does not name, because it says '-'."""
        day = cells.ends if isinstance(cells.ends, date) else self._today
        ended = self._end_others(group, role, day, everybody)
        return ended or [Thing(_KIND, Verdict.unchanged, f"{group}: nobody is connected")]

    def school_changed(self, everybody: list[Named]) -> list[Thing]:
        """End the teachers of the school before, today, unless the file names them again."""
        return self._end_others("designated_teacher", Role.designated_teacher, self._today, everybody)

    def _lives(self, connection: Connection) -> bool:
        return connection.ends_on is None or connection.ends_on > self._today

    def _adjust(self, connection: Connection, mine: list[Connection], named: Named) -> Thing:
        starts, ends = named.cells.starts, named.cells.ends
        words: list[str] = []
        begins = connection.starts_on
        if isinstance(starts, date) and all(c.starts_on != starts for c in mine):
            begins = starts
        finishes = None if ends is NONE else ends if isinstance(ends, date) else connection.ends_on
        if finishes is not None and finishes <= begins:
            raise RowRefused([f"{named.group}_to is not after the day on which the connection begins ({begins})."])
        if self._plan.set(connection, "starts_on", begins):
            words.append(f"begins {begins}")
        if self._plan.set(connection, "ends_on", finishes):
            words.append(f"ends {finishes}" if finishes else "no longer ends")
        if not words:
            return Thing(_KIND, Verdict.unchanged, f"{named.group}: connected")
        self._note("connection.changed", connection.id)
        return Thing(_KIND, Verdict.changed, f"{named.group}: {' and '.join(words)}")

    def _begin(self, mine: list[Connection], named: Named, ends: date | None, everybody: list[Named]) -> list[Thing]:
        starts = named.cells.starts if isinstance(named.cells.starts, date) else self._today
        last = max((c.ends_on for c in mine if c.ends_on is not None), default=None)
        if last is not None and starts < last:
            starts = self._today  # they were here before, and come back today
        if ends is not None and ends <= starts:
            raise RowRefused([f"{named.group}_to is not after the day on which the connection begins ({starts})."])
        reopened = next((c for c in mine if c.starts_on == starts), None)
        if reopened is not None:
            self._plan.set(reopened, "ends_on", ends)
            self._note("connection.changed", reopened.id)
        else:
            connection = Connection(
                id=new_id(), adult_id=named.adult_id, young_person_id=self._child_id, role=named.role,
                starts_on=starts, ends_on=ends,
            )  # fmt: skip
            self._plan.new.append(connection)
            self._note("connection.began", connection.id)
        until = f" until {ends}" if ends else ""
        begun = Thing(_KIND, Verdict.created, f"{named.group}: connected from {starts}{until}")
        return [begun, *self._end_others(named.group, named.role, starts, everybody)]

    def _end_others(self, group: str, role: Role, day: date, everybody: list[Named]) -> list[Thing]:
        kept = {named.adult_id for named in everybody if named.role is role}
        ended: list[Thing] = []
        for connection in self._existing:
            if connection.role != role or connection.adult_id in kept or not self._lives(connection):
                continue
            if connection.id in self._handled:
                continue
            self._handled.add(connection.id)
            last = max(day, connection.starts_on)
            if connection.ends_on is not None and connection.ends_on <= last:
                continue
            if self._plan.set(connection, "ends_on", last):
                self._note("connection.ended", connection.id)
                ended.append(Thing(_KIND, Verdict.changed, f"{group}: the one before ends {last}"))
        return ended

    def _note(self, name: str, connection_id: uuid.UUID) -> None:
        self._plan.events.append(Event(name, self._child_id, connection_id))
