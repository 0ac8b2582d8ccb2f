"""What may stand in a cell of any file, and the limits of a file."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200
LONGEST_CELL = 1000

_FORMULA_SIGNS = ("=", "@", "＝", "＠")
_SIGNED = ("+", "-", "＋", "－")
_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
# Signs that turn the direction of what follows: a name that holds one can show as another name.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class FileRefused(Exception):
    """The file as a whole cannot be taken; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: its text, and what is wrong with it whatever column it is in."""

    text: str
    problem: str | None = None


def looked_at(text: str, *, formula: bool = False) -> Cell:
    """Return a cell with the spaces around its text taken off, and what is wrong with it."""
    text = text.replace("\u00a0", " ").strip().removeprefix("\ufeff")
    if not text:
        return Cell("")
    return Cell(text, _problem(text, formula))


def _problem(text: str, formula: bool) -> str | None:
    if formula or text.startswith(_FORMULA_SIGNS) or (text.startswith(_SIGNED) and len(text) > 1):
        return "holds a formula, or text that a spreadsheet would take for one. Put the plain value there"
    if text.upper() in _ERRORS:
        return "holds a spreadsheet's error instead of a value"
    if len(text) > LONGEST_CELL:
        return f"is longer than {LONGEST_CELL} characters"
    if text.isprintable():
        return None
    for letter in text:
        if letter in _TURNING or unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn"):
            return f"holds a sign that cannot be seen (U+{ord(letter):04X}). Type it again"
    return None
