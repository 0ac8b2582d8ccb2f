"""What a next step may lead to: a step of a pathway, an opportunity, a day at a university, something one can get."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.pathways.models import Kind
from app.pathways.shelf import published

LINKED = (Kind.step, Kind.opportunity, Kind.event, Kind.entitlement)


def choices(session: Session, language: str) -> dict[Kind, list[tuple[str, str]]]:
    """Return what is published, by kind: (``kind:key``, title)."""
    return {
        kind: sorted(
            ((f"{kind}:{key}", one.words("title", language).text) for key, one in published(session, kind).items()),
            key=lambda pair: pair[1],
        )
        for kind in LINKED
    }


def is_known(session: Session, linked: str | None) -> bool:
    """Return whether something is published under ``kind:key``."""
    kind, _colon, key = (linked or "").partition(":")
    return kind in {str(one) for one in LINKED} and key in published(session, Kind(kind))


def titles(session: Session, linked: Iterable[str | None], language: str) -> dict[str, tuple[str, str]]:
    """Return the title and its language of each that is still published; what was withdrawn is left out."""
    found = {}
    for one in {item for item in linked if item}:
        if is_known(session, one):
            kind, _colon, key = one.partition(":")
            text = published(session, Kind(kind))[key].words("title", language)
            found[one] = (text.text, text.language)
    return found
