"""The ways a message leaves the house: one module each, found by its name.

A channel module has ``open_channel(config)``, which returns a Channel. To add a way, add a module here and name it in the
settings (PEPVOICE_EMAIL_CHANNEL, PEPVOICE_SMS_CHANNEL); nothing else changes.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

from app.core.settings import Settings, SettingsRefused


class NotSent(Exception):
    """A message was not sent. ``code`` is one of ours, short and without content."""

    def __init__(self, code: str) -> None:
        """Take the code."""
        super().__init__(code)
        self.code = code


class TryAgain(NotSent):
    """It may work later: nobody answered, they are busy, or our own settings are wrong (which somebody can put right)."""


class Refused(NotSent):
    """It will never work: the other side will not take this message or this address."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a channel is given: who, what, and the id by which a message that goes twice can be recognised."""

    id: uuid.UUID
    kind: str
    address: str
    language: str
    subject: str
    body: str
    # The body holds a link that signs somebody in.
    signs_in: bool = False


class Channel(Protocol):
    """A way out. ``leaves_the_house`` is False for one that only keeps messages to be looked at here."""

    leaves_the_house: bool

    def send(self, letter: Letter) -> str | None:
        """Hand the letter over and return what the other side calls it. Raises TryAgain or Refused."""
        ...


def names() -> frozenset[str]:
    """Return the names of all channels there are."""
    return frozenset(module.name for module in iter_modules(__path__))


def check_settings(config: Settings) -> None:
    """Raise SettingsRefused when the settings name a channel that there is not."""
    for setting in ("email_channel", "sms_channel"):
        if getattr(config, setting) not in names():
            raise SettingsRefused(f"PEPVOICE_{setting.upper()} must be one of: {', '.join(sorted(names()))}.")


class Channels:
    """The channels of one delivery run, each opened when it is first needed."""

    def __init__(self, config: Settings) -> None:
        """Take the settings that say which channel carries which kind."""
        self._config = config
        self._names = {"email": config.email_channel, "sms": config.sms_channel, "screen": "screen"}
        self._open: dict[str, Channel] = {}

    def for_kind(self, kind: str) -> Channel:
        """Return the channel for a kind of message. Raises TryAgain when it is not set up."""
        name = self._names[kind]
        if name not in self._open:
            self._open[name] = import_module(f"{__name__}.{name}").open_channel(self._config)
        return self._open[name]
