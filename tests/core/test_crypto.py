"""What children say is sealed: only the right key, in the right place, unchanged, opens it."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from app.core.crypto import CannotOpen, KeyRing, digest_of, keyed_reference
from app.core.settings import REPO, Settings, SettingsRefused
from tests.conftest import KEY, settings_for

OLD, NEW = b"o" * 32, b"n" * 32
PLACE = "answer.content"


@given(st.text())
def test_what_is_sealed_opens_again(words: str) -> None:
    ring = KeyRing({"k1": NEW})
    assert ring.open(ring.seal(words, PLACE), PLACE) == words


def test_the_same_words_sealed_twice_look_different() -> None:
    ring = KeyRing({"k1": NEW})
    assert ring.seal("I like maths", PLACE) != ring.seal("I like maths", PLACE)


def test_an_old_key_still_opens_what_it_sealed_and_the_first_one_seals() -> None:
    old = KeyRing({"k1": OLD}).seal("I like maths", PLACE)
    ring = KeyRing({"k2": NEW, "k1": OLD})
    assert ring.open(old, PLACE) == "I like maths"
    assert ring.key_of(ring.seal("new words", PLACE)) == "k2"


def test_a_key_that_is_not_on_the_ring_opens_nothing() -> None:
    sealed = KeyRing({"k1": OLD}).seal("I like maths", PLACE)
    with pytest.raises(CannotOpen):
        KeyRing({"k2": NEW}).open(sealed, PLACE)
    with pytest.raises(CannotOpen):
        KeyRing({"k1": NEW}).open(sealed, PLACE)


def test_a_value_does_not_open_in_another_column() -> None:
    ring = KeyRing({"k1": NEW})
    with pytest.raises(CannotOpen):
        ring.open(ring.seal("I like maths", PLACE), "sent_answer.content")


@given(st.data())
def test_a_value_that_was_changed_anywhere_does_not_open(data: st.DataObject) -> None:
    ring = KeyRing({"k1": NEW, "k2": OLD})
    sealed = bytearray(ring.seal("I like maths", PLACE))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CannotOpen):
        ring.open(bytes(sealed), PLACE)


@given(st.binary(max_size=80))
def test_what_was_never_sealed_does_not_open(junk: bytes) -> None:
    with pytest.raises(CannotOpen):
        KeyRing({"k1": NEW}).open(junk, PLACE)


@given(st.integers(0, 60))
def test_a_value_that_was_cut_off_does_not_open(length: int) -> None:
    ring = KeyRing({"k1": NEW})
    sealed = ring.seal("I like maths", PLACE)
    with pytest.raises(CannotOpen):
        ring.open(sealed[: min(length, len(sealed) - 1)], PLACE)


def test_a_reference_means_nothing_without_its_key() -> None:
    assert keyed_reference(b"feed", "7") != keyed_reference(b"extract", "7")
    assert len(keyed_reference(b"feed", "7")) == 32
    assert len(digest_of("secret")) == 64


@pytest.mark.parametrize(
    "keys",
    [None, "", "  ", "k1", "k1:", "k1:short", "k1:" + base64.b64encode(b"x" * 16).decode(), f":{KEY}", f"a-b:{KEY}"],
)
def test_the_app_does_not_start_without_a_whole_key(tmp_path: Path, keys: str | None) -> None:
    with pytest.raises(SettingsRefused):
        create_app(settings_for(f"sqlite:///{tmp_path / 'x.db'}", tmp_path, keys=keys))


def test_two_keys_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused):
        create_app(settings_for(f"sqlite:///{tmp_path / 'x.db'}", tmp_path, keys=f"k1:{KEY},k1:{KEY}"))


@pytest.mark.parametrize("missing", ["keys", "secret_key", "ref_key"])
def test_production_does_not_start_without_each_secret(tmp_path: Path, missing: str) -> None:
    with pytest.raises(ValueError, match=missing.upper()):
        settings_for(
            "sqlite://", tmp_path, environment="production", public_url="https://voice.example", **{missing: None}
        )


@pytest.mark.parametrize("empty", ["keys", "secret_key", "ref_key"])
@pytest.mark.parametrize("value", ["", "   ", "short"])
def test_production_does_not_start_with_an_empty_or_short_secret(tmp_path: Path, empty: str, value: str) -> None:
    with pytest.raises(ValueError, match=empty.upper()):
        settings_for(
            "sqlite://", tmp_path, environment="production", public_url="https://voice.example", **{empty: value}
        )


@pytest.mark.parametrize(
    "unsafe",
    [
        {"public_url": "http://voice.example"},
        {"oidc_issuer": "http://council.example"},
        {"exit_url": "http://weather.example"},
        {"smtp_password": "letters-go-out"},
    ],
)
def test_production_does_not_start_where_words_or_passwords_would_travel_open(
    tmp_path: Path, unsafe: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match=next(iter(unsafe)).split("_")[0].upper()):
        settings_for(
            "sqlite://", tmp_path, environment="production", **{"public_url": "https://voice.example", **unsafe}
        )


def test_settings_that_are_refused_do_not_repeat_the_secrets(tmp_path: Path) -> None:
    with pytest.raises(ValueError) as refused:
        settings_for(
            "sqlite://", tmp_path, environment="production", ref_key=None, secret_key="a-very-secret-word-indeed"
        )
    assert "a-very-secret" not in str(refused.value) and "test-reference" not in str(refused.value)


def test_production_with_every_secret_has_settings(tmp_path: Path) -> None:
    found = settings_for("sqlite://", tmp_path, environment="production", public_url="https://voice.example")
    assert isinstance(found, Settings)


def test_the_whole_program_refuses_to_start_in_production_without_keys(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PEPVOICE_")} | {
        "PEPVOICE_ENVIRONMENT": "production",
        "PEPVOICE_SECRET_KEY": "x" * 40,
        "PEPVOICE_REF_KEY": "y" * 40,
        "PEPVOICE_PUBLIC_URL": "https://voice.example",
        "PEPVOICE_DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}",
    }
    begun = subprocess.run(
        [sys.executable, "-c", "from app import create_app; create_app()"],
        cwd=REPO,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert begun.returncode != 0
    assert "PEPVOICE_KEYS" in begun.stderr
    assert not (tmp_path / "x.db").exists()
