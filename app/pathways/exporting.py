"""What the public reads, as the YAML files that the product loads: what editors did in the app can come with the next one."""

from __future__ import annotations

from typing import Any

import yaml
from sqlalchemy.orm import Session

from app.pathways import shelf
from app.pathways.bank import FILES, Translated, digest
from app.pathways.records import Record

_HEAD = "# Made by the editor's export. Load it with `app.pathways.bank.read`.\n"
_DRAFT = "draft-machine"


def files(session: Session) -> dict[str, str]:
    """Return the text of every file, by its name: ``steps.yaml``, ``ar/steps.yaml`` … Withdrawn things are left out.

    A translation of an English that has changed since stands there with the mark of its own English, and so stays stale.
    """
    made: dict[str, str] = {}
    for kind, name in FILES.items():
        found = shelf.published(session, kind)
        if not found:
            continue
        made[name] = _yaml([_body(one.record) for one in found.values()])
        words: dict[str, dict[str, dict[str, Any]]] = {}
        for key, one in found.items():
            english = {path: digest(text) for path, text, _mark in one.record.texts()}
            for language, texts in one.translations.items():
                kept = {
                    path: _words(text, english[path]) for path, text in texts.items() if path in english and text.words
                }
                if kept:
                    words.setdefault(language, {})[key] = kept
        for language, texts_of in sorted(words.items()):
            made[f"{language}/{name}"] = _yaml({"quality": _DRAFT, "texts": texts_of})
    return made


def _body(record: Record) -> dict[str, Any]:
    return record.model_dump(mode="json", exclude_unset=True)


def _words(text: Translated, english: str) -> Any:
    """Return a text as the bank has it: plain words, or with what is other than the file says."""
    marked = {
        **({"quality": text.quality} if text.quality != _DRAFT else {}),
        **({"digest": text.digest} if text.digest not in (None, english) else {}),
    }
    return {"words": text.words, **marked} if marked else text.words


def _yaml(value: Any) -> str:
    return _HEAD + yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=120)
