"""Carers and key workers hear of a meeting 21, 10 and 3 days before, once each, with nothing personal in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.messages.models import Message
from app.messages.templates import render
from app.people.models import Connection, Role
from app.voice.reminding import remind, step_of
from tests.carers.conftest import Family


@pytest.fixture(autouse=True)
def _at_noon():  # type: ignore[no-untyped-def]
    with time_machine.travel(clock.now().replace(hour=12), tick=False):
        yield


def sent(session: Session) -> list[Message]:
    session.expire_all()
    return list(session.scalars(select(Message).order_by(Message.id)))


def meeting_in(family: Family, days: int) -> None:
    family.pep.meeting_on = clock.today() + timedelta(days=days)
    family.people.session.commit()


def test_three_reminders_come_and_each_comes_once(family: Family) -> None:
    meeting_in(family, 22)
    start, session = clock.now(), family.people.session
    for day in range(24):
        with time_machine.travel(start + timedelta(days=day), tick=False):
            remind(session, clock.today())
            remind(session, clock.today())
            session.commit()
    assert [one.key.rsplit(":", 1)[1] for one in sent(session)] == ["21", "10", "3"]


def test_a_day_on_which_nobody_ran_the_command_is_made_good(family: Family) -> None:
    meeting_in(family, 19)
    assert remind(family.people.session, clock.today()) == 1
    assert sent(family.people.session)[0].key.endswith(":21")


def test_a_reminder_names_no_child_and_speaks_the_carers_language(family: Family) -> None:
    family.carer.adult.language = "pl"
    meeting_in(family, 10)
    remind(family.people.session, clock.today())
    [message] = sent(family.people.session)
    assert message.language == "pl"
    text = render(message.template, message.params, "en-GB")
    assert "Robin" not in text.body and "care" not in text.body and "/home" in text.body


def test_a_meeting_that_moved_is_reminded_of_anew(family: Family) -> None:
    meeting_in(family, 3)
    remind(family.people.session, clock.today())
    meeting_in(family, 10)
    assert remind(family.people.session, clock.today()) == 1
    assert len(sent(family.people.session)) == 2


def test_a_meeting_that_was_cancelled_is_not_reminded_of(family: Family) -> None:
    family.pep.meeting_on = None
    family.people.session.commit()
    assert remind(family.people.session, clock.today()) == 0


def test_whoever_no_longer_lives_with_the_child_hears_nothing(family: Family) -> None:
    meeting_in(family, 10)
    row = family.people.session.scalars(select(Connection).where(Connection.adult_id == family.carer.adult.id)).one()
    row.ends_on = clock.today()
    family.people.session.commit()
    assert remind(family.people.session, clock.today()) == 0


def test_teachers_and_children_are_not_reminded(family: Family) -> None:
    meeting_in(family, 3)
    family.people.connected(Role.key_worker, family.robin, "Mr Hornbeam")
    assert remind(family.people.session, clock.today()) == 2


def test_somebody_without_e_mail_gets_a_text(family: Family) -> None:
    family.carer.adult.email, family.carer.adult.mobile = None, "07700 900123"
    meeting_in(family, 3)
    remind(family.people.session, clock.today())
    assert [(one.kind, one.address) for one in sent(family.people.session)] == [("sms", "+447700900123")]


def test_a_dry_run_says_what_is_due_and_changes_nothing(app: Flask, family: Family) -> None:
    meeting_in(family, 10)
    run = app.test_cli_runner()
    said = run.invoke(args=["remind", "--dry-run"])
    assert said.exit_code == 0 and "10 days before" in said.output and "1 due" in said.output
    assert sent(family.people.session) == []
    assert "1 reminders put" in run.invoke(args=["remind"]).output
    assert "0 reminders put" in run.invoke(args=["remind"]).output


@pytest.mark.parametrize(
    ("left", "step"), [(22, None), (21, 21), (11, 21), (10, 10), (4, 10), (3, 3), (1, 3), (0, None)]
)
def test_the_steps(left: int, step: int | None) -> None:
    assert step_of(clock.today() + timedelta(days=left), clock.today()) == step
