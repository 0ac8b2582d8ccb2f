"""Where an adult can be reached, the way we keep it: an e-mail address, or a mobile number in its international form."""

from __future__ import annotations

import unicodedata

from app.people.models import Person

_HOME_COUNTRY = "44"
_SHORTEST, _LONGEST = 8, 15


def address_of(person: Person) -> tuple[str, str] | None:
    """Return how a person is written to, ('email', address) or ('sms', number): the first that we have of them, or None."""
    found = {"email": person.email, "sms": person.mobile}
    return next(((kind, address) for kind, address in found.items() if address), None)


def tidy(typed: str) -> str | None:
    """Return what was typed as an e-mail address or as '+447700900123'; None when it is neither.

    Spaces, brackets, dashes and the digits of other scripts are understood; a number that begins with one 0 is a British one
    (E.164: eight to fifteen digits).
    """
    text = typed.strip()
    if "@" in text:
        return text.lower() if len(text) <= 254 and not any(mark.isspace() for mark in text) else None
    return _mobile(text)


def _mobile(text: str) -> str | None:
    plus = text.startswith(("+", "+"))
    digits = ""
    for mark in text:
        value = unicodedata.digit(mark, None)
        if value is not None:
            digits += str(value)
        elif not mark.isspace() and mark not in "+()-–.\u200e\u200f\u202a\u202b\u202c":
            return None
    if not plus and digits.startswith("00"):
        digits = digits[2:]
    elif not plus and digits.startswith("0"):
        digits = _HOME_COUNTRY + digits[1:]
    elif not plus:
        return None
    if digits.startswith(_HOME_COUNTRY + "0"):
        digits = _HOME_COUNTRY + digits[3:]  # +44 (0)7700 …
    return f"+{digits}" if _SHORTEST <= len(digits) <= _LONGEST else None
