"""The child's PEP on a page: what may lie about on paper, in whose language, and for a child without a phone."""

from __future__ import annotations

import re

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.people.models import Role
from app.pep.models import MeetingDecision, SectionLine
from app.voice.models import Response
from app.wishes.models import Wish
from tests.factories import People, sign_in
from tests.forms import fields_of, fill
from tests.pep.meeting_house import House, text


def page_of(house: House, client: FlaskClient | None = None) -> str:
    """Return the child's page as they see it."""
    return text((client or house.client(house.robin)).get(f"/mine/peps/{house.pep.id}/page"))


def on_paper(page: str) -> str:
    """Return what of a page is printed: everything but what is marked as not for paper."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)

    def words(element) -> str:  # type: ignore[no-untyped-def]
        hidden = "no-print" in (element.get("class") or "").split()
        inner = "" if hidden else (element.text or "") + "".join(words(one) for one in element)
        return inner + (element.tail or "")

    return words(tree.find(".//main"))


def beside(house: House) -> FlaskClient:
    """Return the device of the carer while Robin sits beside them."""
    carer = house.adult(Role.carer, "Juniper")
    client = house.app.test_client()
    sign_in(house.app, client, house.robin, way="beside", helper=carer)
    return client


def test_a_wish_for_the_meeting_kept_from_home_never_stands_on_the_page(house: House) -> None:
    house.said("mt-not-miss", "Not my dance class", set_id="meeting", share="not-home")
    house.said("mt-where", ["home"], set_id="meeting")
    teacher = house.client(house.adult())
    house.tick(teacher, "mt-not-miss", "no", "the hall is taken")
    house.tick(teacher, "mt-where", "no", "the house is full")
    house.close(teacher)
    page = page_of(house)
    assert "the house is full" in on_paper(page)
    assert "Not my dance class" not in page and "the hall is taken" not in on_paper(page)
    assert "the hall is taken" in page, "the child still hears what became of it"
    assert beside(house).get(f"/mine/peps/{house.pep.id}/page").status_code == 404


def test_a_decision_beside_words_kept_from_home_is_on_the_childs_screen_and_not_on_paper(house: House) -> None:
    kept = house.said("sec-goal", "Kept from home", share="not-home")
    teacher = house.client(house.adult())
    house.decide(teacher, "A quiet room at lunch", beside=str(kept.id))
    house.decide(teacher, "A note each Friday")
    house.answer(teacher, "desirable-outcomes", "find you a quiet room")
    house.close(teacher)
    page = page_of(house)
    assert "A quiet room at lunch" in page and "find you a quiet room" in page
    assert "only on your screen" in page
    for words in ("A quiet room at lunch", "find you a quiet room", "Kept from home", "only on your screen"):
        assert words not in on_paper(page)
    assert "A note each Friday" in on_paper(page)
    other = text(teacher.get(f"{house.at}/page"))
    assert "A note each Friday" in other
    assert "quiet room" not in other and "Kept from home" not in other


def test_words_that_were_shared_with_all_and_then_with_fewer_take_the_decision_off_the_paper(house: House) -> None:
    first = house.said("sec-goal", "Move maths set")
    teacher = house.client(house.adult())
    house.decide(teacher, "Ask about set 3", beside=str(first.id))
    house.answer(teacher, "desirable-outcomes", "ask about it")
    first.superseded_at, first.revision = first.sent_at, 0
    house.session.commit()
    house.said("sec-goal", "Move maths set", share="not-school")
    house.close(teacher)
    page = page_of(house)
    assert "Ask about set 3" in page
    assert "Ask about set 3" not in on_paper(page) and "ask about it" not in on_paper(page)


def test_an_answer_to_a_section_in_which_something_is_kept_is_not_printed(house: House) -> None:
    house.said("sec-proud", "I built a bird box")
    house.said("sec-strengths", ["maths"], share="not-home")
    teacher = house.client(house.adult())
    house.answer(teacher, "about-me", "speak to your uncle first")
    house.close(teacher)
    page = page_of(house)
    assert "I built a bird box" in on_paper(page)
    assert "speak to your uncle first" in page and "speak to your uncle first" not in on_paper(page)


def a_wish(house: House, words: str, share: str = "pep", language: str = "en-GB") -> Wish:
    """Return a wish the child said by itself, for this PEP."""
    wish = Wish(
        key=words,
        young_person_id=house.robin.id,
        pep_id=house.pep.id,
        section="wellbeing-relationships",
        words=words,
        language=language,
        share=share,
        raised_by="child",
        raised_by_id=house.robin.id,
        raised_at=clock.now(),
    )
    house.session.add(wish)
    house.session.commit()
    return wish


def test_a_wish_said_by_itself_stands_above_what_is_done_about_it(house: House) -> None:
    wish = a_wish(house, "A key for the music room")
    kept = a_wish(house, "Not for home", share="not-home")
    teacher = house.client(house.adult())
    house.decide(teacher, "You get a key", beside=f"wish:{wish.id}")
    house.decide(teacher, "We talk on Monday", beside=f"wish:{kept.id}")
    house.close(teacher)
    page = page_of(house)
    assert on_paper(page).index("A key for the music room") < on_paper(page).index("You get a key")
    assert "Not for home" not in page and "We talk on Monday" not in on_paper(page)


# -- in their language ---------------------------------------------------------------------------------------------------

KEY = "تحصل على مفتاح"
LATER = "نراه معك"


@pytest.fixture
def arabic(house: House) -> House:
    """Robin reads Arabic."""
    house.robin.language = "ar"
    house.session.commit()
    return house


def test_what_adults_wrote_is_read_in_the_childs_language(arabic: House) -> None:
    house = arabic
    wish = a_wish(house, "أريد مفتاحا", language="ar")
    house.said("sec-proud", "أنا فخور", language="ar")
    house.said("mt-where", ["home"], set_id="meeting")
    teacher = house.client(house.adult())
    house.decide(teacher, "You get a key", beside=f"wish:{wish.id}", other=KEY)
    house.answer(teacher, "about-me", "see it with you")
    house.tick(teacher, "mt-where", "no", "the house is full", other="البيت ممتلئ", other_language="ar")
    assert "1 thing for Robin is not in Arabic yet" in text(teacher.get(f"{house.at}/close"))
    house.close(teacher)
    page = page_of(house)
    assert KEY in page and "You get a key" not in page
    assert "البيت ممتلئ" in page and "the house is full" not in page
    assert "see it with you" in page, "better than nothing"
    home = text(house.client(house.robin).get("/home"))
    assert KEY in home and "You get a key" not in home, "the wish moved on in the same words"
    # An interpreter may take days: the meeting is closed, the words still come.
    line = house.session.scalars(select(SectionLine)).one()
    action = f"{house.at}/words/{line.id}"
    assert fill(teacher, f"{house.at}/decisions", {"words": LATER}, action=action).status_code == 303
    page = page_of(house)
    assert LATER in page and "see it with you" not in page


def test_words_that_changed_do_not_keep_an_old_translation(arabic: House) -> None:
    house = arabic
    teacher = house.client(house.adult())
    house.decide(teacher, "You get a key on Monday", other=KEY)
    row = house.session.scalars(select(MeetingDecision)).one()
    address = f"{house.at}/decisions"
    forms = re.findall(r"<form.*?</form>", text(teacher.get(address)), re.S)
    mine = next(one for one in forms if f'name="decision" value="{row.id}"' in one)
    assert KEY in mine
    _action, form = fields_of(mine)
    teacher.post(address, data={**form, "words": "You get a key on Friday"})
    assert house.now(row).others is None, "the Arabic says Monday"
    teacher.post(
        address, data={**form, "seen": "4", "was": "You get a key on Friday", "words": "On Friday", "other": LATER}
    )
    assert house.now(row).others == {"ar": LATER}


def test_two_who_add_the_same_words_do_not_write_over_each_other(arabic: House) -> None:
    house = arabic
    teacher = house.client(house.adult())
    house.decide(teacher, "You get a key")
    row = house.session.scalars(select(MeetingDecision)).one()
    action = f"{house.at}/words/{row.id}"
    _action, form = fields_of(text(teacher.get(f"{house.at}/decisions")), action=action)
    teacher.post(action, data={**form, "words": KEY})
    late = teacher.post(action, data={**form, "words": LATER}, follow_redirects=True)
    assert "Somebody else has just put them in this language" in text(late)
    assert house.now(row).others == {"ar": KEY}
    assert teacher.post(action, data={**form, "words": KEY}).status_code == 303


def test_nobody_else_puts_words_there(arabic: House) -> None:
    house = arabic
    teacher = house.client(house.adult())
    house.decide(teacher, "You get a key")
    row = house.session.scalars(select(MeetingDecision)).one()
    action = f"{house.at}/words/{row.id}"
    _action, form = fields_of(text(teacher.get(f"{house.at}/decisions")), action=action)
    stranger = house.client(house.people.adult(Role.designated_teacher, "Ms Oak"))
    _own, own = fields_of(text(stranger.get("/mine")))
    answer = stranger.post(action, data={**form, "csrf_token": own["csrf_token"], "words": KEY})
    assert answer.status_code == 404
    assert house.now(row).others is None


# -- for a child without a phone -----------------------------------------------------------------------------------------


def test_an_organiser_prints_the_page_in_the_childs_language_and_says_who_told_them(arabic: House) -> None:
    house = arabic
    house.said("sec-proud", "أنا فخور", language="ar")
    teacher = house.client(house.adult())
    assert teacher.get(f"{house.at}/page").status_code == 404, "not before it is closed"
    house.answer(teacher, "about-me", "show it at the fair", other=LATER)
    house.close(teacher)
    page = text(teacher.get(f"{house.at}/page"))
    assert 'lang="ar" dir="rtl"' in page and "أنا فخور" in page and LATER in page
    assert "What we heard" not in page
    checklist = text(teacher.get(house.at))
    assert f"{house.at}/page" in checklist and "no phone and no e-mail address" in checklist
    action, form = fields_of(checklist, action=f"{house.at}/told")
    for _press in range(2):
        assert teacher.post(action, data=form).status_code == 303
    assert "Ms Alder told them on" in text(teacher.get(house.at))
    events = [row.event for row in house.session.scalars(select(AuditEntry))]
    assert events.count("meeting.told") == 1 and events.count("meeting.page-printed") == 1


def test_a_page_that_was_changed_is_told_again(house: House) -> None:
    teacher = house.client(house.adult())
    house.close(teacher)
    fill(teacher, house.at, action=f"{house.at}/told")
    fill(teacher, house.at, {"why": "a wrong day"}, action=f"{house.at}/reopen")
    house.close(teacher)
    assert "They have been told" in text(teacher.get(house.at))


def test_an_organiser_prints_nothing_that_they_may_not_read(house: House) -> None:
    house.said("sec-proud", "Not for the teacher", share="not-school")
    house.said("sec-goal", "For all")
    teacher, worker = house.client(house.adult()), house.client(house.adult(Role.social_worker, "Mr Birch"))
    house.answer(worker, "about-me", "talk about it")
    house.answer(worker, "desirable-outcomes", "do it")
    house.close(worker)
    for client in (teacher, worker):
        page = text(client.get(f"{house.at}/page"))
        assert "For all" in page and "Not for the teacher" not in page and "talk about it" not in page
    assert house.client(house.adult(Role.carer, "Juniper")).get(f"{house.at}/page").status_code in (403, 404)


def test_a_care_leavers_page_is_not_printed_by_school(app: Flask, session: Session, people: People) -> None:
    house = House(app, session, people, care="care_leaver")
    house.said("sec-goal", "For my adviser")
    adviser = house.client(house.adult(Role.personal_adviser, "Mr Elm"))
    teacher = house.client(house.adult())
    house.answer(adviser, "desirable-outcomes", "do it")
    house.close(adviser)
    assert "For my adviser" in text(adviser.get(f"{house.at}/page"))
    assert "For my adviser" not in text(teacher.get(f"{house.at}/page"))


def test_a_decision_about_words_that_home_kept_from_the_child_is_not_on_their_page(house: House) -> None:
    carer, teacher = house.adult(Role.carer, "Juniper"), house.client(house.adult())
    row = house.said("car-says", "They worry about the move", set_id="carer", share="not-child")
    row.by_person_id, row.by_role = carer.id, "carer"
    house.session.commit()
    house.decide(teacher, "Talk to the carer first", beside=str(row.id))
    decided = house.session.scalars(select(MeetingDecision)).first()
    if decided is None:  # where nobody decides beside such words yet, a row stands for one
        decided = MeetingDecision(
            pep_id=house.pep.id, words="Talk to the carer first", language="en-GB", by_id=carer.id
        )
        decided.sent_answer_id, decided.at = row.id, clock.now()
        house.session.add(decided)
        house.session.commit()
    house.close(teacher)
    assert "Talk to the carer first" not in page_of(house)
    assert "Talk to the carer first" not in text(teacher.get(f"{house.at}/page"))


def test_how_it_was_is_asked_on_paper_too_and_typed_in(house: House) -> None:
    teacher = house.client(house.adult())
    house.close(teacher)
    choice = f"/staff/young-people/{house.robin.id}/paper?set=after-meeting"
    assert choice in text(teacher.get(house.at)).replace("&amp;", "&")
    paper = text(fill(teacher, choice, {"size": "usual"}, follow_redirects=True))
    assert "Did you get your say?" in paper and "What has gone well" not in paper
    response = house.session.scalars(select(Response)).one()
    assert response.set_id == "after-meeting"
    typing = f"/staff/paper/{response.id}"
    assert fill(teacher, typing, {"am-say.answer": "fully", "am-say.share": "pep", "send": "yes"}).status_code == 303
    assert "Did you get your say?" in text(teacher.get(house.at))


# -- plain words ---------------------------------------------------------------------------------------------------------


def test_every_box_whose_words_the_child_reads_on_the_page_gives_hints(house: House) -> None:
    house.said("sec-proud", "Proud")
    house.said("mt-where", ["home"], set_id="meeting")
    teacher = house.client(house.adult())
    decisions, checklist = text(teacher.get(f"{house.at}/decisions")), text(teacher.get(house.at))
    for page, names in ((decisions, ("words-new", "line-about-me")), (checklist, ("why-mt-where",))):
        for name in names:
            box = page[: page.index(f'id="{name}"')].rpartition('<div class="field"')[2]
            assert "/staff/plain-words?box=" in box, name
    token = fields_of(checklist)[1]["csrf_token"]
    said = teacher.post("/staff/plain-words?box=why", data={"why": "Your placement changed", "csrf_token": token})
    assert "‘placement’" in text(said)
