"""Who to ring: a table that staff keep right, because a wrong number on a help page can do harm."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, id_column

# Staff are warned when a number was checked longer ago (safeguarding, section 2).
CHECK_EVERY = timedelta(days=90)


class Hours(StrEnum):
    """When somebody answers. Said in every language by ``wording.hours_in_words``."""

    always = "always"
    office_hours = "office_hours"
    out_of_hours = "out_of_hours"
    weekdays = "weekdays"
    unknown = "unknown"


class Status(StrEnum):
    """Whether we know where a number comes from. A child never sees one that is not sourced."""

    sourced = "sourced"
    unsourced = "unsourced"


class HelpContact(Base):
    """One way to get help, as staff keep it.

    ``label`` (what it is for) and ``note`` are English; ``words`` holds them in other languages, with the quality of each. Names
    and numbers are the same in every language. ``free`` None means that nobody has checked. ``comes_first`` marks the few that
    work for anybody anywhere; ``in_peterborough`` those that are the authority's own.
    """

    __tablename__ = "help_contact"
    __table_args__ = (
        CheckConstraint("status IN ('sourced', 'unsourced')", name="status_is_known"),
        CheckConstraint("text_word IS NULL OR text_number IS NOT NULL", name="a_word_goes_to_a_number"),
    )

    id: Mapped[uuid.UUID] = id_column()
    code: Mapped[str] = mapped_column(String(30), unique=True)
    label: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(200), default="")
    words: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSON, default=dict)
    number: Mapped[str | None] = mapped_column(String(20))
    text_number: Mapped[str | None] = mapped_column(String(20))
    text_word: Mapped[str | None] = mapped_column(String(20))
    website: Mapped[str | None] = mapped_column(String(120))
    hours: Mapped[str] = mapped_column(String(12), default=Hours.unknown)
    opens: Mapped[str | None] = mapped_column(String(5))
    closes: Mapped[str | None] = mapped_column(String(5))
    free: Mapped[bool | None]
    owner: Mapped[str] = mapped_column(String(120))
    checked_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(9), default=Status.unsourced)
    position: Mapped[int] = mapped_column(default=0)
    comes_first: Mapped[bool] = mapped_column(default=False)
    in_peterborough: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)

    @property
    def can_be_reached(self) -> bool:
        """True when there is a number to ring or text."""
        return bool(self.number or self.text_number)

    @property
    def fit_to_show(self) -> bool:
        """True when a child may see it: kept up, sourced, with a number that somebody has checked."""
        return self.active and self.status == Status.sourced and self.checked_on is not None and self.can_be_reached

    def old_on(self, day: date) -> bool:
        """Return whether the last check is too long ago on a day."""
        return self.checked_on is not None and day - self.checked_on > CHECK_EVERY
