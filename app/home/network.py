"""When carers meet: a short list that the Virtual School keeps."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.home.models import CarerNetworkDate
from app.people.sessions import Actor


def coming(session: Session, on: date) -> list[CarerNetworkDate]:
    """Return the dates from a day on, the next one first."""
    return list(
        session.scalars(
            select(CarerNetworkDate).where(CarerNetworkDate.on >= on).order_by(CarerNetworkDate.on, CarerNetworkDate.id)
        )
    )


def add(session: Session, actor: Actor, on: date, place: str, note: str) -> CarerNetworkDate:
    """Add a date; the same day at the same place is added once."""
    known = select(CarerNetworkDate).where(CarerNetworkDate.on == on, CarerNetworkDate.place == place)
    found = session.scalars(known).first()
    if found is not None:
        found.note = note
        return found
    row = CarerNetworkDate(on=on, place=place, note=note, made_by=actor.person_id, made_at=clock.now())
    session.add(row)
    session.flush()
    audit.record(session, actor, "network-date.added", thing_id=row.id)
    return row


def take_off(session: Session, actor: Actor, date_id: uuid.UUID) -> bool:
    """Take a date off the list. Returns whether it was there."""
    row = session.get(CarerNetworkDate, date_id)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    audit.record(session, actor, "network-date.removed", thing_id=date_id)
    return True
