"""Workers sign in with the council's own account; tried against a real OpenID Connect server."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest
import requests
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import create_app
from app.core import clock
from app.core.settings import Settings
from app.people.models import Person, Role, SignIn, WorkerKey
from tests.conftest import settings_for
from tests.factories import People, sign_in

# The test server's library refuses plain http unless told that this is a test.
os.environ.setdefault("AUTHLIB_INSECURE_TRANSPORT", "1")

# The test server still uses older names of its own library; our side does not.
pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config")

EMAIL = "amina@council.example"


@pytest.fixture(scope="module")
def council() -> Iterator[str]:
    """A council's sign-on; returns its issuer."""
    from oidc_provider_mock import run_server_in_thread

    with run_server_in_thread(require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def config(database_url: str, tmp_path: Path, council: str) -> Settings:
    return settings_for(
        database_url,
        tmp_path,
        oidc_issuer=council,
        oidc_client_id="pep-voice",
        oidc_client_secret="a-secret",
        oidc_name="your council account",
    )


def account(council: str, subject: str, **claims: Any) -> None:
    requests.put(f"{council}/users/{subject}", json=claims, timeout=5).raise_for_status()


def to_council(client: FlaskClient) -> str:
    """Press the link; returns where the browser is sent."""
    answer = client.get("/sign-in/council")
    assert answer.status_code == 302
    return answer.location


def at_council(address: str, subject: str) -> str:
    """Say yes at the council; returns the path and query that the browser is sent back to."""
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def changed(address: str, **parts: str | None) -> str:
    """The address with some of its query changed or (None) left out."""
    split = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(split.query).items()}
    query.update({name: value for name, value in parts.items() if value is not None})
    for name, value in parts.items():
        if value is None:
            query.pop(name, None)
    return urlunsplit(split._replace(query=urlencode(query)))


def walk(client: FlaskClient, subject: str) -> TestResponse:
    return client.get(at_council(to_council(client), subject))


def sessions_begun(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(SignIn)) or 0


@pytest.fixture
def worker(people: People) -> Person:
    return people.adult(Role.social_worker, "Amina", email=EMAIL)


def test_a_worker_is_known_by_their_verified_e_mail_first_and_by_their_subject_later(
    app: Flask, client: FlaskClient, session: Session, council: str, worker: Person
) -> None:
    account(council, "s-1", email="Amina@Council.example", email_verified=True)
    first = walk(client, "s-1")
    assert (first.status_code, first.location) == (303, "/home")
    assert session.get_one(WorkerKey, worker.id).oidc_subject == "s-1"
    assert session.scalars(select(SignIn)).one().way == "oidc"
    # Married since: another e-mail, and not even verified.
    account(council, "s-1", email="other@council.example", email_verified=False)
    assert walk(app.test_client(), "s-1").location == "/home"
    assert sessions_begun(session) == 2


def test_the_page_offers_the_councils_account(client: FlaskClient) -> None:
    assert "Sign in with your council account" in client.get("/sign-in").text


def test_the_council_is_asked_with_pkce_state_and_nonce(client: FlaskClient) -> None:
    asked = parse_qs(urlsplit(to_council(client)).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert len(asked["state"][0]) >= 20 and len(asked["nonce"][0]) >= 20
    with client.session_transaction() as cookie:
        (kept,) = [value["data"] for name, value in cookie.items() if name.startswith("_state_")]
    challenge = base64.urlsafe_b64encode(hashlib.sha256(kept["code_verifier"].encode()).digest()).rstrip(b"=").decode()
    assert asked["code_challenge"] == [challenge]


def test_an_account_nobody_knows_is_told_whom_to_ask_and_nobody_is_made(
    client: FlaskClient, session: Session, council: str
) -> None:
    account(council, "s-2", email="stranger@council.example", email_verified=True)
    answer = walk(client, "s-2")
    assert answer.status_code == 403
    assert "We do not know this account yet" in answer.text and "Virtual School" in answer.text
    assert session.scalar(select(func.count()).select_from(Person)) == 0
    assert sessions_begun(session) == 0


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_e_mail_that_is_not_verified_is_not_believed(
    client: FlaskClient, session: Session, council: str, worker: Person, verified: object
) -> None:
    claims = {"email": EMAIL} | ({} if verified is None else {"email_verified": verified})
    account(council, f"s-unverified-{verified}", **claims)
    assert walk(client, f"s-unverified-{verified}").status_code == 403
    assert sessions_begun(session) == 0
    assert session.get(WorkerKey, worker.id) is None


def test_an_e_mail_that_was_given_to_somebody_new_does_not_open_the_old_account(
    app: Flask, client: FlaskClient, council: str, worker: Person
) -> None:
    account(council, "s-old", email=EMAIL, email_verified=True)
    assert walk(client, "s-old").location == "/home"
    account(council, "s-new", email=EMAIL, email_verified=True)
    assert walk(app.test_client(), "s-new").status_code == 403


@pytest.mark.parametrize("role", [Role.carer, Role.young_person])
def test_only_workers_come_in_this_way(
    client: FlaskClient, session: Session, people: People, council: str, role: Role
) -> None:
    person = people.young_person() if role is Role.young_person else people.adult(role)
    person.email = f"{role}@council.example"
    session.commit()
    account(council, f"s-{role}", email=person.email, email_verified=True)
    assert walk(client, f"s-{role}").status_code == 403
    assert sessions_begun(session) == 0


def test_a_worker_who_left_does_not_come_in(
    app: Flask, client: FlaskClient, session: Session, council: str, worker: Person
) -> None:
    account(council, "s-left", email=EMAIL, email_verified=True)
    assert walk(client, "s-left").location == "/home"
    worker.ended_on = clock.today()
    session.commit()
    assert walk(app.test_client(), "s-left").status_code == 403


@pytest.mark.parametrize("state", ["made-up", "", None])
def test_a_wrong_state_is_refused(
    client: FlaskClient, session: Session, council: str, worker: Person, state: str | None
) -> None:
    account(council, "s-state", email=EMAIL, email_verified=True)
    back = at_council(to_council(client), "s-state")
    answer = client.get(changed(back, state=state))
    assert answer.status_code == 400
    assert "start again" in answer.text
    assert sessions_begun(session) == 0


def test_somebody_elses_way_back_does_not_work_in_this_browser(
    app: Flask, client: FlaskClient, session: Session, council: str, worker: Person
) -> None:
    account(council, "s-fix", email=EMAIL, email_verified=True)
    back = at_council(to_council(app.test_client()), "s-fix")
    assert client.get(back).status_code == 400
    assert sessions_begun(session) == 0


@pytest.mark.parametrize("nonce", ["another-nonce-than-ours"])
def test_a_wrong_nonce_is_refused(
    client: FlaskClient, session: Session, council: str, worker: Person, nonce: str
) -> None:
    account(council, "s-nonce", email=EMAIL, email_verified=True)
    back = at_council(changed(to_council(client), nonce=nonce), "s-nonce")
    assert client.get(back).status_code == 400
    assert sessions_begun(session) == 0


def test_the_way_back_works_once(
    app: Flask, client: FlaskClient, session: Session, council: str, worker: Person
) -> None:
    account(council, "s-replay", email=EMAIL, email_verified=True)
    back = at_council(to_council(client), "s-replay")
    with client.session_transaction() as cookie:
        before = dict(cookie)
    assert client.get(back).location == "/home"
    assert client.get(back).status_code == 400
    # Even with the cookie of before: the council takes its code once.
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(before)
    assert thief.get(back).status_code == 400
    assert sessions_begun(session) == 1


def test_a_way_back_after_ten_minutes_is_too_late(
    client: FlaskClient, session: Session, council: str, worker: Person
) -> None:
    account(council, "s-late", email=EMAIL, email_verified=True)
    back = at_council(to_council(client), "s-late")
    with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=1)):
        assert client.get(back).status_code == 400
    assert sessions_begun(session) == 0


def test_saying_no_at_the_council_leads_back_kindly(client: FlaskClient, session: Session) -> None:
    state = parse_qs(urlsplit(to_council(client)).query)["state"][0]
    answer = client.get(f"/sign-in/council/back?error=access_denied&state={state}")
    assert answer.status_code == 400
    assert "start again" in answer.text


def test_a_token_made_for_another_service_is_refused(
    client: FlaskClient, session: Session, council: str, worker: Person, app: Flask
) -> None:
    account(council, "s-aud", email=EMAIL, email_verified=True)
    back = at_council(to_council(client), "s-aud")
    app.extensions["settings"].oidc_client_id = "the-service-we-really-are"
    assert client.get(back).status_code == 400
    assert sessions_begun(session) == 0


def test_metadata_of_another_issuer_is_refused(tmp_path: Path, council: str) -> None:
    elsewhere = council.replace("localhost", "127.0.0.1")
    app = create_app(
        settings_for(f"sqlite:///{tmp_path / 'x.db'}", tmp_path, oidc_issuer=council + "/", oidc_client_id="pep-voice")
    )
    with app.app_context():
        app.extensions["settings"].oidc_issuer = elsewhere
        assert app.test_client().get("/sign-in/council").status_code == 503


def test_a_council_that_does_not_answer_is_nobodys_fault(tmp_path: Path) -> None:
    app = create_app(
        settings_for(
            f"sqlite:///{tmp_path / 'x.db'}", tmp_path, oidc_issuer="http://127.0.0.1:9", oidc_client_id="pep-voice"
        )
    )
    answer = app.test_client().get("/sign-in/council")
    assert answer.status_code == 503
    assert "does not answer" in answer.text


def test_without_a_council_there_is_no_such_way_in(tmp_path: Path) -> None:
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'x.db'}", tmp_path))
    client = app.test_client()
    assert client.get("/sign-in/council").status_code == 404
    assert client.get("/sign-in/council/back?code=x&state=y").status_code == 404
    assert "/sign-in/council" not in client.get("/sign-in").text


def test_coming_back_fresh_ends_the_session_before_and_its_secret(
    app: Flask, client: FlaskClient, session: Session, council: str, worker: Person
) -> None:
    old = sign_in(app, client, worker, way="worker")
    account(council, "s-fresh", email=EMAIL, email_verified=True)
    with client.session_transaction() as cookie:
        secret = cookie["s"]
    assert walk(client, "s-fresh").location == "/home"
    with client.session_transaction() as cookie:
        assert cookie["s"] != secret
        assert not [name for name in cookie if re.match("_state_|pending", name)]
    session.refresh(old)
    assert old.ended_at is not None
