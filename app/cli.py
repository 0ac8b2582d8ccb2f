"""The operator's commands. Each has --help, a dry run where it changes much, and exit code 0 only when all went well."""

from __future__ import annotations

from flask import Flask


def add_commands(app: Flask) -> None:
    """Add every command to ``flask --app app``."""
    from app.core import retaining
    from app.core.commands import keys
    from app.demo.commands import demo
    from app.feeds.commands import group as feeds
    from app.feeds.retaining import RULES as OF_FEEDS
    from app.messages.commands import deliver
    from app.messages.retaining import RULES as OF_MESSAGES
    from app.people.commands import people
    from app.people.retaining import RULES as OF_PEOPLE
    from app.safeguarding.commands import safeguarding
    from app.voice.retaining import RULES as OF_VOICE

    retain = retaining.command((*OF_VOICE, *OF_PEOPLE, *OF_MESSAGES, *OF_FEEDS))
    for command in (deliver, demo, feeds, keys, people, retain, safeguarding):
        app.cli.add_command(command)
