"""In whose hand a wish is: that of its owner, while they are around the young person and the young person lets them see it.

An owner whom the dial leaves out has it in hand no more than one who has left: 'we hide it from then on' holds for them too.
"""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, Text, and_, bindparam, cast, exists, func, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.core import clock
from app.core.db import is_there
from app.people.audience import NEVER_AT_HOME, SHARED, Share
from app.people.caseload import alive
from app.people.models import Care, Connection, Person, Role, YoungPerson
from app.people.policy import RECORD_READERS
from app.wishes.models import OPEN, State, Wish

# Asked at each look-up: the conditions themselves are built once.
_TODAY = bindparam("today", callable_=clock.today, type_=Date())
_AT_HOME = [role for role in Role if role.at_home]
_AT_SCHOOL = [role for role in Role if role.at_school]


def standing() -> Select[Wish]:
    """Return the select of wishes that their young person has not taken back."""
    return select(Wish).where(Wish.withdrawn_at.is_(None))


@cache
def owner_is_around() -> ColumnElement[bool]:
    """Return the condition that a wish has an owner who is connected to its young person today."""
    return and_(
        _connected(RECORD_READERS),
        is_there(Person.id == Wish.owner_id, Person.ended_on.is_(None) | (Person.ended_on > _TODAY)),
    )


@cache
def in_living_hands() -> ColumnElement[bool]:
    """Return the condition that a wish has an owner who is around today and may see it."""
    return and_(owner_is_around(), _owner_may_see())


def _connected(roles: frozenset[Role] | list[Role]) -> ColumnElement[bool]:
    return is_there(
        Connection.adult_id == Wish.owner_id,
        Connection.young_person_id == Wish.young_person_id,
        Connection.role.in_(roles),
        alive(_TODAY),  # type: ignore[arg-type]  # a day, when it is asked
    )


def _owner_may_see() -> ColumnElement[bool]:
    """Return ``Dial.allows`` for a wish's owner, for the database. A test holds the two to each other."""
    leaver = exists().where(YoungPerson.person_id == Wish.young_person_id, YoungPerson.care == Care.care_leaver)
    by_name = Wish.share == Share.chosen
    # The names are kept as text with dashes, the owner as the database keeps ids.
    named = _bare(Wish.chosen).contains(_bare(Wish.owner_id))
    never_at_home = func.coalesce(Wish.question_id, "").in_(NEVER_AT_HOME)
    home_is_out = or_(never_at_home, and_(not_(by_name), or_(Wish.share == Share.not_home, leaver)))
    school_is_out = and_(not_(by_name), or_(Wish.share == Share.not_school, leaver))
    return and_(
        Wish.share.in_(SHARED),
        or_(not_(by_name), named, _connected([Role.virtual_school])),
        or_(not_(home_is_out), not_(_connected(_AT_HOME))),
        or_(not_(school_is_out), not_(_connected(_AT_SCHOOL))),
    )


def _bare(column: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    return func.replace(cast(column, Text), "-", "")


def in_hand_of(adult_id: uuid.UUID) -> Select[Wish]:
    """Return the select of the wishes an adult has in hand today and has not answered, overdue first."""
    return (
        standing()
        .where(Wish.owner_id == adult_id, Wish.state.in_(OPEN), in_living_hands())
        .order_by(Wish.due_on.is_(None), Wish.due_on, Wish.raised_at, Wish.id)
    )


def answered_by(adult_id: uuid.UUID) -> Select[Wish]:
    """Return the select of the wishes of an adult that wait for the young person's word, the newest answer first."""
    return (
        standing()
        .where(Wish.owner_id == adult_id, Wish.state == State.answered, in_living_hands())
        .order_by(Wish.answered_at.desc(), Wish.id)
    )
