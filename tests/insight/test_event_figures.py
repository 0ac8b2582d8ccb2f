"""Visits to universities in figures: people, not visits, and no small number."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import new_id
from app.insight.event_views import went
from app.pathways.event_figures import YEARS, EventFigures
from app.pathways.models import Seat
from app.people.models import Role
from tests.factories import People, sign_in
from tests.pathways.openings_house import published, seats, visit


def figures(came: tuple[int, ...], of: tuple[int, ...]) -> EventFigures:
    return EventFigures(dict(zip(YEARS, came, strict=True)), dict(zip(YEARS, of, strict=True)), 0, 0)


@pytest.mark.parametrize(
    ("came", "of", "total", "by_year"),
    [
        ((8, 9, 10, 7, 12), (20, 20, 20, 20, 30), "46", ["8", "9", "10", "7", "12"]),
        # One small year group takes a second one with it, or the total would give it away.
        ((2, 9, 10, 7, 12), (20, 20, 20, 20, 30), "40", ["c", "9", "10", "c", "12"]),
        ((1, 0, 1, 0, 0), (5, 5, 5, 5, 5), "c", ["c", "c", "c", "c", "c"]),
    ],
)
def test_no_sum_gives_a_small_year_group_away(
    came: tuple[int, ...], of: tuple[int, ...], total: str, by_year: list[str]
) -> None:
    whole, years = went(figures(came, of))
    assert whole.n == total and [years[year].n for year in YEARS] == by_year


def test_a_small_cohort_is_hidden_with_another(app: Flask) -> None:
    _whole, years = went(figures((6, 7, 8, 9, 10), (4, 20, 20, 20, 30)))
    assert [years[year].d for year in YEARS].count("c") == 2 and years[9].n == "c"


def test_the_virtual_school_sees_people_who_came_and_it_is_written_down(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    begins = clock.now() - timedelta(days=1)
    one, other = (seats(session, published(session, visit(key, starts=begins))) for key in ("a-day", "b-day"))
    for number in range(20):
        young = people.young_person(f"Young {number}", year_group=10)
        for event in (one, other)[: 2 if number < 6 else 1]:
            here = {"id": new_id(), "event_id": event.id, "person_id": young.id, "booked_by_id": young.id}
            state = "attended" if number < 12 else "did_not_attend"
            session.add(Seat(**here, state=state, made_at=begins, see_myself="yes" if number < 6 else None))
    session.commit()
    sign_in(app, client, people.adult(Role.virtual_school), way="worker")
    html = client.get("/staff/evidence/events").get_data(as_text=True)
    assert 'data-head="How many">12<' in html and 'data-head="Of">20<' in html and "60%" in html
    assert "/staff/evidence/events" in client.get("/staff/opportunities").get_data(as_text=True)
    assert session.query(AuditEntry).filter_by(event="evidence.read").count() == 1
    sign_in(app, client, people.adult(Role.social_worker), way="worker")
    assert client.get("/staff/evidence/events").status_code == 403
