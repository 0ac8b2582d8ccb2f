"""Setting drop-ins up on the pages: places, one session, a row of them, changes, posters."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.core import audit, clock, places
from app.dropins import sessions, signals
from app.dropins.models import DropIn, DropInStaff, Series, SessionState, Slot, Venue
from app.people.models import Role
from tests.dropins.conftest import Setting
from tests.factories import People, sign_in
from tests.forms import fields_of, fill


@pytest.fixture
def staff(app: Flask, setting: Setting) -> FlaskClient:
    """The browser of the Virtual School."""
    client = app.test_client()
    sign_in(app, client, setting.adviser, way="worker")
    return client


def one_of(setting: Setting) -> DropIn:
    setting.session.expire_all()
    return setting.session.scalars(select(DropIn)).one()


def typed(setting: Setting, **changes: object) -> dict[str, object]:
    """Return what somebody types for a new session."""
    return {
        "title": "Talk about jobs",
        "venue_id": str(setting.venue.id),
        "on": "2026-12-01",
        "begins": "14:00",
        "ends": "16:00",
        "capacity": "2",
        "staff": [str(setting.adviser.id)],
        **changes,
    }


def test_a_session_is_made_published_and_found(staff: FlaskClient, client: FlaskClient, setting: Setting) -> None:
    answer = fill(staff, "/staff/dropins/new", typed(setting, languages=["en-GB", "ar"]))
    assert answer.status_code == 303
    dropin = one_of(setting)
    assert dropin.starts_at == datetime(2026, 12, 1, 14, tzinfo=UTC) and dropin.state == "draft"
    assert "Talk about jobs" not in client.get("/dropins/").get_data(as_text=True)
    page = f"/staff/dropins/{dropin.id}"
    assert fill(staff, page, action=f"{page}/publish").status_code == 303
    assert len(setting.slots(one_of(setting))) == 4
    assert "Talk about jobs" in client.get("/dropins/").get_data(as_text=True)
    assert staff.get("/staff/dropins").get_data(as_text=True).count("0 of 8") == 1


def test_a_form_sent_twice_makes_one(staff: FlaskClient, setting: Setting) -> None:
    _target, fields = fields_of(staff.get("/staff/dropins/new").get_data(as_text=True))
    for name, value in typed(setting).items():
        fields.setlist(name, value if isinstance(value, list) else [str(value)])
    first, second = (staff.post("/staff/dropins/new", data=fields) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"] and one_of(setting).title == "Talk about jobs"
    assert setting.session.scalar(select(func.count()).select_from(DropInStaff)) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Give it a title"),
        ({"title": "Care leavers drop-in"}, "Leave out who it is for"),
        ({"begins": "2"}, "Write a time like 14:00"),
        ({"ends": "13:00"}, "after the beginning"),
        ({"on": "soon"}, "Not a valid date"),
        ({"capacity": "0"}, "At least one place"),
        ({"capacity": "many"}, "Not a valid integer"),
        ({"min_age": "20", "max_age": "16"}, "not below the first"),
        ({"online_link": "http://x"}, "begins with https"),
        ({"repeats": "weekly"}, "Until which day?"),
        ({"repeats": "weekly", "until": "2029-01-01"}, "within a year"),
        ({"on": "2027-03-28", "begins": "01:30"}, "this time does not exist"),
        ({"on": "2027-10-31", "begins": "01:30", "ends": "03:00"}, "Which one do you mean?"),
        ({"venue_id": str(uuid.uuid4())}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    staff: FlaskClient, setting: Setting, changes: dict[str, object], words: str
) -> None:
    answer = fill(staff, "/staff/dropins/new", typed(setting, room="The blue room", **changes))
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "put-right" in html and "The blue room" in html
    assert words in html or words.startswith("Not a valid")
    assert setting.session.scalar(select(func.count()).select_from(DropIn)) == 0


def test_the_second_of_two_hours_can_be_meant(staff: FlaskClient, setting: Setting) -> None:
    changes = {"on": "2027-10-31", "begins": "01:30", "ends": "03:00"}
    _target, fields = fields_of(staff.get("/staff/dropins/new").get_data(as_text=True))
    for name, value in typed(setting, which="1", **changes).items():
        fields.setlist(name, value if isinstance(value, list) else [str(value)])
    assert staff.post("/staff/dropins/new", data=fields).status_code == 303
    assert one_of(setting).starts_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_a_session_without_adviser_or_place_is_kept_but_not_published(staff: FlaskClient, setting: Setting) -> None:
    fill(staff, "/staff/dropins/new", typed(setting, staff=None, venue_id=""))
    page = f"/staff/dropins/{one_of(setting).id}"
    html = staff.get(page).get_data(as_text=True)
    assert "Choose the place." in html and "Choose at least one adviser" in html
    assert fill(staff, page, action=f"{page}/publish").status_code == 422
    assert one_of(setting).state == SessionState.draft


def test_a_row_is_looked_at_first_then_made_then_published(staff: FlaskClient, setting: Setting) -> None:
    changes = {"on": "2026-12-14", "repeats": "weekly", "until": "2027-01-11"}
    look = fill(staff, "/staff/dropins/new", typed(setting, **changes))
    html = look.get_data(as_text=True)
    assert look.status_code == 200 and "Monday 28 December: bank holiday" in html
    assert setting.session.scalar(select(func.count()).select_from(DropIn)) == 0
    target, fields = fields_of(html, action="/staff/dropins/new")
    fields.setlist("held", [day for day in fields.getlist("held") if day != "2026-12-21"])
    made = [staff.post(target, data=fields) for _ in range(2)]
    assert {one.status_code for one in made} == {303}
    setting.session.expire_all()
    row = setting.session.scalars(select(Series)).one()
    assert row.skips == {"2026-12-21": "chosen", "2026-12-28": "bank_holiday"}
    days = setting.session.scalars(select(DropIn.starts_at).order_by(DropIn.starts_at)).all()
    assert [clock.local(day).date() for day in days] == [date(2026, 12, 14), date(2027, 1, 4), date(2027, 1, 11)]
    page = f"/staff/dropins/series/{row.id}"
    assert "Publish 3 sessions" in staff.get(page).get_data(as_text=True)
    assert fill(staff, page).status_code == 303
    assert setting.session.scalar(select(func.count()).select_from(Slot)) == 12


def test_a_row_with_no_day_left_is_not_made(staff: FlaskClient, setting: Setting) -> None:
    look = fill(staff, "/staff/dropins/new", typed(setting, repeats="weekly", until="2026-12-15"))
    target, fields = fields_of(look.get_data(as_text=True), action="/staff/dropins/new")
    fields.poplist("held")
    answer = staff.post(target, data=fields)
    assert answer.status_code == 422 and "Choose at least one day." in answer.get_data(as_text=True)


def test_a_term_is_copied_after_a_look_at_its_days(staff: FlaskClient, setting: Setting) -> None:
    look = fill(staff, "/staff/dropins/new", typed(setting, repeats="weekly", until="2026-12-15"))
    target, fields = fields_of(look.get_data(as_text=True), action="/staff/dropins/new")
    staff.post(target, data=fields)
    row = setting.session.scalars(select(Series)).one()
    url = f"/staff/dropins/copy?look=1&series={row.id}&first=2027-04-12&last=2027-05-07"
    html = staff.get(url).get_data(as_text=True)
    assert "Tuesday 13 April" in html and "Tuesday 4 May" in html
    _target, fields = fields_of(html)
    fields.setlist("held", ["2027-04-13", "2027-04-20"])
    assert [staff.post("/staff/dropins/copy", data=fields).status_code for _ in range(2)] == [303, 303]
    setting.session.expire_all()
    copies = setting.session.scalars(select(DropIn).where(DropIn.starts_at > datetime(2027, 4, 1, tzinfo=UTC))).all()
    assert len(copies) == 2 and {clock.local(one.starts_at).hour for one in copies} == {14}
    for odd in ("look=1", "look=1&first=x", f"look=1&series={row.id}&first=2020-01-01&last=2020-02-01"):
        assert staff.get(f"/staff/dropins/copy?{odd}").status_code == 422


def test_moving_tells_the_room_and_an_old_page_is_told_that_it_is_old(staff: FlaskClient, setting: Setting) -> None:
    dropin = setting.published(datetime(2026, 12, 1, 14, tzinfo=UTC))
    page = f"/staff/dropins/{dropin.id}/edit"
    target, old = fields_of(staff.get(page).get_data(as_text=True))
    told: list[bool] = []
    listen = lambda sender, small, **_rest: told.append(small)  # noqa: E731
    with signals.dropin_moved.connected_to(listen):
        assert fill(staff, page, {"begins": "14:30", "ends": "16:30", "title": "Talk on Tuesday"}).status_code == 303
    changed = one_of(setting)
    assert told == [True] and changed.title == "Talk on Tuesday" and changed.sequence == 1
    assert clock.local(setting.slots(changed)[0].starts_at).strftime("%H:%M") == "14:30"
    old["title"] = "Overwritten"
    assert staff.post(target, data=old).status_code == 303
    assert one_of(setting).title == "Talk on Tuesday"


def test_cutting_it_short_over_somebody_changes_nothing_and_leads_to_who_is_booked(
    staff: FlaskClient, setting: Setting
) -> None:
    dropin = setting.published(datetime(2026, 12, 1, 14, tzinfo=UTC))
    places.take(setting.session, Slot, setting.slots(dropin)[-1].id)
    setting.session.commit()
    answer = fill(staff, f"/staff/dropins/{dropin.id}/edit", {"ends": "15:00", "title": "Shorter"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422 and f"/staff/dropins/{dropin.id}/places" in html and "Shorter" in html
    kept = one_of(setting)
    assert kept.version == dropin.version and kept.ends_at.hour == 16 and kept.title != "Shorter"
    assert all(slot.capacity == 1 for slot in setting.slots(kept))


def test_fewer_places_than_people_is_refused_with_the_number(staff: FlaskClient, setting: Setting) -> None:
    dropin = setting.published(capacity=3, walk_in_hold=3)
    slot = setting.slots(dropin)[-1]
    page = f"/staff/dropins/{dropin.id}"

    def change(capacity: object, held: object) -> tuple[int, str]:
        _target, fields = fields_of(staff.get(page).get_data(as_text=True), action=f"{page}/slot")
        data = {**fields.to_dict(), "slot": str(slot.id), "capacity": str(capacity), "held": str(held)}
        answer = staff.post(f"{page}/slot", data=data)
        setting.session.expire_all()
        return answer.status_code, answer.get_data(as_text=True)

    for _ in range(2):
        assert places.take(setting.session, Slot, slot.id)
    setting.session.commit()
    status, html = change(1, 0)
    assert status == 422 and "2 people hold a place" in html and f"{page}/places" in html
    assert (slot.capacity, slot.held_for_walk_in, slot.taken) == (3, 2, 2)
    assert change("no", 0)[0] == change(0, 0)[0] == change(3, 4)[0] == 422
    assert change(5, 1)[0] == 303 and (slot.capacity, slot.held_for_walk_in) == (5, 1)


def test_calling_it_off_needs_kind_words_and_tells(staff: FlaskClient, setting: Setting) -> None:
    dropin = setting.published()
    page = f"/staff/dropins/{dropin.id}/cancel"
    told: list[DropIn] = []
    listen = lambda sender, **_rest: told.append(sender)  # noqa: E731
    with signals.dropin_cancelled.connected_to(listen):
        assert fill(staff, page, {"reason": "own", "own": " "}).status_code == 422
        assert fill(staff, page).status_code == 422 and told == []
        assert fill(staff, page, {"reason": "own", "own": "The lift is broken. Sorry!"}).status_code == 303
    assert len(told) == 1 and one_of(setting).cancel_reason_public == "The lift is broken. Sorry!"
    assert staff.get(page).status_code == 303


def test_a_place_is_made_changed_and_retired(staff: FlaskClient, setting: Setting) -> None:
    data = {"name_public": "Alder Hall", "area": "South", "address": "2 Alder Way", "access": ["step_free", "parking"]}
    assert fill(staff, "/staff/dropins/venues/new", data).status_code == 303
    venue = setting.session.scalars(select(Venue).where(Venue.name_public == "Alder Hall")).one()
    assert venue.access == ["step_free", "parking"] and not venue.is_public_building and venue.active
    assert "Alder Hall" in staff.get("/staff/dropins/new").get_data(as_text=True)
    page = f"/staff/dropins/venues/{venue.id}"
    assert fill(staff, page, {"address": ""}).status_code == 422
    assert fill(staff, page, {"active": None, "safe_notes": "ask at the desk"}).status_code == 303
    assert "Alder Hall" not in staff.get("/staff/dropins/new").get_data(as_text=True)
    assert "not in use" in staff.get("/staff/dropins/venues").get_data(as_text=True)


def test_a_poster_names_nobody_and_leads_to_the_open_page(staff: FlaskClient, setting: Setting) -> None:
    dropin = setting.published(audience="care_leavers")
    for url, leads in (
        (f"/staff/dropins/{dropin.id}/poster", f"/dropins/{dropin.id}"),
        ("/staff/dropins/poster", "/dropins/"),
    ):
        html = staff.get(url).get_data(as_text=True)
        assert leads in html and "Square code" in html
        poster = html.split('class="poster"')[1].split("</section>")[0]
        assert "Ms Yew" not in poster and "are leaver" not in poster
    hidden = setting.published(visibility="invited")
    assert staff.get(f"/staff/dropins/{hidden.id}/poster").status_code == 404


def test_the_secret_address_is_shown_once(staff: FlaskClient, client: FlaskClient, setting: Setting) -> None:
    setting.published()
    shown = fill(staff, "/staff/dropins/calendar", {"do": "make"}).get_data(as_text=True)
    path = "/dropins/staff-calendar/" + shown.split("/dropins/staff-calendar/")[1].split("<")[0]
    assert client.get(path).status_code == 200
    assert "/dropins/staff-calendar/" not in staff.get("/staff/dropins/calendar").get_data(as_text=True)
    fill(staff, "/staff/dropins/calendar", {"do": "stop"})
    assert client.get(path).status_code == 404


def test_only_the_virtual_school_sets_up_and_others_see_their_own(app: Flask, setting: Setting, people: People) -> None:
    mine, other = setting.published(title="Mine"), setting.published(title="Another's")
    adviser = people.adult(Role.personal_adviser, "Mr Aspen")
    sessions.set_staff(setting.session, setting.actor, mine, [setting.adviser.id, adviser.id])
    setting.session.commit()
    client = app.test_client()
    sign_in(app, client, adviser, way="worker")
    html = client.get("/staff/dropins").get_data(as_text=True)
    assert "Mine" in html and "Another" not in html and "New drop-in" not in html
    assert client.get(f"/staff/dropins/{mine.id}").status_code == 200
    assert client.get(f"/staff/dropins/{other.id}").status_code == 404
    for path in ("/new", "/venues", "/copy", f"/{mine.id}/edit", f"/{mine.id}/cancel"):
        assert client.get(f"/staff/dropins{path}").status_code == 403
    young = app.test_client()
    sign_in(app, young, people.young_person())
    assert young.get("/staff/dropins").status_code == 403


def test_what_was_done_is_audited(staff: FlaskClient, setting: Setting) -> None:
    fill(staff, "/staff/dropins/new", typed(setting))
    dropin = one_of(setting)
    page = f"/staff/dropins/{dropin.id}"
    fill(staff, page, action=f"{page}/publish")
    fill(staff, f"{page}/cancel", {"reason": "weather"})
    events = setting.session.scalars(
        select(audit.AuditEntry.event).where(audit.AuditEntry.thing_id == dropin.id).order_by(audit.AuditEntry.at)
    ).all()
    assert [one for one in events if one != "dropin.staff-changed"] == [
        "dropin.made", "dropin.published", "dropin.cancelled",
    ]  # fmt: skip


def test_a_draft_is_taken_away_and_another_s_id_is_nothing(staff: FlaskClient, setting: Setting) -> None:
    draft = setting.draft(clock.now() + timedelta(days=3))
    page = f"/staff/dropins/{draft.id}"
    assert fill(staff, page, action=f"{page}/delete").status_code == 303
    for path in ("", "/edit", "/cancel", "/poster"):
        assert staff.get(f"{page}{path}").status_code == 404
    assert staff.get(f"/staff/dropins/series/{draft.id}").status_code == 404
