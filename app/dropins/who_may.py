"""Who may come to a session, and who may book for whom (handbook 2.1 and 4.5).

The house holds no date of birth. How old somebody can be is known from their school year and, of care leavers, from
that they have left
school; a session's limits keep out only those who are certainly too young or too old for it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import clock
from app.dropins.held import Whose
from app.dropins.models import Booking, DropIn
from app.dropins.moves import By
from app.people import caseload
from app.people.models import Care, Flag, Person, Role, YoungPerson
from app.people.sessions import Actor

_OLDEST = 25
_LEAVERS_FROM = 16
# Who has children, and who thinks of university, is written down nowhere: whoever says so may come, within the ages.
_FOR_WHOEVER_SAYS_SO = frozenset({"all", "young_parents", "he"})
_SCHOOL_YEARS_OF_TEACHERS = range(9, 14)
_TEACHERS_SESSIONS = frozenset({"he", "year_11_13"})
CASELOAD = frozenset({Role.personal_adviser, Role.social_worker})
HELPERS = CASELOAD | {Role.carer, Role.designated_teacher, Role.virtual_school}
# An invited session is for people at special risk: their own workers bring them in, or the house itself.
_MAY_INVITE = frozenset({*CASELOAD, Role.virtual_school, "system"})
BASES = ("asked_me", "with_me_now", "agreed_before")


def ages(year_group: int | None, care: str) -> tuple[int, int]:
    """Return the youngest and the oldest that somebody can be: the school year decides, where there is one."""
    if year_group is not None:
        return year_group + 4, year_group + 5
    if care == Care.care_leaver:
        return _LEAVERS_FROM, _OLDEST
    return 0, _OLDEST


@dataclass(frozen=True, slots=True)
class Suits:
    """Which sessions are for somebody, as data: a page asks it of one session, a query of all of them."""

    whose: uuid.UUID | None
    youngest: int
    oldest: int
    audiences: frozenset[str]
    # How a session may be shown so that they may take it without having been asked to come.
    shown: frozenset[str]

    def fits(self, dropin: DropIn) -> bool:
        """Return whether a session is meant for them: its ages and its audience."""
        in_age = dropin.min_age <= self.oldest and dropin.max_age >= self.youngest
        return in_age and dropin.audience in self.audiences

    def clause(self) -> ColumnElement[bool]:
        """Return the same for a query, of sessions that they may find."""
        return and_(
            DropIn.min_age <= self.oldest,
            DropIn.max_age >= self.youngest,
            DropIn.audience.in_(sorted(self.audiences)),
            DropIn.visibility.in_(sorted(self.shown)),
        )


# Of somebody new nothing is known: what anybody may take who says that it is for them.
_NEW_FACE = Suits(None, 0, 99, frozenset({"all", "care_leavers"}), frozenset({"public_safe"}))


def suits_of(session: Session, whose: Whose | None, who: By) -> Suits:
    """Return which sessions are for somebody, and may be taken by the hand that books. ``whose`` None: somebody new."""
    if whose is None or whose.person_id is None:
        return replace(_NEW_FACE, whose=whose.id if whose else None)
    young = session.get(YoungPerson, whose.person_id)
    if young is None:
        raise NotFound
    own = _suits(young.year_group, young.care, frozenset(young.flags or ()))
    shown = {"public_safe"}
    if who.signed_in:
        shown.add("signed_in")
    if who.role in _MAY_INVITE:
        shown.add("invited")
    audiences = own.audiences & _TEACHERS_SESSIONS if who.role == Role.designated_teacher else own.audiences
    return replace(own, whose=whose.id, audiences=audiences, shown=frozenset(shown))


def may_take(session: Session, whose: Whose, dropin: DropIn, who: By) -> bool:
    """Return whether somebody may have a new place in a session, by this hand."""
    suits = suits_of(session, whose, who)
    return suits.fits(dropin) and (dropin.visibility in suits.shown or was_asked(session, whose.id, dropin))


def was_asked(session: Session, whose: uuid.UUID, dropin: DropIn) -> bool:
    """Return whether somebody had a booking in a session: they were asked to come, however the session is shown."""
    return bool(session.scalar(select(exists().where(Booking.dropin_id == dropin.id, Booking.whose == whose))))


def may_come(dropin: DropIn, year_group: int | None, care: str, flags: frozenset[str]) -> bool:
    """Return whether a session is meant for somebody. Nothing is asked that we do not hold."""
    return _suits(year_group, care, flags).fits(dropin)


def _suits(year_group: int | None, care: str, flags: frozenset[str]) -> Suits:
    audiences = {*_FOR_WHOEVER_SAYS_SO}
    if year_group is not None and 11 <= year_group <= 13:
        audiences.add("year_11_13")
    if care == Care.care_leaver:
        audiences.add("care_leavers")
    if Flag.ucic in flags:
        audiences.add("ucic")
    return Suits(None, *ages(year_group, care), frozenset(audiences), frozenset())


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
