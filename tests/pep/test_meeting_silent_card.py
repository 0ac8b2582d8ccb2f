"""The silent card: on the organiser's screen with the next poll, discreet in the room, forgotten when the meeting is closed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.core import clock
from app.people.models import Role, SignIn
from app.pep.models import MeetingSignal
from tests.forms import fields_of, fill
from tests.pep.meeting_house import House, text

HTMX = {"HX-Request": "true"}


def poll(house: House, client: FlaskClient, mark: str = "", screen: str = "desk") -> tuple[int, str]:
    answer = client.get(f"{house.at}/signals?mark={mark}&screen={screen}", headers=HTMX)
    return answer.status_code, answer.get_data(as_text=True)


def press(house: House, client: FlaskClient, signal: str) -> None:
    answer = fill(client, "/my-meeting", {"signal": signal}, action="/my-meeting/signal")
    assert answer.status_code == 303


def mark_in(html: str) -> str:
    found = re.search(r"mark=([0-9a-f]+)", html)
    assert found
    return found[1]


def test_a_signal_is_on_the_organisers_screen_with_the_next_poll(house: House) -> None:
    teacher, robin = house.client(house.adult()), house.client(house.robin)
    page = text(teacher.get(house.at))
    assert 'hx-trigger="every 1s"' in page
    mark = mark_in(page)
    assert poll(house, teacher, mark) == (204, "")
    press(house, robin, "too-fast")
    status, html = poll(house, teacher, mark)
    assert status == 200 and "Too fast" in html and 'role="alert"' in html


def test_without_scripts_the_organiser_sees_it_on_loading_the_page(house: House) -> None:
    teacher, robin = house.client(house.adult()), house.client(house.robin)
    press(house, robin, "stop")
    assert "<b>Stop</b>" in text(teacher.get(house.at))


def test_it_comes_up_where_the_organiser_types_and_what_is_typed_stays(house: House) -> None:
    teacher, robin = house.client(house.adult()), house.client(house.robin)
    address = f"{house.at}/decisions"
    mark = mark_in(text(teacher.get(address)))
    press(house, robin, "stop")
    status, html = poll(house, teacher, mark, screen="decisions")
    assert status == 200 and "<b>Stop</b>" in html and "<textarea" not in html, "the part alone is put in"
    assert "<b>Stop</b>" in text(teacher.get(address))
    form = fields_of(html, action=f"{house.at}/signals")[1].to_dict()
    part = teacher.post(f"{house.at}/signals", data=form, headers=HTMX)
    assert part.status_code == 200 and "Nothing right now" in text(part) and "<html" not in text(part)


@pytest.mark.parametrize("page", ["", "/decisions", "/cards"])
def test_without_scripts_seen_it_leads_back_to_the_page_it_was_pressed_on(house: House, page: str) -> None:
    house.said("sec-proud", "Proud")
    teacher, robin = house.client(house.adult()), house.client(house.robin)
    press(house, robin, "stop")
    answer = fill(teacher, f"{house.at}{page}", action=f"{house.at}/signals")
    assert answer.status_code == 303 and answer.headers["Location"].split("?")[0] == f"{house.at}{page}"
    assert "They have seen it." in text(robin.get("/my-meeting"))


def test_the_screen_of_the_room_never_says_what_it_was(house: House) -> None:
    house.said("sec-proud", "Proud")
    teacher, robin = house.client(house.adult()), house.client(house.robin)
    press(house, robin, "not-here")
    page = text(teacher.get(f"{house.at}/cards"))
    assert "Let us pause for a moment" in page and "Not in front of everyone" not in page
    assert "Not in front of everyone" not in poll(house, teacher, screen="room")[1]


def test_the_child_is_told_when_somebody_has_seen_it(house: House) -> None:
    teacher, robin = house.client(house.adult()), house.client(house.robin)
    press(house, robin, "explain")
    assert "Sent. The person leading the meeting can see it." in text(robin.get("/my-meeting"))
    fill(teacher, house.at, action=f"{house.at}/signals")
    assert "They have seen it." in text(robin.get("/my-meeting"))
    assert "Explain, please</b>" not in text(teacher.get(house.at))


def test_seeing_one_signal_does_not_see_a_newer_one(house: House) -> None:
    teacher, robin = house.client(house.adult()), house.client(house.robin)
    press(house, robin, "explain")
    html = text(teacher.get(house.at))
    press(house, robin, "stop")
    token = re.search(r'name="csrf_token" value="([^"]+)"', html)
    shown = re.findall(r'name="signal" value="([^"]+)"', html)
    assert token and len(shown) == 1
    teacher.post(f"{house.at}/signals", data={"csrf_token": token[1], "signal": shown})
    left = text(teacher.get(house.at))
    assert "<b>Stop</b>" in left and "<b>Explain, please</b>" not in left


def test_pressing_in_a_panic_shows_it_once(house: House) -> None:
    robin = house.client(house.robin)
    for _ in range(4):
        press(house, robin, "stop")
    assert house.session.scalar(select(func.count()).select_from(MeetingSignal)) == 1


def test_the_poll_does_not_keep_the_organisers_session_alive(house: House) -> None:
    teacher = house.adult()
    with time_machine.travel(clock.now(), tick=False) as time:
        client = house.client(teacher)
        for _ in range(20):
            time.shift(timedelta(minutes=2))
            answer = client.get(f"{house.at}/signals", headers=HTMX)
        assert answer.headers.get("HX-Redirect") == "/"
        house.session.expire_all()
        row = house.session.scalars(select(SignIn).where(SignIn.person_id == teacher.id)).one()
        assert row.seen_at == row.began_at


def test_the_card_works_on_when_the_phone_was_left_alone_and_shows_nothing_else(house: House) -> None:
    with time_machine.travel(clock.now().replace(hour=9), tick=False) as time:
        robin = house.client(house.robin)
        house.said("mt-not-miss", "Music", set_id="meeting")
        html = text(robin.get("/my-meeting"))
        token = re.search(r'name="csrf_token" value="([^"]+)"', html)
        card = re.search(r'name="card" value="([^"]+)"', html)
        assert token and card
        time.shift(timedelta(minutes=50))
        answer = robin.post("/my-meeting/signal", data={"csrf_token": token[1], "card": card[1], "signal": "stop"})
        page = text(answer)
        assert (
            "Sent. The person leading the meeting can see it." in page and "Music" not in page and "Robin" not in page
        )
        assert robin.get("/my-meeting").status_code == 303
        time.shift(timedelta(hours=5))
        again = robin.post("/my-meeting/signal", data={"csrf_token": token[1], "card": card[1], "signal": "explain"})
        assert again.status_code == 303
    assert house.session.scalar(select(func.count()).select_from(MeetingSignal)) == 1


def test_a_made_up_card_does_nothing(house: House) -> None:
    robin = house.client(house.robin)
    answer = fill(robin, "/my-meeting", {"signal": "stop", "card": "made-up"}, action="/my-meeting/signal")
    assert answer.status_code == 303
    assert house.session.scalar(select(func.count()).select_from(MeetingSignal)) == 0


def test_the_card_is_there_on_the_day_only(house: House) -> None:
    robin = house.client(house.robin)
    assert "Your silent card" in text(robin.get("/my-meeting"))
    house.pep.meeting_on = clock.today() + timedelta(days=3)
    house.session.commit()
    assert "Your silent card" not in text(robin.get("/my-meeting"))


def test_signals_are_forgotten_when_the_meeting_is_closed(house: House) -> None:
    teacher, robin = house.client(house.adult()), house.client(house.robin)
    press(house, robin, "stop")
    house.close(teacher)
    house.session.expire_all()
    assert house.session.scalar(select(func.count()).select_from(MeetingSignal)) == 0


def test_another_childs_organiser_cannot_poll(house: House) -> None:
    stranger = house.people.adult(Role.designated_teacher)
    assert house.client(stranger).get(f"{house.at}/signals", headers=HTMX).status_code == 404
