"""Workers' passphrases: hashed with Argon2id, long rather than odd.

Length is the only rule (at least 12 characters): rules about digits and signs make worse passphrases, and pasting from a
password manager is welcome. The cost fits beside the app in a small worker: 19 MiB, two passes, one lane (OWASP's first choice
for Argon2id).
"""

from __future__ import annotations

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_CHARACTERS = 12
MOST_CHARACTERS = 256

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# One hash at a time in each process: twenty sign-ins at once must not ask for twenty times the memory.
_one_at_a_time = threading.Lock()
# Made from nothing anybody can type; checked when there is no such worker, so that the answer takes as long.
_NOBODYS = _hasher.hash("\0nobody")


class PassphraseRefused(ValueError):
    """A new passphrase is too short or too long."""


def hash_of(passphrase: str) -> str:
    """Return what we keep of a new passphrase. Raises PassphraseRefused."""
    tidy = _tidy(passphrase)
    if not LEAST_CHARACTERS <= len(tidy) <= MOST_CHARACTERS:
        raise PassphraseRefused(f"A passphrase has {LEAST_CHARACTERS} to {MOST_CHARACTERS} characters.")
    with _one_at_a_time:
        return _hasher.hash(tidy)


def is_right(kept: str | None, passphrase: str) -> bool:
    """Return whether ``passphrase`` is the one kept. Takes the same time where nothing is kept: the answer is then always no."""
    tidy = _tidy(passphrase)[:MOST_CHARACTERS]
    with _one_at_a_time:
        try:
            _hasher.verify(kept or _NOBODYS, tidy)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_dated(kept: str) -> bool:
    """Return whether a hash was made at another cost than today's and should be made anew."""
    return _hasher.check_needs_rehash(kept)


def _tidy(passphrase: str) -> str:
    # The same letters typed on two devices may arrive composed or in parts.
    return unicodedata.normalize("NFC", passphrase)
