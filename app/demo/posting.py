"""A few messages in the outbox, so that the workers' page about messages has something to show. All go to example.org."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.core import clock
from app.messages import outbox
from app.messages.models import Kind, Message, State
from app.people.models import Person

_GAVE_UP_AFTER = 6


def post_messages(session: Session, young: dict[str, Person], adults: dict[str, Person], today: date) -> list[Message]:
    """Put messages in the outbox as the rooms would: sent ones, waiting ones, and one that could not be sent."""
    hours = timedelta(hours=1)
    arrived = _post(session, adults["alder"], "answers_arrived", "response.sent", young["robin"])
    _sent(arrived, 90 * hours)
    _sent(_post(session, adults["maple"], "answers_arrived", "response.sent", young["sikorka"]), 119 * hours)
    _sent(_post(session, adults["brzoza"], "something_to_look_at", "pep.changed", young["sikorka"]), 70 * hours)
    lost = _post(session, adults["sycamore"], "answers_arrived", "response.sent", young["linnet"])
    _sent(lost, 60 * hours)
    lost.state, lost.sent_at, lost.attempts, lost.last_error = State.dead, None, _GAVE_UP_AFTER, "not-reached"
    waiting = _post(session, adults["breeze"], "answers_arrived", "response.sent", young["hoopoe"])
    later = _post(session, adults["juniper"], "something_to_look_at", "pep.changed", young["wren"])
    later.send_after = later.due_at = clock.now() + 20 * hours
    session.flush()
    return [arrived, lost, waiting, later]


def _post(session: Session, to: Person, template: str, cause: str, about: Person) -> Message:
    return outbox.post(
        session,
        kind=Kind.email,
        address=to.email or "",
        language=to.language,
        template=template,
        cause=cause,
        cause_id=None,
        about=about.id,
    )


def _sent(message: Message, ago: timedelta) -> None:
    moment = clock.now() - ago
    message.made_at = message.send_after = message.due_at = moment
    message.first_tried_at = message.sent_at = moment + timedelta(minutes=1)
    message.state, message.attempts = State.sent, 1
