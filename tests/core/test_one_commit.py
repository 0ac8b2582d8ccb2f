"""What a request leaves behind: all of it, or nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import audit, clock
from app.core.audit import AuditEntry
from app.core.db import db, stays
from app.core.web.errors import problem
from app.people.policy import NO_RECORD, RULES, Rule
from tests.factories import People, sign_in


def written(session: Session, event: str) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.event == event)) or 0


def refuse(app: Flask, monkeypatch: pytest.MonkeyPatch, *, raises: bool = False, keeps: bool = False) -> None:
    """Ask for a page that reads something, does something, and then cannot go on."""

    def half_done():  # type: ignore[no-untyped-def]
        audit.record(db.session, None, "half.read")
        audit.record(db.session, None, "half.done")
        if keeps:
            stays(db.session)
        if raises:
            raise NotFound
        return problem(404, "Not found")

    monkeypatch.setitem(RULES, "half_done", Rule(None, NO_RECORD))
    app.add_url_rule("/half-done", "half_done", half_done)
    assert app.test_client().get("/half-done").status_code == 404


def test_a_refusal_leaves_nothing_half_done(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(app, monkeypatch)
    assert written(session, "half.done") == 0


def test_what_a_refusal_shows_was_read_all_the_same(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(app, monkeypatch)
    assert written(session, "half.read") == 1


def test_what_says_that_it_stays_outlives_a_refusal(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(app, monkeypatch, keeps=True)
    assert (written(session, "half.done"), written(session, "half.read")) == (1, 1)


def test_an_error_that_is_raised_leaves_nothing_at_all(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(app, monkeypatch, raises=True, keeps=True)
    assert (written(session, "half.done"), written(session, "half.read")) == (0, 0)


def test_somebody_who_is_refused_was_there_and_is_not_signed_out_for_it(
    app: Flask, client: FlaskClient, session: Session, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(app, client, people.young_person())
    with time_machine.travel(clock.now() + timedelta(minutes=20), tick=False):
        assert client.get("/no-such-page").status_code == 404
    with time_machine.travel(clock.now() + timedelta(minutes=40), tick=False):
        assert client.get("/home").status_code == 200
