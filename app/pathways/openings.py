"""Opportunities and HE events as the list asks for them: written when their content is published, read by everybody.

The published record is a version of a content item; ``Opportunity`` is made from it here and nowhere else.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, false, not_, or_, select
from sqlalchemy.orm import Session

from app.core import clock, languages, places
from app.core.db import new_id
from app.pathways import events, opportunity_telling, search, shelf
from app.pathways.bank import Translations
from app.pathways.fitting import NOBODY, Fit, Fitting, Who, bits, conditions, fitting
from app.pathways.models import HeEvent, Interest, Item, Opportunity
from app.pathways.opportunity_words import EVENT, SUBJECTS, TOPIC_OF_TYPE, kind_in
from app.pathways.records import HeVisit, Opening, Record
from app.pathways.shelf import Published
from app.people.sessions import Actor
from app.questions.text import SOURCE_LANGUAGE, Text

ON_A_PAGE = 20
_SEARCHED = ("title", "plain", "place_text", "travel_hint", "travel_help")


class PlacesTaken(ValueError):
    """Fewer places were wanted than are taken already; nothing was changed."""


# -- writing: when something is published ------------------------------------------------------------------------------


def project(session: Session, item: Item, published: Published, before: Record | None = None) -> Opportunity:
    """Make or renew the row, the search documents and the seats of a published record. Raises PlacesTaken.

    What comes new, or comes back, is told to the young people who asked to hear about its topics; an event that is at another
    time or place than ``before`` to everybody who counts on it.
    """
    record = published.record
    assert isinstance(record, Opening | HeVisit)  # noqa: S101 - the caller's other kinds have no rows of their own
    row = session.scalar(select(Opportunity).where(Opportunity.item_id == item.id))
    fresh = row is None
    if row is None:
        row = Opportunity(id=new_id(), item_id=item.id, key=item.key, published_at=clock.now())
        session.add(row)
    came_back, row.withdrawn_at = row.withdrawn_at is not None, None
    _fill(row, record)
    session.flush()
    search.keep(session, row.id, _documents(record, published.translations))
    if isinstance(record, HeVisit):
        _seats(session, row, record.capacity)
        if isinstance(before, HeVisit) and _where_and_when(before) != _where_and_when(record):
            events.moved(session, row, min(before.starts_at, record.starts_at))
    if fresh or came_back:
        opportunity_telling.tell_of_topics(session, row)
    return row


def _where_and_when(record: HeVisit) -> tuple[object, ...]:
    return record.starts_at, record.ends_at, record.place_text.split(), record.online_link


def withdraw(session: Session, item: Item) -> None:
    """Take a projected item out of every list. Who is interested keeps that; an event that was to come is called off."""
    row = session.scalar(select(Opportunity).where(Opportunity.item_id == item.id))
    if row is not None and row.withdrawn_at is None:
        row.withdrawn_at = clock.now()
        search.forget(session, row.id)
        session.flush()
        if row.type == EVENT:
            events.call_off(session, row)


def _fill(row: Opportunity, record: Opening | HeVisit) -> None:
    row.visibility, row.starts_at, row.years = record.visibility, record.starts_at, list(record.year_groups)
    row.year_bits = bits(record.year_groups)
    if isinstance(record, HeVisit):
        row.type, row.provider_group, row.ring_fenced = EVENT, "external", "none"
        row.closes_at, row.ends_at = record.starts_at, record.ends_at
    else:
        row.type, row.provider_group, row.ring_fenced = record.type, record.provider_group, record.ring_fenced
        row.opens_at, row.closes_at = record.opens_at, record.closes_at
        row.min_age, row.max_age = record.min_age, record.max_age
        row.places_left = record.places_left if record.places_left is not None else record.places
    own = [topic for topic in record.topics if topic in SUBJECTS]
    row.steps = list(record.pathway_ids)
    row.topics = list(dict.fromkeys([TOPIC_OF_TYPE[row.type], *own]))


def _seats(session: Session, row: Opportunity, capacity: int) -> None:
    event = session.scalar(select(HeEvent).where(HeEvent.opportunity_id == row.id))
    if event is None:
        event = HeEvent(id=new_id(), opportunity_id=row.id, capacity=capacity, taken=0)
        session.add(event)
        session.flush()
    elif event.capacity != capacity:
        if not places.resize(session, HeEvent, event.id, capacity):
            raise PlacesTaken
        session.refresh(event)
        events.pass_on(session, row, event.id)
        session.refresh(event)
    row.places_left = event.capacity - event.taken
    session.flush()


def _documents(record: Opening | HeVisit, translations: Translations) -> Mapping[str, list[str]]:
    """Return what is searched in each language: the words as somebody reading it meets them, English where there are none."""
    english = {path: words for path, words, _mark in record.texts() if path in _SEARCHED}
    name = record.host if isinstance(record, HeVisit) else record.provider
    kind = EVENT if isinstance(record, HeVisit) else record.type
    tongues = {one.tag: one for one in languages.offered(live=False)}
    found = {}
    for tag in [*tongues, *(tag for tag in translations if tag not in tongues)]:
        own = translations.get(tag, {})
        words = [own[path].words if path in own else text for path, text in english.items()]
        found[tag] = [*words, name, kind_in(tongues[tag], kind) if tag in tongues else ""]
    return found


# -- reading ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """One opportunity as a page shows it: its row, its published record, and how it fits who reads."""

    row: Opportunity
    published: Published
    fitting: Fitting = field(default=Fitting(Fit.yes))

    @property
    def record(self) -> Opening | HeVisit:
        """The published record."""
        found = self.published.record
        assert isinstance(found, Opening | HeVisit)  # noqa: S101 - the projection is of these two kinds only
        return found

    @property
    def host(self) -> str:
        """Who offers it: a name, in no language."""
        return self.record.host if isinstance(self.record, HeVisit) else self.record.provider

    @property
    def is_event(self) -> bool:
        """True for an HE event, which has seats here."""
        return self.row.type == EVENT

    def words(self, path: str) -> Text:
        """Return one text in the page's language, or in English."""
        return self.published.words(path, languages.current().tag)

    @property
    def called_off(self) -> bool:
        """True for an event that was taken out before it began."""
        gone, starts = self.row.withdrawn_at, self.row.starts_at
        return self.is_event and gone is not None and (starts is None or gone < starts)

    def is_over(self, moment: datetime) -> bool:
        """Return whether it has closed (an event: begun) or was taken out."""
        return self.row.withdrawn_at is not None or (self.row.closes_at is not None and self.row.closes_at <= moment)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks of the list."""

    words: str = ""
    type: str = ""
    who: Who = NOBODY
    kept_for_leavers: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list: what fits, then what nearly does; ``more`` is there a next page, ``before`` how many came before."""

    fits: list[Shown]
    maybe: list[Shown]
    more: bool
    closes_next: datetime | None
    before: int = 0

    @property
    def upto(self) -> int:
        """How many there are up to the end of this page."""
        return self.before + len(self.fits) + len(self.maybe)

    @property
    def empty(self) -> bool:
        """True when nothing was found."""
        return not self.fits and not self.maybe


def may_see(actor: Actor | None) -> ColumnElement[bool]:
    """Return the condition of what somebody may read: kept ones when signed in, by invitation only who was invited."""
    if actor is None:
        return Opportunity.visibility == "public"
    if actor.is_worker:
        return Opportunity.visibility.in_(("public", "signed_in", "invited"))
    invited = select(Interest.opportunity_id).where(Interest.person_id == actor.person_id)
    asked = Opportunity.id.in_(invited) if actor.is_child else false()
    return or_(Opportunity.visibility.in_(("public", "signed_in")), asked)


def is_open(moment: datetime) -> ColumnElement[bool]:
    """Return the condition that something is published and has not closed."""
    return Opportunity.withdrawn_at.is_(None) & (Opportunity.closes_at.is_(None) | (Opportunity.closes_at > moment))


_ORDER = (Opportunity.closes_at.is_(None), Opportunity.closes_at, Opportunity.key)


def listed(session: Session, asked: Asked, actor: Actor | None, moment: datetime) -> Listed:
    """Return one page of what is open now, closing soon first; when it is known for whom, what fits before what nearly does."""
    query = select(Opportunity.id).where(is_open(moment), may_see(actor)).order_by(*_ORDER)
    if asked.type:
        query = query.where(Opportunity.type == asked.type)
    if asked.kept_for_leavers:
        query = query.where(Opportunity.ring_fenced.in_(("care_leavers", "care_experienced")))
    if words := search.asked(asked.words):
        query = query.where(search.found(session, words))
    ids = _fitting_ids(session, query, asked)
    shown = read(session, ids[:ON_A_PAGE], asked.who)
    closes_next = min((one.row.closes_at for one in shown if one.row.closes_at), default=None)
    by_fit = {fit: [one for one in shown if one.fitting.fit is fit] for fit in Fit}
    before = (asked.page - 1) * ON_A_PAGE
    return Listed(by_fit[Fit.yes], by_fit[Fit.maybe], len(ids) > ON_A_PAGE, closes_next, before)


def _fitting_ids(session: Session, query: Select[Any], asked: Asked) -> list[uuid.UUID]:
    """Return the ids of one page and one more: what fits first, then what nearly does."""
    if asked.who != NOBODY:
        some, sure = conditions(asked.who)
        query = query.where(some).order_by(None).order_by(not_(sure), *_ORDER)
    return list(session.scalars(query.limit(ON_A_PAGE + 1).offset((asked.page - 1) * ON_A_PAGE)))


def read(session: Session, ids: Iterable[uuid.UUID], who: Who = NOBODY) -> list[Shown]:
    """Return opportunities with their published records, in the order of the ids; three queries whatever their number."""
    wanted = list(ids)
    if not wanted:
        return []
    rows = {row.id: row for row in session.scalars(select(Opportunity).where(Opportunity.id.in_(wanted)))}
    public = {
        item.id: one for item, one in shelf.of_items(session, Item.id.in_([row.item_id for row in rows.values()]))
    }
    return [
        Shown(row, public[row.item_id], fitting(row, who))
        for row in (rows[one] for one in wanted if one in rows)
        if row.item_id in public
    ]


def one(session: Session, key: str, actor: Actor | None, who: Who = NOBODY) -> Shown | None:
    """Return one opportunity that this person may read, closed ones too; None for any other."""
    found = session.scalar(select(Opportunity.id).where(Opportunity.key == key, may_see(actor)))
    shown = read(session, [found] if found else [], who)
    return shown[0] if shown else None


def as_if(published: Published) -> Shown:
    """Return a record as its page would show it if it were published now. Nothing of it is kept."""
    record = published.record
    assert isinstance(record, Opening | HeVisit)  # noqa: S101 - only these have a page here
    row = Opportunity(id=new_id(), item_id=new_id(), key=record.id, published_at=clock.now())
    _fill(row, record)
    if isinstance(record, HeVisit):
        row.places_left = record.capacity
    return Shown(row, published)


def for_step(session: Session, step: str, actor: Actor | None, most: int = 6) -> list[Shown]:
    """Return what is open now on a step of the map, closing soon first, and the person reading may see."""
    moment = clock.now()
    named = cast(Opportunity.steps, String).contains(f'"{step}"', autoescape=True)
    query = select(Opportunity.id).where(is_open(moment), may_see(actor), named).order_by(*_ORDER).limit(most)
    return read(session, session.scalars(query))


def is_stale(text: Text) -> bool:
    """Return whether a text stands in English on a page in another language."""
    return text.language == SOURCE_LANGUAGE and languages.current() != languages.ENGLISH
