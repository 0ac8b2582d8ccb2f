"""V1 to V9 of the handbook (measures 2.1), what was asked for and answered, and how meetings were, in one term.

What leaves this module is numbers, not yet hidden: hiding small ones is ``suppression``'s. Where the handbook leaves a choice:

- The cohort is children in care with a PEP in the term. A meeting was held when it was closed here: being there is what its
  organiser recorded (V4's own figure comes from the ePEP system).
- V8 counts wishes of the term before that were shared, by an answer given before this term's meeting (or, without one, its end).
- An answer counts as shared in any way that lets an adult read it; what was not sent is nowhere here.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.working_days import working_days_after
from app.insight.periods import Period
from app.people.models import Care, Connection, Pep, Person, Role, YoungPerson
from app.pep.models import Attendance, Came, ChildsPart, TookPart, VoiceBy
from app.questions.library import library
from app.questions.types import type_of
from app.voice.models import How, SentAnswer, State, own_words
from app.wishes import clock_rules
from app.wishes.models import Happened, NewWords, Raised, Wish, WishHappened, WishReply

IN_TIME_DAYS = 2
OWN_HAND = (How.self_, How.helped)
BEST_FACES = frozenset({"really-good", "good"})
TOP_TWO = frozenset({"s4", "s5"})
BROUGHT = frozenset({VoiceBy.chosen_adult, VoiceBy.app, VoiceBy.drawing})


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
    closed_at: datetime | None


def figures(session: Session, term: Period, before: Period, now: datetime) -> dict[str, Count]:
    """Return every figure of a term by its code. ``before`` is the term before it."""
    peps = _peps(session, term.code)
    voices = _first_voices(session, peps)
    in_time = {pep_id: at for pep_id, at in voices.items() if _by_the_day(peps[pep_id], at)}
    dated = [one for one in in_time if peps[one].meeting_on is not None]
    parts = {one.pep_id: one for one in session.scalars(select(ChildsPart).where(ChildsPart.pep_id.in_(peps)))}
    held = [one.id for one in peps.values() if one.closed_at is not None]
    there = [one for one in held if one in parts and parts[one].took_part not in (None, TookPart.not_there)]
    heard = [one for one in held if one in there or one in voices or (one in parts and parts[one].voice_by in BROUGHT)]
    return {
        "V1": Count(len(in_time), len(peps)),
        "V2": Count(sum(_early(peps[one], in_time[one]) for one in dated), len(dated)),
        "V4": Count(len(there), len(held)),
        "V5": Count(len(heard), len(held)),
        "V6": _answers(session, peps, "am-friendly", BEST_FACES),
        "V7": _answers(session, peps, "am-about-me", BEST_FACES),
        "V8": _answered_since(session, peps, term, before),
        "V9": _from_home(session, peps),
        "carers-there": _carers_there(session, held),
        "home-informed": _answers(session, peps, "car-informed", TOP_TWO),
        "home-link": _answers(session, peps, "kw-school-link", TOP_TWO),
        "looked-in-time": _looked_in_time(session, term, now),
        "by-its-day": _by_its_day(session, term, now),
        "happened": _happened(session, term),
    }


def _peps(session: Session, term: str) -> dict[uuid.UUID, _Pep]:
    rows = session.execute(
        select(Pep.id, Pep.young_person_id, Pep.meeting_on, Pep.closed_at)
        .join(YoungPerson, YoungPerson.person_id == Pep.young_person_id)
        .where(Pep.term == term, YoungPerson.care != Care.care_leaver)
    )
    return {row.id: _Pep(*row) for row in rows}


def _first_voices(session: Session, peps: Iterable[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """Return when each child first sent something themselves, alone or with help. What an adult wrote down does not count."""
    rows = session.execute(
        select(SentAnswer.pep_id, func.min(SentAnswer.sent_at))
        .where(
            SentAnswer.pep_id.in_(peps),
            own_words(),
            SentAnswer.by_role == Role.young_person,
            SentAnswer.how.in_(OWN_HAND),
            SentAnswer.state == State.answered,
            SentAnswer.withdrawn_at.is_(None),
        )
        .group_by(SentAnswer.pep_id)
    )
    return {row[0]: row[1] for row in rows}


def _by_the_day(pep: _Pep, at: datetime) -> bool:
    return pep.meeting_on is None or clock.local(at).date() <= pep.meeting_on


def _early(pep: _Pep, at: datetime) -> bool:
    sent = clock.local(at).date()
    return pep.meeting_on is not None and working_days_after(sent, IN_TIME_DAYS) <= pep.meeting_on


def _answers(session: Session, peps: Iterable[uuid.UUID], question_id: str, good: frozenset[str]) -> Count:
    """Return how many answered a question with one of these, of all who answered it ('not sure' among them)."""
    rows = session.scalars(
        select(SentAnswer).where(
            SentAnswer.pep_id.in_(peps),
            SentAnswer.question_id == question_id,
            SentAnswer.state == State.answered,
            SentAnswer.superseded_at.is_(None),
            SentAnswer.withdrawn_at.is_(None),
        )
    ).all()
    return Count(sum(bool(good & set(_codes(row))) for row in rows), len(rows))


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


def _from_home(session: Session, peps: dict[uuid.UUID, _Pep]) -> Count:
    """Return the PEPs to which somebody at home sent their part by the day, of those of children who live with one."""
    rows = session.execute(
        select(SentAnswer.pep_id, func.min(SentAnswer.sent_at))
        .where(SentAnswer.pep_id.in_(peps), ~own_words(), SentAnswer.withdrawn_at.is_(None))
        .group_by(SentAnswer.pep_id)
    )
    written = {pep_id for pep_id, at in rows if _by_the_day(peps[pep_id], at)}
    on = clock.today()
    lives_with = set(
        session.scalars(
            select(Connection.young_person_id).where(
                Connection.role.in_((Role.carer, Role.key_worker)),
                Connection.starts_on <= on,
                Connection.ends_on.is_(None) | (Connection.ends_on > on),
            )
        )
    )
    due = {one.id for one in peps.values() if one.young_person_id in lives_with} | written
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
            Wish.raised_by.in_((Raised.child, Raised.worker)),
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
