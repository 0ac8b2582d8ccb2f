"""Wishes with everything on their way, ready to be shown. The number of queries does not depend on how many there are."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.audience import care_of
from app.people.models import Person, Role
from app.wishes.hands import in_living_hands, standing
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
    """An answer; ``told_at`` when somebody told it to a young person who wants to be told by a person."""

    kind: str
    told_at: datetime | None


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
    living = _in_living_hands(session, wishes)
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
                owner_left=wish.owner_id is not None and wish.id not in living,
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
                id=row.id,
                kind=row.kind,
                words=row.words,
                language=row.language,
                by=people[row.by_id],
                at=row.at,
                told_at=row.told_at,
            )
        elif row.of_id in found:
            found[row.of_id].others[row.language] = row.words
    return list(found.values())


def _adults(session: Session, ids: Collection[uuid.UUID | None]) -> dict[uuid.UUID, Adult]:
    rows = session.execute(select(Person.id, Person.name, Person.role).where(Person.id.in_([i for i in ids if i])))
    return {row.id: Adult(row.id, row.name, row.role) for row in rows}


def _in_living_hands(session: Session, wishes: Sequence[Wish]) -> set[uuid.UUID]:
    """Return which of these have an owner who is around today and may see them."""
    owned = [wish.id for wish in wishes if wish.owner_id]
    return set(session.scalars(select(Wish.id).where(Wish.id.in_(owned), in_living_hands()))) if owned else set()


# Newest first within each; an answer waits for its young person on top.
_PLACES: dict[str, int] = {State.answered: 2, State.ended: 0}


def of_young_person(session: Session, young_person_id: uuid.UUID) -> list[WishView]:
    """Return every wish of a young person that stands: those with an answer to look at, those on their way, those that ended."""
    rows = session.scalars(standing().where(Wish.young_person_id == young_person_id))
    return gather(session, sorted(rows, key=lambda wish: (_PLACES.get(wish.state, 1), wish.raised_at), reverse=True))


def visible_to(
    session: Session, adult_id: uuid.UUID, roles: Collection[Role], young_person_id: uuid.UUID
) -> list[WishView]:
    """Return the wishes of a young person that an adult with these roles may see: what the dial allows, and no others."""
    care = care_of(session, young_person_id)
    rows = session.scalars(standing().where(Wish.young_person_id == young_person_id).order_by(Wish.raised_at))
    return gather(session, [wish for wish in rows if may_see(wish, care, adult_id, roles)])


def may_see(wish: Wish, care: str, adult_id: uuid.UUID, roles: Collection[Role]) -> bool:
    """Return whether an adult connected today in these roles may see a wish: the dial binds its owner like everybody else."""
    return dial_of(wish, care).allows(adult_id, roles)
