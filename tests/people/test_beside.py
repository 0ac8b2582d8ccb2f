"""'Beside me': the young person answers on the adult's device, and the adult's screen comes back locked."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.people import passphrases
from app.people.models import Connection, Person, Role, SignIn, WorkerKey
from tests.factories import People, sign_in
from tests.forms import fill

PASSPHRASE = "seven quiet green kettles"
START = "2026-10-05 09:00+00:00"


@pytest.fixture
def young(people: People) -> Person:
    return people.young_person("Robin")


@pytest.fixture
def teacher(people: People, session: Session, young: Person) -> Person:
    """A designated teacher connected to Robin, with a passphrase."""
    adult = people.connected(Role.designated_teacher, young)
    session.add(WorkerKey(person_id=adult.id, passphrase_hash=passphrases.hash_of(PASSPHRASE)))
    session.commit()
    return adult


def sit_beside(app: Flask, client: FlaskClient, adult: Person, young: Person) -> None:
    sign_in(app, client, adult, way="worker")
    answer = fill(client, f"/beside/{young.id}")
    assert (answer.status_code, answer.location) == (303, "/home")


def token_for(client: FlaskClient) -> dict[str, str]:
    """Return a form token of this browser's own, as a page of another room would carry it."""
    from tests.people.tokens import csrf

    return {"csrf_token": csrf(client)}


def test_the_young_person_is_signed_in_and_the_helper_is_on_record(
    app: Flask, client: FlaskClient, session: Session, teacher: Person, young: Person
) -> None:
    sit_beside(app, client, teacher, young)
    row = session.scalars(select(SignIn).where(SignIn.way == "beside")).one()
    assert (row.person_id, row.helper_id, row.helper_role) == (young.id, teacher.id, "designated_teacher")
    assert row.idle_seconds == 600 and row.ends_at - row.began_at == timedelta(hours=1)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "beside.began")).one()
    assert (entry.actor_id, entry.subject_id, entry.thing_id) == (teacher.id, young.id, row.id)


def test_looking_at_what_it_means_begins_nothing(
    app: Flask, client: FlaskClient, session: Session, teacher: Person, young: Person
) -> None:
    sign_in(app, client, teacher, way="worker")
    client.get(f"/beside/{young.id}")
    client.head(f"/beside/{young.id}")
    assert session.scalars(select(SignIn).where(SignIn.way == "beside")).all() == []


def test_while_beside_the_device_reaches_the_young_persons_answering_only(
    app: Flask, client: FlaskClient, teacher: Person, young: Person
) -> None:
    sit_beside(app, client, teacher, young)
    for path in ("/staff/young-people", f"/staff/young-people/{young.id}", "/sign-in", "/go/anything", "/mine"):
        assert client.get(path).status_code == 404, path


def test_the_adults_screen_comes_back_locked(
    app: Flask, client: FlaskClient, session: Session, teacher: Person, young: Person
) -> None:
    sit_beside(app, client, teacher, young)
    answer = client.post("/beside/end", data=token_for(client))
    assert (answer.status_code, answer.location) == (303, "/unlock")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    for path in ("/staff/young-people", "/home", f"/beside/{young.id}"):
        assert client.get(path).location == "/unlock"
    assert {"beside.began", "beside.ended"} <= set(session.scalars(select(AuditEntry.event)))


def test_the_adult_unlocks_with_their_passphrase(
    app: Flask, client: FlaskClient, session: Session, teacher: Person, young: Person
) -> None:
    sit_beside(app, client, teacher, young)
    client.post("/beside/end", data=token_for(client))
    wrong = fill(client, "/unlock", {"passphrase": "seven quiet green bottles"})
    assert wrong.status_code == 422 and "That did not match" in wrong.get_data(as_text=True)
    assert client.get("/staff/young-people").location == "/unlock"
    assert fill(client, "/unlock", {"passphrase": PASSPHRASE}).location == "/home"
    assert client.get("/staff/young-people").status_code == 200
    assert {"sign-in.failed", "sign-in.unlocked"} <= set(session.scalars(select(AuditEntry.event)))


def test_wrong_passphrases_at_the_locked_screen_have_to_wait(
    app: Flask, client: FlaskClient, teacher: Person, young: Person
) -> None:
    sit_beside(app, client, teacher, young)
    client.post("/beside/end", data=token_for(client))
    for _free in range(3):
        assert fill(client, "/unlock", {"passphrase": "no"}).status_code == 422
    assert fill(client, "/unlock", {"passphrase": "no"}).status_code == 429
    assert fill(client, "/unlock", {"passphrase": PASSPHRASE}).status_code == 429


def test_an_adult_without_a_passphrase_signs_in_again(
    app: Flask, client: FlaskClient, session: Session, people: People, young: Person
) -> None:
    carer = people.connected(Role.carer, young)
    sit_beside(app, client, carer, young)
    client.post("/beside/end", data=token_for(client))
    page = client.get("/unlock").get_data(as_text=True)
    assert "Sign in again" in page and 'type="password"' not in page
    assert fill(client, "/unlock").location == "/"
    assert client.get("/home").location == "/"
    assert session.scalars(select(SignIn).where(SignIn.ended_at.is_(None))).all() == []


@pytest.mark.parametrize("minutes", [11, 61])
def test_time_running_out_locks_it_too(
    app: Flask, client: FlaskClient, session: Session, teacher: Person, young: Person, minutes: int
) -> None:
    with time_machine.travel(START, tick=False) as time:
        session.query(Connection).update({"starts_on": clock.today()})
        session.commit()
        sit_beside(app, client, teacher, young)
        for _minute in range(minutes if minutes > 60 else 0):
            time.shift(60)
            client.get("/home", unchecked=True)
        time.shift(minutes * 60 if minutes < 60 else 0)
        assert client.get("/home").location == "/unlock"
        assert fill(client, "/unlock", {"passphrase": PASSPHRASE}).location == "/home"


def test_signing_out_beside_locks_it_too(app: Flask, client: FlaskClient, teacher: Person, young: Person) -> None:
    sit_beside(app, client, teacher, young)
    assert client.post("/sign-out", data=token_for(client)).location == "/unlock"


def test_an_old_cookie_does_not_bring_the_open_screen_back(
    app: Flask, client: FlaskClient, teacher: Person, young: Person
) -> None:
    sign_in(app, client, teacher, way="worker")
    with client.session_transaction() as cookie:
        before = dict(cookie)
    fill(client, f"/beside/{young.id}")
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie.update(before)
    assert client.get("/staff/young-people").location == "/unlock"


def test_nobody_comes_back_when_the_adult_signed_out_everywhere(
    app: Flask, client: FlaskClient, session: Session, teacher: Person, young: Person
) -> None:
    from app.people import sessions

    sit_beside(app, client, teacher, young)
    with app.test_request_context():
        other = app.test_client()
        sign_in(app, other, teacher, way="worker")
        with other.session_transaction() as cookie:
            token = cookie["s"]
        actor = sessions.find(session, token)
        assert actor is not None
        assert sessions.end_everywhere(session, actor) == 3
        session.commit()
    assert client.get("/home").location == "/"


def test_it_ends_with_the_connection(
    app: Flask, client: FlaskClient, session: Session, teacher: Person, young: Person
) -> None:
    sit_beside(app, client, teacher, young)
    session.query(Connection).update({"ends_on": clock.today()})
    session.commit()
    assert client.get("/home").location == "/unlock"


def test_an_adult_who_is_not_connected_cannot_sit_beside(
    app: Flask, client: FlaskClient, people: People, teacher: Person
) -> None:
    stranger = people.young_person("Sky")
    sign_in(app, client, teacher, way="worker")
    assert client.get(f"/beside/{stranger.id}").status_code == 404
    assert client.post(f"/beside/{stranger.id}", data=token_for(client)).status_code == 404


def test_an_iro_reads_but_does_not_sit_beside(app: Flask, client: FlaskClient, people: People, young: Person) -> None:
    sign_in(app, client, people.connected(Role.iro, young), way="worker")
    assert client.get(f"/beside/{young.id}").status_code == 403


def test_it_ends_when_the_adult_leaves(
    app: Flask, client: FlaskClient, session: Session, teacher: Person, young: Person
) -> None:
    sit_beside(app, client, teacher, young)
    session.get_one(Person, teacher.id).ended_on = clock.today()
    session.commit()
    assert client.get("/home").status_code == 303
