"""A wish from the first word to the verdict, as its young person sees it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import Forbidden

from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import db
from app.messages.models import Message
from app.people.models import Role
from app.wishes import ledger, telling
from app.wishes.desk import desk_of
from app.wishes.models import Wish, WishKept, WishReply, WishStep, WishVerdict
from tests.conftest import open_app, settings_for
from tests.factories import People
from tests.forms import fill
from tests.people.tokens import csrf
from tests.wishes.conftest import Circle, actor_of


def test_a_wish_is_sent_only_after_the_young_person_saw_who_reads_it(circle: Circle) -> None:
    browser = circle.browser(circle.robin)
    step_two = fill(browser, "/wishes/new", {"words": "I want to learn the drums"}, action="/wishes/new")
    html = step_two.get_data(as_text=True)
    assert step_two.status_code == 200 and "Ms Teal" in html and "Jo" in html
    assert circle.session.scalars(select(Wish)).all() == []


@pytest.mark.parametrize(
    ("words", "message"),
    [(" ", "Write a word or two first. It can be small."), ("drums " * 400, "Keep only the part you want to happen.")],
)
def test_a_wish_that_cannot_be_kept_says_why_and_stays_in_the_box(circle: Circle, words: str, message: str) -> None:
    answer = fill(circle.browser(circle.robin), "/wishes/new", {"words": words}, action="/wishes/new")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422 and message in html and words.strip() in html


def test_a_wish_for_nobody_says_so_and_keeps_what_was_ticked(circle: Circle) -> None:
    browser = circle.browser(circle.robin)
    data = {"csrf_token": csrf(browser), "words": "The drums", "share": "chosen", "once": "a"}
    answer = browser.post("/wishes/new", data=data)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "Pick at least one person. Or choose another answer." in html
    assert "The drums" in html and 'id="share-chosen" name="share" value="chosen" checked' in html
    html = browser.post("/wishes/new", data={**data, "share": "", "who": [circle.worker.id]}).get_data(as_text=True)
    assert f'value="{circle.worker.id}" checked' in html
    assert circle.session.scalars(select(Wish)).all() == []


def test_going_back_and_wishing_for_something_else_is_another_wish(circle: Circle) -> None:
    browser = circle.browser(circle.robin)
    data = {"csrf_token": csrf(browser), "words": "The drums", "share": "pep", "once": "a"}
    browser.post("/wishes/new", data=data)
    browser.post("/wishes/new", data={**data, "words": "A bike"})
    assert {one.words for one in circle.session.scalars(select(Wish))} == {"The drums", "A bike"}


def test_the_buttons_under_an_answer_say_of_which_wish_they_are(circle: Circle) -> None:
    wish = circle.answered(circle.wish(), circle.teacher)
    html = circle.text(circle.robin, "/home")
    assert f'role="group" aria-labelledby="wish-{wish.id}"' in html and f'id="wish-{wish.id}"' in html


def test_a_wish_of_their_own_stands_on_their_page_with_its_way(circle: Circle) -> None:
    browser = circle.browser(circle.robin)
    token = csrf(browser)
    data = {"csrf_token": token, "words": "I want to learn the drums", "share": "not-home", "once": "a"}
    for _twice in range(2):
        assert browser.post("/wishes/new", data=data).status_code == 303
    wish = circle.session.scalars(select(Wish)).one()
    assert (wish.words, wish.share, wish.raised_by, wish.pep_id) == (data["words"], "not-home", "child", circle.pep.id)
    html = circle.text(circle.robin, "/home")
    assert "I want to learn the drums" in html and "Someone looks at it by" in html


def test_the_words_of_a_wish_are_sealed_on_the_disk(circle: Circle) -> None:
    circle.wish("I want to learn the drums")
    raw = circle.session.connection().exec_driver_sql("SELECT words FROM wish").scalar_one()
    assert b"drums" not in bytes(raw)


def test_the_way_names_every_adult_and_their_role(circle: Circle) -> None:
    wish = circle.wish()
    circle.text(circle.teacher, f"/staff/wishes/{wish.id}")
    assert "Ms Teal, your teacher for your PEP, has seen it." in circle.text(circle.robin, "/home")
    circle.owned(circle.fresh(wish), circle.worker)
    ledger.step(circle.session, actor_of(circle.worker), circle.fresh(wish), "I rang the club.")
    circle.session.commit()
    circle.answered(circle.fresh(wish), circle.worker)
    html = circle.text(circle.robin, "/home")
    for words in (
        "Mr Ash, your social worker, looks after it.",
        "I rang the club.",
        "Mr Ash, your social worker, says: yes.",
    ):
        assert words in html
    assert "You can go each Tuesday." in html and "Did it help?" in html


@pytest.mark.parametrize(("said", "state"), [("helped", "ended"), ("no", "ended"), ("not-yet", "owned")])
def test_only_the_verdict_ends_a_wish_and_not_yet_gives_it_back(circle: Circle, said: str, state: str) -> None:
    wish = circle.answered(circle.owned(circle.wish(), circle.teacher), circle.teacher)
    assert circle.fresh(wish).state == "answered"
    circle.press(circle.robin, "/home", f"/wishes/{wish.id}/verdict", verdict=said)
    assert circle.fresh(wish).state == state
    if said == "not-yet":
        desk = desk_of(circle.session, actor_of(circle.teacher), clock.now())
        assert wish.id in {one.wish.id for one in desk.mine}


def test_a_double_tap_on_the_verdict_is_one_verdict(circle: Circle) -> None:
    wish = circle.answered(circle.wish(), circle.teacher)
    browser = circle.browser(circle.robin)
    data = {"csrf_token": csrf(browser), "verdict": "helped"}
    for _twice in range(2):
        assert browser.post(f"/wishes/{wish.id}/verdict", data=data).status_code == 303
    assert len(circle.session.scalars(select(WishVerdict)).all()) == 1


def test_no_adult_marks_helped_for_the_young_person(circle: Circle) -> None:
    wish = circle.answered(circle.owned(circle.wish(), circle.teacher), circle.teacher)
    for adult in (circle.teacher, circle.worker, circle.virtual, circle.carer):
        browser = circle.browser(adult)
        data = {"csrf_token": csrf(browser), "verdict": "helped"}
        assert browser.post(f"/wishes/{wish.id}/verdict", data=data).status_code == 403
        with pytest.raises(Forbidden):
            ledger.verdict(circle.session, actor_of(adult), circle.fresh(wish), "helped")
    assert circle.fresh(wish).verdict is None


def test_an_adult_beside_the_young_person_cannot_press_it_either(circle: Circle) -> None:
    from tests.factories import sign_in

    wish = circle.answered(circle.wish(), circle.teacher)
    browser = circle.app.test_client()
    sign_in(circle.app, browser, circle.robin, way="beside", helper=circle.teacher)
    data = {"csrf_token": csrf(browser), "verdict": "helped"}
    assert browser.post(f"/wishes/{wish.id}/verdict", data=data).status_code == 404


def test_another_young_person_finds_nothing(circle: Circle) -> None:
    wish = circle.answered(circle.wish(), circle.teacher)
    browser = circle.browser(circle.people.young_person("Other"))
    assert browser.get(f"/wishes/{wish.id}").status_code == 404
    data = {"csrf_token": csrf(browser), "verdict": "helped"}
    assert browser.post(f"/wishes/{wish.id}/verdict", data=data).status_code == 404


def test_a_wish_taken_back_is_hidden_from_adults_and_the_reading_stays_in_the_audit(circle: Circle) -> None:
    wish = circle.wish("I want a new tutor")
    circle.text(circle.teacher, f"/staff/wishes/{wish.id}")
    circle.press(circle.robin, f"/wishes/{wish.id}", f"/wishes/{wish.id}/withdraw")
    page = circle.text(circle.teacher, f"/staff/wishes/{wish.id}")
    assert "new tutor" not in page and "taken back" in page
    assert "new tutor" not in circle.text(circle.teacher, "/staff/wishes")
    assert "new tutor" not in circle.text(circle.robin, "/home")
    read = select(AuditEntry).where(AuditEntry.event == "wish.read", AuditEntry.actor_id == circle.teacher.id)
    assert circle.session.scalars(read).one().thing_id == wish.id
    assert circle.session.get(Wish, wish.id) is not None


def test_nobody_deletes_a_wish(circle: Circle) -> None:
    circle.session.delete(circle.wish())
    with pytest.raises(WishKept):
        circle.session.flush()
    circle.session.rollback()


@pytest.mark.parametrize("database", ["database_url", "postgres_url"])
def test_the_database_itself_refuses_to_delete_a_wish_until_that_is_asked_for_on_purpose(
    database: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    for app in open_app(settings_for(request.getfixturevalue(database), tmp_path)):
        session = db.session
        people = People(session)  # type: ignore[arg-type]
        robin = people.young_person()
        teacher = people.connected(Role.designated_teacher, robin)
        given = {"language": "en-GB", "share": "pep", "chosen": [], "section": "about-me", "pep_id": None}
        wish = ledger.raise_wish(session, actor_of(robin), young_person_id=robin.id, words="A bike", **given)
        ledger.step(session, actor_of(teacher), wish, "I asked.")
        session.commit()
        for table in (WishStep, Wish):
            with pytest.raises(DBAPIError, match="Nobody deletes a wish"):
                session.execute(delete(table))
            session.rollback()
        for table in ("wish_step", "wish"):
            on = f" ON {table}" if app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql") else ""
            session.execute(text(f"DROP TRIGGER {table}_is_kept{on}"))
            session.execute(text(f"DELETE FROM {table}"))
        session.commit()
        assert session.scalars(select(Wish)).all() == []


def test_an_answer_in_english_is_marked_for_an_arabic_reader_until_an_interpreter_has_put_it(circle: Circle) -> None:
    circle.robin.language = "ar"
    circle.session.commit()
    wish = circle.answered(circle.owned(circle.wish(), circle.teacher), circle.teacher)
    assert "Not yet in your language" in circle.text(circle.robin, "/home?lang=ar") or "بلغتك" in circle.text(
        circle.robin, "/home?lang=ar"
    )
    staff = f"/staff/wishes/{wish.id}"
    assert "Ask an interpreter, never a relative" in circle.text(circle.teacher, staff)
    reply = circle.session.scalars(select(WishReply)).one()
    circle.press(circle.teacher, staff, f"{staff}/reply/{reply.id}", words="يمكنك الذهاب كل ثلاثاء.")
    html = circle.text(circle.robin, "/home?lang=ar")
    assert 'lang="ar" dir="rtl">يمكنك الذهاب كل ثلاثاء.' in html
    assert "You can go each Tuesday." not in html and "Not yet in your language" not in html
    assert "Ask an interpreter, never a relative, and" not in circle.text(circle.teacher, staff)


def test_the_answer_is_told_on_their_own_phone_without_a_word_of_it(circle: Circle) -> None:
    circle.robin.mobile = "07700900123"
    circle.session.commit()
    circle.answered(circle.wish(), circle.teacher)
    message = circle.session.scalars(select(Message).where(Message.kind == "sms")).one()
    assert (message.template, message.params, message.address) == ("something_to_look_at", {}, "07700900123")


def test_the_answer_is_told_by_e_mail_to_who_has_no_phone(circle: Circle) -> None:
    circle.robin.email = "robin@example.org"
    circle.session.commit()
    circle.answered(circle.wish(), circle.teacher)
    message = circle.session.scalars(select(Message)).one()
    assert (message.kind, message.template, message.address) == ("email", "something_to_look_at", "robin@example.org")


def test_whoever_told_an_answer_ticks_it_once_and_the_page_says_when(circle: Circle) -> None:
    wish = circle.answered(circle.owned(circle.wish(), circle.teacher), circle.teacher)
    page = f"/staff/wishes/{wish.id}"
    assert "I have told Robin" not in circle.text(circle.teacher, page), "they read it here"
    telling.wants_to_hear(circle.session, circle.robin.id, "letter", "pep", [])
    circle.session.commit()
    assert "I have told Robin" not in circle.text(circle.carer, page), "that is not theirs to do"
    reply = circle.session.scalars(select(WishReply)).one()
    for _twice in range(2):
        browser = circle.browser(circle.teacher)
        answer = browser.post(f"{page}/reply/{reply.id}/told", data={"csrf_token": csrf(browser)})
        assert answer.status_code == 303
    html = circle.text(circle.teacher, page)
    assert "Told to Robin on" in html and "I have told Robin" not in html
    assert len(circle.session.scalars(select(AuditEntry).where(AuditEntry.event == "wish.told")).all()) == 1
    assert "did something for your wish" in circle.text(circle.robin, "/mine")
    other = circle.answered(circle.wish("Another"), circle.teacher)
    browser = circle.browser(circle.teacher)
    wrong = browser.post(f"/staff/wishes/{other.id}/reply/{reply.id}/told", data={"csrf_token": csrf(browser)})
    assert wrong.status_code == 404


def test_who_wants_to_be_told_by_a_person_gets_no_message_and_the_worker_knows(circle: Circle) -> None:
    circle.robin.mobile = "07700900123"
    telling.wants_to_hear(circle.session, circle.robin.id, "person", "not-home", [])
    circle.session.commit()
    wish = circle.owned(circle.wish(), circle.teacher)
    circle.answered(wish, circle.teacher)
    assert circle.session.scalars(select(Message).where(Message.kind == "sms")).all() == []
    said = "would like somebody to tell them the answer"
    assert said in circle.text(circle.teacher, f"/staff/wishes/{wish.id}")
    assert said not in circle.text(circle.carer, f"/staff/wishes/{wish.id}")


def test_a_wish_answered_twice_asks_again_and_keeps_the_first_answer(circle: Circle) -> None:
    wish = circle.answered(circle.wish(), circle.teacher, "no", "The club is full.")
    ledger.verdict(circle.session, actor_of(circle.robin), circle.fresh(wish), "not-yet")
    circle.answered(circle.fresh(wish), circle.teacher, "yes", "There is a place now.")
    html = circle.text(circle.robin, f"/wishes/{wish.id}")
    assert "There is a place now." in html and "The club is full." in html and "Did it help?" in html


def test_a_wish_needs_its_young_person_and_a_worker_needs_an_answer_to_lift(circle: Circle) -> None:
    given = {"young_person_id": circle.robin.id, "pep_id": None, "words": "x y", "language": "en-GB", "share": "pep"}
    with pytest.raises(Forbidden):
        ledger.raise_wish(circle.session, actor_of(circle.teacher), **given, chosen=[], section="about-me")
    with pytest.raises(ValueError, match="lifts"):
        ledger.raise_wish(circle.session, actor_of(circle.teacher), **given, chosen=[], section="about-me", by="worker")
