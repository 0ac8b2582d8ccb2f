"""What tests about messages need: a way to post one, and a delivery whose chance is settled."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.db import db
from app.core.settings import settings
from app.messages import delivering
from app.messages.channels import Channel, Channels
from app.messages.models import Message
from app.messages.outbox import post

Post = Callable[..., Message]
Deliver = Callable[..., delivering.Round]


@pytest.fixture
def posted(session: Session) -> Post:
    """Post a message with whatever the test does not care about filled in, and commit it."""

    def make(**what: Any) -> Message:
        values = {
            "kind": "email",
            "address": "reader@example.org",
            "language": "en-GB",
            "template": "something_to_look_at",
            "cause": "test",
            "cause_id": None,
            **what,
        }
        message = post(session, **values)
        session.commit()
        return message

    return make


@pytest.fixture
def deliver(app: Flask, session: Session) -> Deliver:
    """Deliver what is due, with chances that are the same each time."""

    def run(channel: Channel | None = None, **how: Any) -> delivering.Round:
        channels = Only(channel) if channel else Channels(settings())
        done = delivering.deliver(db.engine, channels, **{"chance": random.Random(7), **how})
        session.expire_all()
        return done

    return run


class Only(Channels):
    """Channels that are all the same one."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def for_kind(self, kind: str) -> Channel:
        return self._channel
