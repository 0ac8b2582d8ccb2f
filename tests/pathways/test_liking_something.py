"""What a young person does about an opportunity, who is told, and what they ask to hear about."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.audit import AuditEntry
from app.messages.models import Message
from app.pathways import interests
from app.pathways.models import Alert, Interest
from app.pathways.publishing import put_in
from app.people.models import Person, Role
from tests.factories import People, sign_in
from tests.forms import fill
from tests.pathways.openings_house import actor_of, opening, published, visit
from tests.people.tokens import csrf

PAGE = "/opportunities/made-up-bakery"
TO_ME = f"{PAGE}/interest"
MINE = "/opportunities/mine"


def say(client: FlaskClient, do: str, **more: str) -> None:
    answer = fill(client, PAGE, {"do": do, **more}, action=TO_ME)
    assert answer.status_code == 303


def state(session: Session) -> tuple[str, bool] | None:
    session.expire_all()
    found = session.scalars(select(Interest)).one_or_none()
    return (found.state, found.tell_adviser) if found else None


def test_saving_is_mine_alone_and_twice_is_once(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    published(session, opening())
    robin = people.young_person()
    teacher = people.connected(Role.designated_teacher, robin)
    sign_in(app, client, robin)
    say(client, "saved")
    client.post(TO_ME, data={"csrf_token": csrf(client), "do": "saved"})
    assert state(session) == ("saved", False)
    assert "Bread and cakes" in client.get(MINE).get_data(as_text=True)
    assert session.scalar(select(func.count()).select_from(Message)) == 0
    worker = app.test_client()
    sign_in(app, worker, teacher, way="worker")
    assert "Bread and cakes" not in worker.get("/staff/opportunities/interest").get_data(as_text=True)


def test_asking_for_help_tells_the_adviser_without_a_name(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    published(session, opening())
    robin = people.young_person(year_group=12)
    adviser = people.connected(Role.personal_adviser, robin, "Mr Aspen")
    people.connected(Role.social_worker, robin, "Ms Birch")
    sign_in(app, client, robin)
    assert "we tell Mr Aspen" in client.get(PAGE).get_data(as_text=True).replace("<bdi>", "").replace("</bdi>", "")
    say(client, "asked_help")
    client.post(TO_ME, data={"csrf_token": csrf(client), "do": "asked_help"})
    message = session.scalars(select(Message)).one()
    assert (message.address, message.template, message.params) == (adviser.email, "opportunity_interest", {})


def test_being_interested_tells_nobody_unless_i_wish_so(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    published(session, opening())
    robin = people.young_person()
    people.connected(Role.social_worker, robin)
    sign_in(app, client, robin)
    say(client, "interested")
    assert state(session) == ("interested", False) and not session.scalars(select(Message)).all()
    say(client, "interested", tell="yes")
    assert state(session) == ("interested", True) and len(session.scalars(select(Message)).all()) == 1
    say(client, "change-mind")
    assert state(session) is None


def worker_of(app: Flask, person: Person) -> FlaskClient:
    client = app.test_client()
    sign_in(app, client, person, way="worker")
    return client


def test_the_adviser_writes_down_how_far_it_came_and_the_young_person_sees_it(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    published(session, opening())
    robin = people.young_person(year_group=12)
    adviser = worker_of(app, people.connected(Role.personal_adviser, robin))
    sign_in(app, client, robin)
    say(client, "asked_help")
    found = session.scalars(select(Interest)).one()
    page, to = "/staff/opportunities/interest", f"/staff/opportunities/interest/{found.id}"
    fill(adviser, page, {"state": "interview"}, action=to)
    assert "Interview" in client.get(MINE).get_data(as_text=True)
    read = select(func.count()).where(
        AuditEntry.event == "opportunity.interest-read", AuditEntry.subject_id == robin.id
    )
    assert (session.scalar(read) or 0) >= 1
    # What has come so far is not undone by a tap on an old page; changing one's mind is kept as 'not this time'.
    client.post(TO_ME, data={"csrf_token": csrf(client), "do": "saved"})
    assert state(session) == ("interview", True)
    client.post(TO_ME, data={"csrf_token": csrf(client), "do": "change-mind"})
    assert state(session) == ("not_this_time", False)


def test_only_their_adviser_and_the_virtual_school_know(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    published(session, opening())
    robin = people.young_person(year_group=12)
    people.connected(Role.personal_adviser, robin)
    teacher = people.connected(Role.designated_teacher, robin)
    stranger, school = people.adult(Role.social_worker), people.adult(Role.virtual_school)
    sign_in(app, client, robin)
    say(client, "asked_help")
    to = f"/staff/opportunities/interest/{session.scalars(select(Interest)).one().id}"
    for person in (teacher, stranger):
        worker = worker_of(app, person)
        assert "Robin" not in worker.get("/staff/opportunities/interest").get_data(as_text=True)
        data = {"csrf_token": csrf(worker), "state": "started"}
        assert worker.post(to, data=data, unchecked=True).status_code == 404
    assert "Robin" in worker_of(app, school).get("/staff/opportunities/interest").get_data(as_text=True)


def test_new_things_about_my_topics_are_told_once_and_one_tap_stops_it(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    robin = people.young_person(year_group=9)
    robin.mobile = "+447700900123"
    sign_in(app, client, robin)
    fill(client, MINE, {"topic": ["food"]}, action="/opportunities/mine/topics")
    bakery = opening(topics=("food",))
    published(session, bakery)
    put_in(session, bakery)
    published(session, opening("too-old", title="For much older ones", topics=("food",), year_groups=("Y13",)))
    published(session, visit())
    session.commit()
    assert [one.template for one in session.scalars(select(Message))] == ["something_to_look_at"]
    html = client.get("/home").get_data(as_text=True)
    assert "1 new thing for you" in html
    fill(client, MINE, {"do": "stop"}, action="/opportunities/mine/topics")
    assert session.scalar(select(func.count()).select_from(Alert)) == 0
    published(session, opening("another", topics=("food",)))
    assert session.scalar(select(func.count()).select_from(Message)) == 1


def test_an_odd_form_changes_nothing(app: Flask, client: FlaskClient, people: People, session: Session) -> None:
    published(session, opening())
    sign_in(app, client, people.young_person())
    for do in ("started", "", "x" * 300):
        assert client.post(TO_ME, data={"csrf_token": csrf(client), "do": do}).status_code == 303
    client.post("/opportunities/mine/topics", data={"csrf_token": csrf(client), "topic": ["nonsense", "<b>"]})
    assert state(session) is None and session.scalar(select(func.count()).select_from(Alert)) == 0


def test_what_a_child_saved_is_not_shown_to_an_adult_beside_them(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    row = published(session, opening())
    robin = people.young_person(year_group=12)
    interests.say(session, actor_of(robin), row, "saved", tell=False)
    session.commit()
    page = f"/opportunities/{row.key}"
    sign_in(app, client, robin)
    assert "What do you think?" in client.get(page).get_data(as_text=True)
    sign_in(app, client, robin, way="beside", helper=people.connected(Role.social_worker, robin))
    html = client.get(page).get_data(as_text=True)
    assert "What do you think?" not in html and "Saved" not in html
