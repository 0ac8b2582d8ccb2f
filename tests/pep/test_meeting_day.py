"""The day of the meeting: moved in the middle of an answer, called off, and never a surprise for the child."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from app.core import clock
from app.core.audit import AuditEntry
from app.messages.models import Message
from app.people.models import Pep, Role
from app.pep.models import Meeting
from app.voice.models import Answer, Response
from tests.forms import fields_of, fill
from tests.pep.meeting_house import House, text


def move(house: House, day: date, **more: str) -> int:
    data = {"day": str(day.day), "month": str(day.month), "year": str(day.year), **more}
    return fill(house.client(house.adult()), f"{house.at}/day", data, action=f"{house.at}/day").status_code


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


def pep_of(house: House) -> Pep:
    house.session.expire_all()
    return house.session.get_one(Pep, house.pep.id)


def test_a_moved_meeting_is_audited_and_the_child_sees_both_days(house: House) -> None:
    before = clock.today()
    assert move(house, in_days(5), starts_at="14:30", place="The library") == 303
    assert pep_of(house).meeting_on == in_days(5)
    entry = house.session.scalars(select(AuditEntry).where(AuditEntry.event == "meeting.moved")).one()
    assert (entry.subject_id, entry.detail) == (house.robin.id, in_days(5).isoformat())
    page = text(house.client(house.robin).get("/my-meeting"))
    assert "Your meeting has a new day" in page and "14:30" in page and "The library" in page
    assert str(before.day) in page
    assert "Your meeting has a new day" in text(house.client(house.robin).get("/home"))


def test_a_meeting_moved_in_the_middle_of_an_answer_loses_nothing(house: House) -> None:
    robin = house.client(house.robin)
    token = fields_of(text(robin.get("/voice/")))[1]["csrf_token"]
    robin.post("/voice/start", data={"set": "secondary", "csrf_token": token})
    response = house.session.scalars(select(Response)).one()
    base = f"/voice/{response.id}"
    fill(robin, f"{base}/", {"length": "long"})
    _action, form = fields_of(text(robin.get(f"{base}/sec-proud")))
    assert move(house, in_days(9)) == 303
    robin.post(f"{base}/sec-proud", data={**form.to_dict(), "answer": "Half a sentence", "do": "next"})
    house.session.expire_all()
    assert house.session.scalars(select(Answer)).one().content["value"]["text"] == "Half a sentence"
    fill(robin, f"{base}/check/sec-proud", {"share": "pep"})
    assert fill(robin, f"{base}/check", action=f"{base}/send").status_code == 303


def test_a_meeting_called_off_has_no_day_and_the_words_stay_open(house: House) -> None:
    house.said("sec-proud", "Still mine")
    teacher = house.client(house.adult())
    fill(teacher, f"{house.at}/day", action=f"{house.at}/called-off")
    assert pep_of(house).meeting_on is None
    assert "Called off on" in text(teacher.get(house.at))
    robin = house.client(house.robin)
    assert "Your meeting is cancelled" in text(robin.get("/home"))
    assert "Still mine" in text(robin.get(f"/mine/peps/{house.pep.id}"))
    assert house.pep.id and "Look at my answers" in text(robin.get("/voice/")), "they can still change it"


def test_a_new_day_after_calling_off_takes_the_notice_away(house: House) -> None:
    fill(house.client(house.adult()), f"{house.at}/day", action=f"{house.at}/called-off")
    assert move(house, in_days(20)) == 303
    assert "cancelled" not in text(house.client(house.robin).get("/home"))


def test_a_day_gone_by_or_no_day_is_refused_kindly_and_what_was_typed_stays(house: House) -> None:
    client = house.client(house.adult())
    for data, words in (
        ({"day": "1", "month": "1", "year": "2020", "place": "Room 3"}, "Pick today or a day to come."),
        ({"day": "31", "month": "2", "year": "2027", "place": "Room 3"}, "Try the date again"),
        ({"day": "", "month": "", "year": "", "place": "Room 3"}, "Try the date again"),
    ):
        page = text(fill(client, f"{house.at}/day", data, action=f"{house.at}/day"), 422)
        assert words in page and 'value="Room 3"' in page
    page = text(fill(client, f"{house.at}/day", {"starts_at": "half past"}, action=f"{house.at}/day"), 422)
    assert "Try the time again" in page


def test_two_organisers_move_it_at_once(house: House) -> None:
    late = house.client(house.adult(Role.social_worker, "Mr Birch"))
    _action, form = fields_of(text(late.get(f"{house.at}/day")), action=f"{house.at}/day")
    assert move(house, in_days(4), place="Here") == 303
    there = in_days(6)
    typed = {**form.to_dict(), "day": there.day, "month": there.month, "year": there.year, "place": "There"}
    page = text(late.post(f"{house.at}/day", data=typed), 409)
    assert "Somebody else has just kept this" in page and 'value="There"' in page and "Here" in page
    assert pep_of(house).meeting_on == in_days(4)


def test_only_a_child_with_an_address_gets_a_message_and_it_says_nothing(house: House) -> None:
    assert move(house, in_days(3)) == 303
    assert house.session.scalars(select(Message)).first() is None
    house.robin.mobile = "07700900123"
    house.session.commit()
    assert move(house, in_days(4)) == 303
    message = house.session.scalars(select(Message).where(Message.kind == "sms")).one()
    assert (message.template, message.kind, message.params) == ("something_to_look_at", "sms", {})


def test_a_new_time_or_place_is_told_to_the_child_too(house: House) -> None:
    house.robin.mobile = "07700900123"
    house.session.commit()
    assert move(house, in_days(3), starts_at="09:00") == 303
    robin = house.client(house.robin)
    for _twice in range(2):
        assert move(house, in_days(3), starts_at="14:30", place="The library") == 303
    assert len(house.session.scalars(select(Message).where(Message.kind == "sms")).all()) == 2
    assert "14:30" in text(robin.get("/my-meeting")) and "The library" in text(robin.get("/home"))


def test_a_time_that_changes_on_the_same_day_is_said_on_their_page(house: House) -> None:
    for at in ("09:00", "14:30"):
        assert move(house, clock.today(), starts_at=at) == 303
    assert "Your meeting has a new time or place" in text(house.client(house.robin).get("/home"))


def test_moved_there_and_back_and_there_again_is_told_each_time(house: House) -> None:
    house.robin.mobile = "07700900123"
    house.session.commit()
    for days in (3, 5, 3):
        assert move(house, in_days(days)) == 303
    assert len(house.session.scalars(select(Message).where(Message.kind == "sms")).all()) == 3


def test_beside_an_adult_the_meeting_is_not_opened(house: House) -> None:
    house.said("sec-proud", "Only mine", share="not-home")
    carer = house.client(house.adult(Role.carer, "Juniper"))
    assert fill(carer, f"/beside/{house.robin.id}").status_code == 303
    for address in ("/my-meeting", "/my-meeting/cards", f"/mine/peps/{house.pep.id}/page"):
        page = text(carer.get(address), 404)
        assert "We could not find that page" in page and "Only mine" not in page
    assert "Go to the questions" in text(carer.get("/home")), "what is theirs to do is still there"


def test_a_closed_meeting_is_not_moved(house: House) -> None:
    house.close(house.client(house.adult()))
    assert move(house, in_days(4)) == 422
    assert house.session.get(Meeting, house.pep.id) is None
