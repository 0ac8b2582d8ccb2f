"""Wrong codes: the first are free, then each takes a little longer, then a kind rest.

A try is counted *before* the code is looked at, in one conditional update that holds the row until the request commits. A hundred
guesses at the same moment are therefore a hundred counted guesses, and all but the first few find the gate closed. A right code
gives its count back.

Counted for each card (or worker) and for each address, so that neither one card nor one place can be guessed at for long. Names
and addresses are kept as keyed hashes only (safeguarding, section 15 row 5).
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, delete, literal, or_, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import UtcDateTime, insert_if_absent, stays
from app.core.settings import Settings
from app.people.models import Try

_FIRST_WAIT = timedelta(seconds=15)
_AFTER_A_REST = 5
_CODE_WINDOW = timedelta(hours=24)
_ADDRESS_WINDOW = timedelta(hours=1)
_KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Gate:
    """One thing tries are counted for. ``shared`` ones (an address) stand for many people: a right code does not clear them."""

    scope: str
    free: int
    most: int
    rest: timedelta
    window: timedelta
    shared: bool = False

    def pause_after(self, wrong: int) -> timedelta | None:
        """Return how long nobody may try after this many wrong codes."""
        if wrong >= self.most:
            return self.rest
        if wrong > self.free:
            return min(_FIRST_WAIT * (1 << (wrong - self.free - 1)), self.rest)
        return None


@dataclass(frozen=True, slots=True)
class Taken:
    """The answer to 'may I try?'. When not ``open``, nothing was counted and the code must not be looked at.

    ``until`` is when the next try may be made, if this one is (or were) wrong; ``locked`` says that it is the long rest;
    ``resting`` names the scopes whose rest begins with this try.
    """

    open: bool
    gates: tuple[Gate, ...]
    until: datetime | None = None
    locked: bool = False
    resting: frozenset[str] = frozenset()


def code_gate(kind: str, name: str, config: Settings) -> Gate:
    """Return the gate of one card, person or worker: ``kind`` is a word like 'card', ``name`` what tells it from others."""
    scope = _scope(kind, name, config)
    return Gate(scope, config.code_tries_before_wait, config.code_tries_before_lock, config.code_lock, _CODE_WINDOW)


def address_gate(address: str | None, config: Settings) -> Gate:
    """Return the gate of a network address. A whole school may share one, so it has room; IPv6 counts by /64."""
    most = config.address_tries_before_lock
    scope = _scope("address", network(address), config)
    return Gate(scope, most, most, config.code_lock, _ADDRESS_WINDOW, shared=True)


def take(session: Session, *gates: Gate) -> Taken:
    """Count one try at every gate, or at none when one of them is closed. Counted it stays, whatever is answered."""
    stays(session)
    counted: list[Gate] = []
    until: datetime | None = None
    locked = False
    resting: set[str] = set()
    for gate in gates:
        wrong = _count(session, gate)
        if wrong is None:
            for other in counted:
                _give_back(session, other)
            return _closed(session, gate, gates)
        counted.append(gate)
        pause = gate.pause_after(wrong)
        if pause is None:
            continue
        until = max(filter(None, (until, clock.now() + pause)))
        session.execute(update(Try).where(Try.scope == gate.scope).values(locked_until=clock.now() + pause))
        if wrong >= gate.most:
            locked = True
            resting.add(gate.scope)
    return Taken(True, gates, until, locked, frozenset(resting))


def right(session: Session, taken: Taken) -> None:
    """The code was right: forget the wrong ones at this person's own gates, and give the shared ones their count back."""
    for gate in taken.gates:
        if gate.shared:
            _give_back(session, gate)
        else:
            session.execute(delete(Try).where(Try.scope == gate.scope))
    # Nothing about who tried from where is kept for longer than a day; each sign-in sweeps.
    session.execute(delete(Try).where(Try.last_at < clock.now() - _KEPT_FOR))


def seconds_until(until: datetime | None) -> int:
    """Return what a Retry-After says: whole seconds, rounded up, never nought."""
    return max(1, math.ceil((until - clock.now()).total_seconds())) if until else 1


def minutes_until(until: datetime | None) -> int:
    """Return whole minutes to wait, rounded up; 0 when it is less than one."""
    seconds = (until - clock.now()).total_seconds() if until else 0
    return 0 if seconds < 60 else math.ceil(seconds / 60)


def _count(session: Session, gate: Gate) -> int | None:
    """Count one try. Returns how many there are now, or None while the gate is closed."""
    moment = clock.now()
    insert_if_absent(session, Try, {"scope": gate.scope, "wrong": 0, "began_at": moment, "last_at": moment})
    old = Try.began_at <= moment - gate.window
    after_a_rest = max(gate.most - _AFTER_A_REST, 0) + 1
    statement = (
        update(Try)
        .where(Try.scope == gate.scope, _not_waiting(moment))
        .values(
            wrong=case((old, 1), (Try.wrong >= gate.most, after_a_rest), else_=Try.wrong + 1),
            began_at=case((old, literal(moment, UtcDateTime)), else_=Try.began_at),
            last_at=moment,
            locked_until=None,
        )
        .returning(Try.wrong)
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).scalar()


def _not_waiting(moment: datetime) -> ColumnElement[bool]:
    return or_(Try.locked_until.is_(None), Try.locked_until <= moment)


def _give_back(session: Session, gate: Gate) -> None:
    session.execute(
        update(Try)
        .where(and_(Try.scope == gate.scope, Try.wrong > 0))
        .values(wrong=Try.wrong - 1, locked_until=None)
        .execution_options(synchronize_session=False)
    )


def _closed(session: Session, gate: Gate, gates: tuple[Gate, ...]) -> Taken:
    row = session.execute(select(Try.locked_until, Try.wrong).where(Try.scope == gate.scope)).first()
    until, wrong = (row.locked_until, row.wrong) if row else (None, 0)
    return Taken(False, gates, until, locked=wrong >= gate.most)


def _scope(kind: str, name: str, config: Settings) -> str:
    key = config.secret_key.get_secret_value() if config.secret_key else ""
    return f"{kind}:{hmac.new(key.encode(), f'{kind}:{name}'.encode(), hashlib.sha256).hexdigest()[:40]}"


def network(address: str | None) -> str:
    """Return the network address that tries are counted for: an IPv6 one by its /64."""
    try:
        found = ipaddress.ip_address((address or "").split("%")[0])
    except ValueError:
        return "unknown"
    if found.version == 6:
        mapped = found.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
