"""The links to other languages lead to the same page, and never to another site."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("path", ["//evil.example/x", "/%5Cevil.example", "///evil.example", "/no such page"])
def test_language_links_stay_here_whatever_address_was_asked_for(client: FlaskClient, path: str) -> None:
    page = client.get("/", base_url="http://localhost", environ_overrides={"PATH_INFO": path.replace("%5C", "\\")})
    html = page.get_data(as_text=True)
    assert page.status_code == 404 and "lang=ar" in html
    assert 'href="//' not in html and 'href="/\\' not in html
