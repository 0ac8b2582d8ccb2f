"""Messages about a booking and the links in them: one channel, safe words, nothing at night, one tap that works once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.dropins import booking_telling, signals
from app.dropins.models import Booking, SessionState, Slot
from app.dropins.times import reminder_times
from app.messages.models import Message
from app.messages.quiet_hours import polite
from app.messages.templates import render
from app.people.models import Person
from tests.dropins.factories import a_session, books, waits
from tests.factories import People
from tests.forms import fields_of, fill

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def robin(clock: Any, people: People) -> Person:
    person = people.young_person("Robin", year_group=12)
    person.mobile = "+447700900123"
    people.session.commit()
    return person


def booked(session: Session, person: Person, dropin: Any, slot: Slot, **more: Any) -> Booking:
    made: Booking = books(session, person, dropin, slot, contact="text", **more).booking
    booking_telling.booked(session, made)
    session.commit()
    return made


def waiting_messages(session: Session) -> list[Message]:
    return list(session.scalars(select(Message).where(Message.state == "waiting").order_by(Message.send_after)))


def link_in(session: Session, template: str) -> str:
    message = session.scalars(
        select(Message).where(Message.template == template).order_by(Message.made_at.desc())
    ).first()
    assert message is not None
    return str(message.params["path"])


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True)).replace("&#39;", "'")


def test_a_booking_is_confirmed_and_its_reminders_are_planned(session: Session, robin: Person) -> None:
    dropin, (slot, *_) = a_session(session)
    booked(session, robin, dropin, slot)
    assert [(one.template, one.send_after) for one in waiting_messages(session)] == [
        ("booking_made", NOW),
        ("booking_soon", slot.starts_at - timedelta(days=2)),
        ("booking_soon", slot.starts_at - timedelta(hours=2)),
    ]


@pytest.mark.parametrize("template", ["booking_made", "booking_soon", "booking_moved", "place_yours", "booked_for_you"])
@pytest.mark.parametrize("language", ["en-GB", "ar", "pl"])
def test_a_message_gives_nothing_away(app: Flask, language: str, template: str) -> None:
    when = datetime(2027, 3, 9, 14, 0, tzinfo=UTC).isoformat()
    made = render(template, {"when": when, "path": "/dropins/b/abcdefghijklmnopqrstuvwx"}, language)
    whole = f"{made.subject} {made.body}"
    for word in ("Robin", "Sam", "library", "drop-in", "adviser", "Virtual School", "care", "job"):
        assert word not in whole
    assert re.search(r"2:00", whole), "the time stands in one piece, also right to left"
    assert whole.count("/dropins/b/") == 1


def test_whoever_wants_no_messages_gets_none(session: Session, robin: Person) -> None:
    dropin, (slot, *_) = a_session(session)
    made = books(session, robin, dropin, slot, contact="none").booking
    booking_telling.booked(session, made)
    assert waiting_messages(session) == []


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        ("2026-11-26 14:00", ["2026-11-24 14:00", "2026-11-26 12:00"]),
        ("2026-11-26 11:00", ["2026-11-24 11:00", "2026-11-26 09:00"]),
        ("2026-11-26 10:30", ["2026-11-24 10:30", "2026-11-25 18:00"]),
        # Across the change of the clocks: two days and two hours are real ones.
        ("2027-03-28 14:00", ["2027-03-26 13:00", "2027-03-28 12:00"]),
        ("2027-10-31 11:00", ["2027-10-29 12:00", "2027-10-31 09:00"]),
    ],
)
def test_when_somebody_is_reminded(starts: str, expected: list[str]) -> None:
    from app.core.clock import LONDON

    def moment(words: str) -> datetime:
        return datetime.strptime(words, "%Y-%m-%d %H:%M").replace(tzinfo=LONDON).astimezone(UTC)

    assert reminder_times(moment(starts)) == [moment(one) for one in expected]


def test_what_is_due_in_the_small_hours_of_the_day_the_clocks_go_back_comes_at_eight_once() -> None:
    first, second = datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    assert polite(first) == polite(second) == datetime(2027, 10, 31, 8, 0, tzinfo=UTC)


def test_what_is_booked_at_night_is_confirmed_in_the_morning(session: Session, robin: Person, clock: Any) -> None:
    dropin, (slot, *_) = a_session(session)
    clock.move_to(datetime(2026, 11, 23, 22, 0, tzinfo=UTC))
    booked(session, robin, dropin, slot)
    assert waiting_messages(session)[0].send_after == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def test_one_tap_cancels_and_takes_the_reminders_back(
    app: Flask, session: Session, robin: Person, client: FlaskClient
) -> None:
    dropin, (slot, *_) = a_session(session)
    made = booked(session, robin, dropin, slot)
    path = link_in(session, "booking_made")
    page = text(client.get(path))
    assert "Robin" not in page
    assert "library" not in page
    assert "2:00" in page
    assert "Thank you for telling us" in text(fill(client, path, {"do": "cancel"}))
    session.expire_all()
    assert made.state == "cancelled"
    assert session.get_one(Slot, slot.id).taken == 0
    assert waiting_messages(session) == []


def test_a_link_used_twice_says_so_kindly(session: Session, robin: Person, client: FlaskClient) -> None:
    dropin, (slot, *_) = a_session(session)
    booked(session, robin, dropin, slot)
    path = link_in(session, "booking_made")
    _action, fields = fields_of(text(client.get(path)), action=f"{path}/do")
    client.post(f"{path}/do", data={**fields, "do": "cancel"})
    again = client.post(f"{path}/do", data={**fields, "do": "cancel"}, follow_redirects=True)
    assert again.status_code == 200
    assert "You used this link already" in text(again)
    assert client.get("/dropins/b/nobody-has-this-link").status_code == 404


def test_looking_at_a_link_uses_nothing_up_and_it_ends_with_the_slot(
    session: Session, robin: Person, client: FlaskClient, clock: Any
) -> None:
    dropin, (slot, *_) = a_session(session)
    booked(session, robin, dropin, slot)
    path = link_in(session, "booking_made")
    for _ in range(3):
        assert "I can't come" in text(client.get(path))
    clock.move_to(slot.ends_at)
    assert "This link doesn't work any more" in text(client.get(path))


def test_another_time_by_link_moves_the_booking_and_its_reminders(
    session: Session, robin: Person, client: FlaskClient
) -> None:
    dropin, (slot, other, *_) = a_session(session)
    made = booked(session, robin, dropin, slot)
    path = link_in(session, "booking_made")
    page = text(client.get(f"{path}/other"))
    _action, fields = fields_of(page, action=f"{path}/other")
    done = client.post(f"{path}/other", data={**fields, "slot": str(other.id)})
    assert "Your new time is booked" in text(done)
    session.expire_all()
    assert made.state == "rescheduled"
    planned = {one.params["when"] for one in waiting_messages(session)}
    assert planned == {other.starts_at.isoformat()}
    assert "You used this link already" in text(client.get(path))


def test_another_time_that_is_taken_meanwhile_leaves_the_old_one(
    session: Session, robin: Person, people: People, client: FlaskClient
) -> None:
    dropin, (slot, other, *_) = a_session(session)
    made = booked(session, robin, dropin, slot)
    path = link_in(session, "booking_made")
    _action, fields = fields_of(text(client.get(f"{path}/other")), action=f"{path}/other")
    books(session, people.young_person("Sam", year_group=12), dropin, other)
    answer = client.post(f"{path}/other", data={**fields, "slot": str(other.id)})
    assert "you still have your old one" in text(answer)
    session.expire_all()
    assert made.state == "booked"


def offered(session: Session, robin: Person, people: People) -> tuple[Booking, str]:
    dropin, (slot, *_) = a_session(session)
    held = books(session, people.young_person("Sam", year_group=12), dropin, slot).booking
    made = waits(session, robin, dropin, slot, contact="text").booking
    from app.dropins.giving_up import cancel
    from app.dropins.moves import By, Hand

    cancel(session, held, By(Hand.self_, held.whose, "young_person"))
    session.commit()
    return made, link_in(session, "place_offered")


def test_an_offer_is_taken_by_its_link(session: Session, robin: Person, people: People, client: FlaskClient) -> None:
    made, path = offered(session, robin, people)
    assert "Yes, I want it" in text(client.get(path))
    fill(client, path, {"do": "take"})
    session.refresh(made)
    assert made.state == "booked"


def test_an_offer_that_ran_out_is_told_kindly_with_the_next_free_time(
    session: Session, robin: Person, people: People, client: FlaskClient, clock: Any
) -> None:
    made, path = offered(session, robin, people)
    _action, fields = fields_of(text(client.get(path)), action=f"{path}/do")
    clock.shift(timedelta(hours=25))
    answer = text(client.post(f"{path}/do", data={**fields, "do": "take"}))
    assert "That time has gone to someone else" in answer
    assert "The next free times" in answer
    session.refresh(made)
    assert made.state == "offered"


def test_called_off_sessions_are_told_with_the_next_pick(session: Session, robin: Person) -> None:
    dropin, (slot, *_) = a_session(session)
    a_session(session, starts_at=dropin.starts_at + timedelta(days=7))
    booked(session, robin, dropin, slot)
    dropin.state = SessionState.cancelled
    signals.dropin_cancelled.send(dropin, session=session, actor=None)
    session.commit()
    assert [one.template for one in waiting_messages(session)] == ["booking_gone", "place_offered"]
