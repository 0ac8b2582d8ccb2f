"""Two who must not meet: the team sets it and ends it, and neither of them ever finds it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import AuditEntry
from app.dropins.booking import Booked, Full
from app.dropins.models import KeepApart
from app.people.models import Person, Role
from tests.dropins.factories import books
from tests.dropins.visit_rows import START, Hall, hall_of
from tests.factories import People


@pytest.fixture
def hall(app: Flask, session: Session, people: People) -> Iterator[Hall]:
    with time_machine.travel(START - timedelta(days=3), tick=False):
        yield hall_of(app, session, people)


@pytest.fixture
def two(hall: Hall) -> tuple[Person, Person]:
    return hall.people.young_person("Lark", year_group=12), hall.people.young_person("Wren", year_group=12)


def page_of(person: Person) -> str:
    return f"/staff/young-people/{person.id}/dropins/apart"


def keep(hall: Hall, lark: Person, wren: Person, months: str = "6") -> None:
    page = page_of(lark)
    found = hall.press(hall.adviser, page, page, name="Wr", find="yes")
    assert "Keep apart from Wren" in found.text and "Keep apart from Lark" not in found.text
    assert hall.press(hall.adviser, page, page, person=str(wren.id), months=months).status_code == 303


def test_a_pair_that_is_set_holds_for_both_and_ends_when_the_team_ends_it(
    hall: Hall, two: tuple[Person, Person]
) -> None:
    lark, wren = two
    keep(hall, lark, wren)
    dropin = hall.dropin()
    here, there = hall.slot(dropin), hall.slot(dropin, after=30)
    assert isinstance(books(hall.session, lark, dropin, here), Booked)
    assert isinstance(books(hall.session, wren, dropin, there), Full)
    pair = hall.session.scalars(select(KeepApart)).one()
    assert pair.ends_on is not None
    assert "Lark" in hall.text(hall.adviser, page_of(wren)), "it is the same pair from either side"
    hall.press(hall.adviser, page_of(wren), f"{page_of(wren)}/end", pair=str(pair.id))
    assert isinstance(books(hall.session, wren, dropin, there), Booked)
    assert "Nobody." in hall.text(hall.adviser, page_of(lark))


def test_where_both_have_a_place_already_the_team_is_told_and_set_again_it_is_one_pair(
    hall: Hall, two: tuple[Person, Person]
) -> None:
    lark, wren = two
    dropin = hall.dropin()
    slot = hall.slot(dropin)
    hall.booking(lark, dropin, slot)
    hall.booking(wren, dropin, slot)
    keep(hall, lark, wren)
    keep(hall, lark, wren, "")
    assert "Both have a place already." in hall.text(hall.adviser, page_of(lark))
    assert hall.session.scalars(select(KeepApart)).one().ends_on is None


def test_neither_of_them_and_no_other_adult_finds_it(hall: Hall, two: tuple[Person, Person]) -> None:
    lark, wren = two
    keep(hall, lark, wren)
    hall.text(hall.adviser, page_of(lark))
    for role in (Role.personal_adviser, Role.social_worker, Role.carer):
        worker = hall.people.connected(role, lark)
        assert hall.browser(worker).get(page_of(lark)).status_code == 403
    written = hall.session.scalars(select(AuditEntry).where(AuditEntry.event.like("keep-apart.%"))).all()
    assert {one.event for one in written} == {"keep-apart.set", "keep-apart.read"}
    assert {one.subject_id for one in written} == {None}
    # What they can read about on their own page: that they were in a list of names, as whenever a worker looks for one.
    theirs = select(AuditEntry.event).where(AuditEntry.subject_id.in_([person.id for person in two]))
    assert set(hall.session.scalars(theirs)) == {"young-person.listed"}
