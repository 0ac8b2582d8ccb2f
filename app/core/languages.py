"""The languages of the product: one row each, in the order in which people see them.

A new language is one row here and ``pybabel init``; nothing else. Facts per row are from the handbook (languages, section 2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from babel import Locale
from flask import g


class Quality(StrEnum):
    """How far a language has come (languages 8.14). Only ``reviewed`` or better is shown to a child in a live service."""

    source = "source"
    draft_machine = "draft-machine"
    draft_human = "draft-human"
    reviewed = "reviewed"
    tested = "tested-with-young-people"
    wanted = "wanted"

    @property
    def fit_for_live(self) -> bool:
        """True when a child may meet this language in a live service."""
        return self in (Quality.source, Quality.reviewed, Quality.tested)


class Voice(StrEnum):
    """Whether a voice of the reader's own device may read this language aloud (languages, section 6: 'Decision').

    Recordings by people come first, once there are any. A voice on the line is never used: it would get a child's words.
    """

    device = "device"
    # As 'device'; recordings matter more here, since many devices have no voice.
    fallback = "fallback"
    # Only a voice that says it is this very tag: Portugal's Portuguese is not Brazil's.
    exact = "exact"
    recordings = "recordings"
    # A voice of a language next to it would be taken for it: never.
    never = "never"


# The day on which the table of voices in the handbook was looked up. Voices change every year.
_CHECKED = date(2026, 11, 21)


@dataclass(frozen=True)
class Language:
    """One language: ``tag`` goes in the page, ``babel`` is what Python calls it."""

    tag: str
    name: str
    english_name: str
    babel: str
    direction: str
    quality: Quality
    voice: Voice = Voice.recordings
    voice_checked_on: date = _CHECKED

    @property
    def spoken_by(self) -> str:
        """What the tag of a device's voice has to be or to begin with, in small letters; empty when none may speak it."""
        if self.voice is Voice.exact:
            return self.tag.lower()
        return self.tag.split("-")[0].lower() if self.voice in (Voice.device, Voice.fallback) else ""

    @property
    def offered(self) -> bool:
        """True when there is a catalogue, so that a person can choose it."""
        return self.quality is not Quality.wanted

    @property
    def locale(self) -> Locale:
        """The Babel locale, for dates and plurals."""
        return Locale.parse(self.babel)


ENGLISH = Language("en-GB", "English", "English", "en_GB", "ltr", Quality.source, Voice.device)

# Kept in the order of the handbook. 'wanted' rows are known languages of people here that have no catalogue yet: a person may
# have one on record (so that an interpreter can be asked for) and meets English, with a line that says so.
LANGUAGES: tuple[Language, ...] = (
    ENGLISH,
    Language("ar", "العربية", "Arabic", "ar", "rtl", Quality.draft_machine, Voice.fallback),
    Language("pl", "Polski", "Polish", "pl", "ltr", Quality.draft_machine, Voice.device),
    Language("ckb", "کوردی (سۆرانی)", "Kurdish (Sorani)", "ckb", "rtl", Quality.wanted, Voice.never),
    Language("ps", "پښتو", "Pashto", "ps", "rtl", Quality.wanted, Voice.never),
    Language("fa-AF", "دری", "Dari", "fa_AF", "rtl", Quality.wanted, Voice.never),
    Language("fa", "فارسی", "Farsi", "fa", "rtl", Quality.wanted, Voice.fallback),
    Language("ti", "ትግርኛ", "Tigrinya", "ti", "ltr", Quality.wanted, Voice.never),
    Language("vi", "Tiếng Việt", "Vietnamese", "vi", "ltr", Quality.wanted, Voice.device),
    Language("sq", "Shqip", "Albanian", "sq", "ltr", Quality.wanted),
    Language("lt", "Lietuvių", "Lithuanian", "lt", "ltr", Quality.wanted),
    Language("ro", "Română", "Romanian", "ro", "ltr", Quality.wanted, Voice.device),
    Language("pt-PT", "Português (Portugal)", "Portuguese", "pt_PT", "ltr", Quality.wanted, Voice.exact),
    Language("ur", "اردو", "Urdu", "ur", "rtl", Quality.wanted),
    Language("am", "አማርኛ", "Amharic", "am", "ltr", Quality.wanted),
    Language("uk", "Українська", "Ukrainian", "uk", "ltr", Quality.wanted, Voice.device),
    Language("so", "Soomaali", "Somali", "so", "ltr", Quality.wanted),
)
BY_TAG = {language.tag: language for language in LANGUAGES}
_LOWER = {tag.lower(): language for tag, language in BY_TAG.items()}

# Names other systems and browsers use for the same language. Dari arrives as 'prs' (languages, section 2). Sorani ('ckb') and
# Kurmanji ('ku') are different scripts and never stand in for each other.
_ALIASES = {"en": "en-GB", "prs": "fa-AF", "pt": "pt-PT"}


def find(tag: str | None) -> Language | None:
    """Return the language for a tag as people, files or browsers write it, or None when we do not know it."""
    if not tag:
        return None
    wanted = tag.strip().replace("_", "-").lower()
    if wanted in _LOWER:
        return _LOWER[wanted]
    if wanted in _ALIASES:
        return BY_TAG[_ALIASES[wanted]]
    base = wanted.split("-")[0]
    # 'ar-SY' is Arabic and 'en-US' is English; but 'fa-AF' and 'fa' were settled above.
    return _LOWER.get(base) or BY_TAG.get(_ALIASES.get(base, ""))


def device_voice(tag: str) -> str:
    """Return what a voice of the reader's device has to be called to read words in a language aloud, '' when none may.

    Words of which nobody said the language have none: an English voice that reads Arabic is worse than silence.
    """
    found = BY_TAG.get(tag)
    return found.spoken_by if found else ""


@cache
def offered(*, live: bool) -> tuple[Language, ...]:
    """Return the languages a person can choose; in a live service only those checked by people."""
    return tuple(x for x in LANGUAGES if x.offered and (not live or x.quality.fit_for_live))


def choose(candidates: Iterable[str | None], *, live: bool) -> Language:
    """Return the first candidate that is offered, else English (contracts: explicit, person, Accept-Language, English)."""
    allowed = offered(live=live)
    for tag in candidates:
        language = find(tag)
        if language in allowed:
            return language
    return ENGLISH


def current() -> Language:
    """Return the language of the page being made; English outside a request."""
    try:
        found: Language = g.language
    except (AttributeError, RuntimeError):  # not chosen yet, or no request
        return ENGLISH
    return found
