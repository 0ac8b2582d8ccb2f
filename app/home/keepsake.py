"""A young person's own copy of what they sent: one plain file to take away, readable anywhere and for ever.

Guidance says that a child's own contributions are kept, with the child having copies (safeguarding, section 10).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.home.sent import sent_out
from app.pathways import my_route
from app.people.models import Pep
from app.people.peps import peps_of
from app.people.sessions import Actor
from app.pep.record import Section, for_young_person


@dataclass(frozen=True, slots=True)
class Chapter:
    """What was sent for one PEP."""

    pep: Pep
    sections: list[Section]


def chapters(session: Session, actor: Actor, language: str) -> list[Chapter]:
    """Return everything that stands sent, newest PEP first.

    One reading a PEP, so that nothing is lost where a term has two of them; a copy is made once in a while, not on every visit.
    """
    spoken = {one.pep_id for one in sent_out(session, actor.person_id)}
    spoken |= {row.pep_id for row in my_route.every_shared(session, actor.person_id) if my_route.stands(row)}
    return [
        Chapter(
            pep, [section for section in for_young_person(session, actor, pep.id, language).sections if section.now]
        )
        for pep in peps_of(session, actor.person_id)
        if pep.id in spoken
    ]
