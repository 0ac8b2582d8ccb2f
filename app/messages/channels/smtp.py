"""E-mail over SMTP: plain text, never in the clear where STARTTLS is asked for, one Message-ID for every try of a message."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import formatdate, parseaddr

from app.core import clock
from app.core.settings import Settings
from app.messages.channels import Letter, Refused, TryAgain

TIMEOUT = 15.0


class Smtp:
    """Hands letters to one mail server, a connection each: messages are few and a dead connection harms one only."""

    leaves_the_house = True

    def __init__(self, config: Settings, timeout: float = TIMEOUT) -> None:
        """Take the server from the settings. Raises TryAgain when there is none."""
        if not config.smtp_host:
            raise TryAgain("not-set-up")
        self._config = config
        self._host = config.smtp_host
        self._timeout = timeout

    def send(self, letter: Letter) -> str | None:
        """Hand the letter over; the Message-ID is its name there. Raises TryAgain or Refused."""
        mail = self.mail(letter)
        try:
            server = smtplib.SMTP(self._host, self._config.smtp_port, timeout=self._timeout)
        except OSError as error:  # also everything smtplib raises
            raise TryAgain("not-reached") from error
        try:
            self._greet(server)
            self._hand_over(server, mail)
        finally:
            # Once the server has taken the letter, an ill-mannered goodbye must not make us send it again.
            with suppress(OSError):
                server.quit()
            server.close()
        return str(mail["Message-ID"])

    def mail(self, letter: Letter) -> EmailMessage:
        """Return the letter as an e-mail. Raises Refused when its address cannot be one."""
        mail = EmailMessage()
        try:
            mail["From"] = self._config.mail_from
            mail["To"] = letter.address
            mail["Subject"] = letter.subject
        except ValueError as error:
            raise Refused("address-refused") from error
        mail["Date"] = formatdate(clock.now().timestamp(), localtime=False)
        mail["Message-ID"] = f"<{letter.id}@{self._domain()}>"
        # Out-of-office machines leave mail alone that says this (RFC 3834).
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(letter.body, charset="utf-8")
        mail["Content-Language"] = letter.language
        return mail

    def _domain(self) -> str:
        _, address = parseaddr(self._config.mail_from)
        return address.rpartition("@")[2] or "localhost"

    def _greet(self, server: smtplib.SMTP) -> None:
        config = self._config
        try:
            if config.smtp_starttls:
                server.starttls(context=ssl.create_default_context())
            if config.smtp_user and config.smtp_password:
                server.login(config.smtp_user, config.smtp_password.get_secret_value())
        except smtplib.SMTPAuthenticationError as error:
            raise TryAgain("sign-in-refused") from error
        except (smtplib.SMTPNotSupportedError, ssl.SSLError) as error:
            raise TryAgain("not-private") from error
        except OSError as error:
            raise TryAgain("not-reached") from error

    @staticmethod
    def _hand_over(server: smtplib.SMTP, mail: EmailMessage) -> None:
        try:
            server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            worst = max(code for code, _ in error.recipients.values())
            raise (Refused("address-refused") if worst >= 500 else TryAgain("busy")) from error
        except smtplib.SMTPSenderRefused as error:
            # Our own address is refused: somebody has to put the settings right, the letter is not to blame.
            raise TryAgain("sender-refused") from error
        except smtplib.SMTPNotSupportedError as error:
            raise Refused("address-refused") from error
        except smtplib.SMTPResponseException as error:
            raise (Refused("refused") if 500 <= error.smtp_code < 600 else TryAgain("busy")) from error
        except OSError as error:
            raise TryAgain("not-reached") from error


def open_channel(config: Settings) -> Smtp:
    """Return the channel. Raises TryAgain when no server is set."""
    return Smtp(config)
