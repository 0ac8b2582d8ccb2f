"""Four weeks after a promise its young person is asked if it happened; a no brings it back, and it rises when nobody looks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.exceptions import Forbidden

from app.core import clock
from app.messages.models import Message
from app.wishes import happened, ledger, watch
from app.wishes.desk import desk_of
from app.wishes.models import Wish, WishHappened, WishStep
from app.wishes.reading import gather
from tests.people.tokens import csrf
from tests.wishes.conftest import Circle, actor_of

ASKED = "Did it happen?"
THEN, LATER = "2026-11-02T10:00:00+00:00", "2026-12-01T10:00:00+00:00"


@pytest.fixture
def promised(circle: Circle) -> Iterator[Wish]:
    """A wish that the social worker answered with yes, four weeks and a day ago."""
    with time_machine.travel(THEN, tick=False):
        wish = circle.answered(circle.owned(circle.wish(), circle.worker), circle.worker)
    with time_machine.travel(LATER, tick=False):
        yield circle.fresh(wish)


def say(circle: Circle, wish: Wish, said: str) -> None:
    answer = circle.press(circle.robin, "/home", f"/wishes/{wish.id}/happened", happened=said)
    assert answer.status_code == 303


def test_it_is_asked_four_weeks_after_a_promise_and_not_before(circle: Circle, promised: Wish) -> None:
    assert ASKED in circle.text(circle.robin, "/home")
    with time_machine.travel("2026-11-29T10:00:00+00:00", tick=False):
        assert ASKED not in circle.text(circle.robin, "/home")
    with time_machine.travel("2027-01-30T10:00:00+00:00", tick=False):
        assert ASKED not in circle.text(circle.robin, "/home")


def test_a_no_promises_nothing(circle: Circle) -> None:
    with time_machine.travel(THEN, tick=False):
        circle.answered(circle.wish(), circle.worker, "no", "The club is full.")
    with time_machine.travel(LATER, tick=False):
        assert ASKED not in circle.text(circle.robin, "/home")


def test_it_is_asked_too_when_the_child_said_at_once_that_it_helped(circle: Circle, promised: Wish) -> None:
    ledger.verdict(circle.session, actor_of(circle.robin), promised, "helped")
    circle.session.commit()
    assert ASKED in circle.text(circle.robin, "/home")
    say(circle, promised, "no")
    assert circle.fresh(promised).state == "owned"


def test_yes_is_kept_and_not_asked_again(circle: Circle, promised: Wish) -> None:
    say(circle, promised, "yes")
    page = circle.text(circle.robin, "/home")
    assert ASKED not in page and "You say: yes, it happened." in page
    assert circle.fresh(promised).state == "answered"
    assert circle.session.scalars(select(Message)).all() == []


@pytest.mark.parametrize("said", ["not-yet", "no"])
def test_not_yet_and_no_give_it_back_to_its_owner_and_show_it_to_the_virtual_school(
    circle: Circle, promised: Wish, said: str
) -> None:
    say(circle, promised, said)
    wish = circle.fresh(promised)
    assert (wish.state, wish.owner_id, wish.verdict) == ("owned", circle.worker.id, None)
    desk = desk_of(circle.session, actor_of(circle.worker), clock.now())
    assert [one.wish.id for one in desk.mine] == [wish.id]
    virtual = desk_of(circle.session, actor_of(circle.virtual), clock.now())
    assert [one.wish.id for one in virtual.to_do] == [wish.id]
    assert "The young person says: not yet, or no" in circle.text(circle.virtual, "/staff/wishes")
    assert "says that it has not helped, or not happened" in circle.text(circle.worker, f"/staff/wishes/{wish.id}")
    [told] = circle.session.scalars(select(Message)).all()
    assert (told.address, told.template) == (circle.worker.email, "words_wait")


def test_an_answer_again_takes_it_off_the_lists_and_asks_again_four_weeks_later(circle: Circle, promised: Wish) -> None:
    say(circle, promised, "not-yet")
    circle.answered(circle.fresh(promised), circle.worker, "yes", "It begins on Monday.")
    assert circle.fresh(promised).back_at is None
    assert desk_of(circle.session, actor_of(circle.virtual), clock.now()).to_do == []
    with time_machine.travel("2027-01-02T10:00:00+00:00", tick=False):
        assert ASKED in circle.text(circle.robin, "/home")


def test_two_taps_are_one(circle: Circle, promised: Wish) -> None:
    browser = circle.browser(circle.robin)
    for _twice in range(2):
        data = {"csrf_token": csrf(browser), "happened": "no"}
        assert browser.post(f"/wishes/{promised.id}/happened", data=data).status_code == 303
    assert len(circle.session.scalars(select(WishHappened)).all()) == 1


def test_nobody_says_it_for_them_and_nonsense_is_no_answer(circle: Circle, promised: Wish) -> None:
    [one] = gather(circle.session, [promised])
    with pytest.raises(Forbidden):
        happened.say(circle.session, actor_of(circle.worker), one, "yes")
    browser = circle.browser(circle.robin)
    data = {"csrf_token": csrf(browser), "happened": "perhaps"}
    assert browser.post(f"/wishes/{promised.id}/happened", data=data).status_code == 303
    assert circle.session.scalars(select(WishHappened)).all() == []


def test_a_no_to_did_it_help_is_told_to_the_owner_and_rises_when_nobody_looks(circle: Circle) -> None:
    with time_machine.travel("2026-11-06T12:00:00+00:00", tick=False):
        wish = circle.answered(circle.owned(circle.wish(), circle.teacher), circle.teacher)
        ledger.verdict(circle.session, actor_of(circle.robin), wish, "no")
        circle.session.commit()
        assert [one.address for one in circle.session.scalars(select(Message))] == [circle.teacher.email]
        assert [one.wish.id for one in desk_of(circle.session, actor_of(circle.teacher), clock.now()).to_do] == [
            wish.id
        ]
        assert watch.tell_of_risen(circle.session, clock.now()) == 0
    with time_machine.travel("2026-11-11T08:00:00+00:00", tick=False):
        for _twice in range(2):
            watch.tell_of_risen(circle.session, clock.now())
        told = [one.address for one in circle.session.scalars(select(Message))]
        assert sorted(told) == sorted([circle.teacher.email, circle.teacher.email, circle.worker.email])


def test_opening_it_stops_the_clock_of_a_no(circle: Circle) -> None:
    with time_machine.travel("2026-11-06T12:00:00+00:00", tick=False):
        wish = circle.answered(circle.owned(circle.wish(), circle.teacher), circle.teacher)
        ledger.verdict(circle.session, actor_of(circle.robin), wish, "no")
        circle.session.commit()
        circle.text(circle.teacher, f"/staff/wishes/{wish.id}")
    with time_machine.travel("2026-11-20T08:00:00+00:00", tick=False):
        assert watch.tell_of_risen(circle.session, clock.now()) == 0


def test_a_step_promised_for_later_is_ticked_by_its_owner_and_the_child_sees_it(circle: Circle) -> None:
    wish = circle.owned(circle.wish(), circle.worker)
    step = ledger.step(circle.session, actor_of(circle.worker), wish, "I ring the club.", done=False)
    circle.session.commit()
    assert "will do this:" in circle.text(circle.robin, "/home")
    address = f"/staff/wishes/{wish.id}"
    assert circle.press(circle.worker, address, f"{address}/steps/{step.id}/done").status_code == 303
    circle.session.expire_all()
    assert circle.session.get_one(WishStep, step.id).done
    page = circle.text(circle.robin, "/home")
    assert "will do this:" not in page and "I ring the club." in page
    assert "It is done now" not in circle.text(circle.worker, address)
    browser = circle.browser(circle.carer)
    assert browser.post(f"{address}/steps/{step.id}/done", data={"csrf_token": csrf(browser)}).status_code in (403, 404)


def test_a_step_is_read_in_the_childs_own_language_and_marked_until_then(circle: Circle) -> None:
    circle.robin.language = "ar"
    wish = circle.owned(circle.wish(), circle.worker)
    address = f"/staff/wishes/{wish.id}"
    circle.press(circle.worker, address, f"{address}/steps", words="I rang the club.", done="yes", anyway="yes")
    [step] = circle.session.scalars(select(WishStep))
    page = circle.text(circle.robin, "/home?lang=ar")
    assert 'lang="en-GB" dir="ltr">I rang the club.' in page and ("بلغتك" in page or "in your language" in page)
    circle.press(circle.worker, address, f"{address}/steps/{step.id}", words="اتصلت بالنادي.")
    page = circle.text(circle.robin, "/home?lang=ar")
    assert 'lang="ar" dir="rtl">اتصلت بالنادي.' in page and "I rang the club." not in page


def test_a_long_list_is_shown_a_page_at_a_time(circle: Circle) -> None:
    for number in range(33):
        circle.wish(f"Wish number {number}")
    first = circle.text(circle.teacher, "/staff/wishes")
    assert first.count("Wish number") == 30 and "Show 3 more" in first
    second = circle.text(circle.teacher, "/staff/wishes/list/waiting?page=2")
    assert second.count("Wish number") == 3
    assert circle.browser(circle.teacher).get("/staff/wishes/list/nonsense").status_code == 404
