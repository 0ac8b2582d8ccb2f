"""The way in for carers and key workers: a one-time link, and a code of six figures that travels apart from it.

A worker invites them: the link goes by e-mail or text, the code by the other of the two, or from the worker's own mouth. Later
they ask for themselves on a page that answers the same whether we know them or not. A forwarded link is useless without the code.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import session as cookie
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.crypto import CannotOpen, digest_of
from app.core.db import key_ring
from app.core.settings import Settings
from app.messages import outbox
from app.people import links, tries
from app.people.links import MadeLink
from app.people.models import OneTimeLink, Person, Role
from app.people.reaching import tidy
from app.people.sessions import Actor

FIGURES = 6
AT_HOME = (Role.carer, Role.key_worker)
_KEY = "code"
_CONTEXT = "cookie.code"
_LASTS = timedelta(minutes=30)
_NOWHERE = "nobody@pepvoice.invalid"


class Resting(Exception):
    """There were too many tries; nothing was looked at. ``until`` is when the next may be made."""

    def __init__(self, until: datetime | None) -> None:
        """Take when the next try may be made."""
        super().__init__()
        self.until = until


class Unreachable(ValueError):
    """We hold neither an e-mail address nor a mobile number of this adult."""


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of an invitation: by what the link went, by what the code, and the code itself when nothing carries it."""

    link_by: str
    code_by: str | None
    code: str | None
    until: datetime


def invite(session: Session, actor: Actor, young_person_id: uuid.UUID, adult: Person, config: Settings) -> Invited:
    """Invite a carer or key worker. The message names no child. Raises Unreachable."""
    ways = _ways(adult)
    if not ways:
        raise Unreachable
    code = _new_code()
    made = make(session, actor, adult, code, config.link_lifetime, config)
    audit.record(session, actor, "carer.invited", subject_id=young_person_id, thing_id=made.link.id)
    link_by, address = ways[0]
    until = clock.local(made.link.expires_at).date().isoformat()
    params = {"path": f"/go/{made.token}", "until": until}
    _post(session, link_by, address, adult, "carer_invitation", params, made, about=young_person_id)
    if len(ways) > 1:
        _post(session, *ways[1], adult, "carer_code", {"code": code}, made, about=young_person_id)
        return Invited(link_by, ways[1][0], None, made.link.expires_at)
    return Invited(link_by, None, code, made.link.expires_at)


def ask(session: Session, typed: str, address: str | None, config: Settings) -> str:
    """Send whoever can be reached where was typed a link and a code, in two messages; returns the link's secret for the cookie.

    Somebody we do not know gets a secret that opens nothing, and the same answer. Raises Resting.
    """
    where = tidy(typed) or typed.strip()[:254]
    taken = tries.take(session, tries.code_gate("carer-ask", where, config), tries.address_gate(address, config))
    if not taken.open:
        raise Resting(taken.until)
    adult = _reached_at(session, where)
    if adult is not None:
        return _send(session, adult, where, config)
    # The same work for somebody we do not know, and undone: how long the answer takes shall not tell who is known here.
    with session.begin_nested() as undone:
        nobody = Person(role=Role.carer, name="")
        session.add(nobody)
        session.flush()
        token = _send(session, nobody, _NOWHERE, config)
        undone.rollback()
    return token


def _send(session: Session, adult: Person, where: str, config: Settings) -> str:
    code = _new_code()
    made = make(session, None, adult, code, config.carer_code_lifetime, config)
    kind = "email" if "@" in where else "sms"
    _post(session, kind, where, adult, "carer_link", {"path": f"/go/{made.token}"}, made)
    _post(session, kind, where, adult, "carer_code", {"code": code}, made)
    return made.token


def make(
    session: Session, actor: Actor | None, adult: Person, code: str, lifetime: timedelta, config: Settings
) -> MadeLink:
    """Make a link that needs ``code`` as well. What we keep of the code means nothing without the link's secret."""
    made = links.make(session, actor, adult, config)
    made.link.code_hash = _mark(made.token, code)
    made.link.expires_at = made.link.made_at + lifetime
    session.flush()
    return made


def claim(session: Session, token: str, typed: str, address: str | None, config: Settings) -> Person | None:
    """Use a link up with its code, and return whose it is; None when one of the two does not fit. Raises Resting.

    After too many wrong codes the link is taken back: guessing on after the rest is no use.
    """
    gate = tries.code_gate("carer-code", digest_of(token), config)
    taken = tries.take(session, gate, tries.address_gate(address, config))
    if not taken.open:
        raise Resting(taken.until)
    link = links.find(session, token)
    marks_fit = link is not None and hmac.compare_digest(link.code_hash or "", _mark(token, _figures(typed)))
    person = links.claim(session, link, config) if link is not None and marks_fit else None
    if person is None:
        audit.record(session, None, "sign-in.failed", thing_id=link.id if link else None, detail="carer-code")
        if link is not None and gate.scope in taken.resting:
            session.execute(update(OneTimeLink).where(OneTimeLink.id == link.id).values(cancelled_at=clock.now()))
        return None
    tries.right(session, taken)
    return person


def keep(token: str, *, shared: bool) -> None:
    """Remember in the cookie, sealed, which link waits for its code on this device."""
    until = int((clock.now() + _LASTS).timestamp())
    sealed = key_ring().seal(f"{token} {until} {int(shared)}", _CONTEXT)
    cookie[_KEY] = base64.urlsafe_b64encode(sealed).decode("ascii")


def kept() -> tuple[str, bool] | None:
    """Return which link waits for its code here and whether the device is shared; None when none does."""
    try:
        token, until, shared = key_ring().open(base64.urlsafe_b64decode(cookie.get(_KEY) or ""), _CONTEXT).split(" ")
    except (CannotOpen, binascii.Error, ValueError):
        return None
    return (token, shared == "1") if clock.now().timestamp() < int(until) else None


def _reached_at(session: Session, where: str) -> Person | None:
    """Return the one carer or key worker with this address or number; None for nobody, and for two who share a phone."""
    today = clock.today()
    here = (Person.role.in_(AT_HOME), Person.ended_on.is_(None) | (Person.ended_on > today))
    if "@" in where:
        return session.scalars(select(Person).where(Person.email == where, *here)).first()
    found = [
        person
        for person in session.scalars(select(Person).where(Person.mobile.is_not(None), *here))
        if tidy(person.mobile or "") == where
    ]
    return found[0] if len(found) == 1 else None


def _ways(adult: Person) -> list[tuple[str, str]]:
    mobile = tidy(adult.mobile or "")
    return [*([("email", adult.email)] if adult.email else []), *([("sms", mobile)] if mobile else [])]


def _post(
    session: Session,
    kind: str,
    address: str,
    adult: Person,
    template: str,
    params: dict[str, str],
    made: MadeLink,
    about: uuid.UUID | None = None,
) -> None:
    outbox.post(
        session,
        kind=kind,
        address=address,
        language=adult.language,
        template=template,
        params=params,
        cause="link.made",
        cause_id=made.link.id,
        about=about,
    )


def _new_code() -> str:
    return f"{secrets.randbelow(10**FIGURES):0{FIGURES}d}"


def _figures(typed: str) -> str:
    """Return the figures of what was typed, in any script's digits."""
    return "".join(str(int(mark)) for mark in typed if mark.isdecimal())[: FIGURES + 1]


def _mark(token: str, code: str) -> str:
    return digest_of(f"{token}:{code}")
