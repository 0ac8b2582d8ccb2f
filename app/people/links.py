"""A one-time link that a worker makes: seven days, used once, claimed by a button.

Opening the address changes nothing, so a mail scanner or a messenger's preview cannot burn it; the button does. Making a new
link cancels the person's older ones.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session, joinedload

from app.core import audit, clock
from app.core.crypto import digest_of
from app.core.settings import Settings
from app.people.models import OneTimeLink, Person, Role
from app.people.sessions import Actor

WAY = "link"


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A new link and its secret. This is the only moment in which we know it."""

    link: OneTimeLink
    token: str


def make(
    session: Session, actor: Actor | None, person: Person, config: Settings, *, reusable: bool = False
) -> MadeLink:
    """Make a link for ``person`` and cancel their older ones. Raises ValueError for a reusable one outside demo mode."""
    if reusable and not config.demo:
        raise ValueError("A link that works again and again is for demo mode only.")
    moment = clock.now()
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    cancel_waiting(session, person.id)
    token = secrets.token_urlsafe(32)
    link = OneTimeLink(
        person_id=person.id,
        token_hash=digest_of(token),
        sent_by=actor.person_id if actor else None,
        made_at=moment,
        expires_at=moment + config.link_lifetime,
        reusable=reusable,
    )
    session.add(link)
    session.flush()
    audit.record(session, actor, "link.made", subject_id=_child(person), thing_id=link.id)
    return MadeLink(link, token)


def cancel_waiting(session: Session, person_id: uuid.UUID) -> None:
    """Cancel every link of a person that was not used yet."""
    session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.person_id == person_id,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.cancelled_at.is_(None),
            OneTimeLink.reusable.is_(False),
        )
        .values(cancelled_at=clock.now())
    )


def find(session: Session, token: str) -> OneTimeLink | None:
    """Return the link that bears this secret, whether it still works or not."""
    wanted = OneTimeLink.token_hash == digest_of(token)
    return session.scalar(select(OneTimeLink).options(joinedload(OneTimeLink.person)).where(wanted))


def works(link: OneTimeLink, config: Settings) -> bool:
    """Return whether a link could be used now; only ``claim`` decides who gets it."""
    ended = link.person.ended_on
    if link.cancelled_at is not None or (ended is not None and ended <= clock.today()):
        return False
    return (config.demo and link.reusable) or (link.used_at is None and link.expires_at > clock.now())


def claim(session: Session, link: OneTimeLink, config: Settings) -> Person | None:
    """Use a link up and return whose it is; None when it was used, cancelled or too old.

    One conditional update decides, so of two devices that press the button at once exactly one gets in.
    """
    moment = clock.now()
    ended = link.person.ended_on
    if ended is not None and ended <= clock.today():
        return None
    once = and_(OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > moment)
    allowed = or_(once, OneTimeLink.reusable.is_(True)) if config.demo else once
    won = session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.id == link.id, OneTimeLink.cancelled_at.is_(None), allowed)
        .values(used_at=moment)
        .returning(OneTimeLink.id)
    ).first()
    if won is None:
        return None
    audit.record(session, None, "link.used", subject_id=_child(link.person), thing_id=link.id)
    return link.person


def _child(person: Person) -> uuid.UUID | None:
    return person.id if Role(person.role).is_child else None
