"""Whom to ask, as the council has them: its own contacts first, else our words for the role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.pathways.entitlement_words import role_to_ask
from app.pathways.records import Contact
from app.pathways.shelf import Published
from app.questions.text import Text


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom to ask, and the number to ring when the council or a source gives one."""

    name: Text
    phone: str = ""


def whom_to_ask(contacts: Mapping[str, Published], code: str, language: str) -> Asked:
    """Return whom to ask, in a language."""
    kept = contacts.get(code)
    if kept is None or not isinstance(kept.record, Contact):
        return Asked(Text(role_to_ask(code), language))
    return Asked(kept.words("title", language), kept.record.phone)
