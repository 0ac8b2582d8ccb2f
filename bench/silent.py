"""The lists of who was not heard and of the meetings, with 10,000 young people and ten years of history: p95 of the look-up.

``python -m bench.silent`` fills a database of its own (a few minutes) and prints a table; ``--keep FILE`` keeps it, and uses
it when it is there already; ``--postgres`` fills a PostgreSQL instead. Two callers are measured: a worker with 400 young people,
about the size of one authority, and the hardest case, one worker for all 10,000.
"""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bench import filled
from bench.figures import Figure
from bench.timing import p95

YOUNG, YEARS, CASELOAD = 10_000, 10, 400
BATCH, ROUNDS = 500, 60
TODAY = date(2026, 11, 21)
BUDGET_MS = 100
# Of ten young people this term: five heard, one through an adult, one who shared nothing, three without a word.
HEARD, BY_ADULT, NOTHING = 5, 6, 7


def fill(session: Session) -> None:
    """Add the young people, their adults, three PEPs a year for ten years and what was sent for each."""
    from app.core.db import new_id
    from app.people.models import Connection, Person, Role

    head, worker = new_id(), new_id()
    session.execute(
        insert(Person),
        [
            {"id": who, "role": Role.virtual_school, "name": name, "email": f"{name}@example.org"}
            for who, name in ((head, "head"), (worker, "worker"))
        ],
    )
    for start in range(0, YOUNG, BATCH):
        ids = [new_id() for _ in range(BATCH)]
        _people(session, ids, start)
        adults = [(head, who) for who in ids] + [(worker, who) for who in ids if start < CASELOAD][:CASELOAD]
        session.execute(
            insert(Connection),
            [
                {"adult_id": a, "young_person_id": w, "role": Role.virtual_school, "starts_on": date(2017, 1, 1)}
                for a, w in adults
            ],
        )
        for year in range(TODAY.year - YEARS + 1, TODAY.year + 1):
            for number in (1, 2, 3):
                if (year, number) <= (TODAY.year, 1):
                    _term(session, ids, start, year, number)
        session.commit()
        print(f"\r{start + BATCH:,} young people", end="", flush=True)
    print()


def _people(session: Session, ids: list[Any], start: int) -> None:
    from app.people.models import Card, OneTimeLink, Person, Role, SignIn, YoungPerson

    languages = ("en-GB", "en-GB", "en-GB", "ar", "ti")
    session.execute(
        insert(Person),
        [
            {"id": who, "role": Role.young_person, "name": f"Robin {n}", "language": languages[n % 5]}
            for n, who in enumerate(ids, start)
        ],
    )
    session.execute(insert(YoungPerson), [{"person_id": w, "year_group": n % 13 + 1} for n, w in enumerate(ids)])
    session.execute(
        insert(Card),
        [
            {
                "person_id": who,
                "token_hash": f"bench-{start + n}",
                "kind": "words",
                "issued_at": datetime(2026, 9, 10, tzinfo=UTC),
                "claimed_at": datetime(2026, 9, 11, tzinfo=UTC) if n % 3 else None,
            }
            for n, who in enumerate(ids)
            if n % 4
        ],
    )
    session.execute(
        insert(OneTimeLink),
        [
            {
                "person_id": who,
                "token_hash": f"bench-link-{start + n}-{k}",
                "made_at": at,
                "expires_at": at + timedelta(days=7),
            }
            for n, who in enumerate(ids)
            for k in range(8)
            for at in (datetime(2017 + k, 10, 1, tzinfo=UTC),)
        ],
    )
    session.execute(
        insert(SignIn),
        [
            {
                "person_id": who,
                "token_hash": f"bench-{start + n}-{k}",
                "way": "card",
                "shared_device": False,
                "began_at": at,
                "seen_at": at,
                "ends_at": at,
                "idle_seconds": 60,
                "locked": False,
            }
            for n, who in enumerate(ids)
            for k in range(8)
            for at in (datetime(2017 + k, 10, 1, tzinfo=UTC),)
        ],
    )


def _term(session: Session, ids: list[Any], start: int, year: int, number: int) -> None:
    from app.core.audit import AuditEntry
    from app.core.db import new_id
    from app.people.models import Pep
    from app.voice.models import Response, SentAnswer

    now = (year, number) == (TODAY.year, 1)
    code = f"{year}-{(year + 1) % 100:02d}-{number}"
    meeting = TODAY + timedelta(days=14) if now else date(year + (number > 1), {1: 11, 2: 3, 3: 6}[number], 8)
    moment = datetime(meeting.year, meeting.month, 1, tzinfo=UTC)
    peps = [(new_id(), new_id(), who, n) for n, who in enumerate(ids, start)]
    session.execute(
        insert(Pep),
        [
            {
                "id": pep,
                "young_person_id": who,
                "external_id": f"BENCH-{code}-{n}",
                "term": code,
                "meeting_on": None if now and n % 20 == 19 else meeting + timedelta(days=n % 28 if now else 0),
                "closed_at": None if now else moment,
            }
            for pep, _, who, n in peps
        ],
    )
    begun = [one for one in peps if not now or one[3] % 10 < NOTHING]
    session.execute(
        insert(Response),
        [
            {
                "id": response,
                "young_person_id": who,
                "pep_id": pep,
                "set_id": "secondary",
                "set_version": 1,
                "began_at": moment,
                "sent_at": moment,
            }
            for pep, response, who, _ in begun
        ],
    )
    answers = [
        _answer(pep, response, who, place, moment, how="self" if not now or n % 10 < HEARD else "written")
        for pep, response, who, n in begun
        if not now or n % 10 < BY_ADULT
        for place in range(3)
    ]
    session.execute(insert(SentAnswer), answers)
    session.execute(
        insert(AuditEntry),
        [{"at": moment, "event": "record.read", "subject_id": who, "thing_id": pep} for pep, _, who, _ in peps],
    )


def _answer(pep: Any, response: Any, who: Any, place: int, moment: datetime, *, how: str) -> dict[str, Any]:
    return {
        "response_id": response,
        "young_person_id": who,
        "pep_id": pep,
        "set_id": "secondary",
        "set_version": 1,
        "question_id": f"bench-{place}",
        "section": "about-me",
        "revision": 1,
        "content": {"value": {"text": "I like maths and my friends."}, "asked": "What is going well?"},
        "state": "answered",
        "share": "pep",
        "chosen": [],
        "share_chosen_at": moment,
        "how": how,
        "by_role": "young_person",
        "language": "en-GB",
        "sent_at": moment,
    }


def measure(app: Flask) -> list[Figure]:
    """Measure the lists for both callers."""
    from app.core.db import db
    from app.home.meetings import meetings
    from app.home.silent import silent_list
    from app.people.models import Connection, Person

    found, session = [], db.session
    for name in ("worker", "head"):
        adult = session.scalars(select(Person.id).where(Person.name == name)).one()
        size = session.scalar(select(func.count()).where(Connection.adult_id == adult))
        of = f"caseload of {size:,} among {YOUNG:,}"
        looks: dict[str, Callable[[], object]] = {
            f"nobody silent, first page, {of}": partial(silent_list, session, adult, TODAY),
            f"nobody silent, last page, {of}": partial(silent_list, session, adult, TODAY, 9999),
            f"meetings by date, {of}": partial(meetings, session, adult, TODAY),
        }
        found += [p95(f"{what}, p95", look, BUDGET_MS, ROUNDS, session.expunge_all) for what, look in looks.items()]
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill, measure, print. Returns the exit code."""
    return filled.main(__doc__, fill, measure, arguments)


if __name__ == "__main__":
    sys.exit(main())
