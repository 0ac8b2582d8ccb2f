"""What happens by itself: a step whose day went by comes back gently, once; a look that is due is asked for.

Nothing is said about what: a message holds no word of a step (safeguarding, section 6). Safe to run as often as one likes.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.dropins.models import Booking, NextStep, Visit
from app.dropins.next_steps import next_working_morning
from app.dropins.outcomes import BETWEEN_TRIES, TRIES, due, give_up
from app.messages.outbox import post
from app.people.models import Person
from app.wishes.models import HearBy
from app.wishes.telling import BY_AN_ADULT

# A step that lay for so long is looked at together at the next visit; no message comes out of nowhere.
_TOO_OLD = timedelta(days=28)
# How somebody who had booked a visit wanted to hear from us.
_CHOSEN = select(Booking.contact).join(Visit, Visit.booking_id == Booking.id).where(Visit.id == bindparam("visit_id"))


@dataclass(frozen=True, slots=True)
class Followed:
    """How many steps came back, looks were asked for, and looks were closed as 'not known'."""

    steps: int
    asked: int
    not_known: int


def follow_up(session: Session, now: datetime) -> Followed:
    """Bring back what is overdue and ask for what is due. Returns how much there was."""
    today = clock.local(now).date()
    overdue = session.scalars(
        select(NextStep)
        .join(Visit, Visit.id == NextStep.visit_id)
        .where(
            NextStep.state == "to_do",
            NextStep.owner == "me",
            NextStep.due_on < today,
            NextStep.due_on >= today - _TOO_OLD,
            Visit.undone_at.is_(None),
        )
    ).all()
    steps = sum(
        _tell(session, step.whose, step.visit_id, step.id, "step", next_working_morning(step.due_on))
        for step in overdue
    )
    asked = not_known = 0
    for check in due(session, today):
        if today >= check.due_on + BETWEEN_TRIES * TRIES:
            give_up(session, check)
            not_known += 1
            continue
        tries = (today - check.due_on) // BETWEEN_TRIES + 1
        if tries > check.tries:
            check.tries = tries
            # One message; after that the question stays on their page and on the adviser's list.
            at = next_working_morning(check.due_on)
            asked += tries == 1 and _tell(session, check.whose, check.visit_id, check.id, "outcome", at)
    session.flush()
    return Followed(steps, asked, not_known)


def _tell(
    session: Session, whose: uuid.UUID, visit_id: uuid.UUID, cause_id: uuid.UUID, kind: str, at: datetime
) -> bool:
    """Say once on somebody's own phone that there is something to look at, if they want that and have one."""
    person = session.get(Person, whose)
    if person is None or not person.mobile or (person.ended_on is not None and person.ended_on <= clock.today()):
        return False
    if session.scalar(_CHOSEN, {"visit_id": visit_id}) not in (None, "text"):
        # They had booked, and chose another way.
        return False
    hear_by = session.get(HearBy, whose)
    if hear_by is not None and hear_by.way in BY_AN_ADULT:
        return False
    post(
        session,
        kind="sms",
        address=person.mobile,
        language=person.language,
        template="something_to_look_at",
        cause=f"dropin.{kind}",
        cause_id=cause_id,
        about=whose,
        key=f"dropin-{kind}:{cause_id}",
        send_after=at,
    )
    return True
