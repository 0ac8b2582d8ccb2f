"""The workers' page about messages, and the demo's outbox on a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import AuditEntry
from app.core.settings import Settings, SettingsRefused
from app.messages.channels import Refused
from app.messages.models import State
from app.people.models import Role
from tests.conftest import settings_for
from tests.factories import People, sign_in
from tests.forms import fill
from tests.messages.conftest import Deliver, Post
from tests.messages.test_delivering import Fails, Takes


def virtual_school(app: Flask, client: FlaskClient, people: People) -> None:
    sign_in(app, client, people.adult(Role.virtual_school), way="worker")


def test_a_worker_sees_what_could_not_be_sent_and_why(
    app: Flask, client: FlaskClient, people: People, posted: Post, deliver: Deliver
) -> None:
    posted(kind="sms", address="07700 900123")
    deliver(Fails(Refused("address-refused")))
    virtual_school(app, client, people)
    html = client.get("/staff/messages").get_data(as_text=True)
    assert "The address or number is not right." in html
    assert "…123" in html
    assert "07700" not in html


def test_try_again_puts_it_back_and_is_audited(
    app: Flask, client: FlaskClient, people: People, posted: Post, deliver: Deliver, session: Session
) -> None:
    message = posted()
    deliver(Fails(Refused("refused")))
    virtual_school(app, client, people)
    again = f"/staff/messages/{message.id}/again"
    answer = fill(client, "/staff/messages", action=again)
    assert (answer.status_code, answer.location) == (303, "/staff/messages")
    session.expire_all()
    assert (message.state, message.attempts) == (State.waiting, 0)
    assert deliver(Takes()).sent == 1
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "message.retried")).one()
    assert entry.thing_id == message.id


def test_pressing_try_again_twice_does_no_harm(
    app: Flask, client: FlaskClient, people: People, posted: Post, deliver: Deliver, session: Session
) -> None:
    message = posted()
    deliver(Fails(Refused("refused")))
    virtual_school(app, client, people)
    token = {"csrf_token": _token(client)}
    for _ in range(2):
        assert client.post(f"/staff/messages/{message.id}/again", data=token).status_code == 303
    assert "already on its way" in client.get("/staff/messages").get_data(as_text=True)
    assert len(session.scalars(select(AuditEntry).where(AuditEntry.event == "message.retried")).all()) == 1


def _token(client: FlaskClient) -> str:
    html = client.get("/staff/messages").get_data(as_text=True)
    return html.partition('name="csrf_token" value="')[2].partition('"')[0]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.virtual_school, Role.young_person}))
def test_only_the_virtual_school_sees_the_outbox(app: Flask, client: FlaskClient, people: People, role: Role) -> None:
    sign_in(app, client, people.adult(role), way="worker")
    assert client.get("/staff/messages").status_code == 403


def test_outside_the_demo_there_is_no_outbox_on_a_page(client: FlaskClient, posted: Post) -> None:
    posted()
    assert client.get("/demo/messages").status_code == 404


def test_a_channel_that_does_not_exist_stops_the_start(tmp_path: Path) -> None:
    from app import create_app

    with pytest.raises(SettingsRefused, match="EMAIL_CHANNEL"):
        create_app(settings_for(f"sqlite:///{tmp_path / 'x.db'}", tmp_path, email_channel="pigeon"))


class TestInTheDemo:
    """Nothing leaves; everything is on a page."""

    @pytest.fixture
    def config(self, database_url: str, tmp_path: Path) -> Settings:
        return settings_for(database_url, tmp_path, demo=True)

    def test_messages_are_shown_in_their_readers_language(self, client: FlaskClient, posted: Post) -> None:
        posted(language="ar")
        html = client.get("/demo/messages").get_data(as_text=True)
        assert '<div lang="ar" dir="rtl">' in html

    def test_a_link_in_a_message_can_be_opened_before_and_after_it_is_delivered(
        self, client: FlaskClient, posted: Post, deliver: Deliver
    ) -> None:
        posted(template="one_time_link", params={"path": "/go/abc", "until": "2026-12-04"})
        assert 'href="/go/abc"' in client.get("/demo/messages").get_data(as_text=True)
        assert deliver().sent == 1
        assert 'href="/go/abc"' in client.get("/demo/messages").get_data(as_text=True)

    def test_an_empty_outbox_says_so(self, client: FlaskClient) -> None:
        assert "None yet." in client.get("/demo/messages").get_data(as_text=True)
