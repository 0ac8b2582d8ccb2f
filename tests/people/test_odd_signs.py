"""Signs that only one of the two databases minds do not break a way in."""

from __future__ import annotations

from flask import Flask

from tests.forms import fill


def test_a_zero_byte_in_an_email_address_is_just_a_wrong_address(postgres_app: Flask) -> None:
    client = postgres_app.test_client()
    answer = fill(client, "/sign-in", {"email": "a\0b@example.org", "passphrase": "seven quiet\0green kettles"})
    assert answer.status_code == 422


def test_a_zero_byte_in_a_card_is_just_an_unknown_card(postgres_app: Flask) -> None:
    client = postgres_app.test_client()
    assert fill(client, "/go/a%00b", {"device": "shared"}).status_code == 303
