"""Reminding carers and key workers of a PEP meeting: 21, 10 and 3 days before it, in their language, nothing personal in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.messages.models import Message
from app.messages.outbox import post
from app.people.models import Care, Connection, Pep, Person, YoungPerson
from app.people.reaching import tidy
from app.voice.living_with import SET_OF_ROLE

STEPS = (21, 10, 3)
# The address says nothing about care: anybody may see the phone. From there it is one tap to the way in.
SIGN_IN = "/home"


@dataclass(frozen=True, slots=True)
class Due:
    """One reminder that is due: to whom, of which meeting, which of the three it is, and how it would go."""

    adult: Person
    pep: Pep
    step: int
    kind: str
    address: str

    @property
    def key(self) -> str:
        """The same for the same reminder, however often it is asked for; another when the meeting has moved."""
        day = self.pep.meeting_on.isoformat() if self.pep.meeting_on else ""
        return f"meeting-soon:{self.pep.id}:{self.adult.id}:{day}:{self.step}"


def step_of(meeting_on: date, on: date) -> int | None:
    """Return which reminder a meeting is at on a day: 21, 10 or 3; None when it is further away, today or over.

    A day on which nobody ran the command is made good the next day.
    """
    left = (meeting_on - on).days
    return min((step for step in STEPS if left <= step), default=None) if left > 0 else None


def due(session: Session, on: date) -> list[Due]:
    """Return the reminders due on a day that are not in the outbox yet. Those who no longer live with the child get none."""
    rows = session.execute(
        select(Person, Pep)
        .join(Connection, Connection.adult_id == Person.id)
        .join(Pep, Pep.young_person_id == Connection.young_person_id)
        .join(YoungPerson, YoungPerson.person_id == Pep.young_person_id)
        .where(
            Connection.role.in_(SET_OF_ROLE),
            Connection.starts_on <= on,
            Connection.ends_on.is_(None) | (Connection.ends_on > on),
            Person.ended_on.is_(None) | (Person.ended_on > on),
            Pep.closed_at.is_(None),
            Pep.meeting_on > on,
            Pep.meeting_on <= on + timedelta(days=max(STEPS)),
            YoungPerson.care != Care.care_leaver,
        )
        .order_by(Pep.meeting_on, Pep.id, Person.id)
    )
    found = {}
    for adult, pep in rows:
        one = _due(adult, pep, on)
        if one is not None:
            found[one.key] = one
    known = set(session.scalars(select(Message.key).where(Message.key.in_(found))))
    return [one for key, one in found.items() if key not in known]


def _due(adult: Person, pep: Pep, on: date) -> Due | None:
    step = step_of(pep.meeting_on, on) if pep.meeting_on else None
    mobile = tidy(adult.mobile or "")
    if step is None or not (adult.email or mobile):
        return None
    kind, address = ("email", adult.email) if adult.email else ("sms", mobile)
    return Due(adult, pep, step, kind, address or "")


def remind(session: Session, on: date) -> int:
    """Put every reminder that is due in the outbox, and return how many. Twice on a day is as good as once."""
    waiting = due(session, on)
    for one in waiting:
        post(
            session,
            kind=one.kind,
            address=one.address,
            language=one.adult.language,
            template="meeting_soon",
            params={"day": one.pep.meeting_on.isoformat() if one.pep.meeting_on else "", "path": SIGN_IN},
            cause="meeting.soon",
            cause_id=one.pep.id,
            about=one.pep.young_person_id,
            key=one.key,
        )
    return len(waiting)
