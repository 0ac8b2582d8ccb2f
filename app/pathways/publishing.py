"""Drafts, publications, history: how an editor changes what the public reads (handbook, pathways 1.8).

Every save is a new version, so that nothing anybody typed is lost and two editors at once cannot write over each other. A
published version never changes. What is published is checked whole first; a draft may be as unfinished as it likes.

Opportunities and events also have rows of their own, by which they are listed: these follow in the same transaction. Whatever
may refuse a publication is asked before the first write: an editor's page that says no commits all the same, for the draft that
was typed is kept (docs/decisions/one-commit-per-request.md).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.db import insert_if_absent, new_id
from app.pathways import bank, openings, shelf
from app.pathways.bank import Translated, Translations, digest
from app.pathways.models import Item, Kind, Stage, Translation, TranslationDraft, Version
from app.pathways.publish_checks import Refused, checked
from app.pathways.records import HeVisit, Opening, Record
from app.pathways.shelf import Published
from app.people.sessions import Actor

Body = dict[str, Any]

_KEY = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")
_NOTE = 300


class Overtaken(RuntimeError):
    """Another editor saved meanwhile; ``newest`` is what stands now."""

    def __init__(self, newest: Version | None) -> None:
        """Take the version that stands now."""
        super().__init__("somebody else was quicker")
        self.newest = newest


class SecondPersonNeeded(RuntimeError):
    """Whoever wrote a version does not publish it alone here."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One thing as its editor finds it: the newest version, or what came with the product."""

    kind: Kind
    key: str
    body: Body
    item: Item | None = None
    newest: Version | None = None

    @property
    def seen(self) -> int:
        """The number that a form sends back, so that two editors at once notice each other."""
        return self.newest.number if self.newest else 0

    @property
    def stage(self) -> str:
        """Where the newest version is."""
        return self.newest.stage if self.newest else Stage.published


def desk(session: Session, kind: Kind, key: str) -> Desk | None:
    """Return a thing for its editor, or None when there is none with this key."""
    item = item_of(session, kind, key)
    newest = newest_of(session, item) if item else None
    from_bank = bank.of(kind).get(key)
    if newest is None and from_bank is None:
        return None
    body = newest.body if newest else body_of(from_bank.record)  # type: ignore[union-attr]
    return Desk(kind, key, body, item, newest)


def body_of(record: Record) -> Body:
    """Return a record as a version keeps it."""
    return record.model_dump(mode="json", exclude_unset=True)


def item_of(session: Session, kind: Kind, key: str) -> Item | None:
    """Return the row of a thing that editors have touched."""
    return session.scalar(select(Item).where(Item.kind == kind, Item.key == key))


def newest_of(session: Session, item: Item) -> Version | None:
    """Return the newest version, whatever its stage."""
    return session.scalar(select(Version).where(Version.item_id == item.id).order_by(Version.number.desc()).limit(1))


def exists(session: Session, kind: Kind, key: str) -> bool:
    """Return whether the key is taken. A key is never used again, also not of something withdrawn."""
    return key in bank.of(kind) or item_of(session, kind, key) is not None


def key_from(title: str, kind: Kind = Kind.opportunity) -> str:
    """Return a key made of a title: lower case, hyphens (underscores for a contact's role)."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:56].strip("-") or f"thing-{new_id().hex[-6:]}"
    return words.replace("-", "_") if kind is Kind.contact else words


def save(session: Session, actor: Actor | None, kind: Kind, body: Body, *, seen: int, note: str = "") -> Version:
    """Keep a draft, however unfinished. The same again is the same version, whoever saves it.

    Raises Refused without a usable key, Overtaken when somebody else saved since ``seen``.
    """
    key = str(body.get("id") or "")
    if not _KEY.fullmatch(key) or len(key) > 60:
        raise Refused({"id": _("Only small letters, numbers and hyphens, such as: kitchen-apprentice.")})
    item = _item(session, kind, key)
    newest = newest_of(session, item)
    by = actor.person_id if actor else None
    if newest is not None and newest.body == body and newest.stage != Stage.dropped:
        return newest
    if (newest.number if newest else 0) != seen:
        raise Overtaken(newest)
    version = {
        "id": new_id(),
        "item_id": item.id,
        "number": seen + 1,
        "stage": Stage.draft,
        "body": body,
        "written_by_id": by,
        "written_at": clock.now(),
        "note": note[:_NOTE] or None,
    }
    if not insert_if_absent(session, Version, version):
        raise Overtaken(newest_of(session, item))
    _drop_drafts(session, item, before=seen + 1)
    _audit(session, actor, "content.saved", item, seen + 1)
    return session.scalars(select(Version).where(Version.item_id == item.id, Version.number == seen + 1)).one()


def _item(session: Session, kind: Kind, key: str) -> Item:
    insert_if_absent(session, Item, {"id": new_id(), "kind": str(kind), "key": key, "made_at": clock.now()})
    return session.scalars(select(Item).where(Item.kind == kind, Item.key == key)).one()


def _drop_drafts(session: Session, item: Item, *, before: int) -> None:
    session.execute(
        update(Version)
        .where(Version.item_id == item.id, Version.number < before, Version.stage.in_((Stage.draft, Stage.waiting)))
        .values(stage=Stage.dropped)
    )


def publish(session: Session, actor: Actor | None, version: Version, *, two_people: bool = False) -> Version:
    """Let the public read a version from now on; raises Refused while something about it is not right.

    With ``two_people``, whoever wrote it only hands it on (SecondPersonNeeded): another editor publishes it. ``actor`` None is
    the product itself. Raises Overtaken when there is a newer version.
    """
    item = session.get_one(Item, version.item_id)
    kind = Kind(item.kind)
    newest = newest_of(session, item)
    if newest is None or newest.id != version.id:
        raise Overtaken(newest)
    if version.stage == Stage.published:
        return version
    record = checked(session, kind, version.body)
    by = actor.person_id if actor else None
    if two_people and by == version.written_by_id:
        version.stage = Stage.waiting
        _audit(session, actor, "content.handed-on", item, version.number)
        session.flush()
        raise SecondPersonNeeded
    _go_live(session, item, version, record, by)
    _audit(session, actor, "content.published", item, version.number)
    return version


def _go_live(session: Session, item: Item, version: Version, record: Record, by: uuid.UUID | None) -> None:
    before = _public_now(session, item)
    version.stage, version.published_at, version.checked_by_id = Stage.published, clock.now(), by
    item.live, item.withdrawn_at, item.review_by = version.number, None, record.review_by
    session.flush()
    shelf.renew(session)
    _project(session, item, before)


def put_in(
    session: Session,
    record: Opening | HeVisit,
    translations: Translations | None = None,
    *,
    checked_by: uuid.UUID | None = None,
    draft: bool = False,
) -> Item:
    """Put a record that nobody here wrote (the bank, the demo, an employer's posting) in as a new version of its item.

    ``draft``: an editor completes it; nothing of it is public. The same record again changes nothing. Raises PlacesTaken.
    """
    item = _item(session, record.kind, record.id)
    newest = newest_of(session, item)
    body = record.model_dump(mode="json")
    if newest is None or newest.body != body:
        number, moment = (newest.number if newest else 0) + 1, clock.now()
        newest = Version(item_id=item.id, number=number, stage=Stage.draft, body=body, written_at=moment)
        session.add(newest)
    english = {path: words for path, words, _mark in record.texts()}
    for language, texts in (translations or {}).items():
        for path, one in texts.items():
            tied = Translated(one.words, one.quality, one.digest or digest(english.get(path, "")))
            _keep(session, Translation, item.id, language, path, tied, None)
    session.flush()
    if not draft and newest.stage == Stage.published and item.live == newest.number:
        _words_are_out(session, item)
    elif not draft:
        _go_live(session, item, newest, record, checked_by)
    return item


def restore(session: Session, actor: Actor, item: Item, number: int, *, seen: int) -> Version:
    """Make an old version the newest draft. Raises LookupError when there is none, Overtaken as ``save`` does."""
    old = session.scalar(select(Version).where(Version.item_id == item.id, Version.number == number))
    if old is None:
        raise LookupError(number)
    # TRANSLATORS: note in the history of something editors look after
    return save(
        session, actor, Kind(item.kind), dict(old.body), seen=seen, note=_("As in version %(number)s", number=number)
    )


def withdraw(session: Session, actor: Actor, kind: Kind, key: str) -> None:
    """Let the public read a thing no more. Its key is not used again, and its history stays."""
    _item(session, kind, key)
    _turn(session, actor, kind, key, "content.withdrawn", withdrawn=True)


def bring_back(session: Session, actor: Actor, kind: Kind, key: str) -> None:
    """Let the public read again what was withdrawn."""
    _turn(session, actor, kind, key, "content.brought-back", withdrawn=False)


def _turn(session: Session, actor: Actor, kind: Kind, key: str, event: str, *, withdrawn: bool) -> None:
    item = session.scalars(select(Item).where(Item.kind == kind, Item.key == key)).one()
    if (item.withdrawn_at is not None) == withdrawn:
        return
    item.withdrawn_at = clock.now() if withdrawn else None
    session.flush()
    shelf.renew(session)
    _project(session, item)
    _audit(session, actor, event, item, item.live or 0)


def _public_now(session: Session, item: Item) -> Published | None:
    return next((one for _item, one in shelf.of_items(session, Item.id == item.id)), None)


def _project(session: Session, item: Item, before: Published | None = None) -> None:
    """Let the rows by which opportunities and events are listed follow what is published, or no longer is."""
    found = _public_now(session, item)
    if found is None or not isinstance(found.record, Opening | HeVisit):
        return
    if item.withdrawn_at is not None:
        openings.withdraw(session, item)
    else:
        openings.project(session, item, found, before.record if before else None)


def translate(
    session: Session,
    actor: Actor,
    kind: Kind,
    key: str,
    language: str,
    texts: Mapping[str, Translated],
    *,
    two_people: bool = False,
) -> int:
    """Keep translations of what the public reads now; returns how many are new or other than before.

    ``texts`` by path. An empty one takes a translation away, so that the English is shown. Unknown paths are left out. With
    ``two_people`` they wait until another editor has read them (``check_words``), as versions do.
    """
    live = shelf.published(session, kind).get(key)
    if live is None:
        raise LookupError(key)
    item = _item(session, kind, key)
    english = {path: words for path, words, _mark in live.record.texts()}
    waiting = words_waiting(session, kind, key, language)
    changed = 0
    for path, one in texts.items():
        if path not in english:
            continue
        public = live.translations.get(language, {}).get(path)
        now = Translated(one.words.strip(), one.quality, digest(english[path]))
        if path in waiting:
            if _same(_as_translated(waiting[path]), now):
                continue
            session.delete(waiting[path])
            session.flush()
        if (public is None and not now.words) or (public and _same(public, now)):
            changed += path in waiting
            continue
        _keep(session, TranslationDraft if two_people else Translation, item.id, language, path, now, actor.person_id)
        changed += 1
    if changed:
        session.flush()
        _audit(session, actor, "content.translated", item, item.live or 0, language)
        if not two_people:
            _words_are_out(session, item)
    return changed


def words_waiting(session: Session, kind: Kind, key: str, language: str) -> dict[str, TranslationDraft]:
    """Return the translations of a thing that wait for a second person, by path."""
    rows = session.scalars(
        select(TranslationDraft)
        .join(Item, Item.id == TranslationDraft.item_id)
        .where(Item.kind == kind, Item.key == key, TranslationDraft.language == language)
        .execution_options(populate_existing=True)
    )
    return {one.path: one for one in rows}


def check_words(session: Session, actor: Actor, kind: Kind, key: str, language: str) -> int:
    """Let the public read the translations that another editor wrote and this one has read. Returns how many.

    One of an English that has changed meanwhile goes on waiting: it has to be written anew.
    """
    live = shelf.published(session, kind).get(key)
    english = {path: digest(words) for path, words, _mark in live.record.texts()} if live else {}
    item, count = _item(session, kind, key), 0
    for path, one in words_waiting(session, kind, key, language).items():
        if one.by_id == actor.person_id or one.digest != english.get(path):
            continue
        _keep(session, Translation, item.id, language, path, _as_translated(one), one.by_id)
        session.delete(one)
        count += 1
    if count:
        session.flush()
        _audit(session, actor, "content.words-published", item, item.live or 0, language)
        _words_are_out(session, item)
    return count


def _words_are_out(session: Session, item: Item) -> None:
    shelf.renew(session)
    _project(session, item)


def _as_translated(one: TranslationDraft) -> Translated:
    return Translated(one.words, one.quality, one.digest)


def _same(before: Translated, now: Translated) -> bool:
    return (before.words, before.quality) == (now.words, now.quality) and before.digest in (None, now.digest)


def _keep(
    session: Session,
    table: type[Translation | TranslationDraft],
    item_id: uuid.UUID,
    language: str,
    path: str,
    now: Translated,
    by: uuid.UUID | None,
) -> None:
    values = {"digest": now.digest, "words": now.words, "quality": now.quality, "by_id": by, "at": clock.now()}
    place = {"item_id": item_id, "language": language, "path": path}
    if not insert_if_absent(session, table, {"id": new_id(), **place, **values}):
        session.execute(
            update(table)
            .where(table.item_id == item_id, table.language == language, table.path == path)
            .values(**values)
        )


def _audit(session: Session, actor: Actor | None, event: str, item: Item, number: int, language: str = "") -> None:
    detail = " ".join(part for part in (item.kind, f"v{number}", language) if part)
    audit.record(session, actor, event, thing_id=item.id, detail=detail)
