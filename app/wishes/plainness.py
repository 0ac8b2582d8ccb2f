"""Whether what an adult writes to a young person is plain. It hints and never blocks.

Two looks, for English only: words on the list of the Children in Care Council, and a reading age. The reading age is the
Flesch-Kincaid grade (0.39 words a sentence + 11.8 syllables a word - 15.59) plus five years, since grade 1 is read at about 6.
It is rough, says little about fewer than a dozen words, and stands for no child.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from flask_babel import gettext as _
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import insert_if_absent, new_id
from app.wishes.models import PlainWord

# Aim at 9 (handbook, section 8); we speak up only above 11, because the measure is rough.
READS_FROM = 11
ENOUGH_WORDS = 12
LONGEST = 60
_CONTENT = Path(__file__).parent / "content" / "plain_words.yaml"
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
_SENTENCE = re.compile(r"[.!?…]+(?:\s|$)|\n+")
_ACRONYM = re.compile(r"\b([A-Z]{2,6}\+?)s?(?!\w)")
# 'PEP' is the one short form young people know, explained each time; the others are words.
_KNOWN = frozenset({"PEP", "OK", "TV", "UK", "IT", "PE", "RE", "DJ", "ID", "GCSE", "I"})


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    words: dict[str, str] = Field(min_length=1)
    # A word means something else before these: 'contact me'.
    fine_before: dict[str, list[str]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Instead:
    """A word that stands in the text, and what could stand there."""

    word: str
    instead: str


@dataclass(frozen=True, slots=True)
class Plainness:
    """What could be plainer. ``age`` is None when the text reads easily or is too short to tell."""

    words: list[Instead]
    unknown: list[str]
    age: int | None

    def __bool__(self) -> bool:
        """True when there is something to say."""
        return bool(self.words or self.unknown or self.age)

    @property
    def remarks(self) -> list[str]:
        """What could be plainer, a sentence each."""
        # TRANSLATORS: to a worker: a word that children do not like or know, and what to say instead
        found = [_("‘%(word)s’: say ‘%(instead)s’", word=one.word, instead=one.instead) for one in self.words]
        # TRANSLATORS: to a worker: letters that stand for several words
        found += [_("‘%(word)s’: write it out, young people may not know it", word=one) for one in self.unknown]
        if self.age:
            # TRANSLATORS: to a worker: %(age)s is a number of years; a rough estimate
            age = _("It reads like a text for age %(age)s. Shorter sentences and shorter words help.", age=self.age)
            found.append(age)
        return found


@dataclass(frozen=True, slots=True)
class Listed:
    """One word on the list, as its editors see it."""

    word: str
    instead: str
    active: bool
    changed: bool


@cache
def _content() -> _File:
    return _File.model_validate(yaml.safe_load(_CONTENT.read_text(encoding="utf-8")))


def first_words() -> dict[str, str]:
    """Return the words the product comes with. Raises pydantic.ValidationError when the file is wrong."""
    return dict(_content().words)


def listed(session: Session) -> list[Listed]:
    """Return the whole list: the first words, and over them what its editors changed, added or switched off."""
    found = {word.lower(): Listed(word, instead, True, False) for word, instead in first_words().items()}
    for row in session.scalars(select(PlainWord)):
        found[row.word.lower()] = Listed(row.word, row.instead, row.active, True)
    return sorted(found.values(), key=lambda one: one.word.lower())


def keep(session: Session, editor_id: uuid.UUID, word: str, instead: str, *, active: bool = True) -> bool:
    """Add a word to the list, change what to say instead, or switch it off. Returns False for a word or hint that is not one."""
    word, instead = " ".join(word.split()), " ".join(instead.split())
    if not 1 < len(word) <= LONGEST or not 0 < len(instead) <= 2 * LONGEST:
        return False
    known = {one.word.lower(): one.word for one in listed(session)}
    word = known.get(word.lower(), word)
    values = {"instead": instead, "active": active, "changed_by_id": editor_id, "changed_at": clock.now()}
    if not insert_if_absent(session, PlainWord, {"id": new_id(), "word": word, **values}):
        row = session.scalars(select(PlainWord).where(PlainWord.word == word)).one()
        for name, value in values.items():
            setattr(row, name, value)
        session.flush()
    return True


def look(session: Session, text: str, language: str = "en-GB") -> Plainness:
    """Return what could be plainer in a text that a young person will read. Only English is looked at."""
    if not language.startswith("en"):
        return Plainness([], [], None)
    whole = listed(session)
    fine = frozenset(one.word for one in whole if not one.active)
    return look_with({one.word: one.instead for one in whole if one.active}, text, fine)


def look_with(words: dict[str, str], text: str, fine: frozenset[str] = frozenset()) -> Plainness:
    """Return what could be plainer, by a list of words. A short form in capitals is only meant in capitals.

    A word is found with an s at its end too, and its space as a hyphen; a longer one that holds it speaks for it.
    ``fine`` are the words that the list's editors switched off: they are not remarked on as unknown short forms either.
    """
    there = [word for word in words if _stands_in(word, text, plural=f"{word}s" not in words)]
    spaced = {word: f" {word} ".replace("-", " ").lower() for word in there}
    inside = {word for word in there if any(spaced[word] in one and spaced[word] != one for one in spaced.values())}
    found = [Instead(word, words[word]) for word in there if word not in inside]
    named = {one.word for one in found} | {word for one in found for word in one.word.split()}
    unknown = [short for short in dict.fromkeys(_ACRONYM.findall(text)) if short not in _KNOWN | fine | named]
    age = reading_age(text)
    return Plainness(found, unknown, age if age is not None and age >= READS_FROM else None)


def _stands_in(word: str, text: str, *, plural: bool) -> bool:
    capitals = word.replace("+", "").replace(" ", "").isupper()
    flags = 0 if capitals else re.IGNORECASE
    spelt = re.escape(word).replace(r"\ ", "[ -]") + ("s?" if plural else "")
    fine = "|".join(map(re.escape, _content().fine_before.get(word, ())))
    return re.search(rf"(?<!\w){spelt}(?!\w)" + (rf"(?!\s+(?:{fine})\b)" if fine else ""), text, flags) is not None


def reading_age(text: str) -> int | None:
    """Return about how old somebody is who reads this with ease; None for too few words to tell."""
    return None if len(_WORD.findall(text)) < ENOUGH_WORDS else max(5, round(reading_grade(text) + 5))


def reading_grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of an English text; 0 for one without words."""
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = max(1, sum(1 for part in _SENTENCE.split(text) if _WORD.search(part)))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def syllables(word: str) -> int:
    """Return about how many syllables an English word has: groups of vowels, without a silent e at the end."""
    plain = word.lower().replace("’", "'").removesuffix("'s")
    groups = len(re.findall(r"[aeiouy]+", plain))
    silent = plain.endswith("e") and not plain.endswith(("le", "ee", "ye")) and groups > 1
    silent = silent or (plain.endswith("ed") and not plain.endswith(("ted", "ded")) and groups > 1)
    return max(1, groups - silent)
