"""Sending what is in the outbox: claim a few, commit, send outside the transaction, write down how it went.

A claim is a lease. A worker that dies leaves its lease behind; when it has run out, another worker sends the message, even if
the first one had already handed it over: at least once, never not at all (docs/decisions/outbox-at-least-once.md). The same
message keeps its id at the other side (Message-ID, reference), so that a second copy can be recognised.
"""

from __future__ import annotations

import logging
import os
import random
import socket
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.core import clock
from app.core.crypto import CannotOpen
from app.messages import stopping, templates
from app.messages.channels import Channels, Letter, Refused, TryAgain
from app.messages.models import Message, State

log = logging.getLogger("pepvoice.messages")

BATCH = 10
LEASE = timedelta(minutes=10)
# A batch is left unfinished when its lease could run out while the next letter is on its way (a slow server takes its time).
LEASE_MARGIN = timedelta(minutes=2)
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))
GIVE_UP = timedelta(hours=24)
# Hourly tries for a day are fewer. Only a message that brings its worker down each time comes this far.
MOST_TRIES = 40


@dataclass(frozen=True, slots=True)
class Round:
    """How one round of delivering went."""

    sent: int = 0
    later: int = 0
    dead: int = 0

    @property
    def went_well(self) -> bool:
        """True when everything that was due has gone."""
        return self.later == 0 and self.dead == 0


def worker_name() -> str:
    """Return a name for this worker that no other has, also after a restart with the same process number."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def due(moment: datetime) -> ColumnElement[bool]:
    """Return what makes a message due: its time has come, or whoever was sending it has not been heard of since. What goes
    to somebody who wants no messages never is."""
    its_time = or_(
        and_(Message.state == State.waiting, Message.due_at <= moment),
        and_(Message.state == State.sending, Message.claimed_until < moment),
    )
    return and_(its_time, ~stopping.unwanted())


def count_due(session: Session) -> Counter[tuple[str, str]]:
    """Return how many messages are due, by kind and template."""
    rows = session.execute(
        select(Message.kind, Message.template, func.count())
        .where(due(clock.now()))
        .group_by(Message.kind, Message.template)
    )
    return Counter({(kind, template): number for kind, template, number in rows})


def claim(engine: Engine, worker: str, limit: int) -> list[uuid.UUID]:
    """Take up to ``limit`` due messages for ``worker`` and return their ids. Committed when it returns.

    One statement does it. On PostgreSQL other workers skip the rows it holds; on SQLite there is one writer at a time.
    """
    moment = clock.now()
    chosen = (
        select(Message.id)
        .where(due(moment))
        .order_by(Message.due_at, Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("chosen")
    )
    claiming = (
        update(Message)
        .where(Message.id.in_(select(chosen.c.id)))
        .values(
            state=State.sending,
            claimed_by=worker,
            claimed_until=moment + LEASE,
            attempts=Message.attempts + 1,
            first_tried_at=func.coalesce(Message.first_tried_at, moment),
        )
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    with Session(engine) as session, session.begin():
        return sorted(session.scalars(claiming))


def deliver(
    engine: Engine,
    channels: Channels,
    *,
    limit: int | None = None,
    worker: str | None = None,
    chance: random.Random | None = None,
) -> Round:
    """Send what is due, at most ``limit`` messages, and return how it went. ``chance`` spreads the next tries out."""
    with Session(engine) as session, session.begin():
        stopping.sweep(session)
    worker = worker or worker_name()
    chance = chance or random.SystemRandom()
    tally: Counter[State] = Counter()
    while limit is None or tally.total() < limit:
        batch = claim(engine, worker, BATCH if limit is None else min(BATCH, limit - tally.total()))
        if not batch:
            break
        tally.update(_deliver_batch(engine, channels, batch, worker, chance))
    return Round(tally[State.sent], tally[State.waiting], tally[State.dead])


def _deliver_batch(
    engine: Engine, channels: Channels, batch: list[uuid.UUID], worker: str, chance: random.Random
) -> Counter[State]:
    until = clock.now() + LEASE - LEASE_MARGIN
    tally: Counter[State] = Counter()
    for done, message_id in enumerate(batch):
        if clock.now() >= until:
            _give_back(engine, batch[done:], worker)
            break
        tally[deliver_one(engine, channels, message_id, worker, chance)] += 1
    return tally


def deliver_one(engine: Engine, channels: Channels, message_id: uuid.UUID, worker: str, chance: random.Random) -> State:
    """Send one message that ``worker`` has claimed, write down how it went, and return where it is now."""
    try:
        letter = _letter(engine, message_id)
        channel = channels.for_kind(letter.kind)
        provider_id = channel.send(letter)
    except TryAgain as problem:
        return _not_now(engine, message_id, worker, problem.code, chance)
    except Refused as problem:
        return _dead(engine, message_id, worker, problem.code)
    except (CannotOpen, templates.TextRefused):
        return _dead(engine, message_id, worker, "cannot-be-made")
    except SQLAlchemyError:
        raise
    except Exception as error:  # a channel's surprise must not stop the others' messages
        # Only its type: the text of an exception may repeat an address.
        log.error("A channel failed with %s on message %s", type(error).__name__, message_id)
        return _not_now(engine, message_id, worker, "broken-here", chance)
    _sent(engine, message_id, provider_id, forget=letter.signs_in and channel.leaves_the_house)
    return State.sent


def _letter(engine: Engine, message_id: uuid.UUID) -> Letter:
    with Session(engine) as session:
        message = session.get_one(Message, message_id)
        if message.attempts > MOST_TRIES:
            raise Refused("gave-up")
        text = templates.render(message.template, message.params, message.language)
        signs_in = templates.TEMPLATES[message.template].signs_in
        return Letter(
            message.id, message.kind, message.address, text.language.tag, text.subject, text.body, signs_in=signs_in
        )


def _sent(engine: Engine, message_id: uuid.UUID, provider_id: str | None, *, forget: bool) -> None:
    # Whoever holds the lease by now: it has gone, and that is what we write.
    values: dict[str, Any] = {
        "state": State.sent,
        "sent_at": clock.now(),
        "provider_id": provider_id,
        "last_error": None,
    }
    if forget:
        # A link that signs somebody in is on its way to one person; no copy of it stays here.
        values["params"] = {}
    _write(engine, values, Message.id == message_id, Message.state != State.sent)


def _not_now(engine: Engine, message_id: uuid.UUID, worker: str, code: str, chance: random.Random) -> State:
    with Session(engine) as session:
        attempts, first = session.execute(
            select(Message.attempts, Message.first_tried_at).where(Message.id == message_id)
        ).one()
    moment = clock.now()
    if first is not None and moment - first >= GIVE_UP:
        return _dead(engine, message_id, worker, code)
    values = {"state": State.waiting, "due_at": moment + pause_after(attempts, chance), "last_error": code}
    _write(engine, values, Message.id == message_id, Message.claimed_by == worker)
    return State.waiting


def pause_after(attempts: int, chance: random.Random) -> timedelta:
    """Return the wait after try number ``attempts``: 1, 5, 15, 60 minutes, then hourly, a tenth more or less."""
    base = BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
    return base * chance.uniform(0.9, 1.1)


def _dead(engine: Engine, message_id: uuid.UUID, worker: str, code: str) -> State:
    log.warning("Message %s was given up: %s", message_id, code)
    _write(engine, {"state": State.dead, "last_error": code}, Message.id == message_id, Message.claimed_by == worker)
    return State.dead


def _give_back(engine: Engine, ids: list[uuid.UUID], worker: str) -> None:
    values = {"state": State.waiting, "attempts": Message.attempts - 1}
    _write(engine, values, Message.id.in_(ids), Message.claimed_by == worker)


def _write(engine: Engine, values: dict[str, Any], *where: ColumnElement[bool]) -> None:
    statement = update(Message).where(*where).values(claimed_by=None, claimed_until=None, **values)
    with Session(engine) as session, session.begin():
        session.execute(statement.execution_options(synchronize_session=False))


def watch(one_round: Callable[[], Round], wait: Callable[[], bool]) -> None:
    """Deliver again and again until ``wait`` says to stop. A database that is away for a while does not end it."""
    while True:
        try:
            one_round()
        except SQLAlchemyError as error:
            log.error("The outbox could not be read: %s", type(error).__name__)
        if wait():
            return
