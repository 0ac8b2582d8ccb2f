"""The figures of drop-ins equal those worked out by hand from the same visits, and a slow way of counting."""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.core.audit import AuditEntry
from app.core.db import db
from app.dropins.models import EetStatus, NextStep, OutcomeCheck
from app.insight import dropin_facts, dropin_table, periods
from app.insight.dropin_facts import Facts, StatusFact, StepFact, VisitFact
from app.insight.dropin_figures import Figure, Kept, figures, splits
from app.insight.suppression import share
from app.people.models import Person, Role
from tests.dropins.visit_rows import Hall, hall_of
from tests.factories import People

TODAY = "2027-08-20T10:00:00+00:00"
FIRST, SECOND, THIRD = (
    datetime.fromisoformat(f"{day}T14:00:00+00:00") for day in ("2026-10-06", "2026-11-03", "2027-02-02")
)


def status(hall: Hall, person: Person, what: str, begins: str, ends: str | None = None, said: str = "told_us") -> None:
    hall.session.add(
        EetStatus(
            person_id=person.id,
            status=what,
            from_on=date.fromisoformat(begins),
            to_on=date.fromisoformat(ends) if ends else None,
            source="visit",
            confidence=said,
            recorded_at=datetime.fromisoformat(f"{begins}T12:00:00+00:00"),
        )
    )


def made_by_hand(hall: Hall) -> list[Person]:
    """24 care leavers who came (the first twelve alone to this country), six who did not, and one from another council."""
    hall.commits = False
    came = [
        hall.people.young_person(f"P{i}", year_group=None, care="care_leaver", flags=("ucic",) if i < 12 else ())
        for i in range(24)
    ]
    for i in range(6):
        hall.people.young_person(f"Q{i}", year_group=12)
    hall.people.young_person("Too young", year_group=9)
    october, november, february = (hall.dropin(starts_at=at, state="closed") for at in (FIRST, SECOND, THIRD))
    off = datetime.fromisoformat("2026-11-20T14:00:00+00:00")
    hall.dropin(starts_at=off, state="cancelled", cancelled_at=off - timedelta(days=3))
    slots = [hall.slot(one, capacity=room) for one, room in ((october, 60), (november, 20), (february, 20))]
    visits = {}
    for i, person in enumerate(came):
        visits[i] = hall.visit(
            person,
            october,
            was_walk_in=i < 12,
            purposes=["find_job", "cv"] if i < 8 else ["cv"],
            eet_before="neet_seeking" if i < 20 else "work",
            useful="a_lot" if i < 15 else "not_really" if i < 21 else "rather_not_say" if i == 21 else None,
        )
        if i < 7:  # a second contact on the same day
            hall.visit(person, october, at=FIRST + timedelta(hours=1), was_walk_in=False)
        if i < 10:
            hall.visit(person, november, was_walk_in=False)
        if i < 8:
            hall.visit(person, february, was_walk_in=False, eet_before="work")
    hall.visit(None, october, cohort="other", was_walk_in=True)
    gone = hall.visit(came[23], november)  # recorded by mistake
    gone.undone_at = SECOND
    ended = {**dict.fromkeys(range(8), ("done", "2026-10-15")), 8: ("done", "2026-10-27"), 9: ("done", "2026-10-27")}
    ended |= {10: ("done", "2026-10-28"), 12: ("no_longer_needed", ""), 13: ("changed_my_mind", "")}
    for i in range(17):
        state, done = ended.get(i, ("to_do", ""))
        hall.session.add(
            NextStep(
                visit_id=visits[i].id, whose=came[i].id, words="x", language="en-GB", owner="me", state=state,
                due_on=date(2026, 10, 20), done_on=date.fromisoformat(done) if done else None, changed_at=FIRST,
            )
        )  # fmt: skip
    for i in range(10):
        status(hall, came[i], "work", "2026-11-01")
    status(hall, came[10], "work", "2026-11-01", "2026-12-01")
    status(hall, came[10], "work", "2026-12-16")  # 15 days without
    status(hall, came[11], "apprenticeship", "2026-11-01", "2026-12-01")
    status(hall, came[11], "p16_education", "2026-12-15")  # 14 days without
    status(hall, came[12], "work", "2027-01-04", "2027-03-01")  # the 90th day
    status(hall, came[13], "work", "2027-01-05")  # one day too late
    for i in (20, 21, 23):
        status(hall, came[i], "work", "2026-09-01")
    status(hall, came[22], "work", "2026-09-01", "2027-01-01")
    looks = [
        *((i, "2027-02-02", "confirmed") for i in range(6)),
        (8, "2027-02-02", "told_us"),
        (11, "2027-02-02", "told_us"),
    ]
    looks += [(i, "2027-05-10", "confirmed") for i in range(3)] + [(i, "2027-04-08", "told_us") for i in (20, 21)]
    for place, (i, done, grade) in enumerate(looks):
        hall.session.add(
            OutcomeCheck(
                visit_id=visits[i].id, whose=came[i].id, weeks=100 + place, tries=0, grade=grade,
                due_on=date.fromisoformat(done), done_on=date.fromisoformat(done),
            )
        )  # fmt: skip
    states = ["attended"] * 16 + ["did_not_attend"] * 8 + ["cancelled"] * 7 + ["cancelled_by_service"] * 2
    for place, state in enumerate([*states, "lapsed", "not_recorded", "not_recorded"]):
        somebody = hall.people.young_person(f"B{place}", year_group=9)
        hall.booking(somebody, october, slots[0], state=state, late=place == 24)
    hall.session.commit()
    return came


@pytest.fixture
def hall(app: Flask, session: Session, people: People) -> Iterator[Hall]:
    with time_machine.travel(TODAY, tick=False):
        yield hall_of(app, session, people)


# Worked out by hand from ``made_by_hand``: what the year is, before anything is hidden.
BY_HAND = {
    "D1": (50, None),
    "D2": (25, None),
    "D3": (24, 30),
    "D3-ucic": (12, 12),
    "D3-neet": (0, 0),
    "D4": (10, 24),
    "D5": (8, 24),
    "R2": (10, 24),
    "R3": (8, 24),
    "R6": (0, 24),
    "D6": (8, 24),
    "D7": (8, 24),
    "D8": (6, 33),
    "D9": (12, 49),
    "D10": (49, 100),
    "D11": (17, 49),
    "D12": (10, 16),
    "D13": (11, None),
    "D13-none": (6, 17),
    "D14": (13, 20),
    "D15": (10, 13),
    "D16": (3, 13),
    "D17": (2, 4),
    "D18": (15, 21),
    "D19": (1, 4),
    "D20": (24, 26),
}
# And as the page may show them: the year, autumn, spring, summer.
ON_THE_PAGE = {
    "D1": ["50", "42", "8", "0"],
    "D2": ["25", "25", "8", "0"],
    "D3": ["24 / 30 · 80%", "24 / 30 · 80%", "8 / 30 · 27%", "0 / 30 · 0%"],
    "D3-ucic": ["c / 12", "c / 12", "c / 12", "c / 12"],
    "D4": ["10 / 24 · 42%", "10 / 24 · 42%", "c / 8", "z"],
    # 10 came on two days or more: two fewer on three days or more, so that two came on just two.
    "D5": ["c / 24", "0 / 24 · 0%", "c / 8", "z"],
    "R6": ["0 / 24 · 0%", "0 / 24 · 0%", "0 / 24 · 0%", "0 / 24 · 0%"],
    "D6": ["c / 24", "0 / 24 · 0%", "c / 8", "z"],
    "D7": ["8 / 24 · 33%", "8 / 24 · 33%", "z", "z"],
    "D8": ["6 / 33 · 18%", "6 / 33 · 18%", "z", "z"],
    "D9": ["12 / 49 · 24%", "c / 41", "c / 8", "z"],
    "D11": ["17 / 49 · 35%", "c / 41", "c / 8", "z"],
    "D12": ["10 / 16 · 63%", "10 / 16 · 63%", "z", "z"],
    "D13": ["9", "9", "z", "z"],
    "D13-none": ["6 / 17 · 35%", "6 / 17 · 35%", "z", "z"],
    # 20 of the 24 were in nothing at first: the other four are hidden wherever they are counted (D17, the split).
    "D14": ["c", "c", "z", "z"],
    "D15": ["c", "c", "z", "z"],
    "D15-told": ["c", "c", "z", "z"],
    "D17": ["c", "c", "c", "c"],
    "D18": ["15 / 21 · 71%", "15 / 21 · 71%", "z", "z"],
    "D19": ["1 / 4 · 25%", "1 / 3 · 33%", "0 / 1 · 0%", "z"],
    "D20": ["c / 26", "c / 26", "z", "z"],
}


def facts_of(session: Session) -> Facts:
    whole = periods.year(2026)
    return dropin_facts.gather(session, periods.year(2025).begins, whole.ends, datetime.fromisoformat(TODAY))


def expect_by_hand(session: Session) -> None:
    found = figures(facts_of(session), periods.year(2026), date(2027, 8, 20))
    assert {code: (one.n, one.d) for code, one in found.by_code.items()} == BY_HAND
    assert found.by_code["D13"].value == 9
    assert found.kept_3 == Kept(confirmed=6, told_us=4, not_known=1, over=2)
    assert found.kept_6 == Kept(confirmed=3, told_us=0, not_known=9, over=1)


def test_the_figures_are_those_worked_out_by_hand(hall: Hall) -> None:
    made_by_hand(hall)
    expect_by_hand(hall.session)


@pytest.mark.postgres
def test_postgresql_counts_the_same(postgres_app: Flask) -> None:
    with time_machine.travel(TODAY, tick=False):
        hall = hall_of(postgres_app, db.session, People(db.session))  # type: ignore[arg-type]
        made_by_hand(hall)
        expect_by_hand(hall.session)


def test_the_page_and_its_file_show_them_with_small_numbers_hidden_and_nobody_named(hall: Hall) -> None:
    made_by_hand(hall)
    browser = hall.browser(hall.adviser)
    file = browser.get("/staff/evidence/drop-ins.csv?year=2026")
    shown: dict[str, list[str]] = {}
    for row in csv.DictReader(io.StringIO(file.text)):
        pair = row["numerator"] if row["numerator"] in ("c", "z") else f"{row['numerator']} / {row['denominator']}"
        if row["numerator"] == "c" and row["denominator"] not in ("", "c"):
            pair = f"c / {row['denominator']}"
        text = row["numerator"] if not row["denominator"] else pair
        rate = f" · {row['rate']}" if row["rate"] not in ("", "c", "z") else ""
        shown.setdefault(row["measure"], []).append(text + rate)
    assert {code: shown[code] for code in ON_THE_PAGE} == ON_THE_PAGE
    page = hall.text(hall.adviser, "/staff/evidence/drop-ins?year=2026")
    for cells in ON_THE_PAGE.values():
        for cell in cells:
            assert f">{cell}<" in page, cell
    assert "Visits do not prove cause" in page
    for text in (page, file.text):
        assert not re.search(r"\bP\d+\b", text)
    assert {one.event for one in hall.session.query(AuditEntry) if one.event.startswith("evidence")} == {
        "evidence.read",
        "evidence.exported",
    }


def test_a_number_hidden_in_one_term_does_not_come_out_of_the_year() -> None:
    cells = [share(12, 40), share(6, 20), share(6, 17), share(0, 3)]
    numbers = [Figure(12, 40), Figure(6, 20), Figure(6, 17), Figure(0, 3)]
    shown = [(one.n, one.d) for one in dropin_table._safe_terms(cells, numbers)]
    assert shown == [("12", "40"), ("6", "20"), ("c", "c"), ("c", "c")]


def test_visits_are_no_secret_because_few_places_stayed_empty() -> None:
    facts = Facts([], {}, [], [], {}, {}, {})
    one = figures(facts, periods.year(2026), date(2027, 8, 20))
    for figure, text in (
        (Figure(57, 60, people=20), "57 / 60 · 95%"),
        (Figure(61, 60, people=20), "61 / 60 · 100%+"),
        (Figure(57, 60, people=5), "c"),
        (Figure(0, 12, people=0), "0 / 12 · 0%"),
    ):
        assert dropin_table._cell("D10", replace(one, by_code={**one.by_code, "D10": figure})).text == text


def test_splits_are_hidden_so_that_no_group_comes_out(hall: Hall) -> None:
    made_by_hand(hall)
    found = splits(facts_of(hall.session), periods.year(2026))
    assert found["ucic"] == {"yes": (37, 12), "no": (12, 12)}
    assert found["neet"] == {"yes": (45, 20), "no": (4, 4)}
    assert found["topic"] == {"cv": (49, 24), "find_job": (8, 8)}
    text = hall.browser(hall.adviser).get("/staff/evidence/drop-ins.csv?year=2026").text
    lines = [line for line in text.splitlines() if "-by-neet" in line]
    assert all(",c,," in line for line in lines) and len(lines) == 4


def test_the_number_of_statements_does_not_grow_with_the_visits(hall: Hall) -> None:
    counted: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    facts_of(hall.session)
    few = len(counted)
    made_by_hand(hall)
    counted.clear()
    facts_of(hall.session)
    assert len(counted) == few <= 9


def test_only_the_virtual_school_reads_evidence(hall: Hall) -> None:
    for role in (Role.personal_adviser, Role.participation_worker, Role.carer):
        worker = hall.browser(hall.people.adult(role))
        assert worker.get("/staff/evidence/drop-ins").status_code == 403
        assert worker.get("/staff/evidence/drop-ins.csv").status_code == 403
    for odd in ("", "abcd", "99999", "1", "२०२६"):
        assert hall.browser(hall.adviser).get(f"/staff/evidence/drop-ins?year={odd}").status_code == 200


# -- a slow way of counting -------------------------------------------------------------------------------------------

_NEET = {"neet_seeking", "neet_not_available"}
_OUT = _NEET | {"custody", "unknown"}
_START = date(2026, 9, 1)
_ids = st.integers(0, 4)
_day = st.integers(0, 364)


@st.composite
def worlds(draw: st.DrawFn) -> Facts:
    """Draw a year of a few people who come, agree on steps, start something and stop."""
    visits, steps = [], {}
    for place, (who, day, ours, walk_in, said) in enumerate(
        draw(
            st.lists(
                st.tuples(_ids, _day, st.booleans(), st.booleans(), st.sampled_from(["neet_seeking", "work", None])),
                max_size=14,
            )
        )
    ):
        on = _START + timedelta(days=day)
        visit_id, at = uuid.UUID(int=1000 + place), datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
        visits.append(
            VisitFact(visit_id, uuid.UUID(int=who + 1), at, on, "x", walk_in, ours, ("cv",), "en-GB", said, None)
        )
        if ours and draw(st.booleans()):
            due, took = draw(_day), draw(st.none() | st.integers(0, 60))
            steps[visit_id] = [
                StepFact(
                    visit_id,
                    _START + timedelta(days=due),
                    "to_do" if took is None else "done",
                    None if took is None else on + timedelta(days=took),
                )
            ]
    statuses: dict[uuid.UUID, list[StatusFact]] = {}
    for who in range(5):
        edges = sorted(set(draw(st.lists(_day, max_size=6))))
        rows = []
        for place, (first, last) in enumerate(zip(edges, [*edges[1:], None], strict=False)):
            what = draw(st.sampled_from(["work", "school", "neet_seeking", "custody"]))
            ends = None if last is None else _START + timedelta(days=last)
            begins = _START + timedelta(days=first)
            rows.append(StatusFact(what, begins, ends, "told_us", begins))
            del place
        statuses[uuid.UUID(int=who + 1)] = rows
    return Facts(visits, steps, [], [], statuses, {}, {})


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), st.integers(0, 700))
def test_they_equal_a_slow_way_of_counting(facts: Facts, age: int) -> None:
    today, period = _START + timedelta(days=age), periods.year(2026)
    got = figures(facts, period, today)
    people = {one.whose for one in facts.visits if one.ours}
    days = {who: {one.day for one in facts.visits if one.ours and one.whose == who} for who in people}
    assert got.by_code["D1"].n == len(facts.visits)
    assert got.by_code["D2"].n == len({one.whose for one in facts.visits})
    for code, least in (("D4", 2), ("D5", 3), ("R6", 6)):
        assert got.by_code[code] == Figure(sum(len(days[who]) >= least for who in people), len(people))
    terms = {who: {periods.term_code(day) for day in days[who]} for who in people}
    assert got.by_code["D6"] == Figure(sum(len(terms[who]) > 1 for who in people), len(people))
    due = [step for steps in facts.steps.values() for step in steps if step.due_on <= today and step.due_on in period]
    done = [step for step in due if step.done_on and (step.done_on - step.due_on).days <= 7]
    assert got.by_code["D12"] == Figure(len(done), len(due))
    passed, started = slow_starts(facts, people, today)
    assert got.by_code["D14"] == Figure(len([who for who in passed if who in started]), len(passed))
    assert got.kept_3.all == sum((today - start).days > 91 for start in started.values())
    still = {
        who for who, start in started.items() if (today - start).days > 91 and slow_still(facts, who, start, 91, 14)
    }
    assert got.kept_3.confirmed + got.kept_3.told_us + got.kept_3.not_known == len(still)


def does(facts: Facts, who: uuid.UUID, day: date) -> str | None:
    """What somebody does on one day."""
    rows = [row for row in facts.statuses.get(who, []) if row.from_on <= day and not (row.to_on and row.to_on <= day)]
    return rows[-1].status if rows else None


def slow_starts(facts: Facts, people: set[uuid.UUID], today: date) -> tuple[set[uuid.UUID], dict[uuid.UUID, date]]:
    """Who was NEET at their first visit and whose 90 days have passed; and when those who started did."""
    passed, started = set(), {}
    for who in people:
        first = min((one for one in facts.visits if one.ours and one.whose == who), key=lambda one: (one.at, one.id))
        if (first.eet_before or does(facts, who, first.day)) not in _NEET:
            continue
        if (today - first.day).days > 90:
            passed.add(who)
        for later in range(91):
            day = first.day + timedelta(days=later)
            if day <= today and any(row.from_on == day and row.status not in _OUT for row in facts.statuses[who]):
                started[who] = day
                break
    return passed, started


def slow_still(facts: Facts, who: uuid.UUID, start: date, after: int, gaps: int) -> bool:
    """Whether somebody is in EET on a day after a start, with few days of none before it. Day by day."""
    idle = sum(does(facts, who, start + timedelta(days=day)) in _OUT | {None} for day in range(after))
    return does(facts, who, start + timedelta(days=after)) not in _OUT | {None} and idle <= gaps
