"""The first content: YAML that comes with the product, checked once and kept in memory.

``content/<kind>s.yaml`` is a list of records; ``content/<language>/<kind>s.yaml`` has a ``quality`` and, by record id, the
translated texts by path. A translation of an earlier English text is found by its digest, not by its age.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from app.pathways.models import Kind
from app.pathways.records import RECORDS, Record

CONTENT = Path(__file__).parent / "content"
FILES: dict[Kind, str] = {
    Kind.step: "steps.yaml",
    Kind.entitlement: "entitlements.yaml",
    Kind.contact: "contacts.yaml",
    Kind.opportunity: "opportunities.yaml",
    Kind.event: "events.yaml",
}


class BankError(ValueError):
    """A file of the bank is not as it must be; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Translated:
    """One text in one language, and of which English it is the translation (None: of the one beside it in the bank)."""

    words: str
    quality: str
    digest: str | None = None


Translations = Mapping[str, Mapping[str, Translated]]
"""By language, then by path."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A record of the bank with its translations."""

    record: Record
    translations: Translations


def digest(english: str) -> str:
    """Return the short digest that ties a translation to its English."""
    return hashlib.sha256(english.encode()).hexdigest()[:16]


def read(kind: Kind, folder: Path = CONTENT) -> dict[str, Kept]:
    """Read every record of a kind, by id. Raises BankError: a file that is not YAML, a bad record, an id used twice."""
    name = FILES[kind]
    records: dict[str, Record] = {}
    for raw in _yaml(folder / name) or ():
        try:
            record = RECORDS[kind].model_validate(raw)
        except ValidationError as error:
            raise BankError(f"{name}: {raw.get('id', '?')}: {error}") from error
        if record.id in records:
            raise BankError(f"{name}: the id {record.id} is used twice")
        records[record.id] = record
    words = {path.parent.name: _yaml(path) for path in sorted(folder.glob(f"*/{name}"))}
    return {key: Kept(record, _translations(key, words)) for key, record in records.items()}


@lru_cache(maxsize=len(Kind))
def of(kind: Kind) -> Mapping[str, Kept]:
    """Return the product's own records of a kind."""
    return read(kind)


def _yaml(path: Path) -> Any:
    if not path.exists():
        return None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader, the quick one
    except yaml.YAMLError as error:
        raise BankError(f"{path.name}: {error}") from error


def _translations(key: str, words: Mapping[str, Any]) -> Translations:
    return {
        language: {path: _translated(text, file["quality"]) for path, text in (file["texts"].get(key) or {}).items()}
        for language, file in words.items()
        if file
    }


def _translated(text: Any, quality: str) -> Translated:
    """Read plain words, or words with a quality of their own and the mark of the English they were made from."""
    if isinstance(text, str):
        return Translated(text, quality)
    return Translated(text["words"], text.get("quality", quality), text.get("digest"))
