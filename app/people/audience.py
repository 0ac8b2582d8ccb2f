"""The audience dial: who may read an answer. One predicate, used by the preview, the record and the feed alike.

Source: voice-questions.md section 4, safeguarding-and-privacy.md section 7.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.models import Care, Connection, Person, Role, YoungPerson
from app.people.policy import RECORD_READERS


class Share(StrEnum):
    """Who may read an answer (voice-questions, section 4)."""

    pep = "pep"
    not_home = "not-home"
    not_school = "not-school"
    chosen = "chosen"
    unsent = "unsent"
    # Only for what the people at home write themselves: everybody around the PEP, not the child for now.
    not_child = "not-child"


# Who reads what a carer or key worker writes about a child (voice-questions, section 5, notices); the child does by 'pep'.
ADULT_WORDS_READERS = frozenset({Role.designated_teacher, Role.social_worker, Role.iro, Role.virtual_school})
ADULT_WORDS_SHARED = (Share.pep, Share.not_child)

# Who a child would find it hard to have at the meeting, and what to keep out of it, is never for the people they live with,
# whatever was chosen (safeguarding, section 7, row 'Meeting preferences').
NOT_FOR_THE_ROOM = frozenset({"mt-who-not", "mt-not-about"})
# Nor is how the meeting was for them (same table, row 'After-meeting ratings').
AFTER_MEETING = frozenset(
    f"am-{one}"
    for one in (
        "there",
        "friendly",
        "about-me",
        "say",
        "words",
        "asked-for",
        "people",
        "know",
        "feel-plan",
        "best",
        "better",
        "talk",
    )
)
NEVER_AT_HOME = NOT_FOR_THE_ROOM | AFTER_MEETING

# What may stand in a record or a feed; 'chosen' is for named people only and 'unsent' for nobody.
FED = (Share.pep, Share.not_home, Share.not_school)
SHARED = (Share.pep, Share.not_home, Share.not_school, Share.chosen)
# What leaves a draft when its writer presses Send, whoever they are; who may choose what is a matter of the page.
SENDABLE = (*SHARED, Share.not_child)


@dataclass(frozen=True, slots=True)
class Reader:
    """An adult connected to the young person today, with every role they have towards them."""

    person_id: uuid.UUID
    name: str
    roles: frozenset[Role]

    @property
    def role(self) -> Role:
        """The role to call them by."""
        return sorted(self.roles)[0]


@dataclass(frozen=True, slots=True)
class Dial:
    """How one answer is shared: what the young person chose, for which question, and whether they are a care leaver."""

    share: str | None
    chosen: Collection[str]
    question_id: str
    care: str

    def allows(self, person_id: uuid.UUID, roles: Collection[Role]) -> bool:
        """Return whether an adult with these roles may read the answer. The stricter role decides for somebody with two."""
        if not roles or self.share not in SHARED:
            return False
        at_home = any(role.at_home for role in roles)
        at_school = any(role.at_school for role in roles)
        if self.question_id in NEVER_AT_HOME and at_home:
            return False
        if self.share == Share.chosen:
            # The Virtual School's reader makes sure that a person always looks; the page says so.
            return str(person_id) in self.chosen or Role.virtual_school in roles
        if at_home and (self.share == Share.not_home or self.care == Care.care_leaver):
            return False
        return not (at_school and (self.share == Share.not_school or self.care == Care.care_leaver))

    def readers(self, people: Iterable[Reader]) -> list[Reader]:
        """Return who of ``people`` may read the answer."""
        return [reader for reader in people if self.allows(reader.person_id, reader.roles)]


def readers_today(session: Session, young_person_id: uuid.UUID, on: date) -> list[Reader]:
    """Return every adult who could read something of this young person on a day, in a steady order."""
    rows = session.execute(
        select(Person.id, Person.name, Connection.role)
        .join(Person, Person.id == Connection.adult_id)
        .where(
            Connection.young_person_id == young_person_id,
            Connection.starts_on <= on,
            (Connection.ends_on.is_(None)) | (Connection.ends_on > on),
            Connection.role.in_(RECORD_READERS),
            (Person.ended_on.is_(None)) | (Person.ended_on > on),
        )
        .order_by(Person.name, Person.id)
    )
    found: dict[uuid.UUID, tuple[str, set[Role]]] = {}
    for person_id, name, role in rows:
        found.setdefault(person_id, (name, set()))[1].add(Role(role))
    return [Reader(person_id, name, frozenset(roles)) for person_id, (name, roles) in found.items()]


def care_of(session: Session, young_person_id: uuid.UUID) -> str:
    """Return whether the young person is in care or a care leaver."""
    return session.scalar(select(YoungPerson.care).where(YoungPerson.person_id == young_person_id)) or Care.in_care
