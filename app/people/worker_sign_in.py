"""Workers' way in without the council's own sign-on: e-mail and passphrase, then a code from their phone.

An e-mail we do not know, a wrong passphrase and an account that has ended get the same answer in the same time. Wrong tries count
for the e-mail that was typed (known or not) and for the address they came from.
"""

from __future__ import annotations

import base64
import binascii
import uuid
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.crypto import CannotOpen
from app.core.db import key_ring
from app.core.settings import Settings
from app.people import one_time_codes, passphrases, sessions, tries
from app.people.models import ADULT_ROLES, Person, Role, WorkerKey

PENDING_FOR = timedelta(minutes=5)
_PENDING = "sign-in.pending"


class NotRight(Exception):
    """What was typed does not fit; we never say which part. ``until`` is when the next try counts, if not at once."""

    def __init__(self, until: datetime | None = None) -> None:
        """Take when the next try may be made."""
        super().__init__()
        self.until = until


class NotNow(NotRight):
    """There were too many tries; nothing was looked at."""


def tidy_email(typed: str) -> str:
    """Return an e-mail address the way we keep it."""
    return typed.strip().lower()


def check_passphrase(session: Session, email: str, passphrase: str, address: str | None, config: Settings) -> Person:
    """Return the worker whose e-mail and passphrase these are; they still need their code.

    ``address`` is where the request came from. Raises NotNow before anything is looked at, or NotRight.
    """
    taken = _take(session, email, address, config)
    found = session.execute(
        select(Person, WorkerKey)
        .join(WorkerKey, WorkerKey.person_id == Person.id)
        .where(Person.email == tidy_email(email), Person.role.in_(ADULT_ROLES))
    ).first()
    person: Person | None = found.Person if found else None
    key: WorkerKey | None = found.WorkerKey if found else None
    usable = key if person is not None and key is not None and _is_here(person) and key.totp_secret else None
    if not passphrases.is_right(usable.passphrase_hash if usable else None, passphrase) or not person or not usable:
        audit.record(session, None, "sign-in.failed", thing_id=person.id if person else None, detail="passphrase")
        raise NotRight(taken.until)
    if passphrases.is_dated(usable.passphrase_hash or ""):
        usable.passphrase_hash = passphrases.hash_of(passphrase)
        session.flush()
    # The worker's own tries are forgotten only when the code is right too: one half must not buy more guesses at the other.
    tries.right(session, replace(taken, gates=tuple(gate for gate in taken.gates if gate.shared)))
    return person


def check_code(session: Session, person_id: uuid.UUID, code: str, address: str | None, config: Settings) -> Person:
    """Return the worker whose code this is, and use the code up. Raises NotNow or NotRight."""
    person = session.get(Person, person_id)
    key = session.get(WorkerKey, person_id)
    if person is None or key is None or not _is_here(person):
        raise NotRight
    taken = _take(session, person.email or str(person.id), address, config)
    if not one_time_codes.use(session, key, code, clock.now()):
        audit.record(session, None, "sign-in.failed", thing_id=person.id, detail="code from phone")
        raise NotRight(taken.until)
    tries.right(session, taken)
    return person


def _take(session: Session, email: str, address: str | None, config: Settings) -> tries.Taken:
    taken = tries.take(
        session, tries.code_gate("worker", tidy_email(email), config), tries.address_gate(address, config)
    )
    if not taken.open:
        raise NotNow(taken.until)
    return taken


def seal_pending(person_id: uuid.UUID) -> str:
    """Return what the cookie holds between passphrase and code: who it is and until when, sealed."""
    until = int((clock.now() + PENDING_FOR).timestamp())
    return base64.urlsafe_b64encode(key_ring().seal(f"{person_id} {until}", _PENDING)).decode("ascii")


def open_pending(sealed: str | None) -> uuid.UUID | None:
    """Return who is between passphrase and code, or None when nobody is or five minutes are over."""
    try:
        person_id, until = key_ring().open(base64.urlsafe_b64decode(sealed or ""), _PENDING).split(" ")
    except (CannotOpen, binascii.Error, ValueError):
        return None
    return uuid.UUID(person_id) if clock.now().timestamp() < int(until) else None


def set_passphrase(session: Session, email: str, passphrase: str, config: Settings) -> tuple[Person, str]:
    """Give an adult a new passphrase and a new secret for their phone; returns them and the secret, which is not shown again.

    Whoever is signed in as them is signed out, and their wrong tries are forgotten. Raises LookupError when no adult has this
    e-mail, and PassphraseRefused.
    """
    person = session.scalar(select(Person).where(Person.email == tidy_email(email), Person.role.in_(ADULT_ROLES)))
    if person is None or not _is_here(person):
        raise LookupError("No adult here has this e-mail address.")
    hashed = passphrases.hash_of(passphrase)
    secret = one_time_codes.new_secret()
    key = session.get(WorkerKey, person.id) or WorkerKey(person_id=person.id)
    key.passphrase_hash, key.totp_secret, key.totp_last_step = hashed, secret, None
    session.add(key)
    sessions.end_all_of(session, person.id)
    tries.right(session, tries.Taken(True, (tries.code_gate("worker", tidy_email(email), config),)))
    audit.record(session, None, "worker-key.set", thing_id=person.id)
    session.flush()
    return person, secret


def _is_here(person: Person) -> bool:
    left = person.ended_on is not None and person.ended_on <= clock.today()
    return not left and Role(person.role) in ADULT_ROLES
