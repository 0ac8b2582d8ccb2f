"""The demo's channel: nothing leaves the house, the message is shown at /demo/messages."""

from __future__ import annotations

from app.core.settings import Settings
from app.messages.channels import Letter, TryAgain


class Screen:
    """Keeps what would have gone out."""

    leaves_the_house = False

    def send(self, letter: Letter) -> str | None:
        """Do nothing: the page reads the outbox itself."""
        return None


def open_channel(config: Settings) -> Screen:
    """Return the channel. Outside the demo nobody would ever see the message, so raises TryAgain: it must not count as sent."""
    if not config.demo:
        raise TryAgain("not-set-up")
    return Screen()
