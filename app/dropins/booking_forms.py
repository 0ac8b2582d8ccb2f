"""What somebody asked for with a booking, as it came from the page; what was typed is kept when something has to be put right."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field

from flask import request
from flask_babel import gettext as _

from app.core import languages
from app.core.web.forms import tidy
from app.dropins.booking import Asked
from app.dropins.booking_words import BRINGS, CONTACTS
from app.dropins.visit_words import PURPOSES
from app.people.models import Person

MOST_NOTE = 200
_MOST_PURPOSES = 3


@dataclass(frozen=True, slots=True)
class Typed:
    """The optional parts of the form, as typed."""

    purposes: list[str] = field(default_factory=list)
    note: str = ""
    brings: str = "none"
    interpreter_language: str = ""
    needs: str = ""
    contact: str = "app"
    auto_accept: bool = False

    @property
    def says_something(self) -> bool:
        """True when one of the folded parts was used, so that they stand open when the page is shown again."""
        return bool(self.note or self.needs or self.interpreter_language or self.brings != "none")

    @property
    def too_long(self) -> str:
        """What to put right, or nothing."""
        if len(self.note) > MOST_NOTE or len(self.needs) > MOST_NOTE:
            # TRANSLATORS: a note with a booking is too long; what to do comes first
            return _("Make it a bit shorter, so we can keep all of it. About two sentences fit.")
        return ""

    def asked(self, key: str, *, any_time: bool = False, basis: str | None = None, language: str = "") -> Asked:
        """Return it as a booking takes it."""
        return Asked(
            key=key,
            language=language or languages.current().tag,
            purposes=self.purposes,
            note=self.note or None,
            brings=self.brings,
            interpreter_language=self.interpreter_language or None,
            needs=self.needs or None,
            contact=self.contact,
            auto_accept=self.auto_accept,
            any_time=any_time,
            basis=basis,
        )


def read() -> Typed:
    """Read the form of this request. Values nobody could choose are left out."""
    form = request.form
    language = languages.find(form.get("interpreter", ""))
    return Typed(
        purposes=[code for code in form.getlist("purpose") if code in PURPOSES][:_MOST_PURPOSES],
        note=tidy(form.get("note", "")),
        brings=_one(form.get("brings"), BRINGS, "none"),
        interpreter_language=language.tag if language is not None else "",
        needs=tidy(form.get("needs", "")),
        contact=_one(form.get("contact"), CONTACTS, "app"),
        auto_accept=form.get("auto") == "yes",
    )


def begin(person: Person | None, language: str | None = None) -> Typed:
    """Return what stands in the form at first: reminders by text where there is a number."""
    return Typed(contact="text" if person is not None and person.mobile else "app")


def contacts_for(person: Person | None) -> list[str]:
    """Return the ways in which somebody can be reminded."""
    ways = ["text"] if person is None or person.mobile else []
    if person is not None and person.email:
        ways.append("email")
    return [*ways, "app", "through_pa", "none"] if person is not None else ["text", "none"]


def slot_id() -> uuid.UUID | None:
    """Return which slot was chosen, in the address or the form; None for none or nonsense."""
    try:
        return uuid.UUID(request.values.get("slot", ""))
    except ValueError:
        return None


def once(whose: object) -> str:
    """Return the one-time key of the pressed button: the same page sent twice is one booking."""
    return f"{whose}:{tidy(request.form.get('once', ''))[:36]}"


def _one(value: str | None, choices: Collection[str], otherwise: str) -> str:
    return value if value is not None and value in choices else otherwise
