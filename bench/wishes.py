"""Wish look-ups with 10,000 young people and ten years of history: each stays under 100 ms at the 95th percentile.

    python -m bench.wishes

Made-up rows go straight into a fresh SQLite database; what is measured are the room's own functions, on a session without a warm
cache of rows. The last year's wishes are on their way, the others have ended.
"""

import os
import random
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.figures import Figure, table
from tools import local_settings

YOUNG_PEOPLE, YEARS, TERMS = 10_000, 10, 3
PER_TEACHER, PER_WORKER, PER_ADVISER = 8, 20, 150
BUDGET_MS = 100
TIMES = 60


def fill(session: Any) -> dict[str, list[uuid.UUID]]:
    """Put the people, their connections and a wish a term into the database. Returns ids by role."""
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
    return {"kid": kids} | {str(role): found for role, found in adults.items()}


def p95(session: Any, act: Callable[[], object]) -> float:
    """Return the 95th percentile of how long something takes, in milliseconds."""
    took = []
    for _ in range(TIMES):
        session.expunge_all()
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
        session.rollback()
    return statistics.quantiles(took, n=20)[-1]


def measure() -> list[Figure]:
    """Fill a house and measure its look-ups."""
    from types import SimpleNamespace

    from app import create_app
    from app.core import clock
    from app.core.db import db
    from app.people.models import Role
    from app.wishes import ledger
    from app.wishes.desk import desk_of

    app = create_app()
    with app.app_context():
        db.create_all()
        ids = fill(db.session)
        db.session.connection().exec_driver_sql("ANALYZE")
        db.session.commit()
        pick = random.Random(3)

        def desk(role: Role) -> Callable[[], object]:
            return lambda: desk_of(
                db.session,
                SimpleNamespace(person_id=pick.choice(ids[str(role)]), role=role),  # type: ignore[arg-type]
                clock.now(),
            )

        looks = {
            "a young person's wishes and their way": lambda: ledger.of_young_person(
                db.session, pick.choice(ids["kid"])
            ),
            f"a teacher's wishes ({PER_TEACHER} young people)": desk(Role.designated_teacher),
            f"a social worker's wishes ({PER_WORKER} young people)": desk(Role.social_worker),
            f"the Virtual School's wishes ({PER_ADVISER} young people)": desk(Role.virtual_school),
        }
        figures = [Figure(f"{name}, p95", p95(db.session, act), "ms", most=BUDGET_MS) for name, act in looks.items()]
        db.engine.dispose()
    return figures


def main() -> int:
    """Measure, print the table, return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(local_settings.made_up())
        os.environ["PEPVOICE_INSTANCE_DIR"] = folder
        os.environ["PEPVOICE_DATABASE_URL"] = f"sqlite:///{Path(folder) / 'wishes.db'}"
        figures = measure()
    print(table(figures))
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
