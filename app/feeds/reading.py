"""Reads changes out of the feed: a page of them for a platform that follows it, or all that stands in one PEP."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, defer

from app.feeds.aspirations import aspiration_of
from app.feeds.cursor import Cursor
from app.feeds.models import Action, FeedChange
from app.feeds.records import Platform, Record, Told, record_of
from app.pathways.models import SharedRoute
from app.people.models import Care, Pep, Person, YoungPerson
from app.questions.schema import SECTIONS
from app.voice.models import SentAnswer


@dataclass(frozen=True, slots=True)
class Page:
    """Records for a platform, the place after the last of them, and of whom something was read."""

    records: list[Record]
    next: Cursor
    read: frozenset[uuid.UUID]


def page_after(session: Session, cursor: Cursor, platform: Platform, limit: int) -> Page:
    """Return the next changes after a cursor, at most ``limit``. One query, whatever the limit."""
    rows = _told(
        session,
        _for(platform, _changes())
        .where(FeedChange.position > cursor.position)
        .order_by(FeedChange.position)
        .limit(limit),
    )
    last = rows[-1].change if rows else None
    after = Cursor(cursor.environment, last.position or 0, last.id) if last else cursor
    return _page(rows, platform, after)


def standing_in(session: Session, pep: Pep, platform: Platform, environment: str) -> Page:
    """Return what stands in one PEP now, in the order of its sections: no changed answer, nothing that was taken back."""
    rows = _told(
        session,
        _changes().where(
            or_(
                and_(
                    SentAnswer.young_person_id == pep.young_person_id,
                    SentAnswer.pep_id == pep.id,
                    SentAnswer.superseded_at.is_(None),
                    SentAnswer.withdrawn_at.is_(None),
                ),
                and_(
                    SharedRoute.pep_id == pep.id,
                    SharedRoute.superseded_at.is_(None),
                    SharedRoute.withdrawn_at.is_(None),
                ),
            ),
            FeedChange.action != Action.withdraw,
        ),
    )
    shared = [told for told in rows if platform.carries(told.change.hides) and told.care != Care.care_leaver]
    shared.sort(key=lambda told: (SECTIONS.index(told.section), told.told.sent_at, told.told.id))
    return _page(shared, platform, Cursor(environment))


def pep_with(session: Session, external_id: str) -> Pep | None:
    """Return the PEP that the platform knows by this id."""
    return session.scalar(select(Pep).where(Pep.external_id == external_id)) if "\0" not in external_id else None


_Changes = Select[
    FeedChange,
    SentAnswer | None,
    SentAnswer | None,
    Pep,
    str,
    int | None,
    str,
    str,
    SharedRoute | None,
    SharedRoute | None,
]


def _changes() -> _Changes:
    """Select changes with all that their records are made of; the words of an answer that was replaced are not even read."""
    replaced, replaced_route = aliased(SentAnswer), aliased(SharedRoute)
    pep_id = func.coalesce(SentAnswer.pep_id, SharedRoute.pep_id)
    young_person_id = func.coalesce(SentAnswer.young_person_id, SharedRoute.person_id)
    return (
        select(
            FeedChange,
            SentAnswer,
            replaced,
            Pep,
            Person.name,
            YoungPerson.year_group,
            YoungPerson.care,
            YoungPerson.place,
            SharedRoute,
            replaced_route,
        )
        .outerjoin(SentAnswer, SentAnswer.id == FeedChange.sent_answer_id)
        .outerjoin(replaced, replaced.id == FeedChange.replaces_id)
        .outerjoin(SharedRoute, SharedRoute.id == FeedChange.shared_route_id)
        .outerjoin(replaced_route, replaced_route.id == FeedChange.replaces_route_id)
        .join(Pep, Pep.id == pep_id)
        .join(Person, Person.id == young_person_id)
        .join(YoungPerson, YoungPerson.person_id == young_person_id)
        .options(defer(replaced.content), defer(replaced_route.words))
    )


def _for(platform: Platform, changes: _Changes) -> _Changes:
    """Leave out what is not for this platform, so that a page is never shorter for what it does not tell."""
    changes = changes.where(
        or_(
            FeedChange.action != Action.create,
            YoungPerson.care != Care.care_leaver,
        )
    )
    if platform.can_hide_fields:
        return changes
    return changes.where(or_(FeedChange.hides.is_(False), FeedChange.replaces_hides.is_(False)))


def _told(session: Session, changes: _Changes) -> list[Told]:
    # What a long-lived session already holds may be older than what another transaction has committed since.
    rows = session.execute(changes.execution_options(populate_existing=True))
    return [Told(*row) for row in rows]


def _page(rows: Iterable[Told], platform: Platform, after: Cursor) -> Page:
    records: list[Record] = []
    read: set[uuid.UUID] = set()
    for told in rows:
        record = record_of(told, platform) if told.route is None else aspiration_of(told, platform)
        if record is not None:
            records.append(record)
            read.add(told.young_person_id)
    return Page(records, after, frozenset(read))
