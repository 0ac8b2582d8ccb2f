"""Searching 5,000 opportunities in three languages: p95 of the answer, over HTTP as a browser without scripts gets it.

``python -m bench.search`` fills a SQLite and a PostgreSQL database of its own (about a minute) and prints a table. Beside the
time on the clock stands our process's own, which a busy machine does not stretch (what PostgreSQL does is on the clock only).
Ends with 1 when a budget is broken.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import insert, text

from bench import figures
from bench.figures import Figure
from tools import local_settings, postgres

COUNT, BATCH, ROUNDS = 5_000, 500, 4
BUDGET_MS = 100
_ENGLISH = "bread garden office garage kitchen music rocket summer farm science games weekend morning team school"
_ARABIC = "خبز حديقة مكتب ورشة مطبخ موسيقى صاروخ صيف مزرعة علوم ألعاب نهاية صباح فريق مدرسة كلية"
_POLISH = "chleb ogród biuro warsztat kuchnia muzyka rakieta lato gospodarstwo nauka gry poranek zespół szkoła źródło"
WORDS = {"en-GB": _ENGLISH.split(), "ar": _ARABIC.split(), "pl": _POLISH.split()}
# What is typed: rare and common words, half a word, other spellings, two words, nothing that is there, no words at all.
TYPED = (
    *(
        "bread",
        "gard",
        "offer 4321",
        "music summer",
        "zebra",
        "الخبز",
        "موسيقي",
        "العاب",
        "حديق",
        "ogrod",
        "zrodlo",
        "szkoła",
    ),
    *("made-up", "Łąka", "a", ""),
)


def fill() -> None:
    """Add the opportunities, each with its record, its translations and what can be searched of it."""
    from app.core import clock
    from app.core.db import db, new_id
    from app.pathways.bank import digest
    from app.pathways.fitting import bits
    from app.pathways.models import Item, Kind, Opportunity, SearchDocument, Translation, Version
    from app.pathways.records import Opening
    from app.pathways.search import fold

    rng, moment = random.Random(7), clock.now()
    for start in range(0, COUNT, BATCH):
        rows: dict[type, list[dict[str, object]]] = {
            one: [] for one in (Item, Version, Translation, Opportunity, SearchDocument)
        }
        for number in range(start, start + BATCH):
            item, row, key = new_id(), new_id(), f"offer-{number}"
            said = {
                tag: [" ".join(rng.sample(words, 3)), " ".join(rng.choices(words, k=25))]
                for tag, words in WORDS.items()
            }
            closes = moment + timedelta(days=1 + number % 200)
            record = Opening(
                id=key,
                title=f"Offer {number} {said['en-GB'][0]}"[:60],
                plain=said["en-GB"][1],
                type="work_experience",
                provider=f"Made-up Firm {number}",
                provider_group="external",
                contact_role="vs_eet",
                closes_at=closes,
                year_groups=(f"Y{7 + number % 7}",),
            )
            rows[Item].append({"id": item, "kind": Kind.opportunity, "key": key, "live": 1, "made_at": moment})
            body = record.model_dump(mode="json")
            rows[Version].append(
                {"id": new_id(), "item_id": item, "number": 1, "stage": "published", "body": body, "written_at": moment}
            )
            rows[Opportunity].append(
                {
                    "id": row,
                    "item_id": item,
                    "key": key,
                    "type": "work_experience",
                    "provider_group": "external",
                    "ring_fenced": "none",
                    "visibility": "public",
                    "closes_at": closes,
                    "years": list(record.year_groups),
                    "year_bits": bits(record.year_groups),
                    "topics": ["work-tasters"],
                    "steps": [],
                    "published_at": moment,
                }
            )
            for tag, (title, plain) in said.items():
                shown = (record.title, record.plain) if tag == "en-GB" else (title, plain)
                found = " ".join(dict.fromkeys(fold(" ".join((*shown, record.provider)))))
                rows[SearchDocument].append({"opportunity_id": row, "language": tag, "words": found})
                if tag == "en-GB":
                    continue
                for path, words, english in (("title", title, record.title), ("plain", plain, record.plain)):
                    rows[Translation].append(
                        {
                            "id": new_id(),
                            "item_id": item,
                            "language": tag,
                            "path": path,
                            "digest": digest(english),
                            "words": words,
                            "quality": "draft-machine",
                            "at": moment,
                        }
                    )
        for table, values in rows.items():
            db.session.execute(insert(table), values)
        db.session.commit()
    db.session.execute(text("ANALYZE"))
    db.session.commit()


def measure(app: Flask, name: str) -> list[Figure]:
    """Ask for the list in every way and language, each several times, and for a year as well."""
    client = app.test_client()
    clock_ms: list[float] = []
    own_ms: list[float] = []
    for _ in range(ROUNDS):
        for typed in TYPED:
            for language, year in (("en-GB", ""), ("ar", ""), ("pl", "Y9")):
                client.delete_cookie("pepvoice")
                began, own = time.perf_counter(), time.process_time()
                given = {"q": typed, "lang": language, **({"year": year} if year else {})}
                answer = client.get("/opportunities/", query_string=given)
                clock_ms.append((time.perf_counter() - began) * 1000)
                own_ms.append((time.process_time() - own) * 1000)
                assert answer.status_code == 200
    warm, own_warm = clock_ms[len(TYPED) :], own_ms[len(TYPED) :]
    p95, own_p95 = statistics.quantiles(warm, n=20)[18], statistics.quantiles(own_warm, n=20)[18]
    note = f"median {statistics.median(warm):.1f} ms, of {len(warm)} answers"
    return [
        Figure(f"search, {name}: p95 by the clock", p95, "ms", most=BUDGET_MS, note=note),
        Figure(f"search, {name}: p95 by processor time", own_p95, "ms", note=f"worst {max(own_warm):.1f} ms"),
    ]


def on(url: str, name: str, folder: Path) -> list[Figure]:
    """Migrate, fill and measure one database."""
    os.environ["PEPVOICE_DATABASE_URL"] = url
    os.environ["PEPVOICE_INSTANCE_DIR"] = str(folder)
    import flask_migrate

    from app import create_app
    from app.core.db import db

    app = create_app()
    with app.app_context():
        flask_migrate.upgrade()
        fill()
        db.session.close()
    found = measure(app, name)
    with app.app_context():
        db.engine.dispose()
    return found


def measured() -> list[Figure]:
    """Measure both databases."""
    os.environ.update({name: value for name, value in local_settings.made_up().items() if name not in os.environ})
    with tempfile.TemporaryDirectory(prefix="pepvoice-search-") as made, postgres.server() as address:
        folder = Path(made)
        return [
            *on(f"sqlite:///{folder / 'search.db'}", "SQLite", folder),
            *on(postgres.make_database(address, "search"), "PostgreSQL", folder),
        ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure both databases. Returns the exit code."""
    import logging

    argparse.ArgumentParser(description=__doc__).parse_args(arguments)
    logging.disable(logging.INFO)
    found = measured()
    print(figures.table(found))
    return 0 if all(one.holds is not False for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
