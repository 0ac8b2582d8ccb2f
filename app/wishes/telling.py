"""Telling: a young person that there is an answer, by the way they chose; an adult that a wish is theirs or words wait.

No message holds a word or a name (safeguarding, section 15, row 3).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import insert_if_absent
from app.messages.outbox import post
from app.people.audience import Dial, Reader
from app.people.models import Person
from app.people.reaching import address_of
from app.wishes.hands import in_living_hands
from app.wishes.models import HearBy, Wish

QUESTION = "mt-hear-after"
# Ways for which somebody comes to them: no message goes to their phone.
BY_AN_ADULT = frozenset({"person", "letter", "recording"})
# What messages to adults about wishes and new words come from.
WAITS = "wish.waits"


def wants_to_hear(session: Session, young_person_id: uuid.UUID, way: str | None, share: str, chosen: list[str]) -> None:
    """Keep how a young person wants to be told, as they sent it last; None forgets it."""
    session.execute(delete(HearBy).where(HearBy.young_person_id == young_person_id))
    if way:
        values = {"young_person_id": young_person_id, "way": way, "share": share, "chosen": list(chosen)}
        insert_if_absent(session, HearBy, {**values, "chosen_at": clock.now()})


def way_for(session: Session, wish: Wish, reader: Reader, care: str) -> str | None:
    """Return how the young person wants to be told, if this adult may know it."""
    found = session.get(HearBy, wish.young_person_id)
    if found is None or not Dial(found.share, tuple(found.chosen), QUESTION, care).allows(
        reader.person_id, reader.roles
    ):
        return None
    return found.way


def told_by_an_adult(session: Session, young_person_id: uuid.UUID) -> bool:
    """Return whether somebody comes to this young person to tell them, so that no message goes to their phone."""
    found = session.get(HearBy, young_person_id)
    return found is not None and found.way in BY_AN_ADULT


def tell_young_person(session: Session, wish: Wish, cause_id: uuid.UUID) -> None:
    """Say where they read what is theirs that there is something to look at, unless they want to be told by somebody.

    Without an address it waits on their own page, where every answer stands in any case.
    """
    person = session.get_one(Person, wish.young_person_id)
    reached = address_of(person)
    if reached is None or told_by_an_adult(session, wish.young_person_id):
        return
    kind, address = reached
    post(
        session,
        kind=kind,
        address=address,
        language=person.language,
        template="something_to_look_at",
        cause="wish.answered",
        cause_id=wish.id,
        about=wish.young_person_id,
        key=f"wish-answer:{cause_id}",
    )


def tell_owner(session: Session, wish: Wish) -> None:
    """Tell an adult to whom another gave a wish."""
    if wish.owner_id:
        _tell(session, [wish.owner_id], wish.id, wish.young_person_id, f"wish-owned:{wish.id}:{wish.version}")


def tell_owner_it_is_back(session: Session, wish: Wish) -> None:
    """Tell the adult who has a wish in hand, and may still see it, that its young person says: it did not help, or not happen."""
    if wish.owner_id and wish.back_at and session.scalar(select(Wish.id).where(Wish.id == wish.id, in_living_hands())):
        key = f"wish-back:{wish.id}:{int(wish.back_at.timestamp())}"
        _tell(session, [wish.owner_id], wish.id, wish.young_person_id, key)


def tell_in_turn(
    session: Session, people: Iterable[Reader], cause_id: uuid.UUID, young_person_id: uuid.UUID, came_at: datetime
) -> int:
    """Tell those to whom something has risen, once each. Returns how many have an address."""
    ids = [one.person_id for one in people]
    return _tell(session, ids, cause_id, young_person_id, f"rose:{cause_id}:{int(came_at.timestamp())}")


def _tell(
    session: Session, adult_ids: list[uuid.UUID], cause_id: uuid.UUID, young_person_id: uuid.UUID, key: str
) -> int:
    told = 0
    for person in session.scalars(select(Person).where(Person.id.in_(adult_ids), Person.email.is_not(None))):
        post(
            session,
            kind="email",
            address=person.email or "",
            language=person.language,
            template="words_wait",
            cause=WAITS,
            cause_id=cause_id,
            about=young_person_id,
            key=f"{key}:{person.id}",
        )
        told += 1
    return told
