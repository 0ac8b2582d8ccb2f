"""The open list: what is there, for whom, in which order, and what vanishes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.pathways.bank import Translated
from app.pathways.fitting import Fit, Off, Who, conditions, fitting
from app.pathways.models import Opportunity, Version
from app.pathways.openings import for_step, withdraw
from app.pathways.publishing import put_in
from app.people.models import Person, Role
from tests.factories import People, sign_in
from tests.forms import fill
from tests.pathways.openings_house import opening, published, visit


def seen(client: FlaskClient, address: str = "/opportunities/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_what_closes_soonest_comes_first(client: FlaskClient, session: Session) -> None:
    published(session, opening("later", title="Later", closes_at=clock.now() + timedelta(days=30)))
    published(session, opening("any-time", title="Any time at all", closes_at=None))
    published(session, opening("sooner", title="Sooner", closes_at=clock.now() + timedelta(days=2)))
    html = seen(client)
    assert html.index("Sooner") < html.index("Later") < html.index("Any time at all")
    assert "Closing soon" in html


def test_what_has_closed_vanishes_at_once_and_its_page_says_so(client: FlaskClient, session: Session) -> None:
    published(session, opening(closes_at=clock.now() + timedelta(minutes=5)))
    assert "Bread and cakes" in seen(client)
    with time_machine.travel(clock.now() + timedelta(minutes=5, seconds=1)):
        assert "Bread and cakes" not in seen(client)
        assert "This one is over" in seen(client, "/opportunities/made-up-bakery")


def test_no_cache_keeps_the_list_past_the_moment_at_which_something_closes(
    client: FlaskClient, session: Session
) -> None:
    published(session, opening(closes_at=clock.now() + timedelta(seconds=20)))
    answer = client.get("/opportunities/")
    assert answer.cache_control.public and (answer.cache_control.max_age or 0) <= 20
    assert client.get("/opportunities/", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_list_with_somebody_signed_in_is_kept_by_nobody(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    sign_in(app, client, people.young_person())
    assert "no-store" in client.get("/opportunities/").headers["Cache-Control"]


def test_what_is_withdrawn_is_gone_and_can_come_back(client: FlaskClient, session: Session) -> None:
    item = put_in(session, opening())
    withdraw(session, item)
    session.commit()
    assert "Bread and cakes" not in seen(client) + seen(client, "/opportunities/?q=bread")
    put_in(session, opening())
    session.commit()
    assert "Bread and cakes" in seen(client, "/opportunities/?q=bread")


def test_what_is_kept_for_some_is_not_on_the_open_list(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    published(session, opening("kept", title="Kept apprenticeship", ring_fenced="care_leavers"))
    assert "Kept apprenticeship" not in seen(client)
    assert client.get("/opportunities/kept").status_code == 404
    sign_in(app, client, people.young_person(year_group=None, care="care_leaver"))
    assert "Kept apprenticeship" in seen(client)


def test_what_is_by_invitation_is_seen_by_who_was_invited(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    published(session, opening("only-some", title="A mentor for you", visibility="invited"))
    robin, wren = people.young_person(), people.young_person("Wren")
    teacher = people.connected(Role.designated_teacher, robin)
    worker = app.test_client()
    sign_in(app, worker, teacher, way="worker")
    answer = fill(worker, "/opportunities/only-some", {"for": str(robin.id)}, action="/opportunities/only-some/show")
    assert answer.status_code == 303
    sign_in(app, client, robin)
    assert "A mentor for you" in seen(client) and "A mentor for you" in seen(client, "/opportunities/mine")
    other = app.test_client()
    sign_in(app, other, wren)
    assert other.get("/opportunities/only-some").status_code == 404


def test_what_nearly_fits_is_shown_as_maybe_with_what_is_different(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    published(session, opening("fits", title="Fits well", year_groups=("Y9",)))
    published(session, opening("near", title="Nearly fits", year_groups=("Y10",)))
    published(session, opening("far", title="For much older ones", year_groups=("Y13",)))
    sign_in(app, client, people.young_person(year_group=9))
    html = seen(client)
    assert html.index("Fits well") < html.index('id="maybe"') < html.index("Nearly fits")
    assert "It is for Year 10. Ask if you may come." in html
    assert "For much older ones" not in html and "For much older ones" in seen(client, "/opportunities/?year=")
    assert "For much older ones" in seen(client, "/opportunities/?year=Y13")


class Aimed:
    def __init__(
        self, years: tuple[str, ...] = (), least: int | None = None, most: int | None = None, ring: str = "none"
    ):
        self.years, self.min_age, self.max_age, self.ring_fenced = list(years), least, most, ring


@pytest.mark.parametrize(
    ("aimed", "who", "fit", "off"),
    [
        (Aimed(), Who(), Fit.yes, ()),
        (Aimed(("Y9",)), Who(9), Fit.yes, ()),
        (Aimed(("Y9",)), Who(8), Fit.maybe, (Off.year,)),
        (Aimed(("Y9",)), Who(7), Fit.no, ()),
        (Aimed(("Y13",)), Who(14), Fit.maybe, (Off.year,)),
        (Aimed(least=16), Who(12), Fit.yes, ()),
        # Year 11: 15 or 16, and only the birthday knows.
        (Aimed(least=16), Who(11), Fit.maybe, (Off.age,)),
        (Aimed(least=16), Who(10), Fit.maybe, (Off.age,)),
        (Aimed(least=16), Who(9), Fit.no, ()),
        (Aimed(most=18), Who(13), Fit.yes, ()),
        (Aimed(least=16, most=24), Who(14), Fit.yes, ()),
        (Aimed(least=26), Who(14), Fit.maybe, (Off.age,)),
        (Aimed(ring="care_leavers"), Who(12, leaver=False), Fit.maybe, (Off.care,)),
        (Aimed(ring="care_leavers"), Who(14, leaver=True), Fit.yes, ()),
        (Aimed(ring="ucic"), Who(11, leaver=False), Fit.no, ()),
        (Aimed(ring="ucic"), Who(11, leaver=False, new_to_england=True), Fit.yes, ()),
    ],
)
def test_for_whom_something_is(aimed: Aimed, who: Who, fit: Fit, off: tuple[Off, ...]) -> None:
    found = fitting(aimed, who)
    assert found.fit is fit and found.off == off


@pytest.mark.parametrize(
    "address", ["?page=0", "?page=99999999999", "?page=x", "?type=nothing", "?year=Y99", "?kept=2", "?q=%00"]
)
def test_an_odd_address_is_a_list_like_any_other(client: FlaskClient, address: str) -> None:
    seen(client, f"/opportunities/{address}")


def test_a_page_holds_twenty_and_leads_to_the_next(client: FlaskClient, session: Session) -> None:
    for number in range(23):
        put_in(session, opening(f"n-{number:02d}", title=f"Thing {number:02d}"))
    session.commit()
    first, second = seen(client), seen(client, "/opportunities/?page=2")
    assert first.count("<article") == 20 and second.count("<article") == 3 and "page=2" in first
    assert "23 found" in second and 'id="found"' not in first


def test_the_heading_says_how_many_there_are_of_what_was_asked_for(client: FlaskClient, session: Session) -> None:
    for number in range(21):
        put_in(session, opening(f"n-{number:02d}", type="job" if number else "course"))
    session.commit()
    said = r'<h1>What you could do <small class="soft" id="found">(.*)</small></h1>'
    for address, words in (("type=course", "1 found"), ("type=job", "20 found"), ("type=mentoring", "nothing found")):
        assert re.findall(said, seen(client, f"/opportunities/?{address}")) == [words]
    put_in(session, opening("another", type="job"))
    session.commit()
    assert re.findall(said, seen(client, "/opportunities/?type=job")) == ["more than 20 found"]


def test_words_stand_in_the_page_s_language_where_there_are_any(client: FlaskClient, session: Session) -> None:
    published(session, opening(), ar={"title": "الخبز والكعك"})
    html = seen(client, "/opportunities/made-up-bakery?lang=ar")
    assert "الخبز والكعك" in html and 'lang="en-GB"' in html and "You learn to bake." in html


def test_markup_in_a_record_is_shown_as_typed(client: FlaskClient, session: Session) -> None:
    published(session, opening(plain="<script>alert(1)</script> {{ 7*7 }}"))
    html = seen(client, "/opportunities/made-up-bakery")
    assert "<script>alert" not in html and "&lt;script&gt;" in html and "{{ 7*7 }}" in html


def test_a_poster_has_a_square_code_and_the_address(client: FlaskClient, session: Session) -> None:
    published(session, opening())
    html = seen(client, "/opportunities/made-up-bakery/poster")
    assert 'class="qr"' in html and "/opportunities/made-up-bakery</bdi>" in html


def test_it_stands_on_the_steps_it_belongs_to(app: Flask, session: Session) -> None:
    published(session, opening("one", pathway_ids=("he-taster",)))
    published(session, opening("two", pathway_ids=("he-taster-plus",)))
    assert [one.row.key for one in for_step(session, "he-taster", None)] == ["one"]


def test_publishing_the_same_again_changes_nothing_and_a_change_is_a_new_version(session: Session) -> None:
    bread = opening()
    first = put_in(session, bread)
    assert put_in(session, bread).live == first.live == 1
    assert session.query(Version).one().published_at is not None
    assert put_in(session, opening(title="Bread only")).live == 2
    assert session.query(Opportunity).count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"opens_at": "2027-02-02T00:00:00Z", "closes_at": "2027-02-01T00:00:00Z"},
        {"closes_at": "2027-02-01T00:00:00"},
        {"min_age": 20, "max_age": 16},
        {"places": -1},
        {"type": "party"},
        {"surprise": "field"},
    ],
)
def test_a_record_that_cannot_be_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        opening(**changes)


def test_what_is_kept_for_some_is_for_signed_in_people_unless_an_editor_says_so() -> None:
    assert opening(ring_fenced="care_leavers").visibility == "signed_in"
    assert opening(ring_fenced="care_leavers", visibility="public").visibility == "public"


def test_an_event_shows_its_link_only_to_who_has_a_place(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    published(session, visit(online_link="https://meet.example.org/secret-room"))
    assert "secret-room" not in seen(client, "/opportunities/campus-day")
    person: Person = people.young_person()
    sign_in(app, client, person)
    assert "secret-room" not in seen(client, "/opportunities/campus-day")
    fill(client, "/opportunities/campus-day", action="/opportunities/campus-day/sign-up")
    assert "secret-room" in seen(client, "/opportunities/campus-day")


def test_translations_are_tied_to_the_english_they_were_made_from(client: FlaskClient, session: Session) -> None:
    published(session, opening(), pl={"title": "Chleb"})
    put_in(session, opening(title="Bread, cakes and pies"), {"pl": {"title": Translated("Chleb", "x", "0" * 16)}})
    session.commit()
    assert "Bread, cakes and pies" in seen(client, "/opportunities/?lang=pl")


def test_the_look_up_among_thousands_says_what_the_rule_says(session: Session) -> None:
    aims: list[dict[str, object]] = [
        {"year_groups": years, "min_age": least, "max_age": most, "ring_fenced": ring, "visibility": "public"}
        for years in ((), ("R",), ("Y9",), ("Y7", "Y13"), ("post18",))
        for least, most in ((None, None), (16, None), (None, 15), (17, 19), (26, 40))
        for ring in ("none", "care_leavers", "ucic")
    ]
    for number, aim in enumerate(aims):
        put_in(session, opening(f"n-{number}", **aim))
    rows = session.query(Opportunity).all()
    for year in (None, 0, 8, 9, 11, 12, 13, 14):
        for leaver, new in ((None, False), (False, False), (False, True), (True, False)):
            who = Who(year, leaver, new)
            some, sure = conditions(who)
            by_rule = {fit: {row.key for row in rows if fitting(row, who).fit is fit} for fit in Fit}
            assert set(session.scalars(select(Opportunity.key).where(sure))) == by_rule[Fit.yes], who
            found = set(session.scalars(select(Opportunity.key).where(some)))
            assert found == by_rule[Fit.yes] | by_rule[Fit.maybe], who
