"""Next steps: what was agreed, by when, and what became of it (handbook, dropins 5.4). One to three a visit."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden, NotFound

from app.core import audit, clock
from app.core.working_days import working_days_after
from app.dropins.models import NextStep, OutcomeCheck, Visit
from app.dropins.outcomes import due as checks_due
from app.messages.outbox import post
from app.people.models import Care, Person, YoungPerson
from app.people.sessions import Actor

MOST_STEPS = 3
LONGEST = 200
# What a young person may tap; 'to do' brings a step back.
TAPS = ("done", "stuck", "changed_my_mind", "no_longer_needed", "to_do")
OPEN = ("to_do", "stuck")
# In this school year somebody turns 16: before it their plan sees a step unless they say no, from then on nobody does (5.4).
_YEAR_OF_16 = 11


@dataclass(frozen=True, slots=True)
class Rung:
    """One visit with what was agreed and what came of it: visit, step, outcome."""

    visit: Visit
    worker: str
    steps: list[NextStep]
    checks: list[OutcomeCheck]


def usual_share(young: YoungPerson | None) -> list[str]:
    """Return with whom a step is shared unless the young person says otherwise: nobody from 16 on."""
    if young is None or young.care == Care.care_leaver or young.year_group is None or young.year_group >= _YEAR_OF_16:
        return []
    return ["pep"]


def ladder(session: Session, whose: uuid.UUID) -> list[Rung]:
    """Return the whole ladder of somebody, the newest visit first, in three statements."""
    visits = list(
        session.execute(
            select(Visit, Person.name)
            .join(Person, Person.id == Visit.staff_id)
            .where(Visit.whose == whose, Visit.undone_at.is_(None))
            .order_by(Visit.started_at.desc(), Visit.id)
        )
    )
    if not visits:
        return []
    ids = [visit.id for visit, _name in visits]
    steps: dict[uuid.UUID, list[NextStep]] = {}
    for step in session.scalars(
        select(NextStep).where(NextStep.visit_id.in_(ids)).order_by(NextStep.due_on, NextStep.id)
    ):
        steps.setdefault(step.visit_id, []).append(step)
    checks: dict[uuid.UUID, list[OutcomeCheck]] = {}
    for check in session.scalars(
        select(OutcomeCheck).where(OutcomeCheck.visit_id.in_(ids)).order_by(OutcomeCheck.weeks)
    ):
        checks.setdefault(check.visit_id, []).append(check)
    return [Rung(visit, name, steps.get(visit.id, []), checks.get(visit.id, [])) for visit, name in visits]


@dataclass(frozen=True, slots=True)
class Mine:
    """What stands on a young person's own page: their open steps, and what we would like to hear."""

    steps: list[NextStep]
    check: OutcomeCheck | None
    come_before: bool


def mine(session: Session, actor: Actor) -> Mine:
    """Return a young person's open steps, overdue ones first, and the one question that waits for them."""
    if not actor.is_child or actor.beside:
        return Mine([], None, False)
    came = session.scalars(
        select(Visit.id).where(Visit.whose == actor.person_id, Visit.undone_at.is_(None)).limit(1)
    ).first()
    if came is None:
        return Mine([], None, False)
    waiting = checks_due(session, clock.today(), whose=actor.person_id)
    return Mine(open_steps(session, actor.person_id), waiting[-1] if waiting else None, True)


def open_steps(session: Session, whose: uuid.UUID) -> list[NextStep]:
    """Return the steps of somebody that are not done, the soonest first."""
    query = (
        select(NextStep)
        .join(Visit, Visit.id == NextStep.visit_id)
        .where(NextStep.whose == whose, NextStep.state.in_(OPEN), Visit.undone_at.is_(None))
    )
    return list(session.scalars(query.order_by(NextStep.due_on, NextStep.id)))


def steps_for_pep(session: Session, young_person_id: uuid.UUID) -> list[NextStep]:
    """Return the steps that a young person put forward for their PEP or pathway plan, the newest first."""
    return shared_with(session, young_person_id, {"pep"})


def shared_with(session: Session, whose: uuid.UUID, kinds: Collection[str]) -> list[NextStep]:
    """Return somebody's steps that they share with any of these (pa, social_worker, carer, pep), the newest first."""
    query = (
        select(NextStep)
        .join(Visit, Visit.id == NextStep.visit_id)
        .where(NextStep.whose == whose, Visit.undone_at.is_(None))
        .order_by(Visit.started_at.desc(), NextStep.due_on, NextStep.id)
    )
    # Who sees a step is a short list in the row itself; both databases would ask for it differently.
    return [step for step in session.scalars(query) if set(kinds) & set(step.share_with)]


def tick(session: Session, actor: Actor, step_id: uuid.UUID, state: str) -> NextStep:
    """Keep what became of a step. The young person's own tap, or an adviser's; the same tap twice is one.

    Raises NotFound for somebody else's, ValueError for another word. 'Stuck' tells the adviser.
    """
    step = session.get(NextStep, step_id)
    if step is None or (actor.is_child and step.whose != actor.person_id):
        raise NotFound
    if actor.beside:
        raise Forbidden
    if state not in TAPS:
        raise ValueError(state)
    done = session.execute(
        update(NextStep)
        .where(NextStep.id == step.id, NextStep.state != state)
        .values(
            state=state,
            done_on=clock.today() if state == "done" else None,
            changed_at=clock.now(),
            version=NextStep.version + 1,
        ),
        execution_options={"synchronize_session": False},
    )
    session.refresh(step)
    if done.rowcount:  # type: ignore[attr-defined]
        audit.record(session, actor, "next-step.ticked", subject_id=step.whose, thing_id=step.id, detail=state)
        if state == "stuck":
            tell_adviser(session, step.visit_id, step.id, step.whose, f"step-stuck:{step.id}:{step.version}")
    return step


def share(session: Session, actor: Actor, step_id: uuid.UUID, kinds: Collection[str]) -> NextStep:
    """Change who sees one of my steps. Raises NotFound for somebody else's."""
    from app.dropins.visit_words import SHARES, known

    step = session.get(NextStep, step_id)
    if step is None or step.whose != actor.person_id:
        raise NotFound
    step.share_with = known(kinds, SHARES, len(SHARES))
    step.changed_at, step.version = clock.now(), step.version + 1
    audit.record(session, actor, "next-step.shared", subject_id=step.whose, thing_id=step.id)
    session.flush()
    return step


def tell_adviser(session: Session, visit_id: uuid.UUID, cause_id: uuid.UUID, about: uuid.UUID, key: str) -> None:
    """Tell the adviser of a visit, without a word of it, that somebody wants help with what was agreed."""
    adviser = session.scalars(
        select(Person).join(Visit, Visit.staff_id == Person.id).where(Visit.id == visit_id, Person.email.is_not(None))
    ).first()
    if adviser is not None and (adviser.ended_on is None or adviser.ended_on > clock.today()):
        post(
            session,
            kind="email",
            address=adviser.email or "",
            language=adviser.language,
            template="words_wait",
            cause="next-step.waits",
            cause_id=cause_id,
            about=about,
            key=key,
        )


def next_working_morning(day: date) -> datetime:
    """Return nine o'clock, London time, on the first working day after a day."""
    return datetime.combine(working_days_after(day, 1), time(9), clock.LONDON)
