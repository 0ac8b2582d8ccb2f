"""People, the connections between them, and whose PEP is when.

We hold little on purpose (safeguarding, section 9): a first name the child chose, a school year, languages, who the adults are.
No surname, address, date of birth, photo, nationality or immigration status: there are no columns for them.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Sealed, UtcDateTime, id_column


class Role(StrEnum):
    """What a person is in the PEP (handbook, section 2)."""

    young_person = "young_person"
    carer = "carer"
    key_worker = "key_worker"
    designated_teacher = "designated_teacher"
    social_worker = "social_worker"
    iro = "iro"
    personal_adviser = "personal_adviser"
    virtual_school = "virtual_school"
    participation_worker = "participation_worker"

    @property
    def is_child(self) -> bool:
        """True for the only person the plan is about."""
        return self is Role.young_person

    @property
    def at_home(self) -> bool:
        """True for people the child lives with ('not-home')."""
        return self in (Role.carer, Role.key_worker)

    @property
    def at_school(self) -> bool:
        """True for people of the school or college ('not-school')."""
        return self is Role.designated_teacher


WORKER_ROLES = frozenset(Role) - {Role.young_person, Role.carer}
ADULT_ROLES = frozenset(Role) - {Role.young_person}


class Care(StrEnum):
    """Whether the young person has a PEP or, as a care leaver, a Pathway Plan."""

    in_care = "in_care"
    care_leaver = "care_leaver"


class Flag(StrEnum):
    """What staff or the child set so that the right questions are asked (voice-questions, section 6)."""

    moving = "moving"
    new_to_care = "new-to-care"
    ucic = "ucic"
    interpreter = "interpreter"
    sen = "sen"
    neet = "neet"
    # Somebody asked: they have no phone or computer to answer on.
    no_device = "no-device"


class Place(StrEnum):
    """Where the young person learns; fills {school} in a question."""

    school = "school"
    nursery = "nursery"
    college = "college"
    work = "work"
    place = "place"


class Person(Base):
    """Anybody who has to do with a PEP here."""

    __tablename__ = "person"

    id: Mapped[uuid.UUID] = id_column()
    role: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(120))
    language: Mapped[str | None] = mapped_column(String(10))
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    mobile: Mapped[str | None] = mapped_column(String(20))
    team: Mapped[str | None] = mapped_column(String(120))
    theme: Mapped[str] = mapped_column(String(10), default="clay")
    scheme: Mapped[str] = mapped_column(String(5), default="")
    contrast: Mapped[str] = mapped_column(String(5), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    ended_on: Mapped[date | None]

    young: Mapped[YoungPerson | None] = relationship(back_populates="person", uselist=False)


class YoungPerson(Base):
    """What we know of a young person beyond their name: enough to ask the right questions."""

    __tablename__ = "young_person"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    year_group: Mapped[int | None] = mapped_column()
    care: Mapped[str] = mapped_column(String(12), default=Care.in_care)
    question_set: Mapped[str | None] = mapped_column(String(30))
    short_path: Mapped[bool] = mapped_column(default=False)
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)
    school_name: Mapped[str | None] = mapped_column(String(160))
    place: Mapped[str] = mapped_column(String(10), default=Place.school)
    # Who looks after them sees 'sent' or 'not yet', nothing more, and the young person can switch it off (safeguarding 13.11).
    carer_sees_sent: Mapped[bool] = mapped_column(default=True)

    person: Mapped[Person] = relationship(back_populates="young")


class CouncilReference(Base):
    """The council's own number for a child, apart from the child's record and sealed: for matching and filing only."""

    __tablename__ = "council_reference"

    young_person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    reference: Mapped[str] = mapped_column(Sealed("council_reference.reference"))
    # A keyed hash finds the row again without opening every one; it means nothing without the key.
    lookup: Mapped[str] = mapped_column(String(32), unique=True)


class Connection(Base):
    """An adult is connected to a young person from one day, and no longer on the day it ends."""

    __tablename__ = "connection"
    __table_args__ = (
        UniqueConstraint("adult_id", "young_person_id", "role", "starts_on"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_it_starts"),
        Index("ix_connection_young_person_id", "young_person_id"),
        # A caseload is read from the index alone.
        Index("ix_connection_caseload", "adult_id", "role", "young_person_id", "starts_on", "ends_on"),
    )

    id: Mapped[uuid.UUID] = id_column()
    adult_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    young_person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(30))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    adult: Mapped[Person] = relationship(foreign_keys=[adult_id])
    young_person: Mapped[Person] = relationship(foreign_keys=[young_person_id])


class Pep(Base):
    """A PEP of a young person in a term, and its meeting. The record of it is made by the room ``pep``."""

    __tablename__ = "pep"
    __table_args__ = (
        UniqueConstraint("external_id"),
        # With the id, the newest of a term is found without opening a row.
        Index("ix_pep_young_person_id_term_id", "young_person_id", "term", "id"),
        Index("ix_pep_meeting_on", "meeting_on"),
        # Everybody's PEP of one term, from the index alone.
        Index("ix_pep_term", "term", "young_person_id", "id", "meeting_on"),
    )

    id: Mapped[uuid.UUID] = id_column()
    young_person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    external_id: Mapped[str] = mapped_column(String(64))
    term: Mapped[str] = mapped_column(String(9))
    meeting_on: Mapped[date | None]
    deadline_on: Mapped[date | None]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    young_person: Mapped[Person] = relationship()


class CardKind(StrEnum):
    """How a child unlocks their card: four pictures (primary) or three words (older)."""

    pictures = "pictures"
    words = "words"


class Card(Base):
    """A child's personal card. We keep only a hash of what its QR code says, and of the code the child chose."""

    __tablename__ = "card"
    __table_args__ = (
        Index("ix_card_person_id", "person_id"),
        # One living card a person: two workers printing at once cannot leave two that work.
        Index(
            "uq_card_living",
            "person_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = id_column()
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    code_hash: Mapped[str | None] = mapped_column(String(160))
    issued_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()


class OneTimeLink(Base):
    """A link that signs one person in once; claimed by a button, so that a mail scanner cannot burn it.

    One with a ``code_hash`` opens nothing without the code that travelled apart from it (carers and key workers).
    """

    __tablename__ = "one_time_link"
    __table_args__ = (Index("ix_one_time_link_person_id", "person_id"),)

    id: Mapped[uuid.UUID] = id_column()
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str | None] = mapped_column(String(64))
    sent_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Demo sign-ins must work again and again (contracts); never set outside demo mode.
    reusable: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship()


class WorkerKey(Base):
    """How a worker signs in without the council's own sign-on: a passphrase (Argon2) and a TOTP secret (sealed)."""

    __tablename__ = "worker_key"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    passphrase_hash: Mapped[str | None] = mapped_column(String(160))
    totp_secret: Mapped[str | None] = mapped_column(Sealed("worker_key.totp_secret"))
    totp_last_step: Mapped[int | None]
    oidc_subject: Mapped[str | None] = mapped_column(String(255), unique=True)


class Try(Base):
    """How often a code was wrong, per card and per address (the address as a keyed hash, kept for hours, not for ever)."""

    __tablename__ = "try"

    scope: Mapped[str] = mapped_column(String(80), primary_key=True)
    wrong: Mapped[int] = mapped_column(default=0)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignIn(Base):
    """One signed-in session. A row, so that it can be ended from anywhere; the cookie holds only its secret."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_person_id_began_at", "person_id", "began_at"),)

    id: Mapped[uuid.UUID] = id_column()
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    way: Mapped[str] = mapped_column(String(10))
    helper_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    helper_role: Mapped[str | None] = mapped_column(String(30))
    # 'Beside me' stands in front of the adult's own session, which stays locked until they unlock it.
    behind_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    locked: Mapped[bool] = mapped_column(default=False)
    shared_device: Mapped[bool] = mapped_column(default=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    idle_seconds: Mapped[int]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
