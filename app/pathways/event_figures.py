"""Who came to a higher education event, and whether they could see themselves there (handbook, measures P5 and P6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.pathways.models import HeEvent, Opportunity, Seat
from app.people.models import Care, Person, YoungPerson

YEARS = (9, 10, 11, 12, 13)


@dataclass(frozen=True, slots=True)
class EventFigures:
    """People, not visits, by the year group they are in today; who shows them hides what is small."""

    # P5: in care, by year group: how many came to one event or more, of how many.
    came: dict[int, int]
    of: dict[int, int]
    # P6: how many could see themselves there at one event or more, of those who said yes, maybe or no.
    could_see: int
    answered: int


def event_figures(session: Session, since: datetime, until: datetime) -> EventFigures:
    """Count for a time, of which only what has been is known."""
    in_care = (YoungPerson.care == Care.in_care, YoungPerson.year_group.in_(YEARS))
    there = (
        select(Seat.person_id, Seat.see_myself)
        .join(HeEvent, HeEvent.id == Seat.event_id)
        .join(Opportunity, Opportunity.id == HeEvent.opportunity_id)
        .where(Seat.state == "attended", Opportunity.starts_at >= since, Opportunity.starts_at < until)
        .subquery()
    )
    began = clock.local(since).date()
    cohort = (
        select(YoungPerson.year_group, func.count())
        .join(Person, Person.id == YoungPerson.person_id)
        .where(*in_care, Person.ended_on.is_(None) | (Person.ended_on > began))
        .group_by(YoungPerson.year_group)
    )
    came = (
        select(YoungPerson.year_group, func.count(func.distinct(there.c.person_id)))
        .join(there, there.c.person_id == YoungPerson.person_id)
        .where(*in_care)
        .group_by(YoungPerson.year_group)
    )
    answers = there.c.see_myself.in_(("yes", "maybe", "no"))
    could = case((there.c.see_myself.in_(("yes", "maybe")), there.c.person_id))
    said = select(func.count(func.distinct(could)), func.count(func.distinct(there.c.person_id))).where(answers)
    could_see, answered = session.execute(said).one()
    by_year = dict(session.execute(came).all())
    of = dict(session.execute(cohort).all())
    return EventFigures(
        {year: by_year.get(year, 0) for year in YEARS}, {year: of.get(year, 0) for year in YEARS}, could_see, answered
    )
