"""E-mail and text messages through GOV.UK Notify's own client, to a server that does not always behave."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from app.core.settings import Settings
from app.messages.channels import TryAgain
from app.messages.channels.notify import Notify
from app.messages.models import State
from tests.messages.conftest import Deliver, Post
from tests.messages.notify_server import API_KEY, NotifyServer, notify_server

EMAIL, SMS = "33333333-3333-4333-8333-333333333333", "44444444-4444-4444-8444-444444444444"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[NotifyServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with notify_server() as running:
        yield running


@pytest.fixture
def channel(config: Settings, server: NotifyServer) -> Iterator[Notify]:
    made = notify(config, server)
    yield made
    made._client.request_session.close()


def notify(config: Settings, server: NotifyServer, **changes: object) -> Notify:
    values = {
        "notify_api_key": SecretStr(API_KEY),
        "notify_base_url": server.url,
        "notify_email_template": EMAIL,
        "notify_sms_template": SMS,
        **changes,
    }
    return Notify(config.model_copy(update=values), timeout=0.5)


def test_an_email_is_handed_over_with_our_id_as_its_reference(
    server: NotifyServer, channel: Notify, posted: Post, deliver: Deliver
) -> None:
    message = posted(address="reader@example.org", template="card_locked")
    assert deliver(channel).sent == 1
    (taken,) = server.taken
    assert taken["path"] == "/v2/notifications/email"
    assert (taken["email_address"], taken["template_id"]) == ("reader@example.org", EMAIL)
    assert taken["reference"] == str(message.id)
    assert taken["personalisation"]["subject"] == "A card you gave out is locked"
    assert "ask the young person" in taken["personalisation"]["body"]
    assert message.provider_id


def test_a_text_message_is_handed_over_without_a_subject(
    server: NotifyServer, channel: Notify, posted: Post, deliver: Deliver
) -> None:
    posted(kind="sms", address="07700 900123")
    assert deliver(channel).sent == 1
    (taken,) = server.taken
    assert (taken["path"], taken["phone_number"], taken["template_id"]) == (
        "/v2/notifications/sms",
        "07700 900123",
        SMS,
    )
    assert list(taken["personalisation"]) == ["body"]


@pytest.mark.parametrize(
    ("behave", "state", "code"),
    [
        ("500", State.waiting, "broken-there"),
        ("503", State.waiting, "broken-there"),
        ("429:Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds", State.waiting, "busy"),
        ("429:Exceeded send limits (50) for today", State.waiting, "busy"),
        ("403:Invalid token: API key not found", State.waiting, "sign-in-refused"),
        ("400:email_address Not a valid email address", State.dead, "address-refused"),
        ("400:phone_number Not enough digits", State.dead, "address-refused"),
        ("400:Template not found", State.dead, "refused"),
        ("slow", State.waiting, "not-reached"),
        ("closed", State.waiting, "not-reached"),
        ("garbage", State.waiting, "answer-unreadable"),
        ("no-id", State.waiting, "answer-unreadable"),
    ],
)
def test_however_notify_misbehaves_the_message_is_kept_or_shown_to_a_worker(
    server: NotifyServer,
    channel: Notify,
    posted: Post,
    deliver: Deliver,
    caplog: pytest.LogCaptureFixture,
    behave: str,
    state: str,
    code: str,
) -> None:
    message = posted()
    server.behave = behave
    deliver(channel)
    assert (message.state, message.last_error) == (state, code)
    assert "reader@example.org" not in caplog.text
    assert "email_address" not in caplog.text


def test_after_trouble_the_next_try_goes_through(
    server: NotifyServer, channel: Notify, posted: Post, deliver: Deliver
) -> None:
    import time_machine

    message = posted()
    server.behave = "500"
    deliver(channel)
    server.behave = None
    with time_machine.travel(message.due_at, tick=False):
        assert deliver(channel).sent == 1
    assert len(server.taken) == 1


def test_a_key_that_is_not_theirs_is_refused_and_the_message_waits(
    server: NotifyServer, config: Settings, posted: Post, deliver: Deliver
) -> None:
    wrong = API_KEY[:-1] + "9"
    channel = notify(config, server, notify_api_key=SecretStr(wrong))
    message = posted()
    deliver(channel)
    channel._client.request_session.close()
    assert (message.state, message.last_error) == (State.waiting, "sign-in-refused")


@pytest.mark.parametrize("key", [None, "", "short"])
def test_without_a_usable_key_nothing_counts_as_sent(config: Settings, server: NotifyServer, key: str | None) -> None:
    with pytest.raises(TryAgain, match="not-set-up"):
        notify(config, server, notify_api_key=None if key is None else SecretStr(key))


def test_without_a_template_for_texts_a_text_waits(
    server: NotifyServer, config: Settings, posted: Post, deliver: Deliver
) -> None:
    channel = notify(config, server, notify_sms_template=None)
    message = posted(kind="sms", address="07700 900123")
    deliver(channel)
    assert message.last_error == "not-set-up"
