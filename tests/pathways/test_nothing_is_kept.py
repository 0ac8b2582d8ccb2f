"""An unaccompanied young person of 17 asks what they can get, with every kind of papers, and leaves no trace anywhere.

Looked through afterwards: every column of every table, the bytes of the database's files, everything that was logged at any
level, and every cookie. Each place is shown to be one where a trace would be found.
"""

from __future__ import annotations

import logging
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zlib import decompress

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import MetaData, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.db import db
from app.pathways.coded_values import IMMIGRATION
from app.pathways.entitlement_words import status_options
from app.pathways.models import Shelf
from tests.factories import People, sign_in
from tests.pathways.test_entitlement_pages import GUIDE, results
from tests.people.tokens import csrf

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
# Typed and sent by nobody else: whatever kept any of it would give itself away.
MARKERS = (
    "Zanzibarine",
    "zz-made-up-care",
    "17017",
    "asylum",
    "uasc",
    "refugee",
    "stateless",
    "appeal_rights",
    "_pending",
)
# By status: the bursary at college, the loan, the council's own apprenticeships (handbook, pathways 4 and 5).
EXPECTED = {
    "uk_irish": ("yes", "ask", "yes"),
    "settled": ("yes", "ask", "yes"),
    "refugee": ("yes", "yes", "yes"),
    "humanitarian_protection": ("yes", "yes", "yes"),
    "s67_calais_stateless": ("yes", "yes", "yes"),
    "scheme_leave": ("yes", "ask", "yes"),
    "uasc_leave": ("yes", "ask", "yes"),
    "other_limited_leave": ("yes", "ask", "ask"),
    "extension_pending": ("yes", "ask", "ask"),
    "asylum_pending": ("yes", "no", "ask"),
    "refused_appeal_pending": ("yes", "no", "ask"),
    "appeal_rights_exhausted": ("yes", "no", "no"),
    "": ("yes", "ask", "ask"),
}
SCHOLARSHIP = {"asylum_pending", "uasc_leave", "other_limited_leave", "extension_pending", "refused_appeal_pending", ""}


class Everything(logging.Handler):
    """Keeps whatever is logged."""

    def __init__(self) -> None:
        super().__init__(level=1)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line, with what was put into it and the trouble it tells of."""
        self.lines.append(f"{record.name} {record.getMessage()} {record.args} {record.exc_info}")


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Everything that is logged, at every level, the database's own statements among it: asked for before the app is made."""
    handler = Everything()
    # SQLAlchemy's own logger has a level of its own, which hides what it says to the one above.
    heard = [logging.getLogger(), logging.getLogger("sqlalchemy")]
    before = [logger.level for logger in heard]
    heard[0].addHandler(handler)
    for logger in heard:
        logger.setLevel(1)
    yield handler.lines
    heard[0].removeHandler(handler)
    for logger, level in zip(heard, before, strict=True):
        logger.setLevel(level)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def tables() -> dict[str, list[str]]:
    """Return every row of every table, as it stands on the disk."""
    found = MetaData()
    found.reflect(db.engine)
    with db.engine.connect() as connection:
        return {
            table.name: sorted(repr(row) for row in connection.execute(select(table))) for table in found.sorted_tables
        }


def on_disk(folder: Path) -> bytes:
    """Return the bytes of every file that the house keeps, but for what only the test knows."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def cookie_words(page: TestResponse) -> str:
    """Return what stands in the cookies that an answer sets, opened."""
    found = []
    for header in page.headers.getlist("Set-Cookie"):
        value = header.split("=", 1)[1].split(";")[0]
        part = value.lstrip(".").split(".")[0]
        opened = urlsafe_b64decode(part + "=" * (-len(part) % 4))
        found.append(header + (decompress(opened) if value.startswith(".") else opened).decode("utf-8", "replace"))
    return "\n".join(found)


def ask(client: FlaskClient, **data: str) -> TestResponse:
    """Answer everything at once, as the page before the result does."""
    return client.post(
        GUIDE, data={"csrf_token": csrf(client), "turned": "", "care_more": "long", **data}, unchecked=True
    )


def walk_every_case(client: FlaskClient, statuses: Iterable[str]) -> list[TestResponse]:
    """Walk the guide with each kind of papers, now and with a plan for university, and take a letter along."""
    person = {"age": "17", "year": "Y12", "care": "in", "now": "p16_education", "abroad": "yes"}
    pages = []
    for status in statuses:
        now = ask(client, **person, status=status)
        found = results(now)
        told = tuple(found[key] for key in ("bursary-16-19-vg", "sfe-fee-loan", "ring-fenced-pcc"))
        assert told == EXPECTED[status], f"{status}: {told}"
        assert (found["pep"], found["pa-to-25"], found["advocacy"]) == ("yes", "yes", "yes"), status
        planned = ask(client, **person, status=status, next="he")
        assert results(planned)["sanctuary-scholarship"] == ("ask" if status in SCHOLARSHIP else "no"), status
        pages += [now, planned]
    named = {**person, "status": "asylum_pending", "entitlement": "sanctuary-scholarship", "name": MARKERS[0]}
    pages.append(client.post(f"{GUIDE}/letter", data={**named, "csrf_token": csrf(client)}, unchecked=True))
    assert MARKERS[0] in pages[-1].get_data(as_text=True)
    # What goes wrong is not kept either.
    pages.append(ask(client, age=MARKERS[2], status="asylum_pending"))
    pages.append(ask(client, age="17", care=MARKERS[1], status=MARKERS[0]))
    lost = {"entitlement": MARKERS[0], "status": "uasc_leave", "csrf_token": csrf(client)}
    pages.append(client.post(f"{GUIDE}/letter", data=lost, unchecked=True))
    pages.append(client.post(GUIDE, data={"status": "uasc_leave", "csrf_token": MARKERS[0]}, unchecked=True))
    assert [page.status_code for page in pages[-4:]] == [422, 200, 404, 400]
    return pages


def traces(where: str) -> list[str]:
    """Return which markers stand somewhere."""
    return [marker for marker in MARKERS if marker.lower() in where.lower()]


def test_every_kind_of_papers_is_walked(app: Flask) -> None:
    assert set(EXPECTED) == {*IMMIGRATION, ""}
    with app.test_request_context():
        assert {code for code, _words in status_options()} == set(EXPECTED)


@pytest.mark.parametrize(
    "statuses", [tuple(EXPECTED), ("asylum_pending", "uasc_leave")], ids=["signed out", "signed in"]
)
def test_nothing_that_was_answered_is_stored_logged_or_put_in_a_cookie(
    logged: list[str], app: Flask, client: FlaskClient, people: People, tmp_path: Path, statuses: tuple[str, ...]
) -> None:
    if len(statuses) < len(EXPECTED):
        sign_in(app, client, people.young_person(year_group=12, flags=("ucic",)))
    client.get(GUIDE, unchecked=True)
    before = tables()
    del logged[:]
    pages = walk_every_case(client, statuses)
    after = tables()
    assert {name for name in after if after[name] != before[name]} <= {"sign_in"}
    assert traces(repr(after)) == []
    assert traces(on_disk(tmp_path).decode("latin-1")) == []
    assert logged, "the database's statements are logged, so something must have been"
    assert traces("\n".join(logged)) == []
    for page in pages:
        assert traces(cookie_words(page)) == []
        assert page.headers["Cache-Control"].startswith("no-store")
        assert "Location" not in page.headers
    with client.session_transaction() as cookie:
        assert set(cookie) <= {"csrf_token", "lang", "s"}


def test_a_trace_in_any_of_these_places_would_be_found(
    logged: list[str], client: FlaskClient, session: Session, tmp_path: Path
) -> None:
    session.add(Shelf(name=MARKERS[0], stamp=1))
    session.commit()
    assert traces(repr(tables())) == [MARKERS[0]]
    assert traces(on_disk(tmp_path).decode("latin-1")) == [MARKERS[0]]
    assert MARKERS[0] in traces("\n".join(logged)), "the statement that stored it was logged with its values"
    logging.getLogger("pepvoice").debug("They said %s", MARKERS[3])
    assert MARKERS[3] in traces("\n".join(logged))
    with client.session_transaction() as cookie:
        cookie["status"] = "uasc_leave"
    page = client.get(GUIDE, unchecked=True)
    kept = client.get_cookie("pepvoice")
    assert kept is not None
    page.headers.add("Set-Cookie", f"pepvoice={kept.value}; Path=/")
    assert "uasc" in traces(cookie_words(page))
