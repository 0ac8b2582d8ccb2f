"""Wishes with everything on their way, ready to be shown. The number of queries does not depend on how many there are."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session

from app.core import clock
from app.people.audience import care_of
from app.people.caseload import alive
from app.people.models import Connection, Person, Role
from app.wishes.ladder import dial_of
from app.wishes.models import OPEN, State, Wish, WishHappened, WishReply, WishStep, WishVerdict


@dataclass(frozen=True, slots=True)
class Adult:
    """Somebody on a wish's way: always a name with a role."""

    person_id: uuid.UUID
    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Words an adult wrote for the young person, with the same words in other languages."""

    id: uuid.UUID
    words: str
    language: str
    by: Adult
    at: datetime
    others: dict[str, str] = field(default_factory=dict)

    def for_reader(self, language: str | None) -> tuple[str, str]:
        """Return the words and their language for somebody who reads ``language``: theirs if there is one, else the first."""
        for known, words in ((self.language, self.words), *self.others.items()):
            if same_language(known, language):
                return words, known
        return self.words, self.language

    def reaches(self, language: str | None) -> bool:
        """Return whether somebody who reads ``language`` can read it."""
        return same_language(self.for_reader(language)[1], language)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView(Written):
    """Something small that was done, or is to be done, and by whom; ``done_at`` when it was promised first and done later."""

    done: bool
    done_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyView(Written):
    """An answer."""

    kind: str


def same_language(one: str, other: str | None) -> bool:
    """Return whether two tags are one language to a reader. English stands for a person of whom we know none."""
    return one.split("-")[0] == (other or "en-GB").split("-")[0]


@dataclass(frozen=True, slots=True)
class WishView:
    """One wish and its way."""

    wish: Wish
    raised_by: Adult
    seen_by: Adult | None
    owner: Adult | None
    owner_left: bool
    steps: list[StepView]
    replies: list[ReplyView]
    verdicts: list[WishVerdict]
    # What they said of the newest answer when asked 'did it happen?', if anything.
    happened: str | None = None

    @property
    def reply(self) -> ReplyView | None:
        """The newest answer."""
        return self.replies[-1] if self.replies else None

    @property
    def waits_for_an_owner(self) -> bool:
        """True when nobody has it in hand: nobody took it, or who did has left."""
        return self.wish.state in OPEN and (self.owner is None or self.owner_left)

    @property
    def lifted(self) -> bool:
        """True when a worker made it a wish, from the young person's words."""
        return self.raised_by.person_id != self.wish.young_person_id

    def overdue(self, on: date) -> bool:
        """Return whether its day has gone by without an answer."""
        return self.wish.state in OPEN and self.wish.due_on is not None and self.wish.due_on < on


def gather(session: Session, wishes: Sequence[Wish]) -> list[WishView]:
    """Return wishes with their way, in the order given."""
    if not wishes:
        return []
    ids = [wish.id for wish in wishes]
    steps = session.scalars(
        select(WishStep)
        .where(WishStep.wish_id.in_(ids), WishStep.replaced_by_id.is_(None))
        .order_by(WishStep.at, WishStep.id)
    ).all()
    replies = session.scalars(
        select(WishReply).where(WishReply.wish_id.in_(ids)).order_by(WishReply.at, WishReply.id)
    ).all()
    verdicts = _by_wish(
        session.scalars(select(WishVerdict).where(WishVerdict.wish_id.in_(ids)).order_by(WishVerdict.at))
    )
    happened = _happened(session, ids) if replies else {}
    named = {person_id for wish in wishes for person_id in (wish.raised_by_id, wish.seen_by_id, wish.owner_id)}
    people = _adults(session, named | {one.by_id for one in steps} | {one.by_id for one in replies})
    living = _living_owners(session, wishes)
    steps_of, replies_of = _by_wish(steps), _by_wish(replies)
    found = []
    for wish in wishes:
        answers = _replies(replies_of.get(wish.id, []), people)
        found.append(
            WishView(
                wish=wish,
                raised_by=people[wish.raised_by_id],
                seen_by=people[wish.seen_by_id] if wish.seen_by_id else None,
                owner=people[wish.owner_id] if wish.owner_id else None,
                owner_left=wish.owner_id is not None and (wish.owner_id, wish.young_person_id) not in living,
                steps=_steps(steps_of.get(wish.id, []), people),
                replies=answers,
                verdicts=verdicts.get(wish.id, []),
                happened=happened.get(answers[-1].id) if answers else None,
            )
        )
    return found


_Row = TypeVar("_Row", WishStep, WishReply, WishVerdict)


def _by_wish(rows: Iterable[_Row]) -> dict[uuid.UUID, list[_Row]]:
    found: dict[uuid.UUID, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.wish_id, []).append(row)
    return found


def _happened(session: Session, wish_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return what was said when asked 'did it happen?', by answer."""
    rows = session.execute(select(WishHappened.reply_id, WishHappened.said).where(WishHappened.wish_id.in_(wish_ids)))
    return {row.reply_id: row.said for row in rows}


def _steps(rows: Iterable[WishStep], people: dict[uuid.UUID, Adult]) -> list[StepView]:
    found: dict[uuid.UUID, StepView] = {}
    for row in rows:
        if row.of_id is None:
            found[row.id] = StepView(
                id=row.id,
                words=row.words,
                language=row.language,
                by=people[row.by_id],
                at=row.at,
                done=row.done,
                done_at=row.done_at,
            )
        elif row.of_id in found:
            found[row.of_id].others[row.language] = row.words
    return list(found.values())


def _replies(rows: Iterable[WishReply], people: dict[uuid.UUID, Adult]) -> list[ReplyView]:
    found: dict[uuid.UUID, ReplyView] = {}
    for row in rows:
        if row.of_id is None:
            found[row.id] = ReplyView(
                id=row.id, kind=row.kind, words=row.words, language=row.language, by=people[row.by_id], at=row.at
            )
        elif row.of_id in found:
            found[row.of_id].others[row.language] = row.words
    return list(found.values())


def _adults(session: Session, ids: Collection[uuid.UUID | None]) -> dict[uuid.UUID, Adult]:
    rows = session.execute(select(Person.id, Person.name, Person.role).where(Person.id.in_([i for i in ids if i])))
    return {row.id: Adult(row.id, row.name, row.role) for row in rows}


def _living_owners(session: Session, wishes: Sequence[Wish]) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Return (owner, young person) for every owner who is still connected today."""
    owned = [wish for wish in wishes if wish.owner_id]
    if not owned:
        return set()
    on = clock.today()
    rows = session.execute(
        select(Connection.adult_id, Connection.young_person_id)
        .join(Person, Person.id == Connection.adult_id)
        .where(
            Connection.adult_id.in_({wish.owner_id for wish in owned}),
            Connection.young_person_id.in_({wish.young_person_id for wish in owned}),
            alive(on),
            Person.ended_on.is_(None) | (Person.ended_on > on),
        )
    )
    return {(adult_id, young_id) for adult_id, young_id in rows}


def standing() -> Select[Wish]:
    """Return the select of wishes that their young person has not taken back."""
    return select(Wish).where(Wish.withdrawn_at.is_(None))


# Newest first within each; an answer waits for its young person on top.
_PLACES: dict[str, int] = {State.answered: 2, State.ended: 0}


def of_young_person(session: Session, young_person_id: uuid.UUID) -> list[WishView]:
    """Return every wish of a young person that stands: those with an answer to look at, those on their way, those that ended."""
    rows = session.scalars(standing().where(Wish.young_person_id == young_person_id))
    return gather(session, sorted(rows, key=lambda wish: (_PLACES.get(wish.state, 1), wish.raised_at), reverse=True))


def in_living_hands() -> ColumnElement[bool]:
    """Return the condition that a wish has an owner who is still connected to its young person."""
    return exists().where(
        Connection.adult_id == Wish.owner_id,
        Connection.young_person_id == Wish.young_person_id,
        alive(clock.today()),
        Person.id == Wish.owner_id,
        Person.ended_on.is_(None) | (Person.ended_on > clock.today()),
    )


def in_hand_of(adult_id: uuid.UUID) -> Select[Wish]:
    """Return the select of the wishes an adult has in hand today and has not answered, overdue first."""
    return (
        standing()
        .where(Wish.owner_id == adult_id, Wish.state.in_(OPEN), in_living_hands())
        .order_by(Wish.due_on.is_(None), Wish.due_on, Wish.raised_at, Wish.id)
    )


def answered_by(adult_id: uuid.UUID) -> Select[Wish]:
    """Return the select of the wishes of an adult that wait for the young person's word, the newest answer first."""
    return (
        standing()
        .where(Wish.owner_id == adult_id, Wish.state == State.answered, in_living_hands())
        .order_by(Wish.answered_at.desc(), Wish.id)
    )


def owned_by(session: Session, adult_id: uuid.UUID) -> list[WishView]:
    """Return every wish an adult has in hand today: what is to do, overdue first, then what they have answered."""
    rows = [*session.scalars(in_hand_of(adult_id)), *session.scalars(answered_by(adult_id))]
    return gather(session, rows)


def visible_to(
    session: Session, adult_id: uuid.UUID, roles: Collection[Role], young_person_id: uuid.UUID
) -> list[WishView]:
    """Return the wishes of a young person that an adult with these roles may see: what the dial allows, and their own to do."""
    care = care_of(session, young_person_id)
    rows = session.scalars(standing().where(Wish.young_person_id == young_person_id).order_by(Wish.raised_at))
    return gather(session, [wish for wish in rows if may_see(wish, care, adult_id, roles)])


def may_see(wish: Wish, care: str, adult_id: uuid.UUID, roles: Collection[Role]) -> bool:
    """Return whether an adult connected today in these roles may see a wish. Its owner always does; nobody without a role."""
    return bool(roles) and (wish.owner_id == adult_id or dial_of(wish, care).allows(adult_id, roles))


def overdue(session: Session, now: datetime) -> list[Wish]:
    """Return every wish whose day has gone by without an answer, the longest first."""
    return list(
        session.scalars(
            standing()
            .where(Wish.state.in_(OPEN), Wish.due_on < clock.local(now).date())
            .order_by(Wish.due_on, Wish.raised_at)
        )
    )
