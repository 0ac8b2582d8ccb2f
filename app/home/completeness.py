"""How good and how complete each language is, for staff: the catalogue of the pages and the words of the questions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

from app.core import languages
from app.core.languages import Language, Quality
from app.core.settings import REPO
from app.questions.library import library
from app.questions.schema import QuestionSet, Translation
from app.questions.text import SOURCE_LANGUAGE

CATALOGUES = REPO / "translations"


@dataclass(frozen=True, slots=True)
class Completeness:
    """One language: ``pages`` and ``questions`` are whole percent, None for the source, which has nothing to translate."""

    language: Language
    pages: int | None
    questions: int | None
    shown_when_live: bool


def languages_for_staff(folder: Path = CATALOGUES) -> list[Completeness]:
    """Return every language, in the order in which people see them."""
    return [_one(language, folder) for language in languages.LANGUAGES]


def _one(language: Language, folder: Path) -> Completeness:
    if language.quality is Quality.source:
        return Completeness(language, None, None, True)
    path = folder / language.babel / "LC_MESSAGES" / "messages.po"
    pages = _pages(path, path.stat().st_mtime_ns) if path.exists() else 0
    return Completeness(language, pages, _questions(language.tag), language.quality.fit_for_live)


@lru_cache(maxsize=64)
def _pages(path: Path, _changed: int) -> int:
    """Return how much of a catalogue is translated; read again only when the file has changed."""
    with path.open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    done = [message for message in messages if message.string and not message.fuzzy and _all_forms(message.string)]
    return _share(len(done), len(messages))


def _all_forms(string: str | tuple[str, ...] | list[str]) -> bool:
    return all(string) if isinstance(string, list | tuple) else bool(string)


def _questions(tag: str) -> int:
    """Return how many of the questions in the newest version of every set are translated, in percent."""
    if tag == SOURCE_LANGUAGE:
        return 100
    sets = [library().latest(set_id) for set_id in library().ids()]
    done = sum(_asked(one, library().translation(one.id, one.version, tag)) for one in sets)
    return _share(done, sum(len(one.questions) for one in sets))


def _asked(question_set: QuestionSet, translation: Translation | None) -> int:
    if translation is None:
        return 0
    known = translation.questions
    return sum(question.id in known and bool(known[question.id].ask) for question in question_set.questions)


def _share(part: int, whole: int) -> int:
    """Return a percentage rounded down: 100 means everything."""
    return 100 * part // whole if whole else 0
