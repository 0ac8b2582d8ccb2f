"""Wish look-ups with 10,000 young people and ten years of history: each stays under 100 ms at the 95th percentile.

    python -m bench.wishes [--keep FILE] [--postgres]

Made-up rows go straight into a fresh database; what is measured are the room's own functions, on a session without a warm cache
of rows, and two whole pages. The last year's wishes are on their way, the others have ended.
"""

import random
import secrets
import sys
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from bench import filled
from bench.figures import Figure
from bench.timing import p95

YOUNG_PEOPLE, YEARS, TERMS = 10_000, 10, 3
PER_TEACHER, PER_WORKER, PER_ADVISER = 8, 20, 150
BUDGET_MS = 100
TIMES = 60
VISITORS = 5


def fill(session: Any) -> None:
    """Put the people, their connections and a wish a term into the database."""
    from sqlalchemy import insert

    from app.core import clock
    from app.core.db import new_id
    from app.people.models import Connection, Pep, Person, Role, YoungPerson
    from app.wishes.models import NewWords, State, Wish

    chance = random.Random(7)
    kids = [new_id() for _ in range(YOUNG_PEOPLE)]
    circles = {Role.designated_teacher: PER_TEACHER, Role.social_worker: PER_WORKER, Role.virtual_school: PER_ADVISER}
    adults = {role: [new_id() for _ in range(-(-YOUNG_PEOPLE // size))] for role, size in circles.items()}
    people = [{"id": one, "role": Role.young_person, "name": "Robin"} for one in kids]
    people += [{"id": one, "role": role, "name": "Ms A"} for role, ids in adults.items() for one in ids]
    session.execute(insert(Person), people)
    session.execute(insert(YoungPerson), [{"person_id": one, "year_group": 9} for one in kids])
    begins = clock.today() - timedelta(days=365 * YEARS)
    session.execute(
        insert(Connection),
        [
            {"adult_id": adults[role][i // size], "young_person_id": kid, "role": role, "starts_on": begins}
            for i, kid in enumerate(kids)
            for role, size in circles.items()
        ],
    )
    moment = clock.now()
    for term in range(YEARS * TERMS):
        at = moment - timedelta(days=122 * term)
        peps = [new_id() for _ in kids]
        session.execute(
            insert(Pep),
            [
                {"id": pep, "young_person_id": kid, "external_id": str(pep), "term": f"{at.year}-{term % 3}"}
                for pep, kid in zip(peps, kids, strict=True)
            ],
        )
        rows, words = [], []
        for i, (kid, pep) in enumerate(zip(kids, peps, strict=True)):
            on_its_way = term < TERMS
            state = chance.choice([State.new, State.owned, State.owned, State.answered]) if on_its_way else State.ended
            owner = None if state is State.new else adults[Role.social_worker][i // PER_WORKER]
            rows.append(
                {
                    "key": str(new_id()),
                    "young_person_id": kid,
                    "pep_id": pep,
                    "section": "about-me",
                    "words": "I want to play in the football club",
                    "language": "en-GB",
                    "share": "pep",
                    "raised_by": "child",
                    "raised_by_id": kid,
                    "raised_at": at,
                    "state": state,
                    "owner_id": owner,
                    "due_on": None if owner is None else clock.today() + timedelta(days=chance.randint(-5, 30)),
                }
            )
            looked = at if term or i % 5 else None
            words.append(
                {
                    "young_person_id": kid,
                    "pep_id": pep,
                    "came_at": at,
                    "dials": [["pep", [], "sec-proud"]],
                    "looked_at": looked,
                }
            )
        session.execute(insert(Wish), rows)
        session.execute(insert(NewWords), words)
        session.commit()


def measure(app: Flask) -> list[Figure]:
    """Measure the look-ups, and the two pages that show most of them."""
    from app.core import clock
    from app.core.db import db
    from app.people.models import Person, Role
    from app.wishes.desk import desk_of
    from app.wishes.reading import of_young_person

    pick, session = random.Random(3), db.session
    ids = {role: session.scalars(select(Person.id).where(Person.role == role)).all() for role in Role}

    def desk(role: Role) -> Callable[[], object]:
        return lambda: desk_of(
            session,
            SimpleNamespace(person_id=pick.choice(ids[role]), role=role),  # type: ignore[arg-type]
            clock.now(),
        )

    def way() -> object:
        return of_young_person(session, pick.choice(ids[Role.young_person]))

    def cold() -> None:
        session.rollback()
        session.expunge_all()

    looks = {
        "a young person's wishes and their way": way,
        f"a teacher's wishes ({PER_TEACHER} young people)": desk(Role.designated_teacher),
        f"a social worker's wishes ({PER_WORKER} young people)": desk(Role.social_worker),
        f"the Virtual School's wishes ({PER_ADVISER} young people)": desk(Role.virtual_school),
        "a page of the Virtual School's wishes, whole": page_of(app, ids[Role.virtual_school], pick, "/staff/wishes"),
        "a page of a social worker's wishes, whole": page_of(app, ids[Role.social_worker], pick, "/staff/wishes"),
    }
    return [p95(f"{name}, p95", look, BUDGET_MS, TIMES, cold) for name, look in looks.items()]


def page_of(app: Flask, people: Sequence[uuid.UUID], pick: random.Random, address: str) -> Callable[[], object]:
    """Return what asks for a whole page as one of a few of these people, signed in beforehand."""
    visitors = [_signed_in(app, one) for one in pick.sample(list(people), VISITORS)]

    def ask() -> None:
        answer = pick.choice(visitors).get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}.")

    for visitor in visitors:
        visitor.get(address)  # what is seen for the first time is marked once
    return ask


def _signed_in(app: Flask, person_id: uuid.UUID) -> FlaskClient:
    from app.core import clock
    from app.core.crypto import digest_of
    from app.core.db import db
    from app.people.models import SignIn

    token, moment = secrets.token_urlsafe(), clock.now()
    db.session.add(
        SignIn(
            token_hash=digest_of(token),
            person_id=person_id,
            way="worker",
            shared_device=False,
            began_at=moment,
            seen_at=moment,
            ends_at=moment + timedelta(hours=9),
            idle_seconds=9 * 3600,
        )
    )
    db.session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["s"] = token
    return client


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill, measure, print. Returns the exit code."""
    return filled.main(__doc__, fill, measure, arguments)


if __name__ == "__main__":
    sys.exit(main())
