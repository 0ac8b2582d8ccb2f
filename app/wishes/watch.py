"""New voice, and who looks at it: within two working days by the first who may, else by the next.

Whose turn it is is worked out from the bank holidays and the connections that live today, not stored: a person who leaves or a
dial that is turned changes it at once. Only those to whom it can rise stop a clock: a carer or a reviewing officer may read, and
nobody is waiting for them to act.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.messages import outbox
from app.people.audience import Dial, Reader
from app.people.caseload import alive
from app.people.models import Connection, Person, Role
from app.people.policy import VIRTUAL_SCHOOL
from app.people.sessions import Actor
from app.wishes import clock_rules, telling
from app.wishes.hands import in_living_hands
from app.wishes.ladder import (
    AFTER_AN_OWNER_LEFT,
    ON_THE_LADDER,
    RUNGS,
    care_of_all,
    dial_of,
    ladder,
    readers_of,
    turn_of,
)
from app.wishes.models import OPEN, NewWords, State, Wish

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


def words_follow(
    session: Session, pep_id: uuid.UUID, question_id: str, share: str | None, chosen: Iterable[str] = ()
) -> None:
    """Let words that wait follow their answer: who may not read it now hears of it no more. ``share`` None: taken back.

    Words of which nothing is left are as if they had never come in, and no message about them leaves any more.
    """
    for row in session.scalars(select(NewWords).where(NewWords.pep_id == pep_id, NewWords.looked_at.is_(None))):
        if question_id not in {one for _share, _chosen, one in row.dials}:
            continue
        others = [dial for dial in row.dials if dial[2] != question_id]
        dials = others if share is None else [*others, [share, list(chosen), question_id]]
        outbox.take_back(session, telling.WAITS, row.id)
        if dials:
            row.dials = dials
        else:
            session.delete(row)
    session.flush()


def words_looked_at(session: Session, actor: Actor, pep_id: uuid.UUID, roles: frozenset[Role], care: str) -> None:
    """Stop the clock of the words for a PEP that this adult, who has just opened its record, may read; the others wait on."""
    if not roles & ON_THE_LADDER:
        return
    for row in session.scalars(select(NewWords).where(NewWords.pep_id == pep_id, NewWords.looked_at.is_(None))):
        left = [
            raw
            for raw, dial in zip(row.dials, _dials(row, care), strict=True)
            if not dial.allows(actor.person_id, roles)
        ]
        if left:
            row.dials = left
        else:
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
    unread = _unread(session, rows, cares)
    ids = {row.young_person_id for row, _left in unread}
    names = {row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}
    found = []
    for row, dials in unread:
        rungs = ladder(around[row.young_person_id], dials)
        turn = turn_of(rungs, row.came_at, now)
        until = clock_rules.look_by(row.came_at, clock_rules.risen(row.came_at, now, max(len(rungs) - 1, 0)))
        late = now > clock_rules.look_by(row.came_at)
        found.append(Waiting(row, names[row.young_person_id], turn, until, late))
    return found


def _unread(session: Session, rows: list[NewWords], cares: dict[uuid.UUID, str]) -> list[tuple[NewWords, list[Dial]]]:
    """Return the rows of which something has not been opened since, each with who may read that: the audit has the last word,
    the row's own mark is only quicker."""
    entries = session.execute(
        select(AuditEntry.thing_id, AuditEntry.actor_id, AuditEntry.actor_role, AuditEntry.at).where(
            AuditEntry.subject_id.in_({row.young_person_id for row in rows}),
            AuditEntry.at >= min(row.came_at for row in rows),
            AuditEntry.event.in_(OPENED),
            AuditEntry.actor_role.in_(ON_THE_LADDER),
        )
    )
    opened: dict[uuid.UUID | None, list[tuple[uuid.UUID, frozenset[Role], datetime]]] = {}
    for pep_id, actor_id, role, at in entries:
        if actor_id and role:
            opened.setdefault(pep_id, []).append((actor_id, frozenset({Role(role)}), at))

    def left(row: NewWords) -> list[Dial]:
        since = [(actor_id, roles) for actor_id, roles, at in opened.get(row.pep_id, []) if at >= row.came_at]
        dials = _dials(row, cares[row.young_person_id])
        return [dial for dial in dials if not any(dial.allows(actor_id, roles) for actor_id, roles in since)]

    return [(row, dials) for row in rows if (dials := left(row))]


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
    columns = (Wish.id, Wish.young_person_id, Wish.owner_id, Wish.state, Wish.share, Wish.chosen, Wish.question_id)
    times = (Wish.raised_at, Wish.owned_at, Wish.due_on, Wish.back_at, Wish.back_seen_at)
    return select(*columns, *times).where(Wish.withdrawn_at.is_(None), Wish.state.in_(states))


def came_back(session: Session, now: datetime, *, for_adult: uuid.UUID | None = None) -> list[tuple[Any, list[Reader]]]:
    """Return the wishes of which their young person said that they did not help or happen, the longest first, each with those to
    whom it rose because nobody looked at it within two working days. They stay until somebody does something about it."""
    query = light((*OPEN, State.ended)).where(
        Wish.back_at.is_not(None),
        # What nobody has in hand waits for somebody to take it on.
        or_(Wish.state == State.ended, in_living_hands()),
    )
    if for_adult is not None:
        query = query.where(Wish.young_person_id.in_(caseload_of(for_adult)))
    rows = session.execute(query.order_by(Wish.back_at, Wish.id)).all()
    if not rows:
        return []
    around, cares = _around(session, {row.young_person_id for row in rows})

    def rose_to(row: Any) -> list[Reader]:
        unseen_until = row.back_seen_at or now
        if unseen_until <= clock_rules.look_by(row.back_at):
            return []
        rungs = ladder(around[row.young_person_id], [dial_of(row, cares[row.young_person_id])])
        return turn_of(rungs, row.back_at, unseen_until)

    return [(row, rose_to(row)) for row in rows]


def overdue(session: Session, now: datetime) -> list[tuple[Any, list[Reader]]]:
    """Return the wishes that somebody has in hand and whose day has gone by, the longest first, each with whose turn it is: their
    owner's on the next day, and two working days later the Virtual School's too."""
    query = light(OPEN).where(Wish.due_on < clock.local(now).date(), in_living_hands())
    rows = session.execute(query.order_by(Wish.due_on, Wish.id)).all()
    if not rows:
        return []
    around, cares = _around(session, {row.young_person_id for row in rows})

    def turn(row: Any) -> list[Reader]:
        people, dial = around[row.young_person_id], dial_of(row, cares[row.young_person_id])
        owner = [one for one in people if one.person_id == row.owner_id]
        return turn_of([owner, *ladder(people, [dial], [VIRTUAL_SCHOOL])], clock_rules.evening_of(row.due_on), now)

    return [(row, turn(row)) for row in rows]


def _around(session: Session, ids: set[uuid.UUID]) -> tuple[dict[uuid.UUID, list[Reader]], dict[uuid.UUID, str]]:
    return readers_of(session, ids, clock.today()), care_of_all(session, ids)


def tell_of_risen(session: Session, now: datetime) -> int:
    """Tell the next person, once, of everything that has risen to them. Returns how many messages stand in the outbox for it."""
    told = 0
    for one in words_waiting(session, now):
        if one.late:
            told += telling.tell_in_turn(session, one.turn, one.row.id, one.row.young_person_id, one.row.came_at)
    for row, turn in turns(session, now):
        # In nobody's hand any more: what was told before somebody took it on is told again.
        was_in_hand = row.owned_at is not None
        if was_in_hand or now > clock_rules.look_by(row.raised_at):
            told += telling.tell_in_turn(session, turn, row.id, row.young_person_id, row.owned_at or row.raised_at)
    for row, turn in came_back(session, now):
        if row.back_seen_at is None:
            told += telling.tell_in_turn(session, turn, row.id, row.young_person_id, row.back_at)
    for row, turn in overdue(session, now):
        # Whoever hears today that it is back need not hear that it is late as well.
        unseen = row.back_at if row.back_seen_at is None else None
        since = unseen or clock_rules.evening_of(row.due_on)
        told += telling.tell_in_turn(session, turn, row.id, row.young_person_id, since)
    return told
