"""Who is asked and comes, who is told when the day changes, guests, and a closed meeting opened again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.core import clock
from app.core.audit import AuditEntry
from app.messages.models import Message
from app.people.models import Connection, Pep, Person, Role
from app.pep.meeting_telling import tell_the_child
from app.pep.models import Expected, Guest, Meeting, MeetingSignal
from app.voice.models import SentAnswer
from app.wishes import telling
from tests.factories import People, sign_in
from tests.forms import fields_of, fill
from tests.pep.meeting_house import House, text


def move(house: House, client: FlaskClient, day: date, **more: str) -> TestResponse:
    data = {"day": str(day.day), "month": str(day.month), "year": str(day.year), **more}
    return fill(client, f"{house.at}/day", data, action=f"{house.at}/day")


def mark(house: House, client: FlaskClient, **coming: str) -> TestResponse:
    data = {name.replace("_", "-"): value for name, value in coming.items()}
    return fill(client, house.at, data, action=f"{house.at}/coming")


def told(house: House) -> list[tuple[str, str]]:
    rows = house.session.scalars(select(Message).order_by(Message.id)).all()
    return sorted((one.address, one.template) for one in rows)


def test_a_moved_meeting_is_told_to_those_usually_there_without_a_name(house: House) -> None:
    teacher = house.adult()
    carer, worker = house.adult(Role.carer, "Juniper"), house.adult(Role.social_worker, "Mr Birch")
    house.adult(Role.virtual_school, "Dr Vine")
    client = house.client(teacher)
    day = clock.today() + timedelta(days=6)
    assert move(house, client, day).status_code == 303
    assert told(house) == sorted([(carer.email, "meeting_moved"), (worker.email, "meeting_moved")])
    assert {tuple(one.params.items()) for one in house.session.scalars(select(Message))} == {
        (("day", day.isoformat()),)
    }


def test_only_who_is_asked_is_told_once_the_organiser_has_said_who_that_is(house: House) -> None:
    teacher = house.adult()
    carer, worker = house.adult(Role.carer, "Juniper"), house.adult(Role.social_worker, "Mr Birch")
    client = house.client(teacher)
    assert mark(house, client, **{f"coming_{carer.id}": "no", f"coming_{worker.id}": "yes"}).status_code == 303
    fill(client, f"{house.at}/day", action=f"{house.at}/called-off")
    assert told(house) == [(worker.email, "meeting_called_off")]


def test_a_new_time_or_place_is_told_too_and_the_same_again_is_not(house: House) -> None:
    client, carer = house.client(house.adult()), house.adult(Role.carer, "Juniper")
    day = clock.today() + timedelta(days=6)
    for place in ("Library", "Library", "Room 3"):
        move(house, client, day, place=place)
    assert told(house) == [(carer.email, "meeting_moved")] * 2


def test_who_wants_to_be_told_by_a_person_gets_no_message(house: House) -> None:
    house.robin.mobile = "07700900123"
    telling.wants_to_hear(house.session, house.robin.id, "person", "pep", [])
    tell_the_child(house.session, house.robin, house.pep, "meeting.moved", "once")
    assert told(house) == []


def carers_page(house: House, carer: Person) -> FlaskClient:
    client = house.app.test_client()
    sign_in(house.app, client, carer, way="link")
    return client


def test_a_calendar_moves_the_meeting_and_takes_it_out_when_it_is_called_off(app, session, people: People) -> None:  # type: ignore[no-untyped-def]
    house = House(app, session, people, in_days=14)
    carer = carers_page(house, house.adult(Role.carer, "Juniper"))
    client = house.client(house.adult())
    address = f"/carer/meeting/{house.pep.id}.ics"
    first = text(carer.get(address))
    move(house, client, clock.today() + timedelta(days=20))
    second = text(carer.get(address))
    fill(client, f"{house.at}/day", {"seen": "1"}, action=f"{house.at}/called-off")
    third = text(carer.get(address))
    assert "Take the day out of my calendar" in text(carer.get("/carer/"))
    uid = f"UID:{house.pep.id}@pepvoice"
    assert all(uid in file and "Robin" not in file for file in (first, second, third))
    assert [_number(file) for file in (first, second, third)] == [0, 1, 2]
    assert "STATUS:CANCELLED" in third and "METHOD:CANCEL" in third
    assert f"DTSTART;VALUE=DATE:{clock.today() + timedelta(days=20):%Y%m%d}" in third


def _number(file: str) -> int:
    return int(file.split("SEQUENCE:")[1].split("\r\n")[0])


def test_a_carer_sees_who_is_asked_or_that_it_is_not_known(app, session, people: People) -> None:  # type: ignore[no-untyped-def]
    house = House(app, session, people, in_days=14)
    carer, teacher = house.adult(Role.carer, "Juniper"), house.adult()
    worker = house.adult(Role.social_worker, "Mr Birch")
    phone = carers_page(house, carer)
    page = text(phone.get("/carer/"))
    assert "We do not know yet who is coming." in page and "Mr Birch" in page
    client = house.client(teacher)
    mark(house, client, **{f"coming_{teacher.id}": "yes", f"coming_{worker.id}": "no", f"coming_{carer.id}": "asked"})
    page = text(phone.get("/carer/"))
    assert "Also invited:" in page and "Ms Alder" in page and "Mr Birch" not in page
    assert house.session.scalars(select(Expected.coming).where(Expected.person_id == worker.id)).one() == "no"


def test_the_child_sees_who_comes_by_name_and_what_they_are(house: House) -> None:
    robin, teacher, worker = house.client(house.robin), house.adult(), house.adult(Role.social_worker, "Mr Birch")
    assert "We do not know yet who comes." in text(robin.get("/my-meeting"))
    mark(house, house.client(teacher), **{f"coming_{teacher.id}": "yes", f"coming_{worker.id}": "asked"})
    page = text(robin.get("/my-meeting"))
    for words in ("Ms Alder", "your teacher for your PEP", "Mr Birch", "your social worker", "is asked"):
        assert words in page


def test_who_has_left_does_not_come(house: House) -> None:
    teacher, worker = house.adult(), house.adult(Role.social_worker, "Mr Birch")
    mark(house, house.client(teacher), **{f"coming_{teacher.id}": "yes", f"coming_{worker.id}": "yes"})
    living = house.session.scalars(select(Connection).where(Connection.adult_id == worker.id)).one()
    living.ends_on = clock.today()
    house.session.commit()
    page = text(house.client(house.robin).get("/my-meeting"))
    assert "Ms Alder" in page and "Mr Birch" not in page


@pytest.mark.parametrize(
    ("said", "coming", "words"), [("can", "yes", "Yes"), ("cannot", "no", "No"), ("other-time", "", "another time")]
)
def test_what_a_carer_answered_is_known_to_the_organiser(house: House, said: str, coming: str, words: str) -> None:
    carer, teacher = house.adult(Role.carer, "Juniper"), house.adult()
    house.said("car-meeting", [said], set_id="carer", by=carer)
    client = house.client(teacher)
    page = text(client.get(house.at))
    assert "They said on" in page and words in page
    _action, form = fields_of(page, action=f"{house.at}/coming")
    assert form[f"coming-{carer.id}"] == coming
    mark(house, client, **{f"coming_{teacher.id}": "yes"})
    shown = "Juniper" in text(house.client(house.robin).get("/my-meeting"))
    assert shown == (coming == "yes")


def test_the_newer_word_on_coming_holds(house: House) -> None:
    carer, teacher = house.adult(Role.carer, "Juniper"), house.adult()
    client, robin = house.client(teacher), house.client(house.robin)
    with time_machine.travel(clock.now() - timedelta(hours=2), tick=False):
        house.said("car-meeting", ["can"], set_id="carer", by=carer)
    mark(house, client, **{f"coming_{teacher.id}": "yes", f"coming_{carer.id}": "no"})
    assert "Juniper" not in text(robin.get("/my-meeting"))
    answer = house.session.scalars(select(SentAnswer)).one()
    answer.sent_at = clock.now() + timedelta(seconds=1)
    house.session.commit()
    assert "Juniper" in text(robin.get("/my-meeting"))


def test_the_carers_page_says_when_and_where(app, session, people: People) -> None:  # type: ignore[no-untyped-def]
    house = House(app, session, people, in_days=14)
    carer = carers_page(house, house.adult(Role.carer, "Juniper"))
    day = clock.today() + timedelta(days=20)
    move(house, house.client(house.adult()), day, starts_at="14:30", place="The library")
    page = text(carer.get("/carer/"))
    assert "14:30" in page and "The library" in page


@pytest.mark.parametrize(("day", "begins"), [("2026-12-07", "20261207T143000Z"), ("2027-06-07", "20270607T133000Z")])
def test_a_meeting_with_a_time_is_in_the_calendar_at_that_time(house: House, day: str, begins: str) -> None:
    with time_machine.travel("2026-11-20T09:00:00+00:00", tick=False):
        carer = carers_page(house, house.adult(Role.carer, "Juniper"))
        client = house.client(house.adult())
        move(house, client, date.fromisoformat(day), starts_at="14:30", place="The library")
        file = text(carer.get(f"/carer/meeting/{house.pep.id}.ics"))
        assert f"DTSTART:{begins}" in file and "TRANSP" not in file and "library" not in file
        fill(client, f"{house.at}/day", {"seen": "1"}, action=f"{house.at}/called-off")
        file = text(carer.get(f"/carer/meeting/{house.pep.id}.ics"))
        assert f"DTSTART:{begins}" in file and "STATUS:CANCELLED" in file


def test_two_organisers_marking_at_once_lose_nothing(house: House) -> None:
    one, two = house.adult(), house.adult(Role.social_worker, "Mr Birch")
    mark(house, house.client(one), **{f"coming_{one.id}": "yes"})
    answer = mark(
        house, house.client(two), **{f"coming_{one.id}": "no", f"known_{one.id}": "0", f"coming_{two.id}": "yes"}
    )
    page = text(answer, 409)
    assert house.session.scalars(select(Expected.coming).where(Expected.person_id == two.id)).one() == "yes"
    assert "Somebody else recorded something else" in page and "now: Comes" in page


def test_a_guest_is_recorded_once_and_taken_off_again(house: House) -> None:
    client = house.client(house.adult())
    data = {"name": "Amal", "what": "interpreter", "came": "online"}
    for _twice in range(2):
        assert fill(client, house.at, data, action=f"{house.at}/guests").status_code == 303
    guest = house.session.scalars(select(Guest)).one()
    assert "Amal" in text(client.get(house.at))
    raw = house.session.connection().exec_driver_sql("SELECT name FROM pep_guest").scalar_one()
    assert b"Amal" not in bytes(raw)
    bad = fill(client, house.at, {**data, "name": " "}, action=f"{house.at}/guests")
    assert "Give a first name" in text(bad, 422)
    fill(client, house.at, action=f"{house.at}/guests/{guest.id}/remove")
    assert house.session.scalars(select(Guest)).all() == []
    events = set(house.session.scalars(select(AuditEntry.event).where(AuditEntry.thing_id == guest.id)))
    assert events == {"meeting.guest-added", "meeting.guest-removed"}


def test_a_closed_meeting_is_opened_again_with_a_reason_and_the_page_says_when_it_was_changed(house: House) -> None:
    client, robin = house.client(house.adult()), house.client(house.robin)
    address = f"/mine/peps/{house.pep.id}/page"
    house.close(client)
    assert "has to be put right" in text(fill(client, house.at, {"why": " "}, action=f"{house.at}/reopen"), 422)
    reason = {"why": "The name of the club was wrong"}
    assert fill(client, house.at, reason, action=f"{house.at}/reopen").status_code == 303
    house.session.expire_all()
    assert house.session.get_one(Pep, house.pep.id).closed_at is not None, "nothing else takes it for a coming meeting"
    assert "Someone is putting something right here" in text(robin.get(address))
    assert house.decide(client, "You go to the drama club").status_code == 303
    assert house.close(client).status_code == 303
    page = text(robin.get(address))
    assert "You go to the drama club" in page and "changed on" in page and "putting something right" not in page
    assert f'action="{house.at}/decisions"' not in text(client.get(f"{house.at}/decisions"))
    entry = house.session.scalars(select(AuditEntry).where(AuditEntry.event == "meeting.reopened")).one()
    assert entry.subject_id == house.robin.id and "club" not in (entry.detail or "")


def test_it_is_not_opened_again_after_five_working_days(house: House) -> None:
    with time_machine.travel("2026-11-20T15:00:00+00:00", tick=False):
        house.pep.meeting_on = clock.today()
        house.session.commit()
        teacher = house.adult()
        house.close(house.client(teacher))
    with time_machine.travel("2026-11-27T15:00:00+00:00", tick=False):
        assert "Open the meeting again" in text(house.client(teacher).get(house.at))
    with time_machine.travel("2026-11-30T09:00:00+00:00", tick=False):
        client = house.client(teacher)
        assert "Open the meeting again" not in text(client.get(house.at))
        assert house.session.get(Meeting, house.pep.id) is None


@pytest.mark.parametrize(("hours", "left"), [(47, 1), (49, 0)])
def test_presses_of_the_silent_card_are_not_kept_when_nobody_closes_the_meeting(
    house: House, hours: int, left: int
) -> None:
    moment = clock.now()
    house.session.add(MeetingSignal(pep_id=house.pep.id, signal="stop", at=moment - timedelta(hours=hours)))
    house.session.commit()
    result = house.app.test_cli_runner().invoke(args=["retain"])
    assert result.exit_code == 0, result.output
    assert len(house.session.scalars(select(MeetingSignal)).all()) == left
