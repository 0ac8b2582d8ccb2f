"""The six figures from a worker's phone (TOTP, RFC 6238). A code is good for its half minute, once."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.people.models import WorkerKey

STEP_SECONDS = 30
# One step either way: a phone's clock may be half a minute out.
_DRIFT = (1, 0, -1)


def new_secret() -> str:
    """Return a new secret to share with the worker's phone."""
    return pyotp.random_base32()


def address_for_app(secret: str, email: str) -> str:
    """Return the otpauth:// address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="PEP Voice")


def use(session: Session, key: WorkerKey, code: str, moment: datetime) -> bool:
    """Return whether ``code`` is right at ``moment``, and use its step up: neither it nor an earlier one is taken again.

    The step moves by one conditional update, so of two requests with the same code at the same time only one is let in.
    """
    figures = "".join(code.split())
    if not key.totp_secret or len(figures) != 6 or not (figures.isascii() and figures.isdigit()):
        return False
    clock = pyotp.TOTP(key.totp_secret)
    now = int(moment.timestamp()) // STEP_SECONDS
    for step in (now + drift for drift in _DRIFT):
        if hmac.compare_digest(clock.generate_otp(step), figures):
            return _move_to(session, key, step)
    return False


def _move_to(session: Session, key: WorkerKey, step: int) -> bool:
    unused = (WorkerKey.totp_last_step.is_(None)) | (WorkerKey.totp_last_step < step)
    result = session.execute(
        update(WorkerKey).where(WorkerKey.person_id == key.person_id, unused).values(totp_last_step=step)
    )
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]
