"""Steps of the tests' own, put on the shelf as if an editor had published them long ago."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import new_id
from app.pathways import shelf
from app.pathways.bank import digest
from app.pathways.models import Item, Kind, Stage, Translation, Version
from app.pathways.records import RECORDS, Record, Source, Step

SOURCE = Source(code="TEST", address="https://example.org/", checked=date(2026, 11, 21), grade="A")


def step(key: str, title: str, **changes: Any) -> Step:
    """Return a step with everything it needs."""
    values: dict[str, Any] = {
        "id": key,
        "title": title,
        "summary": "You learn a thing.",
        "stage": "p16",
        "years": ("Y12",),
        "ages": "16-18",
        "tags": ("everyone",),
        "need": ("Nothing.",),
        "leads_to": (),
        "ask": ("ncs",),
        "sources": (SOURCE,),
        **changes,
    }
    return Step.model_validate(values)


def on_the_shelf(
    session: Session, *records: Record, translations: dict[str, dict[str, dict[str, str]]] | None = None
) -> list[Item]:
    """Publish records without the checks of an editor; ``translations``: key, language, path, words. Commits."""
    items = []
    for record in records:
        item = Item(
            id=new_id(), kind=record.kind, key=record.id, live=1, made_at=clock.now(), review_by=record.review_by
        )
        session.add(item)
        session.flush()
        body = (
            RECORDS[Kind(record.kind)]
            .model_validate(record.model_dump())
            .model_dump(mode="json", exclude_defaults=True)
        )
        session.add(
            Version(
                item_id=item.id,
                number=1,
                stage=Stage.published,
                body=body,
                written_at=clock.now(),
                published_at=clock.now(),
            )
        )
        english = {path: words for path, words, _mark in record.texts()}
        for language, texts in (translations or {}).get(record.id, {}).items():
            for path, words in texts.items():
                session.add(
                    Translation(
                        item_id=item.id,
                        language=language,
                        path=path,
                        digest=digest(english[path]),
                        words=words,
                        quality="reviewed",
                        at=clock.now(),
                    )
                )
        items.append(item)
    session.flush()
    shelf.renew(session)
    session.commit()
    return items
