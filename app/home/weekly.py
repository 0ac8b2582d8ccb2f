"""Once a week: the Virtual School hears that somebody on their list was not heard yet."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.home.silent import Why, silent_list
from app.messages.outbox import post
from app.people.caseload import alive
from app.people.models import Connection, Person, Role


def tell_weekly(session: Session, on: date) -> int:
    """Tell each adult of the Virtual School on whose list somebody was not heard, once each week. Returns how many are told.

    Who chose to share nothing is no reason to write: there is nothing to do about it.
    """
    year, week, _day = on.isocalendar()
    told = 0
    for adult in session.scalars(_with_a_list(on)):
        waiting = {
            why: count for why, count in silent_list(session, adult.id, on).counts.items() if why is not Why.refused
        }
        if not any(waiting.values()):
            continue
        post(
            session,
            kind="email",
            address=adult.email or "",
            language=adult.language,
            template="not_heard_yet",
            cause="silent.weekly",
            cause_id=adult.id,
            key=f"silent-weekly:{year}-{week}:{adult.id}",
        )
        told += 1
    return told


def _with_a_list(on: date) -> Select[Person]:
    connected = select(Connection.adult_id).where(Connection.role == Role.virtual_school, alive(on))
    return select(Person).where(
        Person.id.in_(connected), Person.email.is_not(None), Person.ended_on.is_(None) | (Person.ended_on > on)
    )
