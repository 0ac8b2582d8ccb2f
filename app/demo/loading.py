"""Filling an empty database with the demo: people, who is around whom, three terms of PEPs, and what was said in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock, languages
from app.core.db import new_id
from app.core.settings import Settings
from app.demo import data
from app.demo.acting import acting
from app.demo.bookings import book_some
from app.demo.dropins import set_up as set_up_dropins
from app.demo.meetings import hold
from app.demo.opportunities import put_opportunities
from app.demo.posting import post_messages
from app.demo.routes import go_their_way
from app.demo.telling import Around, Teller, in_order
from app.demo.terms import on_a_school_day, terms_until
from app.demo.visits import write_visits
from app.demo.wishing import Wishing, ask_why
from app.people.models import Connection, Pep, Person, Role, YoungPerson
from app.safeguarding.content import load_contacts
from app.voice.models import SentAnswer

_LEFT_DAYS_AGO = 50
_CLOSED_AFTER = timedelta(days=21)
_DEADLINE_AFTER = timedelta(days=14)


class DemoRefused(RuntimeError):
    """The demo may not be loaded here; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was written."""

    people: int
    peps: int
    answers: int


def check_allowed(config: Settings) -> None:
    """Raise DemoRefused outside demo mode, and always in production."""
    if config.production:
        raise DemoRefused("This is production: invented people have no place among real ones.")
    if not config.demo:
        raise DemoRefused("Demo mode is off. Set PEPVOICE_DEMO=true, and only on a machine without real people.")


def count(session: Session, *, demo: bool) -> int:
    """Return how many invented (or real) people are in the database."""
    return session.scalar(select(func.count()).select_from(Person).where(Person.is_demo.is_(demo))) or 0


def load(session: Session) -> Loaded:
    """Write the whole demo. The caller has checked that it may be, and commits."""
    today = clock.today()
    load_contacts(session)
    adults = {key: _adult(key, one) for key, one in data.people().adults.items()}
    young = {key: _young(one) for key, one in data.people().young_people.items()}
    session.add_all([*adults.values(), *young.values()])
    session.flush()
    for key, person in young.items():
        session.add_all(_connections(data.people().young_people[key], person, adults, today))
    peps = _peps(young, today)
    session.add_all(peps.values())
    session.flush()
    _tell(session, young, adults, peps, today)
    for key, held in data.meetings().items():
        hold(session, peps[key, held.term], held, adults)
    _wish(session, young, adults, peps, today)
    go_their_way(session, young["robin"])
    set_up_dropins(session, adults, today)
    write_visits(session, young, adults, today)
    book_some(session, young, adults)
    post_messages(session, young, adults, today)
    put_opportunities(session, young, adults)
    session.flush()
    answers = session.scalar(select(func.count()).select_from(SentAnswer)) or 0
    return Loaded(len(adults) + len(young), len(peps), answers)


def _adult(key: str, one: data.Adult) -> Person:
    return Person(
        id=new_id(),
        role=one.role,
        name=one.name,
        language=_known(one.language),
        email=data.email_of(key),
        team=one.team,
        is_demo=True,
    )


def _young(one: data.Young) -> Person:
    person = Person(id=new_id(), role=Role.young_person, name=one.name, language=_known(one.language), is_demo=True)
    person.young = YoungPerson(
        year_group=one.year_group,
        care=one.care,
        flags=[str(flag) for flag in one.flags],
        school_name=one.school_name,
        place=one.place,
    )
    return person


def _known(tag: str) -> str:
    if tag not in languages.BY_TAG:
        raise ValueError(f"{tag} is no language of ours")
    return tag


def _connections(one: data.Young, person: Person, adults: dict[str, Person], today: date) -> list[Connection]:
    since = today - timedelta(days=one.since)
    until = today - timedelta(days=_LEFT_DAYS_AGO)
    pairs = [(adults[key], None) for key in one.around] + [(adults[key], until) for key in one.left]
    return [
        Connection(adult_id=adult.id, young_person_id=person.id, role=adult.role, starts_on=since, ends_on=ends_on)
        for adult, ends_on in pairs
    ]


def _peps(young: dict[str, Person], today: date) -> dict[tuple[str, int], Pep]:
    """Return a PEP for each young person and term since they came: those gone by are closed, the one of now is open."""
    peps: dict[tuple[str, int], Pep] = {}
    for place, (key, person) in enumerate(young.items()):
        one = data.people().young_people[key]
        for ago, term in terms_until(today).items():
            meeting = term.meeting(place) if ago < 0 else _next_meeting(one, today)
            if ago < 0 and meeting is not None and meeting < today - timedelta(days=one.since):
                continue
            peps[key, ago] = Pep(
                id=new_id(),
                young_person_id=person.id,
                external_id=f"DEMO-{term.code}-{place + 1:02d}",
                term=term.code,
                meeting_on=meeting,
                deadline_on=meeting + _DEADLINE_AFTER if meeting else None,
                closed_at=_closed(meeting, today) if ago < 0 and meeting else None,
            )
    return peps


def _next_meeting(one: data.Young, today: date) -> date | None:
    return None if one.meeting_in is None else on_a_school_day(today + timedelta(days=one.meeting_in), today)


def _closed(meeting: date, today: date) -> datetime:
    day = min(meeting + _CLOSED_AFTER, today - timedelta(days=1))
    return datetime.combine(day, time(16), tzinfo=clock.LONDON)


def _tell(
    session: Session,
    young: dict[str, Person],
    adults: dict[str, Person],
    peps: dict[tuple[str, int], Pep],
    today: date,
) -> None:
    everything = [(key, told) for key, entries in data.history().items() for told in entries]
    for key, told in in_order(everything):
        around = Around({name: adults[name] for name in data.people().young_people[key].around})
        Teller(session, acting(young[key]), peps[key, told.term], around, told, today).tell()


def _wish(
    session: Session,
    young: dict[str, Person],
    adults: dict[str, Person],
    peps: dict[tuple[str, int], Pep],
    today: date,
) -> None:
    for key, hopes in data.wishes().items():
        around = {name: adults[name] for name in data.people().young_people[key].around}
        for one in hopes.wishes:
            Wishing(session, young[key], peps[key, one.term], around, one, today).write()
        for why in hopes.whys:
            ask_why(session, young[key], peps[key, why.term], around[why.adult], why)
