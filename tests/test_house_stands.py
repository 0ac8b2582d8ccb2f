"""The house stands: it starts, answers, and is closed by default."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from app.people.policy import RULES


def test_the_house_is_alive(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "alive"}


def test_every_route_has_a_rule(app: Flask) -> None:
    without = {rule.endpoint for rule in app.url_map.iter_rules()} - set(RULES)
    assert without == set()
