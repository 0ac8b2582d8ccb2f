"""Nobody silent: who was not heard this term, why, and the next humane step for each.

"Heard" means: something the young person answered themselves, alone or with help, stands sent for this term's PEP. Everybody else
on the caseload is on the list. The reason is the first of these that holds, in this order:

1. ``refused``       they pressed Send or answered 'I don't want to say', and shared nothing. It is their right, so it comes
                     first: nobody is to be chased for it.
2. ``on-paper``      it came on paper: theirs, and an adult typed it in. What is left is to let them look at it.
3. ``adult-wrote``   only an adult's hand is in it: written down or watched.
4. ``no-date``       there is no PEP this term, or its meeting has no day: nobody can have asked them.
5. ``language``      we have no pages in their language, so a card alone would not help.
6. ``no-device``     somebody asked them, and noted that they have nothing to answer on.
7. ``not-asked``     nobody has given them a way in: no card, no link, no paper, nobody sat beside them this term.
8. ``no-way-in``     a card or link was given and never used, or has stopped working.
9. ``not-known``     they have a way in and have not used it. Whether they have a device nobody knows: ask, do not guess.

How the meeting was (``after-meeting``) is no voice in the PEP: who answered only that was not heard, and has refused nothing.

Only what was sent, and how people come in, is looked at. No draft is: an unsent answer is nobody's business, not even that it is
there. (That a response was begun on paper is known from the audit of the printing, not from the draft.)

The number of queries depends neither on how many young people there are nor on how many years of history stand behind them.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    Executable,
    Integer,
    Select,
    String,
    Uuid,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    text,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased
from sqlalchemy.types import NullType

from app.core import clock, languages
from app.core.audit import AuditEntry
from app.core.db import is_there
from app.core.settings import settings
from app.people.models import Card, Care, Connection, Flag, OneTimeLink, Pep, Person, Role, SignIn, YoungPerson
from app.pep.record import NOT_IN_THE_RECORD
from app.questions.choosing import AFTER_MEETING
from app.questions.library import library
from app.voice.models import How, Response, SentAnswer, State

ON_A_PAGE = 50
# When each term begins: an older sign-in, link or paper says nothing about this term.
_TERM_BEGINS = {1: (9, 1), 2: (1, 1), 3: (4, 1)}
OWN_HAND = (How.self_, How.helped)
ADULTS_HAND = (How.written, How.paper, How.observed)


class Why(StrEnum):
    """Why somebody was not heard, in the order in which it is decided."""

    refused = "refused"
    on_paper = "on-paper"
    adult_wrote = "adult-wrote"
    no_date = "no-date"
    language = "language"
    no_device = "no-device"
    not_asked = "not-asked"
    no_way_in = "no-way-in"
    not_known = "not-known"


class Step(StrEnum):
    """What to do next, one press each."""

    beside = "beside"
    card = "card"
    paper = "paper"
    interpreter = "interpreter"
    carer = "carer"
    date = "date"
    no_device = "no-device"
    has_device = "has-device"


# The kindest first. Who refused is left in peace: no target may press a child to answer (handbook, section 5).
STEPS: dict[Why, tuple[Step, ...]] = {
    Why.refused: (),
    Why.adult_wrote: (Step.card, Step.beside),
    Why.on_paper: (Step.card, Step.beside),
    Why.no_date: (Step.date, Step.card),
    Why.language: (Step.interpreter, Step.paper, Step.beside),
    Why.no_device: (Step.beside, Step.paper, Step.carer, Step.has_device),
    Why.not_asked: (Step.card, Step.paper, Step.beside, Step.carer),
    Why.no_way_in: (Step.beside, Step.card, Step.paper, Step.carer, Step.no_device),
    Why.not_known: (Step.beside, Step.paper, Step.carer, Step.no_device),
}


@dataclass(frozen=True, slots=True)
class Silent:
    """One young person who was not heard this term."""

    person_id: uuid.UUID
    name: str
    year_group: int | None
    language: str | None
    pep_id: uuid.UUID | None
    meeting_on: date | None
    why: Why
    has_card: bool
    interpreter_noted: bool

    @property
    def steps(self) -> tuple[Step, ...]:
        """What to do next."""
        return STEPS[self.why]


@dataclass(frozen=True, slots=True)
class SilentList:
    """One page of the list, soonest meeting first, and how many there are for each reason on all pages."""

    rows: list[Silent]
    counts: dict[Why, int]
    of_all: int
    page: int

    @property
    def total(self) -> int:
        """How many were not heard."""
        return sum(self.counts.values())

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // ON_A_PAGE))


def term_on(on: date) -> str:
    """Return the code of the term a day is in: autumn from September, spring from January, summer from April."""
    number = 1 if on.month >= 9 else 2 if on.month <= 3 else 3
    year = on.year if number == 1 else on.year - 1
    return f"{year}-{(year + 1) % 100:02d}-{number}"


def term_began(on: date) -> datetime:
    """Return the moment from which this term counts."""
    number = int(term_on(on)[-1])
    month, day = _TERM_BEGINS[number]
    return datetime(on.year, month, day, tzinfo=clock.LONDON)


def silent_list(session: Session, adult_id: uuid.UUID, on: date, page: int = 1) -> SilentList:
    """Return one page of who on an adult's caseload was not heard this term, with the counts.

    Two queries: one that gives the counts and who is on this page, and one for their names and what is shown of each.
    """
    counts: dict[str, int] = {}
    on_page: list[_Reason] = []
    if session.get_bind().dialect.name == "postgresql":
        # It would compile this one long statement for longer than it takes to answer it.
        session.execute(text("SET LOCAL jit = off"))
    for why, count, who, name, pep_id, meeting_on in session.connection().execute(
        _counts_and_page(adult_id, on, max(1, page))
    ):
        if count is not None:
            counts[why] = count
        else:
            on_page.append(_Reason(who, name, pep_id, meeting_on, why))
    of_all = sum(counts.values())
    silent = of_all - counts.get(_HEARD, 0)
    page = min(max(1, page), max(1, -(-silent // ON_A_PAGE)))
    by_reason = {why: counts[why] for why in Why if why in counts}
    return SilentList(_with_names(session, sorted(on_page, key=_soonest)), by_reason, of_all, page)


class _Reason(NamedTuple):
    """One person and why they were not heard; ids and days as the database holds them."""

    id: Any
    name: str
    pep_id: Any
    meeting_on: Any
    why: str


def _counts_and_page(adult_id: uuid.UUID, on: date, page: int) -> Executable:
    """Return how many there are for each reason (and heard), then the people of one page; of a page too far, the last one.

    Everybody is looked at once; only a page of them leaves the database.
    """
    everybody = _once(_everybody(adult_id, on), "everybody")
    silent = everybody.c.why != _HEARD
    total = select(func.count()).select_from(everybody).where(silent).scalar_subquery()
    first = (page - 1) * ON_A_PAGE
    of_page = (
        select(
            everybody.c.why,
            cast(null(), Integer).label("count"),
            everybody.c.id,
            everybody.c.name,
            everybody.c.pep_id,
            everybody.c.meeting_on,
        )
        .where(silent)
        .order_by(everybody.c.meeting_on.is_(None), everybody.c.meeting_on, everybody.c.name, everybody.c.id)
        .limit(ON_A_PAGE)
        .offset(case((total > first, first), else_=(total - 1) // ON_A_PAGE * ON_A_PAGE))
        .subquery()
    )
    # PostgreSQL wants to know what is missing there.
    kinds: dict[str, Any] = {"id": Uuid(), "name": String(), "pep_id": Uuid(), "meeting_on": Date()}
    nobody: list[Any] = [cast(null(), kind).label(name) for name, kind in kinds.items()]
    return union_all(
        select(everybody.c.why, func.count().label("count"), *nobody).group_by(everybody.c.why), select(of_page)
    )


def _once(rows: Any, name: str) -> Any:
    """Return rows that are worked out once, however often they are looked at."""
    return rows.cte(name).prefix_with("MATERIALIZED", dialect="postgresql")


def _soonest(one: _Reason) -> tuple[bool, str, str, str]:
    return one.meeting_on is None, str(one.meeting_on), one.name, str(one.id)


def _with_names(session: Session, rows: Sequence[_Reason]) -> list[Silent]:
    """Return the rows of one page with what is shown of each."""
    ids = [_uuid(row.id) for row in rows]
    details = session.execute(
        select(
            Person.id,
            Person.language,
            YoungPerson.year_group,
            YoungPerson.flags,
            Card.id.is_not(None).label("has_card"),
        )
        .join(YoungPerson, YoungPerson.person_id == Person.id)
        .outerjoin(Card, (Card.person_id == Person.id) & Card.revoked_at.is_(None))
        .where(Person.id.in_(ids))
    )
    known = {detail.id: detail for detail in details}
    return [_silent(row, known[_uuid(row.id)]) for row in rows]


def _silent(row: _Reason, detail: Any) -> Silent:
    return Silent(
        person_id=_uuid(row.id),
        name=row.name,
        year_group=detail.year_group,
        language=detail.language,
        pep_id=_uuid(row.pep_id) if row.pep_id else None,
        meeting_on=date.fromisoformat(str(row.meeting_on)) if row.meeting_on else None,
        why=Why(row.why),
        has_card=bool(detail.has_card),
        interpreter_noted=Flag.interpreter in (detail.flags or ()),
    )


def _uuid(raw: Any) -> uuid.UUID:
    return raw if isinstance(raw, uuid.UUID) else uuid.UUID(str(raw))


_HEARD = "heard"


def caseload(adult_id: uuid.UUID, on: date) -> Select[Any]:
    """Return whom an adult of the Virtual School is connected to on a day."""
    return select(Connection.young_person_id).where(
        Connection.adult_id == adult_id,
        Connection.role == Role.virtual_school,
        Connection.starts_on <= on,
        Connection.ends_on.is_(None) | (Connection.ends_on > on),
    )


def _everybody(adult_id: uuid.UUID, on: date) -> Select[Any]:
    """Return everybody on the caseload who has or should have a PEP this term, each with 'heard' or the reason why not."""
    on_it = _once(_on_the_list(adult_id, on), "on_the_list")
    columns = on_it.c
    return select(columns.id, columns.name, columns.pep_id, columns.meeting_on, _why(columns, on).label("why"))


def _on_the_list(adult_id: uuid.UUID, on: date) -> Any:
    """Return everybody who belongs on the list, with this term's PEP, whose hand is in it, their card and what was noted."""
    term, newer = aliased(Pep), aliased(Pep)
    # Extra PEPs can stand in one term: the newest is the one that counts.
    is_newer = (newer.young_person_id == term.young_person_id, newer.term == term.term, newer.id > term.id)
    newest = ~select(literal_column("1")).where(*is_newer).exists()
    # Ids and days stay as the database holds them: turning ten thousand of each into objects costs more than the look-up.
    return (
        select(
            type_coerce(Person.id, NullType).label("id"),
            Person.name,
            Person.language,
            YoungPerson.flags,
            type_coerce(term.id, NullType).label("pep_id"),
            type_coerce(term.meeting_on, NullType).label("meeting_on"),
            Card.id.is_not(None).label("has_card"),
            Card.claimed_at.is_not(None).label("card_was_used"),
            whose_hand(term).label("hand"),
        )
        .join(YoungPerson, YoungPerson.person_id == Person.id)
        .outerjoin(term, (term.young_person_id == Person.id) & (term.term == term_on(on)) & newest)
        .outerjoin(Card, (Card.person_id == Person.id) & Card.revoked_at.is_(None))
        .where(
            Person.id.in_(caseload(adult_id, on)),
            Person.ended_on.is_(None) | (Person.ended_on > on),
            or_(YoungPerson.care != Care.care_leaver, term.id.is_not(None)),
        )
    )


# Whose hand is in what stands for a PEP; the higher one counts.
ADULTS_ALONE, ON_PAPER, THEIR_OWN = 1, 2, 3


def whose_hand(pep: type[Pep]) -> ColumnElement[int]:
    """Return whose hand is in what was answered for a PEP and stands: their own, only an adult's, or nobody's (NULL)."""
    their_own = SentAnswer.how.not_in(ADULTS_HAND) & (SentAnswer.by_role == Role.young_person)
    on_paper = SentAnswer.how == How.paper
    hand = case((their_own, THEIR_OWN), (on_paper, ON_PAPER), (SentAnswer.how.not_in(OWN_HAND), ADULTS_ALONE))
    return select(func.max(hand)).where(SentAnswer.pep_id == pep.id, *_answered_in_the_record()).scalar_subquery()


def _answered_in_the_record() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which something sent is answered, stands, and is part of a PEP's record."""
    return (
        SentAnswer.superseded_at.is_(None),
        SentAnswer.withdrawn_at.is_(None),
        SentAnswer.state == State.answered,
        SentAnswer.section.not_in(NOT_IN_THE_RECORD),
        SentAnswer.set_id != AFTER_MEETING,
    )


def _why(one: Any, on: date) -> ColumnElement[str]:
    """Return the rules of this module as one expression over the list's columns; the first that holds decides."""
    return case(
        (one.hand == THEIR_OWN, literal(_HEARD)),
        (one.hand == ON_PAPER, literal(Why.on_paper.value)),
        (one.hand == ADULTS_ALONE, literal(Why.adult_wrote.value)),
        (has_sent(one.pep_id), literal(Why.refused.value)),
        (or_(one.pep_id.is_(None), one.meeting_on.is_(None)), literal(Why.no_date.value)),
        (_no_catalogue(one.language), literal(Why.language.value)),
        (_noted(one.flags, Flag.no_device), literal(Why.no_device.value)),
        (one.card_was_used, literal(Why.not_known.value)),
        (_came_in(one.id, on), literal(Why.not_known.value)),
        (_link_works(one.id), literal(Why.not_known.value)),
        (
            or_(one.has_card, _link_was_made(one.id, on), _paper_was_printed(one.id, one.pep_id, on)),
            literal(Why.no_way_in.value),
        ),
        else_=literal(Why.not_asked.value),
    )


def _not_their_own() -> list[str]:
    """Return the question sets that are not the young person's voice in a PEP: the adults' own, and how the meeting was."""
    return [AFTER_MEETING, *(one for one in library().ids() if library().latest(one).audience == "adult")]


def has_sent(pep_id: Any) -> ColumnElement[bool]:
    """Return whether the young person pressed Send for a PEP, whatever they shared."""
    # 'Not among' rather than 'among': one reach into the index for a PEP instead of one for each kind.
    return is_there(Response.pep_id == pep_id, Response.set_id.not_in(_not_their_own()), Response.sent_at.is_not(None))


def _no_catalogue(language: Any) -> ColumnElement[bool]:
    offered = [one.tag for one in languages.offered(live=settings().live)]
    return and_(language.is_not(None), language.not_in(offered))


def _noted(flags: Any, flag: Flag) -> ColumnElement[bool]:
    # A list of short codes of our own: looking for one in its text is the same on both databases.
    return cast(flags, String).contains(f'"{flag}"', autoescape=True)


def _came_in(who: Any, on: date) -> ColumnElement[bool]:
    """They were on their page this term: by card, by link, or with somebody beside them."""
    return is_there(SignIn.person_id == who, SignIn.began_at >= term_began(on))


def _link_works(who: Any) -> ColumnElement[bool]:
    return is_there(
        OneTimeLink.person_id == who,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.cancelled_at.is_(None),
        OneTimeLink.expires_at > clock.now(),
    )


def _link_was_made(who: Any, on: date) -> ColumnElement[bool]:
    return is_there(OneTimeLink.person_id == who, OneTimeLink.made_at >= term_began(on))


def _paper_was_printed(who: Any, pep_id: Any, on: date) -> ColumnElement[bool]:
    return is_there(
        AuditEntry.subject_id == who,
        AuditEntry.at >= term_began(on),
        AuditEntry.event == "paper.printed",
        AuditEntry.thing_id == pep_id,
    )


def page_of(text: str | None) -> int:
    """Return the page somebody asked for; the first for anything that is not one."""
    return int(text) if text and text.isdecimal() and len(text) < 5 else 1


def in_order(counts: dict[Why, int]) -> Sequence[tuple[Why, int]]:
    """Return the counts in the order of the rules."""
    return [(why, counts[why]) for why in Why if why in counts]
