"""What this room does not keep for ever: wrong tries, sign-ins that are over, links that can no longer be used."""

from __future__ import annotations

from sqlalchemy import and_, func, or_

from app.core.retaining import Rule
from app.people.models import OneTimeLink, SignIn, Try

RULES = (
    Rule("tries", "counts of wrong codes", Try, lambda config, now: Try.last_at < now - config.retain_tries),
    Rule(
        "sign-ins",
        "sign-ins that are over",
        SignIn,
        lambda config, now: func.coalesce(SignIn.ended_at, SignIn.ends_at) < now - config.retain_sign_ins,
    ),
    Rule(
        "links",
        "links that were used, cancelled or too old",
        OneTimeLink,
        lambda config, now: or_(
            OneTimeLink.cancelled_at < now - config.retain_links,
            # One that works again and again (demo only) never counts as used or too old.
            and_(OneTimeLink.reusable.is_(False), OneTimeLink.used_at < now - config.retain_links),
            and_(OneTimeLink.reusable.is_(False), OneTimeLink.expires_at < now - config.retain_links),
        ),
    ),
)
