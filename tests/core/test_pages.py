"""A form that comes back: its title says so first, and what is to be put right can be jumped to."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.web.pages import page
from app.people.policy import NO_RECORD, RULES, Rule
from tests.forms import fill


def title_of(html: str) -> str:
    return html.split("<title>")[1].split("</title>")[0]


def test_a_form_that_comes_back_says_so_first_in_its_title(client: FlaskClient) -> None:
    assert title_of(client.get("/carer/sign-in").get_data(as_text=True)) == "Sign in as a carer or key worker"
    html = fill(client, "/carer/sign-in", {"where": ""}).get_data(as_text=True)
    assert title_of(html) == "Please look again: Sign in as a carer or key worker"
    assert 'tabindex="-1"' in html.split("notice problem", 1)[1].split(">")[0]


@pytest.mark.parametrize(
    ("status", "says"), [(200, False), (400, True), (404, False), (409, True), (422, True), (429, False)]
)
def test_only_a_page_on_which_something_can_be_put_right_says_so(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, status: int, says: bool
) -> None:
    monkeypatch.setitem(RULES, "again", Rule(None, NO_RECORD))
    app.add_url_rule("/again", "again", lambda: page("home/welcome.html", status=status))
    for headers in ({}, {"HX-Request": "true"}):
        html = client.get("/again", headers=headers).get_data(as_text=True)
        assert title_of(html).startswith("Please look again: ") is says
