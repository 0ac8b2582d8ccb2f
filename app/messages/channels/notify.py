"""GOV.UK Notify, e-mail and text messages, over its own Python client.

Notify's templates hold nothing but ``((subject))`` and ``((body))``: the words are ours, in the reader's language. Our id is the
reference, so that a message which went twice can be recognised there.
"""

from __future__ import annotations

import logging
from typing import Any

from notifications_python_client.errors import APIError, HTTPError, InvalidResponse
from notifications_python_client.notifications import NotificationsAPIClient

from app.core.settings import Settings
from app.messages.channels import Letter, Refused, TryAgain

TIMEOUT = 15.0
_KEY_LENGTH = 73  # two UUIDs and a dash, at the end of every API key
# Its client writes the service's answers to the log, and they may repeat an address.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)


class Notify:
    """Hands letters to GOV.UK Notify."""

    leaves_the_house = True

    def __init__(self, config: Settings, timeout: float = TIMEOUT) -> None:
        """Take key, templates and address from the settings. Raises TryAgain when there is no usable key."""
        key = config.notify_api_key.get_secret_value() if config.notify_api_key else ""
        if len(key) < _KEY_LENGTH:
            raise TryAgain("not-set-up")
        address = {"base_url": config.notify_base_url} if config.notify_base_url else {}
        self._client: Any = NotificationsAPIClient(key, timeout=timeout, **address)
        self._templates = {"email": config.notify_email_template, "sms": config.notify_sms_template}

    def send(self, letter: Letter) -> str | None:
        """Hand the letter over and return Notify's id of it. Raises TryAgain or Refused."""
        template = self._templates.get(letter.kind)
        if not template:
            raise TryAgain("not-set-up")
        try:
            answer = self._ask(letter, template)
        except HTTPError as error:
            raise _meaning(error) from error
        except InvalidResponse as error:
            # They may have taken it. Once too often is better than never, and the reference shows it.
            raise TryAgain("answer-unreadable") from error
        if not isinstance(answer, dict) or not isinstance(answer.get("id"), str):
            raise TryAgain("answer-unreadable")
        return str(answer["id"])[:120]

    def _ask(self, letter: Letter, template: str) -> Any:
        if letter.kind == "sms":
            return self._client.send_sms_notification(
                letter.address, template, personalisation={"body": letter.body}, reference=str(letter.id)
            )
        return self._client.send_email_notification(
            letter.address,
            template,
            personalisation={"subject": letter.subject, "body": letter.body},
            reference=str(letter.id),
        )


def _meaning(error: APIError) -> TryAgain | Refused:
    # https://docs.notifications.service.gov.uk/python.html#error-codes
    status = error.status_code
    if error.response is None:
        return TryAgain("not-reached")
    if status == 400:
        return Refused("address-refused" if _about_the_address(error) else "refused")
    if status == 403:
        return TryAgain("sign-in-refused")
    if status == 429:
        return TryAgain("busy")
    return TryAgain("broken-there") if status >= 500 else Refused("refused")


def _about_the_address(error: APIError) -> bool:
    errors = error.message
    if not isinstance(errors, list):
        return False
    told = " ".join(str(one.get("message", "")) for one in errors if isinstance(one, dict))
    return "phone_number" in told or "email_address" in told


def open_channel(config: Settings) -> Notify:
    """Return the channel. Raises TryAgain when no key is set."""
    return Notify(config)
