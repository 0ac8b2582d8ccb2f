"""Short guides for the people a young person lives with, as data: one YAML file a guide, every language in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

_FOLDER = Path(__file__).parent
ENGLISH = "en-GB"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Part(_Strict):
    """A heading and what stands under it: sentences, then a list."""

    heading: str
    says: list[str] = Field(default_factory=list)
    points: list[str] = Field(default_factory=list)


class Words(_Strict):
    """A guide in one language."""

    title: str
    parts: list[Part] = Field(min_length=1)


class _GuideFile(_Strict):
    place: int
    words: dict[str, Words]


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide in the language it is shown in."""

    code: str
    language: str
    words: Words


def guides(language: str) -> list[Guide]:
    """Return every guide in a language, in their order; in English where nobody has translated one."""
    return [_in(code, file, language) for code, file in _files().items()]


def guide(code: str, language: str) -> Guide | None:
    """Return one guide, or None when there is no such guide."""
    file = _files().get(code)
    return _in(code, file, language) if file else None


def _in(code: str, file: _GuideFile, language: str) -> Guide:
    shown = language if language in file.words else ENGLISH
    return Guide(code, shown, file.words[shown])


@cache
def _files() -> dict[str, _GuideFile]:
    read = {
        path.stem: _GuideFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in _FOLDER.glob("*.yaml")
    }
    return dict(sorted(read.items(), key=lambda pair: pair[1].place))
