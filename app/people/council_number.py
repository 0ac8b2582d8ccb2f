"""The council's number for a child: kept sealed, and found again by a keyed hash (measures 6.1 and 6.2)."""

from __future__ import annotations

import hashlib
import hmac

from app.core.crypto import keyed_reference
from app.core.settings import Settings, SettingsRefused

# Its own key for its own purpose: a hash in this table can never be joined to a child_ref in the feed.
_PURPOSE = b"council_reference.lookup"


def lookup_key(config: Settings) -> bytes:
    """Return the key of the hashes, drawn from PEPVOICE_REF_KEY for this purpose alone. Raises SettingsRefused."""
    if config.ref_key is None:
        raise SettingsRefused("PEPVOICE_REF_KEY is not set: children could not be found again by the council's number.")
    return hmac.new(config.ref_key.get_secret_value().encode(), _PURPOSE, hashlib.sha256).digest()


def lookup_of(key: bytes, council_person_id: str) -> str:
    """Return the hash by which a council's number is found, however it was spaced or capitalised."""
    return keyed_reference(key, "".join(council_person_id.split()).casefold())
