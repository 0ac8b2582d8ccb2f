"""Who comes without a booking: with a record, or with a first name alone. And what happens at a session that is no visit."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, places
from app.core.db import insert_if_absent, new_id
from app.dropins.models import Booking, BookingState, DropIn, Happening, NewFace, Slot, Visit
from app.dropins.room import enter
from app.dropins.running import REASONS, RUNS_BEFORE, NotNow, attend, begin_visit, require_running, visit_values
from app.people.sessions import Actor

HAPPENINGS = ("carer_alone", "no_interpreter")


def walk_in(
    session: Session,
    actor: Actor,
    dropin: DropIn,
    *,
    key: str,
    person_id: uuid.UUID | None = None,
    first_name: str = "",
    language: str = "en-GB",
    cohort: str = "ours",
    reason: str | None = None,
) -> Visit:
    """Somebody came without a booking: their visit, with a record or with a first name alone. Never turned away.

    Afterwards (a session that is over) it needs a reason. Raises NotNow, ValueError without a person and a name.
    """
    standing = session.scalars(select(Visit).where(Visit.key == key)).first()
    if standing is not None:
        return standing
    require_running(dropin)
    if clock.now() > dropin.ends_at + RUNS_BEFORE and reason not in REASONS:
        raise NotNow("reason")
    booked = _booked_here(session, dropin, person_id)
    if booked is not None:
        # They had a booking after all: the visit is that booking's, not a second one.
        return attend(session, actor, booked.id, key=key)
    face = None if person_id else _new_face(session, first_name, language)
    whose = person_id or (face.id if face else None)
    if whose is None:
        raise ValueError("nobody")
    values = visit_values(actor, dropin, whose, key)
    values |= {
        "person_id": person_id,
        "new_face_id": face.id if face else None,
        "was_walk_in": True,
        "cohort": cohort if cohort == "other" else "ours",
        "language_used": language,
    }
    visit, fresh = begin_visit(session, actor, values, detail=reason)
    if not fresh:
        # The same tap at the same moment: it has its place, and its name.
        if face is not None:
            session.delete(face)
            session.flush()
        return visit
    slot_id = _place_now(session, dropin)
    enter(session, dropin, whose, key=f"walk-in:{visit.id}", visit_id=visit.id, slot_id=slot_id)
    return visit


def _booked_here(session: Session, dropin: DropIn, person_id: uuid.UUID | None) -> Booking | None:
    if person_id is None:
        return None
    return session.scalars(
        select(Booking).where(
            Booking.dropin_id == dropin.id,
            Booking.whose == person_id,
            Booking.state.in_((BookingState.booked, BookingState.arrived, BookingState.attended)),
        )
    ).first()


def _new_face(session: Session, first_name: str, language: str) -> NewFace:
    name = " ".join(first_name.split())
    if not name or len(name) > 60:
        raise ValueError("name")
    face = NewFace(first_name=name, language=language, made_at=clock.now())
    session.add(face)
    session.flush()
    return face


def _place_now(session: Session, dropin: DropIn) -> uuid.UUID | None:
    """Take a place of the slot that runs now, or of the next one, when one is free; None when none is."""
    moment = clock.now()
    slots = session.scalars(
        select(Slot).where(Slot.dropin_id == dropin.id, Slot.ends_at > moment).order_by(Slot.starts_at).limit(2)
    )
    return next((slot.id for slot in slots if places.take(session, Slot, slot.id)), None)


def happened(session: Session, actor: Actor, dropin: DropIn, kind: str, *, key: str) -> None:
    """Count something that is no visit: a carer came alone, an interpreter did not come. Nothing about anybody is kept."""
    if kind not in HAPPENINGS:
        raise ValueError(kind)
    require_running(dropin)
    values = {
        "id": new_id(),
        "key": key,
        "dropin_id": dropin.id,
        "kind": kind,
        "at": clock.now(),
        "by_id": actor.person_id,
    }
    insert_if_absent(session, Happening, values)
