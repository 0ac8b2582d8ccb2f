"""What the public reads: the bank that came with the product, and over it what editors have published since.

A process keeps it in memory and asks for one small number to know whether somebody has published something new.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app.core.db import insert_if_absent
from app.pathways import bank
from app.pathways.bank import Translated, Translations, digest
from app.pathways.models import Item, Kind, Shelf, Translation, Version
from app.pathways.records import RECORDS, Record
from app.questions.text import SOURCE_LANGUAGE, Text

# The version of what came with the product.
FROM_BANK = 0
_NAME = "content"
# In a session: the transaction that has changed what is public and has not ended yet.
_RENEWED = "shelf_renewed"


@dataclass(frozen=True, slots=True)
class Published:
    """A record as the public may read it. ``version`` 0 came with the product."""

    record: Record
    translations: Translations
    version: int = FROM_BANK
    published_at: datetime | None = None

    def words(self, path: str, language: str) -> Text:
        """Return one text in a language, or in English when nobody has translated what the English says now."""
        english = {name: text for name, text, _mark in self.record.texts()}.get(path, "")
        found = self.translations.get(language, {}).get(path)
        if found is None or not found.words or found.digest not in (None, digest(english)):
            return Text(english, SOURCE_LANGUAGE)
        return Text(found.words, language)


def published(session: Session, kind: Kind) -> Mapping[str, Published]:
    """Return every record of a kind that the public may read, by id, in the order of the bank and then of publication."""
    stamp = session.scalar(select(Shelf.stamp).where(Shelf.name == _NAME)) or 0
    if session.info.get(_RENEWED) is session.connection().get_transaction():
        # What this transaction is about to publish may still be refused, and its number given to something else.
        return _gather(session, kind)
    kept: dict[Kind, tuple[int, Mapping[str, Published]]] = current_app.extensions.setdefault("shelf", {})
    if kind not in kept or kept[kind][0] != stamp:
        kept[kind] = (stamp, _gather(session, kind))
    return kept[kind][1]


def stamp(session: Session) -> int:
    """Return a number that changes whenever anything is published: the ETag of open pages stands on it."""
    return session.scalar(select(Shelf.stamp).where(Shelf.name == _NAME)) or 0


def renew(session: Session) -> None:
    """Say that something was published, withdrawn or translated, in the same transaction."""
    insert_if_absent(session, Shelf, {"name": _NAME, "stamp": 0})
    session.execute(update(Shelf).where(Shelf.name == _NAME).values(stamp=Shelf.stamp + 1))
    session.info[_RENEWED] = session.connection().get_transaction()


def of_items(session: Session, which: ColumnElement[bool]) -> list[tuple[Item, Published]]:
    """Return items with the record that was published last of each, withdrawn ones too; what never was is left out."""
    rows = session.execute(
        select(Item, Version)
        .outerjoin(Version, (Version.item_id == Item.id) & (Version.number == Item.live))
        .where(which)
    )
    words = _translations_of(session, which)
    found = []
    for item, newest in rows:
        version: Version | None = newest
        kept = bank.of(Kind(item.kind)).get(item.key)
        if version is None and kept is None:
            continue
        record = RECORDS[Kind(item.kind)].model_validate(version.body) if version else kept.record  # type: ignore[union-attr]
        number, when = (version.number, version.published_at) if version else (FROM_BANK, None)
        found.append((item, Published(record, _over(kept, words.get(item.id, {})), number, when)))
    return found


def _gather(session: Session, kind: Kind) -> Mapping[str, Published]:
    found = {key: Published(one.record, one.translations) for key, one in bank.of(kind).items()}
    for item, one in of_items(session, Item.kind == kind):
        if item.withdrawn_at:
            found.pop(item.key, None)
        else:
            found[item.key] = one
    return found


def _over(from_bank: bank.Kept | None, edited: Translations) -> Translations:
    """Lay what editors translated over what came with the product, which is tied to the English that came with it."""
    merged: dict[str, dict[str, Translated]] = {}
    if from_bank:
        english = {path: digest(text) for path, text, _mark in from_bank.record.texts()}
        for language, texts in from_bank.translations.items():
            merged[language] = {
                path: Translated(one.words, one.quality, one.digest or english.get(path, ""))
                for path, one in texts.items()
            }
    for language, texts in edited.items():
        merged.setdefault(language, {}).update(texts)
    return merged


def _translations_of(session: Session, which: ColumnElement[bool]) -> dict[Any, dict[str, dict[str, Translated]]]:
    found: dict[Any, dict[str, dict[str, Translated]]] = {}
    rows = session.scalars(select(Translation).join(Item, Item.id == Translation.item_id).where(which))
    for row in rows:
        texts = found.setdefault(row.item_id, {}).setdefault(row.language, {})
        texts[row.path] = Translated(row.words, row.quality, row.digest)
    return found
