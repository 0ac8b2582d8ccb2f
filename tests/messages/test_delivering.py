"""What is in the outbox goes out, again when it must, and never is lost."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.core.db import db
from app.messages import delivering
from app.messages.channels import Letter, Refused, TryAgain
from app.messages.models import Message, State
from tests.messages.conftest import Deliver, Post

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Takes:
    """A channel that takes everything."""

    leaves_the_house = True

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> str:
        self.letters.append(letter)
        return f"there-{len(self.letters)}"


class Fails(Takes):
    """A channel that takes nothing, for a reason."""

    def __init__(self, problem: Exception) -> None:
        super().__init__()
        self.problem = problem

    def send(self, letter: Letter) -> str:
        super().send(letter)
        raise self.problem


def test_a_message_that_is_due_is_sent_once(posted: Post, deliver: Deliver) -> None:
    message = posted()
    channel = Takes()
    assert deliver(channel) == delivering.Round(sent=1)
    assert deliver(channel) == delivering.Round()
    assert len(channel.letters) == 1
    assert (message.state, message.provider_id, message.claimed_by) == (State.sent, "there-1", None)


def test_a_message_for_tomorrow_waits_until_tomorrow(posted: Post, deliver: Deliver) -> None:
    with time_machine.travel(NOON, tick=False) as travel:
        posted(send_after=NOON + timedelta(days=1))
        assert deliver(Takes()) == delivering.Round()
        travel.shift(timedelta(days=1))
        assert deliver(Takes()) == delivering.Round(sent=1)


def test_no_more_go_than_the_limit(posted: Post, deliver: Deliver) -> None:
    for _ in range(5):
        posted()
    assert deliver(Takes(), limit=3).sent == 3
    assert deliver(Takes()).sent == 2


def test_tries_back_off_and_end_after_a_day(posted: Post, deliver: Deliver) -> None:
    """After 1, 5, 15 and 60 minutes, then hourly, a tenth more or less; given up when the first try is a day old."""
    channel = Fails(TryAgain("not-reached"))
    with time_machine.travel(NOON, tick=False) as travel:
        message = posted()
        tried = []
        for _ in range(40):
            done = deliver(channel)
            tried.append(delivering.clock.now())
            if done.dead:
                break
            assert done == delivering.Round(later=1)
            travel.move_to(message.due_at - timedelta(seconds=1))
            assert deliver(channel) == delivering.Round(), "nothing happens before its time"
            travel.move_to(message.due_at)
    assert (message.state, message.last_error) == (State.dead, "not-reached")
    pauses = [(after - before).total_seconds() / 60 for before, after in pairwise(tried)]
    for pause, planned in zip(pauses, [1, 5, 15, *[60] * 40], strict=False):
        assert planned * 0.9 <= pause <= planned * 1.1
    assert timedelta(hours=24) <= tried[-1] - tried[0] < timedelta(hours=25, minutes=10)


def test_pauses_differ_so_that_messages_do_not_all_come_at_once() -> None:
    chance = random.Random(1)
    assert len({delivering.pause_after(5, chance) for _ in range(20)}) == 20


def test_an_address_that_is_refused_is_not_tried_again(posted: Post, deliver: Deliver) -> None:
    message = posted()
    assert deliver(Fails(Refused("address-refused"))) == delivering.Round(dead=1)
    assert deliver(Takes()) == delivering.Round()
    assert (message.state, message.last_error) == (State.dead, "address-refused")


def test_one_message_that_fails_does_not_hold_up_the_others(posted: Post, deliver: Deliver) -> None:
    class Picky(Takes):
        def send(self, letter: Letter) -> str:
            if letter.address.startswith("bad"):
                raise RuntimeError(f"cannot reach {letter.address}")
            return super().send(letter)

    bad = posted(address="bad@example.org")
    good = posted()
    assert deliver(Picky()) == delivering.Round(sent=1, later=1)
    assert (good.state, bad.state, bad.last_error) == (State.sent, State.waiting, "broken-here")


def test_what_went_wrong_is_logged_without_the_address(
    posted: Post, deliver: Deliver, caplog: pytest.LogCaptureFixture
) -> None:
    posted()
    deliver(Fails(RuntimeError("reader@example.org is away")))
    assert "RuntimeError" in caplog.text
    assert "reader@" not in caplog.text


def test_a_message_of_a_worker_that_died_is_sent_by_another(posted: Post, deliver: Deliver) -> None:
    with time_machine.travel(NOON, tick=False) as travel:
        message = posted()
        assert delivering.claim(db.engine, "one that dies", 10) == [message.id]
        assert deliver(Takes()) == delivering.Round(), "its lease still runs"
        travel.shift(delivering.LEASE + timedelta(seconds=1))
        assert deliver(Takes()) == delivering.Round(sent=1)
    assert message.attempts == 2


def test_a_message_that_kills_every_worker_is_given_up(posted: Post, deliver: Deliver) -> None:
    with time_machine.travel(NOON, tick=False) as travel:
        message = posted()
        for _ in range(delivering.MOST_TRIES):
            assert delivering.claim(db.engine, "one that dies", 10)
            travel.shift(delivering.LEASE + timedelta(seconds=1))
        channel = Takes()
        assert deliver(channel) == delivering.Round(dead=1)
    assert channel.letters == []
    assert message.last_error == "gave-up"


def test_a_slow_worker_that_lost_its_lease_does_not_undo_what_another_did(
    posted: Post, deliver: Deliver, app: Flask
) -> None:
    with time_machine.travel(NOON, tick=False) as travel:
        message = posted()
        delivering.claim(db.engine, "slow", 10)
        travel.shift(delivering.LEASE + timedelta(seconds=1))
        deliver(Takes())
        from tests.messages.conftest import Only

        failing = Only(Fails(TryAgain("busy")))
        delivering.deliver_one(db.engine, failing, message.id, "slow", random.Random(1))
        db.session.expire_all()
    assert message.state == State.sent


def test_a_batch_that_takes_too_long_is_given_back_before_its_lease_ends(posted: Post, deliver: Deliver) -> None:
    with time_machine.travel(NOON, tick=False) as travel:

        class Slow(Takes):
            def send(self, letter: Letter) -> str:
                travel.shift(timedelta(minutes=5))
                return super().send(letter)

        messages = [posted() for _ in range(4)]
        assert deliver(Slow(), limit=4).sent == 4
        assert all(message.attempts == 1 for message in messages)


def test_a_link_that_signs_in_is_not_kept_once_it_has_left(posted: Post, deliver: Deliver) -> None:
    message = posted(template="one_time_link", params={"path": "/go/abc", "until": "2026-12-04"})
    channel = Takes()
    deliver(channel)
    assert "/go/abc" in channel.letters[0].body
    assert message.params == {}


def test_a_channel_that_is_not_set_up_is_not_taken_for_sent(posted: Post, deliver: Deliver) -> None:
    message = posted()
    assert deliver() == delivering.Round(later=1)
    assert message.last_error == "not-set-up"


def test_the_reader_gets_it_in_their_own_language(posted: Post, deliver: Deliver) -> None:
    posted(language="ar")
    channel = Takes()
    deliver(channel)
    assert channel.letters[0].language == "ar"


def test_watching_goes_on_after_the_database_was_away(app: Flask) -> None:
    rounds = iter([OperationalError("SELECT", {}, Exception("gone")), delivering.Round(sent=1)])
    waited = iter([False, True])
    seen = []

    def one_round() -> delivering.Round:
        result = next(rounds)
        seen.append(result)
        if isinstance(result, Exception):
            raise result
        return result

    delivering.watch(one_round, lambda: next(waited))
    assert len(seen) == 2


def test_the_command_says_what_it_did_and_ends_well_only_when_all_went_well(app: Flask, posted: Post) -> None:
    posted()
    run = app.test_cli_runner().invoke
    dry = run(args=["deliver", "--dry-run"])
    assert (dry.exit_code, dry.output) == (0, "1\temail\tsomething_to_look_at\n1 due; nothing was sent\n")
    failed = run(args=["deliver", "--once"])
    assert (failed.exit_code, failed.output) == (1, "0 sent, 1 to be tried again, 0 given up\n")
    again = run(args=["deliver"])
    assert (again.exit_code, again.output) == (0, "0 sent, 0 to be tried again, 0 given up\n")
    assert run(args=["deliver", "--help"]).exit_code == 0


def test_a_message_whose_key_is_lost_is_given_up_and_the_rest_go(
    posted: Post, deliver: Deliver, session: Session
) -> None:
    from sqlalchemy import text

    bad_id = posted().id
    posted()
    session.execute(text("UPDATE message SET params = :broken WHERE id = :id"), {"broken": b"xx", "id": bad_id.hex})
    session.commit()
    assert deliver(Takes()) == delivering.Round(sent=1, dead=1)
    assert session.query(Message.last_error).filter(Message.id == bad_id).scalar() == "cannot-be-made"
