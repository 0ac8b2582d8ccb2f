"""The child's own code: four pictures in order (primary), or three words (older).

The code stands behind a card whose own secret is 256 bits long, so it need not be strong against the whole world; it must be
strong against somebody who holds the card, which is what ``tries`` and the refusals here are for. Only an Argon2id hash is kept.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path

import yaml
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# In the order in which they are shown and in which a code is written down. Drawn in static/pictures/codes.svg.
PICTURES = (
    "sun", "moon", "star", "cloud",
    "tree", "leaf", "apple", "fish",
    "boat", "kite", "key", "bell",
    "drum", "cup", "ball", "book",
)  # fmt: skip
PICTURES_IN_CODE = 4
WORDS_IN_CODE = 3
LONGEST_WORDS = 100
_FEWEST_LETTERS = 8
_FEWEST_DIFFERENT = 3
_ROW = 4
# Some keyboards add a mark that says how an emoji looks, others do not.
_LOOKS = "\ufe0e\ufe0f"

# 19 MiB and two passes (OWASP's figures for Argon2id) fit beside the app in a small worker.
# One at a time in each process, so that many children at once do not ask for many times the memory.
_one_at_a_time = threading.Lock()
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Compared with where there is no card or no code, so that the answer takes as long.
_NOBODYS = _hasher.hash(secrets.token_urlsafe(32))


class Weak(StrEnum):
    """Why a code would be too easy to guess."""

    few_different = "few-different"
    in_a_row = "in-a-row"
    few_words = "few-words"
    same_words = "same-words"
    short_words = "short-words"
    long_words = "long-words"


def is_picture(name: str | None) -> bool:
    """Return whether this is one of the sixteen."""
    return name in PICTURES


def from_pictures(names: Sequence[str]) -> str:
    """Return the code that these pictures make, in order."""
    return " ".join(names)


def from_words(typed: str) -> str:
    """Return the code that typed words make, however a keyboard wrote them.

    NFC, case folded, digits of any script as Western ones, marks that cannot be seen dropped, and whatever stands between
    words as one space: the child need not remember whether there was a comma.
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", typed).casefold())
    letters: list[str] = []
    for letter in folded:
        group = unicodedata.category(letter)
        if letter in _LOOKS:
            continue
        if group == "Nd":
            letters.append(str(unicodedata.digit(letter)))
        elif group[0] in "ZPC" and group != "Cf":
            letters.append(" ")
        elif group != "Cf":
            letters.append(letter)
    return " ".join("".join(letters).split())


def weakness_of_pictures(names: Sequence[str]) -> Weak | None:
    """Return why these pictures are too easy to guess, or None when they are fine."""
    if len(set(names)) < _FEWEST_DIFFERENT:
        return Weak.few_different
    places = [PICTURES.index(name) for name in names]
    steps = {b - a for a, b in pairwise(places)}
    # Four side by side, or one below the other, on the four by four page.
    if len(steps) == 1 and abs(steps.pop()) in (1, _ROW):
        return Weak.in_a_row
    return None


def weakness_of_words(typed: str) -> Weak | None:
    """Return why these words are too easy to guess, or None when they are fine."""
    if len(typed) > LONGEST_WORDS:
        return Weak.long_words
    words = from_words(typed).split()
    if len(words) < WORDS_IN_CODE:
        return Weak.few_words
    if len(set(words)) < WORDS_IN_CODE:
        return Weak.same_words
    if sum(map(len, words)) < _FEWEST_LETTERS and all(word.isascii() for word in words):
        return Weak.short_words
    return None


def seal(code: str) -> str:
    """Return what we keep of a code."""
    with _one_at_a_time:
        return _hasher.hash(code)


def fits(kept: str | None, code: str) -> bool:
    """Return whether ``code`` is the one that was sealed. With nothing to compare (None) it takes as long, and is False."""
    with _one_at_a_time:
        try:
            _hasher.verify(kept or _NOBODYS, code)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


@cache
def _words_by_language() -> dict[str, tuple[str, ...]]:
    found = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text("utf-8"))
    return {language: tuple(words) for language, words in found.items()}


def suggest(language: str) -> tuple[str, ...]:
    """Return three different words to offer in a language; empty where we have no list for it."""
    words = _words_by_language().get(language.split("-")[0], ())
    return tuple(secrets.SystemRandom().sample(words, WORDS_IN_CODE)) if words else ()
