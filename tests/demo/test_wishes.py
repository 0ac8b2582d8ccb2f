"""The demo's wishes: every state of the ledger is there, nothing that the ledger would refuse, and pages have something first."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.people.audience import care_of
from app.people.models import Person, Role
from app.people.policy import living_roles
from app.voice.models import SentAnswer
from app.wishes.models import OPEN, Raised, ReplyKind, State, Verdict, WhyAsked, Wish, WishReply, WishStep, WishVerdict
from app.wishes.reading import WishView, gather, may_see
from app.wishes.watch import overdue

Client = Callable[[str], FlaskClient]


def views(session: Session, name: str) -> list[WishView]:
    rows = session.scalars(select(Wish).join(Person, Person.id == Wish.young_person_id).where(Person.name == name))
    return gather(session, list(rows))


def test_every_state_answer_verdict_and_language_is_there(session: Session) -> None:
    wishes = session.scalars(select(Wish)).all()
    assert {one.state for one in wishes} == set(State)
    assert {one.raised_by for one in wishes} == {Raised.child, Raised.worker}
    assert set(session.scalars(select(WishReply.kind))) == set(ReplyKind)
    assert set(session.scalars(select(WishVerdict.verdict))) == set(Verdict)
    assert {one.done for one in session.scalars(select(WishStep))} == {True, False}
    assert {one.language for one in wishes} >= {"en-GB", "ar", "pl", "ti"}
    assert set(session.scalars(select(WishReply.language))) >= {"en-GB", "ar", "pl", "ti"}


def test_this_term_has_one_with_ms_alder_one_late_with_mr_birch_and_one_that_nobody_has_seen(session: Session) -> None:
    today = clock.today()
    [robins] = [one for one in views(session, "Robin") if one.wish.state == State.owned]
    assert robins.owner is not None and robins.owner.name == "Ms Alder"
    assert robins.wish.due_on is not None and 4 <= (robins.wish.due_on - today).days <= 8
    assert [one.done for one in robins.steps] == [True, False]
    [(late, _turn)] = overdue(session, clock.now())
    assert [one.owner.name for one in views(session, "Wren") if one.owner and one.wish.id == late.id] == ["Mr Birch"]
    [swifts] = views(session, "Swift")
    assert (swifts.wish.state, swifts.seen_by, swifts.owner) == (State.new, None, None)


def test_a_worker_lifted_only_what_was_said(session: Session) -> None:
    quoting = session.scalars(select(Wish).where(Wish.sent_answer_id.is_not(None))).all()
    assert {one.raised_by for one in quoting} == {Raised.child, Raised.worker}
    for wish in quoting:
        answer = session.get_one(SentAnswer, wish.sent_answer_id)
        assert wish.words in answer.content["value"]["text"]
        assert (wish.share, wish.chosen, wish.section) == (answer.share, answer.chosen, answer.section)


def test_everybody_on_a_wishs_way_may_see_it_and_is_still_there(session: Session) -> None:
    today = clock.today()
    for one in gather(session, list(session.scalars(select(Wish)))):
        adults = {step.by.person_id for step in one.steps} | {reply.by.person_id for reply in one.replies}
        adults |= {adult.person_id for adult in (one.seen_by, one.owner) if adult}
        # Nobody has seen a new one yet, so that nobody is on its way; on every other there is somebody.
        assert bool(adults) == (one.wish.state != State.new)
        care = care_of(session, one.wish.young_person_id)
        for adult_id in adults:
            roles = living_roles(session, adult_id, one.wish.young_person_id, today)
            assert may_see(one.wish, care, adult_id, roles)


def test_the_way_of_a_wish_goes_forward_and_ends_before_now(session: Session) -> None:
    every = gather(session, list(session.scalars(select(Wish))))
    assert {bool(one.steps) for one in every} == {bool(one.verdicts) for one in every} == {True, False}
    for one in every:
        wish = one.wish
        done = [step.at for step in one.steps] + [reply.at for reply in one.replies] + [row.at for row in one.verdicts]
        way = [moment for moment in (wish.raised_at, wish.seen_at, wish.owned_at, *sorted(done)) if moment]
        assert way == sorted(way)
        assert way[-1] < clock.now()
        audited = session.scalars(select(AuditEntry.at).where(AuditEntry.thing_id == wish.id)).all()
        assert len(audited) > len(done)
        assert (wish.ended_at is not None) == (wish.state == State.ended)
        assert (wish.state in OPEN) or wish.answered_at is not None


def test_a_childs_first_page_shows_the_way_of_their_wishes(signed_in: Client) -> None:
    home = signed_in("secondary_child").get("/home").get_data(as_text=True)
    assert "my keyboard teacher at my PEP meeting" in home
    assert "I wrote to your keyboard teacher and asked." in home
    assert "knock and it is open" in home, "a kind no, with its because"
    assert "You say: it helped." in home
    assert "It is late. That is not your fault. We are asking again." in signed_in("primary_child").get(
        "/home"
    ).get_data(as_text=True)
    assert "Did it help?" in signed_in("care_leaver").get("/home").get_data(as_text=True)
    assert "መዝገበ ቃላት።" in signed_in("ucic_young_person").get("/home").get_data(as_text=True)


def test_a_wish_that_a_worker_lifted_says_so_to_its_young_person(signed_in: Client) -> None:
    home = signed_in("post16_young_person").get("/home").get_data(as_text=True)
    assert re.search(r"Mr Aspen, [^.]+, read this in what you said and put it here\.", home)
    assert "An extra hour on the assignment" in home


def test_workers_have_something_first(signed_in: Client) -> None:
    teacher = signed_in("designated_teacher").get("/staff/wishes").get_data(as_text=True)
    assert teacher.index("my keyboard teacher at my PEP meeting") < teacher.index("catering kitchen at the college")
    assert "picking me up" in signed_in("social_worker").get("/staff/wishes").get_data(as_text=True)
    assert "picking me up" in signed_in("virtual_school").get("/staff/wishes").get_data(as_text=True), "late elsewhere"


def test_a_young_person_asked_why_and_was_answered(signed_in: Client, session: Session) -> None:
    [asked] = session.scalars(select(WhyAsked))
    assert asked.opened_at <= asked.asked_at <= (asked.answered_at or asked.asked_at) <= clock.now()
    assert session.get_one(Person, asked.adult_id).role == Role.virtual_school
    assert "It was a good thing to ask." in signed_in("secondary_child").get("/mine").get_data(as_text=True)
