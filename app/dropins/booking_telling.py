"""Telling somebody about their booking: one channel, chosen by them; safe words; nothing at night (handbook 6).

A message holds a day, a time and a link that does one thing with this booking. No name, no place, no team, no purpose.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import new_id
from app.core.working_days import working_days_after
from app.dropins import booking_links, calls, signals
from app.dropins.models import Booking, BookingState, DropIn, NewFace, Slot
from app.dropins.times import reminder_times
from app.messages import outbox, stopping
from app.messages.quiet_hours import polite
from app.people.models import Person

# Why somebody is rung who cannot be written to, by the message that they would have had.
_WHY = {"booking_made": "booked", "booked_for_you": "booked", "booking_moved": "moved", "place_yours": "yours"}
TOLD, REMINDED, MISSED = "booking.told", "booking.reminder", "booking.missed"
# A kind word leaves on the next working day, at this hour in London (handbook 6).
MORNING = time(10)


def where_to(session: Session, booking: Booking) -> tuple[str, str] | None:
    """Return (kind, address) of the one channel somebody chose, or None: then it stands on their page, or an adviser calls."""
    if booking.contact not in ("text", "email"):
        return None
    person = session.get(Person, booking.person_id) if booking.person_id else None
    if person is not None and stopping.is_stopped(session, person.id):
        return None
    if booking.contact == "email":
        return ("email", person.email) if person is not None and person.email else None
    mobile = person.mobile if person is not None else None
    if not mobile and booking.new_face_id is not None:
        # Also of somebody with a record, when it was found only after they had booked.
        mobile = session.get_one(NewFace, booking.new_face_id).mobile
    return ("sms", mobile) if mobile else None


def booked(session: Session, booking: Booking, *, template: str = "booking_made", seen: bool = True) -> None:
    """Confirm a booking, and plan its reminders. ``seen``: they did it themselves, on a screen that told them so."""
    to = where_to(session, booking)
    if to is None:
        if not seen or booking.contact not in ("app", "none"):
            calls.ring(session, booking, _WHY[template])
        return
    slot = session.get_one(Slot, booking.slot_id)
    told = _row(booking, slot, to, template, TOLD, polite(clock.now()))
    _send(session, booking, slot, [told, *_reminders(booking, slot, to)])


def reached_otherwise(session: Session, booking: Booking) -> None:
    """Plan the reminders anew, without a word now: they chose another way on a screen that told them so."""
    forget_reminders(session, booking)
    to = where_to(session, booking)
    if booking.state != BookingState.booked:
        return
    if to is None:
        booked(session, booking)
        return
    slot = session.get_one(Slot, booking.slot_id)
    _send(session, booking, slot, _reminders(booking, slot, to))


def _reminders(booking: Booking, slot: Slot, to: tuple[str, str]) -> list[dict[str, Any]]:
    moment = clock.now()
    return [
        _row(
            booking,
            slot,
            to,
            "booking_soon",
            REMINDED,
            due,
            key=f"reminder:{booking.id}:{booking.sequence}:{number}:{new_id()}",
        )
        for number, due in enumerate(reminder_times(slot.starts_at))
        if due > moment
    ]


def forget_reminders(session: Session, booking: Booking) -> None:
    """Take back what was planned for a booking that has changed or is no more."""
    calls.forget(session, booking.id)
    for cause in (REMINDED, TOLD):
        outbox.take_back(session, cause, booking.id)


def planned_anew(session: Session, booking: Booking, template: str) -> None:
    """Tell of a change, and plan the reminders for the time as it is now."""
    forget_reminders(session, booking)
    booked(session, booking, template=template, seen=False)


def changed(session: Session, old: Booking, new: Booking) -> None:
    """Tell of another time."""
    forget_reminders(session, old)
    booked(session, new, template="booking_moved")


def gone(session: Session, booking: Booking, *, tell: bool) -> None:
    """Take reminders back, and say that the meeting will not be, unless they said it themselves."""
    forget_reminders(session, booking)
    to = where_to(session, booking)
    if not tell:
        return
    if to is None:
        calls.ring(session, booking, "gone")
    else:
        slot = session.get_one(Slot, booking.slot_id)
        _send(session, booking, slot, [_row(booking, slot, to, "booking_gone", TOLD, polite(clock.now()))], link=False)


def offered(session: Session, booking: Booking) -> None:
    """Say that a place is there, and until when it is held."""
    if booking.offer_ends_at is None:
        return
    to = where_to(session, booking)
    if to is None:
        calls.ring(session, booking, "offered")
        return
    slot = session.get_one(Slot, booking.slot_id)
    more = {"until": booking.offer_ends_at.isoformat()}
    _send(session, booking, slot, [_row(booking, slot, to, "place_offered", TOLD, polite(clock.now()), more=more)])


def missed(session: Session, booking: Booking) -> None:
    """Plan one kind word for the next working day, with a way to another time. None after a second time in a row."""
    to = where_to(session, booking)
    if to is None or _missed_the_one_before(session, booking):
        return
    slot = session.get_one(Slot, booking.slot_id)
    day = working_days_after(clock.today(), 1)
    due = datetime.combine(day, MORNING, clock.LONDON)
    row = _row(booking, slot, to, "missed_you", MISSED, due, more={"path": "/dropins/"})
    outbox.post_all(session, [outbox.row(**row)])


def not_missed(session: Session, booking: Booking) -> None:
    """Take the kind word back: they were there after all, or it was somebody else."""
    outbox.take_back(session, MISSED, booking.id)


def _missed_the_one_before(session: Session, booking: Booking) -> bool:
    """Return whether what they had before this was missed too; what was cancelled or not recorded does not count."""
    settled = (BookingState.attended, BookingState.did_not_attend)
    begins = select(Slot.starts_at).where(Slot.id == booking.slot_id).scalar_subquery()
    before = (
        select(Booking.state)
        .join(Slot, Slot.id == Booking.slot_id)
        .where(Booking.whose == booking.whose, Booking.state.in_(settled), Slot.starts_at < begins)
        .order_by(Slot.starts_at.desc())
        .limit(1)
    )
    return session.scalar(before) == BookingState.did_not_attend


def _row(
    booking: Booking,
    slot: Slot,
    to: tuple[str, str],
    template: str,
    cause: str,
    due: datetime,
    *,
    key: str | None = None,
    more: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return one message as the outbox takes it; its link is put in by ``_send``."""
    return {
        "kind": to[0],
        "address": to[1],
        "language": booking.language,
        "template": template,
        "params": {"when": slot.starts_at.isoformat(), **(more or {})},
        "cause": cause,
        "cause_id": booking.id,
        "about": booking.person_id,
        "key": key,
        "send_after": due,
    }


def _send(session: Session, booking: Booking, slot: Slot, rows: list[dict[str, Any]], *, link: bool = True) -> None:
    """Put messages in the outbox, each with a link of its own."""
    if not rows:
        return
    if link:
        paths = booking_links.make_each(
            session, booking.id, leaves_at=[one["send_after"] for one in rows], until=slot.ends_at
        )
        for one, path in zip(rows, paths, strict=True):
            one["params"]["path"] = path
    outbox.post_all(session, [outbox.row(**one) for one in rows])


@signals.booking_changed.connect
def _tell(booking: Booking, *, session: Session, what: str, pick: Booking | None = None, **_more: Any) -> None:
    """Tell somebody what the waiting list or a change of the session did to their booking."""
    match what:
        case "promoted":
            booked(session, booking, template="place_yours", seen=False)
        case "offered":
            offered(session, booking)
        case "offer-over":
            forget_reminders(session, booking)
        case "moved":
            planned_anew(session, booking, "booking_moved")
        case "lapsed" if booking.contact != "app" and where_to(session, booking) is None:
            calls.ring(session, booking, "lapsed")
        case "cancelled-by-service":
            gone(session, booking, tell=True)
            if pick is not None and pick.state == BookingState.offered:
                offered(session, pick)


@signals.staff_changed.connect
def _others_are_there(dropin: DropIn, *, session: Session, gone: Collection[uuid.UUID], **_more: Any) -> None:
    """Let those who were shown whom they will meet know, before the day, that it is somebody else now (handbook 4.3)."""
    if not gone:
        return
    theirs = select(Booking).join(Slot, Slot.id == Booking.slot_id)
    coming = theirs.where(
        Booking.dropin_id == dropin.id, Booking.state == BookingState.booked, Slot.starts_at > clock.now()
    )
    for booking in session.scalars(coming):
        to = where_to(session, booking)
        if to is None:
            # Who looks at their own page finds the new name there.
            if booking.contact != "app":
                calls.ring(session, booking, "staff")
            continue
        outbox.post(
            session,
            kind=to[0],
            address=to[1],
            language=booking.language,
            template="something_to_look_at",
            cause=TOLD,
            cause_id=booking.id,
            about=booking.person_id,
            send_after=polite(clock.now()),
        )
