"""The operator's commands. Each has --help, a dry run where it changes much, and exit code 0 only when all went well."""

from __future__ import annotations

from flask import Flask


def add_commands(app: Flask) -> None:
    """Add every command to ``flask --app app``."""
    from app.core.commands import keys
    from app.demo.commands import demo
    from app.people.commands import people

    for group in (keys, people, demo):
        app.cli.add_command(group)
