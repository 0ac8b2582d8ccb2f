"""Several workers on PostgreSQL share the outbox: each message goes once. The control shows that the claim is why."""

from __future__ import annotations

import threading
import uuid
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import db
from app.core.settings import settings
from app.messages import delivering
from app.messages.channels import Letter
from app.messages.models import Message, State
from app.messages.outbox import post
from tests.messages.conftest import Only

pytestmark = pytest.mark.postgres
WORKERS = 2
MESSAGES = 40


class Counts:
    """A channel that counts what each worker hands over, and lets the others come in between."""

    leaves_the_house = True

    def __init__(self) -> None:
        self.sent: Counter[uuid.UUID] = Counter()
        self.by_worker: Counter[str] = Counter()
        self._lock = threading.Lock()
        # Nobody's first letter is handed over before everybody has one in hand.
        self._together = threading.Barrier(WORKERS)
        self._begun: set[str] = set()

    def send(self, letter: Letter) -> str:
        name = threading.current_thread().name
        if name not in self._begun:
            self._begun.add(name)
            self._together.wait(timeout=30)
        with self._lock:
            self.sent[letter.id] += 1
            self.by_worker[name] += 1
        return str(letter.id)


def post_many(app: Flask) -> None:
    for _ in range(MESSAGES):
        post(
            db.session,
            kind="email",
            address="reader@example.org",
            language="en-GB",
            template="answers_arrived",
            cause="test",
            cause_id=None,
        )
    db.session.commit()


def run_workers(app: Flask, channel: Counts) -> None:
    problems: list[BaseException] = []

    def work() -> None:
        try:
            with app.app_context():
                assert settings()
                delivering.deliver(db.engine, Only(channel))
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work, name=f"worker-{n}") for n in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []


def test_two_workers_share_the_work_and_each_message_goes_once(postgres_app: Flask) -> None:
    post_many(postgres_app)
    channel = Counts()
    run_workers(postgres_app, channel)
    assert len(channel.sent) == MESSAGES
    assert set(channel.sent.values()) == {1}
    assert len(channel.by_worker) == WORKERS, "both had their part"
    assert set(db.session.scalars(select(Message.state))) == {State.sent}


def test_control_without_the_claim_messages_go_twice(postgres_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def plain_look(engine: Engine, worker: str, limit: int) -> list[uuid.UUID]:
        with Session(engine) as session:
            return list(session.scalars(select(Message.id).where(delivering.due(clock.now())).limit(limit)))

    monkeypatch.setattr(delivering, "claim", plain_look)
    post_many(postgres_app)
    channel = Counts()
    run_workers(postgres_app, channel)
    assert max(channel.sent.values()) > 1


def test_a_worker_does_not_wait_for_rows_that_another_holds(postgres_app: Flask) -> None:
    post_many(postgres_app)
    with Session(db.engine) as other:
        held = other.scalars(select(Message.id).order_by(Message.due_at, Message.id).limit(5).with_for_update()).all()
        taken = delivering.claim(db.engine, "second", 10)
    assert len(taken) == 10
    assert not set(held) & set(taken)
