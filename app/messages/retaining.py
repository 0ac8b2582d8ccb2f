"""What this room does not keep for ever: messages that have gone, and those that were given up once nobody tried them again."""

from __future__ import annotations

from sqlalchemy import and_

from app.core.retaining import Rule
from app.messages.models import Message, State

RULES = (
    Rule(
        "messages",
        "messages that were sent",
        Message,
        lambda config, now: and_(Message.state == State.sent, Message.sent_at < now - config.retain_messages),
    ),
    Rule(
        "given-up",
        "messages that were given up",
        Message,
        # due_at moves with every try: it is when the last one was due.
        lambda config, now: and_(Message.state == State.dead, Message.due_at < now - config.retain_given_up),
    ),
)
