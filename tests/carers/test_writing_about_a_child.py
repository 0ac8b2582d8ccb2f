"""A carer or key worker says what they see at home: the same pages, their own questions, kept apart for each child."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from app.core import clock
from app.people.models import Connection, Role
from app.voice.models import KeptWords, Response, SentAnswer
from tests.carers.conftest import Family
from tests.factories import sign_in
from tests.forms import fill


def test_a_carer_is_told_who_reads_it_before_the_first_question(family: Family) -> None:
    answer = fill(family.carer.client, "/carer/", action=f"/carer/{family.robin.id}/start")
    html = family.carer.client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Ms Alder" in html and "Mr Birch" in html and "may read them now or later" in html
    assert "Do not use this form: ring" in html


def test_a_key_workers_notice_says_that_nobody_else_in_the_home_can_open_it(family: Family) -> None:
    worker = family.at_home(family.people.connected(Role.key_worker, family.robin, "Mr Hornbeam"))
    base = worker.begin(family.robin)
    html = worker.client.get(f"{base}/").get_data(as_text=True)
    assert "Other staff in the home cannot open this form" in html
    assert worker.client.get(f"{base}/kw-proud").status_code == 200


def test_what_a_carer_writes_is_saved_as_they_go(family: Family) -> None:
    base = family.carer.begin(family.robin)
    answer = family.carer.answer(f"{base}/car-proud", answer="Robin cooked for all of us")
    assert answer.status_code == 303
    assert family.carer.drafts(base)["car-proud"].content["value"] == {"text": "Robin cooked for all of us"}
    assert "Go on where you stopped" in family.carer.client.get("/carer/").get_data(as_text=True)


def test_the_question_pages_speak_of_the_child_and_not_to_a_child(family: Family) -> None:
    base = family.carer.begin(family.robin)
    html = family.carer.client.get(f"{base}/car-proud").get_data(as_text=True)
    assert "What has Robin done that you are proud of?" in html
    assert "I don&#39;t want to say" not in html


def test_a_carers_words_stand_after_the_childs_own_and_under_their_name(family: Family) -> None:
    child = family.app.test_client()
    sign_in(family.app, child, family.robin)
    family.carer.begin(family.robin)
    from tests.voice.conftest import Voice

    voice = Voice(family.app, child, family.people.session, family.robin, family.pep)
    own = voice.begin()
    voice.answer(f"{own}/sec-proud", answer="My fox drawing")
    fill(child, f"{own}/check", action=f"{own}/send")
    base = family.carer.begin(family.robin)
    family.carer.answer(f"{base}/car-proud", answer="Robin is patient with the little ones")
    assert family.carer.send(base).headers["Location"].endswith("/sent")
    html = family.record(family.teacher)
    assert html.index("My fox drawing") < html.index("What the people at home say") < html.index("patient with the")
    assert "Juniper" in html
    own_page = family.own_record()
    assert own_page.index("My fox drawing") < own_page.index("What the people you live with say")
    assert "patient with the little ones" in own_page


def test_a_child_does_not_see_what_is_not_for_them_for_now(family: Family) -> None:
    base = family.carer.begin(family.robin)
    family.carer.answer(f"{base}/car-wellbeing", answer="Sleeps badly since the summer")
    family.carer.share(base, "car-wellbeing", "not-child")
    family.carer.send(base)
    assert "Sleeps badly" not in family.own_record()
    assert "Sleeps badly" in family.record(family.social_worker)


def test_an_answer_that_needs_a_choice_is_not_sent_without_one(family: Family) -> None:
    base = family.carer.begin(family.robin)
    family.carer.answer(f"{base}/car-says", answer="Maths is loud")
    family.carer.send(base)
    assert "Maths is loud" not in family.record(family.teacher)


def test_a_carer_cannot_choose_what_only_a_child_may(family: Family) -> None:
    base = family.carer.begin(family.robin)
    family.carer.answer(f"{base}/car-proud", answer="Cooks")
    assert family.carer.share(base, "car-proud", "not-school").status_code == 422


def test_a_child_cannot_use_the_carers_choice_for_their_own_words(family: Family) -> None:
    child = family.app.test_client()
    sign_in(family.app, child, family.robin)
    from tests.voice.conftest import Voice

    voice = Voice(family.app, child, family.people.session, family.robin, family.pep)
    own = voice.begin()
    voice.answer(f"{own}/sec-proud", answer="Mine")
    assert fill(child, f"{own}/check/sec-proud", {"share": "not-child"}).status_code == 422


def test_other_people_at_home_do_not_read_what_a_carer_wrote(family: Family) -> None:
    base = family.carer.begin(family.robin)
    family.carer.answer(f"{base}/car-proud", answer="Written by Juniper alone")
    family.carer.send(base)
    other = family.people.connected(Role.carer, family.robin, "Second")
    adviser = family.people.connected(Role.personal_adviser, family.robin, "Mr Aspen")
    assert "Juniper alone" not in family.record(other)
    assert "Juniper alone" not in family.record(adviser)
    assert "Juniper alone" in family.record(family.carer.adult)


def test_two_carers_of_one_child_have_a_form_each(family: Family) -> None:
    second = family.at_home(family.people.connected(Role.carer, family.robin, "Second"))
    mine, theirs = family.carer.begin(family.robin), second.begin(family.robin)
    assert mine != theirs
    family.carer.answer(f"{mine}/car-proud", answer="First carer")
    second.answer(f"{theirs}/car-proud", answer="Second carer")
    assert family.carer.client.get(f"{theirs}/car-proud").status_code == 404
    family.carer.send(mine)
    second.send(theirs)
    html = family.record(family.teacher)
    assert "First carer" in html and "Second carer" in html


def test_a_carer_with_two_children_keeps_them_apart(family: Family) -> None:
    wren = family.people.young_person("Wren", year_group=4)
    family.people.pep(wren)
    family.people.connect(family.carer.adult, wren)
    about_robin, about_wren = family.carer.begin(family.robin), family.carer.begin(wren)
    family.carer.answer(f"{about_robin}/car-proud", answer="This is about the older one")
    assert "car-proud" not in family.carer.drafts(about_wren)
    html = family.carer.client.get(f"{about_wren}/car-proud").get_data(as_text=True)
    assert "What has Wren done" in html and "older one" not in html
    family.carer.send(about_robin)
    rows = family.people.session.scalars(select(SentAnswer.young_person_id)).all()
    assert set(rows) == {family.robin.id}


def test_beginning_twice_begins_one(family: Family) -> None:
    assert family.carer.begin(family.robin) == family.carer.begin(family.robin)
    assert family.people.session.scalar(select(func.count()).select_from(Response)) == 1


def _ends_today(family: Family) -> None:
    row = family.people.session.scalars(select(Connection).where(Connection.adult_id == family.carer.adult.id)).one()
    row.ends_on = clock.today()
    family.people.session.commit()


def test_what_a_carer_was_writing_is_kept_and_closed_to_them_the_day_the_child_moves(family: Family) -> None:
    base = family.carer.begin(family.robin)
    family.carer.answer(f"{base}/car-proud", answer="Half way")
    _ends_today(family)
    for address in (f"{base}/car-proud", f"{base}/check", f"{base}/"):
        page = family.carer.client.get(address)
        assert page.status_code == 404
        assert "What you wrote is kept" in page.get_data(as_text=True)
    assert "Robin" not in family.carer.client.get("/carer/").get_data(as_text=True)
    assert family.carer.drafts(base)["car-proud"].content["value"] == {"text": "Half way"}


def test_words_typed_at_the_moment_of_the_move_are_put_aside(family: Family) -> None:
    base = family.carer.begin(family.robin)
    page = family.carer.client.get(f"{base}/car-proud").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    _ends_today(family)
    typed = {"answer": "One last thing", "seen": "0", "do": "next", "csrf_token": token}
    assert family.carer.client.post(f"{base}/car-proud", data=typed).status_code == 404
    kept = family.people.session.scalars(select(KeptWords)).one()
    assert kept.kept["answer"] == ["One last thing"] and kept.person_id == family.carer.adult.id


def test_nothing_is_sent_after_the_child_has_moved(family: Family) -> None:
    base = family.carer.begin(family.robin)
    family.carer.answer(f"{base}/car-proud", answer="Too late")
    page = family.carer.client.get(f"{base}/check").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    _ends_today(family)
    assert family.carer.client.post(f"{base}/send", data={"csrf_token": token}).status_code == 404
    assert family.people.session.scalar(select(func.count()).select_from(SentAnswer)) == 0


def test_a_stranger_cannot_begin_about_a_child(family: Family) -> None:
    stranger = family.at_home(family.people.adult(Role.carer, "Stranger"))
    token = _token(stranger.client)
    page = stranger.client.post(f"/carer/{family.robin.id}/start", data={"csrf_token": token})
    assert page.status_code == 404


def test_nothing_is_asked_about_a_care_leaver(family: Family) -> None:
    sam = family.people.young_person("Sam", care="care_leaver", year_group=None)
    family.people.pep(sam)
    family.people.connect(family.carer.adult, sam)
    token = _token(family.carer.client)
    assert family.carer.client.post(f"/carer/{sam.id}/start", data={"csrf_token": token}).status_code == 404


def test_a_meeting_that_was_moved_back_opens_the_form_again(family: Family) -> None:
    base = family.carer.begin(family.robin)
    family.carer.answer(f"{base}/car-proud", answer="Waits")
    family.pep.meeting_on = clock.today() - timedelta(days=1)
    family.people.session.commit()
    assert "not sent" in family.carer.client.get(f"{base}/check").get_data(as_text=True)
    family.pep.meeting_on = clock.today() + timedelta(days=5)
    family.people.session.commit()
    assert family.carer.send(base).headers["Location"].endswith("/sent")


def test_the_carers_page_gives_no_hint_of_what_a_child_keeps_from_home(family: Family) -> None:
    before = family.carer.client.get("/carer/").get_data(as_text=True)
    child = family.app.test_client()
    sign_in(family.app, child, family.robin)
    from tests.voice.conftest import Voice

    voice = Voice(family.app, child, family.people.session, family.robin, family.pep)
    own = voice.begin()
    voice.answer(f"{own}/sec-proud", answer="Only for school")
    fill(child, f"{own}/check/sec-proud", {"share": "not-home"})
    family.carer.client.get("/carer/")
    after = family.carer.client.get("/carer/").get_data(as_text=True)
    strip = lambda html: html.split("<main", 1)[1].replace(_token_in(html), "")  # noqa: E731
    assert strip(before) == strip(after)
    assert "Only for school" not in family.record(family.carer.adult)


def test_a_carers_words_are_no_sign_that_the_child_has_answered(family: Family) -> None:
    base = family.carer.begin(family.robin)
    family.carer.answer(f"{base}/car-proud", answer="From home")
    family.carer.send(base)
    assert "Not sent yet." in family.carer.client.get("/carer/").get_data(as_text=True)
    teacher = family.app.test_client()
    sign_in(family.app, teacher, family.teacher, way="worker")
    assert "New words came in" not in teacher.get("/home").get_data(as_text=True)
    child = family.app.test_client()
    sign_in(family.app, child, family.robin)
    assert "From home" not in child.get("/mine/keepsake").get_data(as_text=True)
    assert "My learning" in child.get("/voice/").get_data(as_text=True)


def _token_in(html: str) -> str:
    return html.split('name="csrf_token" value="')[1].split('"')[0]


def _token(client) -> str:  # type: ignore[no-untyped-def]
    return _token_in(client.get("/carer/").get_data(as_text=True))


def test_an_answer_kept_from_the_child_later_is_hidden_from_them_at_once(family: Family) -> None:
    base = family.carer.begin(family.robin)
    family.carer.answer(f"{base}/car-hopes", answer="That it lasts")
    family.carer.send(base)
    assert "That it lasts" in family.own_record()
    family.carer.share(base, "car-hopes", "not-child")
    assert "That it lasts" not in family.own_record()
    assert "That it lasts" in family.record(family.teacher)
    family.carer.share(base, "car-hopes", "unsent")
    assert "That it lasts" not in family.record(family.teacher)


def test_a_worker_cannot_lift_a_wish_of_the_child_from_what_a_carer_wrote(family: Family) -> None:
    base = family.carer.begin(family.robin)
    family.carer.answer(f"{base}/car-want-school", answer="A quieter room")
    family.carer.send(base)
    answer = family.people.session.scalars(select(SentAnswer)).one()
    teacher = family.app.test_client()
    sign_in(family.app, teacher, family.teacher, way="worker")
    assert teacher.get(f"/staff/peps/{family.pep.id}/wishes/{answer.id}").status_code == 404
