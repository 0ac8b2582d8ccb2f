"""What this room does not keep for ever: tokens whose hour is over."""

from __future__ import annotations

from app.core.retaining import Rule
from app.feeds.models import ApiToken

RULES = (
    Rule(
        "api-tokens",
        "tokens of platforms that have run out",
        ApiToken,
        lambda config, now: ApiToken.expires_at < now - config.retain_api_tokens,
    ),
)
