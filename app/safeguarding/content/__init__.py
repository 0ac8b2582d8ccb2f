"""The first contacts of the help page, as data: checked when they are read, put into the table where they are missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.languages import BY_TAG, Quality
from app.safeguarding.models import HelpContact, Hours, Status

_FOLDER = Path(__file__).parent
PHONE = r"\+?[0-9][0-9 ]{1,18}"
TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ContactContent(_Strict):
    """One contact in ``help.yaml``."""

    code: str = Field(pattern=r"[a-z_]{2,30}")
    label: str = Field(max_length=120)
    name: str = Field(max_length=120)
    note: str = Field("", max_length=200)
    number: str | None = Field(None, pattern=f"^{PHONE}$")
    text_number: str | None = Field(None, pattern=f"^{PHONE}$")
    text_word: str | None = Field(None, max_length=20)
    website: str | None = Field(None, pattern=r"^https://[a-z0-9.\-/]+$")
    hours: Hours = Hours.unknown
    opens: str | None = Field(None, pattern=f"^{TIME}$")
    closes: str | None = Field(None, pattern=f"^{TIME}$")
    free: bool | None = None
    checked_on: date | None = None
    status: Status
    comes_first: bool = False
    in_peterborough: bool = False

    @model_validator(mode="after")
    def _a_sourced_number_was_checked(self) -> Self:
        if self.status is Status.sourced and (self.checked_on is None or not (self.number or self.text_number)):
            raise ValueError(f"'{self.code}' needs a number and the day on which it was checked.")
        return self


class _ContactsFile(_Strict):
    owner: str
    contacts: list[ContactContent]


class _Words(_Strict):
    label: str = Field(max_length=160)
    note: str = Field("", max_length=260)


class _WordsFile(_Strict):
    language: str
    quality: Quality
    contacts: dict[str, _Words]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading did."""

    added: int
    kept: int


@cache
def _rows() -> tuple[dict[str, Any], ...]:
    first = _ContactsFile.model_validate(_read(_FOLDER / "help.yaml"))
    words = [_WordsFile.model_validate(_read(path)) for path in sorted(_FOLDER.glob("help.*.yaml"))]
    for file in words:
        unknown = set(file.contacts) - {contact.code for contact in first.contacts}
        if unknown or file.language not in BY_TAG:
            raise ValueError(f"The help contacts in '{file.language}' do not fit: {sorted(unknown)}")
    return tuple(
        {
            **contact.model_dump(),
            "position": position,
            "owner": first.owner,
            "words": {
                file.language: {**file.contacts[contact.code].model_dump(), "quality": str(file.quality)}
                for file in words
                if contact.code in file.contacts
            },
        }
        for position, contact in enumerate(first.contacts, start=1)
    )


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def first_contacts() -> list[HelpContact]:
    """Return the first contacts, in order, in no database. Raises pydantic.ValidationError when a file is wrong."""
    # Each time a copy of its own: staff's changes to one must not reach the next.
    return [
        HelpContact(active=True, **{**row, "words": {k: dict(v) for k, v in row["words"].items()}}) for row in _rows()
    ]


def load_contacts(session: Session) -> Loaded:
    """Add the contacts that the table does not have yet. What staff changed or switched off stays as they left it."""
    there = set(session.scalars(select(HelpContact.code)))
    missing = [contact for contact in first_contacts() if contact.code not in there]
    session.add_all(missing)
    session.flush()
    return Loaded(added=len(missing), kept=len(there))
