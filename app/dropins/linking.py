"""What a next step may lead to: a step of a pathway, an opportunity, a day at a university, something one can get."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.pathways.models import Kind, Opportunity
from app.pathways.openings import is_open
from app.pathways.shelf import published

LINKED = (Kind.step, Kind.opportunity, Kind.event, Kind.entitlement)
# What closes, and is then offered no more.
_CLOSING = frozenset({Kind.opportunity, Kind.event})


def choices(session: Session, language: str, *, kept: Collection[str | None] = ()) -> dict[Kind, list[tuple[str, str]]]:
    """Return what is published and still open, by kind: (``kind:key``, title). ``kept`` is linked already, and stays a
    choice when it has closed since."""
    anybody = Opportunity.visibility.in_(("public", "signed_in"))
    still_open = set(session.scalars(select(Opportunity.key).where(is_open(clock.now()), anybody)))
    return {
        kind: sorted(
            (
                (f"{kind}:{key}", one.words("title", language).text)
                for key, one in published(session, kind).items()
                if kind not in _CLOSING or key in still_open or f"{kind}:{key}" in kept
            ),
            key=lambda pair: pair[1],
        )
        for kind in LINKED
    }


def is_known(session: Session, linked: str | None) -> bool:
    """Return whether something is published under ``kind:key``."""
    kind, _colon, key = (linked or "").partition(":")
    return kind in {str(one) for one in LINKED} and key in published(session, Kind(kind))


def titles(session: Session, linked: Iterable[str | None], language: str) -> dict[str, tuple[str, str, str]]:
    """Return the title, its language and the address of each that is still published; what was withdrawn is left out."""
    found = {}
    for one in {item for item in linked if item}:
        if is_known(session, one):
            kind, _colon, key = one.partition(":")
            text = published(session, Kind(kind))[key].words("title", language)
            found[one] = (text.text, text.language, _address(Kind(kind), key))
    return found


def _address(kind: Kind, key: str) -> str:
    if kind is Kind.step:
        return url_for("pathways.step", key=key)
    if kind is Kind.entitlement:
        # What somebody can get is worked out from a few answers; no page says of one thing alone that it is theirs.
        return url_for("entitlements.what_can_i_get")
    return url_for("opportunities.one", key=key)
