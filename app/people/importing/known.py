"""What is here already of the children, PEPs and adults that a file names. Read in a few queries, whatever the file's length."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.people.models import Connection, CouncilReference, Pep, Person

_AT_ONCE = 500
T = TypeVar("T")


@dataclass
class Known:
    """Children by hash and id, PEPs by the platform's id, adults by e-mail, connections by child."""

    child_of_lookup: dict[str, uuid.UUID] = field(default_factory=dict)
    lookup_of_child: dict[uuid.UUID, str] = field(default_factory=dict)
    peps: dict[str, Pep] = field(default_factory=dict)
    adults: dict[str, Person] = field(default_factory=dict)
    children: dict[uuid.UUID, Person] = field(default_factory=dict)
    connections: dict[uuid.UUID, list[Connection]] = field(default_factory=dict)


def load(session: Session, lookups: Collection[str], pep_ids: Collection[str], emails: Collection[str]) -> Known:
    """Return what is known of these hashes, PEP ids and e-mail addresses, and of the children they lead to."""
    known = Known()
    for some in _some(pep_ids):
        known.peps.update(
            (pep.external_id, pep) for pep in session.scalars(select(Pep).where(Pep.external_id.in_(some)))
        )
    for some in _some(emails):
        known.adults.update((p.email or "", p) for p in session.scalars(select(Person).where(Person.email.in_(some))))
    hashes = select(CouncilReference.young_person_id, CouncilReference.lookup)
    for some in _some(lookups):
        known.child_of_lookup.update(
            (row.lookup, row.young_person_id)
            for row in session.execute(hashes.where(CouncilReference.lookup.in_(some)))
        )
    ids = {pep.young_person_id for pep in known.peps.values()} | set(known.child_of_lookup.values())
    for chosen in _some(ids):
        found = session.execute(hashes.where(CouncilReference.young_person_id.in_(chosen)))
        known.lookup_of_child.update((row.young_person_id, row.lookup) for row in found)
        people = select(Person).where(Person.id.in_(chosen)).options(joinedload(Person.young))
        known.children.update((person.id, person) for person in session.scalars(people))
        links = select(Connection).where(Connection.young_person_id.in_(chosen)).options(joinedload(Connection.adult))
        for link in session.scalars(links.order_by(Connection.starts_on, Connection.id)):
            known.connections.setdefault(link.young_person_id, []).append(link)
    return known


def _some(values: Collection[T]) -> Iterator[list[T]]:
    rest = iter(values)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
