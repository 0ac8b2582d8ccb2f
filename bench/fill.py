"""Fills the database with many invented PEPs, so that pages can be measured with few and with many beside them.

One child with a PEP, sent answers and their places in the feed is made by the app itself; the database then copies those rows, so
that every column is as the app would write it and 100,000 PEPs take seconds. SQLite only.

Usage, with the settings of an existing demo in the environment: ``python -m bench.fill 100000``
"""

import os
import sys
import uuid
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Column, Table, text
from sqlalchemy.orm import Session

from tools import local_settings

ANSWERS_PER_PEP = 3
SET, VERSION, SECTION = "secondary", 1, "about-me"


def make_one(session: Session) -> list[object]:
    """Make the child that is copied and return all its rows, those that others point at first."""
    from app.core import clock
    from app.feeds.changes import write_changes
    from app.people.models import Pep, Person, Role, YoungPerson
    from app.voice.models import Response, SentAnswer

    now = clock.now()
    child = Person(role=Role.young_person, name="Robin", language="en-GB", is_demo=True)
    session.add(child)
    session.flush()
    young = YoungPerson(person_id=child.id, year_group=9)
    pep = Pep(young_person_id=child.id, external_id="BENCH", term="2026-27-1", meeting_on=date(2026, 12, 1))
    session.add_all([young, pep])
    session.flush()
    response = Response(
        young_person_id=child.id, pep_id=pep.id, set_id=SET, set_version=VERSION, began_at=now, sent_at=now
    )
    if hasattr(response, "by_person_id"):
        response.by_person_id = child.id
    session.add(response)
    session.flush()
    sent = [
        SentAnswer(
            response_id=response.id,
            young_person_id=child.id,
            pep_id=pep.id,
            set_id=SET,
            set_version=VERSION,
            question_id=f"bench-{place}",
            section=SECTION,
            revision=1,
            content={"value": {"text": "I like maths and my friends."}, "asked": "What is going well?"},
            state="answered",
            share="pep",
            chosen=[],
            share_chosen_at=now,
            how="self",
            by_role="young_person",
            language="en-GB",
            sent_at=now,
        )
        for place in range(ANSWERS_PER_PEP)
    ]
    session.add_all(sent)
    session.flush()
    return [child, young, pep, response, *sent, *write_changes(session, child.id, sent, [])]


def fill(session: Session, number: int) -> None:
    """Add so many children, each with a PEP of this term and a few sent answers."""
    rows = make_one(session)
    ids = [row.id for row in rows if hasattr(row, "id")]
    new_ids = {one: _new_id(place) for place, one in enumerate(ids)}
    for row in rows:
        session.execute(text(copy(row, new_ids)), {"number": number})
    session.commit()


def copy(row: object, new_ids: Mapping[uuid.UUID, str]) -> str:
    """Return the statement that copies a row: every id of the child's own things becomes that of the copy's."""
    table: Table = type(row).__table__  # type: ignore[attr-defined]
    columns = list(table.columns)
    values = [_value(column, getattr(row, column.key), new_ids) for column in columns]
    named = ", ".join(column.name for column in columns)
    where = " AND ".join(f"{one.name} = '{getattr(row, one.key).hex}'" for one in table.primary_key.columns)
    return f"""
        WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :number)
        INSERT INTO {table.name} ({named}) SELECT {", ".join(values)} FROM counted, {table.name} WHERE {where}
    """


def _value(column: "Column[object]", value: object, new_ids: Mapping[uuid.UUID, str]) -> str:
    if isinstance(value, uuid.UUID) and value in new_ids:
        return new_ids[value]
    return f"{column.name} || '-' || n" if column.name == "external_id" else column.name


def _new_id(place: int) -> str:
    return f"printf('be9c{place:04x}000070008000%012x', n)"


def main(arguments: Sequence[str] = sys.argv[1:]) -> None:
    """Fill the database of the settings in the environment."""
    local_settings.prepare(os.environ)
    from app import create_app
    from app.core.db import db
    from app.feeds.sequence import place_waiting

    with create_app().app_context():
        fill(db.session, int(arguments[0]))
        place_waiting(db.session, db.engine)
        db.session.execute(text("ANALYZE"))
        db.session.commit()


if __name__ == "__main__":
    main()
