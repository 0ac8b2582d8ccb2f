"""Somebody new: a first name and a mobile number, until a worker has checked who they are. Nothing personal is shown before."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import audit, clock
from app.core.settings import Settings
from app.dropins import signals
from app.dropins.giving_up import cancel
from app.dropins.held import ELSEWHERE
from app.dropins.models import LIVE, Booking, NewFace, Slot
from app.dropins.moves import By, Hand
from app.dropins.numbers import digest_of_number
from app.people import tries
from app.people.models import Person
from app.people.sessions import Actor

_PER_NUMBER, _PER_ADDRESS = 5, 40
_NUMBER_WINDOW, _ADDRESS_WINDOW = timedelta(hours=24), timedelta(hours=1)


def gates(number: str, address: str | None, config: Settings) -> tuple[tries.Gate, tries.Gate]:
    """Return the gates of a number and of a network address: so many bookings as new a day, and an hour."""
    by_number = f"new-number:{digest_of_number(number, config)[:40]}"
    key = config.secret_key.get_secret_value() if config.secret_key else ""
    by_address = f"new-address:{hmac.new(key.encode(), (address or '').encode(), hashlib.sha256).hexdigest()[:40]}"
    return (
        tries.Gate(by_number, _PER_NUMBER, _PER_NUMBER, _NUMBER_WINDOW, _NUMBER_WINDOW),
        tries.Gate(by_address, _PER_ADDRESS, _PER_ADDRESS, _ADDRESS_WINDOW, _ADDRESS_WINDOW, shared=True),
    )


def face_of(session: Session, first_name: str, number: str, language: str, config: Settings) -> NewFace:
    """Return the new face of a number: the one that waits to be checked, or a new one."""
    digest = digest_of_number(number, config)
    waiting = select(NewFace).where(NewFace.mobile_digest == digest, NewFace.checked_at.is_(None))
    found = session.scalars(waiting.order_by(NewFace.made_at).limit(1)).first()
    if found is not None:
        return found
    made = NewFace(first_name=first_name, mobile=number, mobile_digest=digest, language=language, made_at=clock.now())
    session.add(made)
    session.flush()
    return made


def unchecked(session: Session) -> list[tuple[NewFace, list[tuple[Booking, Slot]]]]:
    """Return the new faces that wait for a worker, with their bookings, oldest first; two queries whatever their number."""
    faces = list(session.scalars(select(NewFace).where(NewFace.checked_at.is_(None)).order_by(NewFace.made_at)))
    rows = session.execute(
        select(Booking, Slot)
        .join(Slot, Slot.id == Booking.slot_id)
        .where(Booking.new_face_id.in_([face.id for face in faces]), Booking.state.in_(LIVE))
        .order_by(Slot.starts_at)
    )
    of_face: dict[uuid.UUID | None, list[tuple[Booking, Slot]]] = {}
    for booking, slot in rows:
        of_face.setdefault(booking.new_face_id, []).append((booking, slot))
    return [(face, of_face.get(face.id, [])) for face in faces]


def possible(session: Session, face: NewFace) -> list[Person]:
    """Return young people who have the same mobile number on record: for a worker to ask, never shown to anybody else."""
    if not face.mobile:
        return []
    same = select(Person).where(Person.mobile == face.mobile, Person.ended_on.is_(None))
    return [person for person in session.scalars(same) if person.young is not None]


def confirm_new(session: Session, actor: Actor, face_id: uuid.UUID) -> None:
    """A worker has checked: somebody new, without a record here. Their bookings stay as they are."""
    face = session.get(NewFace, face_id)
    if face is None:
        raise NotFound
    face.checked_by_id, face.checked_at = actor.person_id, clock.now()
    session.flush()
    audit.record(session, actor, "new-face.checked", thing_id=face.id)


def match(session: Session, actor: Actor, face_id: uuid.UUID, person: Person) -> int:
    """A worker has found out who it is: the bookings become that person's. Returns how many were given up, because
    the person had one
    for the same session, or was somewhere else at that time."""
    face = session.get(NewFace, face_id)
    if face is None or person.young is None:
        raise NotFound
    face.checked_by_id, face.checked_at, face.person_id = actor.person_id, clock.now(), person.id
    who = By(Hand.staff, actor.person_id, str(actor.role))
    given_up = 0
    for booking in list(session.scalars(select(Booking).where(Booking.new_face_id == face.id))):
        if booking.state in LIVE and _in_the_way(session, booking, person.id):
            cancel(session, booking, who, "had-one-already")
            given_up += 1
        booking.person_id, booking.whose = person.id, person.id
        booking.version += 1
        session.flush()
    signals.new_face_matched.send(face, session=session, actor=actor, person=person)
    audit.record(session, actor, "new-face.matched", subject_id=person.id, thing_id=face.id)
    return given_up


def _in_the_way(session: Session, booking: Booking, person_id: uuid.UUID) -> bool:
    slot = session.get_one(Slot, booking.slot_id)
    rows = session.execute(
        select(Booking.dropin_id, Booking.state, Slot.starts_at, Slot.ends_at)
        .join(Slot, Slot.id == Booking.slot_id)
        .where(Booking.whose == person_id, Booking.state.in_(LIVE))
    )
    return any(
        one.dropin_id == booking.dropin_id
        or (one.state in ELSEWHERE and one.starts_at < slot.ends_at and one.ends_at > slot.starts_at)
        for one in rows
    )
