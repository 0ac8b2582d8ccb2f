"""A place in the feed that a platform can keep: sealed, so that it says nothing and cannot be made up.

It names the change it stands on as well as its position. After a restore from a backup the same position may be given to another
change; a cursor from before is then told apart, instead of silently passing over what came new.
"""

from __future__ import annotations

import base64
import binascii
import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.crypto import CannotOpen, KeyRing
from app.feeds.models import FeedChange
from app.feeds.sequence import last_position

_CONTEXT = "feed.cursor"
_LONGEST = 400


class BadCursor(ValueError):
    """This is not a cursor of ours, or one of another environment."""


class CursorGone(LookupError):
    """The feed no longer holds what this cursor stands on: it was restored from a backup. Begin again."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last change that a platform has been given; position 0 is before the first."""

    environment: str
    position: int = 0
    change_id: uuid.UUID | None = None

    def sealed(self, ring: KeyRing) -> str:
        """Return it as it goes into an address."""
        words = f"{self.environment} {self.position} {self.change_id.hex if self.change_id else '-'}"
        return base64.urlsafe_b64encode(ring.seal(words, _CONTEXT)).decode().rstrip("=")


def opened(given: str | None, environment: str, ring: KeyRing) -> Cursor:
    """Return the cursor in an address; without one, the beginning. Raises BadCursor."""
    if not given:
        return Cursor(environment)
    try:
        if len(given) > _LONGEST:
            raise BadCursor
        padded = given.encode("ascii") + b"=" * (-len(given) % 4)
        words = ring.open(base64.b64decode(padded, altchars=b"-_", validate=True), _CONTEXT)
        where, position, change = words.split(" ")
        found = Cursor(where, int(position), None if change == "-" else uuid.UUID(change))
    except (CannotOpen, binascii.Error, ValueError) as error:
        raise BadCursor("This is not a cursor of this feed.") from error
    if where != environment:
        raise BadCursor("This cursor belongs to another environment.")
    return found


def check_stands(session: Session, cursor: Cursor) -> None:
    """Raise CursorGone when the change that the cursor stands on is not the one that the feed has there."""
    if cursor.position == 0:
        return
    there = session.scalar(select(FeedChange.id).where(FeedChange.position == cursor.position))
    # A change may have been erased since with the record it belongs to; then there is nothing to compare, and nothing lost.
    if there == cursor.change_id or (there is None and cursor.position <= last_position(session)):
        return
    raise CursorGone("The feed was restored since this cursor was given. Begin again without a cursor.")
