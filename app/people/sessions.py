"""Signed-in sessions: rows with an idle and an absolute limit, checked on the server each time.

The cookie holds a random secret and nothing about the person. Looking at a page moves ``seen_at`` at most once a minute, so
that most pages write nothing.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import g
from flask import session as cookie
from sqlalchemy import bindparam, select, true, update
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.crypto import digest_of
from app.core.settings import Settings
from app.core.web.forms import renew_session
from app.people.models import WORKER_ROLES, Connection, Person, Role, SignIn, YoungPerson

COOKIE_KEY = "s"
BEHIND_KEY = "b"
_SEEN_STEP = timedelta(seconds=60)
# For so long after a session ran out, what is typed on its device still counts as its owner's words, to be put aside for them.
_OWNERS_WORDS = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Look:
    """How the person likes their pages."""

    theme: str
    scheme: str
    contrast: str


@dataclass(frozen=True, slots=True)
class YoungFacts:
    """What decides which questions a young person is asked."""

    year_group: int | None
    care: str
    question_set: str | None
    short_path: bool
    flags: frozenset[str]
    place: str


@dataclass(frozen=True, slots=True)
class Actor:
    """The person acting, as every view, policy and audit entry sees them."""

    person_id: uuid.UUID
    role: Role
    name: str
    language: str | None
    sign_in_id: uuid.UUID
    way: str
    helper_id: uuid.UUID | None
    helper_role: str | None
    locked: bool
    shared_device: bool
    look: Look
    young: YoungFacts | None
    # After so long without anybody there, the page is closed.
    idle_seconds: int = 0

    @property
    def is_child(self) -> bool:
        """True for a young person."""
        return self.role is Role.young_person

    @property
    def is_worker(self) -> bool:
        """True for everybody paid to work on PEPs."""
        return self.role in WORKER_ROLES

    @property
    def beside(self) -> bool:
        """True while an adult sits beside a young person on the adult's own device."""
        return self.helper_id is not None


def limits(role: Role, way: str, shared: bool, config: Settings) -> tuple[timedelta, timedelta]:
    """Return (idle, absolute) limits of a session by role and way in."""
    if way == "beside":
        return config.beside_idle, config.beside_absolute
    if role is Role.young_person:
        return (config.child_shared_idle if shared else config.child_idle), config.child_absolute
    if role is Role.carer or way == "code":
        return (config.child_shared_idle if shared else config.carer_idle), config.carer_absolute
    return config.worker_idle, config.worker_absolute


def begin(
    session: Session,
    person: Person,
    way: str,
    config: Settings,
    *,
    shared: bool = True,
    helper: Actor | None = None,
) -> SignIn:
    """Sign ``person`` in on this device and return the new row. The cookie gets a fresh secret (no fixation).

    ``way`` is card, link, code (a link with a code), beside, worker or oidc; ``helper`` is the adult beside the child, whose own
    session waits behind. Whoever forgot to sign out on this device before is signed out, so that no old cookie brings them back.
    """
    before: Actor | None = g.get("actor")
    if helper is None and before is not None:
        end(session, before)
    role = Role(person.role)
    idle, absolute = limits(role, way, shared, config)
    token = secrets.token_urlsafe(32)
    moment = clock.now()
    row = SignIn(
        token_hash=digest_of(token),
        person_id=person.id,
        way=way,
        helper_id=helper.person_id if helper else None,
        helper_role=helper.role if helper else None,
        behind_id=helper.sign_in_id if helper else None,
        shared_device=shared,
        began_at=moment,
        seen_at=moment,
        ends_at=moment + absolute,
        idle_seconds=int(idle.total_seconds()),
    )
    session.add(row)
    session.flush()
    behind = cookie.get(COOKIE_KEY) if helper else None
    renew_session()
    cookie[COOKIE_KEY] = token
    if behind:
        cookie[BEHIND_KEY] = behind
    audit.record(
        session, helper, "sign-in.began", subject_id=person.id if role.is_child else None, thing_id=row.id, detail=way
    )
    return row


def on_this_device(session: Session, *, by_itself: bool = False) -> Actor | None:
    """Return who is signed in here.

    When a young person's session 'beside me' is over, however it ended, the adult's own stands in its place, locked as it was
    left: never open, and never nobody while it lives.
    """
    actor = find(session, cookie.get(COOKIE_KEY), by_itself=by_itself)
    if actor is not None or BEHIND_KEY not in cookie:
        return actor
    adult = find(session, cookie.get(BEHIND_KEY), by_itself=by_itself)
    if adult is None or not adult.locked:
        del cookie[BEHIND_KEY]
        return None
    step_back()
    return adult


def step_back() -> None:
    """Give the device back to the adult's own session that waits behind; to nobody when there is none."""
    behind = cookie.get(BEHIND_KEY)
    renew_session()
    if behind:
        cookie[COOKIE_KEY] = behind


def find(session: Session, token: str | None, *, by_itself: bool = False) -> Actor | None:
    """Return the actor whose session secret this is, or None when it ended, idled out or never was. Remembers when it was seen.

    A locked session does not idle out: it opens nothing but its own unlocking. Its absolute limit holds. ``by_itself``: a page
    asks again without anybody there, which does not count as being seen.
    """
    if not token:
        return None
    moment = clock.now()
    row = session.connection().execute(_LOOKUP, {"token": digest_of(token)}).first()
    if row is None or (row.ended_on_day is not None and row.ended_on_day <= clock.today()):
        return None
    idle = not row.locked and moment - row.seen_at > timedelta(seconds=row.idle_seconds)
    if row.ended_at is not None or moment >= row.ends_at or idle:
        if g.get("expired_person_id") is None:
            ran_out = row.ended_at is None and moment - row.seen_at < _OWNERS_WORDS
            g.expired_person_id = row.person_id if ran_out else None
            g.expired_helper_id = row.helper_id
        return None
    if row.helper_id is not None and not _still_connected(session, row.helper_id, row.person_id):
        return None
    if moment - row.seen_at > _SEEN_STEP and not by_itself:
        seen(session, row.id)
    return _actor(row)


def seen(session: Session, sign_in_id: uuid.UUID) -> None:
    """Remember that somebody is there now."""
    session.execute(
        update(SignIn).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None)).values(seen_at=clock.now())
    )
    g.seen_sign_in = sign_in_id


def _still_connected(session: Session, helper_id: uuid.UUID, young_person_id: uuid.UUID) -> bool:
    """Return whether the adult beside a young person is still here, and one of theirs, today (safeguarding, section 7)."""
    today = clock.today()
    row = session.execute(
        select(Connection.id)
        .join(Person, Person.id == Connection.adult_id)
        .where(
            Person.ended_on.is_(None) | (Person.ended_on > today),
            Connection.adult_id == helper_id,
            Connection.young_person_id == young_person_id,
            Connection.starts_on <= today,
            Connection.ends_on.is_(None) | (Connection.ends_on > today),
        )
    ).first()
    return row is not None


# By tables, not by mapped classes: this runs on every request, and needs no objects.
_signed, _person, _young = SignIn.__table__.c, Person.__table__.c, YoungPerson.__table__.c
_LOOKUP = (
    select(
        _signed.id,
        _signed.person_id,
        _signed.way,
        _signed.helper_id,
        _signed.helper_role,
        _signed.locked,
        _signed.shared_device,
        _signed.seen_at,
        _signed.ends_at,
        _signed.ended_at,
        _signed.idle_seconds,
        _person.role,
        _person.name,
        _person.language,
        _person.theme,
        _person.scheme,
        _person.contrast,
        _person.ended_on.label("ended_on_day"),
        _young.year_group,
        _young.care,
        _young.question_set,
        _young.short_path,
        _young.flags,
        _young.place,
    )
    .join_from(SignIn.__table__, Person.__table__, _person.id == _signed.person_id)
    .outerjoin(YoungPerson.__table__, _young.person_id == _signed.person_id)
    .where(_signed.token_hash == bindparam("token"))
)


def _actor(row: object) -> Actor:
    r: Any = row
    role = Role(r.role)
    young = None
    if role is Role.young_person and r.place is not None:
        young = YoungFacts(r.year_group, r.care, r.question_set, r.short_path, frozenset(r.flags or ()), r.place)
    return Actor(
        person_id=r.person_id,
        role=role,
        name=r.name,
        language=r.language,
        sign_in_id=r.id,
        way=r.way,
        helper_id=r.helper_id,
        helper_role=r.helper_role,
        locked=r.locked,
        shared_device=r.shared_device,
        look=Look(r.theme, r.scheme, r.contrast),
        young=young,
        idle_seconds=r.idle_seconds,
    )


def end(session: Session, actor: Actor) -> None:
    """End this session now; a request still running cannot bring it back (it only ever updates rows not ended)."""
    _end(session, SignIn.id == actor.sign_in_id)
    audit.record(session, actor, "sign-in.ended", thing_id=actor.sign_in_id)


def end_everywhere(session: Session, actor: Actor) -> int:
    """End every session of this person, also where they help beside somebody. Returns how many."""
    count = _end(session, (SignIn.person_id == actor.person_id) | (SignIn.helper_id == actor.person_id))
    audit.record(session, actor, "sign-in.ended-everywhere", detail=str(count))
    return count


def end_all_of(session: Session, person_id: uuid.UUID, way: str | None = None, *, but: uuid.UUID | None = None) -> int:
    """End every session of a person, or those begun by one ``way``: their card was taken back, or they left. Returns how many.

    ``but`` is one that stays open.
    """
    which = (SignIn.way == way if way else true()) & (SignIn.id != but if but else true())
    return _end(session, (SignIn.person_id == person_id) & which)


def lock(session: Session, sign_in_id: uuid.UUID) -> None:
    """Lock a session: from now on it opens nothing but its own unlocking."""
    _set_lock(session, sign_in_id, True)


def unlock(session: Session, sign_in_id: uuid.UUID) -> None:
    """Open a locked session again, once its owner has shown that it is them."""
    _set_lock(session, sign_in_id, False)


def _set_lock(session: Session, sign_in_id: uuid.UUID, locked: bool) -> None:
    session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
        .values(locked=locked, seen_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def _end(session: Session, which: Any) -> int:
    moment: datetime = clock.now()
    result = session.execute(update(SignIn).where(which, SignIn.ended_at.is_(None)).values(ended_at=moment))
    return int(result.rowcount)  # type: ignore[attr-defined]


def current_actor() -> Actor:
    """Return the signed-in actor of this request. Raises LookupError where the policy let nobody-signed-in through."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        raise LookupError("This page has no signed-in person.")
    return actor
