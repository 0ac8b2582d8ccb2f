"""An adult's wishes: those in hand, those that wait for somebody, and for the Virtual School what others are late with.

Whatever the history behind them, a page of each list is opened and no more: whose turn something is is decided on what is not
sealed, and only the words that are shown are opened.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.people.audience import Reader
from app.people.caseload import alive
from app.people.models import Connection, Person, Role
from app.people.policy import RECORD_READERS
from app.people.sessions import Actor
from app.wishes.hands import answered_by, in_hand_of, in_living_hands
from app.wishes.ladder import care_of_all, dial_of
from app.wishes.models import OPEN, State, Wish
from app.wishes.reading import WishView, gather
from app.wishes.watch import Waiting, came_back, caseload_of, light, risen_to, turns

ON_A_PAGE = 30
ON_FIRST_PAGE = 3


class List(StrEnum):
    """One of an adult's lists of wishes."""

    mine = "mine"
    back = "back"
    waiting = "waiting"
    late = "late"
    answered = "answered"


@dataclass(frozen=True, slots=True)
class Some:
    """One page of a list, and how many there are in all."""

    shown: list[WishView]
    count: int

    @property
    def more(self) -> bool:
        """True when there are more than stand here."""
        return self.count > len(self.shown)


@dataclass(frozen=True, slots=True)
class Desk:
    """What an adult has to do with wishes, a page of each list; ``names`` says whose each is.

    ``back`` is what somebody has answered, and its young person says: it did not help, or not happen.
    """

    lists: dict[List, Some]
    risen: list[Waiting]
    names: dict[uuid.UUID, str]

    @property
    def mine(self) -> list[WishView]:
        """In this adult's hand, overdue first."""
        return self.lists[List.mine].shown

    @property
    def waiting(self) -> list[WishView]:
        """Those for which nobody has taken on what it is now this adult's turn to take on."""
        return self.lists[List.waiting].shown

    @property
    def late(self) -> list[WishView]:
        """Late in somebody else's hand (the Virtual School sees them)."""
        return self.lists[List.late].shown

    @property
    def to_do(self) -> list[WishView]:
        """What comes first: mine, overdue ones on top, what came back, what waits for somebody, what others are late with."""
        return [one for name in _TO_DO for one in self.lists[name].shown]

    @property
    def first(self) -> list[WishView]:
        """The few that stand on an adult's first page."""
        return self.to_do[:ON_FIRST_PAGE]

    @property
    def how_many(self) -> int:
        """How many there are to do in all."""
        return sum(self.lists[name].count for name in _TO_DO)

    @property
    def empty(self) -> bool:
        """True when there is nothing in any list."""
        return not any(some.count for some in self.lists.values())


_TO_DO = (List.mine, List.back, List.waiting, List.late)


def desk_of(session: Session, actor: Actor, now: datetime, *, most: int = ON_A_PAGE, to_do_only: bool = False) -> Desk:
    """Return an adult's desk at a moment: the first page of each list, or of each in which there is something to do."""
    wanted = _TO_DO if to_do_only else tuple(List)
    lists = {one: _page(session, actor, now, one, 0, most) if one in wanted else Some([], 0) for one in List}
    shown = [one for some in lists.values() for one in some.shown]
    return Desk(lists, risen_to(session, actor.person_id, now), names_of(session, shown))


def page_of(session: Session, actor: Actor, now: datetime, which: List, page: int) -> Some:
    """Return one page of one list, counted from 1."""
    return _page(session, actor, now, which, (page - 1) * ON_A_PAGE, ON_A_PAGE)


def _page(session: Session, actor: Actor, now: datetime, which: List, first: int, most: int) -> Some:
    match which:
        case List.mine:
            return _of(session, in_hand_of(actor.person_id), first, most)
        case List.answered:
            return _of(session, answered_by(actor.person_id), first, most)
        case List.waiting:
            ids = [
                row.id
                for row, turn in turns(session, now, for_adult=actor.person_id)
                if actor.person_id in {reader.person_id for reader in turn}
            ]
            return _opened(session, ids, first, most)
        case List.back:
            return _back(session, actor, now, first, most)
        case List.late:
            return _late_elsewhere(session, actor, now, first, most)


def _of(session: Session, query: Select[Wish], first: int, most: int) -> Some:
    rows = session.scalars(query.limit(most).offset(first)).all()
    full = len(rows) == most or (first and not rows)
    count = first + len(rows) if not full else _count(session, query)
    return Some(gather(session, rows), count)


def _count(session: Session, query: Select[Any]) -> int:
    return session.scalar(query.with_only_columns(func.count()).order_by(None)) or 0


def _opened(session: Session, ids: Sequence[uuid.UUID], first: int, most: int) -> Some:
    """Open the words of one page of these, in the order given."""
    wanted = ids[first : first + most]
    rows = {wish.id: wish for wish in session.scalars(select(Wish).where(Wish.id.in_(wanted)))} if wanted else {}
    return Some(gather(session, [rows[one] for one in wanted]), len(ids))


def _back(session: Session, actor: Actor, now: datetime, first: int, most: int) -> Some:
    """Return what did not help or happen, as its young person says, until somebody does something about it: an owner's that
    ended so, whatever rose to this adult, and for the Virtual School all of its own young people."""

    def is_mine(row: Any, rose_to: Sequence[Reader]) -> bool:
        if row.owner_id == actor.person_id:
            return bool(row.state == State.ended)  # the others are in their hand again
        return actor.role is Role.virtual_school or actor.person_id in {one.person_id for one in rose_to}

    found = came_back(session, now, for_adult=actor.person_id)
    rows = [row for row, rose_to in found if is_mine(row, rose_to)]
    return _opened(session, _may_see(session, actor, rows), first, most)


def _late_elsewhere(session: Session, actor: Actor, now: datetime, first: int, most: int) -> Some:
    """Return the wishes of the Virtual School's own young people whose day has gone by in somebody else's hand."""
    if actor.role is not Role.virtual_school:
        return Some([], 0)
    query = (
        light(OPEN)
        .where(
            Wish.young_person_id.in_(caseload_of(actor.person_id)),
            Wish.due_on < clock.local(now).date(),
            Wish.owner_id != actor.person_id,
            # Those that came back stand in their own list.
            Wish.back_at.is_(None),
            in_living_hands(),
        )
        .order_by(Wish.due_on, Wish.raised_at, Wish.id)
    )
    return _opened(session, _may_see(session, actor, session.execute(query).all()), first, most)


def _may_see(session: Session, actor: Actor, rows: Sequence[Any]) -> list[uuid.UUID]:
    """Return the ids of those whose young person lets this adult see them, in the order given."""
    if not rows:
        return []
    ids = {row.young_person_id for row in rows}
    mine, cares = _my_roles(session, actor, ids), care_of_all(session, ids)
    return [
        row.id
        for row in rows
        if dial_of(row, cares[row.young_person_id]).allows(actor.person_id, mine.get(row.young_person_id, frozenset()))
    ]


def _my_roles(session: Session, actor: Actor, young_person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, set[Role]]:
    rows = session.execute(
        select(Connection.young_person_id, Connection.role).where(
            Connection.adult_id == actor.person_id,
            Connection.young_person_id.in_(young_person_ids),
            Connection.role.in_(RECORD_READERS),
            alive(clock.today()),
        )
    )
    found: dict[uuid.UUID, set[Role]] = {}
    for young_id, role in rows:
        found.setdefault(young_id, set()).add(Role(role))
    return found


def names_of(session: Session, views: Iterable[WishView]) -> dict[uuid.UUID, str]:
    """Return the names of the young people whose wishes these are."""
    ids = {one.wish.young_person_id for one in views}
    if not ids:
        return {}
    return {row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}
