"""What this room does not keep for ever: what employers wrote to us, once it was decided on."""

from __future__ import annotations

from app.core.retaining import Rule
from app.pathways.models import Posting

RULES = (
    Rule(
        "postings",
        "employers' offers that were decided on",
        Posting,
        lambda config, now: Posting.decided_at < now - config.retain_postings,
    ),
)
