"""The steps between a card and its owner's page: open, choose a code and say it again, or say the code.

Where somebody is on this way is kept in their cookie, sealed, for ten minutes. So every step is a plain form, the pages can be
reloaded and their language changed, and nothing is written down on the server for somebody who only looked.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from enum import StrEnum

from flask import session as cookie

from app.core import clock
from app.core.crypto import CannotOpen, digest_of
from app.core.db import key_ring
from app.people import codes
from app.people.models import CardKind

_KEY = "go"
_CONTEXT = "cookie.go"
_LASTS = timedelta(minutes=10)


class Step(StrEnum):
    """Where somebody is."""

    choose = "choose"
    again = "again"
    unlock = "unlock"


class Note(StrEnum):
    """What the next page says first."""

    no_match = "no-match"
    not_the_same = "not-the-same"
    few_different = codes.Weak.few_different.value
    in_a_row = codes.Weak.in_a_row.value
    few_words = codes.Weak.few_words.value
    same_words = codes.Weak.same_words.value
    short_words = codes.Weak.short_words.value
    long_words = codes.Weak.long_words.value


@dataclass(frozen=True, slots=True)
class Visit:
    """Where somebody is on their way in with one card, on one device."""

    card: str
    at: int
    shared: bool
    step: Step
    kind: CardKind
    picked: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    first: str = ""
    note: Note | None = None
    until: int = field(default=0)

    @property
    def full(self) -> bool:
        """True when all four pictures are picked."""
        return len(self.picked) >= codes.PICTURES_IN_CODE

    def pick(self, picture: str | None) -> Visit:
        """Return the visit with one more picture; unchanged for a picture that is not one of ours."""
        if self.full or picture is None or not codes.is_picture(picture):
            return self
        return replace(self, picked=(*self.picked, picture), note=None, until=0)

    def undo(self) -> Visit:
        """Return the visit without the last picture."""
        return replace(self, picked=self.picked[:-1], note=None, until=0)

    def say_again(self, code: str) -> Visit:
        """Return the visit that waits for the chosen code once more. Only a fingerprint of the first one is kept."""
        return replace(self, step=Step.again, picked=(), first=_fingerprint(self, code), note=None)

    def is_the_same(self, code: str) -> bool:
        """Return whether the second code is the first."""
        return hmac.compare_digest(self.first, _fingerprint(self, code))

    def choose_anew(self, note: Note | None, language: str) -> Visit:
        """Return the visit back at choosing, with a reason."""
        offered = codes.suggest(language) if self.kind is CardKind.words else ()
        return replace(self, step=Step.choose, picked=(), first="", note=note, offered=offered)

    def no_match(self, until: int) -> Visit:
        """Return the visit after a code that did not fit; ``until`` is when the next may be tried (seconds, 0: now)."""
        return replace(self, picked=(), note=Note.no_match, until=until)


def begin(token: str, step: Step, kind: CardKind, *, shared: bool, language: str) -> Visit:
    """Return a fresh visit for the card that bears ``token``."""
    offered = codes.suggest(language) if step is Step.choose and kind is CardKind.words else ()
    return Visit(_mark(token), int(clock.now().timestamp()), shared, step, kind, offered=offered)


def keep(visit: Visit) -> None:
    """Put the visit into the cookie."""
    text = json.dumps(asdict(visit), ensure_ascii=False, separators=(",", ":"))
    cookie[_KEY] = base64.b64encode(key_ring().seal(text, _CONTEXT)).decode("ascii")


def load(token: str) -> Visit | None:
    """Return where this device is with this card; None at the beginning, after ten minutes, or with another card."""
    sealed = cookie.get(_KEY)
    if not sealed:
        return None
    try:
        kept = json.loads(key_ring().open(base64.b64decode(sealed), _CONTEXT))
    except (CannotOpen, binascii.Error):
        return None
    visit = Visit(
        **{
            **kept,
            "step": Step(kept["step"]),
            "kind": CardKind(kept["kind"]),
            "picked": tuple(kept["picked"]),
            "offered": tuple(kept["offered"]),
            "note": Note(kept["note"]) if kept["note"] else None,
        }
    )
    if visit.card != _mark(token) or clock.now().timestamp() - visit.at > _LASTS.total_seconds():
        return None
    return visit


def forget() -> None:
    """Leave no trace of the way in."""
    cookie.pop(_KEY, None)


def _mark(token: str) -> str:
    return digest_of(token)[:16]


def _fingerprint(visit: Visit, code: str) -> str:
    # The cookie is sealed; the digest only keeps the chosen code from standing there in so many words.
    return digest_of(f"{visit.card}:{visit.at}:{code}")
