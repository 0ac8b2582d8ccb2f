"""Keeping the contacts right: what needs a look, and writing a change down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.safeguarding.models import HelpContact, Status

# Their translations no longer fit when the English changes.
_TRANSLATED = ("label", "note")


@dataclass(frozen=True, slots=True)
class Look:
    """The table as staff see it: every contact, and which of them need something."""

    contacts: list[HelpContact]
    old: list[HelpContact]
    unchecked: list[HelpContact]
    hidden: list[HelpContact]

    @property
    def all_right(self) -> bool:
        """True when every number that children see was checked, and lately."""
        return not self.old and not self.unchecked


def look(session: Session, on: date) -> Look:
    """Return every contact with what it needs on a day."""
    contacts = list(session.scalars(select(HelpContact).order_by(HelpContact.position, HelpContact.code)))
    kept_up = [one for one in contacts if one.active]
    return Look(
        contacts=contacts,
        old=[one for one in kept_up if one.old_on(on)],
        unchecked=[one for one in kept_up if one.checked_on is None and one.status == Status.sourced],
        hidden=[one for one in contacts if not one.fit_to_show],
    )


def change(session: Session, actor: audit.Who, contact: HelpContact, values: Mapping[str, Any]) -> list[str]:
    """Write new values down, audited by the names of the fields, and return these.

    A translation of a sentence that changed is taken away: better English than the wrong hours in somebody's own language.
    """
    changed = [name for name, value in values.items() if getattr(contact, name) != value]
    for name in changed:
        setattr(contact, name, values[name])
    stale = [name for name in _TRANSLATED if name in changed]
    if stale:
        contact.words = {
            tag: {name: words for name, words in one.items() if name not in stale} for tag, one in contact.words.items()
        }
    if changed:
        session.flush()
        audit.record(session, actor, "help-contact.changed", thing_id=contact.id, detail=",".join(changed)[:80])
    return changed
