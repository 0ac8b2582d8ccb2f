"""New voice, and who looks at it: within two working days by the first who may, else by the next.

Whose turn it is is worked out from the bank holidays and the connections that live today, not stored: a person who leaves or a
dial that is turned changes it at once.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.people.audience import Dial, Reader
from app.people.caseload import alive
from app.people.models import Connection, Person, Role
from app.people.sessions import Actor
from app.wishes import clock_rules, telling
from app.wishes.ladder import AFTER_AN_OWNER_LEFT, RUNGS, care_of_all, dial_of, ladder, readers_of, turn_of
from app.wishes.models import OPEN, NewWords, State, Wish
from app.wishes.reading import in_living_hands

OPENED = ("record.read", "record.printed")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Words for a PEP that nobody has looked at yet, whose turn it is now, and until when they look."""

    row: NewWords
    name: str
    turn: list[Reader]
    look_by: datetime
    late: bool


def words_came(
    session: Session,
    *,
    young_person_id: uuid.UUID,
    pep_id: uuid.UUID,
    came_at: datetime,
    dials: Iterable[tuple[str, list[str], str]],
) -> None:
    """Remember that new words came in for a PEP. The clock of earlier ones that wait goes on."""
    session.add(
        NewWords(
            young_person_id=young_person_id,
            pep_id=pep_id,
            came_at=came_at,
            dials=[[share, list(chosen), question_id] for share, chosen, question_id in dials],
        )
    )
    session.flush()


def words_looked_at(session: Session, actor: Actor, pep_id: uuid.UUID, roles: frozenset[Role], care: str) -> None:
    """Stop the clock of words for a PEP that this adult, who has just opened its record, may read."""
    for row in session.scalars(select(NewWords).where(NewWords.pep_id == pep_id, NewWords.looked_at.is_(None))):
        if any(dial.allows(actor.person_id, roles) for dial in _dials(row, care)):
            row.looked_at, row.looked_by_id = clock.now(), actor.person_id


def _dials(row: NewWords, care: str) -> list[Dial]:
    return [Dial(share, tuple(chosen), question_id, care) for share, chosen, question_id in row.dials]


def caseload_of(actor_id: uuid.UUID) -> Any:
    """Return the select of the young people an adult is connected to today."""
    return select(Connection.young_person_id).where(Connection.adult_id == actor_id, alive(clock.today()))


def words_waiting(session: Session, now: datetime, *, for_adult: uuid.UUID | None = None) -> list[Waiting]:
    """Return words that nobody has looked at, the longest first; with ``for_adult`` only those of people around them."""
    query = select(NewWords).where(NewWords.looked_at.is_(None)).order_by(NewWords.came_at)
    if for_adult is not None:
        query = query.where(NewWords.young_person_id.in_(caseload_of(for_adult)))
    rows = list(session.scalars(query))
    if not rows:
        return []
    around, cares = _around(session, {row.young_person_id for row in rows})
    rows = _not_opened(session, rows, cares)
    ids = {row.young_person_id for row in rows}
    names = {row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}
    found = []
    for row in rows:
        rungs = ladder(around[row.young_person_id], _dials(row, cares[row.young_person_id]))
        turn = turn_of(rungs, row.came_at, now)
        until = clock_rules.look_by(row.came_at, clock_rules.risen(row.came_at, now, max(len(rungs) - 1, 0)))
        late = now > clock_rules.look_by(row.came_at)
        found.append(Waiting(row, names[row.young_person_id], turn, until, late))
    return found


def _not_opened(session: Session, rows: list[NewWords], cares: dict[uuid.UUID, str]) -> list[NewWords]:
    """Return the rows whose record nobody opened since: the audit has the last word, the row's own mark is only quicker."""
    entries = session.execute(
        select(AuditEntry.thing_id, AuditEntry.actor_id, AuditEntry.actor_role, AuditEntry.at).where(
            AuditEntry.subject_id.in_({row.young_person_id for row in rows}),
            AuditEntry.at >= min(row.came_at for row in rows),
            AuditEntry.event.in_(OPENED),
        )
    )
    opened: dict[uuid.UUID | None, list[tuple[uuid.UUID | None, str | None, datetime]]] = {}
    for pep_id, actor_id, role, at in entries:
        opened.setdefault(pep_id, []).append((actor_id, role, at))

    def looked(row: NewWords) -> bool:
        dials = _dials(row, cares[row.young_person_id])
        return any(
            at >= row.came_at and any(dial.allows(actor_id, frozenset({Role(role)})) for dial in dials)
            for actor_id, role, at in opened.get(row.pep_id, [])
            if actor_id and role and actor_id != row.young_person_id
        )

    return [row for row in rows if not looked(row)]


def risen_to(session: Session, actor_id: uuid.UUID, now: datetime) -> list[Waiting]:
    """Return the words nobody looked at in time that it is now (also) this adult's turn to read."""
    return [
        one
        for one in words_waiting(session, now, for_adult=actor_id)
        if one.late and actor_id in {reader.person_id for reader in one.turn}
    ]


def turns(session: Session, now: datetime, *, for_adult: uuid.UUID | None = None) -> list[tuple[Any, list[Reader]]]:
    """Return what is needed of every wish that nobody has in hand, with everybody whose turn it is to take it on, the longest
    waiting first. No word of it is opened: most of them are never shown."""
    query = light(OPEN).where(~in_living_hands()).order_by(Wish.raised_at, Wish.id)
    if for_adult is not None:
        query = query.where(Wish.young_person_id.in_(caseload_of(for_adult)))
    rows = session.execute(query).all()
    if not rows:
        return []
    around, cares = _around(session, {row.young_person_id for row in rows})
    found = []
    for row in rows:
        rungs = RUNGS if row.owner_id is None else AFTER_AN_OWNER_LEFT
        dial = dial_of(row, cares[row.young_person_id])
        found.append((row, turn_of(ladder(around[row.young_person_id], [dial], rungs), row.raised_at, now)))
    return found


def light(states: Collection[str]) -> Any:
    """Return the select of what decides who may see a wish and whose turn it is, without its words."""
    columns = (Wish.id, Wish.young_person_id, Wish.owner_id, Wish.share, Wish.chosen, Wish.question_id)
    times = (Wish.raised_at, Wish.owned_at, Wish.due_on, Wish.back_at)
    return select(*columns, *times).where(Wish.withdrawn_at.is_(None), Wish.state.in_(states))


def came_back_unseen(session: Session, now: datetime) -> list[tuple[Any, list[Reader]]]:
    """Return the wishes of which their young person said that they did not help or happen, that nobody has looked at within two
    working days since, with everybody whose turn it is."""
    query = light((*OPEN, State.ended)).where(Wish.back_at.is_not(None), Wish.back_seen_at.is_(None))
    rows = [row for row in session.execute(query.order_by(Wish.back_at)) if now > clock_rules.look_by(row.back_at)]
    if not rows:
        return []
    around, cares = _around(session, {row.young_person_id for row in rows})
    return [
        (
            row,
            turn_of(ladder(around[row.young_person_id], [dial_of(row, cares[row.young_person_id])]), row.back_at, now),
        )
        for row in rows
    ]


def _around(session: Session, ids: set[uuid.UUID]) -> tuple[dict[uuid.UUID, list[Reader]], dict[uuid.UUID, str]]:
    return readers_of(session, ids, clock.today()), care_of_all(session, ids)


def tell_of_risen(session: Session, now: datetime) -> int:
    """Tell the next person, once, of everything that has risen to them. Returns how many messages stand in the outbox for it."""
    told = 0
    for one in words_waiting(session, now):
        if one.late:
            told += telling.tell_in_turn(session, one.turn, one.row.id, one.row.young_person_id, one.row.came_at)
    for row, turn in turns(session, now):
        left = row.owner_id is not None
        if left or now > clock_rules.look_by(row.raised_at):
            since = row.owned_at if left and row.owned_at else row.raised_at
            told += telling.tell_in_turn(session, turn, row.id, row.young_person_id, since)
    for row, turn in came_back_unseen(session, now):
        told += telling.tell_in_turn(session, turn, row.id, row.young_person_id, row.back_at)
    return told
