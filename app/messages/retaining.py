"""What this room does not keep for ever: messages that have gone. Those that were given up wait for somebody to look."""

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
)
