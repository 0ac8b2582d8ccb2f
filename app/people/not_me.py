"""'That was not me': a young person sees who made a way in to their page and when it was first used, and can stop it.

A worker who makes a card or a link could use it themselves before it reaches the young person, and choose its code. Nobody can
see that from outside; the young person can, if they are told (safeguarding, section 15 rows 1 and 5).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, literal, select, union_all
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import audit, clock
from app.core.audit import AuditEntry
from app.messages import outbox
from app.people import cards, links, sessions
from app.people.caseload import alive
from app.people.models import Card, Connection, OneTimeLink, Person, Role, SignIn
from app.people.sessions import Actor

EVENT = "way-in.not-mine"
_TOLD_FOR = timedelta(days=30)
# Whoever came in by it a moment ago needs not be told of it.
_THIS_VISIT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class WayIn:
    """A card or link that somebody made for a young person. ``kind`` is 'card' or 'link'."""

    kind: str
    id: uuid.UUID
    made_by: str
    first_used: datetime


def lately_used(session: Session, actor: Actor) -> list[WayIn]:
    """Return the ways in to this young person's page that were first used before this visit, the newest first.

    Those of the last month that a worker made, and that the young person has not said were not theirs.
    """
    since = clock.now() - _TOLD_FOR
    said = select(AuditEntry.thing_id).where(AuditEntry.subject_id == actor.person_id, AuditEntry.event == EVENT)
    found = _ways_in(
        session,
        actor.person_id,
        (Card.claimed_at >= since) & Card.id.not_in(said),
        (OneTimeLink.used_at >= since) & OneTimeLink.id.not_in(said),
    )
    if not found:
        return []
    began = session.scalars(select(SignIn.began_at).where(SignIn.id == actor.sign_in_id)).one()
    return [way for way in found if way.first_used < began - _THIS_VISIT]


def stop(session: Session, actor: Actor, way_id: uuid.UUID) -> None:
    """Stop a way in that the young person says was not theirs, and tell the Virtual School.

    Every other session of theirs ends; the one in which they say so stays open. Twice is the same as once. Raises NotFound for
    what is no way in to their page.
    """
    way = next((one for one in lately_used(session, actor) if one.id == way_id), None)
    if way is None:
        if any(one.id == way_id for one, _at in told_of(session, actor.person_id)):
            return
        raise NotFound
    card = cards.living(session, actor.person_id)
    if card is not None and card.id == way_id:
        cards.revoke(session, actor, card.person, but=actor.sign_in_id)
    links.cancel_waiting(session, actor.person_id)
    sessions.end_all_of(session, actor.person_id, but=actor.sign_in_id)
    audit.record(session, actor, EVENT, subject_id=actor.person_id, thing_id=way_id, detail=way.kind)
    _tell(session, actor.person_id, way_id)


def told_of(session: Session, person_id: uuid.UUID) -> list[tuple[WayIn, datetime]]:
    """Return what a young person said was not them, and when they said it: for the Virtual School."""
    rows = session.execute(
        select(AuditEntry.thing_id, AuditEntry.at).where(AuditEntry.subject_id == person_id, AuditEntry.event == EVENT)
    )
    said = {row.thing_id: row.at for row in rows}
    if not said:
        return []
    found = _ways_in(session, person_id, Card.id.in_(said), OneTimeLink.id.in_(said))
    return [(way, said[way.id]) for way in found]


def _ways_in(
    session: Session, person_id: uuid.UUID, card: ColumnElement[bool], link: ColumnElement[bool]
) -> list[WayIn]:
    rows = session.execute(
        union_all(
            select(literal("card"), Card.id, Person.name, Card.claimed_at)
            .join(Person, Person.id == Card.issued_by)
            .where(Card.person_id == person_id, card),
            select(literal("link"), OneTimeLink.id, Person.name, OneTimeLink.used_at)
            .join(Person, Person.id == OneTimeLink.sent_by)
            .where(OneTimeLink.person_id == person_id, link),
        )
    )
    found = [WayIn(kind, way_id, name, used) for kind, way_id, name, used in rows if used is not None]
    return sorted(found, key=lambda way: way.first_used, reverse=True)


def _tell(session: Session, person_id: uuid.UUID, way_id: uuid.UUID) -> None:
    """Tell the Virtual School workers of this young person, or all of them where none is connected."""
    here = (
        Person.role == Role.virtual_school,
        Person.email.is_not(None),
        Person.ended_on.is_(None) | (Person.ended_on > clock.today()),
    )
    theirs = select(Connection.adult_id).where(Connection.young_person_id == person_id, alive(clock.today()))
    workers = session.scalars(select(Person).where(*here, Person.id.in_(theirs))).all()
    for worker in workers or session.scalars(select(Person).where(*here)).all():
        outbox.post(
            session,
            kind="email",
            address=worker.email or "",
            language=worker.language,
            template="not_me",
            params={"path": f"/staff/young-people/{person_id}" if workers else "/staff/young-people"},
            cause=EVENT,
            cause_id=way_id,
            about=person_id,
            key=f"not-me:{way_id}:{worker.id}",
        )
