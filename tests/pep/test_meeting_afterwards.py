"""Decisions, closing, the PEP on a page, and how it was: afterwards, and not before."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core import clock
from app.feeds.models import FeedChange
from app.messages.models import Message
from app.people.models import Pep, Role
from app.pep.models import MeetingDecision, SectionLine
from app.voice.models import Response
from app.wishes.models import Wish, WishStep
from tests.forms import fields_of, fill
from tests.pep.meeting_house import House, text


def closed(house: House) -> Pep:
    house.session.expire_all()
    return house.session.get_one(Pep, house.pep.id)


def test_a_decision_stands_beside_the_words_it_answers(house: House) -> None:
    answer = house.said("sec-goal", "Move maths set")
    teacher = house.adult()
    client = house.client(teacher)
    due = clock.today() + timedelta(days=10)
    data = {"owner": str(teacher.id), "day": due.day, "month": due.month, "year": due.year, "beside": str(answer.id)}
    house.decide(client, "Ask Mr Fir about set 3", **data)
    row = house.session.scalars(select(MeetingDecision)).one()
    assert (row.sent_answer_id, row.owner_id, row.due_on) == (answer.id, teacher.id, due)
    assert "Ask Mr Fir about set 3" in text(client.get(f"{house.at}/decisions"))


def test_a_decision_beside_words_kept_from_school_is_kept_from_school_too(house: House) -> None:
    answer = house.said("sec-goal", "Not for school", share="not-school")
    worker, teacher = house.client(house.adult(Role.social_worker, "Mr Birch")), house.client(house.adult())
    house.decide(worker, "Talk about the class quietly", beside=str(answer.id))
    assert "quietly" in text(worker.get(f"{house.at}/decisions"))
    page = text(teacher.get(f"{house.at}/decisions"))
    assert "quietly" not in page and "Not for school" not in page
    assert house.decide(teacher, "Try to hang on to it", beside=str(answer.id)).status_code == 404


def test_a_decision_moves_the_wish_that_came_from_the_same_words(house: House) -> None:
    answer = house.said("sec-goal", "Move maths set")
    teacher = house.adult()
    client = house.client(teacher)
    address = f"/staff/peps/{house.pep.id}/wishes/{answer.id}"
    assert fill(client, address).status_code == 303
    due = clock.today() + timedelta(days=10)
    data = {"owner": str(teacher.id), "day": due.day, "month": due.month, "year": due.year, "beside": str(answer.id)}
    house.decide(client, "Ask Mr Fir about set 3", **data)
    wish = house.session.scalars(select(Wish)).one()
    assert (wish.owner_id, wish.due_on, wish.state) == (teacher.id, due, "owned")
    step = house.session.scalars(select(WishStep)).one()
    assert (step.words, step.done) == ("Ask Mr Fir about set 3", False)
    assert house.session.scalars(select(MeetingDecision)).one().wish_id == wish.id


def test_two_organisers_type_one_line_at_once(house: House) -> None:
    house.said("sec-proud", "Proud")
    one, two = house.client(house.adult()), house.client(house.adult(Role.social_worker, "Mr Birch"))
    address = f"{house.at}/lines/about-me"
    _action, form = fields_of(text(two.get(f"{house.at}/decisions")), action=address)
    house.answer(one, "about-me", "show it at the fair")
    page = text(two.post(address, data={**form.to_dict(), "kind": "will", "words": "tell the head"}), 409)
    assert "show it at the fair" in page and "tell the head" in page
    house.session.expire_all()
    assert house.session.scalars(select(SectionLine)).one().words == "show it at the fair"


def test_two_organisers_change_one_decision_at_once(house: House) -> None:
    one, two = house.client(house.adult()), house.client(house.adult(Role.social_worker, "Mr Birch"))
    house.decide(one, "First words")
    row = house.session.scalars(select(MeetingDecision)).one()
    change = {"decision": str(row.id), "seen": "1", "beside": ""}
    assert house.decide(one, "Newer words", **change).status_code == 303
    page = text(house.decide(two, "My own words", **change), 409)
    assert "Newer words" in page and "My own words" in page
    assert house.now(row).words == "Newer words"


def test_a_section_without_an_answer_has_to_be_answered_before_closing(house: House) -> None:
    house.said("sec-proud", "Proud")
    client = house.client(house.adult())
    page = text(client.get(f"{house.at}/close"))
    assert "These sections have no answer yet" in page and "Write the answers" in page
    assert "Close it anyway" not in page
    refused = client.post(f"{house.at}/close", data={"csrf_token": token_of(client, house)}, follow_redirects=True)
    assert "Write one line for each section first" in text(refused)
    assert closed(house).closed_at is None
    house.answer(client, "about-me", "show it at the fair")
    assert house.close(client).status_code == 303
    assert closed(house).closed_at is not None


def token_of(client: FlaskClient, house: House) -> str:
    _action, form = fields_of(text(client.get(f"{house.at}/day")))
    return form["csrf_token"]


def test_an_authority_can_have_its_organisers_only_told(house: House) -> None:
    house.said("sec-proud", "Proud")
    house.app.extensions["settings"].close_without_lines = "warn"
    client = house.client(house.adult())
    assert "Close it anyway" in text(client.get(f"{house.at}/close"))
    house.close(client)
    assert closed(house).closed_at is not None


def test_what_has_nobody_or_no_day_is_said_before_closing(house: House) -> None:
    client = house.client(house.adult())
    house.decide(client, "Somebody asks the office")
    assert "1 decision has nobody who does it, or no day." in text(client.get(f"{house.at}/close"))


def test_a_meeting_is_not_closed_before_its_day(house: House) -> None:
    client = house.client(house.adult())
    _action, form = fields_of(text(client.get(f"{house.at}/close")))
    house.pep.meeting_on = clock.today() + timedelta(days=2)
    house.session.commit()
    client.post(f"{house.at}/close", data=form)
    assert closed(house).closed_at is None


def test_closing_gives_the_child_their_pep_on_a_page_at_once(house: House) -> None:
    house.robin.mobile = "07700900123"
    house.said("sec-proud", "I built a bird box")
    house.said("sec-goal", "Kept from school", share="not-school")
    house.said("mt-where", ["home"], set_id="meeting")
    teacher = house.adult()
    client, robin = house.client(teacher), house.client(house.robin)
    address = f"/mine/peps/{house.pep.id}/page"
    assert robin.get(address).status_code == 404, "not before it is closed"
    house.tick(client, "mt-where", "no", "the house is full")
    house.answer(client, "about-me", "show it at the fair")
    due = clock.today() + timedelta(days=10)
    house.decide(client, "Find a place for it", owner=str(teacher.id), day=due.day, month=due.month, year=due.year)
    house.close(client)
    page = text(robin.get(address))
    for words in ("I built a bird box", "show it at the fair", "Find a place for it", "Ms Alder", "the house is full"):
        assert words in page
    assert "Kept from school" not in page, "a printed page lies about"
    assert address in text(robin.get("/home"))
    assert house.session.scalars(select(Message)).one().template == "something_to_look_at"


def test_nobody_else_opens_a_childs_page(house: House) -> None:
    house.close(house.client(house.adult()))
    other = house.people.young_person("Wren")
    assert house.client(other).get(f"/mine/peps/{house.pep.id}/page").status_code == 404


def test_a_closed_meeting_is_only_read(house: House) -> None:
    house.said("sec-proud", "Proud")
    client = house.client(house.adult())
    _action, form = fields_of(text(client.get(f"{house.at}/decisions")), action=f"{house.at}/decisions")
    house.answer(client, "about-me", "show it at the fair")
    house.close(client)
    late = client.post(f"{house.at}/decisions", data={**form.to_dict(), "words": "Too late", "beside": ""})
    assert "can only be read now" in text(late, 422)
    assert house.session.scalars(select(MeetingDecision)).first() is None


# -- how it was ----------------------------------------------------------------------------------------------------------


def begin(house: House, client: object) -> Response | None:
    _action, form = fields_of(text(client.get("/voice/")))  # type: ignore[attr-defined]
    token = form["csrf_token"]
    client.post("/voice/start", data={"set": "after-meeting", "csrf_token": token})  # type: ignore[attr-defined]
    house.session.expire_all()
    return house.session.scalars(select(Response).where(Response.set_id == "after-meeting")).first()


def test_how_it_was_is_asked_only_after_the_meeting_is_closed(house: House) -> None:
    robin = house.client(house.robin)
    assert "How my meeting was" not in text(robin.get("/voice/"))
    assert begin(house, robin) is None
    house.close(house.client(house.adult()))
    assert "How my meeting was" in text(robin.get("/voice/"))
    assert "Say how your meeting was" in text(robin.get("/home"))
    assert begin(house, robin) is not None


def test_it_is_not_asked_for_ever(house: House) -> None:
    house.close(house.client(house.adult()))
    with time_machine.travel(clock.now() + timedelta(days=15)):
        assert "How my meeting was" not in text(house.client(house.robin).get("/voice/"))


def test_what_they_say_of_it_reaches_the_organiser_and_never_the_record_the_feed_or_home(house: House) -> None:
    teacher, carer = house.adult(), house.adult(Role.carer, "Juniper")
    robin = house.client(house.robin)
    house.close(house.client(teacher))
    response = begin(house, robin)
    assert response is not None
    base = f"/voice/{response.id}"
    fill(robin, f"{base}/", {"length": "short"})
    fill(robin, f"{base}/am-friendly", {"answer": "good", "do": "next"})
    fill(robin, f"{base}/am-better", {"answer": "Fewer people please", "do": "next"})
    fill(robin, f"{base}/check/am-better", {"share": "pep"})
    assert fill(robin, f"{base}/check", action=f"{base}/send").status_code == 303
    assert "It is not part of your PEP." in text(robin.get(f"{base}/sent"))
    assert "Fewer people please" in text(house.client(teacher).get(house.at))
    for person in (teacher, carer):
        assert "Fewer people please" not in text(house.client(person).get(f"/staff/peps/{house.pep.id}"))
    assert house.session.scalars(select(FeedChange)).first() is None
    seen_by = text(robin.get(f"{base}/seen-by/{carer.id}"))
    assert "Fewer people please" not in seen_by


@pytest.mark.parametrize("set_id", ["secondary", "meeting"])
def test_after_closing_nothing_else_can_be_sent(house: House, set_id: str) -> None:
    robin = house.client(house.robin)
    _action, form = fields_of(text(robin.get("/voice/")))
    house.close(house.client(house.adult()))
    robin.post("/voice/start", data={"set": set_id, "csrf_token": form["csrf_token"]})
    house.session.expire_all()
    assert house.session.scalars(select(Response)).first() is None
