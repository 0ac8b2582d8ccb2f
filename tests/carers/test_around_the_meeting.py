"""The calendar file, the guides, and when carers meet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from app.core.languages import offered
from app.home import guides
from app.home.calendar_file import calendar_file
from app.people.models import Pep, Role
from tests.carers.conftest import Family
from tests.factories import People, sign_in
from tests.forms import fill


def test_the_day_of_the_meeting_comes_as_a_calendar_file_without_a_name(family: Family) -> None:
    answer = family.carer.client.get(f"/carer/meeting/{family.pep.id}.ics")
    assert answer.status_code == 200 and answer.mimetype == "text/calendar"
    text = answer.get_data(as_text=True)
    assert "Robin" not in text and "SUMMARY:PEP meeting\r\n" in text
    assert f"DTSTART;VALUE=DATE:{family.pep.meeting_on:%Y%m%d}\r\n" in text
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:") and text.endswith("END:VCALENDAR\r\n")
    assert all(line.endswith("\r\n") for line in text.splitlines(keepends=True))


def test_a_long_line_is_folded_between_letters() -> None:
    import uuid

    pep = Pep(id=uuid.uuid4(), meeting_on=clock.today())
    text = calendar_file(pep, "اجتماع, " * 20)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\\," in text and text.replace("\r\n ", "").count("اجتماع") == 20


def test_the_file_is_only_for_those_who_live_with_the_child(family: Family, people: People) -> None:
    stranger = family.at_home(people.adult(Role.carer, "Stranger"))
    assert stranger.client.get(f"/carer/meeting/{family.pep.id}.ics").status_code == 404


def test_the_page_says_when_who_and_what_happens_there(family: Family) -> None:
    html = family.carer.client.get("/carer/").get_data(as_text=True)
    assert "PEP meeting on" in html and "Ms Alder" in html and "Mr Birch" in html
    assert "You look back at this term" in html and "Put the day in my calendar" in html


@pytest.mark.parametrize("language", [language.tag for language in offered(live=False)])
def test_every_guide_is_there_in_every_language(client: FlaskClient, language: str) -> None:
    found = guides.guides(language)
    assert [guide.code for guide in found] == ["what-is-a-pep", "how-you-can-help", "what-to-bring"]
    english = guides.guides("en-GB")
    for guide, source in zip(found, english, strict=True):
        assert guide.language == language
        assert [(len(part.says), len(part.points)) for part in guide.words.parts] == [
            (len(part.says), len(part.points)) for part in source.words.parts
        ]
        page = client.get(f"/carer/guides/{guide.code}?lang={language}")
        assert page.status_code == 200 and guide.words.title in page.get_data(as_text=True)


def test_there_is_no_other_guide(client: FlaskClient) -> None:
    assert client.get("/carer/guides/no-such-guide").status_code == 404


def test_carers_see_the_dates_that_the_virtual_school_keeps(app: Flask, family: Family, people: People) -> None:
    staff = app.test_client()
    sign_in(app, staff, people.adult(Role.virtual_school, "Ms Yew"), way="worker")
    day = clock.today() + timedelta(days=9)
    typed = {
        "day": str(day.day),
        "month": str(day.month),
        "year": str(day.year),
        "place": "The Hub",
        "note": "10 to 12",
    }
    action = "/staff/carer-network"
    assert fill(staff, action, typed, action=action).status_code == 303
    assert "The Hub" in family.carer.client.get("/carer/").get_data(as_text=True)
    html = staff.get(action).get_data(as_text=True)
    remove = html.split('action="/staff/carer-network/')[1].split('"')[0]
    fill(staff, action, action=f"/staff/carer-network/{remove}")
    assert "The Hub" not in family.carer.client.get("/carer/").get_data(as_text=True)


@pytest.mark.parametrize("change", [{"day": "31", "month": "2"}, {"year": ""}, {"place": ""}, {"year": "2001"}])
def test_a_date_that_cannot_be_is_asked_for_again_and_nothing_typed_is_lost(
    app: Flask, people: People, change: dict[str, str]
) -> None:
    staff = app.test_client()
    sign_in(app, staff, people.adult(Role.virtual_school, "Ms Yew"), way="worker")
    day = clock.today() + timedelta(days=9)
    typed = {"day": str(day.day), "month": str(day.month), "year": str(day.year), "place": "The Hub", "note": "Tea"}
    answer = fill(staff, "/staff/carer-network", typed | change, action="/staff/carer-network")
    assert answer.status_code == 422 and 'value="Tea"' in answer.get_data(as_text=True)
