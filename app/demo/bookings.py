"""Bookings of the demo: one that is booked, one by an adult, one in line, and somebody new. Without sessions there are none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.settings import settings
from app.demo.acting import acting
from app.dropins import booking_telling
from app.dropins.booking import Asked, Booked, book, wait
from app.dropins.free import Time, free_times
from app.dropins.held import Whose
from app.dropins.models import DropIn, SessionState, Slot
from app.dropins.moves import By, Hand, by
from app.dropins.new_faces import face_of
from app.dropins.who_may import may_come_young
from app.people.models import Person, Role

# From Ofcom's numbers that belong to nobody.
_NEW_NUMBER = "+447700900461"


def book_some(session: Session, young: Mapping[str, Person], adults: Mapping[str, Person]) -> None:
    """Book for the first young people whom the demo's sessions are for, the way each of them would have."""
    times = [one for one in free_times(session, limit=60) if one.slot.starts_at > clock.now() + timedelta(hours=4)]
    used: set[object] = set()
    adviser = next((one for one in adults.values() if one.role == Role.personal_adviser), None)
    for number, (key, person) in enumerate(young.items()):
        suits = [
            one
            for one in times
            if one.slot.id not in used and person.young is not None and may_come_young(one.dropin, person.young)
        ]
        if not suits:
            continue
        helper = adviser if number % 3 == 2 and adviser is not None else None
        who = by(acting(helper), person.id) if helper else By(Hand.self_, person.id, Role.young_person)
        asked = Asked(
            key=f"demo:{key}",
            language=person.language or "en-GB",
            purposes=["find_course", "cv"] if number % 2 else ["find_job"],
            basis="asked_me" if helper else None,
        )
        outcome = book(session, Whose(person.id), suits[0].dropin, suits[0].slot, asked, who)
        if helper and isinstance(outcome, Booked):
            # They have no phone here, so that it stands on the list of those to ring.
            booking_telling.booked(session, outcome.booking, template="booked_for_you", seen=False)
        used.add(suits[0].slot.id)
    _waits(session, young)
    _new(session, times)


def _waits(session: Session, young: Mapping[str, Person]) -> None:
    """Put one young person in the line of a slot that is full."""
    full = select(Slot, DropIn).join(DropIn, DropIn.id == Slot.dropin_id)
    full = full.where(Slot.taken >= Slot.capacity, Slot.starts_at > clock.now(), DropIn.state == SessionState.published)
    for slot, dropin in session.execute(full.order_by(Slot.starts_at)):
        for key, person in young.items():
            if person.young is not None and may_come_young(dropin, person.young):
                own = By(Hand.self_, person.id, Role.young_person)
                asked = Asked(key=f"demo-line:{key}", language=person.language or "en-GB")
                if isinstance(wait(session, Whose(person.id), dropin, slot, asked, own), Booked):
                    return


def _new(session: Session, times: list[Time]) -> None:
    """Somebody new books with a first name and a number."""
    for one in times:
        if one.dropin.visibility == "public_safe" and one.dropin.audience == "all":
            face = face_of(session, "Olena", _NEW_NUMBER, "en-GB", settings())
            asked = Asked(key="demo:new", language="en-GB", contact="text")
            book(session, Whose(new_face_id=face.id), one.dropin, one.slot, asked, By(Hand.self_, face.id, "new_face"))
            return
