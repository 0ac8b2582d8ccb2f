"""'Beside me': an adult opens a young person's answering on the adult's own device, and sits with them.

The young person has the device, so the adult's own session is locked behind it. However the time together ends (the button,
ten quiet minutes, an hour, signing out), the adult's screen comes back locked and asks for its owner. What was written stays
the young person's own draft: the adult cannot open it afterwards. Answers given meanwhile are marked as given with help.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.core import audit
from app.core.settings import Settings
from app.people import passphrases, sessions, tries
from app.people.models import Person, SignIn, WorkerKey
from app.people.sessions import Actor

WAY = "beside"


@dataclass(frozen=True, slots=True)
class Unlocking:
    """What came of an adult's passphrase at their locked screen."""

    opened: bool
    until: datetime | None = None
    locked: bool = False


def begin(session: Session, adult: Actor, young: Person, config: Settings) -> SignIn:
    """Open ``young``'s answering on the adult's device and lock the adult's own session; the caller has checked they may."""
    row = sessions.begin(session, young, WAY, config, shared=True, helper=adult)
    sessions.lock(session, adult.sign_in_id)
    audit.record(session, adult, "beside.began", subject_id=young.id, thing_id=row.id)
    return row


def end(session: Session, actor: Actor) -> None:
    """End the time together; the device goes back to the adult's locked session."""
    sessions.end(session, actor)
    audit.record(session, actor, "beside.ended", subject_id=actor.person_id, thing_id=actor.sign_in_id)
    sessions.step_back()


def has_passphrase(session: Session, adult: Actor) -> bool:
    """Return whether this adult can unlock here; anybody else signs in again the way they came."""
    key = session.get(WorkerKey, adult.person_id)
    return key is not None and key.passphrase_hash is not None


def unlock(session: Session, adult: Actor, passphrase: str, config: Settings, *, address: str | None) -> Unlocking:
    """Try the adult's passphrase on their locked session. Wrong ones are counted like a worker's at sign-in."""
    gate = tries.code_gate("unlock", str(adult.person_id), config)
    taken = tries.take(session, gate, tries.address_gate(address, config))
    if not taken.open:
        return Unlocking(False, taken.until, taken.locked)
    key = session.get(WorkerKey, adult.person_id)
    if not passphrases.is_right(key.passphrase_hash if key else None, passphrase):
        audit.record(session, adult, "sign-in.failed", thing_id=adult.sign_in_id, detail="unlock")
        return Unlocking(False, taken.until, taken.locked)
    tries.right(session, taken)
    sessions.unlock(session, adult.sign_in_id)
    audit.record(session, adult, "sign-in.unlocked", thing_id=adult.sign_in_id)
    return Unlocking(True)
