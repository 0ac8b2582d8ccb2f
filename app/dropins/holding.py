"""Holding rows still while bookings change, always in one order, so that two at once wait for each other and never for ever.

The order is: slots by id, then people by id, then bookings. On PostgreSQL rows are locked. SQLite has one writer at
a time: there the
first write of a transaction is the lock, and it must come before anything is read that the decision rests on (a
transaction that has
read and then wants to write is refused at once when another wrote meanwhile, however long it would wait).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import cast

from sqlalchemy import Table, bindparam, or_, select, update
from sqlalchemy.orm import Session

from app.dropins.models import KeepApart, NewFace, Slot
from app.people.models import Person

_SLOTS = cast(Table, Slot.__table__)
_people, _faces = cast(Table, Person.__table__).c, cast(Table, NewFace.__table__).c
_PEOPLE = (
    select(_people.id)
    .where(_people.id.in_(bindparam("ids", expanding=True)))
    .order_by(_people.id)
    .with_for_update(key_share=True)
)
_FACES = (
    select(_faces.id)
    .where(_faces.id.in_(bindparam("ids", expanding=True)))
    .order_by(_faces.id)
    .with_for_update(key_share=True)
)
_APART = select(KeepApart.one_id, KeepApart.other_id).where(
    or_(
        KeepApart.one_id.in_(bindparam("people", expanding=True)),
        KeepApart.other_id.in_(bindparam("people", expanding=True)),
    ),
    or_(KeepApart.ends_on.is_(None), KeepApart.ends_on > bindparam("day")),
)


def hold_slots(session: Session, slot_ids: Iterable[uuid.UUID]) -> None:
    """Hold slots until the transaction ends."""
    ids = sorted(set(slot_ids))
    if session.get_bind().dialect.name == "sqlite":
        held = update(_SLOTS).where(_SLOTS.c.id.in_(ids)).values(taken=_SLOTS.c.taken)
        session.connection().execute(held)
        return
    session.execute(
        select(_SLOTS.c.id).where(_SLOTS.c.id.in_(ids)).order_by(_SLOTS.c.id).with_for_update(key_share=True)
    ).all()


def hold_people(session: Session, ids: Iterable[uuid.UUID], *, new_face: bool = True) -> None:
    """Hold people (and new faces) until the transaction ends: nobody else books for them meanwhile. A slot is held already."""
    if session.get_bind().dialect.name == "sqlite":
        return
    wanted = sorted(set(ids))
    for held in (_PEOPLE, _FACES) if new_face else (_PEOPLE,):
        session.connection().execute(held, {"ids": wanted}).all()


def kept_apart_from(session: Session, whose: uuid.UUID, on: date) -> list[uuid.UUID]:
    """Return whom this person must not meet on a day. It is never shown to anybody."""
    return list(apart_each(session, [whose], on)[whose])


def apart_each(session: Session, people: Collection[uuid.UUID], on: date) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Return whom each of these people must not meet on a day, in one query."""
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for one, other in session.execute(_APART, {"people": list(people), "day": on}):
        found[one].add(other)
        found[other].add(one)
    return found
