"""The workers' pages about young people: only their own, only while they are theirs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import db
from app.people.models import Card, OneTimeLink, Person, Role, YoungPerson
from tests.factories import People, sign_in
from tests.forms import fill
from tests.people import ways
from tests.people.tokens import csrf


@pytest.fixture
def young(people: People) -> Person:
    return people.young_person("Robin", year_group=4)


@pytest.fixture
def teacher(app: Flask, client: FlaskClient, people: People, young: Person) -> Person:
    """A designated teacher of Robin, signed in on ``client``."""
    adult = people.connected(Role.designated_teacher, young)
    sign_in(app, client, adult, way="worker")
    return adult


def test_my_list_has_those_connected_to_me_today_soonest_meeting_first(
    client: FlaskClient, people: People, teacher: Person, young: Person
) -> None:
    today = clock.today()
    soon, gone, later = people.young_person("Sky"), people.young_person("Ash"), people.young_person("Fern")
    people.connect(teacher, soon)
    people.connect(teacher, gone, ends_on=today)
    people.connect(teacher, later, starts_on=today + timedelta(days=1))
    people.young_person("Nobody's")
    people.pep(soon, in_days=3)
    people.pep(young, in_days=9)
    page = client.get("/staff/young-people").get_data(as_text=True)
    names = re.findall(r"<bdi>([^<]+)</bdi></a>", page)
    assert names == ["Sky", "Robin"]
    assert "Year 4" in page and "No card yet" in page


def test_an_empty_list_says_whom_to_ask(app: Flask, client: FlaskClient, people: People) -> None:
    sign_in(app, client, people.adult(Role.social_worker), way="worker")
    assert "Nobody is connected to you today" in client.get("/staff/young-people").get_data(as_text=True)


def test_my_list_takes_the_same_few_queries_however_long_it_is(
    client: FlaskClient, people: People, teacher: Person
) -> None:
    for number in range(12):
        people.connect(teacher, people.young_person(f"Young {number}"))
    counted: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        counted.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    client.get("/staff/young-people")
    event.remove(db.engine, "before_cursor_execute", count)
    assert len(counted) <= 4


def test_another_child_s_page_is_a_404(client: FlaskClient, people: People, teacher: Person) -> None:
    other = people.young_person("Sky")
    assert client.get(f"/staff/young-people/{other.id}").status_code == 404
    assert client.get(f"/staff/young-people/{teacher.id}").status_code == 404
    assert client.get("/staff/young-people/not-an-id").status_code == 404


def test_a_carer_loses_access_the_day_the_placement_ends(app: Flask, client: FlaskClient, people: People) -> None:
    with time_machine.travel("2026-10-05 22:30+00:00", tick=False) as time:
        young = people.young_person("Robin")
        carer = people.adult(Role.carer)
        # 23:30 in London on the 5th; the placement ends on the 6th.
        people.connect(carer, young, ends_on=clock.today() + timedelta(days=1))
        sign_in(app, client, carer, way="link")
        assert client.get(f"/staff/young-people/{young.id}").status_code == 200
        assert "Robin" in client.get("/staff/young-people").get_data(as_text=True)
        time.shift(29 * 60)
        assert client.get(f"/staff/young-people/{young.id}").status_code == 200
        time.shift(60)
        for path in (f"/staff/young-people/{young.id}", f"/beside/{young.id}"):
            assert client.get(path).status_code == 404
        assert "Robin" not in client.get("/staff/young-people").get_data(as_text=True)


def test_the_page_says_what_a_worker_needs(
    app: Flask, client: FlaskClient, session: Session, people: People, teacher: Person, young: Person
) -> None:
    people.connected(Role.carer, young, "Mr Home")
    people.pep(young, term="2026-27-1")
    page = client.get(f"/staff/young-people/{young.id}").get_data(as_text=True)
    for words in ("Robin", "Year 4", "Autumn 2026", "Mr Home", "They have no card.", "Print a card", "Sit beside them"):
        assert words in page
    assert re.search(r"<title>[^<]*Robin", page) is None, "no name in a title"
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "young-person.read")).one()
    assert (entry.actor_id, entry.subject_id) == (teacher.id, young.id)


@pytest.mark.parametrize(
    ("role", "card", "beside", "template"),
    [
        (Role.designated_teacher, True, True, True),
        (Role.virtual_school, True, True, True),
        (Role.social_worker, True, True, False),
        (Role.key_worker, True, True, False),
        (Role.personal_adviser, True, True, False),
        (Role.carer, False, True, False),
        (Role.iro, False, False, False),
    ],
)
def test_each_role_is_offered_what_it_may_do(
    app: Flask, client: FlaskClient, people: People, young: Person, role: Role, card: bool, beside: bool, template: bool
) -> None:
    sign_in(app, client, people.connected(role, young), way="worker")
    page = client.get(f"/staff/young-people/{young.id}").get_data(as_text=True)
    offered = ("Print a card" in page, "Sit beside them" in page, "Change which questions" in page)
    assert offered == (card, beside, template)


@pytest.mark.parametrize(
    ("year", "kind"), [(None, "words"), (-1, "pictures"), (0, "pictures"), (6, "pictures"), (7, "words")]
)
def test_the_kind_of_code_follows_the_school_year(
    app: Flask, client: FlaskClient, people: People, session: Session, year: int | None, kind: str
) -> None:
    young = people.young_person(year_group=year)
    sign_in(app, client, people.connected(Role.social_worker, young), way="worker")
    fill(client, f"/staff/young-people/{young.id}", action=f"/staff/young-people/{young.id}/card")
    assert session.scalars(select(Card)).one().kind == kind


def test_a_worker_prints_a_card_and_the_child_comes_in_with_it(
    app: Flask, client: FlaskClient, session: Session, teacher: Person, young: Person
) -> None:
    here = f"/staff/young-people/{young.id}"
    page = fill(client, here, {"kind": "pictures"}, action=f"{here}/card").get_data(as_text=True)
    assert "Your card" in page and "<svg" in page and "data:" not in page and "Cut here" in page
    found = re.search(r"http://127\.0\.0\.1:8000(/go/[\w-]{43})", page)
    assert found
    child = app.test_client()
    assert ways.claim(child, found.group(1)).location == "/home"
    assert "chose their code on" in client.get(here).get_data(as_text=True)
    assert found.group(1) not in client.get(here).get_data(as_text=True), "a card is shown once"


def test_the_square_code_says_the_address() -> None:
    import segno

    from app.people import qr

    address = "https://pepvoice.example.org/go/" + "x" * 43
    drawing = qr.draw(address)
    matrix = [bytes(row) for row in segno.make_qr(address, error="m", boost_error=True).matrix]
    painted = [[0] * drawing.side for _ in range(drawing.side)]
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", drawing.path):
        for step in range(int(run)):
            painted[int(y)][int(x) + step] = 1
    assert [row[4:-4] for row in painted[4:-4]] == [list(row) for row in matrix]
    assert not any(map(any, painted[:4] + painted[-4:]))


def test_a_worker_takes_a_card_back(
    app: Flask, client: FlaskClient, session: Session, teacher: Person, young: Person
) -> None:
    address = ways.new_card(app, session, young)
    child = app.test_client()
    ways.claim(child, address)
    here = f"/staff/young-people/{young.id}"
    assert fill(client, here, action=f"{here}/card/revoke").location == here
    assert not ways.is_in(child)
    assert "They have no card." in client.get(here).get_data(as_text=True)
    assert "card.revoked" in session.scalars(select(AuditEntry.event)).all()


def test_a_worker_makes_a_link(
    app: Flask, client: FlaskClient, session: Session, teacher: Person, young: Person
) -> None:
    here = f"/staff/young-people/{young.id}"
    page = fill(client, here, action=f"{here}/link").get_data(as_text=True)
    found = re.search(r"http://127\.0\.0\.1:8000(/go/[\w-]{43})", page)
    assert found
    assert "A link is waiting" in client.get(here).get_data(as_text=True)
    assert ways.press_open(app.test_client(), found.group(1)).location == "/home"
    link = session.scalars(select(OneTimeLink)).one()
    assert (link.sent_by, link.person_id) == (teacher.id, young.id)


def test_buttons_pressed_without_their_token_do_nothing(
    client: FlaskClient, session: Session, teacher: Person, young: Person
) -> None:
    for what in ("card", "card/revoke", "link", "template"):
        answer = client.post(f"/staff/young-people/{young.id}/{what}", data={"kind": "words", "csrf_token": "old"})
        assert answer.status_code == 400 and "once more" in answer.get_data(as_text=True)
    assert session.scalars(select(Card)).all() == [] and session.scalars(select(OneTimeLink)).all() == []


def test_a_teacher_chooses_which_questions_are_asked(
    client: FlaskClient, session: Session, teacher: Person, young: Person
) -> None:
    here = f"/staff/young-people/{young.id}/template"
    changes = {"question_set": "secondary", "place": "college", "short_path": "y", "flags": ["ucic", "moving"]}
    assert fill(client, here, changes, action=here).status_code == 303
    facts = session.get(YoungPerson, young.id)
    assert facts is not None
    session.refresh(facts)
    assert (facts.question_set, facts.place, facts.short_path) == ("secondary", "college", True)
    assert facts.flags == ["moving", "ucic"]
    page = client.get(here).get_data(as_text=True)
    assert re.search(r'value="secondary"\s+checked', page) and re.search(r'value="ucic"\s+checked', page)
    fill(client, here, {"question_set": "", "flags": None, "short_path": None}, action=here)
    session.refresh(facts)
    assert (facts.question_set, facts.flags, facts.short_path) == (None, [], False)


@pytest.mark.parametrize("field", ["question_set", "place", "flags"])
@pytest.mark.parametrize("value", ["grown-up", "<b>primary</b>", "primary\u202e", "x" * 5000])
def test_a_choice_that_is_not_in_the_list_changes_nothing(
    client: FlaskClient, session: Session, teacher: Person, young: Person, field: str, value: str
) -> None:
    here = f"/staff/young-people/{young.id}/template"
    answer = fill(client, here, {field: value}, action=here)
    assert answer.status_code == 422
    assert "Choose one from the list." in answer.get_data(as_text=True)
    session.expire_all()
    facts = session.get(YoungPerson, young.id)
    assert facts is not None and (facts.question_set, facts.place, facts.flags) == (None, "school", [])


def test_a_kind_of_card_that_does_not_exist_is_not_issued(
    client: FlaskClient, session: Session, teacher: Person, young: Person
) -> None:
    answer = client.post(f"/staff/young-people/{young.id}/card", data={"kind": "stickers", "csrf_token": csrf(client)})
    assert answer.status_code == 400
    assert session.scalars(select(Card)).all() == []


def test_names_are_shown_as_they_were_typed(app: Flask, client: FlaskClient, people: People) -> None:
    young = people.young_person("<b>Róbín</b> 🦊 \u202eevil")
    sign_in(app, client, people.connected(Role.social_worker, young), way="worker")
    page = client.get(f"/staff/young-people/{young.id}").get_data(as_text=True)
    assert "&lt;b&gt;Róbín&lt;/b&gt; 🦊" in page and "<b>Róbín" not in page


def test_pages_about_a_young_person_are_kept_by_no_cache(client: FlaskClient, teacher: Person, young: Person) -> None:
    for path in ("/staff/young-people", f"/staff/young-people/{young.id}", f"/staff/young-people/{young.id}/template"):
        assert client.get(path).headers["Cache-Control"] == "no-store, max-age=0"
