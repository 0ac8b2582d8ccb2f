"""V1 to V9 of the handbook (measures 2.1), what was asked for and answered, and how meetings were, in one term.

What leaves this module is numbers, not yet hidden: hiding small ones is ``suppression``'s. Where the handbook leaves a choice:

- The cohort is children in care with a PEP in the term. V1 and V2 count children, once each however many PEPs the term brought
  them: one of these, by its own day, is enough. V9 counts PEPs, and V4 and V5 meetings, as the handbook does.
- A meeting was held when it was closed here: being there is what its organiser recorded (V4's own figure comes from the ePEP
  system). For V5 the child's own 'I was there' counts too, and what they sent counts if it was there by the day.
- Words count as given when they were first sent, as long as they stand: what was changed since was given then, what was taken
  back is not counted. How a meeting was is no voice for it. Paper is the child's own hand (``docs/decisions/paper-answers.md``).
- Who lives with a carer or key worker is looked up for the PEP's deadline, else its meeting, else the term's last day; while that
  day is to come, for today.
- V8 counts wishes of the term before that were shared, by an answer given before this term's meeting (or, without one, its end).
- An answer counts as shared in any way that lets an adult read it; what was not sent is nowhere here.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.working_days import working_days_after
from app.insight.periods import Period
from app.people.models import Care, Connection, Pep, Person, Role, YoungPerson
from app.pep.models import Attendance, Came, ChildsPart, TookPart, VoiceBy
from app.pep.record import NOT_IN_THE_RECORD
from app.questions.choosing import AFTER_MEETING
from app.questions.library import library
from app.questions.types import type_of
from app.voice.models import How, SentAnswer, State
from app.wishes import clock_rules
from app.wishes.models import Happened, NewWords, Wish, WishHappened, WishReply

IN_TIME_DAYS = 2
OWN_HAND = (How.self_, How.helped)
BEST_FACES = frozenset({"really-good", "good"})
TOP_TWO = frozenset({"s4", "s5"})
BROUGHT = frozenset({VoiceBy.chosen_adult, VoiceBy.app, VoiceBy.drawing})
# The child's own answers that count for V5 (measures, 'where the answer comes from').
WAS_THERE = frozenset({"all-of-it", "part", "online"})
SPEAKS_FOR_THEM = frozenset({"carer", "teacher", "sw", "advocate", "film", "read"})
GOT_THEIR_SAY = frozenset({"fully"})


@dataclass(frozen=True, slots=True)
class Count:
    """n of d, before anything is hidden."""

    n: int
    d: int


@dataclass(frozen=True, slots=True)
class _Pep:
    id: uuid.UUID
    young_person_id: uuid.UUID
    meeting_on: date | None
    deadline_on: date | None
    closed_at: datetime | None


def figures(session: Session, term: Period, before: Period, now: datetime) -> dict[str, Count]:
    """Return every figure of a term by its code. ``before`` is the term before it."""
    peps = _peps(session, term.code)
    voices = _first_sent(session, peps, _by_the_child)
    in_time = {pep_id: at for pep_id, at in voices.items() if _by_the_day(peps[pep_id], at)}
    dated = [one for one in in_time if peps[one].meeting_on is not None]
    early = [one for one in dated if _early(peps[one], in_time[one])]
    held = [one.id for one in peps.values() if one.closed_at is not None]
    parts = {one.pep_id: one for one in session.scalars(select(ChildsPart).where(ChildsPart.pep_id.in_(held)))}
    there = {one for one, part in parts.items() if part.took_part not in (None, TookPart.not_there)}
    heard = there | {one for one, part in parts.items() if part.voice_by in BROUGHT} | in_time.keys()
    heard |= _picked(session, peps, "am-there", WAS_THERE) | _picked(session, peps, "mt-speaks", SPEAKS_FOR_THEM)

    def children(those: Iterable[uuid.UUID]) -> int:
        return len({peps[one].young_person_id for one in those})

    return {
        "V1": Count(children(in_time), children(peps)),
        "V2": Count(children(early), children(dated)),
        "V4": Count(len(there), len(held)),
        "V5": Count(len(heard.intersection(held)), len(held)),
        "V6": _answers(session, peps, "am-friendly", BEST_FACES),
        "V7": _answers(session, peps, "am-about-me", BEST_FACES),
        "V7-say": _answers(session, peps, "am-say", GOT_THEIR_SAY),
        "V8": _answered_since(session, peps, term, before),
        "V9": _from_home(session, peps, term, clock.local(now).date()),
        "carers-there": _carers_there(session, held),
        "home-informed": _answers(session, peps, "car-informed", TOP_TWO),
        "home-link": _answers(session, peps, "kw-school-link", TOP_TWO),
        "looked-in-time": _looked_in_time(session, term, now),
        "by-its-day": _by_its_day(session, term, now),
        "happened": _happened(session, term),
    }


def _peps(session: Session, term: str) -> dict[uuid.UUID, _Pep]:
    rows = session.execute(
        select(Pep.id, Pep.young_person_id, Pep.meeting_on, Pep.deadline_on, Pep.closed_at)
        .join(YoungPerson, YoungPerson.person_id == Pep.young_person_id)
        .where(Pep.term == term, YoungPerson.care != Care.care_leaver)
    )
    return {row.id: _Pep(*row) for row in rows}


def _by_the_child(one: type[SentAnswer]) -> ColumnElement[bool]:
    """The child answered it, alone, with help or on paper. What an adult wrote down or watched does not count."""
    own_hand = and_(one.by_role == Role.young_person, one.how.in_(OWN_HAND))
    return and_(
        one.by_person_id == one.young_person_id,
        one.set_id != AFTER_MEETING,
        one.section.not_in(NOT_IN_THE_RECORD),
        or_(own_hand, one.how == How.paper),
    )


def _from_others(one: type[SentAnswer]) -> ColumnElement[bool]:
    return one.by_person_id != one.young_person_id


def _first_sent(
    session: Session, peps: Iterable[uuid.UUID], whose: Callable[[type[SentAnswer]], ColumnElement[bool]]
) -> dict[uuid.UUID, datetime]:
    """Return when the first of the answers that stand for each PEP was given; one that was taken back since was not."""
    now, first, gone = aliased(SentAnswer), aliased(SentAnswer), aliased(SentAnswer)
    taken_back = exists().where(
        gone.response_id == first.response_id,
        gone.question_id == first.question_id,
        gone.revision >= first.revision,
        gone.withdrawn_at.is_not(None),
    )
    rows = session.execute(
        select(now.pep_id, func.min(first.sent_at))
        .join(first, (first.response_id == now.response_id) & (first.question_id == now.question_id))
        .where(now.pep_id.in_(peps), now.superseded_at.is_(None), now.withdrawn_at.is_(None), ~taken_back)
        .where(now.state == State.answered, first.state == State.answered, whose(now), whose(first))
        .group_by(now.pep_id)
    )
    return {row[0]: row[1] for row in rows}


def _by_the_day(pep: _Pep, at: datetime) -> bool:
    return pep.meeting_on is None or clock.local(at).date() <= pep.meeting_on


def _early(pep: _Pep, at: datetime) -> bool:
    sent = clock.local(at).date()
    return pep.meeting_on is not None and working_days_after(sent, IN_TIME_DAYS) <= pep.meeting_on


def _answers(session: Session, peps: Iterable[uuid.UUID], question_id: str, good: frozenset[str]) -> Count:
    """Return how many answered a question with one of these, of all who answered it ('not sure' among them)."""
    rows = _standing(session, peps, question_id)
    return Count(sum(bool(good & set(_codes(row))) for row in rows), len(rows))


def _picked(session: Session, peps: Iterable[uuid.UUID], question_id: str, good: frozenset[str]) -> set[uuid.UUID]:
    """Return the PEPs for which a question was answered with one of these."""
    return {row.pep_id for row in _standing(session, peps, question_id) if good & set(_codes(row))}


def _standing(session: Session, peps: Iterable[uuid.UUID], question_id: str) -> Sequence[SentAnswer]:
    return session.scalars(
        select(SentAnswer).where(
            SentAnswer.pep_id.in_(peps),
            SentAnswer.question_id == question_id,
            SentAnswer.state == State.answered,
            SentAnswer.superseded_at.is_(None),
            SentAnswer.withdrawn_at.is_(None),
        )
    ).all()


def _codes(answer: SentAnswer) -> tuple[str, ...]:
    question = library().version(answer.set_id, answer.set_version).question(answer.question_id)
    kind: Any = type_of(question)
    return tuple(kind.codes(kind.from_json(answer.content["value"])))


def _answered_since(session: Session, peps: dict[uuid.UUID, _Pep], term: Period, before: Period) -> Count:
    """Return the wishes of the term before that have an answer by this term's meeting, of all of them."""
    meeting = {one.young_person_id: one.meeting_on for one in peps.values() if one.meeting_on}
    first = select(func.min(WishReply.at)).where(WishReply.wish_id == Wish.id).correlate(Wish).scalar_subquery()
    rows = session.execute(
        select(Wish.young_person_id, first).where(
            Wish.raised_at >= before.begins, Wish.raised_at < before.ends, Wish.withdrawn_at.is_(None)
        )
    ).all()
    done = [at for young_id, at in rows if at is not None and _local(at) <= meeting.get(young_id, term.last)]
    return Count(len(done), len(rows))


def _local(at: datetime) -> date:
    return clock.local(at).date()


def _from_home(session: Session, peps: dict[uuid.UUID, _Pep], term: Period, today: date) -> Count:
    """Return the PEPs to which somebody at home sent their part by the day, of those of children who live with one."""
    sent = _first_sent(session, peps, _from_others)
    written = {pep_id for pep_id, at in sent.items() if _by_the_day(peps[pep_id], at)}
    at_home: dict[uuid.UUID, list[tuple[date, date | None]]] = defaultdict(list)
    for row in session.execute(
        select(Connection.young_person_id, Connection.starts_on, Connection.ends_on).where(
            Connection.role.in_((Role.carer, Role.key_worker)),
            Connection.young_person_id.in_({one.young_person_id for one in peps.values()}),
        )
    ):
        at_home[row.young_person_id].append((row.starts_on, row.ends_on))

    def lives_with_one(pep: _Pep) -> bool:
        on = min(pep.deadline_on or pep.meeting_on or term.last, today)
        return any(begins <= on and (ends is None or on < ends) for begins, ends in at_home[pep.young_person_id])

    due = {one.id for one in peps.values() if lives_with_one(one)} | written
    return Count(len(written), len(due))


def _carers_there(session: Session, held: list[uuid.UUID]) -> Count:
    rows = session.execute(
        select(Attendance.pep_id, Attendance.came)
        .join(Person, Person.id == Attendance.person_id)
        .where(Attendance.pep_id.in_(held), Attendance.role.in_((Role.carer, Role.key_worker)))
    ).all()
    return Count(len({row.pep_id for row in rows if row.came != Came.not_there}), len({row.pep_id for row in rows}))


def _looked_in_time(session: Session, term: Period, now: datetime) -> Count:
    """Return the new words that somebody looked at within two working days, of those whose two days are over or looked at."""
    rows = session.execute(
        select(NewWords.came_at, NewWords.looked_at).where(
            NewWords.came_at >= term.begins, NewWords.came_at < term.ends
        )
    ).all()
    return _kept(((row.came_at, row.looked_at) for row in rows), clock_rules.look_by, now)


def _kept(
    rows: Iterable[tuple[datetime, datetime | None]], until: Callable[[datetime], datetime], now: datetime
) -> Count:
    due = [(done, until(at)) for at, done in rows if done is not None or now > until(at)]
    return Count(sum(done is not None and done <= limit for done, limit in due), len(due))


def _by_its_day(session: Session, term: Period, now: datetime) -> Count:
    """Return the wishes answered by the day that was given, of those whose day is over or that have an answer."""
    first = select(func.min(WishReply.at)).where(WishReply.wish_id == Wish.id).correlate(Wish).scalar_subquery()
    rows: Sequence[tuple[date | None, datetime | None]] = session.execute(
        select(Wish.due_on, first).where(
            Wish.raised_at >= term.begins,
            Wish.raised_at < term.ends,
            Wish.due_on.is_not(None),
            Wish.withdrawn_at.is_(None),
        )
    ).all()
    today = clock.local(now).date()
    due = [(due_on, at) for due_on, at in rows if due_on is not None and (at is not None or due_on < today)]
    return Count(sum(at is not None and _local(at) <= due_on for due_on, at in due), len(due))


def _happened(session: Session, term: Period) -> Count:
    """Return how many said 'yes, it happened', of all who were asked and answered. The child's own view, never mixed with V8."""
    said = session.scalars(
        select(WishHappened.said).where(WishHappened.at >= term.begins, WishHappened.at < term.ends)
    ).all()
    return Count(sum(one == Happened.yes for one in said), len(said))
