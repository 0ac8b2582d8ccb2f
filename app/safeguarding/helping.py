"""What the help page shows to whom, and in which order."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.people.models import Connection, Person, Role
from app.safeguarding.content import first_contacts
from app.safeguarding.models import HelpContact

log = logging.getLogger("pepvoice.safeguarding")
# 'Someone here' (safeguarding, section 2), the child's own social worker first.
_HERE = (Role.social_worker, Role.iro, Role.designated_teacher, Role.virtual_school)


@dataclass(frozen=True, slots=True)
class PersonHere:
    """A worker of the child's own, by name."""

    name: str
    role: str
    number: str | None


@dataclass(frozen=True, slots=True)
class HelpNow:
    """The help page from top to bottom: ``here`` stands between the two lists for a child placed elsewhere, else below them."""

    first: list[HelpContact]
    then: list[HelpContact]
    here: list[PersonHere]
    away: bool


def help_now(session: Session, young_person_id: uuid.UUID | None, on: date, *, away: bool) -> HelpNow:
    """Return who to ring, in the handbook's order.

    ``young_person_id`` is the child signed in, if one is; ``away`` is what the reader says about where they live, which is kept
    nowhere: it would tell where a child is.
    """
    contacts = contacts_to_show(session)
    here = people_here(session, young_person_id, on) if young_person_id else []
    first = [one for one in contacts if one.comes_first]
    then = [one for one in contacts if not one.comes_first]
    return HelpNow(first, then, here, away)


def contacts_to_show(session: Session) -> list[HelpContact]:
    """Return the contacts a child may see, in order; those that we ship where the table is empty or cannot be read.

    A help page without a number would be worse than one whose number staff have since changed.
    """
    try:
        kept = list(session.scalars(select(HelpContact).order_by(HelpContact.position, HelpContact.code)))
    except SQLAlchemyError as error:
        log.error("The help contacts could not be read: %s", type(error).__name__)
        session.rollback()
        kept = []
    return [one for one in kept or first_contacts() if one.fit_to_show]


def people_here(session: Session, young_person_id: uuid.UUID, on: date) -> list[PersonHere]:
    """Return the child's own social worker, reviewing officer, designated teacher and Virtual School workers on a day."""
    rows = session.execute(
        select(Person.name, Connection.role, Person.mobile)
        .join(Connection, Connection.adult_id == Person.id)
        .where(
            Connection.young_person_id == young_person_id,
            Connection.role.in_(_HERE),
            Connection.starts_on <= on,
            or_(Connection.ends_on.is_(None), Connection.ends_on > on),
            or_(Person.ended_on.is_(None), Person.ended_on > on),
        )
    )
    found = {PersonHere(name, role, number) for name, role, number in rows}
    return sorted(found, key=lambda one: (_HERE.index(Role(one.role)), one.name))
