"""What editors publish (every version kept), what can be applied for, and what a young person thinks of it."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Sealed, SealedJson, UtcDateTime, id_column
from app.core.places import HasPlaces

# -- what editors publish ---------------------------------------------------------------------------------------------


class Kind(StrEnum):
    """The kinds of content. Each has its own pydantic record (handbook, pathways 1)."""

    step = "step"
    entitlement = "entitlement"
    contact = "contact"
    opportunity = "opportunity"
    event = "event"


class Stage(StrEnum):
    """Where one version of an item is. Only a published one is read by the public."""

    draft = "draft"
    waiting = "waiting"
    published = "published"
    dropped = "dropped"


class Item(Base):
    """One thing that editors look after. Its key is never reused; ``live`` is the version the public reads."""

    __tablename__ = "content_item"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    id: Mapped[uuid.UUID] = id_column()
    kind: Mapped[str] = mapped_column(String(12))
    key: Mapped[str] = mapped_column(String(60))
    live: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    review_by: Mapped[date | None]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Version(Base):
    """The English record of an item as one editor wrote it. A published version never changes."""

    __tablename__ = "content_version"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[uuid.UUID] = id_column()
    item_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("content_item.id"))
    number: Mapped[int]
    stage: Mapped[str] = mapped_column(String(10), default=Stage.draft)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    # None: it came with the product's own bank.
    written_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(String(300))


class _InALanguage:
    """One text of an item in one language. ``digest`` is of the English it was made from: another digest there means stale."""

    id: Mapped[uuid.UUID] = id_column()
    item_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("content_item.id"))
    language: Mapped[str] = mapped_column(String(10))
    path: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(16))
    words: Mapped[str] = mapped_column(Text)
    quality: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Translation(_InALanguage, Base):
    """A text in another language that everybody reads."""

    __tablename__ = "content_translation"
    __table_args__ = (UniqueConstraint("item_id", "language", "path"),)

    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))


class TranslationDraft(_InALanguage, Base):
    """A text that somebody put into a language and a second person has not read yet. Nobody else reads it until then."""

    __tablename__ = "content_translation_draft"
    __table_args__ = (UniqueConstraint("item_id", "language", "path"),)

    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))


class LinkAnswer(Base):
    """What became of asking for a web address that the content leans on, the last time."""

    __tablename__ = "content_link_answer"

    # The digest of the address: addresses can be long.
    digest: Mapped[str] = mapped_column(String(16), primary_key=True)
    answer: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Shelf(Base):
    """Counts the publications, so that a process knows when what it holds in memory is old."""

    __tablename__ = "content_shelf"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    stamp: Mapped[int] = mapped_column(default=0)


# -- opportunities and HE events --------------------------------------------------------------------------------------


class Opportunity(Base):
    """A published opportunity or HE event as the list asks for it. Written when its content is published, never by hand."""

    __tablename__ = "opportunity"
    __table_args__ = (
        Index("ix_opportunity_visibility_closes_at", "visibility", "closes_at"),
        Index("ix_opportunity_type_closes_at", "type", "closes_at"),
    )

    id: Mapped[uuid.UUID] = id_column()
    item_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("content_item.id"), unique=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    # A type of the handbook's 1.5, or 'he_event'.
    type: Mapped[str] = mapped_column(String(20))
    provider_group: Mapped[str] = mapped_column(String(10))
    ring_fenced: Mapped[str] = mapped_column(String(20))
    visibility: Mapped[str] = mapped_column(String(10))
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # After this moment it is in no list: the closing time, or the start of an event.
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    years: Mapped[list[str]] = mapped_column(JSON, default=list)
    # The same years as bits, for a look-up among thousands; 0 is any year.
    year_bits: Mapped[int] = mapped_column(default=0)
    topics: Mapped[list[str]] = mapped_column(JSON, default=list)
    # The steps of the map on which it stands.
    steps: Mapped[list[str]] = mapped_column(JSON, default=list)
    places_left: Mapped[int | None]
    # When the public could read it first: who asked for its topic before is told of it then.
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SearchDocument(Base):
    """What of an opportunity can be searched for in one language, folded (``app.pathways.search``).

    The index over it is the database's own: FTS5 kept by triggers on SQLite, a computed column with GIN on PostgreSQL (migration
    0006). Its number is FTS5's row and is seen by nobody.
    """

    __tablename__ = "opportunity_document"
    __table_args__ = (UniqueConstraint("opportunity_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    opportunity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("opportunity.id"))
    language: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(Text)


class Interest(Base):
    """What a young person did about an opportunity. Their adviser is told only if they wish."""

    __tablename__ = "opportunity_interest"
    __table_args__ = (UniqueConstraint("person_id", "opportunity_id"),)

    id: Mapped[uuid.UUID] = id_column()
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    opportunity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("opportunity.id"), index=True)
    # invited (a worker showed it to them), saved, interested, asked_help, applied, interview, offer, started, not_this_time
    # (handbook 1.5)
    state: Mapped[str] = mapped_column(String(16))
    tell_adviser: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))


class Alert(Base):
    """A topic that a young person wants to hear about."""

    __tablename__ = "opportunity_alert"
    __table_args__ = (UniqueConstraint("person_id", "topic"),)

    id: Mapped[uuid.UUID] = id_column()
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    topic: Mapped[str] = mapped_column(String(30), index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class Posting(Base):
    """An opportunity that an employer sent through the open form. A worker approves it, or says no; nobody else sees it."""

    __tablename__ = "opportunity_posting"

    id: Mapped[uuid.UUID] = id_column()
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    body: Mapped[str] = mapped_column(Sealed("opportunity_posting.body"))
    state: Mapped[str] = mapped_column(String(10), default="waiting", index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    item_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("content_item.id"))


class HeEvent(HasPlaces, Base):
    """The seats of one HE event."""

    __tablename__ = "he_event"

    id: Mapped[uuid.UUID] = id_column()
    opportunity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("opportunity.id"), unique=True)
    # When its day, time or place last became another: whoever signed up before is shown that.
    moved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Seat(Base):
    """One young person's place at an HE event, or in its line. Nobody holds two."""

    __tablename__ = "he_event_seat"
    __table_args__ = (
        Index(
            "uq_he_event_seat_live",
            "event_id",
            "person_id",
            unique=True,
            sqlite_where=text("state IN ('booked', 'waiting', 'offered')"),
            postgresql_where=text("state IN ('booked', 'waiting', 'offered')"),
        ),
        Index("ix_he_event_seat_person_id", "person_id"),
    )

    id: Mapped[uuid.UUID] = id_column()
    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("he_event.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    # booked, waiting, offered, lapsed (an offer that ran out), cancelled, cancelled_by_service (the event was called off),
    # attended, did_not_attend
    state: Mapped[str] = mapped_column(String(24))
    booked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offer_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    carer_comes: Mapped[bool] = mapped_column(default=False)
    # Under 16 somebody who may say yes does: who, and when. None until then.
    consent_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    consent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # A yes that a worker was told on the day: the name and who they are to the young person, as the worker wrote it down.
    consent_said: Mapped[dict[str, str] | None] = mapped_column(SealedJson("he_event_seat.consent_said"))
    # Two taps afterwards (handbook 1.6): 'could you see yourself here?' and how it was.
    see_myself: Mapped[str | None] = mapped_column(String(12))
    was: Mapped[str | None] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(default=1)


# -- my route ---------------------------------------------------------------------------------------------------------


class RouteChange(Base):
    """What a young person thought of a step, from this moment on. Rows are only added: changing one's mind is a new row."""

    __tablename__ = "route_change"
    __table_args__ = (Index("ix_route_change_person_id_at", "person_id", "at"),)

    id: Mapped[uuid.UUID] = id_column()
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    step: Mapped[str] = mapped_column(String(60))
    # pinned, thinking, want, not_for_me, or none (taken off)
    feeling: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Dream(Base):
    """A young person's own dream, in their words. A changed dream is a new row; the one before stays theirs to look back at."""

    __tablename__ = "dream"
    __table_args__ = (Index("ix_dream_person_id_at", "person_id", "at"),)

    id: Mapped[uuid.UUID] = id_column()
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Sealed("dream.words"))
    language: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SharedRoute(Base):
    """What a young person put into the aspirations of their PEP from their route, as it stood then, and who may read it."""

    __tablename__ = "shared_route"
    __table_args__ = (UniqueConstraint("pep_id", "revision"), Index("ix_shared_route_person_id", "person_id"))

    id: Mapped[uuid.UUID] = id_column()
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    pep_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("pep.id"))
    revision: Mapped[int] = mapped_column(default=1)
    words: Mapped[str] = mapped_column(Sealed("shared_route.words"))
    language: Mapped[str] = mapped_column(String(10))
    steps: Mapped[list[str]] = mapped_column(JSON, default=list)
    share: Mapped[str] = mapped_column(String(10))
    chosen: Mapped[list[str]] = mapped_column(JSON, default=list)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
