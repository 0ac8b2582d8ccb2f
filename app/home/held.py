"""What is held about a person, for their own eyes: who they are here, who is connected, what was sent, who looked, where they
are signed in (safeguarding, sections 9, 11 and 13.15)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.dropins.models import Booking, Story, Visit
from app.home.readers import Look, Received, looks, received_by
from app.home.sent import sent_out
from app.pathways.models import Alert, Dream, Interest, RouteChange, Seat
from app.people.audience import Reader
from app.people.models import Connection, Pep, Person, Role, SignIn, YoungPerson
from app.people.peps import peps_of
from app.people.sessions import Actor
from app.wishes.whys import Asked, asked_by


@dataclass(frozen=True, slots=True)
class Connected:
    """Somebody connected to this person today, in one role, since a day."""

    name: str
    role: str
    since: date
    person_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Place:
    """A phone or computer where this person is signed in."""

    way: str
    helper: str | None
    since: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class SentPep:
    """A PEP for which something was sent, and whom it reached."""

    pep: Pep
    received: list[Received]


@dataclass(frozen=True, slots=True)
class Ahead:
    """How much is held about what somebody wants to do next, by kind."""

    dreams: int
    steps: int
    interests: int
    topics: int
    seats: int
    bookings: int
    visits: int
    stories: int


@dataclass(frozen=True, slots=True)
class HeldOfYoung:
    """Everything on a young person's page about themselves."""

    person: Person
    facts: YoungPerson
    connected: list[Connected]
    sent: list[SentPep]
    looks: list[Look]
    whys: dict[uuid.UUID, Asked]
    places: list[Place]
    ahead: Ahead


@dataclass(frozen=True, slots=True)
class HeldOfAdult:
    """Everything on an adult's page about themselves."""

    person: Person
    connected: list[Connected]
    places: list[Place]


def held_of_young(session: Session, actor: Actor, on: date) -> HeldOfYoung:
    """Return what is held about the young person who asks."""
    person, facts = session.execute(
        select(Person, YoungPerson)
        .join(YoungPerson, YoungPerson.person_id == Person.id)
        .where(Person.id == actor.person_id)
    ).one()
    connected = _adults_of(session, actor.person_id, on)
    seen = looks(session, actor.person_id)
    return HeldOfYoung(
        person=person,
        facts=facts,
        connected=connected,
        sent=_sent(session, actor.person_id, facts.care, connected, seen),
        # The newest of those that read the same: one line, and one 'why?'.
        looks=list({look.sentence: look for look in reversed(seen)}.values())[::-1],
        whys=asked_by(session, actor.person_id),
        places=places(session, actor),
        ahead=ahead_of(session, actor.person_id),
    )


def ahead_of(session: Session, person_id: uuid.UUID) -> Ahead:
    """Return how much is held of somebody's route, what they like, where they signed up, and their drop-ins."""
    owners = (
        Dream.person_id,
        RouteChange.person_id,
        Interest.person_id,
        Alert.person_id,
        Seat.person_id,
        Booking.person_id,
        Visit.person_id,
        Story.person_id,
    )
    counts = [select(func.count()).where(owner == person_id).scalar_subquery() for owner in owners]
    return Ahead(*session.execute(select(*counts)).one())


def held_of_adult(session: Session, actor: Actor, on: date) -> HeldOfAdult:
    """Return what is held about the adult who asks."""
    return HeldOfAdult(
        person=session.get_one(Person, actor.person_id),
        connected=_young_people_of(session, actor.person_id, on),
        places=places(session, actor),
    )


def places(session: Session, actor: Actor) -> list[Place]:
    """Return where this person is signed in now, this place first."""
    moment = clock.now()
    helper = aliased(Person)
    rows = session.execute(
        select(SignIn, helper.name)
        .outerjoin(helper, helper.id == SignIn.helper_id)
        .where(SignIn.person_id == actor.person_id, SignIn.ended_at.is_(None), SignIn.ends_at > moment)
        .order_by(SignIn.began_at.desc())
    )
    living = [(row, name) for row, name in rows if row.seen_at + timedelta(seconds=row.idle_seconds) >= moment]
    found = [Place(row.way, name, row.began_at, row.id == actor.sign_in_id) for row, name in living]
    return sorted(found, key=lambda place: not place.here)


def _sent(
    session: Session, person_id: uuid.UUID, care: str, connected: list[Connected], seen: list[Look]
) -> list[SentPep]:
    everything = sent_out(session, person_id)
    spoken = {one.pep_id for one in everything}
    people = _as_readers(connected)
    return [
        SentPep(pep, received_by(everything, care, people, seen, pep.id))
        for pep in peps_of(session, person_id)
        if pep.id in spoken
    ]


def _as_readers(connected: list[Connected]) -> list[Reader]:
    """Return connected adults as the audience dial knows them: one a person, with all their roles; readers of records only."""
    found: dict[uuid.UUID, tuple[str, set[Role]]] = {}
    for one in connected:
        if one.role != Role.participation_worker:
            found.setdefault(one.person_id, (one.name, set()))[1].add(Role(one.role))
    return [Reader(person_id, name, frozenset(roles)) for person_id, (name, roles) in found.items()]


def _adults_of(session: Session, young_person_id: uuid.UUID, on: date) -> list[Connected]:
    rows = session.execute(
        select(Person.name, Connection.role, Connection.starts_on, Person.id)
        .join(Person, Person.id == Connection.adult_id)
        .where(
            Connection.young_person_id == young_person_id,
            Connection.starts_on <= on,
            (Connection.ends_on.is_(None)) | (Connection.ends_on > on),
            (Person.ended_on.is_(None)) | (Person.ended_on > on),
        )
        .order_by(Person.name, Person.id)
    )
    return [Connected(*row) for row in rows]


def _young_people_of(session: Session, adult_id: uuid.UUID, on: date) -> list[Connected]:
    rows = session.execute(
        select(Person.name, Connection.role, Connection.starts_on, Person.id)
        .join(Person, Person.id == Connection.young_person_id)
        .where(
            Connection.adult_id == adult_id,
            Connection.starts_on <= on,
            (Connection.ends_on.is_(None)) | (Connection.ends_on > on),
        )
        .order_by(Person.name, Person.id)
    )
    return [Connected(*row) for row in rows]
