"""Typed settings, read only from the environment (prefix ``PEPVOICE_``).

A default here must be safe in production *and* publishable; anything secret has no default.
"""

from __future__ import annotations

import base64
import binascii
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Literal, Self

from flask import current_app
from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

# An empty or made-up short secret is no secret: cookies could be forged, or a child's reference in the feed found by trying.
_LEAST_SECRET = 16
REPO = Path(__file__).resolve().parents[2]


class Environment(StrEnum):
    """Where this process runs. Only ``production`` may hold real children's words."""

    local = "local"
    test = "test"
    production = "production"


class SettingsRefused(RuntimeError):
    """The settings are not safe to start with; the message says which one and what to do."""


class Settings(BaseSettings):
    """Everything an operator can set. Durations marked *decide* in the handbook carry its defaults."""

    # What is refused is not repeated in the error: it would put secrets into the log of whoever starts the app.
    model_config = SettingsConfigDict(env_prefix="PEPVOICE_", extra="ignore", hide_input_in_errors=True)

    environment: Environment = Environment.local
    database_url: str = f"sqlite:///{REPO / 'instance' / 'pepvoice.db'}"
    instance_dir: Path = REPO / "instance"
    secret_key: SecretStr | None = None
    keys: SecretStr | None = Field(None, description="Key ring: 'id:base64,id:base64'; the first one seals, all open.")
    ref_key: SecretStr | None = Field(None, description="HMAC key for child_ref in the ePEP feed (measures 6.2).")

    public_url: str = "http://127.0.0.1:8000"
    behind_proxy: bool = False
    demo: bool = False
    live: bool = Field(False, description="When on, a language below 'reviewed' is not shown to a child.")

    authority_name: str = "Peterborough"
    exit_url: str = "https://www.bbc.co.uk/weather"
    early_years_phone: str = "01733 864180"

    # Session limits by role (safeguarding 6: shared device, five minutes idle is the default for children).
    child_idle: timedelta = timedelta(minutes=20)
    child_shared_idle: timedelta = timedelta(minutes=5)
    child_absolute: timedelta = timedelta(hours=4)
    beside_idle: timedelta = timedelta(minutes=10)
    beside_absolute: timedelta = timedelta(hours=1)
    carer_idle: timedelta = timedelta(minutes=20)
    carer_absolute: timedelta = timedelta(hours=4)
    worker_idle: timedelta = timedelta(minutes=30)
    worker_absolute: timedelta = timedelta(hours=10)

    # Wrong codes: wait a little longer each time, then lock kindly.
    code_tries_before_wait: int = 3
    code_tries_before_lock: int = 8
    code_lock: timedelta = timedelta(minutes=30)
    address_tries_before_lock: int = 40

    link_lifetime: timedelta = timedelta(days=7)
    carer_code_lifetime: timedelta = timedelta(minutes=15)
    # How soon a family that asks for advice hears from the Virtual School (decide).
    advice_working_days: int = Field(5, ge=1, le=60)

    # How long things are kept (safeguarding 10); `flask retain` deletes what is older. Nothing that was sent into a PEP.
    retain_drafts: timedelta = timedelta(days=60)
    retain_kept_words: timedelta = timedelta(days=7)
    retain_paper_photos: timedelta = timedelta(days=30)
    retain_tries: timedelta = timedelta(days=1)
    retain_sign_ins: timedelta = timedelta(days=90)
    retain_links: timedelta = timedelta(days=90)
    retain_messages: timedelta = timedelta(days=35)
    # Given up, or decided by nobody: longer, so that somebody can still see to it.
    retain_given_up: timedelta = timedelta(days=90)
    retain_open_postings: timedelta = timedelta(days=180)
    retain_api_tokens: timedelta = timedelta(days=1)
    retain_signals: timedelta = timedelta(days=2)
    retain_booking_links: timedelta = timedelta(days=7)
    retain_booking_notes: timedelta = timedelta(days=30)
    retain_new_faces: timedelta = timedelta(days=90)
    retain_postings: timedelta = timedelta(days=90)
    retain_paused_until: date | None = Field(
        None, description="A legal hold: until this day `flask retain` deletes nothing."
    )

    smtp_host: str | None = None
    smtp_port: int = 25
    smtp_starttls: bool = False
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    mail_from: str = "PEP Voice <no-reply@pepvoice.invalid>"
    notify_api_key: SecretStr | None = None
    notify_base_url: str | None = None
    notify_email_template: str | None = None
    notify_sms_template: str | None = None
    email_channel: str = "screen"
    sms_channel: str = "screen"

    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_name: str = "your council account"

    feed_page_max: int = 500

    # Closing a meeting while a section with the child's voice has no line in answer: the handbook stops it (voice-questions,
    # section 7; how strict is to be decided, so an authority can have its organisers only told).
    close_without_lines: Literal["warn", "block"] = "block"
    # A publication needs two people: one writes, another checks (handbook, pathways 1.8). Off only where there is one editor.
    two_person_publish: bool = True

    # How long after closing a child is asked how the meeting was (voice-questions 6.8: on the day or within a week).
    feedback_days: int = 14

    @property
    def production(self) -> bool:
        """True where real children's words may be."""
        return self.environment is Environment.production

    def key_ring(self) -> dict[str, bytes]:
        """Return the key ring, newest first: key id -> 32 bytes. Raises SettingsRefused when it cannot be read."""
        if self.keys is None or not self.keys.get_secret_value().strip():
            raise SettingsRefused("PEPVOICE_KEYS is not set: answers could not be encrypted, so we do not start.")
        ring: dict[str, bytes] = {}
        for part in self.keys.get_secret_value().split(","):
            key_id, _, encoded = part.strip().partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except (binascii.Error, ValueError) as error:
                raise SettingsRefused(f"Key '{key_id}' in PEPVOICE_KEYS is not base64.") from error
            if not key_id or len(key_id) > 16 or not key_id.isalnum() or len(key) != 32 or key_id in ring:
                raise SettingsRefused(f"Key '{key_id}' in PEPVOICE_KEYS needs a short, unique name and 32 bytes.")
            ring[key_id] = key
        return ring

    @model_validator(mode="after")
    def _refuse_unsafe(self) -> Self:
        if not self.production:
            return self
        for name in ("secret_key", "keys", "ref_key"):
            secret = getattr(self, name)
            if secret is None or len(secret.get_secret_value().strip()) < _LEAST_SECRET:
                raise ValueError(
                    f"PEPVOICE_{name.upper()} must be set in production, to {_LEAST_SECRET} characters or more."
                )
        if self.demo:
            raise ValueError("PEPVOICE_DEMO must be off in production.")
        if not self.public_url.startswith("https://"):
            raise ValueError("PEPVOICE_PUBLIC_URL must begin with https:// in production.")
        for name in ("oidc_issuer", "exit_url", "notify_base_url"):
            if not (getattr(self, name) or "https://").startswith("https://"):
                raise ValueError(f"PEPVOICE_{name.upper()} must begin with https:// in production.")
        if self.smtp_password is not None and not self.smtp_starttls:
            raise ValueError(
                "PEPVOICE_SMTP_STARTTLS must be on in production where there is a password for the mail server."
            )
        return self


def settings() -> Settings:
    """Return the settings of the running app. Needs an app context."""
    found: Settings = current_app.extensions["settings"]
    return found
