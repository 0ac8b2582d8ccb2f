"""HE events: a seat for everybody who has one, a fair line, somebody's yes, who came, and what they thought."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.messages.models import Message
from app.pathways import events, publishing, shelf
from app.pathways import opportunity_telling as telling
from app.pathways.event_figures import event_figures
from app.pathways.models import Kind, Opportunity, Seat
from app.pathways.openings import PlacesTaken, withdraw
from app.pathways.publishing import put_in
from app.people.models import Person, Role
from tests.factories import People, sign_in
from tests.forms import fill
from tests.pathways.openings_house import actor_of, published, seats, visit
from tests.people.tokens import csrf

PAGE = "/opportunities/campus-day"
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 24, 22, 40, tzinfo=UTC)


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


@time_machine.travel(NOON)
def test_an_offer_that_runs_out_goes_to_the_next_and_the_late_one_is_told_kindly(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    row = published(session, visit(capacity=1))
    first, second, third = (people.young_person(name, year_group=12) for name in ("A", "B", "C"))
    for one in (first, second, third):
        go(session, row, one)
    events.cancel(session, actor_of(first), row, first.id)
    session.commit()
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
    assert "You have a place. Someone still has to say yes." in html_of(client, "/opportunities/mine")
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
        told = {"name": "Juniper", "role": "carer"}
        events.tick(session, actor_of(school), row, seat.id, "attended", told=told)
        session.commit()
        sign_in(app, client, robin)
        assert "Tell us how it was" in html_of(client, "/home")
        posted(client, "thought", {"see_myself": "maybe"})
        posted(client, "thought", {"was": "good"})
        session.refresh(seat)
        assert (seat.see_myself, seat.was) == ("maybe", "good")
        figures = event_figures(session, start - timedelta(days=1), after)
        assert (figures.came[9], figures.of[9], figures.could_see, figures.answered) == (1, 1, 1, 1)
        assert sum(figures.came.values()) == 1


def test_an_event_that_has_begun_takes_nobody_and_a_closed_one_keeps_its_seats(
    people: People, session: Session
) -> None:
    row = published(session, visit())
    robin = people.young_person(year_group=12)
    with time_machine.travel(row.starts_at or clock.now()), pytest.raises(events.NotNow):
        events.sign_up(session, actor_of(robin), row, robin.id)
    session.rollback()
    go(session, row, robin)
    item = put_in(session, visit())
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
        put_in(session, visit(starts=start, capacity=1))
    session.rollback()
    put_in(session, visit(starts=start, capacity=3))
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


# -- an event that changes -------------------------------------------------------------------------------------------------


def told(session: Session, template: str) -> list[str]:
    """Return the addresses that were told."""
    return sorted(session.scalars(select(Message.address).where(Message.template == template)))


@time_machine.travel(NOON)
def test_an_event_that_is_called_off_is_told_to_everybody_who_counted_on_it(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    row = published(session, visit(capacity=2))
    robin, waits = people.young_person(year_group=9), people.young_person("Wren", year_group=12)
    robin.mobile, waits.mobile = "+447700900123", "+447700900124"
    carer, other = people.connected(Role.carer, robin, "Juniper"), people.connected(Role.social_worker, robin, "Birch")
    alone = people.young_person("Dunnock", year_group=12)
    key_worker = people.connected(Role.key_worker, alone, "Hornbeam")
    for one in (robin, alone, waits):
        go(session, row, one)
    events.say_yes(session, actor_of(carer), session.scalars(select(Seat).where(Seat.person_id == robin.id)).one())
    session.commit()
    publishing.withdraw(session, actor_of(people.adult(Role.virtual_school)), Kind.event, "campus-day")
    session.commit()
    assert set(session.scalars(select(Seat.state))) == {"cancelled_by_service"} and seats(session, row).taken == 0
    # Dunnock has no phone: whoever looks after them hears it. Birch said no yes and did not sign anybody up.
    assert told(session, "event_gone") == sorted(
        [str(robin.mobile), str(waits.mobile), str(carer.email), str(key_worker.email)]
    )
    assert other.email not in told(session, "event_gone")
    sign_in(app, client, robin)
    html = html_of(client)
    assert "This is cancelled. You do not need to go." in html and "is over" not in html
    assert "This is cancelled." in html_of(client, "/opportunities/mine") and "Cancelled" in html_of(client, "/home")
    adult = app.test_client()
    sign_in(app, adult, carer, way="code")
    assert "Events that have changed" in html_of(adult, "/home") and "Cancelled" in html_of(adult, "/home")


@time_machine.travel(NOON)
@pytest.mark.parametrize(
    "change",
    [{"starts": NOON + timedelta(days=2)}, {"place_text": "Another hall"}, {"online_link": "https://example.org/room"}],
)
def test_an_event_that_moves_is_told_to_everybody_who_counts_on_it(
    change: dict[str, Any], app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    row = published(session, visit(starts=NOON + timedelta(days=20), place_text="The hall"))
    robin = people.young_person(year_group=12)
    robin.mobile = "+447700900123"
    go(session, row, robin)
    sign_in(app, client, robin)
    new = {"starts": NOON + timedelta(days=20), "place_text": "The hall", **change}
    with time_machine.travel(NOON + timedelta(minutes=5)):
        put_in(session, visit(**new, food="Soup"))
        session.commit()
        assert told(session, "event_moved") == [robin.mobile]
        assert "This has a new day, time or place." in html_of(client)
        assert "It has a new day, time or place." in html_of(client, "/opportunities/mine")
        put_in(session, visit(**new, food="Soup and bread"))
        session.commit()
        assert told(session, "event_moved") == [robin.mobile]
        assert session.scalars(select(Seat.state)).one() == "booked"


def test_a_page_that_shows_an_adult_nothing_is_no_look(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    row, robin = published(session, visit()), people.young_person(year_group=12)
    go(session, row, robin)
    sign_in(app, client, people.connected(Role.carer, robin), way="code")
    client.get("/home")
    assert session.scalar(select(func.count()).where(AuditEntry.event == "event.read")) == 0


@time_machine.travel(NOON)
def test_an_event_that_has_been_is_taken_out_without_a_word(people: People, session: Session) -> None:
    start = NOON + timedelta(days=3)
    row = published(session, visit(starts=start))
    robin = people.young_person(year_group=12)
    robin.mobile = "+447700900123"
    go(session, row, robin)
    with time_machine.travel(start + timedelta(hours=3)):
        put_in(session, visit(starts=start, place_text="It was in the hall"))
        publishing.withdraw(session, actor_of(people.adult(Role.virtual_school)), Kind.event, "campus-day")
        session.commit()
    assert session.scalars(select(Seat.state)).one() == "booked" and not session.scalars(select(Message)).all()


def test_who_was_told_that_it_is_cancelled_can_sign_up_when_it_is_on_again(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    row = published(session, visit())
    robin, editor = people.young_person(year_group=12), actor_of(people.adult(Role.virtual_school))
    go(session, row, robin)
    publishing.withdraw(session, editor, Kind.event, "campus-day")
    publishing.bring_back(session, editor, Kind.event, "campus-day")
    session.commit()
    sign_in(app, client, robin)
    posted(client, "sign-up")
    assert "You have a place." in html_of(client)
    html = html_of(client, "/opportunities/mine")
    assert html.count("A day on the campus") == 1 and "cancelled" not in html


def test_nobody_gets_a_seat_at_what_was_called_off_a_moment_before(people: People, session: Session) -> None:
    row, robin = published(session, visit()), people.young_person(year_group=12)
    assert row.withdrawn_at is None
    elsewhere = update(Opportunity).values(withdrawn_at=clock.now()).execution_options(synchronize_session=False)
    session.execute(elsewhere)
    with pytest.raises(events.NotNow):
        events.sign_up(session, actor_of(robin), row, robin.id)


def test_nothing_reaches_a_phone_at_night_but_what_cannot_wait(people: People, session: Session) -> None:
    robin = people.young_person(year_group=12)
    robin.mobile = "+447700900123"
    with time_machine.travel(NIGHT, tick=False):
        morning = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
        telling.tell_young_person(session, robin.id, "something_to_look_at", "opportunity.new", "a")
        telling.tell_young_person(session, robin.id, "event_gone", "event.changed", "b", needed_by=morning)
        later = morning + timedelta(minutes=1)
        telling.tell_young_person(session, robin.id, "event_gone", "event.changed", "c", needed_by=later)
        session.flush()
        assert session.scalars(select(Message.due_at).order_by(Message.key)).all() == [morning, NIGHT, morning]


@time_machine.travel(NIGHT, tick=False)
def test_a_place_that_comes_free_at_night_is_kept_from_the_morning_on(people: People, session: Session) -> None:
    row = published(session, visit(capacity=1))
    first, second = people.young_person("A", year_group=12), people.young_person("B", year_group=12)
    go(session, row, first)
    go(session, row, second)
    events.cancel(session, actor_of(first), row, first.id)
    seat = events.seat_of(session, seats(session, row).id, second.id)
    assert seat is not None and seat.offer_ends_at == datetime(2026, 11, 26, 8, 0, tzinfo=UTC)


def test_nobody_attends_without_the_yes_they_need_until_it_is_written_down_who_said_it(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    start = clock.now() + timedelta(days=3)
    row = published(session, visit(starts=start))
    seat = go(session, row, people.young_person(year_group=9))
    school, page = people.adult(Role.virtual_school), "/staff/events/campus-day"
    after = start + timedelta(hours=3)
    with time_machine.travel(after):
        with pytest.raises(events.YesMissing):
            events.tick(session, actor_of(school), row, seat.id, "attended")
        sign_in(app, client, school, way="worker")
        for said in ({}, {"name": " ", "role": "carer"}, {"name": "Juniper", "role": "friend"}):
            answer = fill(client, page, {"state": "attended", **said}, action=f"{page}/attendance", unchecked=True)
            assert answer.status_code == 422 and "Who said it to you?" in answer.get_data(as_text=True)
            session.refresh(seat)
            assert seat.state == "booked" and seat.consent_at is None
            assert event_figures(session, start - timedelta(days=1), after).came[9] == 0
        fill(client, page, {"state": "attended", "name": "Juniper", "role": "carer"}, action=f"{page}/attendance")
        session.refresh(seat)
        assert seat.state == "attended" and seat.consent_at is not None
        assert seat.consent_said == {"name": "Juniper", "role": "carer"}
        html = client.get(page).get_data(as_text=True)
        assert "Juniper, Carer, said yes on the day." in html and "Who said it to you?" not in html


def test_the_online_address_is_a_link_for_who_has_a_place(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    row = published(session, visit(online_link="https://example.org/room"))
    assert "example.org/room" not in html_of(client)
    robin = people.young_person(year_group=12)
    go(session, row, robin)
    sign_in(app, client, robin)
    assert 'href="https://example.org/room"' in html_of(client)


def test_the_button_to_sign_up_stands_last(app: Flask, client: FlaskClient, people: People, session: Session) -> None:
    published(session, visit(carer_place=True))
    sign_in(app, client, people.young_person(year_group=9))
    html = html_of(client)
    assert html.index('name="carer_comes"') < html.index("In Year 11 or below") < html.index("Sign me up")


# -- an editor who makes it too small ------------------------------------------------------------------------------------


def test_a_publication_that_is_refused_changes_nothing_for_anybody(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    row = published(session, visit(capacity=5))
    for name in "ABC":
        go(session, row, people.young_person(name, year_group=12))
    writer, second = (people.adult(Role.virtual_school, name) for name in ("Ms Writer", "Mr Second"))
    found = publishing.desk(session, Kind.event, "campus-day")
    assert found is not None
    publishing.save(session, actor_of(writer), Kind.event, {**found.body, "capacity": 2}, seen=found.seen)
    session.commit()
    before = shelf.stamp(session)
    sign_in(app, client, second, way="worker")
    page = "/staff/content/event/campus-day"
    answer = fill(client, page, {"do": "publish"})
    assert answer.status_code == 422 and "More people are booked than this." in answer.get_data(as_text=True)
    session.rollback()
    session.expire_all()
    assert shelf.stamp(session) == before
    public = shelf.published(session, Kind.event)["campus-day"].record
    assert public.capacity == seats(session, row).capacity == 5  # type: ignore[attr-defined]
    fill(client, page, {"capacity": "3", "do": "save"})
    sign_in(app, client, writer, way="worker")
    assert fill(client, page, {"do": "publish"}).status_code == 303
    session.expire_all()
    assert seats(session, row).capacity == 3
