"""Staff keep the numbers right, and are told when one has not been rung for long."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import AuditEntry
from app.people.models import Role
from app.safeguarding.content import load_contacts
from app.safeguarding.models import HelpContact
from tests.factories import People, sign_in
from tests.forms import fill


@pytest.fixture
def childline(session: Session) -> HelpContact:
    load_contacts(session)
    session.commit()
    return session.scalars(select(HelpContact).where(HelpContact.code == "childline")).one()


def staff(app: Flask, client: FlaskClient, people: People, role: Role = Role.virtual_school) -> None:
    sign_in(app, client, people.adult(role), way="worker")


def test_staff_are_warned_of_numbers_older_than_ninety_days(
    app: Flask, client: FlaskClient, people: People, childline: HelpContact
) -> None:
    with time_machine.travel("2027-02-19 12:00Z", tick=False):  # the ninetieth day
        staff(app, client, people)
        assert "Ring these again" not in client.get("/staff/help-contacts").get_data(as_text=True)
    with time_machine.travel("2027-02-20 12:00Z", tick=False):
        staff(app, client, people)
        html = client.get("/staff/help-contacts").get_data(as_text=True)
    assert "10 numbers were last checked more than 90 days ago." in html


def test_a_check_is_written_down_and_audited(
    app: Flask, client: FlaskClient, people: People, childline: HelpContact, session: Session
) -> None:
    with time_machine.travel("2027-02-20 12:00Z", tick=False):
        staff(app, client, people)
        url = f"/staff/help-contacts/{childline.id}"
        answer = fill(client, url, {"checked_on": "2027-02-20"}, action=url)
        assert (answer.status_code, answer.location) == (303, "/staff/help-contacts")
        assert "9 numbers were" in client.get("/staff/help-contacts").get_data(as_text=True)
    session.refresh(childline)
    assert childline.checked_on == date(2027, 2, 20)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "help-contact.changed")).one()
    assert (entry.thing_id, entry.detail) == (childline.id, "checked_on")


def test_a_translation_goes_when_its_english_changes(
    app: Flask, client: FlaskClient, people: People, childline: HelpContact
) -> None:
    staff(app, client, people)
    url = f"/staff/help-contacts/{childline.id}"
    fill(client, url, {"label": "Talk at any time"}, action=url)
    html = app.test_client().get("/help?lang=ar").get_data(as_text=True)
    assert '<span lang="en-GB" dir="ltr">Talk at any time</span>' in html
    assert "يمكنك أيضًا الدردشة" in html, "its note is still right"


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("checked_on", "", "Ring the number"),
        ("checked_on", "2099-01-01", "not after today"),
        ("number", "call us", "Use figures and spaces"),
        ("number", "<script>", "Use figures and spaces"),
        ("website", "http://insecure.example", "https://"),
        ("website", "javascript:alert(1)", "https://"),
        ("hours", "weekdays", "when it opens"),
        ("text_word", "HELLO", "the number to text"),
        ("label", "  ", "Say what it is for"),
    ],
)
def test_what_cannot_be_right_is_told_and_what_was_typed_stays(
    app: Flask,
    client: FlaskClient,
    people: People,
    childline: HelpContact,
    session: Session,
    field: str,
    value: str,
    told: str,
) -> None:
    before = childline.label
    staff(app, client, people)
    url = f"/staff/help-contacts/{childline.id}"
    answer = fill(client, url, {field: value, "owner": "Somebody new"}, action=url)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert told in html
    assert "Somebody new" in html
    session.refresh(childline)
    assert (childline.label, childline.owner) == (before, "Virtual School")


def test_a_number_typed_in_other_figures_is_kept_in_western_ones(
    app: Flask, client: FlaskClient, people: People, childline: HelpContact, session: Session
) -> None:
    staff(app, client, people)
    url = f"/staff/help-contacts/{childline.id}"
    assert fill(client, url, {"number": "٠٨٠٠ ١١١١"}, action=url).status_code == 303
    session.refresh(childline)
    assert childline.number == "0800 1111"


def test_saving_without_a_change_changes_and_audits_nothing(
    app: Flask, client: FlaskClient, people: People, childline: HelpContact, session: Session
) -> None:
    staff(app, client, people)
    for contact in session.scalars(select(HelpContact)).all():
        url = f"/staff/help-contacts/{contact.id}"
        assert fill(client, url, action=url).status_code == 303, contact.code
    assert session.scalars(select(AuditEntry).where(AuditEntry.event == "help-contact.changed")).all() == []


@pytest.mark.parametrize("role", [Role.social_worker, Role.designated_teacher, Role.iro])
def test_other_workers_see_the_table_and_cannot_change_it(
    app: Flask, client: FlaskClient, people: People, childline: HelpContact, role: Role
) -> None:
    staff(app, client, people, role)
    html = client.get("/staff/help-contacts").get_data(as_text=True)
    assert "Childline" in html
    assert "Change Childline" not in html
    assert client.get(f"/staff/help-contacts/{childline.id}").status_code == 403


def test_a_contact_that_is_none_is_not_found(app: Flask, client: FlaskClient, people: People) -> None:
    staff(app, client, people)
    assert client.get("/staff/help-contacts/00000000-0000-7000-8000-000000000000").status_code == 404
