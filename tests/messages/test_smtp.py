"""E-mail through a real mail server."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from pydantic import SecretStr

from app.core.settings import Settings, settings
from app.messages.channels import Refused, TryAgain
from app.messages.channels.smtp import Smtp
from app.messages.models import State
from tests.messages.conftest import Deliver, Post
from tests.messages.mail_server import accept_only, free_port, mail_server


def smtp(config: Settings, port: int, **changes: object) -> Smtp:
    values = {"smtp_host": "127.0.0.1", "smtp_port": port, "mail_from": "PEP Voice <voice@council.example>", **changes}
    return Smtp(config.model_copy(update=values), timeout=5)


def test_a_letter_arrives_in_the_readers_language_with_an_id_that_stays(
    config: Settings, posted: Post, deliver: Deliver
) -> None:
    with mail_server() as server:
        message = posted(address="reader@example.org", template="answers_arrived")
        assert deliver(smtp(config, server.port)).sent == 1
    (letter,) = server.letters
    assert letter["Subject"] == "New words have arrived"
    assert letter["To"] == "reader@example.org"
    assert letter["Message-ID"] == f"<{message.id}@council.example>" == message.provider_id
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content_charset() == "utf-8"
    assert "Sign in to read them." in letter.get_content()
    assert server.recipients == ["reader@example.org"]


def test_a_subject_in_any_script_arrives_whole(config: Settings) -> None:
    from uuid import uuid4

    from app.messages.channels import Letter

    with mail_server() as server:
        smtp(config, server.port).send(Letter(uuid4(), "email", "a@example.org", "ar", "شيء لك", "اقرأ ﷺ ليلاً\n"))
    assert server.letters[0]["Subject"] == "شيء لك"
    assert server.letters[0].get_content().strip() == "اقرأ ﷺ ليلاً"
    assert server.letters[0]["Content-Language"] == "ar"


@pytest.mark.parametrize(
    ("answers", "state", "code"),
    [
        ({"RCPT": "550 5.1.1 reader@example.org unknown"}, State.dead, "address-refused"),
        ({"RCPT": "450 4.2.1 Greylisted"}, State.waiting, "busy"),
        ({"MAIL": "550 5.7.1 Not you"}, State.waiting, "sender-refused"),
        ({"DATA": "554 5.7.1 Looks like spam"}, State.dead, "refused"),
        ({"DATA": "451 4.3.0 Full"}, State.waiting, "busy"),
        ({"DATA": "421 4.3.2 Closing"}, State.waiting, "busy"),
    ],
)
def test_what_the_server_answers_decides_whether_we_try_again(
    config: Settings, posted: Post, deliver: Deliver, answers: dict[str, str], state: str, code: str
) -> None:
    with mail_server() as server:
        server.answers = answers
        message = posted()
        deliver(smtp(config, server.port))
        assert (message.state, message.last_error) == (state, code)
        assert server.letters == []


def test_a_rude_goodbye_does_not_make_a_letter_go_twice(config: Settings, posted: Post, deliver: Deliver) -> None:
    with mail_server() as server:
        server.answers = {"QUIT": "500 What?"}
        message = posted()
        assert deliver(smtp(config, server.port)).sent == 1
        assert message.state == State.sent


def test_a_server_that_is_away_means_later(config: Settings, posted: Post, deliver: Deliver) -> None:
    message = posted()
    assert deliver(smtp(config, free_port())).later == 1
    assert message.last_error == "not-reached"


def test_a_second_try_of_a_letter_can_be_recognised(config: Settings, posted: Post) -> None:
    from app.messages.channels import Letter

    letter = Letter(posted().id, "email", "a@example.org", "en-GB", "Hello", "Hello\n")
    with mail_server() as server:
        channel = smtp(config, server.port)
        assert channel.send(letter) == channel.send(letter)
    assert len({one["Message-ID"] for one in server.letters}) == 1


def test_an_address_cannot_bring_headers_of_its_own(config: Settings, posted: Post) -> None:
    from app.messages.channels import Letter

    letter = Letter(posted().id, "email", "a@example.org\nBcc: b@example.org", "en-GB", "Hello", "Hello\n")
    with pytest.raises(Refused):
        smtp(config, 1).mail(letter)


def test_without_a_server_in_the_settings_nothing_counts_as_sent(config: Settings) -> None:
    with pytest.raises(TryAgain, match="not-set-up"):
        Smtp(config)


def test_a_letter_goes_over_tls_signed_in(
    config: Settings, posted: Post, deliver: Deliver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = own_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server(tls_of(certificate), authenticator=accept_only("voice", "right")) as server:
        channel = smtp(config, server.port, smtp_starttls=True, smtp_user="voice", smtp_password=SecretStr("right"))
        posted()
        assert deliver(channel).sent == 1
    assert len(server.letters) == 1


def test_a_wrong_password_is_ours_to_put_right_and_nothing_is_lost(
    config: Settings, posted: Post, deliver: Deliver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = own_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server(tls_of(certificate), authenticator=accept_only("voice", "right")) as server:
        channel = smtp(config, server.port, smtp_starttls=True, smtp_user="voice", smtp_password=SecretStr("wrong"))
        message = posted()
        assert deliver(channel).later == 1
    assert message.last_error == "sign-in-refused"


def test_a_letter_never_goes_in_the_clear_where_tls_is_asked_for(
    config: Settings, posted: Post, deliver: Deliver, tmp_path: Path
) -> None:
    with mail_server() as plain:
        message = posted()
        assert deliver(smtp(config, plain.port, smtp_starttls=True)).later == 1
        assert message.last_error == "not-private"
    with mail_server(tls_of(own_certificate(tmp_path))) as stranger:
        message = posted()
        assert deliver(smtp(config, stranger.port, smtp_starttls=True)).later == 1
        assert message.last_error == "not-private"
    assert plain.letters == stranger.letters == []


def test_the_settings_choose_the_channel(app: Flask, posted: Post, deliver: Deliver) -> None:
    with mail_server() as server:
        app.extensions["settings"] = settings().model_copy(
            update={"email_channel": "smtp", "smtp_host": "127.0.0.1", "smtp_port": server.port}
        )
        posted()
        assert deliver().sent == 1
    assert len(server.letters) == 1


def tls_of(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    return context


def own_certificate(folder: Path) -> Path:
    """Make a certificate for 127.0.0.1 and return its file; the key lies beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "mail.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    file.with_suffix(".key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return file
