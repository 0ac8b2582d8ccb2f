"""The checklist: each wish met or explained, who may read what, who was there, and two organisers at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.people.models import Role
from app.pep.models import Attendance, ChildsPart, PreferenceMet
from tests.forms import fields_of, fill
from tests.pep.meeting_house import House, text


def kept(house: House, question_id: str) -> PreferenceMet:
    house.session.expire_all()
    return house.session.scalars(select(PreferenceMet).where(PreferenceMet.question_id == question_id)).one()


def test_a_wish_is_met_with_one_press_and_the_child_sees_it(house: House) -> None:
    house.said("mt-comfy", ["breaks"], set_id="meeting")
    house.tick(house.client(house.adult()), "mt-comfy", "met")
    assert kept(house, "mt-comfy").met == "met"
    assert "Yes, we do that." in text(house.client(house.robin).get("/my-meeting"))


@pytest.mark.parametrize("met", ["partly", "no"])
def test_a_wish_that_is_not_met_needs_its_because(house: House, met: str) -> None:
    house.said("mt-where", ["home"], set_id="meeting")
    client = house.client(house.adult())
    refused = house.tick(client, "mt-where", met)
    assert "Say why in a few words" in text(refused, 422)
    house.tick(client, "mt-where", met, "the room at home is too small")
    assert kept(house, "mt-where").why == "the room at home is too small"
    assert "the room at home is too small" in text(house.client(house.robin).get("/my-meeting"))


def test_who_should_not_be_there_is_read_only_by_those_it_is_for(house: House) -> None:
    house.said("mt-who-not", "Mr Oak", share="not-school", set_id="meeting")
    house.said("mt-where", ["home"], set_id="meeting")
    teacher, worker = house.adult(), house.adult(Role.social_worker, "Mr Birch")
    page = text(house.client(teacher).get(house.at))
    assert "Mr Oak" not in page and "mt-who-not" not in page
    assert house.client(teacher).get(house.at).status_code == 200
    page = text(house.client(worker).get(house.at))
    assert "Mr Oak" in page and "Nobody who is named here is told." in page
    client = house.client(teacher)
    token = fields_of(text(client.get(house.at)))[1]["csrf_token"]
    answer = client.post(f"{house.at}/wishes/mt-who-not", data={"csrf_token": token, "met": "met"})
    assert answer.status_code == 404


def test_the_need_for_an_interpreter_and_a_stop_sign_stand_out(house: House) -> None:
    client = house.client(house.adult())
    assert "An interpreter or other help to talk is needed." not in text(client.get(house.at))
    house.said("mt-interpreter", ["interpreter"], set_id="meeting")
    house.said("mt-comfy", ["signal"], set_id="meeting")
    page = text(client.get(house.at))
    assert "An interpreter or other help to talk is needed." in page and "silent card on their phone" in page


def test_a_wish_changed_after_it_was_ticked_says_so(house: House) -> None:
    before = house.said("mt-where", ["home"], set_id="meeting")
    client = house.client(house.adult())
    house.tick(client, "mt-where", "met")
    before.superseded_at = before.sent_at
    before.revision = 0
    house.session.commit()
    house.said("mt-where", ["online"], set_id="meeting")
    assert "they changed this since" in text(client.get(house.at))


def test_an_answer_to_what_they_wanted_before_is_no_answer_to_what_they_want_now(house: House) -> None:
    before = house.said("mt-where", ["home"], set_id="meeting")
    client, robin = house.client(house.adult()), house.client(house.robin)
    house.tick(client, "mt-where", "met")
    before.superseded_at, before.revision = before.sent_at, 0
    house.session.commit()
    house.said("mt-where", ["online"], set_id="meeting")
    assert "Yes, we do that." not in text(robin.get("/my-meeting"))
    assert "1 wish for the meeting is not ticked or explained." in text(client.get(f"{house.at}/close"))
    house.close(client)
    assert "We did 1 thing" not in text(robin.get(f"/mine/peps/{house.pep.id}/page"))


def test_the_same_wish_shown_to_fewer_people_is_no_other_wish(house: House) -> None:
    before = house.said("mt-where", ["home"], set_id="meeting")
    client, robin = house.client(house.adult()), house.client(house.robin)
    house.tick(client, "mt-where", "met")
    before.superseded_at, before.revision = before.sent_at, 0
    house.session.commit()
    house.said("mt-where", ["home"], set_id="meeting", share="not-home")
    assert "they changed this since" not in text(client.get(house.at))
    assert "Yes, we do that." in text(robin.get("/my-meeting"))


def test_each_button_says_to_what_it_belongs(house: House) -> None:
    house.said("mt-where", ["home"], set_id="meeting")
    page = text(house.client(house.adult()).get(house.at))
    for word in ("Met", "Partly", "No"):
        assert f'{word}<span class="unseen">: Where should it be?</span>' in page


@pytest.mark.parametrize("days", [9, 1])
def test_who_was_there_is_not_written_down_before_the_day(house: House, days: int) -> None:
    teacher = house.adult()
    client = house.client(teacher)
    _action, form = fields_of(text(client.get(house.at)), action=f"{house.at}/there")
    house.pep.meeting_on = clock.today() + timedelta(days=days)
    house.session.commit()
    answer = client.post(f"{house.at}/there", data={**form.to_dict(), "took-part": "in-person"})
    assert answer.status_code == 303
    page = text(client.get(house.at))
    assert "You can write down who was there on the day of the meeting or after." in page
    assert f'action="{house.at}/there"' not in page and f'action="{house.at}/guests"' not in page
    assert house.session.get(ChildsPart, house.pep.id) is None
    guest = {"csrf_token": form["csrf_token"], "name": "Amal", "what": "interpreter", "came": "online"}
    assert client.post(f"{house.at}/guests", data=guest).status_code == 422


def test_what_the_people_at_home_say_of_the_school_is_shown_once_the_meeting_is_closed(house: House) -> None:
    teacher, worker = house.adult(), house.adult(Role.virtual_school, "Dr Vine")
    carer = house.adult(Role.carer, "Juniper")
    house.said("car-informed", ["s2"], set_id="carer", by=carer)
    house.said("car-need", ["training"], set_id="carer", by=carer)
    assert "From the people they live with" not in text(house.client(teacher).get(house.at))
    house.close(house.client(teacher))
    page = text(house.client(teacher).get(house.at))
    assert "From the people they live with" in page and "Not much" in page and "Juniper" in page
    assert "Training" not in page, "that is for the Virtual School"
    assert "Training" in text(house.client(worker).get(house.at))
    assert "Not much" not in text(house.client(teacher).get(f"/staff/peps/{house.pep.id}"))


def test_two_organisers_at_once_the_newer_is_shown_and_nothing_typed_is_lost(house: House) -> None:
    house.said("mt-where", ["home"], set_id="meeting")
    teacher, worker = house.client(house.adult()), house.client(house.adult(Role.social_worker, "Mr Birch"))
    address = f"{house.at}/wishes/mt-where"
    _action, form = fields_of(text(worker.get(house.at)), action=address)
    house.tick(teacher, "mt-where", "no", "the house is full")
    late = worker.post(address, data={**form.to_dict(), "met": "partly", "why": "half at home"})
    page = text(late, 409)
    assert "the house is full" in page and "\nhalf at home</textarea>" in page
    assert kept(house, "mt-where").why == "the house is full"
    _action, form = fields_of(page, action=address)
    worker.post(address, data={**form.to_dict(), "met": "partly", "why": "half at home"})
    assert kept(house, "mt-where").why == "half at home"


def test_attendance_is_kept_for_each_person_and_apart_from_being_heard(house: House) -> None:
    teacher = house.adult()
    carer = house.adult(Role.carer, "Juniper")
    data = {f"came-{teacher.id}": "in-person", f"came-{carer.id}": "online", "took-part": "not-there"}
    data |= {"voice-by": "app", "reason-not": "own-choice"}
    fill(house.client(teacher), house.at, data, action=f"{house.at}/there")
    house.session.expire_all()
    came = {row.person_id: row.came for row in house.session.scalars(select(Attendance))}
    assert came == {teacher.id: "in-person", carer.id: "online"}
    part = house.session.get(ChildsPart, house.pep.id)
    assert part is not None
    assert (part.took_part, part.voice_by, part.reason_not) == ("not-there", "app", "own-choice")


def test_a_child_who_was_there_has_no_reason_for_not_being_there(house: House) -> None:
    data = {"took-part": "in-person", "voice-by": "self", "reason-not": "not-asked"}
    fill(house.client(house.adult()), house.at, data, action=f"{house.at}/there")
    part = house.session.get(ChildsPart, house.pep.id)
    assert part is not None and part.reason_not is None


def test_two_organisers_record_attendance_at_once(house: House) -> None:
    one, two = house.adult(), house.adult(Role.social_worker, "Mr Birch")
    first, second = house.client(one), house.client(two)
    address = f"{house.at}/there"
    _action, form = fields_of(text(second.get(house.at)), action=address)
    fill(first, house.at, {f"came-{one.id}": "part"}, action=address)
    late = second.post(address, data={**form.to_dict(), f"came-{one.id}": "online", f"came-{two.id}": "in-person"})
    page = text(late, 409)
    assert "now: Part of it" in page
    house.session.expire_all()
    came = {row.person_id: row.came for row in house.session.scalars(select(Attendance))}
    assert came == {one.id: "part", two.id: "in-person"}, "what did not clash is kept, what did is not overwritten"


def test_a_code_that_does_not_exist_is_not_kept(house: House) -> None:
    teacher = house.adult()
    data = {f"came-{teacher.id}": "by-horse", "took-part": "everywhere"}
    fill(house.client(teacher), house.at, data, action=f"{house.at}/there")
    assert house.session.scalars(select(Attendance)).first() is None
    assert house.session.get(ChildsPart, house.pep.id) is None
