"""HE events: a seat for everybody who has one, a fair line, somebody's yes, who came, and what they thought."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.messages.models import Message
from app.pathways import events
from app.pathways import opportunity_telling as telling
from app.pathways.models import Opportunity, Seat
from app.pathways.openings import PlacesTaken, publish, withdraw
from app.people.models import Person, Role
from tests.factories import People, sign_in
from tests.forms import fill
from tests.pathways.openings_house import actor_of, published, seats, visit
from tests.people.tokens import csrf

PAGE = "/opportunities/campus-day"


def go(session: Session, row: Opportunity, person: Person, **more: Any) -> Seat:
    """Sign a young person up, by themselves."""
    seat = events.sign_up(session, actor_of(person), row, person.id, **more)
    session.commit()
    return seat


def html_of(client: FlaskClient, path: str = PAGE) -> str:
    return client.get(path).get_data(as_text=True)


def posted(client: FlaskClient, to: str, data: dict[str, Any] | None = None, page: str = PAGE) -> Any:
    return fill(client, page, data, action=f"{PAGE}/{to}")


def test_a_child_signs_up_in_two_taps_and_a_double_tap_is_one_seat(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    row = published(session, visit())
    sign_in(app, client, people.young_person(year_group=12))
    assert posted(client, "sign-up").status_code == 303
    html = html_of(client)
    assert "You have a place." in html and "/my-route" in html
    with client.session_transaction() as cookie:
        assert cookie
    assert client.post(f"{PAGE}/sign-up", data={"csrf_token": csrf(client)}).status_code == 303
    assert seats(session, row).taken == 1 and session.query(Seat).count() == 1


def test_when_it_is_full_people_wait_in_a_line_and_see_their_number(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    row = published(session, visit(capacity=1))
    for name in ("First", "Second"):
        go(session, row, people.young_person(name, year_group=12))
    robin = people.young_person(year_group=12)
    sign_in(app, client, robin)
    assert "Wait for a place" in html_of(client)
    posted(client, "sign-up")
    assert "You are number 2 in the line." in html_of(client)
    assert seats(session, row).taken == 1


def test_a_place_that_comes_free_is_kept_for_whoever_waits_longest(people: People, session: Session) -> None:
    row = published(session, visit(capacity=1))
    first, second, third = (people.young_person(name, year_group=12) for name in ("A", "B", "C"))
    second.mobile = "+447700900123"
    for one in (first, second, third):
        go(session, row, one)
    events.cancel(session, actor_of(first), row, first.id)
    session.commit()
    seat = events.seat_of(session, seats(session, row).id, second.id)
    assert seat is not None and seat.state == "offered" and seats(session, row).taken == 1
    assert [one.template for one in session.scalars(select(Message))] == ["event_place"]
    newcomer = people.young_person("D", year_group=12)
    assert go(session, row, newcomer).state == "waiting"
    assert events.accept(session, actor_of(second), row, second.id).state == "booked"
    assert events.accept(session, actor_of(second), row, second.id).state == "booked"


def test_an_offer_that_runs_out_goes_to_the_next_and_the_late_one_is_told_kindly(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    row = published(session, visit(capacity=1))
    first, second, third = (people.young_person(name, year_group=12) for name in ("A", "B", "C"))
    for one in (first, second, third):
        go(session, row, one)
    events.cancel(session, actor_of(first), row, first.id)
    session.commit()
    sign_in(app, client, second)
    with time_machine.travel(clock.now() + timedelta(hours=24, seconds=1)):
        sign_in(app, client, second)
        client.post(f"{PAGE}/seat", data={"csrf_token": csrf(client), "do": "accept"})
        assert "it went to the next person" in html_of(client)
        event = seats(session, row)
        states = {
            one.person_id: one.state for one in session.scalars(select(Seat).execution_options(populate_existing=True))
        }
        assert states == {first.id: "cancelled", second.id: "waiting", third.id: "offered"} and event.taken == 1
    with time_machine.travel(clock.now() + timedelta(hours=49)):
        assert events.lapse_everywhere(session) == 1  # C's turn is over: B's again
        session.commit()
    with time_machine.travel(clock.now() + timedelta(hours=74)):
        events.lapse_everywhere(session)
        session.commit()
        session.expire_all()
        states = {one.person_id: one.state for one in session.scalars(select(Seat))}
        assert states[second.id] == "lapsed"  # the second time they leave the line


def test_nothing_is_offered_in_the_last_two_hours_and_never_beyond_them(people: People, session: Session) -> None:
    start = clock.now() + timedelta(hours=10)
    row = published(session, visit(starts=start, capacity=1))
    first, second = people.young_person("A", year_group=12), people.young_person("B", year_group=12)
    go(session, row, first)
    go(session, row, second)
    events.cancel(session, actor_of(first), row, first.id)
    seat = events.seat_of(session, seats(session, row).id, second.id)
    assert seat is not None and seat.offer_ends_at == start - timedelta(hours=2)
    session.rollback()
    with time_machine.travel(start - timedelta(hours=1)):
        events.cancel(session, actor_of(first), row, first.id)
        assert seats(session, row).taken == 0


def test_two_events_at_the_same_time_are_asked_about_once(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    start = clock.now() + timedelta(days=20)
    other = published(session, visit("other-day", starts=start, title="The other day"))
    published(session, visit(starts=start + timedelta(minutes=30)))
    robin = people.young_person(year_group=12)
    go(session, other, robin)
    sign_in(app, client, robin)
    answer = posted(client, "sign-up")
    assert answer.status_code == 422 and "The other day" in answer.get_data(as_text=True)
    client.post(f"{PAGE}/sign-up", data={"csrf_token": csrf(client), "anyway": "yes"})
    assert "You have a place." in html_of(client)


def test_up_to_year_11_somebody_says_yes_and_the_place_is_kept_meanwhile(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    row = published(session, visit())
    robin = people.young_person(year_group=9)
    carer = people.connected(Role.carer, robin, "Juniper")
    sign_in(app, client, robin)
    posted(client, "sign-up")
    assert "Somebody who looks after you still has to say yes" in html_of(client)
    assert seats(session, row).taken == 1
    message = session.scalars(select(Message)).one()
    assert message.template == "event_yes" and message.address == carer.email
    adult = app.test_client()
    sign_in(app, adult, carer, way="code")
    assert "Waiting for your yes" in adult.get("/home").get_data(as_text=True)
    assert posted(adult, "seat").status_code == 404  # no button pressed
    adult.post(f"{PAGE}/seat", data={"csrf_token": csrf(adult), "for": str(robin.id), "do": "yes"})
    session.expire_all()
    seat = session.scalars(select(Seat)).one()
    assert seat.consent_by_id == carer.id and seat.consent_at is not None
    assert "said yes." in html_of(client)
    looked = client.get("/mine").get_data(as_text=True)
    assert "Juniper" in looked and "said yes to your event" in looked and "looked at what you signed up for" in looked
    assert "Waiting for your yes" not in adult.get("/home").get_data(as_text=True)


@pytest.mark.parametrize("role", [Role.carer, Role.key_worker])
def test_who_looks_after_somebody_signs_them_up_and_has_said_yes_by_that(
    role: Role, app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    row = published(session, visit())
    robin = people.young_person(year_group=9)
    sign_in(app, client, people.connected(role, robin), way="code")
    posted(client, "sign-up", {"for": str(robin.id)})
    seat = session.scalars(select(Seat)).one()
    assert seat.person_id == robin.id and seat.consent_at is not None and seats(session, row).taken == 1


def test_nobody_signs_up_or_says_yes_for_somebody_they_do_not_look_after(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    row = published(session, visit())
    robin, other = people.young_person(), people.young_person("Other")
    people.connected(Role.carer, robin)
    go(session, row, robin)
    sign_in(app, client, people.connected(Role.carer, other), way="code")
    html = html_of(client)
    assert "Robin" not in html and "Other" in html
    for to, do in (("sign-up", ""), ("seat", "yes"), ("seat", "cancel")):
        answer = client.post(
            f"{PAGE}/{to}", data={"csrf_token": csrf(client), "for": str(robin.id), "do": do}, unchecked=True
        )
        assert answer.status_code == 404
    assert session.scalars(select(Seat)).one().consent_at is None


def test_a_child_cannot_say_their_own_yes(app: Flask, client: FlaskClient, people: People, session: Session) -> None:
    published(session, visit())
    sign_in(app, client, people.young_person(year_group=9))
    posted(client, "sign-up")
    answer = client.post(f"{PAGE}/seat", data={"csrf_token": csrf(client), "do": "yes"}, unchecked=True)
    assert answer.status_code == 404 and session.scalars(select(Seat)).one().consent_at is None


@pytest.mark.parametrize(
    ("year", "care", "place", "needed"),
    [(9, "in_care", "school", True), (11, "in_care", "school", True), (12, "in_care", "school", False),
     (None, "in_care", "college", False), (None, "in_care", "school", True), (None, "care_leaver", "work", False),
     (14, "in_care", "school", False)],
)  # fmt: skip
def test_who_needs_a_yes(
    year: int | None, care: str, place: str, needed: bool, people: People, session: Session
) -> None:
    one = people.young_person(year_group=year, care=care, place=place)
    assert telling.needs_a_yes(session, one.id) is needed


def test_a_worker_ticks_who_came_can_undo_it_and_every_look_is_written_down(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    start = clock.now() + timedelta(days=3)
    row = published(session, visit(starts=start))
    robin = people.young_person(year_group=12)
    seat = go(session, row, robin)
    school = people.adult(Role.virtual_school)
    with time_machine.travel(start + timedelta(hours=3)):
        sign_in(app, client, school, way="worker")
        page = "/staff/events/campus-day"
        assert "Robin" in client.get(page).get_data(as_text=True)
        read = select(func.count()).where(AuditEntry.event == "event.read", AuditEntry.subject_id == robin.id)
        assert session.scalar(read) == 1
        fill(client, page, {"state": "attended"}, action=f"{page}/attendance")
        session.refresh(seat)
        assert seat.state == "attended"
        fill(client, page, {"state": "booked"}, action=f"{page}/attendance")
        session.refresh(seat)
        assert seat.state == "booked"


def test_afterwards_two_taps_say_what_i_thought_and_count(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    start = clock.now() + timedelta(days=3)
    row = published(session, visit(starts=start))
    robin = people.young_person(year_group=9)
    seat = go(session, row, robin)
    sign_in(app, client, robin)
    after = start + timedelta(hours=3)
    with time_machine.travel(after):
        school = people.adult(Role.virtual_school)
        events.tick(session, actor_of(school), row, seat.id, "attended")
        session.commit()
        sign_in(app, client, robin)
        assert "Tell us how it was" in html_of(client, "/home")
        posted(client, "thought", {"see_myself": "maybe"})
        posted(client, "thought", {"was": "good"})
        session.refresh(seat)
        assert (seat.see_myself, seat.was) == ("maybe", "good")
        figures = events.he_figures(session, start - timedelta(days=1), after)
        assert (figures.came, figures.by_year, figures.could_see_myself) == (1, {9: 1}, {"maybe": 1})


def test_an_event_that_has_begun_takes_nobody_and_a_closed_one_keeps_its_seats(
    people: People, session: Session
) -> None:
    row = published(session, visit())
    robin = people.young_person(year_group=12)
    with time_machine.travel(row.starts_at or clock.now()), pytest.raises(events.NotNow):
        events.sign_up(session, actor_of(robin), row, robin.id)
    session.rollback()
    go(session, row, robin)
    item = publish(session, visit())
    withdraw(session, item)
    assert session.query(Seat).count() == 1


def test_a_change_never_takes_places_away_from_people_and_more_places_reach_the_line(
    people: People, session: Session
) -> None:
    start = clock.now() + timedelta(days=20)
    row = published(session, visit(starts=start, capacity=2))
    for name in "ABC":
        go(session, row, people.young_person(name, year_group=12))
    with pytest.raises(PlacesTaken):
        publish(session, visit(starts=start, capacity=1))
    session.rollback()
    publish(session, visit(starts=start, capacity=3))
    session.commit()
    states = sorted(session.scalars(select(Seat.state)))
    assert states == ["booked", "booked", "offered"] and seats(session, row).taken == 3


def test_people_are_reminded_the_day_before_and_who_should_say_yes_a_week_before(
    people: People, session: Session
) -> None:
    start = clock.now() + timedelta(days=5)
    row = published(session, visit(starts=start))
    robin = people.young_person(year_group=9)
    robin.mobile = "+447700900123"
    people.connected(Role.carer, robin)
    go(session, row, robin)
    on = clock.local(start).date()
    assert telling.remind(session, on - timedelta(days=1)) == 2
    assert telling.remind(session, on - timedelta(days=1)) == 2
    templates = sorted(one.template for one in session.scalars(select(Message)))
    assert templates == ["event_tomorrow", "event_yes", "event_yes"]
