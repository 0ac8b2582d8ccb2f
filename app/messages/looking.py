"""Looking into the outbox: counts, what was given up and why, and the demo's view of everything."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.crypto import CannotOpen
from app.core.db import db
from app.messages import stopping, templates
from app.messages.models import Kind, Message, State

MOST_SHOWN = 100
ON_SCREEN = 50

# TRANSLATORS: to a worker, why a message could not be sent and what to do
REASONS: dict[str, LazyString] = {
    "address-refused": _l("The address or number is not right. Ask for the right one, then send a new message."),
    "refused": _l("The mail or text service would not take it."),
    "not-reached": _l("The mail or text service could not be reached for a day."),
    "busy": _l("The mail or text service was too busy for a day."),
    "broken-there": _l("The mail or text service was broken for a day."),
    "answer-unreadable": _l("The mail or text service gave no clear answer. The message may have arrived."),
    "sign-in-refused": _l("The mail or text service did not accept our key. Tell the people who run this site."),
    "sender-refused": _l("The mail service did not accept our own address. Tell the people who run this site."),
    "not-private": _l(
        "The mail service could not keep the message private on its way. Tell the people who run this site."
    ),
    "not-set-up": _l("Sending is not set up. Tell the people who run this site."),
    "cannot-be-made": _l("The message could not be made. Tell the people who run this site."),
    "broken-here": _l("Something went wrong on our side. Tell the people who run this site."),
    "gave-up": _l("Something went wrong on our side again and again. Tell the people who run this site."),
}
# TRANSLATORS: how a message travels
KINDS: dict[str, LazyString] = {Kind.email: _l("E-mail"), Kind.sms: _l("Text message"), Kind.screen: _l("On screen")}


@dataclass(frozen=True, slots=True)
class Counts:
    """How the outbox is doing."""

    waiting: int
    oldest_waiting: datetime | None
    sent_this_week: int
    given_up: int


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A message that was given up, as a worker sees it: enough to act on, too little to read over a shoulder."""

    id: uuid.UUID
    label: LazyString | str
    kind: LazyString
    to: str
    made_at: datetime
    reason: LazyString


@dataclass(frozen=True, slots=True)
class Note:
    """A message as it would have gone out."""

    kind: LazyString
    to: str
    made_at: datetime
    text: templates.Text | None
    path: str | None


def counts(session: Session) -> Counts:
    """Return how many messages wait, went in the last seven days, and were given up."""
    waiting, oldest = session.execute(
        select(func.count(), func.min(Message.due_at)).where(Message.state.in_((State.waiting, State.sending)))
    ).one()
    week_ago = clock.now() - timedelta(days=7)
    sent = session.scalar(select(func.count()).where(Message.state == State.sent, Message.sent_at >= week_ago))
    dead = session.scalar(select(func.count()).where(Message.state == State.dead))
    return Counts(waiting, oldest, sent or 0, dead or 0)


def given_up(session: Session) -> list[GivenUp]:
    """Return the messages that were given up, newest first."""
    rows = session.scalars(
        select(Message.id).where(Message.state == State.dead).order_by(Message.made_at.desc()).limit(MOST_SHOWN)
    )
    return [_given_up(session, message_id) for message_id in rows.all()]


def _given_up(session: Session, message_id: uuid.UUID) -> GivenUp:
    columns = select(Message.template, Message.kind, Message.made_at, Message.last_error).where(
        Message.id == message_id
    )
    template, kind, made_at, error = session.execute(columns).one()
    try:
        to = masked(session.scalars(select(Message.address).where(Message.id == message_id)).one())
    except CannotOpen:
        to = "…"
    known = templates.TEMPLATES.get(template)
    label = known.label if known else template
    return GivenUp(message_id, label, KINDS[kind], to, made_at, REASONS.get(error or "", REASONS["broken-here"]))


def masked(address: str) -> str:
    """Return an address so that who knows it knows it again: first letter and domain, or the last three figures."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}" if at else f"…{address[-3:]}"


def put_back(session: Session, message_id: uuid.UUID) -> bool:
    """Let a message that was given up be tried again, with a whole new day to get there. False when it was not given up."""
    moment = clock.now()
    result = session.execute(
        update(Message)
        .where(Message.id == message_id, Message.state == State.dead)
        .values(state=State.waiting, due_at=moment, attempts=0, first_tried_at=None, last_error=None)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def on_screen(session: Session) -> list[Note]:
    """Return the newest messages as their readers would get them."""
    rows = session.scalars(select(Message).order_by(Message.made_at.desc(), Message.id.desc()).limit(ON_SCREEN))
    return [_note(message) for message in rows]


def _note(message: Message) -> Note:
    try:
        text = templates.render(message.template, message.params, message.language)
    except templates.TextRefused:
        text = None
    return Note(KINDS[message.kind], message.address, message.made_at, text, message.params.get("path"))


def no_messages(person_id: uuid.UUID) -> bool:
    """Return whether a young person wants no texts and no e-mails, for their own page."""
    return stopping.is_stopped(db.session, person_id)
