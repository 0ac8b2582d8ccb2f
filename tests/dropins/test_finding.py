"""Finding a drop-in: open to all, by day, by place, by language; what is free; and what nobody learns there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import event

from app.core import clock, places
from app.core.db import db
from app.dropins import sessions, staff_calendar
from app.dropins.models import DropIn, Series, Slot, Venue
from app.people.models import Role
from tests.dropins.conftest import Setting, actor_of
from tests.factories import People, sign_in


@pytest.fixture
def hidden_place(setting: Setting) -> Venue:
    """A place that is no public building."""
    venue = Venue(
        name_public="Rowan House", area="North side", address="9 Rowan Close", access=[], how_to_find="ring twice"
    )
    setting.session.add(venue)
    setting.session.commit()
    return venue


def text_of(client: FlaskClient, url: str = "/dropins/") -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.get_data(as_text=True)


def test_a_stranger_finds_when_where_and_how_many_places_are_left(client: FlaskClient, setting: Setting) -> None:
    dropin = setting.published(datetime(2026, 11, 24, 14, 0, tzinfo=UTC), 120, languages=["en-GB", "ar"])
    html = text_of(client)
    for words in (
        "Tomorrow",
        "Tuesday 24 November",
        "2:00",
        "UK time",
        "Willow Library",
        "City centre",
        "4 places left",
        "العربية",
        "No steps",
    ):
        assert words in html, words
    one = text_of(client, f"/dropins/{dropin.id}")
    for words in (
        "1 Willow Street",
        "Buses 1 and 5",
        "Through the glass doors",
        "You can also just come",
        f"/dropins/{dropin.id}/book",
        "Quiet room",
    ):
        assert words in one, words


def test_nobody_learns_who_works_where_or_who_comes(client: FlaskClient, setting: Setting) -> None:
    dropin = setting.published(
        online_link="https://meet.example.org/secret",
        phone_number="01733 000000",
        mode="mixed",
        audience="care_leavers",
    )
    for url in ("/dropins/", f"/dropins/{dropin.id}", f"/dropins/{dropin.id}.ics", "/dropins/calendar.ics"):
        words = text_of(client, url)
        for secret in ("Ms Yew", "meet.example.org", "000000", "are leaver", "NEET"):
            assert secret not in words, (url, secret)


def test_the_address_of_a_house_is_for_those_who_are_signed_in(
    app: Flask, client: FlaskClient, setting: Setting, hidden_place: Venue, people: People
) -> None:
    dropin = setting.published(venue_id=hidden_place.id)
    for url in ("/dropins/", f"/dropins/{dropin.id}", f"/dropins/{dropin.id}.ics", "/dropins/calendar.ics"):
        words = text_of(client, url)
        assert "North side" in words and "Rowan" not in words and "ring twice" not in words
    sign_in(app, client, people.young_person(year_group=11))
    assert "9 Rowan Close" in text_of(client, f"/dropins/{dropin.id}")
    assert "Rowan Close" not in text_of(client, "/dropins/calendar.ics")


def test_what_is_full_says_that_somebody_can_wait(client: FlaskClient, setting: Setting) -> None:
    dropin = setting.published(minutes=30)
    assert places.take(setting.session, Slot, setting.slots(dropin)[0].id)
    setting.session.commit()
    assert "Full. You can wait for a place." in text_of(client)
    assert "Wait for a place" in text_of(client, f"/dropins/{dropin.id}")


def test_places_for_walk_ins_and_slots_that_have_closed_are_not_offered(client: FlaskClient, setting: Setting) -> None:
    start = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    setting.published(start, 120, capacity=2, walk_in_hold=2)
    assert "6 places left" in text_of(client)
    with time_machine.travel(start - timedelta(minutes=29), tick=False):
        assert "4 places left" in text_of(client)
    with time_machine.travel(start + timedelta(minutes=10), tick=False):
        assert "On now" in text_of(client) and "You can just come." in text_of(client)
    with time_machine.travel(start + timedelta(hours=2), tick=False):
        assert "No times are planned just now" in text_of(client)


def test_drafts_invited_ones_and_those_behind_a_sign_in_stand_in_no_open_list(
    app: Flask, client: FlaskClient, setting: Setting, people: People
) -> None:
    draft = setting.draft(title="Hidden draft")
    invited = setting.published(title="Hidden invited", visibility="invited")
    signed = setting.published(title="Hidden signed", visibility="signed_in")
    for url in ("/dropins/", "/dropins/calendar.ics"):
        assert "Hidden" not in text_of(client, url)
    for hidden in (draft, invited, signed):
        assert client.get(f"/dropins/{hidden.id}").status_code == 404
        assert client.get(f"/dropins/{hidden.id}.ics").status_code == 404
    sign_in(app, client, people.young_person(year_group=11))
    html = text_of(client)
    assert "Hidden signed" in html and "Hidden invited" not in html and "Hidden draft" not in html
    assert client.get(f"/dropins/{invited.id}").status_code == 404
    assert "Hidden" not in text_of(client, "/dropins/calendar.ics")


def test_a_young_person_sees_what_is_for_them(app: Flask, setting: Setting, people: People) -> None:
    setting.published(title="For everybody")
    setting.published(title="For the sixth form", audience="year_11_13")
    setting.published(title="For leavers", audience="care_leavers", min_age=18)
    setting.published(title="For newcomers", audience="ucic")
    seen = {}
    for name, person in {
        "nine": people.young_person("Nine", year_group=9),
        "twelve": people.young_person("Twelve", year_group=12, flags=("ucic",)),
        "leaver": people.young_person("Leaver", year_group=None, care="care_leaver"),
        "little": people.young_person("Little", year_group=3),
    }.items():
        client = app.test_client()
        sign_in(app, client, person)
        html = text_of(client)
        words = ("everybody", "the sixth", "leavers", "newcomers")
        seen[name] = [one for one in words if f"For {one}" in html]
    assert seen == {
        "nine": ["everybody"],
        "twelve": ["everybody", "the sixth", "newcomers"],
        "leaver": ["everybody", "leavers"],
        "little": [],
    }


def test_one_near_me_in_my_language_or_from_home(client: FlaskClient, setting: Setting, hidden_place: Venue) -> None:
    setting.published(title="In town", languages=["en-GB"])
    setting.published(title="Up north", venue_id=hidden_place.id, languages=["ar"])
    setting.published(title="On the phone", mode="phone", venue_id=None, languages=["pl"])
    titles = ("In town", "Up north", "On the phone")

    def found(query: str) -> list[str]:
        html = text_of(client, f"/dropins/?{query}")
        return [title for title in titles if title in html]

    assert found("") == list(titles)
    assert found("area=North+side") == ["Up north"] and found("speaks=pl") == ["On the phone"]
    assert found("way=home") == ["On the phone"] and found("way=place") == ["In town", "Up north"]
    assert found("day=2026-11-24") == list(titles) and found("day=2026-11-25") == []
    assert "Nothing fits that just now" in text_of(client, "/dropins/?speaks=pl&area=North+side")
    for odd in ("day=yesterday", "way=%00", "area=%F0%9F%92%A9", "speaks=" + "x" * 500):
        assert client.get(f"/dropins/?{odd}").status_code == 200


def test_one_that_was_called_off_says_so_kindly(client: FlaskClient, setting: Setting) -> None:
    dropin = setting.published(title="Tuesday talk")
    sessions.cancel(setting.session, setting.actor, dropin, "adviser_ill", "broken leg")
    setting.session.commit()
    for url in ("/dropins/", f"/dropins/{dropin.id}"):
        html = text_of(client, url)
        assert "is ill. We are sorry." in html and "broken leg" not in html and "/book" not in html
    (event_,) = Calendar.from_ical(client.get(f"/dropins/{dropin.id}.ics").data).walk("VEVENT")
    assert event_["STATUS"] == "CANCELLED" and event_["SEQUENCE"] == 1


def test_an_old_link_says_that_it_is_over(client: FlaskClient, setting: Setting) -> None:
    dropin = setting.published()
    with time_machine.travel(dropin.ends_at + timedelta(days=3), tick=False):
        html = text_of(client, f"/dropins/{dropin.id}")
    assert "This one is over" in html and "/book" not in html


def test_a_gap_in_a_row_is_shown(client: FlaskClient, setting: Setting) -> None:
    row = Series(
        title="Monday talk", rule="FREQ=WEEKLY", starts_local="14:00", minutes=60, first_on=date(2026, 12, 21),
        last_on=date(2027, 1, 4), skips={"2026-12-28": "bank_holiday", "2027-06-01": "chosen"}, made_by_id=setting.adviser.id,
    )  # fmt: skip
    setting.session.add(row)
    setting.session.flush()
    for day in (datetime(2026, 12, 21, 14, tzinfo=UTC), datetime(2027, 1, 4, 14, tzinfo=UTC)):
        setting.published(day, 60, series_id=row.id, title="Monday talk")
    assert "Show 1 later one" not in text_of(client)
    setting.published(datetime(2026, 11, 24, 14, tzinfo=UTC), title="Soon")
    assert "Monday talk" not in text_of(client) and "Show 2 later ones" in text_of(client)
    html = text_of(client, "/dropins/?later=1")
    assert "Monday talk is not on this day: bank holiday." in html and "Monday 28 December" in html
    assert "June" not in html


def test_a_month_is_a_table_whose_days_lead_to_the_list(client: FlaskClient, setting: Setting) -> None:
    setting.published(datetime(2026, 12, 8, 14, tzinfo=UTC))
    setting.published(datetime(2026, 12, 8, 18, tzinfo=UTC))
    html = text_of(client, "/dropins/calendar?month=2026-12")
    assert "December 2026" in html and "/dropins/?day=2026-12-08" in html and "2 times to talk" in html
    assert html.count("/dropins/?day=") == 1
    for odd in ("", "?month=1999-01", "?month=9999-12", "?month=abc"):
        assert client.get(f"/dropins/calendar{odd}").status_code == 200


# -- caches


def test_a_stranger_s_page_may_be_kept_and_asked_for_again(client: FlaskClient, setting: Setting) -> None:
    dropin = setting.published()
    for url in (
        "/dropins/",
        f"/dropins/{dropin.id}",
        "/dropins/calendar",
        f"/dropins/{dropin.id}.ics",
        "/dropins/calendar.ics",
    ):
        answer = client.get(url)
        assert answer.headers["Cache-Control"].startswith("public, max-age="), url
        assert "Set-Cookie" not in answer.headers and "Accept-Language" in answer.headers["Vary"]
    again = client.get("/dropins/", headers={"If-None-Match": client.get("/dropins/").headers["ETag"]})
    assert again.status_code == 304 and again.data == b""
    places.take(setting.session, Slot, setting.slots(dropin)[0].id)
    setting.session.commit()
    assert (
        client.get(
            "/dropins/", headers={"If-None-Match": client.get(f"/dropins/{dropin.id}").headers["ETag"]}
        ).status_code
        == 200
    )


def test_the_page_of_somebody_signed_in_is_kept_by_nobody(
    app: Flask, client: FlaskClient, setting: Setting, people: People
) -> None:
    sign_in(app, client, people.young_person())
    assert "no-store" in client.get("/dropins/").headers["Cache-Control"]


def test_the_list_asks_the_database_as_often_for_thirty_sessions_as_for_one(
    client: FlaskClient, setting: Setting
) -> None:
    asked: list[str] = []
    listen = lambda *args: asked.append(args[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        setting.published()
        asked.clear()
        text_of(client)
        few = len(asked)
        for hour in range(29):
            setting.published(clock.now() + timedelta(hours=30 + hour))
        asked.clear()
        text_of(client)
        assert len(asked) == few <= 4 and not any("dropin_booking" in one for one in asked)
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)


# -- a worker's calendar


def test_a_worker_s_calendar_has_numbers_and_no_names_and_can_be_stopped(
    client: FlaskClient, setting: Setting, people: People
) -> None:
    dropin = setting.published(room="Room 2")
    other = setting.published(title="Not mine")
    sessions.set_staff(setting.session, setting.actor, other, [people.adult(Role.virtual_school, "Mr Moss").id])
    places.take(setting.session, Slot, setting.slots(dropin)[0].id)
    token = staff_calendar.make_address(setting.session, setting.actor)
    setting.session.commit()
    url = f"/dropins/staff-calendar/{token}.ics"
    answer = client.get(url)
    assert answer.mimetype == "text/calendar" and "no-store" in answer.headers["Cache-Control"]
    (event_,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event_["LOCATION"] == "Willow Library, Room 2" and event_["DESCRIPTION"] == "1 of 4 places booked"
    assert token.encode() not in answer.data
    second = staff_calendar.make_address(setting.session, setting.actor)
    setting.session.commit()
    assert client.get(url).status_code == 404
    setting.adviser.ended_on = clock.today()
    setting.session.commit()
    assert client.get(f"/dropins/staff-calendar/{second}.ics").status_code == 404
    assert client.get("/dropins/staff-calendar/guess.ics").status_code == 404


def test_only_a_worker_who_is_there_or_the_virtual_school_knows_an_invited_one(
    app: Flask, setting: Setting, people: People
) -> None:
    dropin = setting.published(visibility="invited")
    adviser, stranger = people.adult(Role.personal_adviser, "Mr Aspen"), people.adult(Role.personal_adviser, "Mx Ash")
    sessions.set_staff(setting.session, actor_of(setting.adviser), dropin, [setting.adviser.id, adviser.id])
    setting.session.commit()
    for person, status in ((adviser, 200), (stranger, 404), (setting.adviser, 200)):
        client = app.test_client()
        sign_in(app, client, person, way="worker")
        assert client.get(f"/dropins/{dropin.id}").status_code == status
        assert client.get(f"/staff/dropins/{dropin.id}").status_code == status


def test_one_page_for_each_language_and_direction(client: FlaskClient, setting: Setting) -> None:
    dropin = setting.published()
    assert isinstance(dropin, DropIn)
    html = text_of(client, f"/dropins/{dropin.id}?lang=ar")
    assert 'dir="rtl"' in html and "نوفمبر" in html
