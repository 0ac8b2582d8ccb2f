"""Fills the database with many invented PEPs, so that pages can be measured with few and with many beside them.

Usage, with the settings of an existing demo in the environment: ``python -m bench.fill 100000``
"""

import os
import sys
from datetime import UTC, date, datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from tools import local_settings

BATCH = 2000
ANSWERS_PER_PEP = 3
SET, VERSION, SECTION = "secondary", 1, "views"
MOMENT = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)


def fill(session: Session, number: int) -> None:
    """Add so many children, each with a PEP of this term and a few sent answers."""
    from app.core.db import new_id
    from app.people.models import Pep, Person, Role, YoungPerson
    from app.voice.models import Response, SentAnswer

    for start in range(0, number, BATCH):
        ids = [(new_id(), new_id(), new_id()) for _ in range(start, min(start + BATCH, number))]
        rows = enumerate(ids, start)
        session.execute(
            insert(Person),
            [
                {"id": who, "role": Role.young_person, "name": "Robin", "language": "en-GB", "is_demo": True}
                for who, _, _ in ids
            ],
        )
        session.execute(insert(YoungPerson), [{"person_id": who, "year_group": 9} for who, _, _ in ids])
        session.execute(
            insert(Pep),
            [
                {
                    "id": pep,
                    "young_person_id": who,
                    "external_id": f"BENCH-{n}",
                    "term": "2026-27-1",
                    "meeting_on": date(2026, 12, 1),
                }
                for n, (who, pep, _) in rows
            ],
        )
        session.execute(
            insert(Response),
            [
                {
                    "id": response,
                    "young_person_id": who,
                    "pep_id": pep,
                    "set_id": SET,
                    "set_version": VERSION,
                    "began_at": MOMENT,
                    "sent_at": MOMENT,
                }
                for who, pep, response in ids
            ],
        )
        session.execute(
            insert(SentAnswer), [_answer(*three, place) for three in ids for place in range(ANSWERS_PER_PEP)]
        )
        tell_feed(session, [pep for _, pep, _ in ids])
        session.commit()


def tell_feed(session: Session, peps: list[object]) -> None:
    """Let the feed know of new PEPs the way sending does."""


def _answer(who: object, pep: object, response: object, place: int) -> dict[str, object]:
    return {
        "response_id": response,
        "young_person_id": who,
        "pep_id": pep,
        "set_id": SET,
        "set_version": VERSION,
        "question_id": f"bench-{place}",
        "section": SECTION,
        "revision": 1,
        "content": {"value": "I like maths and my friends.", "asked": "What is going well?"},
        "state": "answered",
        "share": "pep",
        "chosen": [],
        "share_chosen_at": MOMENT,
        "how": "self",
        "by_role": "young_person",
        "language": "en-GB",
        "sent_at": MOMENT,
    }


def main() -> None:
    """Fill the database of the settings in the environment."""
    local_settings.prepare(os.environ)
    from app import create_app
    from app.core.db import db

    with create_app().app_context():
        fill(db.session, int(sys.argv[1]))


if __name__ == "__main__":
    main()
