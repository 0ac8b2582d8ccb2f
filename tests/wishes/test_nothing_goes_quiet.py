"""Clocks stop only for whoever acts; what is late is asked for again; a 'no' stays until somebody does something about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import delete, select

from app.core import clock
from app.messages.models import Message
from app.people.models import Person, Role
from app.wishes import ledger, watch
from app.wishes.desk import desk_of
from app.wishes.models import NewWords, Wish
from tests.wishes.conftest import Circle, actor_of
from tests.wishes.test_workers_and_wishes import words_come

FRIDAY, TUESDAY, WEDNESDAY = "2026-11-06T12:00:00+00:00", "2026-11-10T12:00:00+00:00", "2026-11-11T09:00:00+00:00"
LATER = "2026-11-20T09:00:00+00:00"


def at(moment: str) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def told(circle: Circle) -> list[str]:
    """Let a working morning begin, and return who is told of anything since."""
    circle.session.execute(delete(Message))
    watch.tell_of_risen(circle.session, clock.now())
    circle.session.commit()
    return sorted(one.address for one in circle.session.scalars(select(Message)))


def to_do(circle: Circle, person: Person) -> list[Wish]:
    with circle.app.test_request_context():
        return [one.wish for one in desk_of(circle.session, actor_of(person), clock.now()).to_do]


def said_no(circle: Circle, owner: Person) -> Wish:
    wish = circle.answered(circle.owned(circle.wish(), owner), owner)
    ledger.verdict(circle.session, actor_of(circle.robin), circle.fresh(wish), "no")
    circle.session.commit()
    return wish


@pytest.mark.parametrize("role", [Role.carer, Role.key_worker, Role.iro])
def test_somebody_to_whom_nothing_rises_stops_no_clock_of_new_words(circle: Circle, role: Role) -> None:
    reader = circle.people.connected(role, circle.robin, "Reader")
    with at(FRIDAY):
        words_come(circle, "pep")
        circle.text(reader, f"/staff/peps/{circle.pep.id}")
        assert len(watch.words_waiting(circle.session, clock.now())) == 1
    with at(LATER):
        assert circle.teacher.email in told(circle)


def test_words_that_a_reader_may_not_see_wait_on_for_those_who_may(circle: Circle) -> None:
    with at(FRIDAY):
        dials = [("pep", [], "sec-proud"), ("not-school", [], "sec-worry")]
        watch.words_came(
            circle.session, young_person_id=circle.robin.id, pep_id=circle.pep.id, came_at=clock.now(), dials=dials
        )
        circle.session.commit()
        circle.text(circle.teacher, f"/staff/peps/{circle.pep.id}")
        [one] = watch.words_waiting(circle.session, clock.now())
        assert [reader.name for reader in one.turn] == ["Mr Ash"]
        circle.text(circle.worker, f"/staff/peps/{circle.pep.id}")
        assert watch.words_waiting(circle.session, clock.now()) == []
        circle.session.expire_all()
        assert circle.session.scalars(select(NewWords)).one().looked_by_id == circle.worker.id


def test_a_carers_glance_does_not_stop_the_clock_of_a_no(circle: Circle) -> None:
    with at(FRIDAY):
        wish = said_no(circle, circle.teacher)
        circle.text(circle.carer, f"/staff/wishes/{wish.id}")
    with at(LATER):
        assert told(circle) == sorted([circle.teacher.email, circle.worker.email, circle.virtual.email])


def test_an_owner_who_is_a_carer_stops_the_clock_of_their_own(circle: Circle) -> None:
    with at(FRIDAY):
        wish = said_no(circle, circle.carer)
        circle.text(circle.carer, f"/staff/wishes/{wish.id}")
    with at(LATER):
        assert told(circle) == []


def test_a_no_stays_on_the_lists_until_somebody_does_something(circle: Circle) -> None:
    wish = said_no(circle, circle.teacher)
    for person in (circle.carer, circle.teacher, circle.virtual):
        circle.text(person, f"/staff/wishes/{wish.id}")
    assert to_do(circle, circle.teacher) == to_do(circle, circle.virtual) == [circle.fresh(wish)]
    page = f"/staff/wishes/{wish.id}"
    circle.press(circle.teacher, page, f"{page}/steps", words="I asked the club again.", done="yes", anyway="yes")
    assert to_do(circle, circle.teacher) == to_do(circle, circle.virtual) == []


def test_whoever_is_told_of_a_no_finds_it_on_their_desk(circle: Circle) -> None:
    with at(FRIDAY):
        wish = said_no(circle, circle.worker)
        assert to_do(circle, circle.teacher) == []
    with at(WEDNESDAY):
        assert circle.teacher.email in told(circle)
        assert to_do(circle, circle.teacher) == [circle.fresh(wish)]
        assert "football club" in circle.text(circle.teacher, "/home")
        circle.text(circle.teacher, f"/staff/wishes/{wish.id}")
        assert to_do(circle, circle.teacher) == [circle.fresh(wish)], "opening it does nothing for the child"


def test_a_late_owner_is_asked_again_and_then_the_virtual_school_is_told(circle: Circle) -> None:
    with at(FRIDAY):
        circle.owned(circle.wish(), circle.worker, in_days=4)  # Tuesday
    with at(TUESDAY):
        assert told(circle) == []
    with at(WEDNESDAY):
        late = "Mr Ash, your social worker, was going to answer by Tuesday 10 November 2026. It is late."
        assert late in circle.text(circle.robin, "/home")
        assert told(circle) == [circle.worker.email]
        assert watch.tell_of_risen(circle.session, clock.now()) == 1
        circle.session.commit()
        assert len(circle.session.scalars(select(Message)).all()) == 1, "told once"
    with at("2026-11-13T09:00:00+00:00"):
        assert told(circle) == sorted([circle.worker.email, circle.virtual.email])


def test_who_gets_back_a_not_yet_and_leaves_it_hears_of_it_once(circle: Circle) -> None:
    with at(FRIDAY):
        wish = circle.answered(circle.owned(circle.wish(), circle.teacher), circle.teacher)
        ledger.verdict(circle.session, actor_of(circle.robin), circle.fresh(wish), "not-yet")
        circle.session.commit()
    with at(WEDNESDAY):
        assert told(circle).count(circle.teacher.email) == 1


def test_a_day_beyond_a_school_year_is_kindly_refused_and_kept_to_be_put_right(circle: Circle) -> None:
    wish = circle.wish()
    page = f"/staff/wishes/{wish.id}"
    far = "2054-07-01"
    answer = circle.press(circle.teacher, page, f"{page}/own", owner=str(circle.worker.id), due_on=far)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "Choose a day within a year" in html and f'value="{far}"' in html
    assert f'value="{circle.worker.id}" selected' in html
    assert circle.fresh(wish).owner_id is None
    a_year = clock.today() + timedelta(days=365)
    ledger.own(circle.session, actor_of(circle.teacher), circle.fresh(wish), circle.teacher.id, a_year)
    with pytest.raises(ledger.TooFarAhead):
        ledger.own(
            circle.session,
            actor_of(circle.teacher),
            circle.fresh(wish),
            circle.teacher.id,
            a_year + timedelta(days=1),
        )
