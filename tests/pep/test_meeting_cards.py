"""Meeting mode: the child's own words lead, and what is kept from anybody cannot come up."""

from __future__ import annotations

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.core import clock
from app.people.audience import NOT_FOR_THE_ROOM, Dial, readers_today
from app.people.models import Care, Role
from app.pep.meeting_cards import for_everyone
from tests.factories import People
from tests.pep.meeting_house import House, text

QUESTIONS = [
    ("secondary", "sec-proud"), ("secondary", "sec-goal"), ("secondary", "sec-anything"), ("secondary", "sec-belong"),
    ("secondary", "sec-trusted-want"), ("meeting", "mt-who-not"), ("meeting", "mt-not-about"), ("meeting", "mt-why-not"),
    ("meeting", "mt-not-miss"), ("after-meeting", "am-better"),
]  # fmt: skip
ROLES = [role for role in Role if role not in (Role.young_person, Role.participation_worker)]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    shares=st.lists(
        st.sampled_from(["pep", "not-home", "not-school", "chosen", "unsent"]),
        min_size=len(QUESTIONS),
        max_size=len(QUESTIONS),
    ),
    roles=st.sets(st.sampled_from(ROLES), min_size=1),
    care=st.sampled_from(list(Care)),
)
def test_whatever_is_shared_with_whom_only_what_all_in_the_room_may_read_can_come_up(
    app: Flask, session: Session, people: People, shares: list[str], roles: set[Role], care: Care
) -> None:
    house = House(app, session, people, care=care)
    adults = [house.adult(role) for role in sorted(roles)]
    for (set_id, question_id), share in zip(QUESTIONS, shares, strict=True):
        value = ["s2"] if question_id == "sec-belong" else ["boring"] if question_id == "mt-why-not" else "Words"
        house.said(question_id, value, share=share, set_id=set_id, chosen=(str(adults[0].id),))
    on = clock.today()
    shown = for_everyone(session, house.pep, care, on)
    for row in shown:
        assert row.share == "pep"
        assert row.question_id not in NOT_FOR_THE_ROOM
        dial = Dial(row.share, tuple(row.chosen), row.question_id, care)
        assert all(dial.allows(one.person_id, one.roles) for one in readers_today(session, house.robin.id, on))
    if care is Care.care_leaver and any(role.at_home or role.at_school for role in roles):
        assert shown == []


def test_private_words_are_on_no_card_whoever_turns_them(house: House) -> None:
    teacher, worker = house.adult(), house.adult(Role.social_worker, "Mr Birch")
    house.said("sec-proud", "I built a bird box")
    house.said("sec-goal", "Not for home", share="not-home")
    house.said("sec-anything", "Not for school", share="not-school")
    house.said("sec-trusted-want", "Only for Birch", share="chosen", chosen=(str(worker.id),))
    house.said("mt-who-not", "Mr Oak", set_id="meeting")
    house.said("mt-not-about", "Home", set_id="meeting")
    for person, address in (
        (teacher, f"{house.at}/cards"),
        (worker, f"{house.at}/cards"),
        (house.robin, "/my-meeting/cards"),
    ):
        pages = [text(house.client(person).get(f"{address}?card={number}")) for number in range(6)]
        everything = "".join(pages)
        assert "I built a bird box" in everything
        for hidden in ("Not for home", "Not for school", "Only for Birch", "Mr Oak", ">Home<"):
            assert hidden not in everything


def test_the_cards_follow_what_the_child_wants_to_talk_about(house: House) -> None:
    teacher = house.client(house.adult())
    house.said("sec-proud", "Proud words")
    house.said("sec-future", ["noidea"])
    house.said("mt-talk-about", ["future"], set_id="meeting")
    pages = [text(teacher.get(f"{house.at}/cards?card={number}")) for number in range(3)]
    assert "My future" in pages[0]
    assert "Proud words" in pages[2]
    assert 'rel="next"' in pages[0] and 'rel="prev"' not in pages[0]
    assert 'rel="next"' not in pages[2]


def test_the_cards_are_in_the_childs_language_with_english_beneath(
    app: Flask, session: Session, people: People
) -> None:
    house = House(app, session, people, language="ar")
    house.said("sec-how", ["good"])
    house.said("sec-goal", "أريد أن أتعلم السباحة", language="ar")
    client = house.client(house.adult())
    pages = [text(client.get(f"{house.at}/cards?card={number}")) for number in range(2)]
    faces = next(page for page in pages if ">Good<" in page)
    assert 'lang="ar" dir="rtl"' in faces and 'class="face"' in faces
    own = next(page for page in pages if "أتعلم السباحة" in page)
    assert own.count("أتعلم السباحة") == 1


def test_an_answer_taken_back_before_the_meeting_is_gone_from_the_cards(house: House) -> None:
    client = house.client(house.adult())
    answer = house.said("sec-proud", "Taken back")
    assert "Taken back" in text(client.get(f"{house.at}/cards"))
    answer.withdrawn_at = clock.now()
    house.session.commit()
    assert "Taken back" not in text(client.get(f"{house.at}/cards"))


def test_only_an_organiser_connected_today_opens_the_cards(house: House, people: People) -> None:
    house.said("sec-proud", "Proud")
    for role in (Role.carer, Role.key_worker, Role.iro):
        assert house.client(house.adult(role)).get(f"{house.at}/cards").status_code == 403
    stranger = people.adult(Role.designated_teacher)
    assert house.client(stranger).get(f"{house.at}/cards").status_code == 404


def test_without_shared_words_the_screen_says_why_it_is_empty(house: House) -> None:
    house.said("sec-proud", "Quiet", share="not-school")
    page = text(house.client(house.adult(Role.social_worker)).get(f"{house.at}/cards"))
    assert "Nothing to show yet" in page and "Quiet" not in page
