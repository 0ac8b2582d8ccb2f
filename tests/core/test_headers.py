"""The whole header table, on every kind of answer."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.settings import Environment, Settings
from app.core.web.headers import CONTENT_SECURITY_POLICY, HEADERS, NO_STORE
from app.people.models import Role
from tests.conftest import open_app
from tests.factories import People, sign_in

KINDS = {
    "a page": ("/", {}, 200),
    "a redirect": ("/home", {}, 303),
    "a page that is not there": ("/there-is-no-such-page", {}, 404),
    "an address that takes no GET": ("/sign-out", {}, 405),
    "a fragment": ("/privacy", {"HX-Request": "true"}, 200),
    "the machine side": ("/api/v1/openapi.json", {}, 200),
    "the machine side, refused": ("/api/v1/pep-records", {}, 401),
    "is it alive": ("/healthz", {}, 200),
    "a style sheet": ("/static/css/app.css", {}, 200),
}
PERSONAL = ("/home", "/mine", "/voice/", "/help")


def ask(client: FlaskClient, kind: str) -> TestResponse:
    """Ask for an answer of a kind."""
    path, headers, status = KINDS[kind]
    answer = client.get(path, headers=headers)
    assert answer.status_code == status
    answer.close()
    return answer


@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_carries_the_whole_table(client: FlaskClient, kind: str) -> None:
    answer = ask(client, kind)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    for name in HEADERS:
        assert len(answer.headers.getlist(name)) == 1, name


def test_the_policy_begins_with_nothing_and_lets_nothing_inline_or_from_elsewhere_in() -> None:
    directives = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))
    assert directives.pop("default-src") == "'none'"
    assert set(directives.values()) <= {"'self'", "'none'"}
    assert {"script-src", "style-src", "form-action", "base-uri", "frame-ancestors"} <= set(directives)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "a style sheet"])
def test_nothing_but_static_files_is_kept_by_a_cache(client: FlaskClient, kind: str) -> None:
    assert ask(client, kind).headers["Cache-Control"] == NO_STORE


def test_help_is_kept_for_a_little_for_somebody_without_a_line_and_never_while_signed_in(client: FlaskClient) -> None:
    # Signed in it names one's own workers; that it is not kept then is held by PERSONAL below.
    assert client.get("/help").headers["Cache-Control"] == "public, max-age=300"
    assert {"Cookie", "HX-Request"} <= set(client.get("/help").vary)


def test_a_style_sheet_is_kept_for_a_year(client: FlaskClient) -> None:
    assert "max-age=31536000" in ask(client, "a style sheet").headers["Cache-Control"]


@pytest.mark.parametrize("path", PERSONAL)
def test_a_childs_own_pages_are_never_kept(app: Flask, client: FlaskClient, people: People, path: str) -> None:
    robin = people.young_person("Robin")
    people.pep(robin)
    people.connected(Role.carer, robin)
    sign_in(app, client, robin)
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == NO_STORE
    assert {"Cookie", "HX-Request"} <= set(answer.vary)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient) -> None:
    cookie = client.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie


def test_in_production_the_browser_is_told_to_stay_on_https(config: Settings) -> None:
    live = config.model_copy(update={"environment": Environment.production})
    for app in open_app(live):
        answer = app.test_client().get("/", base_url="https://localhost")
        assert "max-age=" in answer.headers["Strict-Transport-Security"]
        cookie = app.test_client().get("/sign-in", base_url="https://localhost").headers["Set-Cookie"]
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie
