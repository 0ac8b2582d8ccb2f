"""Photos of a paper, for the worker who types it in: sealed, small, without what a camera writes into them, and not for long.

The letters on the paper may leave other adults out, so of them only who took a photo sees it. The young person is told of it,
sees it and can remove it; it goes when they send their answers, and in any case after a month (`RETAIN_PAPER_PHOTOS`).
"""

from __future__ import annotations

import base64
import io
import uuid
from datetime import datetime
from typing import IO

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import audit, clock
from app.core.db import insert_if_absent, new_id
from app.core.settings import settings
from app.people.sessions import Actor
from app.voice.models import PaperPhoto, Response

MOST = 6
# What a telephone makes, with room to spare; the picture itself is kept much smaller.
LARGEST_FILE = 8 * 1024 * 1024
# A plain JPEG is unpacked small at once (50 MB for 25 million pixels). A PNG, or a JPEG saved to appear bit by bit, has to be
# held whole (under 90 MB for 13 million; 170 MB for 25), and a worker process has little memory.
_MOST_PIXELS, _MOST_PIXELS_WHOLE = 25_000_000, 13_000_000
_LONGEST_SIDE = 1600
_QUALITY = 80


class NoPhoto(Exception):
    """What was chosen cannot be kept; its text says to the worker what to do."""


def smaller(file: IO[bytes]) -> bytes:
    """Return a picture as a JPEG of at most 1600 pixels a side, upright, and with nothing in it but the picture.

    Raises NoPhoto for anything but a JPEG or PNG of a reasonable size.
    """
    from PIL import Image, ImageOps  # heavy: only who adds a photo needs it

    try:
        with Image.open(file, formats=("JPEG", "PNG")) as found:
            # The size stands at the beginning of the file: nothing has been unpacked yet. Some phones put a second picture
            # behind the first ('MPO'): only the first is taken.
            whole = found.format == "PNG" or "progressive" in found.info
            if found.width * found.height > (_MOST_PIXELS_WHOLE if whole else _MOST_PIXELS):
                raise NoPhoto(_unread())
            found.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
            found.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
            see_through = ImageOps.exif_transpose(found).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NoPhoto(_unread()) from error
    plain = Image.new("RGB", see_through.size, "white")
    plain.paste(see_through, mask=see_through)
    made = io.BytesIO()
    plain.save(made, "JPEG", quality=_QUALITY)
    return made.getvalue()


def _unread() -> str:
    # TRANSLATORS: to a worker who adds a photo of a child's paper: the file is no picture that we can open, or far too large
    return _("Choose a JPEG or PNG photo that is not too large. We could not open this one.")


def add(session: Session, actor: Actor, response: Response, key: str, file: IO[bytes]) -> None:
    """Keep a photo of a paper. The same ``key`` twice is one photo. Raises NoPhoto with what to do."""
    photo_id = _id_of(key)
    while True:
        if session.get(PaperPhoto, photo_id) is not None:
            return
        taken = set(session.scalars(select(PaperPhoto.place).where(PaperPhoto.response_id == response.id)))
        free = [place for place in range(1, MOST + 1) if place not in taken]
        if not free:
            # TRANSLATORS: to a worker who adds a photo of a child's paper, when there are six already
            raise NoPhoto(_("Remove a photo first. There is room for six photos of one paper."))
        values = {
            "id": photo_id,
            "response_id": response.id,
            "place": free[0],
            "added_by_id": actor.person_id,
            "added_at": clock.now(),
            "picture": base64.b64encode(smaller(file)).decode("ascii"),
        }
        if insert_if_absent(session, PaperPhoto, values):
            _note(session, actor, "paper.photo-added", response, photo_id)
            return
        file.seek(0)


def _id_of(key: str) -> uuid.UUID:
    try:
        return uuid.UUID(key)
    except ValueError:
        return new_id()


def _note(session: Session, actor: Actor, event: str, response: Response, photo_id: uuid.UUID | None) -> None:
    audit.record(session, actor, event, subject_id=response.young_person_id, thing_id=photo_id or response.id)


def taken_by(session: Session, actor: Actor, response: Response) -> list[uuid.UUID]:
    """Return the photos of a paper that this worker added, in the order of their adding."""
    mine = select(PaperPhoto.id).where(PaperPhoto.response_id == response.id, PaperPhoto.added_by_id == actor.person_id)
    return list(session.scalars(mine.order_by(PaperPhoto.added_at, PaperPhoto.id)))


def picture(session: Session, actor: Actor, response: Response, photo_id: uuid.UUID) -> bytes:
    """Return a photo to the worker who added it. Raises NotFound for anybody else, and for another paper's photo."""
    photo = _mine(session, actor, response, photo_id)
    if photo is None:
        raise NotFound
    _note(session, actor, "paper.photo-read", response, photo.id)
    return base64.b64decode(photo.picture)


def own_picture(session: Session, response: Response, photo_id: uuid.UUID) -> bytes:
    """Return a photo of a paper to the young person whose response it is. Raises NotFound for another paper's photo."""
    photo = session.get(PaperPhoto, photo_id)
    if photo is None or photo.response_id != response.id:
        raise NotFound
    return base64.b64decode(photo.picture)


def all_of(session: Session, response: Response) -> list[uuid.UUID]:
    """Return every photo of a paper, whoever added it, in the order of their adding."""
    every = select(PaperPhoto.id).where(PaperPhoto.response_id == response.id)
    return list(session.scalars(every.order_by(PaperPhoto.added_at, PaperPhoto.id)))


def remove(session: Session, actor: Actor, response: Response, photo_id: uuid.UUID) -> None:
    """Remove a photo that this worker added; one that is gone already stays gone."""
    photo = _mine(session, actor, response, photo_id)
    if photo is not None:
        session.delete(photo)
        session.flush()
        _note(session, actor, "paper.photo-removed", response, photo_id)


def _mine(session: Session, actor: Actor, response: Response, photo_id: uuid.UUID) -> PaperPhoto | None:
    photo = session.get(PaperPhoto, photo_id)
    if photo is None or photo.response_id != response.id or photo.added_by_id != actor.person_id:
        return None
    return photo


def kept_until(session: Session, response: Response) -> datetime | None:
    """Return until when a photo of a paper is kept at most; None where there is none."""
    newest = session.scalar(select(func.max(PaperPhoto.added_at)).where(PaperPhoto.response_id == response.id))
    return None if newest is None else newest + settings().retain_paper_photos


def remove_all(session: Session, actor: Actor, response: Response) -> None:
    """Remove every photo of a paper: its owner has sent the answers, or does not want them kept."""
    gone = session.scalars(
        delete(PaperPhoto).where(PaperPhoto.response_id == response.id).returning(PaperPhoto.id)
    ).all()
    if gone:
        _note(session, actor, "paper.photo-removed", response, None)
