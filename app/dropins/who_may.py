"""Who may come to a session, and who may book for whom (handbook 2.1 and 4.5).

The house holds no date of birth. How old somebody can be is known from their school year and, of care leavers, from
that they have left
school; a session's limits keep out only those who are certainly too young or too old for it.
"""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import clock
from app.dropins.models import DropIn
from app.people import caseload
from app.people.models import Care, Flag, Person, Role, YoungPerson
from app.people.sessions import Actor

_OLDEST = 25
_LEAVERS_FROM = 16
_SCHOOL_YEARS_OF_TEACHERS = range(9, 14)
_TEACHERS_SESSIONS = frozenset({"he", "year_11_13"})
CASELOAD = frozenset({Role.personal_adviser, Role.social_worker})
HELPERS = CASELOAD | {Role.carer, Role.designated_teacher, Role.virtual_school}
BASES = ("asked_me", "with_me_now", "agreed_before")


def ages(year_group: int | None, care: str) -> tuple[int, int]:
    """Return the youngest and the oldest that somebody can be: the school year decides, where there is one."""
    if year_group is not None:
        return year_group + 4, year_group + 5
    if care == Care.care_leaver:
        return _LEAVERS_FROM, _OLDEST
    return 0, _OLDEST


def may_come(dropin: DropIn, year_group: int | None, care: str, flags: frozenset[str]) -> bool:
    """Return whether a session is for somebody: its ages and whom it is meant for. Nothing is asked that we do not hold."""
    youngest, oldest = ages(year_group, care)
    if oldest < dropin.min_age or youngest > dropin.max_age:
        return False
    match dropin.audience:
        case "year_11_13":
            return year_group is not None and 11 <= year_group <= 13
        case "care_leavers":
            return care == Care.care_leaver
        case "ucic":
            return Flag.ucic in flags
        case _:
            return True


def may_come_young(dropin: DropIn, young: YoungPerson) -> bool:
    """Return whether a session is for a young person."""
    return may_come(dropin, young.year_group, young.care, frozenset(young.flags or ()))


def is_past_the_limit(dropin: DropIn, young: YoungPerson) -> bool:
    """Return whether somebody who is booked is by now certainly older than the session is for. The booking stands,
    and the adviser is
    told, so that a last visit is a warm hand-over (handbook 12, case 14)."""
    return ages(young.year_group, young.care)[0] > dropin.max_age


def young_person_to_book_for(session: Session, actor: Actor, young_person_id: uuid.UUID) -> Person:
    """Return the young person whom ``actor`` may book for. Raises NotFound for anybody else's.

    A carer's way ends when the young person is 18; a personal adviser's and a social worker's with their connection;
    the Virtual School
    books for everybody in its care.
    """
    if actor.role is Role.virtual_school:
        person = session.get(Person, young_person_id)
        gone = person is None or (person.ended_on is not None and person.ended_on <= clock.today())
        if person is None or person.young is None or gone:
            raise NotFound
        return person
    person = caseload.theirs(session, actor, young_person_id, clock.today(), HELPERS)
    young = person.young
    if young is None:
        raise NotFound
    if actor.role is Role.designated_teacher and young.year_group not in _SCHOOL_YEARS_OF_TEACHERS:
        raise NotFound
    return person


def helper_may_choose(actor: Actor, dropin: DropIn) -> bool:
    """Return whether a helper of this role may book for somebody into this session."""
    return actor.role is not Role.designated_teacher or dropin.audience in _TEACHERS_SESSIONS
