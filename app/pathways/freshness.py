"""What has to be looked at again: content past its day, sums of an old year, translations of an earlier English text.

Source: handbook, pathways 1.8.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from app.core import clock
from app.pathways import shelf
from app.pathways.bank import digest
from app.pathways.models import Kind
from app.pathways.records import Record
from app.pathways.shelf import Published

# 'Everything else: one year.'
_A_YEAR = timedelta(days=365)


class Why(StrEnum):
    """Why something is on the list."""

    review = "review"
    sum_is_old = "sum"
    source_is_old = "source"
    over = "over"
    translation = "translation"


@dataclass(frozen=True, slots=True)
class Stale:
    """One thing to look at again, why, and since when (None: for a translation)."""

    kind: Kind
    key: str
    title: str
    why: Why
    since: date | None = None
    languages: tuple[str, ...] = ()


def stale(session: Session, on: date) -> list[Stale]:
    """Return everything public that has to be looked at again on a day, the longest due first."""
    found = [
        one
        for kind in Kind
        for key, published in shelf.published(session, kind).items()
        for one in _of(kind, key, published, on)
    ]
    return sorted(found, key=lambda one: (one.since or date.max, one.kind, one.key))


def _of(kind: Kind, key: str, published: Published, on: date) -> list[Stale]:
    record = published.record
    found = []
    over = _over(record)
    if over is not None and over < clock.now():
        found.append(Stale(kind, key, record.title, Why.over, clock.local(over).date()))
    elif record.review_by is not None:
        if record.review_by < on:
            found.append(Stale(kind, key, record.title, Why.review, record.review_by))
    elif record.sources and (oldest := min(one.checked for one in record.sources)) + _A_YEAR < on:
        found.append(Stale(kind, key, record.title, Why.source_is_old, oldest + _A_YEAR))
    until = getattr(record, "amount_until", None)
    if until is not None and until < on:
        found.append(Stale(kind, key, record.title, Why.sum_is_old, until))
    if languages := stale_languages(published):
        found.append(Stale(kind, key, record.title, Why.translation, None, languages))
    return found


def _over(record: Record) -> datetime | None:
    """Return when an opportunity closes or an event starts; both are hidden from then on."""
    moment: datetime | None = getattr(record, "closes_at", None) or getattr(record, "starts_at", None)
    return moment.replace(tzinfo=clock.LONDON) if moment is not None and moment.tzinfo is None else moment


def stale_languages(published: Published) -> tuple[str, ...]:
    """Return the languages in which a text was translated from an English that has changed since."""
    english = {path: digest(words) for path, words, _mark in published.record.texts()}
    return tuple(
        language
        for language, texts in published.translations.items()
        if any(path in english and one.words and one.digest not in (None, english[path]) for path, one in texts.items())
    )
