"""A booking as its owner reads it: a calendar's number that never falls, and a card that leaves its entry."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from app.core.audit import AuditEntry
from app.core.db import new_id
from app.dropins import sessions
from app.dropins.booking import Booked
from app.dropins.booking_reading import calendar_of, view_of
from app.dropins.giving_up import cancel, reschedule
from app.dropins.models import Booking, DropInStaff
from app.people.models import Person
from tests.dropins.factories import by_themselves
from tests.dropins.visit_rows import START, Hall
from tests.wishes.conftest import actor_of


def facts(hall: Hall, booking: Booking) -> tuple[str, int, str]:
    """Return UID, SEQUENCE and start of the calendar file."""
    lines = calendar_of(view_of(hall.session, booking), "en-GB").decode().splitlines()
    found = dict(line.partition(":")[::2] for line in lines if ":" in line)
    return found["UID"], int(found["SEQUENCE"]), found["DTSTART"]


def test_a_calendar_never_keeps_an_older_time_because_the_number_of_a_newer_one_is_lower(
    hall: Hall, lark: Person
) -> None:
    dropin, other = hall.dropin(), hall.dropin(starts_at=START + timedelta(days=7))
    for one in (dropin, other):
        hall.session.add(DropInStaff(dropin_id=one.id, person_id=hall.adviser.id))
    booking, free = hall.booking(lark, dropin, hall.slot(dropin)), hall.slot(other)
    seen = [facts(hall, booking)]
    for hours in (1, 2):
        begins: datetime = dropin.starts_at + timedelta(hours=hours)
        sessions.rearrange(hall.session, actor_of(hall.adviser), dropin, begins, begins + timedelta(hours=2))
        hall.session.commit()
        seen.append(facts(hall, booking))
    outcome = reschedule(hall.session, booking, free, str(new_id()), by_themselves(lark))
    assert isinstance(outcome, Booked)
    hall.session.commit()
    seen.append(facts(hall, outcome.booking))
    cancel(hall.session, outcome.booking, by_themselves(lark))
    seen.append(facts(hall, outcome.booking))
    assert len({uid for uid, _number, _start in seen}) == 1
    numbers = [number for _uid, number, _start in seen]
    assert numbers == sorted(set(numbers)), f"{numbers} rise with each change"


def test_who_prints_somebodys_card_is_written_down(hall: Hall, lark: Person) -> None:
    dropin = hall.dropin()
    booking = hall.booking(lark, dropin, hall.slot(dropin))
    hall.text(hall.adviser, f"/staff/young-people/{lark.id}/dropins/{booking.id}/card")
    entry = hall.session.scalars(select(AuditEntry).where(AuditEntry.event == "booking.printed")).one()
    assert (entry.subject_id, entry.actor_id) == (lark.id, hall.adviser.id)
