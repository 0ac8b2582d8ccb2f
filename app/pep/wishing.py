"""Wishes beside the record: those its reader may see, and the clock that stops when somebody looks."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core import clock
from app.people.audience import FED
from app.people.policy import living_roles
from app.people.sessions import Actor
from app.pep.record import Record
from app.wishes import ledger, watch
from app.wishes.reading import WishView, visible_to


def wishes_beside(session: Session, actor: Actor, record: Record, *, for_the_pep: bool = False) -> list[WishView]:
    """Return the wishes of this PEP (and those of no PEP) that the reader may see. From now on they are seen.

    With ``for_the_pep`` only those that may stand in a PEP, which has more readers than the people chosen for a wish.
    """
    roles = living_roles(session, actor.person_id, record.young_person.id, clock.today())
    views = [
        one
        for one in visible_to(session, actor.person_id, roles, record.young_person.id)
        if one.wish.pep_id in (record.pep.id, None) and (not for_the_pep or one.wish.share in FED)
    ]
    ledger.seen(session, actor, [one.wish for one in views])
    return views


def stop_the_clock(session: Session, actor: Actor, record: Record) -> None:
    """Remember that somebody has looked at the new words of this record."""
    roles = living_roles(session, actor.person_id, record.young_person.id, clock.today())
    watch.words_looked_at(session, actor, record.pep.id, roles, record.facts.care)
