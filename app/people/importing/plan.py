"""The changes that an import would make, gathered before anything is written."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from app.core.db import Base
from app.people.importing.outcomes import RowOutcome


@dataclass(frozen=True, slots=True)
class Change:
    """One attribute of one row of the database, and what it becomes."""

    target: Base
    attribute: str
    value: Any


@dataclass(frozen=True, slots=True)
class Event:
    """One audit entry to write with the changes."""

    name: str
    subject_id: uuid.UUID | None
    thing_id: uuid.UUID | None


@dataclass
class Plan:
    """New people first, then everything that stands on them, then changes; what is said about each row; what the audit keeps."""

    people: list[Base] = field(default_factory=list)
    new: list[Base] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    outcomes: list[RowOutcome] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """How many rows are refused."""
        return sum(bool(outcome.problems) for outcome in self.outcomes)

    def take_in(self, other: Plan) -> None:
        """Add what another plan (of one child) found."""
        self.people += other.people
        self.new += other.new
        self.changes += other.changes
        self.events += other.events

    def set(self, target: Base, attribute: str, value: Any) -> bool:
        """Plan a change. Returns False, planning nothing, where the value is there already."""
        if getattr(target, attribute) == value:
            return False
        self.changes.append(Change(target, attribute, value))
        return True
