"""What this room does not keep for ever: what employers wrote to us, once it was decided on, or nobody did for long."""

from __future__ import annotations

from sqlalchemy import and_

from app.core.retaining import Rule
from app.pathways.models import Posting

RULES = (
    Rule(
        "postings",
        "employers' offers that were decided on",
        Posting,
        lambda config, now: Posting.decided_at < now - config.retain_postings,
    ),
    Rule(
        "open-postings",
        "employers' offers that nobody decided on",
        Posting,
        lambda config, now: and_(Posting.decided_at.is_(None), Posting.sent_at < now - config.retain_open_postings),
    ),
)
