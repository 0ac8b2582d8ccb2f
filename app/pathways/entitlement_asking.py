"""Whom to ask, as the council has them: its own contacts first, else our words for the role."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.pathways.entitlement_words import role_to_ask
from app.pathways.models import Kind
from app.pathways.records import Contact
from app.pathways.shelf import published
from app.questions.text import Text


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom to ask, and the number to ring when the council or a source gives one."""

    name: Text
    phone: str = ""


def whom_to_ask(session: Session, code: str, language: str) -> Asked:
    """Return whom to ask, in a language."""
    kept = published(session, Kind.contact).get(code)
    if kept is None or not isinstance(kept.record, Contact):
        return Asked(Text(role_to_ask(code), language))
    return Asked(kept.words("title", language), kept.record.phone)
