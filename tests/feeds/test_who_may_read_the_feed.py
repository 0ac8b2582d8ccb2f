"""Tokens, scopes and the two commands (RFC 6749, RFC 6750, RFC 9457)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.audit import AuditEntry
from app.core.settings import Settings
from app.feeds.commands import group
from app.feeds.models import ApiClient, ApiToken, Scope
from tests.feeds.platform import RECORDS, Platform, check_as_described, let_in
from tests.feeds.voices import Voice

TOKEN = "/api/v1/token"


def test_a_token_is_given_for_the_secret_in_the_header(platform: Platform) -> None:
    response = platform.sign_in()
    assert response.status_code == 200
    assert response.json is not None
    assert (response.json["token_type"], response.json["expires_in"], response.json["scope"]) == (
        "Bearer",
        3600,
        "pep:read",
    )


def test_a_token_is_given_for_the_secret_in_the_form(platform: Platform) -> None:
    form = {"grant_type": "client_credentials", "client_id": platform.client_id, "client_secret": platform.secret}
    response = platform.http.post(TOKEN, data=form)
    check_as_described(TOKEN, "post", response)
    platform.token = response.json["access_token"]  # type: ignore[index]
    assert platform.get().status_code == 200


def test_neither_secret_nor_token_stands_in_the_database(platform: Platform, session: Session) -> None:
    client = session.scalars(select(ApiClient)).one()
    token = session.scalars(select(ApiToken)).one()
    kept = " ".join(str(value) for row in (client, token) for value in vars(row).values())
    assert platform.secret not in kept
    assert platform.token not in kept


@pytest.mark.parametrize("form", [{}, {"grant_type": "password"}, {"grant_type": "authorization_code", "code": "x"}])
def test_only_client_credentials_are_known(form: dict[str, str], platform: Platform) -> None:
    response = platform.http.post(TOKEN, data=form, headers=platform.basic(platform.secret))
    check_as_described(TOKEN, "post", response)
    assert (response.status_code, response.json["error"]) == (400, "unsupported_grant_type")  # type: ignore[index]


def test_a_wrong_secret_and_an_unknown_client_get_the_same_answer(platform: Platform) -> None:
    form = {"grant_type": "client_credentials"}
    unknown = Platform(platform.http, "nobody", "x")
    answers = [
        platform.http.post(TOKEN, data=form, headers=platform.basic("wrong")),
        platform.http.post(TOKEN, data=form, headers=unknown.basic("wrong")),
        platform.http.post(TOKEN, data=form),
        platform.http.post(TOKEN, data=form, headers={"Authorization": "Basic /////w=="}),
        platform.http.post(TOKEN, data=form, headers={"Authorization": "Basic not base64"}),
        platform.http.post(TOKEN, data={**form, "client_id": "nobody", "client_secret": "x"}),
        platform.http.post(TOKEN, data={**form, "client_id": platform.client_id, "client_secret": "x"}),
        platform.http.post(TOKEN, data={**form, "client_id": "a\0b", "client_secret": "x"}),
    ]
    for answer in answers:
        check_as_described(TOKEN, "post", answer)
        assert answer.status_code == 401
        assert answer.json == answers[0].json
        assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_wrong_secrets_from_one_address_are_soon_not_looked_at_and_leave_no_more_marks(
    platform: Platform, session: Session, config: Settings
) -> None:
    wrong = {"client_id": "nobody", "client_secret": "x", "grant_type": "client_credentials"}
    for _try in range(config.address_tries_before_lock + 20):
        answer = platform.http.post(TOKEN, data=wrong)
    check_as_described(TOKEN, "post", answer)
    assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
    assert 0 < int(answer.headers["Retry-After"]) <= config.code_lock.total_seconds()
    refused = select(func.count()).select_from(AuditEntry).where(AuditEntry.event == "api.token-refused")
    assert session.scalar(refused) == config.address_tries_before_lock
    assert platform.http.post(TOKEN, data=wrong, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 401


def test_right_secrets_are_never_too_many(platform: Platform, config: Settings) -> None:
    for _time in range(config.address_tries_before_lock + 2):
        assert platform.sign_in().status_code == 200


def test_a_token_may_be_asked_for_less_but_not_for_more_than_the_client_has(app: Flask) -> None:
    platform = let_in(app, scopes=(Scope.pep_read, Scope.pep_write))
    assert platform.sign_in().json["scope"] == "pep:read pep:write"  # type: ignore[index]
    assert platform.sign_in(scope="pep:write").json["scope"] == "pep:write"  # type: ignore[index]
    response = platform.sign_in(scope="pep:read insight:read")
    assert (response.status_code, response.json["error"]) == (400, "invalid_scope")  # type: ignore[index]


@pytest.mark.parametrize("address", [RECORDS, "/api/v1/peps/PEP-1"])
@pytest.mark.parametrize("header", [None, "Bearer wrong", "Bearer", "Basic eDp5", "Digest x", "", "Bearer a b"])
def test_without_a_good_token_nothing_is_read(address: str, header: str | None, client: FlaskClient) -> None:
    response = client.get(address, headers={"Authorization": header} if header is not None else {})
    check_as_described(RECORDS, "get", response)
    assert response.status_code == 401
    assert response.mimetype == "application/problem+json"
    assert response.headers["WWW-Authenticate"].lower().startswith("bearer")


def test_a_token_in_the_address_is_not_taken(platform: Platform) -> None:
    address = f"{RECORDS}?access_token={platform.token}"
    assert platform.http.get(address).status_code == 401


@pytest.mark.parametrize("address", [RECORDS, "/api/v1/peps/PEP-1"])
def test_a_token_without_the_scope_reads_nothing(address: str, app: Flask) -> None:
    platform = let_in(app, scopes=(Scope.insight_read,))
    response = platform.get(address)
    assert response.status_code == 403
    assert response.mimetype == "application/problem+json"


def test_a_token_is_good_for_an_hour(platform: Platform) -> None:
    start = datetime(2027, 2, 3, 12, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        platform.sign_in()
    with time_machine.travel(start + timedelta(minutes=59), tick=False):
        assert platform.get().status_code == 200
    with time_machine.travel(start + timedelta(minutes=60), tick=False):
        assert platform.get().status_code == 401


def test_old_tokens_do_not_pile_up(platform: Platform, session: Session) -> None:
    with time_machine.travel(datetime(2036, 1, 1, tzinfo=UTC), tick=False):
        platform.sign_in()
        assert len(session.scalars(select(ApiToken)).all()) == 1


def test_a_person_who_is_signed_in_is_no_platform(app: Flask, client: FlaskClient, robin: Voice) -> None:
    from tests.factories import sign_in

    sign_in(app, client, robin.person)
    assert client.get(RECORDS).status_code == 401


@pytest.mark.parametrize("pep_id", ["PEP-NOBODY", "%00", "'; DROP TABLE pep; --", "é" * 300])
def test_a_pep_that_is_not_there_is_told_as_a_problem(pep_id: str, platform: Platform) -> None:
    response = platform.get(f"/api/v1/peps/{pep_id}")
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"


def test_the_giving_of_a_token_leaves_a_mark(platform: Platform, session: Session) -> None:
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "api.token")).one()
    assert (entry.detail, entry.actor_id) == (platform.client_id, None)


def test_an_operator_lets_a_platform_in_and_shuts_it_out(app: Flask, session: Session) -> None:
    runner = app.test_cli_runner()
    added = runner.invoke(group, ["client-add", "Our ePEP", "--scope", "pep:read", "--can-hide-fields"])
    assert added.exit_code == 0, added.output
    client_id, secret = (re.search(rf"{name}: (\S+)", added.output)[1] for name in ("client_id", "client_secret"))  # type: ignore[index]
    platform = Platform(app.test_client(), client_id, secret)
    platform.sign_in()
    assert platform.get().status_code == 200
    assert session.scalars(select(ApiClient)).one().can_hide_fields

    assert runner.invoke(group, ["client-revoke", client_id]).exit_code == 0
    assert platform.get().status_code == 401
    assert platform.sign_in().status_code == 401


def test_the_commands_refuse_what_they_do_not_know(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(group, ["client-revoke", "nobody"]).exit_code == 1
    assert runner.invoke(group, ["client-add", "X", "--scope", "everything"]).exit_code == 2
    assert "--can-hide-fields" in runner.invoke(group, ["client-add", "--help"]).output
