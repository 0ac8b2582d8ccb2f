"""Seats at HE events: signing up, the line, the yes for somebody under 16, who came, and what they thought.

Everything that changes seats first takes the event's row (``_hold``), so that of two people at the same moment one comes after
the other, on SQLite and PostgreSQL alike; a place is taken by ``app.core.places`` alone. While somebody waits, a place that comes
free is held for them: it is never free to a newcomer (handbook, dropins 4.4, simplified).
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core import audit, clock, places
from app.core.db import insert_if_absent, new_id
from app.messages.quiet_hours import polite
from app.pathways import opportunity_telling as telling
from app.pathways.models import HeEvent, Opportunity, Seat
from app.people.sessions import Actor

LIVE = ("booked", "waiting", "offered")
COULD_SEE = ("yes", "maybe", "no", "rather-not-say")
WAS = ("good", "ok", "not-for-me")
_OFFER_LASTS = timedelta(hours=24)
# A place that comes free later than this before the start is offered to nobody: they could not get there.
_TOO_LATE = timedelta(hours=2)


class YesMissing(ValueError):
    """Somebody has to say yes for them first, and nobody has."""


class NotNow(ValueError):
    """It cannot be done any more: the event has begun, was taken out, or the offer went to the next person."""


class Clash(ValueError):
    """They are booked for another event at the same time. Asked again with ``anyway`` it is done."""

    def __init__(self, other: Opportunity) -> None:
        """Take the other event."""
        super().__init__()
        self.other = other


def event_of(session: Session, opportunity_id: uuid.UUID) -> HeEvent:
    """Return the seats of an event. Raises LookupError for an opportunity that is none."""
    found = session.scalar(select(HeEvent).where(HeEvent.opportunity_id == opportunity_id))
    if found is None:
        raise LookupError("This opportunity has no seats.")
    return found


def seat_of(session: Session, event_id: uuid.UUID, person_id: uuid.UUID) -> Seat | None:
    """Return somebody's seat at an event, the newest when they gave one back before; None when they never had one."""
    return session.scalar(
        select(Seat)
        .where(Seat.event_id == event_id, Seat.person_id == person_id)
        .order_by(Seat.state.in_(LIVE).desc(), Seat.made_at.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def place_in_line(session: Session, seat: Seat) -> int:
    """Return which number somebody is in the line: 1 is next."""
    before = select(func.count()).where(
        Seat.event_id == seat.event_id,
        Seat.state == "waiting",
        (Seat.waiting_since < seat.waiting_since) | ((Seat.waiting_since == seat.waiting_since) & (Seat.id < seat.id)),
    )
    return (session.scalar(before) or 0) + 1


def sign_up(
    session: Session,
    actor: Actor,
    row: Opportunity,
    person_id: uuid.UUID,
    *,
    carer_comes: bool = False,
    anyway: bool = False,
) -> Seat:
    """Give somebody a seat, or the last place in the line when there is none. Twice is as good as once.

    Under 16 the seat is held and waits for a yes; who signs up a young person and may say yes has said it by that. Raises NotNow
    and Clash.
    """
    moment = clock.now()
    event = event_of(session, row.id)
    _hold(session, event.id)
    # It may have been called off or moved since this page was asked for.
    session.refresh(row)
    lapse(session, row, event.id)
    found = seat_of(session, event.id, person_id)
    if found is not None and found.state in LIVE:
        return found
    if row.withdrawn_at is not None or row.starts_at is None or row.starts_at <= moment:
        raise NotNow
    if not anyway and (other := _at_the_same_time(session, row, person_id)):
        raise Clash(other)
    booked = places.take(session, HeEvent, event.id)
    values = {
        "id": new_id(),
        "event_id": event.id,
        "person_id": person_id,
        "state": "booked" if booked else "waiting",
        "booked_by_id": actor.person_id,
        "made_at": moment,
        "waiting_since": None if booked else moment,
        "carer_comes": carer_comes,
        "version": 1,
    }
    inserted = insert_if_absent(session, Seat, values)
    if booked and not inserted:
        places.give_back(session, HeEvent, event.id)
    seat = seat_of(session, event.id, person_id)
    assert seat is not None  # noqa: S101 - it was inserted, or there was one
    if inserted:
        audit.record(session, actor, "event.signed-up", subject_id=person_id, thing_id=seat.id, detail=seat.state)
        _yes_of_who_signs_up(session, actor, seat)
    _count(session, row, event.id)
    return seat


def _yes_of_who_signs_up(session: Session, actor: Actor, seat: Seat) -> None:
    if not telling.needs_a_yes(session, seat.person_id):
        return
    if actor.person_id != seat.person_id and actor.role in telling.MAY_SAY_YES:
        say_yes(session, actor, seat)
    else:
        telling.ask_for_a_yes(session, seat)


def say_yes(session: Session, actor: Actor, seat: Seat) -> None:
    """Write down who said yes for somebody under 16, and when. The first one stands. The caller checked that they may."""
    done = session.execute(
        update(Seat)
        .where(Seat.id == seat.id, Seat.consent_at.is_(None), Seat.state.in_(LIVE))
        .values(consent_by_id=actor.person_id, consent_at=clock.now())
        .returning(Seat.id)
    ).first()
    if done is not None:
        audit.record(session, actor, "event.yes", subject_id=seat.person_id, thing_id=seat.id)
    session.refresh(seat)


def waits_for_a_yes(session: Session, seat: Seat) -> bool:
    """Return whether somebody still has to say yes for whoever has this seat."""
    return seat.consent_at is None and telling.needs_a_yes(session, seat.person_id)


def accept(session: Session, actor: Actor, row: Opportunity, person_id: uuid.UUID) -> Seat:
    """Take the place that came free. Raises NotNow when the offer has gone to the next person."""
    event = event_of(session, row.id)
    _hold(session, event.id)
    lapse(session, row, event.id)
    seat = seat_of(session, event.id, person_id)
    if seat is None or seat.state not in ("offered", "booked"):
        raise NotNow
    if seat.state == "offered":
        seat.state, seat.waiting_since, seat.version = "booked", None, seat.version + 1
        audit.record(session, actor, "event.accepted", subject_id=person_id, thing_id=seat.id)
        session.flush()
    return seat


def cancel(session: Session, actor: Actor, row: Opportunity, person_id: uuid.UUID) -> Seat | None:
    """Give a seat or a place in the line back; a free place goes to whoever waits longest. Twice is as good as once."""
    event = event_of(session, row.id)
    _hold(session, event.id)
    seat = seat_of(session, event.id, person_id)
    if seat is None or seat.state not in LIVE or (row.ends_at is not None and row.ends_at <= clock.now()):
        return seat
    held_a_place = seat.state in ("booked", "offered")
    seat.state, seat.version = "cancelled", seat.version + 1
    session.flush()
    audit.record(session, actor, "event.cancelled", subject_id=person_id, thing_id=seat.id)
    if held_a_place:
        places.give_back(session, HeEvent, event.id)
        pass_on(session, row, event.id)
    _count(session, row, event.id)
    return seat


def pass_on(session: Session, row: Opportunity, event_id: uuid.UUID) -> int:
    """Offer every free place to whoever waits longest, until there is no place or nobody. Returns how many offers.

    An offer holds its place for 24 hours, and never longer than until two hours before the start.
    """
    moment, count = clock.now(), 0
    if row.starts_at is None or row.starts_at - _TOO_LATE <= moment or row.withdrawn_at is not None:
        return 0
    while (seat := _next_in_line(session, event_id)) is not None and places.take(session, HeEvent, event_id):
        seat.state, seat.version = "offered", seat.version + 1
        # Told of at night, it is kept from the morning on.
        seat.offer_ends_at = min(polite(moment) + _OFFER_LASTS, row.starts_at - _TOO_LATE)
        session.flush()
        telling.tell_place(session, seat)
        count += 1
    return count


def _next_in_line(session: Session, event_id: uuid.UUID) -> Seat | None:
    return session.scalar(
        select(Seat)
        .where(Seat.event_id == event_id, Seat.state == "waiting")
        .order_by(Seat.waiting_since, Seat.id)
        .limit(1)
        .execution_options(populate_existing=True)
    )


def lapse(session: Session, row: Opportunity, event_id: uuid.UUID) -> int:
    """Let offers that ran out go to the next in line. Returns how many ran out.

    The first time somebody goes to the end of the line, the second time they leave it (handbook, dropins 3.2). The caller holds
    the event's row.
    """
    ran_out = session.scalars(
        select(Seat)
        .where(Seat.event_id == event_id, Seat.state == "offered", Seat.offer_ends_at <= clock.now())
        .order_by(Seat.offer_ends_at, Seat.id)
        .execution_options(populate_existing=True)
    ).all()
    for seat in ran_out:
        # `version` counts the moves: an offer is the second, a second offer the fourth.
        again = seat.version >= 4
        seat.state, seat.version = ("lapsed" if again else "waiting"), seat.version + 1
        seat.waiting_since = None if again else clock.now()
        session.flush()
        places.give_back(session, HeEvent, event_id)
    if ran_out:
        pass_on(session, row, event_id)
        _count(session, row, event_id)
    return len(ran_out)


def lapse_everywhere(session: Session) -> int:
    """Let every offer that ran out go to the next in line; run by the operator's command. Returns how many ran out."""
    rows = session.execute(
        select(Opportunity, HeEvent.id)
        .join(HeEvent, HeEvent.opportunity_id == Opportunity.id)
        .where(HeEvent.id.in_(select(Seat.event_id).where(Seat.state == "offered")))
    ).all()
    count = 0
    for row, event_id in rows:
        _hold(session, event_id)
        count += lapse(session, row, event_id)
    return count


def taken_and_held(session: Session, key: str) -> int:
    """Return how many seats of an event are taken; until this request ends nobody takes another. 0 for what is no event yet."""
    event = session.scalar(
        select(HeEvent).join(Opportunity, Opportunity.id == HeEvent.opportunity_id).where(Opportunity.key == key)
    )
    if event is None:
        return 0
    _hold(session, event.id)
    session.refresh(event)
    return event.taken


def call_off(session: Session, row: Opportunity) -> int:
    """Take every seat of an event that will not be, and tell everybody who counted on it. Returns how many seats.

    What has begun has been: its seats stay as they are, for the figures.
    """
    if row.starts_at is None or row.starts_at <= clock.now():
        return 0
    event = event_of(session, row.id)
    _hold(session, event.id)
    seats = _live(session, event.id)
    for seat in seats:
        if seat.state != "waiting":
            places.give_back(session, HeEvent, event.id)
        seat.state, seat.version = "cancelled_by_service", seat.version + 1
        telling.tell_of_a_change(session, seat, "event_gone", row.starts_at, seat.version)
    session.flush()
    _count(session, row, event.id)
    return len(seats)


def moved(session: Session, row: Opportunity, sooner: datetime) -> int:
    """Tell everybody who counts on an event that it is at another time or place now. Returns how many seats.

    ``sooner``: by when they have to know, the earlier of its two times. What has begun is told to nobody.
    """
    moment = clock.now()
    if row.starts_at is None or row.starts_at <= moment:
        return 0
    event = event_of(session, row.id)
    _hold(session, event.id)
    session.refresh(event)
    event.moved_at = moment
    seats = _live(session, event.id)
    for seat in seats:
        telling.tell_of_a_change(session, seat, "event_moved", sooner, int(moment.timestamp()))
    session.flush()
    return len(seats)


def has_moved(session: Session, seat: Seat) -> bool:
    """Return whether the event has had another time or place since somebody signed up."""
    at = session.get_one(HeEvent, seat.event_id).moved_at
    return seat.state in LIVE and at is not None and at > seat.made_at


def _live(session: Session, event_id: uuid.UUID) -> list[Seat]:
    query = select(Seat).where(Seat.event_id == event_id, Seat.state.in_(LIVE)).order_by(Seat.made_at, Seat.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def tick(
    session: Session,
    actor: Actor,
    row: Opportunity,
    seat_id: uuid.UUID,
    state: str,
    *,
    told: dict[str, str] | None = None,
) -> Seat:
    """Write down whether somebody came, or take that back ('booked').

    Nobody attends without the yes they need: ``told`` is who said it to the worker that day: a name and a role.
    Raises YesMissing, NotNow (too early), LookupError, ValueError.
    """
    if state not in ("attended", "did_not_attend", "booked"):
        raise ValueError(state)
    seat = session.get(Seat, seat_id)
    if seat is None or seat.event_id != event_of(session, row.id).id:
        raise LookupError(str(seat_id))
    if row.starts_at is None or row.starts_at > clock.now():
        raise NotNow
    if seat.state in ("booked", "attended", "did_not_attend") and seat.state != state:
        if state == "attended" and waits_for_a_yes(session, seat):
            if not told:
                raise YesMissing
            seat.consent_at, seat.consent_said = clock.now(), told
            audit.record(session, actor, "event.yes-written-down", subject_id=seat.person_id, thing_id=seat.id)
        seat.state, seat.version = state, seat.version + 1
        audit.record(session, actor, "event.attendance", subject_id=seat.person_id, thing_id=seat.id, detail=state)
        session.flush()
    return seat


def may_say_how_it_was(row: Opportunity, seat: Seat, moment: datetime) -> bool:
    """Return whether somebody was there, as far as we know, and it is over."""
    over = row.ends_at is not None and row.ends_at <= moment
    return seat.state == "attended" or (over and seat.state == "booked")


def say_how_it_was(session: Session, row: Opportunity, seat: Seat, see_myself: str, was: str) -> None:
    """Keep one of the two taps afterwards; a later tap replaces an earlier one. Raises NotNow and ValueError."""
    if not may_say_how_it_was(row, seat, clock.now()):
        raise NotNow
    if see_myself in COULD_SEE:
        seat.see_myself = see_myself
    elif was in WAS:
        seat.was = was
    else:
        raise ValueError(see_myself or was)
    session.flush()


def _at_the_same_time(session: Session, row: Opportunity, person_id: uuid.UUID) -> Opportunity | None:
    return session.scalar(
        select(Opportunity)
        .join(HeEvent, HeEvent.opportunity_id == Opportunity.id)
        .join(Seat, Seat.event_id == HeEvent.id)
        .where(
            Seat.person_id == person_id,
            Seat.state.in_(LIVE),
            Opportunity.id != row.id,
            Opportunity.withdrawn_at.is_(None),
            Opportunity.starts_at < row.ends_at,
            Opportunity.ends_at > row.starts_at,
        )
        .limit(1)
    )


def _hold(session: Session, event_id: uuid.UUID) -> None:
    """Take the event's row until this request commits: whoever comes at the same moment comes after."""
    session.connection().execute(
        update(HeEvent.__table__).where(HeEvent.id == event_id).values(taken=HeEvent.taken)  # type: ignore[arg-type]
    )


def _count(session: Session, row: Opportunity, event_id: uuid.UUID) -> None:
    """Write down how many places are left, for the list."""
    session.execute(
        update(Opportunity)
        .where(Opportunity.id == row.id)
        .values(places_left=select(HeEvent.capacity - HeEvent.taken).where(HeEvent.id == event_id).scalar_subquery())
        .execution_options(synchronize_session=False)
    )
    session.refresh(row, ["places_left"])
