"""What the tests of this room share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, g


@pytest.fixture(autouse=True)
def _pages_of_other_rooms(request: pytest.FixtureRequest) -> Iterator[None]:
    """The ways in lead to pages of the room ``home``; where it is not open yet, its addresses are there all the same."""
    if "app" in request.fixturenames:
        app: Flask = request.getfixturevalue("app")
        for endpoint, address in (("home.home", "/home"), ("home.welcome", "/")):
            if endpoint not in app.view_functions:
                app.add_url_rule(address, endpoint, lambda: "here")
        app.before_request_funcs.setdefault(None, []).insert(0, _begin_with_nothing)
    yield


def _begin_with_nothing() -> None:
    # The test holds one app context open, so that what a request left on g would still be there in the next one.
    for name in list(g):
        g.pop(name)
