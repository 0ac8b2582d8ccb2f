"""The OpenAPI document is sound, and tells of every address and nothing else."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from app.feeds import openapi
from app.feeds.models import Scope


def test_the_description_is_served_to_anybody(client: FlaskClient) -> None:
    response = client.get("/api/v1/openapi.json")
    assert response.status_code == 200
    assert response.json is not None
    assert response.json["openapi"] == "3.1.0"
    assert response.json == openapi.document()


def test_it_tells_of_every_address_of_the_machine_side(app: Flask) -> None:
    served = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("feeds.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, methods in openapi.document()["paths"].items() for method in methods}
    assert described == served


def test_every_reference_in_it_leads_somewhere() -> None:
    document = openapi.document()
    references = list(_references(document))
    assert references
    for reference in references:
        found: Any = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]


def test_every_schema_in_it_is_a_json_schema() -> None:
    for schema in openapi.document()["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_it_names_the_scopes_that_there_are() -> None:
    flows = openapi.document()["components"]["securitySchemes"]["token"]["flows"]
    assert set(flows["clientCredentials"]["scopes"]) == {str(scope) for scope in Scope}


def test_the_record_in_it_is_the_handbooks_own() -> None:
    handbook = openapi.feed_schema()
    here = openapi.document()["components"]["schemas"]
    assert {key: value for key, value in here["FeedRecord"].items() if key != "title"} == handbook["$defs"]["record"]
    assert here["FeedMessage"]["required"] == handbook["required"]


def _references(thing: Any) -> list[str]:
    if isinstance(thing, dict):
        own = [thing["$ref"]] if isinstance(thing.get("$ref"), str) else []
        return own + [one for value in thing.values() for one in _references(value)]
    return [one for value in thing for one in _references(value)] if isinstance(thing, list) else []
