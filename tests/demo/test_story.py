"""What the demo tells: three terms, many languages, every source mark and choice, and nothing the pages would not allow."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.demo import data
from app.demo.acting import acting
from app.messages.models import Message
from app.messages.models import State as Post
from app.people.audience import Share
from app.people.models import Connection, Pep, Person, Role
from app.people.peps import current_pep
from app.safeguarding.models import HelpContact
from app.voice import sending
from app.voice.models import Answer, How, Response, SentAnswer, State
from app.voice.walk import build
from tests.demo.conftest import SignIns

# Trees, flowers, birds and weather: what everybody in the demo is called.
NATURE = {
    "alder", "maple", "bramble", "sycamore", "juniper", "brzoza", "bracken", "hornbeam", "birch", "breeze", "drizzle", "linden",
    "aspen", "yew", "moss", "poplar",
    "wren", "robin", "kestrel", "linnet", "heron", "dunnock", "goldcrest", "siskin", "skylark", "lapwing", "sikorka", "plover",
    "fieldfare", "هدهد", "redwing", "swift", "curlew", "osprey",
}  # fmt: skip
TITLE = re.compile(r"^(Ms|Mr|Mx|Mrs) ")


def young(session: Session, name: str) -> Person:
    return session.scalars(select(Person).where(Person.name == name, Person.role == Role.young_person)).one()


def peps_of(session: Session, person: Person) -> list[Pep]:
    return list(session.scalars(select(Pep).where(Pep.young_person_id == person.id).order_by(Pep.term)))


def test_everybody_has_the_name_of_a_tree_a_bird_or_the_weather(session: Session) -> None:
    for person in session.scalars(select(Person)):
        assert TITLE.sub("", person.name).lower() in NATURE
        assert person.is_demo
        assert person.mobile is None


def test_every_address_is_at_example_org(session: Session) -> None:
    addresses = [email for email in session.scalars(select(Person.email)) if email]
    addresses += [message.address for message in session.scalars(select(Message))]
    assert addresses
    assert all(address.endswith("@example.org") for address in addresses)


def test_no_sign_in_secret_stands_in_the_data(sign_ins: SignIns) -> None:
    everything = "".join(path.read_text(encoding="utf-8") for path in data._FOLDER.glob("*.yaml"))
    for one in sign_ins.values():
        for secret in (one.get("totp_secret"), one.get("client_secret"), one.get("link", "").removeprefix("/go/")):
            assert not secret or secret not in everything


def test_the_teacher_reads_three_terms_of_the_secondary_child(
    signed_in: Callable[[str], FlaskClient], session: Session
) -> None:
    pep = current_pep(session, young(session, "Robin").id, clock.today())
    assert pep is not None
    html = signed_in("designated_teacher").get(f"/staff/peps/{pep.id}").get_data(as_text=True)
    assert "my keyboard teacher if that is allowed" in html
    assert "Band on Saturdays" in html
    assert "Making beats on my phone" in html
    assert "Dont read this out at the meeting" not in html, "it was not for the school"
    assert "doing it on the laptop" in html, "the later words stand"


def test_the_carer_is_not_shown_what_is_not_for_home(signed_in: Callable[[str], FlaskClient], session: Session) -> None:
    pep = current_pep(session, young(session, "Robin").id, clock.today())
    assert pep is not None
    html = signed_in("carer").get(f"/staff/peps/{pep.id}").get_data(as_text=True)
    assert "Band on Saturdays" in html
    assert "Ms Alder is alright" not in html


def test_every_young_person_has_an_open_pep_and_meetings_are_near_far_and_not_set(session: Session) -> None:
    today = clock.today()
    days = set()
    for person in session.scalars(select(Person).where(Person.role == Role.young_person)):
        pep = current_pep(session, person.id, today)
        assert pep is not None
        assert all(one.closed_at for one in peps_of(session, person) if one.id != pep.id)
        assert pep.meeting_on is None or (pep.meeting_on >= today and pep.meeting_on.weekday() < 5)
        days.add(pep.meeting_on)
    assert None in days
    # In deep holidays they all move to the first days of the new term.
    assert len(days) >= 2


def test_some_have_sent_some_have_begun_and_some_have_not_looked_yet(session: Session) -> None:
    now = {one.pep_id: one.sent_at for one in session.scalars(select(Response).where(Response.sent_at.is_not(None)))}
    begun = set(session.scalars(select(Response.pep_id).where(Response.sent_at.is_(None))))
    still_open = {pep.id for pep in session.scalars(select(Pep).where(Pep.closed_at.is_(None)))}
    assert still_open & set(now)
    assert still_open & begun
    assert still_open - set(now) - begun
    robins = [one.set_id for one in session.scalars(select(Response).where(Response.pep_id.in_(still_open))) if one.pep]
    assert "secondary" in robins


def test_every_mark_share_and_state_is_there_in_several_languages(session: Session) -> None:
    drafts = session.scalars(select(Answer)).all()
    sent = session.scalars(select(SentAnswer)).all()
    assert {one.how for one in sent} == set(How)
    assert {one.share for one in drafts} >= set(Share)
    assert Share.unsent not in {one.share for one in sent}
    assert {one.state for one in drafts} == set(State)
    assert State.no_say in {one.state for one in sent}
    assert {one.language for one in sent} >= {"en-GB", "ar", "pl", "ti"}
    assert any(one.revision == 2 for one in sent)
    assert any(one.superseded_at for one in sent)


def test_pressing_send_again_sends_nothing_new(app: Any, session: Session) -> None:
    with app.test_request_context():
        for response in session.scalars(select(Response).where(Response.sent_at.is_not(None))).all():
            person = session.get_one(Person, response.young_person_id)
            actor = acting(session.get_one(Person, response.by_person_id))
            facts = acting(person).young
            assert facts is not None
            walk = build(session, response, facts, person.name, "en-GB")
            outcome = sending.send(session, actor, response, walk.path, walk.drafts)
            assert (outcome.new, outcome.withdrawn) == ([], []), f"{person.name}, {response.set_id}"


def test_adults_have_read_only_what_they_could_when_they_could(session: Session) -> None:
    read = session.scalars(select(AuditEntry).where(AuditEntry.event == "record.read")).all()
    assert len(read) > 30
    for entry in read:
        connection = session.scalars(
            select(Connection).where(
                Connection.adult_id == entry.actor_id, Connection.young_person_id == entry.subject_id
            )
        ).one()
        assert connection.starts_on <= clock.local(entry.at).date()
        first = session.scalars(
            select(SentAnswer.sent_at).where(SentAnswer.pep_id == entry.thing_id).order_by(SentAnswer.sent_at)
        ).first()
        assert first is not None
        assert first < entry.at <= clock.now()


def test_help_and_messages_are_there(session: Session) -> None:
    assert session.scalars(select(HelpContact)).first() is not None
    assert {message.state for message in session.scalars(select(Message))} >= {Post.sent, Post.waiting, Post.dead}


def test_every_page_of_every_question_begun_opens(
    signed_in: Callable[[str], FlaskClient], session: Session, sign_ins: SignIns
) -> None:
    for persona in ("secondary_child", "primary_child", "ucic_young_person", "post16_young_person", "care_leaver"):
        client = signed_in(persona)
        person = young(session, sign_ins[persona]["name"])
        pep = current_pep(session, person.id, clock.today())
        assert pep is not None
        own = (Response.pep_id == pep.id, Response.by_person_id == person.id)
        responses = session.scalars(select(Response).where(*own)).all()
        assert responses
        for response in responses:
            facts = acting(person).young
            assert facts is not None
            walk = build(session, response, facts, person.name, "en-GB")
            for question in walk.path:
                assert client.get(f"/voice/{response.id}/{question.id}").status_code == 200
            assert client.get(f"/voice/{response.id}/check").status_code == 200


READERS = ("carer", "key_worker", "designated_teacher", "social_worker", "iro", "personal_adviser", "virtual_school")


def test_every_record_an_adult_may_open_opens(
    signed_in: Callable[[str], FlaskClient], session: Session, sign_ins: SignIns
) -> None:
    for persona in READERS:
        client = signed_in(persona)
        adult = session.scalars(select(Person).where(Person.name == sign_ins[persona]["name"])).one()
        mine = select(Connection.young_person_id).where(Connection.adult_id == adult.id, Connection.ends_on.is_(None))
        peps = session.scalars(select(Pep).where(Pep.young_person_id.in_(mine), Pep.closed_at.is_(None))).all()
        assert len(peps) >= 2
        for pep in peps:
            assert client.get(f"/staff/peps/{pep.id}").status_code == 200, persona


def test_the_participation_worker_has_nobodys_record(session: Session, sign_ins: SignIns) -> None:
    adult = session.scalars(select(Person).where(Person.name == sign_ins["participation_worker"]["name"])).one()
    assert session.scalars(select(Connection).where(Connection.adult_id == adult.id)).first() is None


def test_those_they_live_with_have_written_this_term_and_the_last(
    signed_in: Callable[[str], FlaskClient], session: Session
) -> None:
    pep = current_pep(session, young(session, "Robin").id, clock.today())
    assert pep is not None
    html = signed_in("designated_teacher").get(f"/staff/peps/{pep.id}").get_data(as_text=True)
    assert "came back humming" in html and "taught a younger child three chords" in html
    mine = signed_in("secondary_child").get(f"/mine/peps/{pep.id}").get_data(as_text=True)
    assert "came back humming" in mine
    assert "More tired than last term" in html and "More tired than last term" not in mine


@pytest.mark.parametrize("persona", ["carer", "key_worker"])
def test_every_page_that_a_carer_has_begun_opens(
    signed_in: Callable[[str], FlaskClient], session: Session, sign_ins: SignIns, persona: str
) -> None:
    client = signed_in(persona)
    adult = session.scalars(select(Person).where(Person.name == sign_ins[persona]["name"])).one()
    responses = session.scalars(select(Response).where(Response.by_person_id == adult.id)).all()
    assert responses
    assert client.get("/carer/").status_code == 200
    for response in responses:
        for page in ("", "check", "car-proud" if response.set_id == "carer" else "kw-proud"):
            assert client.get(f"/voice/{response.id}/{page}").status_code == 200


def test_the_data_are_plain_yaml() -> None:
    for path in data._FOLDER.glob("*.yaml"):
        assert yaml.safe_load(path.read_text(encoding="utf-8"))
