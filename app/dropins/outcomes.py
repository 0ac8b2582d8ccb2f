"""Looking again later (``app.dropins.looks`` plans when). A tap by the young person, or a call by an adviser.

Each is asked for on the young person's own page and once by message; three tries in three weeks, then it is 'not known', which is
reported as its own group (handbook, dropins 5.6). One question of each kind waits for somebody at a time: who comes every week is
not asked every week.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden, NotFound

from app.core import audit, clock
from app.dropins import eet
from app.dropins.models import OutcomeCheck, Visit
from app.dropins.visit_words import IN_EET, STATUSES
from app.people.sessions import Actor

TRIES = 3
BETWEEN_TRIES = timedelta(weeks=1)
TAPS = ("still_there", "changed", "need_help")
HOW = ("call", "text_reply", "pa_told_us", "provider_told_us", "council_feed")
HAPPY = ("yes", "so_so", "no", "rather_not_say")
_CONFIRMED_BY = frozenset({"provider_told_us", "council_feed"})


def due(session: Session, on: date, *, whose: uuid.UUID | None = None) -> list[OutcomeCheck]:
    """Return the looks that are due on a day and not done, the oldest first."""
    query = (
        select(OutcomeCheck)
        .join(Visit, Visit.id == OutcomeCheck.visit_id)
        .where(OutcomeCheck.done_on.is_(None), OutcomeCheck.due_on <= on, Visit.undone_at.is_(None))
    )
    if whose is not None:
        query = query.where(OutcomeCheck.whose == whose)
    return list(session.scalars(query.order_by(OutcomeCheck.due_on, OutcomeCheck.id)))


def tap(session: Session, actor: Actor, check_id: uuid.UUID, tapped: str, status: str | None = None) -> OutcomeCheck:
    """Keep a young person's own tap. With 'changed' they may say what they do now. A second tap of the same changes nothing.

    Raises NotFound for somebody else's, ValueError for another word.
    """
    check = session.get(OutcomeCheck, check_id)
    if check is None or check.whose != actor.person_id:
        raise NotFound
    if tapped not in TAPS or (status and status not in STATUSES):
        raise ValueError(tapped)
    if actor.beside:
        raise Forbidden
    before = eet.current(session, actor.person_id)
    was = before.status if before else None
    if status:
        was_in = status in IN_EET
        eet.record(session, actor, actor.person_id, status, from_on=clock.today(), source="self")
        values = {
            "eet_status_then": status,
            "still_in_same": status == was,
            "moved_to_other_eet": was_in and status != was,
        }
    elif tapped == "still_there":
        values = {"eet_status_then": was, "still_in_same": True, "moved_to_other_eet": False}
    else:
        values = {}
    # What was said once may be made fuller ('changed', then to what), never emptied by an older tap that comes late.
    done = session.execute(
        update(OutcomeCheck)
        .where(OutcomeCheck.id == check.id, OutcomeCheck.done_on.is_(None) | (OutcomeCheck.how == "app_tap"))
        .values(done_on=clock.today(), how="app_tap", tapped=tapped, grade="told_us", **values),
        execution_options={"synchronize_session": False},
    )
    session.refresh(check)
    if done.rowcount:  # type: ignore[attr-defined]
        audit.record(session, actor, "outcome.told", subject_id=actor.person_id, thing_id=check.id, detail=tapped)
    return check


def write_down(
    session: Session,
    actor: Actor,
    check: OutcomeCheck,
    *,
    how: str,
    status: str,
    happy: str | None = None,
    person_id: uuid.UUID | None = None,
) -> bool:
    """Keep what an adviser found out. Returns False when somebody was quicker. Raises ValueError for unknown codes."""
    if how not in HOW or status not in STATUSES or (happy and happy not in HAPPY):
        raise ValueError(how)
    before = eet.current(session, person_id) if person_id else None
    was = before.status if before else None
    grade = "confirmed" if how in _CONFIRMED_BY else "not_known" if status == "unknown" else "told_us"
    done = session.execute(
        update(OutcomeCheck)
        .where(OutcomeCheck.id == check.id, OutcomeCheck.done_on.is_(None))
        .values(
            done_on=clock.today(),
            how=how,
            eet_status_then=status,
            still_in_same=status == was,
            moved_to_other_eet=status != was and status in IN_EET,
            happy_with_it=happy or None,
            grade=grade,
            recorded_by_id=actor.person_id,
        ),
        execution_options={"synchronize_session": False},
    )
    session.refresh(check)
    if not done.rowcount:  # type: ignore[attr-defined]
        return False
    if person_id and status != "unknown":
        confidence = "confirmed" if grade == "confirmed" else "told_us"
        source = {"council_feed": "council_feed", "provider_told_us": "provider"}.get(how, "self")
        eet.record(session, actor, person_id, status, from_on=clock.today(), source=source, confidence=confidence)
    audit.record(session, actor, "outcome.told", subject_id=person_id, thing_id=check.id, detail=how)
    return True


def tried(session: Session, actor: Actor, check: OutcomeCheck) -> None:
    """Count a try that reached nobody. The third makes it 'not known'."""
    session.execute(
        update(OutcomeCheck)
        .where(OutcomeCheck.id == check.id, OutcomeCheck.done_on.is_(None))
        .values(tries=OutcomeCheck.tries + 1),
        execution_options={"synchronize_session": False},
    )
    session.refresh(check)
    audit.record(session, actor, "outcome.tried", thing_id=check.id)
    if check.tries >= TRIES and check.done_on is None:
        give_up(session, check)


def give_up(session: Session, check: OutcomeCheck) -> None:
    """Close a look that reached nobody as 'not known'."""
    session.execute(
        update(OutcomeCheck)
        .where(OutcomeCheck.id == check.id, OutcomeCheck.done_on.is_(None))
        .values(done_on=clock.today(), grade="not_known"),
        execution_options={"synchronize_session": False},
    )
    session.refresh(check)
