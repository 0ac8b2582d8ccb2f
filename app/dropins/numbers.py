"""A mobile number however it is written: with spaces, brackets, +44, 0044, other digits, other countries."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

from app.core.settings import Settings

HOME = "GB"


def read_mobile(typed: str) -> str | None:
    """Return a number in E.164 ('+447700900123'); None when it is no number that a text could reach.

    One without a country's code is British.
    """
    # It reads its tables of countries when it is first needed; a server that is never asked carries none of them.
    import phonenumbers

    text = "".join(_latin_digit(mark) for mark in typed.strip()[:60])
    try:
        number = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    kinds = phonenumbers.PhoneNumberType
    # Numbers kept for films and tests (07700 900xxx) are of no kind, and are let through as possible ones.
    if phonenumbers.number_type(number) in (kinds.FIXED_LINE, kinds.PREMIUM_RATE, kinds.TOLL_FREE, kinds.SHARED_COST):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _latin_digit(mark: str) -> str:
    if unicodedata.category(mark) == "Cf":
        return ""
    value = unicodedata.digit(mark, None)
    return mark if value is None else str(value)


def digest_of_number(number: str, config: Settings) -> str:
    """Return a keyed digest of a number, by which the same one is found again without being readable."""
    key = config.secret_key.get_secret_value() if config.secret_key else ""
    return hmac.new(key.encode(), f"mobile:{number}".encode(), hashlib.sha256).hexdigest()
