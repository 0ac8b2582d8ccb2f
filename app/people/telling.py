"""Telling a trusted adult, through the outbox, in the transaction of what happened."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.messages import outbox, stopping
from app.people.caseload import alive
from app.people.links import MadeLink
from app.people.models import Card, Connection, Person
from app.people.policy import CARD_ISSUERS
from app.people.signals import card_locked


@card_locked.connect
def tell_of_a_resting_card(card: Card, *, session: Session, until: datetime) -> None:
    """Tell every worker who could give this young person a new card. A carer is not told: it may be they who guessed."""
    today = clock.today()
    workers = session.scalars(
        select(Person)
        .join(Connection, Connection.adult_id == Person.id)
        .where(
            Connection.young_person_id == card.person_id,
            Connection.role.in_(CARD_ISSUERS),
            alive(today),
            Person.email.is_not(None),
            Person.ended_on.is_(None) | (Person.ended_on > today),
        )
        .distinct()
    ).all()
    for worker in workers:
        outbox.post(
            session,
            kind="email",
            address=worker.email or "",
            language=worker.language,
            template="card_locked",
            cause="card.locked",
            cause_id=card.id,
            about=card.person_id,
            key=f"card-locked:{card.id}:{int(until.timestamp())}:{worker.id}",
        )


def send_link_to_phone(session: Session, made: MadeLink) -> bool:
    """Put a one-time link in the outbox for the young person's own phone. Returns False when we hold no number or they want
    no messages.

    Only where the worker asks for it: a child gets their way in by hand, not by message, unless they want it so (handbook 9.1).
    """
    person = session.get_one(Person, made.link.person_id)
    if not person.mobile or stopping.is_stopped(session, person.id):
        return False
    outbox.post(
        session,
        kind="sms",
        address=person.mobile,
        language=person.language,
        template="one_time_link",
        params={"path": f"/go/{made.token}", "until": clock.local(made.link.expires_at).date().isoformat()},
        cause="link.made",
        cause_id=made.link.id,
        about=person.id,
    )
    return True
