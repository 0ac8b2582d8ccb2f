"""Somebody new: a first name and a mobile number, until a worker has checked who they are. Nothing personal is shown before."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import audit, clock
from app.core.settings import Settings
from app.dropins import booking_telling, eet
from app.dropins.giving_up import cancel
from app.dropins.held import held_by, in_session
from app.dropins.holding import hold_people, hold_slots, kept_apart_from
from app.dropins.models import LIVE, Arrival, Booking, BookingState, Call, NewFace, NextStep, OutcomeCheck, Slot, Visit
from app.dropins.moves import By, Hand, move
from app.dropins.numbers import digest_of_number
from app.messages import outbox
from app.people import tries
from app.people.models import Person, YoungPerson
from app.people.sessions import Actor

MOST_SHOWN = 50
_ONE_TOO_MANY = "had-one-already"
_PER_NUMBER, _PER_ADDRESS = 5, 40
_NUMBER_WINDOW, _ADDRESS_WINDOW = timedelta(hours=24), timedelta(hours=1)


def gates(number: str, address: str | None, config: Settings) -> tuple[tries.Gate, tries.Gate]:
    """Return the gates of a number and of a network (IPv6 by its /64): so many bookings as new a day, and an hour."""
    by_number = f"new-number:{digest_of_number(number, config)[:40]}"
    key = config.secret_key.get_secret_value() if config.secret_key else ""
    network = tries.network(address)
    by_address = f"new-address:{hmac.new(key.encode(), network.encode(), hashlib.sha256).hexdigest()[:40]}"
    return (
        tries.Gate(by_number, _PER_NUMBER, _PER_NUMBER, _NUMBER_WINDOW, _NUMBER_WINDOW),
        tries.Gate(by_address, _PER_ADDRESS, _PER_ADDRESS, _ADDRESS_WINDOW, _ADDRESS_WINDOW, shared=True),
    )


def face_of(session: Session, first_name: str, number: str, language: str, config: Settings) -> NewFace:
    """Return the new face of a number: the one that has no record yet, checked or not, or a new one."""
    digest = digest_of_number(number, config)
    known = select(NewFace).where(NewFace.mobile_digest == digest, NewFace.person_id.is_(None))
    found = session.scalars(known.order_by(NewFace.made_at).limit(1)).first()
    if found is not None:
        return found
    made = NewFace(first_name=first_name, mobile=number, mobile_digest=digest, language=language, made_at=clock.now())
    session.add(made)
    session.flush()
    return made


def unchecked(session: Session) -> list[tuple[NewFace, list[tuple[Booking, Slot]]]]:
    """Return the new faces that wait for a worker, with their bookings, oldest first; two queries whatever their number."""
    waiting = select(NewFace).where(NewFace.checked_at.is_(None), NewFace.first_name.is_not(None))
    faces = list(session.scalars(waiting.order_by(NewFace.made_at).limit(MOST_SHOWN)))
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


def possible(session: Session, faces: Iterable[NewFace]) -> dict[str, list[Person]]:
    """Return the young people who have one of these faces' numbers on record, by number: for a worker to ask, never
    shown to anybody else."""
    numbers = {face.mobile for face in faces if face.mobile}
    same = (
        select(Person)
        .join(YoungPerson, YoungPerson.person_id == Person.id)
        .where(Person.mobile.in_(numbers), Person.ended_on.is_(None) | (Person.ended_on > clock.today()))
        .order_by(Person.name, Person.id)
    )
    found: dict[str, list[Person]] = {}
    for person in session.scalars(same):
        found.setdefault(person.mobile or "", []).append(person)
    return found


def confirm_new(session: Session, actor: Actor, face_id: uuid.UUID) -> None:
    """A worker has checked: somebody new, without a record here. Their bookings stay as they are."""
    face = session.get(NewFace, face_id)
    if face is None:
        raise NotFound
    face.checked_by_id, face.checked_at = actor.person_id, clock.now()
    session.flush()
    audit.record(session, actor, "new-face.checked", thing_id=face.id)


def become(session: Session, actor: Actor, face_id: uuid.UUID, person_id: uuid.UUID) -> int:
    """A worker has found out who it is: everything of a new face becomes that young person's, as if they had come with
    their record from the start (handbook 12.25).

    Returns how many bookings were given up, because the person has one for the same session, is somewhere else at that
    time, or must not meet somebody there. Said twice, it is done once. Raises NotFound for an unknown face or person, and
    for a face that is somebody else already.
    """
    face, person = session.get(NewFace, face_id), session.get(Person, person_id)
    if face is None or person is None or person.young is None:
        raise NotFound
    held = select(Booking.slot_id).where(Booking.whose.in_([face.id, person.id]), Booking.state.in_(LIVE))
    hold_slots(session, session.scalars(held).all())
    hold_people(session, [face.id, person.id])
    session.refresh(face)
    if face.person_id == person.id:
        return 0
    if face.person_id is not None:
        raise NotFound
    face.checked_by_id, face.checked_at, face.person_id = actor.person_id, clock.now(), person.id
    given_up = _move_bookings(session, actor, face.id, person.id)
    _move_visits(session, actor, face.id, person.id)
    audit.record(session, actor, "new-face.matched", subject_id=person.id, thing_id=face.id)
    return given_up


def _move_bookings(session: Session, actor: Actor, face_id: uuid.UUID, person_id: uuid.UUID) -> int:
    who = By(Hand.staff, actor.person_id, str(actor.role))
    given_up = 0
    theirs = select(Booking).where(Booking.whose == face_id).execution_options(populate_existing=True)
    bookings = session.scalars(theirs.order_by(Booking.made_at, Booking.id)).all()
    for booking in bookings:
        too_many = _one_too_many(session, booking, person_id)
        for one in too_many:
            _give_up(session, one, who)
        planned = booking.state in LIVE and booking.state != BookingState.arrived
        if planned and not too_many and _somebody_is_there(session, booking, person_id):
            # They know of no other time of theirs: this one is called off, with no reason.
            _give_up(session, booking, who)
            booking_telling.gone(session, booking, tell=True)
            given_up += 1
        given_up += len(too_many)
        booking.person_id, booking.whose = person_id, person_id
        booking.version += 1
        session.flush()
    outbox.are_about(session, [booking.id for booking in bookings], person_id)
    return given_up


def _one_too_many(session: Session, booking: Booking, person_id: uuid.UUID) -> list[Booking]:
    """Return what has to be given up so that a person can have a booking too: mostly the booking itself. Who is in the
    room already stands there, and what they only planned gives way."""
    if booking.state not in LIVE:
        return []
    slot = session.get_one(Slot, booking.slot_id)
    clashing = [
        one.id for one in held_by(session, person_id) if one.dropin_id == booking.dropin_id or one.overlaps(slot)
    ]
    others = [session.get_one(Booking, one) for one in clashing]
    if booking.state == BookingState.arrived and all(one.state != BookingState.arrived for one in others):
        return others
    return [booking] if others else []


def _somebody_is_there(session: Session, booking: Booking, person_id: uuid.UUID) -> bool:
    """Return whether somebody whom this person must not meet has a place in a session that is still to come."""
    slot = session.get_one(Slot, booking.slot_id)
    apart = kept_apart_from(session, person_id, clock.local(slot.starts_at).date())
    return bool(apart) and clock.now() < slot.starts_at and in_session(session, booking.dropin_id, apart)


def _give_up(session: Session, booking: Booking, who: By) -> None:
    """Give a booking up. One whose time is over, or that somebody came in with, is nobody's to cancel: it is closed
    without a word against anybody, and its place is free."""
    booking_telling.forget_reminders(session, booking)
    over = clock.now() >= session.get_one(Slot, booking.slot_id).ends_at
    if not over and booking.state != BookingState.arrived:
        cancel(session, booking, who, _ONE_TOO_MANY)
        return
    move(session, booking, BookingState.cancelled_by_service, who, _ONE_TOO_MANY, sequence=booking.sequence + 1)


def _move_visits(session: Session, actor: Actor, face_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Move visits with what was agreed at them, and the looks that wait; write down what they did then."""
    asked = select(OutcomeCheck.weeks).where(OutcomeCheck.whose == person_id, OutcomeCheck.done_on.is_(None))
    # One question of each kind waits for somebody at a time.
    twice = (
        OutcomeCheck.whose == face_id,
        OutcomeCheck.done_on.is_(None),
        OutcomeCheck.weeks.in_(asked.scalar_subquery()),
    )
    session.execute(delete(OutcomeCheck).where(*twice).execution_options(synchronize_session=False))
    for table in (Visit, NextStep, OutcomeCheck, Arrival, Call):
        more = {"person_id": person_id} if table is Visit else {}
        session.execute(update(table).where(table.whose == face_id).values(whose=person_id, **more))
    session.flush()
    came = select(Visit).where(Visit.new_face_id == face_id, Visit.undone_at.is_(None)).order_by(Visit.started_at)
    for visit in session.scalars(came.execution_options(populate_existing=True)):
        standing = eet.current(session, person_id)
        if standing is None or standing.from_on < clock.local(visit.started_at).date():
            eet.from_visit(session, actor, visit)
