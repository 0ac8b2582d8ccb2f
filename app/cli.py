"""The operator's commands. Each has --help, a dry run where it changes much, and exit code 0 only when all went well.

A command's module is loaded when the command is asked for: a server has all the names and carries none of the code.
"""

from __future__ import annotations

from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup

COMMANDS = {
    "deliver": "app.messages.commands:deliver",
    "demo": "app.demo.commands:demo",
    "feeds": "app.feeds.commands:group",
    "keys": "app.core.commands:keys",
    "people": "app.people.commands:people",
    "safeguarding": "app.safeguarding.commands:safeguarding",
    "wishes": "app.wishes.commands:wishes",
}


class Commands(AppGroup):
    """Every command of ``flask --app app``, by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names."""
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or None when there is no such one."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


def add_commands(app: Flask) -> None:
    """Give the app its commands."""
    app.cli = Commands(app.name)
