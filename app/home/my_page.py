"""A young person's own page: their next meeting, the one thing to do, and what became of what they sent."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.home.readers import Received, looks, received_by
from app.home.sent import SentOut, sent_out
from app.people.audience import Share, readers_today
from app.people.models import Pep, Person
from app.people.peps import peps_of
from app.people.sessions import Actor, YoungFacts
from app.pep.my_meeting import OnMyPage, on_my_page
from app.pep.record import NOT_IN_THE_RECORD
from app.voice.models import Response, SentAnswer, own_words
from app.voice.responses import title
from app.voice.walk import sets_for


class Next(StrEnum):
    """The one thing to do on the page."""

    begin = "begin"
    go_on = "go-on"
    look = "look"


@dataclass(frozen=True, slots=True)
class SentSet:
    """A set of questions that was sent for the next meeting."""

    title: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class MyPage:
    """Everything on a young person's page. ``pep`` is None when no meeting is planned that they can still speak to.

    ``from_home`` are the PEPs for which the people they live with wrote something that they may read, newest first.
    """

    pep: Pep | None
    next: Next
    sent: list[SentSet]
    received: list[Received]
    earlier: list[Pep]
    meetings: OnMyPage
    from_home: list[Pep]


def my_page(session: Session, actor: Actor, facts: YoungFacts, on: date) -> MyPage:
    """Return the page of a young person on a day. Earlier PEPs are those in which something of theirs stands."""
    peps = peps_of(session, actor.person_id)
    meetings = on_my_page(session, peps, on)
    pep = meetings.pep
    everything = sent_out(session, actor.person_id)
    spoken = {one.pep_id for one in everything}
    earlier = [one for one in peps if one.id in spoken and (pep is None or one.id != pep.id)]
    from_home = _from_home(session, actor.person_id)
    if pep is None:
        return MyPage(None, Next.begin, [], [], earlier, meetings, from_home)
    now = [one for one in everything if one.pep_id == pep.id]
    received = _received(session, actor.person_id, facts.care, now, pep.id, on) if now else []
    return MyPage(pep, _next(session, pep, facts), _sets(now), received, earlier, meetings, from_home)


def _from_home(session: Session, person_id: uuid.UUID) -> list[Pep]:
    written = select(SentAnswer.pep_id).where(
        SentAnswer.young_person_id == person_id,
        ~own_words(),
        SentAnswer.share == Share.pep,
        SentAnswer.superseded_at.is_(None),
        SentAnswer.withdrawn_at.is_(None),
        SentAnswer.section.not_in(NOT_IN_THE_RECORD),
    )
    return list(session.scalars(select(Pep).where(Pep.id.in_(written)).order_by(Pep.term.desc(), Pep.id)))


def _received(
    session: Session, person_id: uuid.UUID, care: str, now: list[SentOut], pep_id: uuid.UUID, on: date
) -> list[Received]:
    return received_by(now, care, readers_today(session, person_id, on), looks(session, person_id), pep_id)


def _next(session: Session, pep: Pep, facts: YoungFacts) -> Next:
    # A paper that was printed has begun nothing yet.
    begun_by_them = Response.read_notice_at.is_not(None) | Response.sent_at.is_not(None)
    rows = session.execute(
        select(Response.set_id, Response.sent_at).where(
            Response.pep_id == pep.id, Response.by_person_id == pep.young_person_id, begun_by_them
        )
    )
    begun = {row.set_id: row.sent_at for row in rows}
    if not begun:
        return Next.begin
    finished = all(begun.get(set_id) is not None for set_id in sets_for(facts))
    return Next.look if finished else Next.go_on


def _sets(now: list[SentOut]) -> list[SentSet]:
    newest: dict[str, datetime] = {}
    for one in now:
        newest[one.set_id] = max(newest.get(one.set_id, one.sent_at), one.sent_at)
    return [SentSet(title(set_id), at) for set_id, at in sorted(newest.items(), key=lambda pair: pair[1])]


def name_of_helper(session: Session, actor: Actor) -> str:
    """Return the name of the adult beside the young person; empty when nobody is."""
    return session.scalar(select(Person.name).where(Person.id == actor.helper_id)) or "" if actor.helper_id else ""
