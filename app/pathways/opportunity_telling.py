"""Telling of opportunities and events: a young person by the way they chose, an adult by e-mail or text. Nobody is named.

A message says that there is something, and that it is behind a sign-in; what it is stands on the page (safeguarding, section 6).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core import clock
from app.messages.outbox import post
from app.messages.quiet_hours import polite
from app.pathways.fitting import Fit, Who, fitting, who_is
from app.pathways.models import Alert, HeEvent, Interest, Opportunity, Seat
from app.people.caseload import alive, may_help
from app.people.models import Connection, Person, Role, YoungPerson
from app.people.sessions import YoungFacts
from app.wishes.models import HearBy
from app.wishes.telling import BY_AN_ADULT

# Who hears that a young person would like help with something: the first of these roles that is around them.
ADVISERS = (Role.personal_adviser, Role.social_worker, Role.designated_teacher)
# Who may say yes for somebody under 16. The handbook leaves open who has to (for the council to check): we ask whoever looks
# after them day by day, and their social worker.
MAY_SAY_YES = (Role.carer, Role.key_worker, Role.social_worker)


def tell_young_person(
    session: Session,
    person_id: uuid.UUID,
    template: str,
    cause: str,
    key: str,
    *,
    needed_by: datetime | None = None,
    **params: str,
) -> bool:
    """Send a text to a young person's own phone, unless they want to be told by somebody or have none. Returns whether.

    Never at night, but for what they have to know before the morning (``needed_by``).
    """
    person = session.get_one(Person, person_id)
    hear_by = session.get(HearBy, person_id)
    if not person.mobile or (hear_by is not None and hear_by.way in BY_AN_ADULT):
        return False
    post(
        session,
        kind="sms",
        address=person.mobile,
        language=person.language,
        template=template,
        params=params,
        cause=cause,
        cause_id=None,
        about=person_id,
        key=f"{key}:{person_id}",
        send_after=_leaves_at(needed_by),
    )
    return True


def _leaves_at(needed_by: datetime | None) -> datetime:
    moment = clock.now()
    held = polite(moment)
    return held if needed_by is None or held < needed_by else moment


def tell_of_topics(session: Session, row: Opportunity) -> int:
    """Tell those who asked to hear about one of its topics and for whom it is (or nearly). Once each. Returns how many."""
    if row.visibility == "invited":
        return 0
    today = clock.today()
    asked = session.scalars(
        select(Person)
        .join(Alert, Alert.person_id == Person.id)
        .where(Alert.topic.in_(row.topics), Person.ended_on.is_(None) | (Person.ended_on > today))
        .options(joinedload(Person.young))
        .distinct()
    ).all()
    told = 0
    for person in asked:
        if fitting(row, who_of(person.young)).fit is not Fit.no:
            key = f"opportunity:{row.id}"
            told += tell_young_person(session, person.id, "something_to_look_at", "opportunity.new", key)
    return told


def who_of(young: YoungPerson | None) -> Who:
    """Return what the list asks of a young person of whom somebody else speaks."""
    if young is None:
        return Who()
    flags = frozenset(young.flags or ())
    return who_is(YoungFacts(young.year_group, young.care, young.question_set, young.short_path, flags, young.place))


def advisers_of(session: Session, young_person_id: uuid.UUID, on: date) -> list[Person]:
    """Return who is told that a young person would like help: their adviser, else social worker, else teacher."""
    around = _around(session, young_person_id, ADVISERS, on)
    for role in ADVISERS:
        if found := [person for person, as_role in around if as_role is role]:
            return found
    return []


def may_say_yes(session: Session, young_person_id: uuid.UUID, on: date) -> list[Person]:
    """Return who may say yes for somebody under 16 today."""
    return list({person.id: person for person, _role in _around(session, young_person_id, MAY_SAY_YES, on)}.values())


def _around(
    session: Session, young_person_id: uuid.UUID, roles: Collection[Role], on: date
) -> list[tuple[Person, Role]]:
    young = session.get_one(Person, young_person_id)
    rows = session.execute(
        select(Person, Connection.role)
        .join(Connection, Connection.adult_id == Person.id)
        .where(
            Connection.young_person_id == young_person_id,
            Connection.role.in_(roles),
            alive(on),
            Person.ended_on.is_(None) | (Person.ended_on > on),
        )
        .order_by(Person.name, Person.id)
    )
    return [(person, Role(role)) for person, role in rows if may_help(young, [Role(role)])]


def tell_adviser(session: Session, interest: Interest) -> None:
    """Say to a young person's adviser that they would like to talk about something, once for each state."""
    people = advisers_of(session, interest.person_id, clock.today())
    key = f"interest:{interest.id}:{interest.state}"
    _tell_adults(session, people, "opportunity_interest", "opportunity.interest", interest.person_id, key)


def tell_place(session: Session, seat: Seat) -> None:
    """Say to a young person that a place has come free for them."""
    ends = int(seat.offer_ends_at.timestamp()) if seat.offer_ends_at else 0
    tell_young_person(session, seat.person_id, "event_place", "event.offered", f"event-place:{seat.id}:{ends}")


def tell_of_a_change(session: Session, seat: Seat, template: str, needed_by: datetime, mark: int) -> None:
    """Tell whoever has or waits for a seat that the event is called off or moved, and who said yes or signed them up.

    Who has no phone of their own hears it from somebody around them. ``mark`` tells one change of a seat from the next.
    """
    key = f"{template}:{seat.id}:{mark}"
    on, about, cause = clock.today(), seat.person_id, "event.changed"
    told = tell_young_person(session, about, template, cause, key, needed_by=needed_by)
    around = may_say_yes(session, about, on)
    people = [one for one in around if one.id in (seat.consent_by_id, seat.booked_by_id)]
    if not told:
        people = around or advisers_of(session, about, on)
    _tell_adults(session, people, template, cause, about, key, needed_by=needed_by)


def ask_for_a_yes(session: Session, seat: Seat, *, again: bool = False) -> None:
    """Ask who may say yes for a young person under 16 to do so; ``again``: shortly before the event."""
    people = may_say_yes(session, seat.person_id, clock.today())
    key = f"event-yes:{seat.id}:{'again' if again else 'first'}"
    _tell_adults(session, people, "event_yes", "event.waits-for-a-yes", seat.person_id, key)


def remind(session: Session, on: date) -> int:
    """Remind everybody of what they are booked for on the next day, and of a missing yes a week before. Returns how many.

    Twice on a day is as good as once.
    """
    rows = session.execute(
        select(Seat, Opportunity)
        .join(HeEvent, HeEvent.id == Seat.event_id)
        .join(Opportunity, Opportunity.id == HeEvent.opportunity_id)
        .where(Seat.state == "booked", Opportunity.withdrawn_at.is_(None), Opportunity.starts_at > clock.now())
    ).all()
    count = 0
    for seat, row in rows:
        day = clock.local(row.starts_at or clock.now()).date()
        if (day - on).days == 1:
            key = f"event-tomorrow:{seat.id}:{day}"
            count += tell_young_person(
                session, seat.person_id, "event_tomorrow", "event.soon", key, day=day.isoformat()
            )
        if seat.consent_at is None and needs_a_yes(session, seat.person_id) and 0 < (day - on).days <= 7:
            ask_for_a_yes(session, seat, again=True)
            count += 1
    return count


def needs_a_yes(session: Session, young_person_id: uuid.UUID) -> bool:
    """Return whether somebody has to say yes for this young person. We hold no birthday: up to Year 11 they may be under 16."""
    young = session.get(YoungPerson, young_person_id)
    if young is None or young.care == "care_leaver":
        return False
    if young.year_group is None:
        return young.place not in ("college", "work")
    return young.year_group <= 11


def _tell_adults(
    session: Session,
    people: Iterable[Person],
    template: str,
    cause: str,
    about: uuid.UUID,
    key: str,
    *,
    needed_by: datetime | None = None,
) -> None:
    for person in people:
        if not (person.email or person.mobile):
            continue
        post(
            session,
            kind="email" if person.email else "sms",
            address=person.email or person.mobile or "",
            language=person.language,
            template=template,
            cause=cause,
            cause_id=None,
            about=about,
            key=f"{key}:{person.id}",
            send_after=_leaves_at(needed_by),
        )
