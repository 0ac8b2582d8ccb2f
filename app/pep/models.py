"""A PEP meeting: its place, who came, how the child's wishes for it were met, and what was decided.

Words an adult typed are sealed. Whatever two people may type at once carries a ``version`` (see ``app.pep.versions``).
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Sealed, SealedJson, UtcDateTime, id_column
from app.questions.text import Text
from app.wishes.reading import same_language


class Met(StrEnum):
    """Whether a wish for the meeting was met. 'No' and 'partly' say why."""

    met = "met"
    partly = "partly"
    no = "no"


class Came(StrEnum):
    """How an adult who was asked came to the meeting."""

    in_person = "in-person"
    online = "online"
    part = "part"
    not_there = "not-there"


class Coming(StrEnum):
    """Who is asked to the meeting, and what they said."""

    asked = "asked"
    yes = "yes"
    no = "no"
    not_asked = "not-asked"


class TookPart(StrEnum):
    """How the child took part (handbook 4.4)."""

    in_person = "in-person"
    online = "online"
    part = "part"
    not_there = "not-there"


class VoiceBy(StrEnum):
    """How the child's voice came to the meeting. Counted apart from being there (handbook 4.4)."""

    self_ = "self"
    chosen_adult = "chosen-adult"
    app = "app"
    drawing = "drawing-or-recording"
    observed = "observed"
    none = "none"


class ReasonNot(StrEnum):
    """Why the child was not there. Their own choice is no failure, and not the same as nobody asking."""

    own_choice = "own-choice"
    timing = "timing"
    not_asked = "not-asked"
    safety = "safety"
    other = "other"


class Signal(StrEnum):
    """What the silent card can say."""

    stop = "stop"
    too_fast = "too-fast"
    explain = "explain"
    not_here = "not-here"


class Line(StrEnum):
    """How a section is answered: because you said this, we will …; or we cannot, because …"""

    will = "will"
    cannot = "cannot"


class ToTheChild:
    """Words an adult wrote to the child, with the same in other languages as an interpreter put them: {tag: words}."""

    # What a row calls them.
    _typed: ClassVar[str] = "words"
    language: Mapped[str]
    others: Mapped[dict[str, str] | None]

    @property
    def said(self) -> str:
        """The words as they were typed."""
        return getattr(self, self._typed) or ""

    def for_reader(self, *languages: str | None) -> Text:
        """Return the words in the first of these languages that they stand in, else as they were written."""
        known = {self.language: self.said, **(self.others or {})}
        for wanted in languages:
            for tag, words in known.items():
                if wanted and same_language(tag, wanted):
                    return Text(words, tag)
        return Text(self.said, self.language)

    def reaches(self, language: str | None) -> bool:
        """Return whether somebody who reads ``language`` can read them."""
        return not self.said or same_language(self.for_reader(language).language, language)


class Meeting(Base):
    """The meeting of one PEP. Its day stands on the PEP; a row is made when there is something to keep beside it."""

    __tablename__ = "pep_meeting"

    pep_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pep.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    starts_at: Mapped[str | None] = mapped_column(String(5))
    place: Mapped[str | None] = mapped_column(Sealed("pep_meeting.place"))
    # The day it was on before it was moved, so that the child is told of both; none when only the time or the place is new.
    moved_from: Mapped[date | None]
    moved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    called_off_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Closed and opened again to put something right: the page stays with the child, and says when it was changed.
    reopened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reopened_why: Mapped[str | None] = mapped_column(Sealed("pep_meeting.reopened_why"))
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Who told the child what is on their page, or gave it to them on paper.
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ChildsPart(Base):
    """How the child took part, and how their voice came to the meeting: two different things."""

    __tablename__ = "pep_childs_part"

    pep_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pep.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    took_part: Mapped[str | None] = mapped_column(String(12))
    voice_by: Mapped[str | None] = mapped_column(String(24))
    reason_not: Mapped[str | None] = mapped_column(String(12))
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Attendance(Base):
    """Whether an adult who was asked came, and how."""

    __tablename__ = "pep_attendance"
    __table_args__ = (UniqueConstraint("pep_id", "person_id"),)

    id: Mapped[uuid.UUID] = id_column()
    pep_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pep.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(30))
    came: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(default=1)
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Expected(Base):
    """Whether an adult is asked to the meeting, and has said that they come."""

    __tablename__ = "pep_expected"
    __table_args__ = (UniqueConstraint("pep_id", "person_id"),)

    id: Mapped[uuid.UUID] = id_column()
    pep_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pep.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    coming: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1)
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Guest(Base):
    """Somebody without an account who was at the meeting: a first name, and what they are to the child."""

    __tablename__ = "pep_guest"
    __table_args__ = (Index("ix_pep_guest_pep_id", "pep_id"),)

    id: Mapped[uuid.UUID] = id_column()
    pep_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pep.id"))
    name: Mapped[str] = mapped_column(Sealed("pep_guest.name"))
    what: Mapped[str] = mapped_column(Sealed("pep_guest.what"))
    came: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(default=1)
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PreferenceMet(ToTheChild, Base):
    """Whether one wish of the child for the meeting was met; ``sent_answer_id`` is the wish as it stood then."""

    __tablename__ = "pep_preference_met"
    _typed = "why"
    __table_args__ = (UniqueConstraint("pep_id", "question_id"),)

    id: Mapped[uuid.UUID] = id_column()
    pep_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pep.id"))
    question_id: Mapped[str] = mapped_column(String(40))
    sent_answer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sent_answer.id"))
    met: Mapped[str] = mapped_column(String(6))
    why: Mapped[str | None] = mapped_column(Sealed("pep_preference_met.why"))
    language: Mapped[str] = mapped_column(String(10))
    others: Mapped[dict[str, str] | None] = mapped_column(SealedJson("pep_preference_met.others"))
    version: Mapped[int] = mapped_column(default=1)
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class MeetingSignal(Base):
    """One press of the silent card. It holds no words, and is deleted when the meeting is closed."""

    __tablename__ = "pep_meeting_signal"
    __table_args__ = (Index("ix_pep_meeting_signal_pep_id_at", "pep_id", "at"),)

    id: Mapped[uuid.UUID] = id_column()
    pep_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pep.id"))
    signal: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MeetingDecision(ToTheChild, Base):
    """What the meeting decided: who does it, by when, beside the answer or the wish that it answers."""

    __tablename__ = "pep_meeting_decision"
    __table_args__ = (Index("ix_pep_meeting_decision_pep_id", "pep_id"), UniqueConstraint("pep_id", "once"))

    id: Mapped[uuid.UUID] = id_column()
    pep_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pep.id"))
    # What the form was given: the same press twice is the same decision.
    once: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    sent_answer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("sent_answer.id"))
    wish_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    # The steps in the ledger of wishes that promise it: they follow when it is changed.
    step_ids: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    words: Mapped[str] = mapped_column(Sealed("pep_meeting_decision.words"))
    language: Mapped[str] = mapped_column(String(10))
    others: Mapped[dict[str, str] | None] = mapped_column(SealedJson("pep_meeting_decision.others"))
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SectionLine(ToTheChild, Base):
    """The one line in which an adult answers what the child said in a section (voice-questions, section 7)."""

    __tablename__ = "pep_section_line"
    __table_args__ = (
        UniqueConstraint("pep_id", "section"),
        CheckConstraint("kind IN ('will', 'cannot')", name="kind_is_known"),
    )

    id: Mapped[uuid.UUID] = id_column()
    pep_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pep.id"))
    section: Mapped[str] = mapped_column(String(30))
    kind: Mapped[str] = mapped_column(String(6))
    words: Mapped[str] = mapped_column(Sealed("pep_section_line.words"))
    language: Mapped[str] = mapped_column(String(10))
    others: Mapped[dict[str, str] | None] = mapped_column(SealedJson("pep_section_line.others"))
    version: Mapped[int] = mapped_column(default=1)
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
