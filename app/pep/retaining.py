"""What this room does not keep for ever: presses of the silent card in meetings that nobody closed."""

from __future__ import annotations

from app.core.retaining import Rule
from app.pep.models import MeetingSignal

RULES = (
    Rule(
        "signals",
        "presses of the silent card in meetings that were never closed",
        MeetingSignal,
        lambda config, now: MeetingSignal.at < now - config.retain_signals,
    ),
)
