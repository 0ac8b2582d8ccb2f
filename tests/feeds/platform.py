"""An ePEP platform that reads the feed over HTTP, and holds every answer it gets against what we say we answer."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.test import TestResponse

from app.core.db import db
from app.feeds import clients, openapi
from app.feeds.models import Scope

FORMATS = FormatChecker(["uuid", "date"])
RECORDS = "/api/v1/pep-records"


@FORMATS.checks("date-time", raises=ValueError)
def _is_a_moment(value: object) -> bool:
    """RFC 3339, and in UTC as the handbook wants it."""
    if not isinstance(value, str):
        return True
    if not value.endswith("Z") or "T" not in value:
        raise ValueError(value)
    datetime.fromisoformat(value)
    return True


@lru_cache
def message_validator() -> Draft202012Validator:
    """The handbook's schema of one feed message."""
    schema = openapi.feed_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FORMATS)


def check_as_described(path: str, method: str, response: TestResponse) -> None:
    """Raise unless this answer is one that the OpenAPI document tells of, in type, headers and shape."""
    document = openapi.document()
    described = document["paths"][path][method]["responses"]
    assert str(response.status_code) in described, f"{method} {path} answered {response.status_code}: {response.text}"
    answer = _resolved(document, described[str(response.status_code)])
    assert response.mimetype in answer["content"], response.mimetype
    for name, header in answer.get("headers", {}).items():
        assert not _resolved(document, header).get("required") or name in response.headers, name
    schema = {**answer["content"][response.mimetype]["schema"], "components": document["components"]}
    Draft202012Validator(schema, format_checker=FORMATS).validate(response.json)
    assert "no-store" in response.headers["Cache-Control"]


def _resolved(document: dict[str, Any], thing: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in thing:
        return thing
    found: Any = document
    for step in thing["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found  # type: ignore[no-any-return]


@dataclass
class Platform:
    """A platform with its id and secret. It keeps what it is told, as a real one would: by question of a PEP."""

    http: FlaskClient
    client_id: str
    secret: str
    token: str = ""
    next: str = RECORDS
    seen: list[dict[str, Any]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def sign_in(self, **form: str) -> TestResponse:
        """Ask for a token with the secret in the header."""
        response = self.http.post(
            "/api/v1/token", data={"grant_type": "client_credentials", **form}, headers=self.basic(self.secret)
        )
        check_as_described("/api/v1/token", "post", response)
        self.token = (response.json or {}).get("access_token", "")
        return response

    def basic(self, secret: str) -> dict[str, str]:
        """Return the header with an id and secret."""
        pair = base64.b64encode(f"{self.client_id}:{secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}

    def get(self, address: str = RECORDS, **query: Any) -> TestResponse:
        """Read an address and check the answer against the description and, when it is a message, the handbook's schema."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        response = self.http.get(address, query_string=query or None, headers=headers)
        path = "/api/v1/peps/{pep_id}" if "/peps/" in address else RECORDS
        check_as_described(path, "get", response)
        if response.status_code == 200:
            message_validator().validate(response.json)
            assert response.json is not None
            assert response.json["record_count"] == len(response.json["records"])
        return response

    def page(self, address: str = RECORDS, **query: Any) -> list[dict[str, Any]]:
        """Return the records of one page."""
        response = self.get(address, **query)
        assert response.status_code == 200, response.text
        assert response.json is not None
        records: list[dict[str, Any]] = response.json["records"]
        return records

    def follow(self, limit: int | None = None) -> list[dict[str, Any]]:
        """Follow the feed from where this platform stands until nothing is new; returns what came."""
        came: list[dict[str, Any]] = []
        while True:
            response = self.get(self.next, **({"limit": limit} if limit and self.next == RECORDS else {}))
            assert response.status_code == 200 and response.json is not None, response.text
            self.next = next_link(response)
            self.links.append(self.next)
            came += response.json["records"]
            if not response.json["records"]:
                self.seen += came
                return came

    def standing(self) -> dict[str, dict[str, Any]]:
        """Return what stands in the platform's PEPs after all it was told, by record id."""
        stands: dict[str, dict[str, Any]] = {}
        for record in self.seen:
            stands.pop(record.get("supersedes") or "", None)
            if record["action"] != "withdraw":
                stands[record["record_id"]] = record
        return stands


def next_link(response: TestResponse) -> str:
    """Return the address in the Link header with rel next."""
    found = re.fullmatch(r'<([^>]+)>; rel="next"', response.headers["Link"])
    assert found, response.headers["Link"]
    return found[1]


def let_in(app: Flask, *, hides: bool = True, scopes: tuple[Scope, ...] = (Scope.pep_read,)) -> Platform:
    """Return a new platform with a token."""
    client, secret = clients.let_in(db.session, "Test ePEP", scopes, can_hide_fields=hides)
    platform = Platform(app.test_client(), client.client_id, secret)
    db.session.commit()
    platform.sign_in()
    return platform
