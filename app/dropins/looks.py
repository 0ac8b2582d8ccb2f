"""When to look again: 4, 12 and 26 weeks after a visit, and 12 and 26 weeks after something new began (handbook 5.6).

One question of each kind waits for somebody at a time: who comes every week is not asked every week.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import insert_if_absent, new_id
from app.dropins.models import OutcomeCheck, Visit

AFTER_A_VISIT = (4, 12, 26)
# Three and six months.
AFTER_A_START = (12, 26)
# What is asked so soon before or after is the same question.
_NEAR = timedelta(weeks=4)


def plan(session: Session, visit: Visit) -> None:
    """Plan the looks after a visit. Where one of the same kind waits already, none is added."""
    # Who is asked: those whose visit was with us.
    if visit.cohort != "ours":
        return
    waiting = {one.weeks for one in _waiting(session, visit.whose)}
    day = clock.local(visit.started_at).date()
    for weeks in AFTER_A_VISIT:
        if weeks not in waiting:
            _add(session, visit, weeks, "visit", day)


def after_a_start(session: Session, person_id: uuid.UUID, began_on: date) -> None:
    """Plan the looks after something new that somebody began, if they have come to us: what is over already, or is asked
    about that time anyway, is left out."""
    came = select(Visit).where(Visit.whose == person_id, Visit.cohort == "ours", Visit.undone_at.is_(None))
    visit = session.scalars(came.order_by(Visit.started_at.desc(), Visit.id).limit(1)).first()
    if visit is None:
        return
    waiting = _waiting(session, person_id)
    for weeks in AFTER_A_START:
        due_on = began_on + timedelta(weeks=weeks)
        asked_then = any(one.weeks == weeks and abs(one.due_on - due_on) <= _NEAR for one in waiting)
        if due_on > clock.today() and not asked_then:
            _add(session, visit, weeks, "start", began_on)


def _waiting(session: Session, whose: uuid.UUID) -> list[OutcomeCheck]:
    return list(
        session.scalars(select(OutcomeCheck).where(OutcomeCheck.whose == whose, OutcomeCheck.done_on.is_(None)))
    )


def _add(session: Session, visit: Visit, weeks: int, after: str, day: date) -> None:
    values = {"id": new_id(), "visit_id": visit.id, "whose": visit.whose, "weeks": weeks, "after": after, "tries": 0}
    insert_if_absent(session, OutcomeCheck, {**values, "due_on": day + timedelta(weeks=weeks)})
