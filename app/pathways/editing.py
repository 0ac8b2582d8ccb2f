"""What the editors' pages show: all content with its state, its history, its links."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import insert_if_absent
from app.pathways import bank, shelf
from app.pathways.bank import Translated, digest
from app.pathways.content_forms import Change, changes
from app.pathways.models import Item, Kind, LinkAnswer, Stage, TranslationDraft, Version
from app.pathways.publishing import body_of
from app.pathways.records import Record, Source
from app.pathways.shelf import Published
from app.people.models import Person


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the list: its title as the public reads it (or as its draft has it), and what is going on with it."""

    kind: Kind
    key: str
    title: str
    live: bool
    withdrawn: bool
    stage: str | None
    review_by: date | None
    # The languages in which words wait for a second person.
    words: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """True while somebody still has to do something with it."""
        return self.stage in (Stage.draft, Stage.waiting) or bool(self.words)


def entries(session: Session) -> list[Entry]:
    """Return all content, by kind. Three queries and what the public reads."""
    words = _words_waiting(session)
    newest = {version.item_id: version for version in _newest(session)}
    items = {(item.kind, item.key): item for item in session.scalars(select(Item))}
    found = []
    for kind in Kind:
        public = shelf.published(session, kind)
        keys = [*public, *(key for known, key in items if known == kind and key not in public)]
        for key in keys:
            item = items.get((kind, key))
            version = newest.get(item.id) if item else None
            found.append(_entry(kind, key, public.get(key), item, version, words.get(item.id if item else None, ())))
    return found


def _words_waiting(session: Session) -> dict[uuid.UUID | None, tuple[str, ...]]:
    found: dict[uuid.UUID | None, tuple[str, ...]] = {}
    rows = select(TranslationDraft.item_id, TranslationDraft.language).distinct().order_by(TranslationDraft.language)
    for item_id, language in session.execute(rows):
        found[item_id] = (*found.get(item_id, ()), language)
    return found


def _entry(
    kind: Kind,
    key: str,
    public: Published | None,
    item: Item | None,
    version: Version | None,
    words: tuple[str, ...],
) -> Entry:
    title = public.record.title if public else str(version.body.get("title") or key) if version else key
    stage = version.stage if version and version.stage in (Stage.draft, Stage.waiting) else None
    review_by = public.record.review_by if public else None
    return Entry(kind, key, title, public is not None, bool(item and item.withdrawn_at), stage, review_by, words)


def _newest(session: Session) -> Iterable[Version]:
    last = select(Version.item_id, func.max(Version.number).label("number")).group_by(Version.item_id).subquery()
    return session.scalars(
        select(Version).join(last, (last.c.item_id == Version.item_id) & (last.c.number == Version.number))
    )


@dataclass(frozen=True, slots=True)
class Past:
    """One version in the history of a thing, and what became other with it."""

    number: int
    stage: str
    by: str | None
    at: datetime | None
    published_at: datetime | None
    checked_by: str | None
    note: str | None
    live: bool
    changes: list[Change]


def history(session: Session, kind: Kind, key: str) -> list[Past]:
    """Return every version of a thing, the newest first; what came with the product is the oldest."""
    item = session.scalar(select(Item).where(Item.kind == kind, Item.key == key))
    kept = bank.of(kind).get(key)
    before: Mapping[str, object] = body_of(kept.record) if kept else {}
    found = (
        [Past(0, Stage.published, None, None, None, None, None, item is None or item.live is None, [])] if kept else []
    )
    if item is None:
        return found
    versions = session.scalars(select(Version).where(Version.item_id == item.id).order_by(Version.number)).all()
    names = _names(session, versions)
    for one in versions:
        found.append(
            Past(
                one.number,
                one.stage,
                names.get(one.written_by_id),
                one.written_at,
                one.published_at,
                names.get(one.checked_by_id),
                one.note,
                one.number == item.live,
                list(changes(kind, before, one.body)),
            )
        )
        before = one.body
    return found[::-1]


def _names(session: Session, versions: Iterable[Version]) -> dict[uuid.UUID | None, str]:
    ids = {person_id for one in versions for person_id in (one.written_by_id, one.checked_by_id) if person_id}
    return {row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}


def name_of(session: Session, version: Version | None) -> str:
    """Return who wrote a version; empty for the product itself."""
    person = session.get(Person, version.written_by_id) if version and version.written_by_id else None
    return person.name if person else ""


@dataclass(frozen=True, slots=True)
class Link:
    """One address in what the public reads, and where it stands."""

    address: str
    kind: Kind
    key: str
    title: str
    source: Source | None


class Answer(StrEnum):
    """What became of asking for an address."""

    fine = "fine"
    gone = "gone"
    not_reached = "not reached"


def keep_answers(session: Session, answers: Mapping[str, Answer]) -> None:
    """Keep what became of asking for addresses; what was known before of any address is forgotten."""
    session.execute(delete(LinkAnswer))
    for address, answer in answers.items():
        insert_if_absent(session, LinkAnswer, {"digest": digest(address), "answer": str(answer), "at": clock.now()})


def answers(session: Session) -> dict[str, LinkAnswer]:
    """Return what became of asking for addresses, by the digest of the address."""
    return {one.digest: one for one in session.scalars(select(LinkAnswer))}


def links(session: Session) -> Iterator[Link]:
    """Give every web address in what the public reads: of sources, and of contacts themselves."""
    for kind in Kind:
        for key, one in shelf.published(session, kind).items():
            own = getattr(one.record, "address", "")
            if own.startswith("http"):
                yield Link(own, kind, key, one.record.title, None)
            for source in one.record.sources:
                if source.address.startswith("http"):
                    yield Link(source.address, kind, key, one.record.title, source)


@dataclass(frozen=True, slots=True)
class Line:
    """One text to translate: the English, what stands now, and whether it is of an earlier English."""

    path: str
    english: str
    words: str
    quality: str
    stale: bool
    # Who wrote words that wait for a second person; None for what people read now.
    waits_by: uuid.UUID | None = None


def lines(
    record: Record, translations: Mapping[str, Translated], waiting: Mapping[str, TranslationDraft] | None = None
) -> list[Line]:
    """Return the texts of a record beside their translations in one language: those that wait before those people read."""
    found = []
    for path, english, _mark in record.texts():
        draft = (waiting or {}).get(path)
        one = draft or translations.get(path)
        stale = bool(one and one.words and one.digest not in (None, digest(english)))
        by = draft.by_id if draft else None
        found.append(Line(path, english, one.words if one else "", one.quality if one else "", stale, by))
    return found
