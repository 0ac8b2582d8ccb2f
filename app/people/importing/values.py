"""What the text in a cell means. Each function returns the value or raises ValueError with a sentence that says what to write.

An empty cell never reaches these. ``-`` alone means 'none' where there may be none.
"""

from __future__ import annotations

import re
from datetime import date

from app.core import languages
from app.people.models import Care, Flag, Place

NONE = "-"

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?: 00:00(?::00)?)?")
_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_TERM = re.compile(r"(\d{4})-(\d{2})-([123])")
_SEASON = re.compile(r"(autumn|spring|summer)(?: term)? (\d{4})", re.IGNORECASE)
_SEASONS = {"autumn": 1, "spring": 2, "summer": 3}
_YEAR = re.compile(r"(?:year|yr|y)?\s*(\d{1,2})", re.IGNORECASE)
_EMAIL = re.compile(
    r"[^@\s<>,;:\"()\[\]\\]{1,64}@(?=.{4,250}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,24}", re.IGNORECASE
)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_.:-]*")
_SHORTENED = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_TAG = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def identifier(text: str, longest: int) -> str:
    """Return an id as another system gave it."""
    if _SHORTENED.fullmatch(text):
        raise ValueError("was shortened by a spreadsheet. Format the column as text and fill it again")
    if len(text) > longest or not _ID.fullmatch(text):
        raise ValueError(f"may hold letters, figures and / _ . : - only, {longest} at most")
    return text


def council_person_id(text: str) -> str:
    """Return the council's number for a child; never an NHS number (measures 6.1). The message never repeats the number."""
    together = text.replace(" ", "")
    found = identifier(together if together.isdigit() else text, 32)
    if is_nhs_number(found):
        raise ValueError("looks like an NHS number. We may not hold those: give the council's own number")
    return found


def is_nhs_number(text: str) -> bool:
    """Return whether these are ten figures whose last one is the NHS number's check digit (modulus 11)."""
    figures = text.replace("-", "").replace(".", "").replace("/", "")
    if len(figures) != 10 or not (figures.isascii() and figures.isdigit()):
        return False
    total = sum(int(figure) * weight for figure, weight in zip(figures, range(10, 1, -1), strict=False))
    return (11 - total % 11) % 11 == int(figures[9])


def name(text: str) -> str:
    """Return a name with single spaces."""
    found = " ".join(text.split())
    if len(found) > 120:
        raise ValueError("is longer than 120 characters")
    if "@" in found:
        raise ValueError("looks like an e-mail address, not a name")
    return found


def email(text: str) -> str:
    """Return an e-mail address in small letters."""
    found = text.lower()
    if len(found) > 254 or ".." in found or not _EMAIL.fullmatch(found):
        raise ValueError("is not an e-mail address")
    return found


def day(text: str) -> date:
    """Return the day in '2026-11-24' or '24/11/2026'."""
    if found := _ISO.fullmatch(text):
        year, month, number = map(int, found.groups())
    elif found := _BRITISH.fullmatch(text):
        number, month, year = map(int, found.groups())
    else:
        raise ValueError(f"'{text}' is not a date we can read. Write 2026-11-24 or 24/11/2026")
    try:
        plain = date(year, month, number)
    except ValueError:
        raise ValueError(f"'{text}' is not a day in the calendar") from None
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"'{text}' is too far away to be right")
    return plain


def term(text: str) -> str:
    """Return the key of a term, '2026-27-1', from itself or from 'Autumn 2026' (measures 1.1)."""
    if found := _SEASON.fullmatch(" ".join(text.split())):
        number, year = _SEASONS[found[1].lower()], int(found[2])
        first = year if number == 1 else year - 1
    elif found := _TERM.fullmatch(text):
        first, number = int(found[1]), int(found[3])
        if (first + 1) % 100 != int(found[2]):
            raise ValueError(f"'{text}' is not a school year. The autumn of 2026 is 2026-27-1")
    else:
        raise ValueError(f"'{text}' is not a term. Write 2026-27-1 or Autumn 2026")
    if not _FIRST_YEAR <= first <= _LAST_YEAR:
        raise ValueError(f"'{text}' is too far away to be right")
    return f"{first}-{(first + 1) % 100:02d}-{number}"


def year_group(text: str) -> int:
    """Return a school year: N is -1, R is 0, then 1 to 14."""
    plain = text.casefold()
    if plain in ("r", "reception", "year r"):
        return 0
    if plain in ("n", "nursery"):
        return -1
    found = _YEAR.fullmatch(plain)
    if found is None or not 1 <= int(found[1]) <= 14:
        raise ValueError(f"'{text}' is not a school year. Write N, R or 1 to 14")
    return int(found[1])


def language(text: str) -> str:
    """Return the tag of a language from its tag or its English name."""
    plain = " ".join(text.replace("(", " ").replace(")", " ").split()).casefold()
    for known in languages.LANGUAGES:
        english = " ".join(known.english_name.replace("(", " ").replace(")", " ").split()).casefold()
        if plain in (english, known.name.casefold()):
            return known.tag
    found = languages.find(text) if _TAG.fullmatch(text) else None
    if found is None:
        names = ", ".join(known.english_name for known in languages.LANGUAGES)
        raise ValueError(f"'{text}' is not a language we know. We know {names}")
    return found.tag


def flags(text: str) -> tuple[str, ...]:
    """Return flags, divided by semicolons or commas, in their own order; '-' is none."""
    if text == NONE:
        return ()
    given = {part.strip().casefold().replace(" ", "-").replace("_", "-") for part in re.split("[;,]", text)} - {""}
    known = {flag.value for flag in Flag}
    if unknown := sorted(given - known):
        raise ValueError(f"'{unknown[0]}' is not a flag we know. We know {', '.join(flag.value for flag in Flag)}")
    return tuple(flag.value for flag in Flag if flag.value in given)


def care(text: str) -> str:
    """Return in_care or care_leaver."""
    return _one_of(text, [kind.value for kind in Care])


def place(text: str) -> str:
    """Return where the young person learns."""
    return _one_of(text, [kind.value for kind in Place])


def school(text: str) -> str:
    """Return the name of a school or college."""
    found = " ".join(text.split())
    if len(found) > 160:
        raise ValueError("is longer than 160 characters")
    return found


def _one_of(text: str, known: list[str]) -> str:
    plain = text.strip().casefold().replace(" ", "_").replace("-", "_")
    if plain not in known:
        raise ValueError(f"'{text}' is not one of {', '.join(known)}")
    return plain
