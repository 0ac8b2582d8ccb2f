"""What any template may ask about wishes, so that a page can include a part of them without its view knowing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.core import clock
from app.core.db import db
from app.people.sessions import Actor
from app.wishes import ledger, whys
from app.wishes.desk import ON_FIRST_PAGE, Desk, desk_of
from app.wishes.happened import is_asked
from app.wishes.reading import WishView, of_young_person
from app.wishes.way import way_of
from app.wishes.whys import PutTo


def my_wishes(actor: Actor) -> list[WishView]:
    """Return the wishes of the young person whose page this is."""
    return of_young_person(db.session, actor.person_id) if actor.is_child else []


def my_desk(actor: Actor) -> Desk:
    """Return the next few of an adult's wishes: in hand, waiting, late elsewhere; and how many there are. Their words are read
    now: the audit knows."""
    desk = desk_of(db.session, actor, clock.now(), most=ON_FIRST_PAGE, to_do_only=True)
    ledger.shown(db.session, actor, [one.wish for one in desk.first])
    return desk


def whys_for_me(actor: Actor) -> list[PutTo]:
    """Return the questions 'why did you open this?' that an adult has not answered."""
    return whys.put_to(db.session, actor.person_id)


def asks_if_it_happened(one: WishView) -> bool:
    """Return whether a young person is asked now if what was promised has happened."""
    return is_asked(one, clock.now())


WORDS: dict[str, Callable[..., Any]] = {
    "my_wishes": my_wishes,
    "my_desk": my_desk,
    "whys_for_me": whys_for_me,
    "way_of_wish": way_of,
    "asks_if_it_happened": asks_if_it_happened,
}
