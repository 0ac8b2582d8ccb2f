"""What templates may ask about opportunities, so that any page can show a part of them without its view knowing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import g
from sqlalchemy import select

from app.core import audit, clock
from app.core.db import db
from app.pathways import events, interests, openings
from app.pathways import opportunity_telling as telling
from app.pathways import opportunity_words as words
from app.pathways.models import HeEvent, Opportunity, Seat
from app.pathways.opportunity_views import reader
from app.people import caseload
from app.people.models import Connection, Person
from app.people.sessions import Actor
from app.people.words import role_words

_SOON = timedelta(days=7)


def opportunities_of_step(key: str) -> list[openings.Shown]:
    """Return what is open on a step of the map for whoever reads."""
    return openings.for_step(db.session, key, reader())


def my_opportunities(actor: Actor) -> interests.Mine | None:
    """Return a young person's own list; None for anybody else."""
    return interests.mine(db.session, actor, clock.now()) if actor.is_child else None


def waits_for_my_yes(actor: Actor) -> list[tuple[Person, openings.Shown]]:
    """Return the events for which a young person waits for this adult's yes."""
    return _looked_at(
        actor,
        [
            (young, shown)
            for young, shown, seat in _seats_to_come(actor)
            if seat.state in events.LIVE and events.waits_for_a_yes(db.session, seat) and not shown.called_off
        ],
    )


def changed_events(actor: Actor) -> list[tuple[Person, openings.Shown]]:
    """Return the events to come that were called off or moved after a young person this adult answers for signed up."""
    return _looked_at(
        actor,
        [
            (young, shown)
            for young, shown, seat in _seats_to_come(actor)
            if (seat.state == "cancelled_by_service" and shown.called_off) or events.has_moved(db.session, seat)
        ],
    )


def _looked_at(actor: Actor, found: list[tuple[Person, openings.Shown]]) -> list[tuple[Person, openings.Shown]]:
    audit.record_each(db.session, actor, "event.read", dict.fromkeys(young.id for young, _shown in found))
    return found


def _seats_to_come(actor: Actor) -> list[tuple[Person, openings.Shown, Seat]]:
    """Return what may need an adult who can say yes: a yes that is missing, or what has changed. Asked once a request."""
    if actor.role not in telling.MAY_SAY_YES:
        return []
    if "seats_to_come" not in g:
        g.seats_to_come = _ask_for_seats(actor)
    found: list[tuple[Person, openings.Shown, Seat]] = g.seats_to_come
    return found


def _ask_for_seats(actor: Actor) -> list[tuple[Person, openings.Shown, Seat]]:
    needs_them = Seat.consent_at.is_(None) | (HeEvent.moved_at > Seat.made_at)
    rows = db.session.execute(
        select(Seat, HeEvent)
        .join(HeEvent, HeEvent.id == Seat.event_id)
        .join(Opportunity, Opportunity.id == HeEvent.opportunity_id)
        .join(Connection, Connection.young_person_id == Seat.person_id)
        .where(
            Connection.adult_id == actor.person_id,
            Connection.role.in_(telling.MAY_SAY_YES),
            caseload.alive(clock.today()),
            Opportunity.starts_at > clock.now(),
            (Seat.state == "cancelled_by_service") | (Seat.state.in_(events.LIVE) & needs_them),
        )
        .order_by(Seat.person_id, HeEvent.opportunity_id)
    ).all()
    # Somebody may be two things to one young person.
    seats = {seat.id: (seat, event.opportunity_id) for seat, event in rows}
    shown = {one.row.id: one for one in openings.read(db.session, dict.fromkeys(one for _s, one in seats.values()))}
    found = []
    for seat, opportunity_id in seats.values():
        young = db.session.get_one(Person, seat.person_id)
        roles = caseload.roles(db.session, actor, young.id, clock.today())
        if caseload.may_help(young, roles):
            found.append((young, shown[opportunity_id], seat))
    return found


def closes_soon(shown: openings.Shown) -> bool:
    """Return whether something closes within a week."""
    closes = shown.row.closes_at
    return closes is not None and closes - clock.now() < _SOON


def may_say_how_it_was(shown: openings.Shown, seat: Any) -> bool:
    """Return whether a young person can say now what they thought of an event."""
    return events.may_say_how_it_was(shown.row, seat, clock.now())


def event_has_moved(seat: Seat) -> bool:
    """Return whether the event of a seat has had another time or place since somebody signed up."""
    return events.has_moved(db.session, seat)


def seat_waits_for_a_yes(seat: Seat) -> bool:
    """Return whether somebody still has to say yes for whoever has this seat."""
    return events.waits_for_a_yes(db.session, seat)


WORDS: dict[str, Callable[..., Any]] = {
    "opportunities_of_step": opportunities_of_step,
    "my_opportunities": my_opportunities,
    "waits_for_my_yes": waits_for_my_yes,
    "changed_events": changed_events,
    "event_has_moved": event_has_moved,
    "worker_role_words": role_words,
    "seat_waits_for_a_yes": seat_waits_for_a_yes,
    "closes_soon": closes_soon,
    "may_say_how_it_was": may_say_how_it_was,
    "opportunity_type": words.type_words,
    "opportunity_topic": words.topic_words,
    "opportunity_ring": words.ring_words,
    "opportunity_years": words.years_words,
    "opportunity_year": words.year_code_words,
    "opportunity_ages": words.ages_words,
    "opportunity_topics": lambda: words.TOPICS,
}
