"""The operator's commands. Each has --help, a dry run where it changes much, and exit code 0 only when all went well.

A command's module is loaded when the command is asked for: a server has all the names and carries none of the code.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup


def _in(module: str, name: str) -> click.Command:
    found: click.Command = getattr(import_module(module), name)
    return found


def _retain() -> click.Command:
    """Each room says what of its own need not be kept; one command keeps to all of it."""
    from app.core import retaining
    from app.dropins.retaining import RULES as OF_DROPINS
    from app.feeds.retaining import RULES as OF_FEEDS
    from app.messages.retaining import RULES as OF_MESSAGES
    from app.pathways.retaining import RULES as OF_PATHWAYS
    from app.people.retaining import RULES as OF_PEOPLE
    from app.pep.retaining import RULES as OF_PEP
    from app.voice.retaining import RULES as OF_VOICE

    return retaining.command((*OF_VOICE, *OF_PEP, *OF_PATHWAYS, *OF_DROPINS, *OF_PEOPLE, *OF_MESSAGES, *OF_FEEDS))


COMMANDS: dict[str, Callable[[], click.Command]] = {
    "content": partial(_in, "app.pathways.content_commands", "content"),
    "bookings": partial(_in, "app.dropins.booking_commands", "bookings"),
    "deliver": partial(_in, "app.messages.commands", "deliver"),
    "demo": partial(_in, "app.demo.commands", "demo"),
    "dropins": partial(_in, "app.dropins.commands", "dropins"),
    "feeds": partial(_in, "app.feeds.commands", "group"),
    "keys": partial(_in, "app.core.commands", "keys"),
    "pathways": partial(_in, "app.pathways.commands", "group"),
    "people": partial(_in, "app.people.commands", "people"),
    "remind": partial(_in, "app.voice.commands", "remind"),
    "retain": _retain,
    "safeguarding": partial(_in, "app.safeguarding.commands", "safeguarding"),
    "silent": partial(_in, "app.home.commands", "silent"),
    "visits": partial(_in, "app.dropins.visit_commands", "visits"),
    "wishes": partial(_in, "app.wishes.commands", "wishes"),
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
        return COMMANDS[cmd_name]()


def add_commands(app: Flask) -> None:
    """Give the app its commands."""
    app.cli = Commands(app.name)
