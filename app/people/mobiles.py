"""A mobile number that somebody types for themselves: checked by the numbering plans, kept in its international form."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, event, inspect, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden

from app.core import audit, clock
from app.messages import stopping
from app.messages.outbox import post
from app.people.models import Person, Role
from app.people.reaching import tidy
from app.people.sessions import Actor

HOME = "GB"


class NotAMobile(ValueError):
    """What was typed is no number that a text message can reach."""


class InUse(ValueError):
    """Somebody else here has this number: a code sent to it would not say whose it is."""


def as_mobile(typed: str) -> str:
    """Return what was typed as '+447700900123'. Raises NotAMobile for anything that is not a mobile number.

    Digits of every script, spaces, brackets and dashes are understood; without a country it is a British one.
    """
    # The numbering plans are large, and few pages need them.
    import phonenumbers

    try:
        number = phonenumbers.parse(typed, HOME)
    except phonenumbers.NumberParseException:
        raise NotAMobile from None
    kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in kinds:
        raise NotAMobile
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def change_my_mobile(session: Session, actor: Actor, typed: str) -> str | None:
    """Keep an adult's own number, or none when nothing is typed, and return it. Where they were reached before is told of it.

    Raises NotAMobile, InUse, and Forbidden for a young person: theirs is a matter for them and their worker.
    """
    if actor.is_child:
        raise Forbidden
    person = session.get_one(Person, actor.person_id)
    number = as_mobile(typed) if typed.strip() else None
    before = tidy(person.mobile or "")
    if number == before:
        return number
    if number is not None and _in_use(session, person, number):
        raise InUse
    person.mobile = number
    audit.record(session, actor, "person.mobile-changed", detail="set" if number else "removed")
    # A number opens a way in: whoever had the old one, or the mailbox, learns that it has changed.
    for kind, address in (("email", person.email), ("sms", before)):
        if address:
            post(
                session,
                kind=kind,
                address=address,
                language=person.language,
                template="mobile_changed",
                cause="mobile.changed",
                cause_id=person.id,
            )
            break
    return number


def _in_use(session: Session, person: Person, number: str) -> bool:
    on = clock.today()
    others = session.scalars(
        select(Person.mobile).where(
            Person.mobile.is_not(None), Person.id != person.id, Person.ended_on.is_(None) | (Person.ended_on > on)
        )
    )
    return any(tidy(other or "") == number for other in others)


@event.listens_for(Person, "after_update")
def _messages_follow(_mapper: Any, connection: Connection, person: Person) -> None:
    """Whoever changes a young person's number, and however: what waits for their phone goes to the new one, or nowhere."""
    if person.role == Role.young_person and inspect(person).attrs.mobile.history.has_changes():
        stopping.follow(connection, person.id, person.mobile)
