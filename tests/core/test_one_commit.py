"""What a request leaves behind: all of it, or nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import audit
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.web.errors import problem
from app.people.policy import NO_RECORD, RULES, Rule


def written(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.event == "half.done")) or 0


@pytest.mark.parametrize(("raises", "stays"), [(True, 0), (False, 1)])
def test_an_error_that_is_raised_leaves_nothing_half_done_and_one_that_is_returned_is_an_answer(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, raises: bool, stays: int
) -> None:
    def half_done():  # type: ignore[no-untyped-def]
        audit.record(db.session, None, "half.done")
        if raises:
            raise NotFound
        return problem(404, "Not found")

    monkeypatch.setitem(RULES, "half_done", Rule(None, NO_RECORD))
    app.add_url_rule("/half-done", "half_done", half_done)
    assert app.test_client().get("/half-done").status_code == 404
    assert written(session) == stays
