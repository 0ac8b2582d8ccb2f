"""Answering, one question at a time: nothing is lost, nothing is doubled."""

from __future__ import annotations

from sqlalchemy import func, select

from app.voice.models import Answer
from tests.voice.conftest import Voice


def test_the_list_says_what_is_asked_and_how_long_it_takes(voice: Voice) -> None:
    page = voice.client.get("/voice/").get_data(as_text=True)
    assert "My learning" in page and "How my meeting should be" in page and "minutes" in page


def test_who_will_read_it_is_said_before_the_first_question(voice: Voice) -> None:
    answer = voice.client.post("/voice/start", data={"set": "secondary", "csrf_token": voice.token()})
    assert answer.status_code == 303
    page = voice.client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Until you press Send, nobody sees it" in page
    first = f"{answer.headers['Location']}sec-how"
    assert voice.client.get(first).status_code == 303


def test_an_answer_is_on_the_disk_before_the_next_question_comes(voice: Voice) -> None:
    base = voice.begin()
    answer = voice.answer(f"{base}/sec-proud", answer="My drawing of a fox 🦊")
    assert answer.status_code == 303
    assert voice.draft("sec-proud").content["value"] == {"text": "My drawing of a fox 🦊"}


def test_what_is_on_the_disk_is_sealed(voice: Voice) -> None:
    base = voice.begin()
    voice.answer(f"{base}/sec-proud", answer="Foxglove")
    raw = voice.session.connection().exec_driver_sql("select content from answer").scalar_one()
    assert b"Foxglove" not in bytes(raw)


def test_the_same_answer_sent_twice_is_one_answer(voice: Voice) -> None:
    base = voice.begin()
    for _ in range(2):
        voice.client.post(
            f"{base}/sec-proud", data={"answer": "Once", "seen": "0", "do": "next", "csrf_token": voice.token()}
        )
    assert voice.session.scalar(select(func.count()).select_from(Answer)) == 1
    assert voice.draft("sec-proud").version == 1


def test_a_newer_answer_from_another_device_is_shown_and_not_overwritten(voice: Voice) -> None:
    base = voice.begin()
    voice.answer(f"{base}/sec-proud", answer="On my phone")
    stale = {"answer": "On my tablet", "seen": "0", "do": "next", "csrf_token": voice.token()}
    page = voice.client.post(f"{base}/sec-proud", data=stale)
    assert page.status_code == 409
    html = page.get_data(as_text=True)
    assert "On my phone" in html and "On my tablet" in html
    assert voice.draft("sec-proud").content["value"] == {"text": "On my phone"}


def test_i_dont_want_to_say_is_an_answer(voice: Voice) -> None:
    base = voice.begin()
    voice.answer(f"{base}/sec-proud", do="no-say")
    assert voice.draft("sec-proud").state == "no-say"


def test_every_question_can_be_skipped_and_the_check_page_comes_at_the_end(voice: Voice) -> None:
    base = voice.begin(length="short")
    url = f"{base}/{voice.client.get('/voice/') and 'sec-how'}"
    seen = []
    while not url.endswith("/check"):
        seen.append(url)
        url = voice.answer(url, do="skip").headers["Location"]
    assert len(seen) == 6
    assert voice.client.get(url).status_code == 200


def test_too_many_words_are_told_and_all_kept_on_the_page(voice: Voice) -> None:
    base = voice.begin()
    words = "a" * 4100
    page = voice.answer(f"{base}/sec-proud", answer=words)
    assert page.status_code == 422
    assert words in page.get_data(as_text=True)


def test_an_old_token_keeps_the_words_and_saves_them_on_the_second_press(voice: Voice) -> None:
    base = voice.begin()
    page = voice.client.post(f"{base}/sec-proud", data={"answer": "Still here", "csrf_token": "old", "do": "next"})
    assert page.status_code == 400
    assert "Still here" in page.get_data(as_text=True)
    assert voice.session.scalar(select(func.count()).select_from(Answer)) == 0


def test_another_childs_question_page_is_not_found(voice: Voice, people, app) -> None:  # type: ignore[no-untyped-def]
    from tests.factories import sign_in

    base = voice.begin()
    other = people.young_person("Sam")
    stranger = app.test_client()
    sign_in(app, stranger, other)
    assert stranger.get(f"{base}/sec-proud").status_code == 404


def test_a_question_that_is_not_on_the_path_is_not_found(voice: Voice) -> None:
    base = voice.begin()
    assert voice.client.get(f"{base}/no-such-question").status_code == 404
