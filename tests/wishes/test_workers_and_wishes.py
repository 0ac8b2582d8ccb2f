"""An adult's side: taking a wish on, steps, kind answers, who may see what, and whom it rises to."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.exceptions import Forbidden

from app.core import clock
from app.messages.models import Message
from app.people.models import Connection, Person, Role
from app.wishes import ledger, watch
from app.wishes.desk import desk_of
from app.wishes.models import WishReply, WishStep
from tests.forms import fill
from tests.people.tokens import csrf
from tests.wishes.conftest import Circle, actor_of

WEEK = timedelta(days=7)


def waits_for(circle: Circle, person: Person) -> int:
    with circle.app.test_request_context():
        return len(desk_of(circle.session, actor_of(person), clock.now()).waiting)


def words_come(circle: Circle, share: str) -> None:
    watch.words_came(
        circle.session,
        young_person_id=circle.robin.id,
        pep_id=circle.pep.id,
        came_at=clock.now(),
        dials=[(share, [], "sec-proud")],
    )
    circle.session.commit()


def test_a_worker_takes_a_wish_on_with_a_day(circle: Circle) -> None:
    wish = circle.wish()
    page = f"/staff/wishes/{wish.id}"
    due = (clock.today() + WEEK).isoformat()
    assert circle.press(circle.teacher, page, f"{page}/own", due_on=due).status_code == 303
    wish = circle.fresh(wish)
    assert (wish.owner_id, wish.due_on, wish.state) == (circle.teacher.id, clock.today() + WEEK, "owned")


def test_a_day_gone_by_is_no_day(circle: Circle) -> None:
    wish = circle.wish()
    page = f"/staff/wishes/{wish.id}"
    answer = circle.press(circle.teacher, page, f"{page}/own", due_on="2020-01-01")
    assert answer.status_code == 422 and circle.fresh(wish).owner_id is None


def test_whoever_is_given_a_wish_is_told_without_a_word_of_it(circle: Circle) -> None:
    wish = circle.wish()
    page = f"/staff/wishes/{wish.id}"
    due = (clock.today() + WEEK).isoformat()
    circle.press(circle.teacher, page, f"{page}/own", owner=str(circle.worker.id), due_on=due)
    message = circle.session.scalars(select(Message)).one()
    assert (message.template, message.address, message.params) == ("words_wait", circle.worker.email, {})


def test_of_two_workers_who_take_it_at_once_the_second_is_told(circle: Circle) -> None:
    wish = circle.wish()
    page = f"/staff/wishes/{wish.id}"
    circle.text(circle.carer, page)  # seen
    first, second = circle.browser(circle.teacher), circle.browser(circle.worker)
    version = circle.fresh(wish).version
    due = (clock.today() + WEEK).isoformat()
    for browser, person in ((first, circle.teacher), (second, circle.worker)):
        data = {"csrf_token": csrf(browser), "version": version, "owner": person.id, "due_on": due}
        assert browser.post(f"{page}/own", data=data).status_code == 303
    assert circle.fresh(wish).owner_id == circle.teacher.id
    assert "Somebody else was quicker" in second.get(page).get_data(as_text=True)


def test_only_the_owner_and_the_virtual_school_hand_a_wish_on(circle: Circle) -> None:
    wish = circle.owned(circle.wish(), circle.teacher)
    with pytest.raises(Forbidden):
        ledger.own(circle.session, actor_of(circle.worker), wish, circle.worker.id, clock.today())
    ledger.own(circle.session, actor_of(circle.virtual), wish, circle.worker.id, clock.today())
    assert wish.owner_id == circle.worker.id


@pytest.mark.parametrize(
    ("share", "sees", "does_not"),
    [
        ("not-home", ["teacher", "worker", "virtual"], ["carer"]),
        ("not-school", ["worker", "virtual", "carer"], ["teacher"]),
        ("pep", ["teacher", "worker", "virtual", "carer"], []),
    ],
)
def test_only_whom_the_young_person_lets_see_a_wish_sees_it(
    circle: Circle, share: str, sees: list[str], does_not: list[str]
) -> None:
    wish = circle.wish(share=share)
    for name in sees:
        assert circle.browser(getattr(circle, name)).get(f"/staff/wishes/{wish.id}").status_code == 200
    for name in does_not:
        adult = getattr(circle, name)
        assert circle.browser(adult).get(f"/staff/wishes/{wish.id}").status_code == 404
        with pytest.raises(ledger.NotAnOwner):
            ledger.own(circle.session, actor_of(circle.virtual), circle.fresh(wish), adult.id, clock.today())


def test_a_wish_for_one_person_is_seen_by_them_and_the_virtual_school(circle: Circle) -> None:
    wish = circle.wish(share="chosen", chosen=[str(circle.worker.id)])
    seen = [
        a.name
        for a in (circle.teacher, circle.worker, circle.virtual, circle.carer)
        if circle.browser(a).get(f"/staff/wishes/{wish.id}").status_code == 200
    ]
    assert seen == ["Mr Ash", "Dr Vine"]


def test_an_owner_sees_a_wish_no_more_when_its_dial_leaves_them_out(circle: Circle) -> None:
    wish = circle.owned(circle.wish(), circle.teacher)
    wish.share = "not-school"
    circle.session.commit()
    assert circle.browser(circle.teacher).get(f"/staff/wishes/{wish.id}").status_code == 404
    for page in ("/home", "/staff/wishes", f"/staff/peps/{circle.pep.id}"):
        assert "football club" not in circle.text(circle.teacher, page)


def test_the_carer_sees_the_wishes_they_own_and_nothing_of_those_kept_from_them(circle: Circle) -> None:
    circle.owned(circle.wish("I want a lamp for homework"), circle.carer)
    circle.wish("I want to talk about bedtime", share="not-home")
    html = circle.text(circle.carer, "/home")
    assert "I want a lamp for homework" in html and "bedtime" not in html


def test_a_no_without_its_reason_is_not_sent(circle: Circle) -> None:
    wish = circle.owned(circle.wish(), circle.teacher)
    page = f"/staff/wishes/{wish.id}"
    answer = circle.press(circle.teacher, page, f"{page}/reply", kind="no", words="  ")
    assert answer.status_code == 422 and "Say kindly why not" in answer.get_data(as_text=True)
    assert circle.session.scalars(select(WishReply)).all() == []


def test_an_answer_without_a_kind_is_not_sent(circle: Circle) -> None:
    wish = circle.owned(circle.wish(), circle.teacher)
    page = f"/staff/wishes/{wish.id}"
    assert circle.press(circle.teacher, page, f"{page}/reply", words="Here you are.").status_code == 422


def test_jargon_is_saved_at_the_first_press_and_remarked_on_after_it(circle: Circle) -> None:
    wish = circle.owned(circle.wish(), circle.teacher)
    page = f"/staff/wishes/{wish.id}"
    browser = circle.browser(circle.teacher)
    words = "I will ask at your placement."
    assert fill(browser, page, {"words": words}, action=f"{page}/steps").status_code == 303
    assert circle.session.scalars(select(WishStep)).one().words == words
    assert "‘placement’: say ‘home’" in browser.get(page).get_data(as_text=True)
    assert "‘placement’: say ‘home’" not in browser.get(page).get_data(as_text=True), "said once"


def test_a_reader_who_does_not_write_the_plan_only_reads(circle: Circle) -> None:
    wish = circle.owned(circle.wish(), circle.teacher)
    iro = circle.people.connected(Role.iro, circle.robin, "Pat")
    browser = circle.browser(iro)
    data = {"csrf_token": csrf(browser), "words": "done"}
    assert browser.post(f"/staff/wishes/{wish.id}/steps", data=data).status_code == 403


def test_a_new_wish_waits_for_the_teacher_then_the_social_worker_then_the_virtual_school(circle: Circle) -> None:
    with time_machine.travel("2026-11-06T17:05:00+00:00", tick=False):
        circle.wish()
        assert [waits_for(circle, a) for a in (circle.teacher, circle.worker, circle.virtual)] == [1, 0, 0]
    with time_machine.travel("2026-11-10T17:01:00+00:00", tick=False):
        assert [waits_for(circle, a) for a in (circle.teacher, circle.worker, circle.virtual)] == [1, 1, 0]
    with time_machine.travel("2026-11-12T17:01:00+00:00", tick=False):
        assert [waits_for(circle, a) for a in (circle.teacher, circle.worker, circle.virtual)] == [1, 1, 1]


def test_a_wish_kept_from_school_begins_with_the_social_worker(circle: Circle) -> None:
    circle.wish(share="not-school")
    assert [waits_for(circle, a) for a in (circle.teacher, circle.worker, circle.virtual)] == [0, 1, 0]


def test_a_wish_whose_owner_leaves_goes_back_to_the_teacher_and_the_virtual_school(circle: Circle) -> None:
    wish = circle.owned(circle.wish(), circle.worker)
    ends = circle.session.scalars(select(Connection).where(Connection.adult_id == circle.worker.id)).one()
    ends.ends_on = clock.today()
    circle.session.commit()
    assert [waits_for(circle, a) for a in (circle.teacher, circle.virtual)] == [1, 1]
    assert circle.browser(circle.worker).get(f"/staff/wishes/{wish.id}").status_code == 404
    assert "Mr Ash does not work with you any more" in circle.text(circle.robin, "/home")
    ledger.own(circle.session, actor_of(circle.teacher), circle.fresh(wish), circle.teacher.id, clock.today())
    assert circle.fresh(wish).owner_id == circle.teacher.id


def test_overdue_wishes_stand_first_for_their_owner_and_then_for_the_virtual_school(circle: Circle) -> None:
    late, soon = circle.wish("Late"), circle.wish("Soon")
    circle.owned(soon, circle.worker, in_days=20)
    circle.owned(late, circle.worker, in_days=1)
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False), circle.app.test_request_context():
        mine = desk_of(circle.session, actor_of(circle.worker), clock.now())
        assert [one.wish.id for one in mine.to_do] == [late.id, soon.id]
        assert [row.id for row, _turn in watch.overdue(circle.session, clock.now())] == [late.id]
        assert [one.wish.id for one in desk_of(circle.session, actor_of(circle.virtual), clock.now()).late] == [late.id]
        assert desk_of(circle.session, actor_of(circle.teacher), clock.now()).late == []


def test_a_virtual_school_worker_sees_nothing_late_outside_their_caseload(circle: Circle) -> None:
    circle.owned(circle.wish(), circle.worker, in_days=0)
    stranger = circle.people.adult(Role.virtual_school, "Other")
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False), circle.app.test_request_context():
        assert desk_of(circle.session, actor_of(stranger), clock.now()).to_do == []


def test_words_nobody_looked_at_rise_and_the_next_person_is_told_once(circle: Circle) -> None:
    with time_machine.travel("2026-11-06T17:05:00+00:00", tick=False):
        words_come(circle, "pep")
        assert watch.tell_of_risen(circle.session, clock.now()) == 0
    with time_machine.travel("2026-11-11T08:00:00+00:00", tick=False):
        for _twice in range(2):
            watch.tell_of_risen(circle.session, clock.now())
        circle.session.commit()
        told = {one.address for one in circle.session.scalars(select(Message))}
        assert told == {circle.teacher.email, circle.worker.email}
        assert len(circle.session.scalars(select(Message)).all()) == 2
        assert len(watch.risen_to(circle.session, circle.worker.id, clock.now())) == 1
        assert watch.risen_to(circle.session, circle.virtual.id, clock.now()) == []


def test_words_never_rise_to_somebody_who_may_not_read_them(circle: Circle) -> None:
    with time_machine.travel("2026-11-06T17:05:00+00:00", tick=False):
        words_come(circle, "not-school")
    with time_machine.travel("2026-12-11T08:00:00+00:00", tick=False):
        watch.tell_of_risen(circle.session, clock.now())
        assert circle.teacher.email not in {one.address for one in circle.session.scalars(select(Message))}


def test_opening_the_record_stops_the_clock(circle: Circle) -> None:
    words_come(circle, "pep")
    assert len(watch.words_waiting(circle.session, clock.now())) == 1
    circle.text(circle.teacher, f"/staff/peps/{circle.pep.id}")
    assert watch.words_waiting(circle.session, clock.now()) == []


def test_the_command_tells_in_a_dry_run_what_it_would_do_and_does_nothing(circle: Circle) -> None:
    with time_machine.travel("2026-11-06T17:05:00+00:00", tick=False):
        circle.wish()
    with time_machine.travel("2026-11-11T08:00:00+00:00", tick=False):
        runner = circle.app.test_cli_runner()
        assert "2 would be told" in runner.invoke(args=["wishes", "rise", "--dry-run"]).output
        assert circle.session.scalars(select(Message)).all() == []
        assert "2 are told" in runner.invoke(args=["wishes", "rise"]).output
    circle.session.expire_all()
    assert len(circle.session.scalars(select(Message)).all()) == 2
