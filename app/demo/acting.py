"""An actor for somebody in the demo, where no request has signed them in."""

from __future__ import annotations

from app.core.db import new_id
from app.people.models import Person, Role, YoungPerson
from app.people.sessions import Actor, Look, YoungFacts


def acting(person: Person) -> Actor:
    """Return ``person`` as the rooms see somebody who is signed in."""
    role = Role(person.role)
    return Actor(
        person_id=person.id,
        role=role,
        name=person.name,
        language=person.language,
        sign_in_id=new_id(),
        way="card" if role.is_child else "worker",
        helper_id=None,
        helper_role=None,
        locked=False,
        shared_device=False,
        look=Look(person.theme, person.scheme, person.contrast),
        young=_facts(person.young) if person.young else None,
    )


def _facts(young: YoungPerson) -> YoungFacts:
    return YoungFacts(
        year_group=young.year_group,
        care=young.care,
        question_set=young.question_set,
        short_path=young.short_path,
        flags=frozenset(young.flags),
        place=young.place,
    )
