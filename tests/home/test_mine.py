"""What is held about me, who has looked, and what I can do about it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.people.models import Person, Role, SignIn
from tests.factories import People
from tests.forms import fill
from tests.home.conftest import Sending, Signed, text_of


def test_it_says_who_i_am_here_and_who_is_connected(people: People, signed_in: Signed) -> None:
    robin = people.young_person(language="pl")
    people.connected(Role.social_worker, robin, "Mr Bell")
    html = text_of(signed_in(robin), "/mine?lang=en-GB")
    for words in ("Robin", "Year 9", "Elm School", "Mr Bell", "your social worker"):
        assert words in html


def test_it_says_to_which_phone_we_write(people: People, signed_in: Signed) -> None:
    robin = people.young_person()
    assert "mobile" not in text_of(signed_in(robin), "/mine")
    robin.mobile = "+447700900123"
    people.session.commit()
    assert "+447700900123" in text_of(signed_in(robin), "/mine")


def test_the_privacy_page_names_everything_that_is_kept(signed_in: Signed, people: People) -> None:
    html = text_of(signed_in(people.young_person()), "/privacy")
    for words in (
        "your mobile number",
        "your wishes",
        "came to your meeting",
        "signed up for",
        "met an adviser",
        "photo",
    ):
        assert words in html, words


def test_a_flag_is_said_as_what_we_ask_and_never_as_a_label(people: People, signed_in: Signed) -> None:
    html = text_of(signed_in(people.young_person("Senait", flags=("ucic",))), "/mine").lower()
    assert "we ask you about your languages and settling in" in html
    assert not any(word in html for word in ("ucic", "unaccompanied", "asylum"))


def test_who_looked_is_said_in_plain_words(people: People, signed_in: Signed, sending: Sending) -> None:
    robin = people.young_person()
    pep = people.pep(robin)
    teacher = people.connected(Role.designated_teacher, robin, "Ms Adler")
    client = signed_in(robin)
    assert "Nobody has looked yet" in text_of(client, "/mine")
    teachers = signed_in(teacher)
    for _again in range(3):
        text_of(teachers, f"/staff/peps/{pep.id}")
    html = text_of(client, "/mine")
    assert html.count("Ms Adler, your teacher for your PEP, read your PEP page on") == 1


def test_somebody_who_looked_and_has_gone_is_still_named(people: People, signed_in: Signed, sending: Sending) -> None:
    robin = people.young_person()
    pep = people.pep(robin)
    before = people.adult(Role.social_worker, "Mr Gone")
    people.connect(before, robin, ends_on=clock.today())
    sending.sent(pep, at=clock.now() - timedelta(days=9))
    sending.did(before, robin, "record.read", thing=pep.id, days_ago=4)
    html = text_of(signed_in(robin), "/mine")
    assert "Mr Gone, your social worker, read your PEP page on" in html
    assert "Mr Gone, your social worker, read this on" in html


def test_my_own_reading_is_not_somebody_looking(people: People, signed_in: Signed, sending: Sending) -> None:
    robin = people.young_person()
    pep = people.pep(robin)
    sending.sent(pep)
    client = signed_in(robin)
    text_of(client, f"/mine/peps/{pep.id}")
    assert "Nobody has looked yet" in text_of(client, "/mine")


def test_what_was_looked_at_of_others_is_not_on_my_page(people: People, signed_in: Signed, sending: Sending) -> None:
    robin, sam = people.young_person("Robin"), people.young_person("Sam")
    teacher = people.connected(Role.designated_teacher, sam, "Ms Adler")
    sending.did(teacher, sam, "record.read", thing=people.pep(sam).id)
    assert "Ms Adler" not in text_of(signed_in(robin), "/mine")


def test_sign_out_everywhere_ends_all_my_sessions_and_nobody_elses(
    people: People, signed_in: Signed, session: Session
) -> None:
    robin, sam = people.young_person("Robin"), people.young_person("Sam")
    here, there, other = signed_in(robin), signed_in(robin, way="link"), signed_in(sam)
    html = text_of(here, "/mine")
    assert "With your card" in html and "With a link" in html and html.count("this one") == 1
    answer = fill(here, "/mine", action="/mine/sign-out-everywhere")
    assert answer.status_code == 303 and "storage" in answer.headers["Clear-Site-Data"]
    assert "You are signed out everywhere." in text_of(here, "/")
    assert here.get("/home").status_code == 303 and there.get("/home").status_code == 303
    assert other.get("/home").status_code == 200
    session.expire_all()
    assert session.scalars(select(SignIn).where(SignIn.person_id == robin.id, SignIn.ended_at.is_(None))).all() == []


def test_a_session_that_ran_out_is_not_a_place_where_i_am(people: People, signed_in: Signed, session: Session) -> None:
    robin = people.young_person()
    signed_in(robin, way="link")
    row = session.scalars(select(SignIn).where(SignIn.person_id == robin.id)).one()
    row.seen_at = clock.now() - timedelta(hours=2)
    session.commit()
    assert "With a link" not in text_of(signed_in(robin), "/mine")


def test_the_page_looks_as_i_chose(people: People, signed_in: Signed, session: Session) -> None:
    robin = people.young_person()
    client = signed_in(robin)
    fill(client, "/mine", {"theme": "plum", "scheme": "dark", "contrast": "more"}, action="/mine/look")
    html = text_of(client, "/home")
    assert 'data-theme="plum" data-scheme="dark" data-contrast="more"' in html


def test_a_look_that_does_not_exist_changes_nothing(people: People, signed_in: Signed, session: Session) -> None:
    robin = people.young_person()
    fill(signed_in(robin), "/mine", {"theme": '"><b>', "scheme": "dark"}, action="/mine/look")
    session.expire_all()
    found = session.get_one(Person, robin.id)
    assert (found.theme, found.scheme) == ("clay", "dark")


def test_my_words_come_as_one_file_in_which_nothing_is_lost(
    people: People, signed_in: Signed, sending: Sending, session: Session
) -> None:
    robin, sam = people.young_person("Robin"), people.young_person("Sam")
    for term, words in (
        ("2025-26-3", "I like <b>cats</b>"),
        ("2026-27-1", "Two\nlines"),
        ("2026-27-1", "Twice a term"),
    ):
        sending.sent(people.pep(robin, term=term), words)
    sending.sent(people.pep(sam), "Not mine")
    answer = signed_in(robin).get("/mine/keepsake")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-words.html"'
    html = answer.get_data(as_text=True)
    assert "I like &lt;b&gt;cats&lt;/b&gt;" in html and "Two<br>lines" in html and "Twice a term" in html
    assert "Not mine" not in html and "Summer 2026" in html
    assert session.scalars(select(AuditEntry).where(AuditEntry.event == "record.exported")).one().subject_id == robin.id


def test_adults_see_what_is_held_about_them(people: People, signed_in: Signed) -> None:
    robin = people.young_person()
    teacher = people.adult(Role.designated_teacher, "Ms Adler", email="adler@example.org")
    people.connect(teacher, robin)
    html = text_of(signed_in(teacher, way="worker"), "/mine")
    for words in ("Ms Adler", "adler@example.org", "Designated teacher", "Robin", "With your passphrase"):
        assert words in html


def test_a_keepsake_is_for_young_people(people: People, signed_in: Signed) -> None:
    assert signed_in(people.adult(Role.designated_teacher)).get("/mine/keepsake").status_code == 403
