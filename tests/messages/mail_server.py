"""A real mail server on this machine that a test can tell how to behave."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword


class MailServer:
    """Takes mail, or does not: ``answers`` says what it replies to RCPT and DATA."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: dict[str, str] = {}
        self.port = 0

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(
        self, _server: Any, _session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        if "DATA" in self.answers:
            return self.answers["DATA"]
        assert isinstance(envelope.content, bytes)
        self.letters.append(BytesParser(EmailMessage, policy=default).parsebytes(envelope.content))  # type: ignore[arg-type]
        self.recipients += envelope.rcpt_tos
        return "250 Taken"

    async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Envelope) -> str:
        return self.answers.get("QUIT", "221 Bye")


def accept_only(user: str, password: str) -> Any:
    """Return an authenticator that knows one name."""

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=good, handled=good)

    return check


@contextmanager
def mail_server(tls: ssl.SSLContext | None = None, **how: Any) -> Iterator[MailServer]:
    """Run a mail server on 127.0.0.1 for as long as the block runs."""
    handler = MailServer()
    handler.port = free_port()
    controller = Controller(
        handler, hostname="127.0.0.1", port=handler.port, tls_context=tls, require_starttls=tls is not None, **how
    )
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
