"""'What can I get?' as somebody walks it: the form, the questions after it, what comes back, the letter."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.people.models import Role
from tests.factories import People, sign_in
from tests.forms import fields_of, fill

GUIDE = "/pathways/what-can-i-get"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def results(page: TestResponse) -> dict[str, str]:
    """Return what the page says of each entitlement, by id."""
    assert page.status_code == 200, page.status_code
    html = page.get_data(as_text=True)
    return dict(re.findall(r'id="([a-z0-9-]+)" data-result="(yes|ask|no)"', html))


def walk(client: FlaskClient, data: dict[str, str], more: dict[str, str] | None = None) -> TestResponse:
    """Answer the form, and the questions after it when there are some."""
    page = fill(client, GUIDE, data)
    html = page.get_data(as_text=True)
    if "A little more" not in html:
        return page
    action, fields = fields_of(html, action=GUIDE)
    for name, value in (more or {}).items():
        assert name in fields, f"{name} was not asked"
        fields[name] = value
    return client.post(action, data=fields)


def test_a_child_of_nine_in_care_gets_the_plan_and_an_advocate(client: FlaskClient) -> None:
    found = results(walk(client, {"age": "9", "year": "Y4", "care": "in"}))
    assert found["pep"] == "yes"
    assert found["advocacy"] == "yes"
    assert found["pp-plus"] == "ask"
    assert found["bursary-16-19-vg"] == "no"
