"""Sealing what children say: AES-256-GCM under a ring of keys with ids.

A sealed value is ``version (1) | length of key id (1) | key id | nonce (12) | ciphertext and tag``. The key id lies beside the
value so that an old key still opens what it sealed while ``keys rotate`` moves everything to the newest one. The *context*
(table and column) is authenticated too: a value copied into another column does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = 1
_NONCE = 12


class CannotOpen(RuntimeError):
    """A sealed value could not be opened: unknown key, wrong place, or changed since it was sealed."""


class KeyRing:
    """A ring of AES-256 keys; the first seals, any opens."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """Take key id -> 32 bytes, newest first. Raises ValueError when empty."""
        if not keys:
            raise ValueError("A key ring needs at least one key.")
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self.active = next(iter(keys))
        self._head = bytes([_VERSION, len(self.active)]) + self.active.encode("ascii")

    def seal(self, words: str, context: str) -> bytes:
        """Return ``words`` sealed for ``context`` under the active key."""
        nonce = os.urandom(_NONCE)
        return self._head + nonce + self._ciphers[self.active].encrypt(nonce, words.encode("utf-8"), context.encode())

    def open(self, sealed: bytes, context: str) -> str:
        """Return the words in ``sealed``. Raises CannotOpen."""
        key_id = self.key_of(sealed)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise CannotOpen(f"No key '{key_id}' on the ring.")
        start = 2 + sealed[1]
        nonce, body = sealed[start : start + _NONCE], sealed[start + _NONCE :]
        try:
            return cipher.decrypt(nonce, body, context.encode()).decode("utf-8")
        except InvalidTag as error:
            raise CannotOpen(f"A value in {context} was changed or does not belong there.") from error

    @staticmethod
    def key_of(sealed: bytes) -> str:
        """Return the id of the key that sealed this value. Raises CannotOpen on a value that is not ours."""
        if len(sealed) < 2 + _NONCE or sealed[0] != _VERSION:
            raise CannotOpen("This is not a sealed value.")
        return sealed[2 : 2 + sealed[1]].decode("ascii", "replace")


def digest_of(secret: str) -> str:
    """Return the SHA-256 of a long random secret (a card, a link, a session), which is all that we keep of it."""
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()


def keyed_reference(key: bytes, internal_id: str) -> str:
    """Return the first 32 hex figures of HMAC-SHA-256 over an internal id (measures 6.2: child_ref)."""
    return hmac.new(key, internal_id.encode("utf-8"), hashlib.sha256).hexdigest()[:32]
