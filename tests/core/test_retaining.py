"""What need not be kept is deleted when its time has come, and not a day before; what was sent stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import Base
from app.feeds.models import ApiClient, ApiToken
from app.messages.models import Message, State
from app.messages.outbox import post
from app.pathways.models import Posting
from app.people import tries
from app.people.models import OneTimeLink, Person, Role, SignIn, Try
from app.voice.models import Answer, KeptWords, Response, SentAnswer
from tests.factories import People, sign_in
from tests.people import ways

DAY = timedelta(days=1)


@pytest.fixture
def time() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel("2026-10-05 09:00+00:00", tick=False) as travelled:
        yield travelled


def retain(app: Flask, *options: str) -> str:
    done = app.test_cli_runner().invoke(args=["retain", *options])
    assert done.exit_code == 0, done.output
    return str(done.output)


def number(session: Session, table: type[Base]) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


def draft(session: Session, people: People, question_id: str = "sec-proud", response: Response | None = None) -> Answer:
    """A draft saved now, in its own set of questions unless one is given."""
    if response is None:
        young = people.young_person()
        response = Response(
            young_person_id=young.id,
            pep_id=people.pep(young).id,
            set_id="secondary",
            set_version=1,
            began_at=clock.now(),
        )
        session.add(response)
        session.flush()
    made = Answer(
        response_id=response.id,
        question_id=question_id,
        state="answered",
        content={"value": {"text": "my words"}, "asked": "?"},
        how="self",
        language="en-GB",
        saved_at=clock.now(),
    )
    session.add(made)
    session.commit()
    return made


def test_a_draft_never_sent_goes_sixty_days_after_its_set_was_last_touched(
    app: Flask, session: Session, people: People, time: time_machine.Coordinates
) -> None:
    first = draft(session, people)
    response = session.get_one(Response, first.response_id)
    time.shift(30 * DAY)
    draft(session, people, "sec-goal", response)
    time.shift(60 * DAY)
    retain(app)
    assert number(session, Answer) == 2
    time.shift(timedelta(seconds=1))
    assert "2 drafts never sent too old" in retain(app, "--dry-run")
    assert number(session, Answer) == 2
    assert "2 drafts never sent deleted" in retain(app)
    assert number(session, Answer) == 0
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "retention.deleted")).one()
    assert (entry.subject_id, entry.detail) == (response.young_person_id, "drafts 2")


def test_what_was_sent_and_its_draft_stay(
    app: Flask, session: Session, people: People, time: time_machine.Coordinates
) -> None:
    mine = draft(session, people)
    response = session.get_one(Response, mine.response_id)
    sent = {"share": "pep", "chosen": [], "share_chosen_at": clock.now(), "by_role": "young_person"}
    copied = {
        name: getattr(mine, name) for name in ("response_id", "question_id", "state", "content", "how", "language")
    }
    session.add(
        SentAnswer(
            young_person_id=response.young_person_id,
            pep_id=response.pep_id,
            set_id="secondary",
            set_version=1,
            section="about-me",
            revision=1,
            sent_at=clock.now(),
            **sent,
            **copied,
        )
    )
    session.commit()
    time.shift(1000 * DAY)
    retain(app)
    assert (number(session, Answer), number(session, SentAnswer)) == (1, 1)


def test_words_put_aside_go_after_seven_days(
    app: Flask, session: Session, people: People, time: time_machine.Coordinates
) -> None:
    mine = draft(session, people)
    young = session.get_one(Response, mine.response_id).young_person_id
    session.add(
        KeptWords(person_id=young, response_id=mine.response_id, question_id="sec-goal", kept={}, kept_at=clock.now())
    )
    session.commit()
    time.shift(7 * DAY)
    retain(app)
    assert number(session, KeptWords) == 1
    time.shift(timedelta(seconds=1))
    retain(app)
    assert number(session, KeptWords) == 0


def test_who_tried_a_code_from_where_goes_after_a_day(
    app: Flask, session: Session, time: time_machine.Coordinates
) -> None:
    tries.take(session, tries.address_gate("203.0.113.9", app.extensions["settings"]))
    session.commit()
    time.shift(DAY)
    retain(app)
    assert number(session, Try) == 1
    time.shift(timedelta(seconds=1))
    retain(app)
    assert number(session, Try) == 0


def test_a_sign_in_goes_ninety_days_after_it_is_over(
    app: Flask, session: Session, people: People, time: time_machine.Coordinates
) -> None:
    sign_in(app, app.test_client(), people.adult(Role.iro), way="worker")
    time.shift(90 * DAY + timedelta(hours=10))
    retain(app)
    assert number(session, SignIn) == 1
    time.shift(timedelta(seconds=1))
    retain(app)
    assert number(session, SignIn) == 0


def test_a_link_goes_ninety_days_after_it_could_be_used(
    app: Flask, session: Session, people: People, time: time_machine.Coordinates
) -> None:
    ways.new_link(app, session, people.young_person("Unused"))
    used = ways.new_link(app, session, people.young_person("Used"))
    ways.press_open(app.test_client(), used)
    time.shift(90 * DAY)
    retain(app)
    assert number(session, OneTimeLink) == 2
    time.shift(timedelta(seconds=1))
    retain(app)
    assert number(session, OneTimeLink) == 1
    time.shift(7 * DAY)
    retain(app)
    assert number(session, OneTimeLink) == 0


def test_a_message_goes_thirty_five_days_after_it_was_sent_and_ninety_after_it_was_given_up(
    app: Flask, session: Session, time: time_machine.Coordinates
) -> None:
    for state in (State.sent, State.dead):
        message = post(
            session,
            kind="email",
            address="a@example.org",
            language=None,
            template="card_locked",
            cause="card.locked",
            cause_id=None,
        )
        message.state, message.sent_at = state, clock.now() if state is State.sent else None
    session.commit()
    time.shift(35 * DAY)
    retain(app)
    assert number(session, Message) == 2
    time.shift(timedelta(seconds=1))
    retain(app)
    assert session.scalars(select(Message.state)).all() == [State.dead]
    time.shift(55 * DAY - timedelta(seconds=1))
    retain(app)
    assert number(session, Message) == 1
    time.shift(timedelta(seconds=1))
    assert "1 messages that were given up deleted" in retain(app)
    assert number(session, Message) == 0


def test_an_employers_offer_goes_ninety_days_after_it_was_decided_on_or_half_a_year_after_it_came(
    app: Flask, session: Session, time: time_machine.Coordinates
) -> None:
    for decided_at in (clock.now(), None):
        session.add(Posting(sent_at=clock.now(), body="somebody@example.org", decided_at=decided_at))
    session.commit()
    for days, left in ((90, 2), (90.1, 1), (180, 1), (180.1, 0)):
        with time_machine.travel(clock.now() + days * DAY, tick=False):
            retain(app)
        assert number(session, Posting) == left, days


def test_a_platforms_token_goes_a_day_after_its_hour(
    app: Flask, session: Session, time: time_machine.Coordinates
) -> None:
    platform = ApiClient(client_id="epep", name="ePEP", secret_hash="x", scopes=[])
    session.add(platform)
    session.flush()
    session.add(ApiToken(token_hash="y", client_id=platform.id, scopes=[], expires_at=clock.now()))
    session.commit()
    time.shift(DAY)
    retain(app)
    assert number(session, ApiToken) == 1
    time.shift(timedelta(seconds=1))
    retain(app)
    assert number(session, ApiToken) == 0


def test_nobody_and_no_entry_of_the_audit_is_deleted(
    app: Flask, session: Session, people: People, time: time_machine.Coordinates
) -> None:
    draft(session, people)
    before = number(session, Person), number(session, AuditEntry)
    time.shift(1000 * DAY)
    retain(app)
    assert number(session, Person) == before[0] and number(session, AuditEntry) >= before[1]


def test_a_legal_hold_stops_it_until_its_day(
    app: Flask, session: Session, people: People, time: time_machine.Coordinates
) -> None:
    draft(session, people)
    time.shift(61 * DAY)
    held = app.extensions["settings"].model_copy(update={"retain_paused_until": clock.today() + DAY})
    app.extensions["settings"] = held
    assert "Paused until" in retain(app)
    assert number(session, Answer) == 1
    time.shift(DAY)
    retain(app)
    assert number(session, Answer) == 0


def test_it_is_the_same_on_postgresql(postgres_app: Flask, time: time_machine.Coordinates) -> None:
    from app.core.db import db

    people = People(db.session)
    draft(db.session, people)
    sign_in(postgres_app, postgres_app.test_client(), people.adult(Role.iro), way="worker")
    ways.new_link(postgres_app, db.session, people.young_person("Unused"))
    time.shift(200 * DAY)
    said = retain(postgres_app)
    assert "1 drafts never sent deleted" in said and "1 sign-ins" in said and "1 links" in said
