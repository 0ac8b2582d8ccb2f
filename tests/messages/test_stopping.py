"""Stop means stop, at once; and what waits for a phone goes where the phone is."""

from __future__ import annotations

import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.messages import stopping
from app.messages.delivering import Round
from app.messages.models import Message, Stopped
from app.people.models import Person, Role
from tests.factories import People, sign_in
from tests.forms import fill
from tests.messages.conftest import Deliver, Post
from tests.messages.test_delivering import NOON, Takes

OLD, NEW = "+447700900123", "+447700900456"


def to_lark(posted: Post, people: People, **more: object) -> Message:
    lark = people.young_person("Lark", year_group=12)
    lark.mobile = OLD
    return posted(**{"kind": "sms", "address": OLD, "about": lark.id, **more})


def stop(session: Session, message: Message) -> None:
    assert message.about_person_id is not None
    stopping.stop(session, message.about_person_id, message.about_person_id)
    session.commit()


def test_what_waits_is_taken_back_and_what_is_written_later_never_leaves(
    session: Session, people: People, posted: Post, deliver: Deliver
) -> None:
    message = to_lark(posted, people)
    lark_id = message.about_person_id
    stop(session, message)
    posted(kind="sms", address=OLD, about=lark_id, template="something_to_look_at")
    channel = Takes()
    assert deliver(channel) == Round()
    assert channel.letters == [] and session.scalars(select(Message)).all() == []


def test_what_is_about_them_and_for_somebody_else_still_goes(
    session: Session, people: People, posted: Post, deliver: Deliver
) -> None:
    message = to_lark(posted, people, kind="email", address="sam@example.org", template="words_wait")
    stop(session, message)
    assert deliver(Takes()) == Round(sent=1)


def test_who_wants_messages_again_has_those_that_come(
    session: Session, people: People, posted: Post, deliver: Deliver
) -> None:
    message = to_lark(posted, people)
    lark_id = message.about_person_id
    stop(session, message)
    assert lark_id is not None
    stopping.begin_again(session, lark_id)
    posted(kind="sms", address=OLD, about=lark_id)
    assert deliver(Takes()) == Round(sent=1)


def test_what_waits_follows_a_number_that_has_changed_and_nothing_goes_to_one_that_was_removed(
    session: Session, people: People, posted: Post, deliver: Deliver
) -> None:
    with time_machine.travel(NOON, tick=False):
        message = to_lark(posted, people)
        lark = session.get_one(Person, message.about_person_id)
        lark.mobile = NEW
        session.commit()
        channel = Takes()
        assert deliver(channel) == Round(sent=1)
        assert [one.address for one in channel.letters] == [NEW]
        posted(kind="sms", address=NEW, about=lark.id)
        lark.mobile = None
        session.commit()
        assert deliver(channel) == Round()


def test_a_young_person_stops_them_on_their_own_page_and_can_have_them_again(
    app: Flask, session: Session, people: People
) -> None:
    lark = people.young_person("Lark", year_group=12)
    lark.mobile = OLD
    session.commit()
    client = app.test_client()
    sign_in(app, client, lark)
    fill(client, "/mine", {"messages": "no"}, action="/mine/messages")
    assert session.scalars(select(Stopped.person_id)).all() == [lark.id]
    page = client.get("/mine").get_data(as_text=True)
    assert "We send you no texts and no e-mails." in page
    fill(client, "/mine", {"messages": "yes"}, action="/mine/messages")
    assert session.scalars(select(Stopped)).all() == []


def test_a_worker_who_is_told_stop_on_the_phone_writes_it_down_and_a_carer_cannot(
    app: Flask, session: Session, people: People
) -> None:
    lark = people.young_person("Lark", year_group=12)
    worker, carer = people.adult(Role.virtual_school), people.connected(Role.carer, lark)
    page, door = f"/staff/young-people/{lark.id}/dropins/book", f"/staff/young-people/{lark.id}/messages"
    client, theirs = app.test_client(), app.test_client()
    sign_in(app, client, worker, way="worker")
    sign_in(app, theirs, carer, way="worker")
    assert "Texts and e-mails" not in theirs.get(page).get_data(as_text=True)
    fill(client, page, {"messages": "no"}, action=door)
    assert "They want none." in client.get(page).get_data(as_text=True)
    assert session.scalars(select(Stopped.by_id)).all() == [worker.id]
