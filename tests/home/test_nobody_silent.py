"""Nobody silent: who was not heard this term, the first reason that holds, and one press for the next step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.home.meetings import Missing, meetings
from app.home.silent import ON_A_PAGE, Step, Why, silent_list, term_on
from app.messages.models import Message
from app.people.models import Card, OneTimeLink, Pep, Person, Role, SignIn
from app.voice.models import SentAnswer
from tests.factories import People, sign_in
from tests.forms import fill
from tests.home.conftest import Sending, Signed, counted, text_of


@pytest.fixture(autouse=True)
def _autumn() -> Iterator[None]:
    """A Saturday in the autumn term of 2026."""
    with time_machine.travel("2026-11-21 12:00 +0000"):
        yield


@pytest.fixture
def head(people: People) -> Person:
    """Somebody at the Virtual School."""
    return people.adult(Role.virtual_school, "Vi School")


def _one(people: People, head: Person, name: str = "Robin", **kwargs: object) -> Person:
    young = people.young_person(name, **kwargs)  # type: ignore[arg-type]
    people.connect(head, young)
    return young


def _why(session: Session, head: Person) -> dict[str, Why]:
    session.expire_all()
    return {one.name: one.why for one in silent_list(session, head.id, clock.today()).rows}


def _card(session: Session, young: Person, *, used: bool) -> None:
    moment = clock.now()
    session.add(
        Card(
            person_id=young.id,
            token_hash=str(young.id),
            kind="words",
            issued_at=moment,
            claimed_at=moment if used else None,
        )
    )
    session.commit()


def _by(sending: Sending, session: Session, pep: Pep, how: str) -> SentAnswer:
    row = sending.sent(pep)
    row.how = how
    session.commit()
    return row


# -- who is on it ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["self", "helped"])
def test_somebody_who_was_heard_this_term_is_not_on_the_list(
    people: People, session: Session, head: Person, sending: Sending, how: str
) -> None:
    _by(sending, session, people.pep(_one(people, head)), how)
    found = silent_list(session, head.id, clock.today())
    assert (found.rows, found.total, found.of_all) == ([], 0, 1)


def test_what_was_said_last_term_does_not_count_for_this_one(
    people: People, session: Session, head: Person, sending: Sending
) -> None:
    robin = _one(people, head)
    sending.sent(people.pep(robin, term="2025-26-3"))
    people.pep(robin)
    assert "Robin" in _why(session, head)


def test_only_my_own_caseload_is_on_it(people: People, session: Session, head: Person) -> None:
    people.pep(people.young_person("Stranger"))
    gone = people.young_person("Gone")
    people.connect(head, gone, ends_on=clock.today())
    assert _why(session, head) == {}


def test_a_care_leaver_without_a_pep_is_not_called_silent(people: People, session: Session, head: Person) -> None:
    _one(people, head, care="care_leaver")
    assert _why(session, head) == {}


def test_what_they_took_back_does_not_count_as_heard(
    people: People, session: Session, head: Person, sending: Sending
) -> None:
    row = sending.sent(people.pep(_one(people, head)))
    row.withdrawn_at = clock.now()
    session.commit()
    assert _why(session, head) == {"Robin": Why.refused}


def test_a_draft_leaves_no_trace(people: People, session: Session, head: Person, app: Flask) -> None:
    robin = _one(people, head)
    people.pep(robin)
    before = _why(session, head)
    client = app.test_client()
    sign_in(app, client, robin)
    session.query(SignIn).update({"began_at": clock.now() - timedelta(days=200)})
    session.commit()
    fill(client, "/voice/", {"set": "secondary"}, action="/voice/start")
    assert _why(session, head) == before


# -- why, in order -----------------------------------------------------------------------------------------------------


def test_refusing_comes_before_every_other_reason_and_is_left_in_peace(
    people: People, session: Session, head: Person, sending: Sending
) -> None:
    row = sending.sent(people.pep(_one(people, head, language="ti")))
    row.state = "no-say"
    session.commit()
    found = silent_list(session, head.id, clock.today()).rows[0]
    assert (found.why, found.steps) == (Why.refused, ())


@pytest.mark.parametrize("how", ["written", "observed"])
def test_only_an_adults_hand_is_not_being_heard(
    people: People, session: Session, head: Person, sending: Sending, how: str
) -> None:
    _by(sending, session, people.pep(_one(people, head)), how)
    assert _why(session, head) == {"Robin": Why.adult_wrote}


def test_what_came_on_paper_is_theirs_to_look_at(
    people: People, session: Session, head: Person, sending: Sending
) -> None:
    _by(sending, session, people.pep(_one(people, head)), "paper")
    assert _why(session, head) == {"Robin": Why.on_paper}
    assert Missing.words not in meetings(session, head.id, clock.today())[0].missing


def test_one_answer_of_their_own_is_enough(people: People, session: Session, head: Person, sending: Sending) -> None:
    pep = people.pep(_one(people, head))
    _by(sending, session, pep, "paper")
    sending.sent(pep, question_id="sec-other")
    assert _why(session, head) == {}


def test_no_pep_or_no_day_means_nobody_can_have_asked(people: People, session: Session, head: Person) -> None:
    _one(people, head, "Noor", language="ti")
    people.pep(_one(people, head, "Robin"), in_days=None)
    assert _why(session, head) == {"Noor": Why.no_date, "Robin": Why.no_date}


def test_a_language_without_pages_comes_before_the_way_in(people: People, session: Session, head: Person) -> None:
    people.pep(_one(people, head, language="ti"))
    people.pep(_one(people, head, "Sam", language="ar"))
    assert _why(session, head) == {"Robin": Why.language, "Sam": Why.not_asked}


def test_without_card_link_paper_or_company_nobody_has_asked(people: People, session: Session, head: Person) -> None:
    people.pep(_one(people, head))
    assert _why(session, head) == {"Robin": Why.not_asked}


def test_a_card_that_was_never_used_is_no_way_in(people: People, session: Session, head: Person) -> None:
    robin = _one(people, head)
    people.pep(robin)
    _card(session, robin, used=False)
    assert _why(session, head) == {"Robin": Why.no_way_in}


def test_a_link_that_ran_out_is_no_way_in_and_a_waiting_one_is(people: People, session: Session, head: Person) -> None:
    robin = _one(people, head)
    people.pep(robin)
    made = clock.now() - timedelta(days=8)
    link = OneTimeLink(person_id=robin.id, token_hash="x", made_at=made, expires_at=made + timedelta(days=7))
    session.add(link)
    session.commit()
    assert _why(session, head) == {"Robin": Why.no_way_in}
    link.expires_at = clock.now() + timedelta(days=1)
    session.commit()
    assert _why(session, head) == {"Robin": Why.not_known}


def test_paper_that_has_not_come_back_is_no_way_in(
    people: People, session: Session, head: Person, sending: Sending
) -> None:
    robin = _one(people, head)
    pep = people.pep(robin)
    sending.did(head, robin, "paper.printed", thing=pep.id)
    assert _why(session, head) == {"Robin": Why.no_way_in}


def test_with_a_way_in_whether_they_have_a_device_is_not_known(people: People, session: Session, head: Person) -> None:
    robin = _one(people, head)
    people.pep(robin)
    _card(session, robin, used=True)
    assert _why(session, head) == {"Robin": Why.not_known}


def test_the_soonest_meeting_stands_first_and_none_last(people: People, session: Session, head: Person) -> None:
    _one(people, head, "Nobody")
    people.pep(_one(people, head, "Later"), in_days=20)
    people.pep(_one(people, head, "Soon"), in_days=2)
    assert list(_why(session, head)) == ["Soon", "Later", "Nobody"]


@pytest.mark.parametrize(
    ("day", "term"), [("2026-09-01", "2026-27-1"), ("2027-01-04", "2026-27-2"), ("2027-08-31", "2026-27-3")]
)
def test_a_day_is_in_one_term(day: str, term: str) -> None:
    from datetime import date

    assert term_on(date.fromisoformat(day)) == term


def test_saying_how_the_meeting_was_is_neither_a_voice_nor_a_refusal(
    people: People, session: Session, head: Person, sending: Sending
) -> None:
    pep = people.pep(_one(people, head))
    row = sending.sent(pep, set_id="after-meeting", question_id="am-feel-plan")
    row.section = "wellbeing-relationships"
    session.commit()
    assert _why(session, head) == {"Robin": Why.not_asked}
    assert meetings(session, head.id, clock.today())[0].missing[0] is Missing.words


def test_that_they_have_no_device_is_noted_and_taken_back_with_one_press(
    people: People, session: Session, head: Person, signed_in: Signed
) -> None:
    robin = _one(people, head)
    people.pep(robin)
    _card(session, robin, used=True)
    client, address = signed_in(head), f"/staff/nobody-silent/{robin.id}/device"
    for _twice in range(2):
        fill(client, "/staff/nobody-silent", {"has": "no"}, action=address)
        assert _why(session, head) == {"Robin": Why.no_device}
    assert robin.young is not None and robin.young.flags == ["no-device"]
    assert "no phone or computer" in text_of(client, "/staff/nobody-silent")
    fill(client, "/staff/nobody-silent", {"has": "yes"}, action=address)
    assert _why(session, head) == {"Robin": Why.not_known}


# -- the page ----------------------------------------------------------------------------------------------------------


def test_the_page_gives_the_reason_and_a_press_for_each_step(people: People, head: Person, signed_in: Signed) -> None:
    robin = _one(people, head)
    people.pep(robin)
    html = text_of(signed_in(head), "/staff/nobody-silent")
    assert "No card, link or paper" in html
    assert f'action="/staff/young-people/{robin.id}/card"' in html
    assert f'href="/staff/young-people/{robin.id}/paper"' in html
    assert f'href="/beside/{robin.id}"' in html
    assert f'action="/staff/nobody-silent/{robin.id}/ask-carer"' in html


def test_one_press_prints_a_card(people: People, session: Session, head: Person, signed_in: Signed) -> None:
    robin = _one(people, head)
    people.pep(robin)
    address = f"/staff/young-people/{robin.id}/card"
    assert fill(signed_in(head), "/staff/nobody-silent", action=address).status_code == 200
    assert _why(session, head) == {"Robin": Why.no_way_in}


def test_one_press_notes_an_interpreter_and_says_so_afterwards(
    people: People, session: Session, head: Person, signed_in: Signed
) -> None:
    robin = _one(people, head, language="ti")
    people.pep(robin)
    client = signed_in(head)
    fill(client, "/staff/nobody-silent", action=f"/staff/nobody-silent/{robin.id}/interpreter")
    fill_again = client.get("/staff/nobody-silent").get_data(as_text=True)
    assert "Interpreter noted" in fill_again and "Tigrinya" in fill_again
    session.expire_all()
    assert robin.young is not None and robin.young.flags == ["interpreter"]
    assert meetings(session, head.id, clock.today())[0].missing[-1] is Missing.interpreter


def test_asking_the_carer_is_one_message_a_week_and_names_nobody(
    people: People, session: Session, head: Person, signed_in: Signed
) -> None:
    robin = _one(people, head)
    people.pep(robin)
    people.connected(Role.carer, robin)
    client = signed_in(head)
    for _again in range(2):
        fill(client, "/staff/nobody-silent", action=f"/staff/nobody-silent/{robin.id}/ask-carer")
    message = session.scalars(select(Message).where(Message.template == "carer_asked")).one()
    assert message.params == {} and message.about_person_id == robin.id
    assert session.scalars(select(AuditEntry).where(AuditEntry.event == "carer.asked")).first() is not None


def test_a_carer_whom_we_cannot_reach_is_said(people: People, head: Person, signed_in: Signed) -> None:
    robin = _one(people, head)
    people.pep(robin)
    client = signed_in(head)
    fill(client, "/staff/nobody-silent", action=f"/staff/nobody-silent/{robin.id}/ask-carer")
    assert "no e-mail address or number" in text_of(client, "/staff/nobody-silent")


def test_only_the_virtual_school_and_only_for_their_own(people: People, head: Person, signed_in: Signed) -> None:
    other = people.young_person("Other")
    teacher = people.connected(Role.designated_teacher, other)
    assert signed_in(teacher).get("/staff/nobody-silent").status_code == 403
    client = signed_in(head)
    from tests.people.tokens import csrf

    data = {"csrf_token": csrf(client)}
    assert client.post(f"/staff/nobody-silent/{other.id}/ask-carer", data=data).status_code == 404
    assert client.post(f"/staff/nobody-silent/{other.id}/interpreter", data=data).status_code == 404


def test_a_long_list_comes_in_pages(people: People, session: Session, head: Person, signed_in: Signed) -> None:
    for number in range(ON_A_PAGE + 3):
        people.pep(_one(people, head, f"Robin {number:02}"))
    client = signed_in(head)
    first = text_of(client, "/staff/nobody-silent")
    second = text_of(client, "/staff/nobody-silent?page=2")
    assert "Robin 00" in first and "Robin 51" not in first and "Robin 51" in second
    assert len(silent_list(session, head.id, clock.today(), 99).rows) == 3
    assert "Robin 51" in text_of(client, "/staff/nobody-silent/meetings?page=2")


def test_the_number_of_queries_does_not_grow(people: People, head: Person, signed_in: Signed) -> None:
    def measure(address: str) -> int:
        client: FlaskClient = signed_in(head)
        with counted() as seen:
            text_of(client, address)
        return len(seen)

    people.pep(_one(people, head))
    few = [measure("/staff/nobody-silent"), measure("/staff/nobody-silent/meetings")]
    for number in range(12):
        people.pep(_one(people, head, f"Robin {number}", language="ti" if number % 2 else None))
    assert [measure("/staff/nobody-silent"), measure("/staff/nobody-silent/meetings")] == few


# -- meetings ----------------------------------------------------------------------------------------------------------


def test_meetings_stand_by_date_with_what_is_missing(
    people: People, session: Session, head: Person, sending: Sending, signed_in: Signed
) -> None:
    later, soon = _one(people, head, "Later"), _one(people, head, "Soon")
    sending.sent(people.pep(later, in_days=20))
    people.pep(soon, in_days=2)
    for role in (Role.designated_teacher, Role.social_worker, Role.carer):
        people.connected(role, later)
    found = meetings(session, head.id, clock.today())
    assert [one.name for one in found] == ["Soon", "Later"]
    assert found[0].missing == (Missing.words, Missing.teacher, Missing.social_worker, Missing.home)
    assert found[1].missing == ()
    assert "a designated teacher" in text_of(signed_in(head), "/staff/nobody-silent/meetings")


@pytest.mark.parametrize("how", ["written", "observed"])
def test_what_only_an_adult_wrote_leaves_their_own_words_missing(
    people: People, session: Session, head: Person, sending: Sending, how: str
) -> None:
    _by(sending, session, people.pep(_one(people, head)), how)
    assert Missing.words in meetings(session, head.id, clock.today())[0].missing


def test_what_the_carer_wrote_is_not_the_childs_words(
    people: People, session: Session, head: Person, sending: Sending
) -> None:
    robin = _one(people, head)
    carer = people.connected(Role.carer, robin)
    row = sending.sent(people.pep(robin), set_id="carer")
    row.by_person_id, row.by_role = carer.id, "carer"
    session.commit()
    found = meetings(session, head.id, clock.today())[0]
    assert Missing.words in found.missing and not found.chose_silence


def test_who_chose_to_share_nothing_lacks_no_words(
    people: People, session: Session, head: Person, sending: Sending, signed_in: Signed
) -> None:
    row = sending.sent(people.pep(_one(people, head)))
    row.state = "no-say"
    session.commit()
    found = meetings(session, head.id, clock.today())[0]
    assert found.chose_silence and Missing.words not in found.missing
    assert "Chose to share nothing" in text_of(signed_in(head), "/staff/nobody-silent/meetings")


def test_meetings_that_have_been_are_not_coming(people: People, session: Session, head: Person) -> None:
    people.pep(_one(people, head), in_days=-1)
    assert meetings(session, head.id, clock.today()) == []


# -- once a week -------------------------------------------------------------------------------------------------------


def test_the_virtual_school_hears_once_a_week_that_somebody_was_not_heard(
    app: Flask, people: People, session: Session, head: Person, sending: Sending
) -> None:
    robin = _one(people, head)
    pep = people.pep(robin)
    run = app.test_cli_runner().invoke
    assert run(args=["silent", "tell", "--dry-run"]).exit_code == 0
    assert _weekly(session) == []
    for _twice in range(2):
        assert run(args=["silent", "tell"]).exit_code == 0
    with time_machine.travel("2026-11-23 08:00 +0000"):
        run(args=["silent", "tell"])
        assert [(one.address, one.params) for one in _weekly(session)] == [(head.email, {})] * 2
    sending.sent(pep).state = "no-say"
    session.commit()
    with time_machine.travel("2026-11-30 08:00 +0000"):
        run(args=["silent", "tell"])
        assert len(_weekly(session)) == 2, "who chose silence is left in peace"


def _weekly(session: Session) -> list[Message]:
    session.expire_all()
    return list(session.scalars(select(Message).where(Message.template == "not_heard_yet")))


def test_a_child_on_nobodys_list_is_counted_for_the_virtual_school(
    people: People, session: Session, head: Person, signed_in: Signed
) -> None:
    _one(people, head)
    client = signed_in(head)
    assert "On nobody" not in text_of(client, "/home")
    ended = people.young_person("Sam")
    people.connect(head, ended, ends_on=clock.today())
    people.young_person("Leaver", care="care_leaver")
    assert "1 child in care has nobody at the Virtual School here" in text_of(client, "/home")


def test_every_reason_has_words_and_its_steps_have_buttons(app: Flask) -> None:
    from app.home import silent_words
    from app.home.silent import STEPS

    with app.test_request_context():
        assert set(STEPS) == set(Why)
        assert all(silent_words.why_words(why) for why in Why) and all(silent_words.step_words(step) for step in Step)


def test_the_list_is_the_same_on_postgresql(postgres_app: Flask) -> None:
    here = People(postgres_app.extensions["sqlalchemy"].session)
    school = here.adult(Role.virtual_school, "Vi School")
    for number in range(3):
        young = here.young_person(f"Young {number}")
        here.connect(school, young)
        if number:
            here.pep(young, in_days=number)
    here.session.commit()
    for page in (1, 99):
        found = silent_list(here.session, school.id, clock.today(), page)
        assert [one.name for one in found.rows] == ["Young 1", "Young 2", "Young 0"]
        assert (found.page, found.of_all, sum(found.counts.values())) == (1, 3, 3)
