"""Telling the child and the adults about a meeting, through the outbox. No message names anybody (safeguarding, section 6)."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.messages.outbox import post
from app.people.audience import Reader, readers_today
from app.people.models import Care, Pep, Person, Role, YoungPerson
from app.people.reaching import address_of, tidy
from app.people.sessions import Actor
from app.pep.models import Coming, Expected
from app.wishes.telling import told_by_an_adult

# Who is usually there (handbook 4.2): the teacher asks, the social worker comes, and so do those the child lives with. The
# Virtual School's staff do not normally attend.
USUALLY = frozenset({Role.designated_teacher, Role.social_worker, Role.carer, Role.key_worker, Role.personal_adviser})
THERE = (Coming.asked, Coming.yes)


def tell_the_child(session: Session, person: Person, pep: Pep, cause: str, once: str) -> None:
    """Put a message in the outbox for the child, where they have an address; their own page says it in any case.

    Who wants to be told by a person gets none.
    """
    if told_by_an_adult(session, person.id):
        return
    if (reached := address_of(person)) is not None:
        post(
            session,
            kind=reached[0],
            address=reached[1],
            language=person.language,
            template="something_to_look_at",
            cause=cause,
            cause_id=pep.id,
            about=person.id,
            key=f"{cause}:{pep.id}:{once}",
        )


def tell_the_adults(
    session: Session, actor: Actor, pep: Pep, facts: YoungPerson, on: date, template: str, once: str
) -> int:
    """Tell whoever is asked (else whoever is usually there) that the day has changed or the meeting is off. Returns how many.

    The message names nobody and no place (safeguarding, section 6). Whoever changed it knows already.
    """
    told = 0
    params = {"day": pep.meeting_on.isoformat()} if template == "meeting_moved" and pep.meeting_on else {}
    for person in session.scalars(select(Person).where(Person.id.in_(_to_tell(session, actor, pep, facts, on)))):
        mobile = tidy(person.mobile or "")
        kind, address = ("email", person.email) if person.email else ("sms", mobile)
        if not address:
            continue
        post(
            session,
            kind=kind,
            address=address,
            language=person.language,
            template=template,
            params=params,
            cause=template.replace("_", ".", 1).replace("_", "-"),
            cause_id=pep.id,
            about=pep.young_person_id,
            key=f"{template}:{pep.id}:{once}:{person.id}",
        )
        told += 1
    return told


def _to_tell(session: Session, actor: Actor, pep: Pep, facts: YoungPerson, on: date) -> list[uuid.UUID]:
    around = [one for one in readers_today(session, pep.young_person_id, on) if one.person_id != actor.person_id]
    rows = session.execute(select(Expected.person_id, Expected.coming).where(Expected.pep_id == pep.id)).all()
    if rows:
        asked = {row.person_id for row in rows if row.coming in THERE}
        return [one.person_id for one in around if one.person_id in asked]
    return [one.person_id for one in around if _is_usually_there(one, facts.care)]


def _is_usually_there(one: Reader, care: str) -> bool:
    at_home_or_school = any(role.at_home or role.at_school for role in one.roles)
    return bool(one.roles & USUALLY) and not (care == Care.care_leaver and at_home_or_school)
