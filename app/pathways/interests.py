"""What a young person does about an opportunity, whom they want to know of it, and what they ask to hear about."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.db import insert_if_absent, new_id
from app.pathways import opportunity_telling as telling
from app.pathways.events import LIVE
from app.pathways.fitting import Fit, fitting
from app.pathways.models import Alert, HeEvent, Interest, Opportunity, Seat
from app.pathways.openings import Shown, is_open, may_see, read
from app.pathways.opportunity_words import TOPICS
from app.people.models import Person, Role, YoungPerson
from app.people.sessions import Actor

# What a young person says of themselves, and what their adviser writes down of the way (handbook 1.5).
BY_CHILD = ("saved", "interested", "asked_help")
BY_ADVISER = ("asked_help", "applied", "interview", "offer", "started", "not_this_time")
_NEW_ONES = 5


def say(session: Session, actor: Actor, row: Opportunity, state: str, *, tell: bool) -> Interest:
    """Keep what a young person wants with something. Asking for help tells their adviser; else only when they wish so.

    Twice is as good as once. What an adviser has written down since is not undone by saving it. Raises ValueError.
    """
    if state not in BY_CHILD:
        raise ValueError(state)
    tell = tell or state == "asked_help"
    kept = _kept(session, actor.person_id, row.id, state, actor.person_id)
    moved_on = kept.state not in (*BY_CHILD, "invited", "not_this_time")
    if not moved_on and (kept.state, kept.tell_adviser) != (state, tell):
        kept.state, kept.tell_adviser, kept.at, kept.by_id = state, tell, clock.now(), actor.person_id
    session.flush()
    audit.record(session, actor, "opportunity.interest", subject_id=actor.person_id, thing_id=row.id, detail=state)
    if kept.tell_adviser:
        telling.tell_adviser(session, kept)
    return kept


def _kept(session: Session, person_id: uuid.UUID, opportunity_id: uuid.UUID, state: str, by: uuid.UUID) -> Interest:
    values = {"id": new_id(), "person_id": person_id, "opportunity_id": opportunity_id, "state": state}
    insert_if_absent(session, Interest, {**values, "tell_adviser": False, "at": clock.now(), "by_id": by})
    found = of(session, person_id, opportunity_id)
    assert found is not None  # noqa: S101 - it was inserted, or there was one
    return found


def of(session: Session, person_id: uuid.UUID, opportunity_id: uuid.UUID) -> Interest | None:
    """Return what somebody wants with something; None when they said nothing."""
    return session.scalar(
        select(Interest)
        .where(Interest.person_id == person_id, Interest.opportunity_id == opportunity_id)
        .execution_options(populate_existing=True)
    )


def change_mind(session: Session, actor: Actor, row: Opportunity) -> None:
    """Take it back. What an adviser already wrote down of the way stays, as 'not this time'; nobody is asked why."""
    kept = of(session, actor.person_id, row.id)
    if kept is None:
        return
    if kept.state in ("saved", "interested", "asked_help") and kept.by_id == actor.person_id:
        session.delete(kept)
    else:
        kept.state, kept.tell_adviser, kept.at = "not_this_time", False, clock.now()
    session.flush()
    audit.record(session, actor, "opportunity.interest", subject_id=actor.person_id, thing_id=row.id, detail="none")


def show_to(session: Session, actor: Actor, row: Opportunity, young: Person) -> Interest:
    """Put something on a young person's own list because a worker thought of them. By invitation only: now they may read it."""
    kept = _kept(session, young.id, row.id, "invited", actor.person_id)
    audit.record(session, actor, "opportunity.shown", subject_id=young.id, thing_id=row.id)
    key = f"opportunity-shown:{row.id}"
    telling.tell_young_person(session, young.id, "something_to_look_at", "opportunity.shown", key)
    return kept


@dataclass(frozen=True, slots=True)
class Mine:
    """A young person's own list: what they want with what, the events they signed up for, and what is new of their topics."""

    kept: list[tuple[Shown, Interest]]
    seats: list[tuple[Shown, Seat]]
    topics: frozenset[str]
    new: list[Shown]


def mine(session: Session, actor: Actor, moment: datetime) -> Mine:
    """Return a young person's own list, the newest thing first; what has closed stays with what they did about it."""
    interests = session.scalars(
        select(Interest).where(Interest.person_id == actor.person_id).order_by(Interest.at.desc(), Interest.id)
    ).all()
    seats = session.execute(
        select(Seat, HeEvent.opportunity_id)
        .join(HeEvent, HeEvent.id == Seat.event_id)
        .join(Opportunity, Opportunity.id == HeEvent.opportunity_id)
        .where(Seat.person_id == actor.person_id, Seat.state != "cancelled")
        .order_by(Opportunity.starts_at.desc(), Seat.state.in_(LIVE).desc(), Seat.made_at.desc(), Seat.id)
    ).all()
    # One line an event: what holds now before what was (an event that was called off, and is on again).
    seated = {opportunity_id: seat for seat, opportunity_id in reversed(seats)}
    ids = [*(one.opportunity_id for one in interests), *seated]
    shown = {one.row.id: one for one in read(session, dict.fromkeys(ids), telling.who_is(actor.young))}
    since = topics_of(session, actor.person_id)
    return Mine(
        [
            (shown[one.opportunity_id], one)
            for one in interests
            if one.opportunity_id in shown and one.opportunity_id not in seated and one.state != "not_this_time"
        ],
        [(shown[opportunity_id], seat) for opportunity_id, seat in reversed(seated.items()) if opportunity_id in shown],
        frozenset(since),
        _new_of_topics(session, actor, moment, since, set(ids)),
    )


def topics_of(session: Session, person_id: uuid.UUID) -> dict[str, datetime]:
    """Return what somebody asked to hear about, and since when."""
    rows = session.execute(select(Alert.topic, Alert.since).where(Alert.person_id == person_id))
    return {row.topic: row.since for row in rows}


def choose_topics(session: Session, actor: Actor, chosen: Iterable[str]) -> frozenset[str]:
    """Keep what a young person wants to hear about from now on; none at all stops it, at once."""
    wanted = {topic for topic in chosen if topic in TOPICS}
    gone = delete(Alert).where(Alert.person_id == actor.person_id, Alert.topic.not_in(wanted))
    session.execute(gone)
    for topic in sorted(wanted):
        values = {"id": new_id(), "person_id": actor.person_id, "topic": topic, "since": clock.now()}
        insert_if_absent(session, Alert, values)
    return frozenset(wanted)


def _new_of_topics(
    session: Session, actor: Actor, moment: datetime, since: dict[str, datetime], known: set[uuid.UUID]
) -> list[Shown]:
    if not since:
        return []
    who = telling.who_is(actor.young)
    rows = session.scalars(
        select(Opportunity)
        .where(is_open(moment), may_see(actor), Opportunity.published_at >= min(since.values()))
        .order_by(Opportunity.published_at.desc(), Opportunity.id)
    )
    found = [
        row.id
        for row in rows
        if row.id not in known
        and any(topic in since and since[topic] <= row.published_at for topic in row.topics)
        and fitting(row, who).fit is not Fit.no
    ]
    return read(session, found[:_NEW_ONES], who)


@dataclass(frozen=True, slots=True)
class Told:
    """One young person's interest of which this adviser may know."""

    interest: Interest
    young: Person
    shown: Shown


def told_to(session: Session, actor: Actor, on: date) -> list[Told]:
    """Return the interests that young people wanted their adviser to know of, those who wait for help first.

    An adviser sees those of whom they are the adviser today; the Virtual School sees all.
    """
    rows = session.execute(
        select(Interest, Person)
        .join(Person, Person.id == Interest.person_id)
        .join(YoungPerson, YoungPerson.person_id == Person.id)
        .where(
            Interest.tell_adviser.is_(True) | Interest.state.in_(BY_ADVISER),
            Person.ended_on.is_(None) | (Person.ended_on > on),
        )
        .order_by((Interest.state == "asked_help").desc(), Interest.at.desc(), Interest.id)
    ).all()
    theirs = {young.id: young for _interest, young in rows}
    mine_ = {one for one in theirs if is_adviser(session, actor, one, on)}
    kept = [(interest, young) for interest, young in rows if young.id in mine_]
    shown = {one.row.id: one for one in read(session, dict.fromkeys(one.opportunity_id for one, _young in kept))}
    return [Told(one, young, shown[one.opportunity_id]) for one, young in kept if one.opportunity_id in shown]


def is_adviser(session: Session, actor: Actor, young_person_id: uuid.UUID, on: date) -> bool:
    """Return whether this worker hears what a young person wants their adviser to know."""
    if actor.role is Role.virtual_school:
        return True
    return actor.person_id in {one.id for one in telling.advisers_of(session, young_person_id, on)}


def move(session: Session, actor: Actor, interest: Interest, state: str) -> None:
    """Write down how far it has come. Raises ValueError for what is no such state."""
    if state not in BY_ADVISER:
        raise ValueError(state)
    if interest.state == state:
        return
    interest.state, interest.at, interest.by_id = state, clock.now(), actor.person_id
    session.flush()
    subject = interest.person_id
    audit.record(
        session, actor, "opportunity.moved", subject_id=subject, thing_id=interest.opportunity_id, detail=state
    )
