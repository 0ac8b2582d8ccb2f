"""My route: what I think of a step, my dream, how both changed, and what of it stands in my PEP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import db
from app.pathways import my_route
from app.pathways.models import Dream, RouteChange, SharedRoute
from app.people.models import Care, Pep, Person, Role, YoungPerson
from app.wishes.models import NewWords, Wish
from tests.factories import People, sign_in
from tests.forms import fill
from tests.pathways.steps import on_the_shelf, step

DREAM = "I want to mend <b>trains</b>"


@pytest.fixture
def robin(session: Session, people: People) -> Person:
    """A young person in Year 9, and three steps to think about."""
    on_the_shelf(
        session,
        step("test-a-levels", "Test A levels"),
        step("test-trade", "Test trade"),
        step("test-job", "Test job"),
        translations={"test-trade": {"ar": {"title": "حرفة"}}},
    )
    return people.young_person()


@pytest.fixture
def pep(people: People, robin: Person) -> Pep:
    """Robin's next PEP."""
    return people.pep(robin)


@pytest.fixture
def client(app: Flask, robin: Person) -> FlaskClient:
    """Robin, signed in by themselves."""
    made = app.test_client()
    sign_in(app, made, robin)
    return made


def tap(client: FlaskClient, key: str, feeling: str, **headers: str) -> int:
    """Press a button on a step; with the token of another page of theirs."""
    from tests.forms import fields_of

    _target, fields = fields_of(client.get("/my-route").get_data(as_text=True), action="/my-route/dream")
    answer = client.post(
        f"/my-route/steps/{key}", data={"csrf_token": fields["csrf_token"], "feeling": feeling}, headers=headers
    )
    return answer.status_code


def dream(client: FlaskClient, words: str = DREAM) -> None:
    """Write down a dream."""
    answer = fill(client, "/my-route", {"words": words}, action="/my-route/dream")
    assert answer.status_code == 303


def put_in(client: FlaskClient, share: str = "pep", who: list[str] | None = None) -> None:
    """Put it into the PEP."""
    answer = fill(client, "/my-route/share", {"share": share, "who": who or []})
    assert answer.status_code == 303, answer.get_data(as_text=True)


def record(app: Flask, adult: Person, pep: Pep) -> str:
    """Return the record as an adult sees it."""
    client = app.test_client()
    sign_in(app, client, adult, way="worker")
    return client.get(f"/staff/peps/{pep.id}").get_data(as_text=True)


def first(session: Session, robin: Person) -> list[str]:
    """Return what comes first for Robin."""
    session.rollback()
    return my_route.first(session, robin.id)


# -- steps and dreams ---------------------------------------------------------------------------------------------------


def test_what_i_think_of_a_step_is_only_added_to(client: FlaskClient, session: Session, robin: Person) -> None:
    for feeling in ("pinned", "want", "want", "not_for_me"):
        assert tap(client, "test-trade", feeling) == 303
    rows = session.scalars(select(RouteChange).order_by(RouteChange.at, RouteChange.id)).all()
    assert [row.feeling for row in rows] == ["pinned", "want", "not_for_me"]
    assert session.query(AuditEntry).filter_by(event="route.changed").count() == 3


def test_what_i_want_comes_before_what_i_think_about_and_pins(
    client: FlaskClient, session: Session, robin: Person
) -> None:
    tap(client, "test-job", "pinned")
    tap(client, "test-a-levels", "thinking")
    tap(client, "test-trade", "want")
    assert first(session, robin) == ["test-trade", "test-a-levels", "test-job"]
    tap(client, "test-trade", "not_for_me")
    assert first(session, robin) == ["test-a-levels", "test-job"]
    tap(client, "test-job", "none")
    assert first(session, robin) == ["test-a-levels"]


def test_a_tap_leads_back_to_the_step_or_changes_in_place(client: FlaskClient) -> None:
    html = client.post(
        "/my-route/steps/test-trade",
        data={"csrf_token": _token(client), "feeling": "want"},
        headers={"HX-Request": "true"},
    ).get_data(as_text=True)
    assert html.count('aria-pressed="true"') == 1 and 'id="my-step"' in html and "<html" not in html
    assert 'name="feeling" value="none"' in html  # undo
    plain = client.post("/my-route/steps/test-trade", data={"csrf_token": _token(client), "feeling": "pinned"})
    assert plain.status_code == 303 and plain.headers["Location"] == "/pathways/test-trade#my-step"
    html = client.post(
        "/my-route/steps/test-trade",
        data={"csrf_token": _token(client), "feeling": "thinking"},
        headers={"HX-Request": "true"},
    ).get_data(as_text=True)
    assert 'id="feel-undo" name="feeling" value="pinned"' in html


def _token(client: FlaskClient) -> str:
    from tests.forms import fields_of

    return fields_of(client.get("/my-route").get_data(as_text=True), action="/my-route/dream")[1]["csrf_token"]


@pytest.mark.parametrize(("key", "feeling"), [("no-such-step", "want"), ("test-trade", "love"), ("test-trade", "")])
def test_a_step_or_feeling_that_is_not_there_is_not_found(client: FlaskClient, key: str, feeling: str) -> None:
    assert tap(client, key, feeling) == 404


def test_only_a_young_person_by_themselves_has_a_route(app: Flask, people: People, robin: Person) -> None:
    worker = people.connected(Role.social_worker, robin)
    beside, grown = app.test_client(), app.test_client()
    sign_in(app, beside, robin, way="beside", helper=worker)
    sign_in(app, grown, worker, way="worker")
    assert beside.get("/my-route").status_code == 404
    assert grown.get("/my-route").status_code == 403
    assert app.test_client().get("/my-route").status_code == 303


def test_a_dream_is_kept_changed_and_looked_back_at(client: FlaskClient, session: Session) -> None:
    with time_machine.travel(clock.now(), tick=False) as time:
        dream(client, "An astronaut")
        time.shift(60)
        dream(client, "An astronaut")  # pressed twice
        time.shift(60)
        dream(client, DREAM)
        html = client.get("/my-route").get_data(as_text=True)
    assert "I want to mend &lt;b&gt;trains&lt;/b&gt;" in html
    assert "How it changed" in html and "An astronaut" in html and "Most people change their mind" in html
    assert session.query(Dream).count() == 2
    with db.engine.connect() as connection:
        kept = connection.exec_driver_sql("select words from dream").scalars().all()
    assert not any(b"trains" in bytes(one) for one in kept)


@pytest.mark.parametrize("words", ["   ", "x" * 4_001])
def test_an_empty_or_endless_dream_is_asked_for_kindly_and_what_was_typed_stays(
    client: FlaskClient, words: str
) -> None:
    answer = fill(client, "/my-route", {"words": words}, action="/my-route/dream")
    assert answer.status_code == 422 and 'id="put-right"' in answer.text
    assert words.strip() in answer.text


def test_a_dream_taken_away_is_no_longer_the_dream(client: FlaskClient) -> None:
    dream(client)
    fill(client, "/my-route", action="/my-route/dream/take-away")
    html = client.get("/my-route").get_data(as_text=True)
    assert "You took away this dream:" in html and "Keep my dream" in html and "Put this in my PEP" not in html


def test_names_of_steps_stand_in_my_language(client: FlaskClient) -> None:
    tap(client, "test-trade", "want")
    assert "حرفة" in client.get("/my-route?lang=ar").get_data(as_text=True)


# -- into the PEP -------------------------------------------------------------------------------------------------------


def test_what_goes_in_is_shown_first_and_stands_in_the_record_as_it_was_shown(
    app: Flask, client: FlaskClient, people: People, robin: Person, pep: Pep, session: Session
) -> None:
    teacher = people.connected(Role.designated_teacher, robin)
    tap(client, "test-trade", "want")
    tap(client, "test-job", "thinking")
    tap(client, "test-a-levels", "not_for_me")
    dream(client)
    shown = client.get("/my-route/share").get_data(as_text=True)
    assert "I want this: Test trade\nI am thinking about this: Test job" in shown and "Test A levels" not in shown
    assert "trains" not in record(app, teacher, pep)
    put_in(client)
    html = record(app, teacher, pep)
    assert "I want to mend &lt;b&gt;trains&lt;/b&gt;\n\nI want this: Test trade" in html
    assert "From their own route" in html and 'id="s-aspirations-he-career"' in html
    assert "Lift a wish from this" not in html
    mine = client.get("/my-route").get_data(as_text=True)
    assert "Ms Test" in mine and "has opened it" in mine
    assert "From your own route" in client.get(f"/mine/peps/{pep.id}").get_data(as_text=True)
    assert session.query(NewWords).one().pep_id == pep.id
    entry = session.query(AuditEntry).filter_by(event="route.shared").one()
    assert (entry.actor_id, entry.detail) == (robin.id, "pep")


def test_it_stands_in_print_and_in_the_text_for_the_pep(
    app: Flask, client: FlaskClient, people: People, robin: Person, pep: Pep
) -> None:
    teacher = people.connected(Role.designated_teacher, robin)
    dream(client)
    put_in(client)
    worker = app.test_client()
    sign_in(app, worker, teacher, way="worker")
    assert "trains" in worker.get(f"/staff/peps/{pep.id}/print").get_data(as_text=True)
    text = worker.get(f"/staff/peps/{pep.id}/text.txt").get_data(as_text=True)
    assert f"“{DREAM}”" in text and "from their own route" in text
    assert worker.get(f"/staff/peps/{pep.id}/meeting/decisions").status_code == 200
    found = db.session.scalars(select(SharedRoute)).one()
    assert worker.get(f"/staff/peps/{pep.id}/wishes/{found.id}").status_code == 404


@pytest.mark.parametrize(
    ("share", "sees", "does_not"),
    [
        ("pep", [Role.designated_teacher, Role.social_worker, Role.carer, Role.virtual_school], []),
        ("not-home", [Role.designated_teacher, Role.social_worker], [Role.carer, Role.key_worker]),
        ("not-school", [Role.social_worker, Role.carer], [Role.designated_teacher]),
    ],
)
def test_only_those_i_chose_read_it(
    app: Flask,
    client: FlaskClient,
    people: People,
    robin: Person,
    pep: Pep,
    share: str,
    sees: list[Role],
    does_not: list[Role],
) -> None:
    dream(client)
    put_in(client, share)
    for role in sees:
        assert "trains" in record(app, people.connected(role, robin), pep), role
    for role in does_not:
        html = record(app, people.connected(role, robin), pep)
        assert "trains" not in html and "own route" not in html, role


def test_a_care_leavers_route_is_never_for_home_or_school(
    app: Flask, client: FlaskClient, people: People, robin: Person, pep: Pep, session: Session
) -> None:
    session.get_one(YoungPerson, robin.id).care = Care.care_leaver
    session.commit()
    dream(client)
    put_in(client, "pep")
    assert "trains" not in record(app, people.connected(Role.carer, robin), pep)
    assert "trains" in record(app, people.connected(Role.personal_adviser, robin), pep)


def test_only_these_people_needs_somebody(client: FlaskClient, people: People, robin: Person, pep: Pep) -> None:
    chosen = people.connected(Role.social_worker, robin, "Mx Chosen")
    dream(client)
    answer = fill(client, "/my-route/share", {"share": "chosen"})
    assert answer.status_code == 422 and "Choose one person or more" in answer.text
    put_in(client, "chosen", [str(chosen.id)])
    row = db.session.scalars(select(SharedRoute)).one()
    assert (row.share, row.chosen) == ("chosen", [str(chosen.id)])


@pytest.mark.parametrize("share", ["unsent", "not-child", "everybody", ""])
def test_a_choice_that_is_not_offered_shares_nothing(
    client: FlaskClient, session: Session, pep: Pep, share: str
) -> None:
    dream(client)
    assert fill(client, "/my-route/share", {"share": share}).status_code == 422
    assert session.query(SharedRoute).count() == 0


def test_a_route_that_changed_on_another_page_is_shown_again_before_it_goes_in(
    client: FlaskClient, session: Session, pep: Pep
) -> None:
    dream(client)
    answer = fill(client, "/my-route/share", {"share": "pep", "seen": "another"})
    assert answer.status_code == 422 and "look once more" in answer.text
    assert session.query(SharedRoute).count() == 0


def test_the_same_press_twice_is_one_copy_and_a_new_one_takes_its_place(
    app: Flask, client: FlaskClient, people: People, robin: Person, pep: Pep, session: Session
) -> None:
    worker = people.connected(Role.social_worker, robin)
    dream(client, "One dream")
    put_in(client)
    put_in(client)
    assert session.query(SharedRoute).count() == 1
    dream(client, "Another dream")
    assert "Your route has changed since then" in client.get("/my-route").get_data(as_text=True)
    assert "Another dream" not in record(app, worker, pep)
    put_in(client)
    html = record(app, worker, pep)
    assert "Another dream" in html and "One dream" not in html and "changed since" in html
    session.rollback()
    rows = session.scalars(select(SharedRoute).order_by(SharedRoute.revision)).all()
    assert [my_route.stands(row) for row in rows] == [False, True]


def test_a_change_of_readers_alone_starts_no_new_clock(client: FlaskClient, pep: Pep, session: Session) -> None:
    dream(client)
    put_in(client, "not-home")
    put_in(client, "pep")
    assert session.query(NewWords).count() == 1 and session.query(SharedRoute).count() == 2


def test_what_i_take_back_is_hidden_from_then_on_with_its_wish(
    app: Flask, client: FlaskClient, people: People, robin: Person, pep: Pep, session: Session
) -> None:
    worker = people.connected(Role.social_worker, robin)
    dream(client)
    put_in(client)
    answer = fill(client, "/my-route/wish", {"words": "A day at the depot"})
    assert answer.status_code == 303
    fill(client, "/my-route/wish", {"words": "A day at the depot"})  # pressed twice
    wish = session.scalars(select(Wish)).one()
    assert (wish.words, wish.section, wish.share) == ("A day at the depot", my_route.SECTION, "pep")
    put_in(client, "not-home")
    session.refresh(wish)
    assert wish.share == "not-home"
    fill(client, "/my-route", action="/my-route/take-back")
    assert "trains" not in record(app, worker, pep)
    session.refresh(wish)
    assert wish.withdrawn_at is not None
    assert session.query(AuditEntry).filter_by(event="route.taken-back").count() == 1
    put_in(client)
    assert "trains" in record(app, worker, pep)


def test_without_a_meeting_to_come_the_route_waits_kindly(client: FlaskClient, session: Session) -> None:
    dream(client)
    html = client.get("/my-route").get_data(as_text=True)
    assert "No meeting is planned right now. Your route stays here" in html
    assert client.get("/my-route/share").headers["Location"] == "/my-route#pep"
    assert client.get("/my-route/wish").headers["Location"] == "/my-route#pep"


def test_an_adult_who_reads_another_language_finds_the_steps_in_theirs(
    app: Flask, client: FlaskClient, people: People, robin: Person, pep: Pep
) -> None:
    worker = people.connected(Role.social_worker, robin)
    client.get("/my-route?lang=ar")
    tap(client, "test-trade", "want")
    dream(client, "أريد أن أصلح القطارات")
    put_in(client)
    html = record(app, worker, pep)
    assert "أريد أن أصلح القطارات" in html and "حرفة" in html
    assert "The steps they name: Test trade" in html and "Written in Arabic. Not translated yet" in html


def test_earlier_terms_keep_what_was_put_in_then(
    app: Flask, client: FlaskClient, people: People, robin: Person, pep: Pep
) -> None:
    worker = people.connected(Role.social_worker, robin)
    dream(client)
    put_in(client)
    later = people.pep(robin, term="2026-27-2", in_days=100)
    html = record(app, worker, later)
    assert "Nothing yet this term" in html and "trains" in html


def test_my_words_to_take_with_me_hold_my_route(client: FlaskClient, pep: Pep) -> None:
    tap(client, "test-trade", "want")
    dream(client)
    put_in(client)
    html = client.get("/mine/keepsake").get_data(as_text=True)
    assert "My route" in html and "Test trade" in html and "trains" in html


def test_the_record_takes_a_few_queries_however_often_the_route_changed(
    app: Flask, client: FlaskClient, people: People, robin: Person, pep: Pep
) -> None:
    worker = people.connected(Role.social_worker, robin)
    counts = []
    for number in range(3):
        dream(client, f"Dream {number}")
        put_in(client)
        reader = app.test_client()
        sign_in(app, reader, worker, way="worker")
        with counted() as statements:
            reader.get(f"/staff/peps/{pep.id}")
        counts.append(len(statements))
    assert max(counts[1:]) <= 15 and len(set(counts[1:])) == 1


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the SELECTs of a request."""
    found: list[str] = []

    def listen(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lower().startswith("select"):
            found.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    yield found
    event.remove(db.engine, "before_cursor_execute", listen)
