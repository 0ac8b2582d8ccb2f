"""The paper twin: printed without a name, typed in without touching what is theirs, sent only when the paper asks for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.audit import AuditEntry
from app.people.models import Pep, Person, Role
from app.voice.models import Answer, How, Response, SentAnswer, State
from app.wishes.models import Wish
from tests.factories import People, sign_in
from tests.forms import fill
from tests.voice.conftest import Voice, voice  # noqa: F401

PROUD = "sec-proud"


@dataclass
class Desk:
    """A worker with a paper in front of them."""

    app: Flask
    client: FlaskClient
    session: Session
    worker: Person
    young: Person
    pep: Pep

    def print_it(self, **data: str) -> TestResponse:
        """Press 'Show the paper' and look at it."""
        moved = fill(self.client, f"/staff/young-people/{self.young.id}/paper", data)
        assert moved.status_code == 303
        return self.client.get(moved.headers["Location"])

    def response(self, set_id: str = "secondary") -> Response:
        """Return the response that the paper names."""
        self.session.expire_all()
        return self.session.scalars(
            select(Response).where(Response.pep_id == self.pep.id, Response.set_id == set_id)
        ).one()

    def type_in(self, set_id: str = "secondary", **data: Any) -> TestResponse:
        """Fill in some of the long form and press Save. Names have '__' for the dot."""
        named = {n if n == "written_in" else n.replace("__", ".").replace("_", "-"): text for n, text in data.items()}
        return fill(self.client, f"/staff/paper/{self.response(set_id).id}", named)

    def text(self, set_id: str = "secondary") -> str:
        """Return the long form as it stands."""
        page = self.client.get(f"/staff/paper/{self.response(set_id).id}")
        assert page.status_code == 200
        return page.get_data(as_text=True)

    def draft(self, question_id: str = PROUD) -> Answer | None:
        """Return a draft as it is on the disk."""
        self.session.expire_all()
        return self.session.scalars(select(Answer).where(Answer.question_id == question_id)).one_or_none()

    def sent(self) -> dict[str, SentAnswer]:
        """Return what stands sent."""
        self.session.expire_all()
        rows = self.session.scalars(
            select(SentAnswer).where(SentAnswer.withdrawn_at.is_(None), SentAnswer.superseded_at.is_(None))
        )
        return {row.question_id: row for row in rows}


def _desk(app: Flask, session: Session, worker: Person, voice: Voice) -> Desk:
    client = app.test_client()
    sign_in(app, client, worker, way="worker")
    return Desk(app, client, session, worker, voice.person, voice.pep)


@pytest.fixture
def desk(app: Flask, session: Session, people: People, voice: Voice) -> Desk:
    """Ms Paper, who teaches Robin, has printed the paper."""
    found = _desk(app, session, people.connected(Role.designated_teacher, voice.person, "Ms Paper"), voice)
    assert found.print_it().status_code == 200
    return found


# -- printing ----------------------------------------------------------------------------------------------------------


def test_the_paper_has_every_question_and_no_name(desk: Desk) -> None:
    html = desk.print_it().get_data(as_text=True)
    page = html5lib.parse(html, namespaceHTMLElements=False)
    printed = [" ".join("".join(one.itertext()).split()) for one in page.iter("h3")]
    # The words before and after what is put into a question, such as the name of the school.
    whole = [re.split(r"\{\w+\}", question.ask) for question in _questions(desk)]
    assert len(whole) > 15
    for parts in whole:
        assert any(all(part.strip() in one for part in parts) for one in printed), parts
    assert "Robin" not in html and "Elm School" not in html and "Ms Paper" not in html
    assert str(desk.young.id) not in html.split("</main>")[0].split('class="sheet"', 1)[1]


def test_the_code_on_it_names_the_response(desk: Desk) -> None:
    from app.people.qr import draw

    html = desk.print_it().get_data(as_text=True)
    assert draw(f"http://127.0.0.1:8000/staff/paper/{desk.response().id}").path in html


def test_their_language_and_english_stand_side_by_side(
    app: Flask, session: Session, people: People, voice: Voice
) -> None:
    voice.person.language = "ar"
    session.commit()
    desk = _desk(app, session, people.connected(Role.social_worker, voice.person), voice)
    html = desk.print_it().get_data(as_text=True)
    assert '<html lang="ar" dir="rtl">' in html
    assert 'lang="ar" dir="rtl"' in html and 'lang="en-GB" dir="ltr"' in html


def test_a_language_without_questions_is_said_before_printing(
    app: Flask, session: Session, people: People, voice: Voice
) -> None:
    voice.person.language = "ti"
    session.commit()
    desk = _desk(app, session, people.connected(Role.social_worker, voice.person), voice)
    page = desk.client.get(f"/staff/young-people/{desk.young.id}/paper").get_data(as_text=True)
    assert "Tigrinya" in page and "interpreter" in page


def test_large_print_is_larger(desk: Desk) -> None:
    assert '<body class="large">' in desk.print_it(size="large").get_data(as_text=True)


def test_the_paper_comes_as_a_pdf(desk: Desk) -> None:
    made = desk.client.get(f"/staff/peps/{desk.pep.id}/paper.pdf")
    assert made.status_code == 200 and made.data.startswith(b"%PDF")


def test_printing_twice_makes_one_response_and_leaves_a_trace(desk: Desk, session: Session) -> None:
    desk.print_it()
    assert len(session.scalars(select(Response).where(Response.set_id == "secondary")).all()) == 1
    assert session.scalars(select(AuditEntry).where(AuditEntry.event == "paper.printed")).first() is not None


def test_a_printed_paper_does_not_look_like_a_beginning_to_the_child(desk: Desk, voice: Voice) -> None:
    assert "Say what you want" in voice.client.get("/home").get_data(as_text=True)


def test_a_question_that_hangs_on_another_says_so_in_words(desk: Desk) -> None:
    assert "Only if you ticked this in question" in desk.print_it().get_data(as_text=True)


def test_only_workers_connected_today_can_print_or_type(desk: Desk, app: Flask, people: People) -> None:
    stranger = app.test_client()
    sign_in(app, stranger, people.adult(Role.social_worker), way="worker")
    assert stranger.get(f"/staff/paper/{desk.response().id}").status_code == 404
    assert stranger.get(f"/staff/peps/{desk.pep.id}/paper").status_code == 404
    carer = app.test_client()
    sign_in(app, carer, people.connected(Role.carer, desk.young), way="link")
    assert carer.get(f"/staff/paper/{desk.response().id}").status_code == 403


# -- typing in ---------------------------------------------------------------------------------------------------------


def test_what_is_typed_in_is_kept_as_their_draft_marked_as_from_paper(desk: Desk) -> None:
    assert desk.type_in(sec_proud__answer="My bird box", written_in="en-GB").status_code == 303
    draft = desk.draft()
    assert draft is not None and draft.content["value"] == {"text": "My bird box"}
    assert (draft.how, draft.share, draft.state) == (How.paper, "pep", State.answered)
    assert "My bird box" in desk.text()
    assert desk.sent() == {}


def test_nothing_is_sent_unless_the_paper_asks_for_it(desk: Desk) -> None:
    desk.type_in(sec_proud__answer="My bird box")
    assert desk.sent() == {}
    desk.type_in(send="yes")
    sent = desk.sent()[PROUD]
    assert (sent.how, sent.by_role, sent.share) == ("paper", "designated_teacher", "pep")


def test_a_ticked_letter_decides_who_reads_it(desk: Desk) -> None:
    desk.type_in(sec_proud__answer="My bird box", sec_proud__share="not-home", send="yes")
    assert desk.sent()[PROUD].share == "not-home"


def test_a_question_that_always_asks_stays_unsent_without_a_letter(desk: Desk) -> None:
    asks = next(
        q for q in _questions(desk) if q.default_share == "ask" and q.type in ("long-text", "short-text") and not q.when
    )
    desk.type_in(**{asks.id.replace("-", "_") + "__answer": "Between us"}, send="yes")
    assert asks.id not in desk.sent()
    desk.type_in(**{asks.id.replace("-", "_") + "__share": "pep"}, send="yes")
    assert desk.sent()[asks.id].share == "pep"


def test_names_at_d_are_people_and_none_means_nobody_yet(desk: Desk) -> None:
    again = desk.type_in(sec_proud__answer="My bird box", sec_proud__share="chosen", send="yes")
    assert again.status_code == 422 and "My bird box" in again.get_data(as_text=True)
    assert desk.sent() == {}
    desk.type_in(sec_proud__share="chosen", sec_proud__who=str(desk.worker.id), send="yes")
    assert desk.sent()[PROUD].chosen == [str(desk.worker.id)]


def test_no_say_on_paper_is_an_answer(desk: Desk) -> None:
    desk.type_in(**{"sec_proud__no_say": "yes"}, send="yes")
    assert desk.sent()[PROUD].state == "no-say"


def test_one_line_that_cannot_be_read_keeps_nothing_else_back(desk: Desk) -> None:
    long = next(q.id for q in _questions(desk) if q.type == "long-text" and q.id != PROUD and not q.when)
    again = desk.type_in(
        **{long.replace("-", "_") + "__answer": "x" * 5000}, sec_proud__answer="My bird box", send="yes"
    )
    assert again.status_code == 422 and "x" * 5000 in again.get_data(as_text=True)
    assert desk.draft() is not None and desk.sent() == {}


def test_what_they_typed_themselves_is_never_overwritten_nor_shown(desk: Desk, voice: Voice) -> None:
    base = voice.begin()
    voice.answer(f"{base}/{PROUD}", answer="My own secret words")
    html = desk.text()
    assert "My own secret words" not in html and "answered this themselves" in html
    token = voice.token_of(f"{base}/{PROUD}")
    assert token
    fields = {"csrf_token": _token(html), f"{PROUD}.answer": "From paper", f"{PROUD}.seen": "0"}
    desk.client.post(f"/staff/paper/{desk.response().id}", data=fields)
    draft = desk.draft()
    assert draft is not None and draft.content["value"] == {"text": "My own secret words"} and draft.how == "self"


def test_an_answer_given_while_the_form_was_open_wins(desk: Desk, voice: Voice) -> None:
    html = desk.text()
    base = voice.begin()
    voice.answer(f"{base}/{PROUD}", answer="Mine")
    fields = {"csrf_token": _token(html), f"{PROUD}.answer": "From paper", f"{PROUD}.seen": "0", "send": "yes"}
    page = desk.client.post(f"/staff/paper/{desk.response().id}", data=fields, follow_redirects=True)
    assert "theirs already" in page.get_data(as_text=True)
    draft = desk.draft()
    assert draft is not None and draft.content["value"] == {"text": "Mine"}
    assert desk.sent() == {}


def test_sending_the_paper_does_not_send_what_they_are_still_writing(desk: Desk, voice: Voice) -> None:
    base = voice.begin()
    other = next(q.id for q in _questions(desk) if q.type == "long-text" and q.id != PROUD and not q.when)
    voice.answer(f"{base}/{other}", answer="Still thinking")
    desk.type_in(sec_proud__answer="My bird box", send="yes")
    assert set(desk.sent()) == {PROUD}


def test_another_adult_is_not_shown_what_the_first_typed_in(
    app: Flask, session: Session, people: People, voice: Voice, desk: Desk
) -> None:
    desk.type_in(sec_proud__answer="Not for school", sec_proud__share="not-school")
    other = _desk(app, session, people.connected(Role.social_worker, voice.person, "Mx Other"), voice)
    html = other.text()
    assert "Not for school" not in html and "Somebody else has typed this in" in html


def test_what_was_typed_in_by_mistake_can_be_taken_out_again(desk: Desk) -> None:
    desk.type_in(sec_proud__answer="Wrong child", send="yes")
    desk.type_in(sec_proud__answer="", send="yes")
    assert desk.sent() == {}
    draft = desk.draft()
    assert draft is not None and draft.state == State.skipped


def test_saving_again_changes_nothing(desk: Desk) -> None:
    desk.type_in(sec_proud__answer="My bird box", send="yes")
    first = desk.sent()[PROUD].id
    desk.type_in(send="yes")
    draft = desk.draft()
    assert draft is not None and draft.version == 1 and desk.sent()[PROUD].id == first


def test_what_an_adult_saw_in_a_small_child_is_never_marked_as_the_childs_own_paper(
    app: Flask, session: Session, people: People
) -> None:
    small = people.young_person("Kit", year_group=0)
    pep = people.pep(small)
    worker = people.connected(Role.key_worker, small)
    client = app.test_client()
    sign_in(app, client, worker, way="worker")
    desk = Desk(app, client, session, worker, small, pep)
    desk.print_it()
    question = next(q for q in _questions(desk, "early-years") if q.type in ("long-text", "short-text"))
    desk.type_in("early-years", **{question.id.replace("-", "_") + "__answer": "Kit builds towers"})
    draft = desk.draft(question.id)
    assert draft is not None and draft.how == How.observed
    assert "one thing you want to happen" not in desk.text("early-years"), (
        "what an adult wishes is not the child's wish"
    )


# -- a wish ------------------------------------------------------------------------------------------------------------

WISH = "Please change my seat in maths"


def wishes(desk: Desk) -> list[Wish]:
    desk.session.expire_all()
    return list(desk.session.scalars(select(Wish)))


def test_the_paper_asks_for_a_wish_at_the_end_of_each_set(desk: Desk) -> None:
    html = desk.print_it().get_data(as_text=True)
    assert html.count("Is there one thing you want to happen?") == html.count('class="sheet"') > 1


def test_a_wish_is_typed_in_as_from_paper_and_stands_on_the_childs_page(desk: Desk, voice: Voice) -> None:
    assert desk.type_in(wish__words=WISH, wish__share="not-home", send="yes").status_code == 303
    [wish] = wishes(desk)
    assert (wish.words, wish.share, wish.raised_by, wish.raised_by_id) == (WISH, "not-home", "paper", desk.worker.id)
    assert (wish.young_person_id, wish.pep_id) == (desk.young.id, desk.pep.id)
    home = voice.client.get("/home").get_data(as_text=True)
    assert WISH in home and "You wrote it on paper. Ms Paper, your teacher for your PEP, typed it in." in home
    assert "typed in from paper by Ms Paper" in desk.client.get(f"/staff/wishes/{wish.id}").get_data(as_text=True)
    assert WISH not in desk.text() and "typed in from this paper already" in desk.text()


def test_saving_a_paper_with_a_wish_twice_makes_one_wish(desk: Desk) -> None:
    html = desk.text()
    fields = {"csrf_token": _token(html), "wish.words": WISH, "send": "yes"}
    for _time in range(2):
        assert desk.client.post(f"/staff/paper/{desk.response().id}", data=fields).status_code == 303
    assert len(wishes(desk)) == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Type it in only if the last box on the paper is ticked."),
        ({"wish__share": "unsent", "send": "yes"}, "E means that the wish stays with them."),
        ({"wish__share": "chosen", "send": "yes"}, "Pick the people whose names are on the paper."),
        ({"wish__words": "x" * 2001, "send": "yes"}, "more than a wish can hold"),
    ],
)
def test_a_wish_that_cannot_be_made_keeps_its_words_on_the_form_and_the_answers_saved(
    desk: Desk, fields: dict[str, str], says: str
) -> None:
    typed = {"wish__words": WISH, "sec_proud__answer": "My bird box", **fields}
    again = desk.type_in(**typed)
    assert again.status_code == 422 and says in again.text and typed["wish__words"] in again.text
    assert wishes(desk) == [] and desk.draft() is not None


def test_an_answer_that_needs_another_look_holds_the_wish_back_too(desk: Desk) -> None:
    again = desk.type_in(sec_proud__answer="My bird box", sec_proud__share="chosen", wish__words=WISH, send="yes")
    assert again.status_code == 422 and WISH in again.text and wishes(desk) == []


# -- the young person sees it ------------------------------------------------------------------------------------------


def test_the_child_is_told_until_they_have_looked(desk: Desk, voice: Voice) -> None:
    desk.type_in(sec_proud__answer="My bird box")
    for where in ("/home", "/voice/"):
        html = voice.client.get(where).get_data(as_text=True)
        assert "Ms Paper, your teacher for your PEP, typed in your paper answers" in html, where
    check = voice.client.get(f"/voice/{desk.response().id}/check").get_data(as_text=True)
    assert "My bird box" in check and "From your paper" in check
    for where in ("/home", "/voice/"):
        assert "typed in your paper answers" not in voice.client.get(where).get_data(as_text=True), where


def test_the_child_corrects_it_and_it_is_theirs_from_then_on(desk: Desk, voice: Voice) -> None:
    desk.type_in(sec_proud__answer="My bird bocks", send="yes")
    base = voice.begin()
    voice.answer(f"{base}/{PROUD}", answer="My bird box")
    draft = desk.draft()
    assert draft is not None and draft.how == "self"
    assert "My bird box" not in desk.text()
    fill(voice.client, f"{base}/check", action=f"{base}/send")
    assert desk.sent()[PROUD].how == "self" and desk.sent()[PROUD].revision == 2


def test_the_child_sees_in_mine_who_printed_and_typed(desk: Desk, voice: Voice) -> None:
    desk.type_in(sec_proud__answer="My bird box")
    html = voice.client.get("/mine").get_data(as_text=True)
    assert "printed your questions on paper" in html and "typed in your paper answers" in html


def _questions(desk: Desk, set_id: str = "secondary") -> list[Any]:
    from app.questions.library import library
    from app.voice.paper import facts_of, on_paper

    assert desk.young.young is not None
    return list(on_paper(library().latest(set_id), facts_of(desk.young.young), short=False))


def _token(html: str) -> str:
    return html.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
