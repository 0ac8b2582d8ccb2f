"""The operator's commands. Each has --help, a dry run where it changes much, and exit code 0 only when all went well."""

from __future__ import annotations

from flask import Flask


def add_commands(app: Flask) -> None:
    """Add every command to ``flask --app app``."""
    from app.core.commands import keys
    from app.demo.commands import demo
    from app.feeds.commands import group as feeds
    from app.messages.commands import deliver
    from app.people.commands import people
    from app.safeguarding.commands import safeguarding
    from app.voice.commands import remind

    for command in (deliver, demo, feeds, keys, people, remind, safeguarding):
        app.cli.add_command(command)
