"""An adult's wishes: those in hand, those that wait for somebody, and for the Virtual School what others are late with."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.people.models import Person, Role
from app.people.sessions import Actor
from app.wishes.ladder import care_of_all, dial_of, readers_of
from app.wishes.models import OPEN, State, Wish
from app.wishes.reading import WishView, gather, owned_by, standing
from app.wishes.watch import Waiting, caseload_of, risen_to, wishes_waiting


@dataclass(frozen=True, slots=True)
class Desk:
    """What an adult has to do with wishes; ``names`` says whose each is."""

    mine: list[WishView]
    answered: list[WishView]
    waiting: list[WishView]
    late: list[WishView]
    risen: list[Waiting]
    names: dict[uuid.UUID, str]

    @property
    def to_do(self) -> list[WishView]:
        """What comes first: mine, overdue ones on top, then what waits for somebody, then what others are late with."""
        return [*self.mine, *self.waiting, *self.late]


def desk_of(session: Session, actor: Actor, now: datetime) -> Desk:
    """Return an adult's desk at a moment."""
    owned = owned_by(session, actor.person_id)
    mine = [one for one in owned if one.wish.state != State.answered]
    answered = [one for one in owned if one.wish.state == State.answered]
    waiting = [
        view
        for view, turn in wishes_waiting(session, now, for_adult=actor.person_id)
        if actor.person_id in {reader.person_id for reader in turn}
    ]
    late = _late_elsewhere(session, actor, now) if actor.role is Role.virtual_school else []
    names = _names(session, [*owned, *waiting, *late])
    return Desk(mine, answered, waiting, late, risen_to(session, actor.person_id, now), names)


def _late_elsewhere(session: Session, actor: Actor, now: datetime) -> list[WishView]:
    """Return the wishes of the Virtual School's own young people whose day has gone by in somebody else's hand."""
    rows = session.scalars(
        standing()
        .where(
            Wish.young_person_id.in_(caseload_of(actor.person_id)),
            Wish.state.in_(OPEN),
            Wish.due_on < clock.local(now).date(),
            Wish.owner_id != actor.person_id,
        )
        .order_by(Wish.due_on, Wish.raised_at)
    ).all()
    if not rows:
        return []
    ids = {wish.young_person_id for wish in rows}
    around, cares = readers_of(session, ids, clock.today()), care_of_all(session, ids)
    me = {
        young_id: next((one for one in people if one.person_id == actor.person_id), None)
        for young_id, people in around.items()
    }
    seen = [
        wish
        for wish in rows
        if (reader := me[wish.young_person_id])
        and dial_of(wish, cares[wish.young_person_id]).allows(reader.person_id, reader.roles)
    ]
    return [one for one in gather(session, seen) if not one.owner_left]


def _names(session: Session, views: Iterable[WishView]) -> dict[uuid.UUID, str]:
    ids = {one.wish.young_person_id for one in views}
    if not ids:
        return {}
    return {row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}
