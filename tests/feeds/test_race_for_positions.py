"""No change is ever skipped, also when transactions of different length commit out of order on a real PostgreSQL.

The same race is run against the two cursors that most feeds use, a counted-up id and a time stamp: both lose a change here. That
shows that the race is a real one, and why positions are given when the feed is read.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import BigInteger, Column, DateTime, Engine, Identity, Integer, MetaData, Table, insert, select

from app.core.db import db
from app.feeds import sequence
from app.feeds.models import FeedChange
from app.people.models import Pep, Person
from tests.factories import People
from tests.feeds.platform import let_in
from tests.feeds.voices import Voice, Voices

pytestmark = pytest.mark.postgres
PATIENCE = 30


class Writer:
    """Somebody who sends one answer in a thread of their own, and commits only when told."""

    def __init__(self, app: Flask, person: Person, pep: Pep) -> None:
        self._ids = (person.id, pep.id)
        self._app = app
        self._written, self._may_commit = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.failed: BaseException | None = None

    def write(self) -> Writer:
        """Write, and return when the row is there but not committed."""
        self._thread.start()
        assert self._written.wait(PATIENCE)
        return self

    def commit(self) -> None:
        """Commit, and return when it is done."""
        self._may_commit.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        assert self.failed is None, self.failed

    def _run(self) -> None:
        try:
            with self._app.app_context():
                person, pep = db.session.get(Person, self._ids[0]), db.session.get(Pep, self._ids[1])
                assert person is not None and pep is not None
                Voice(db.session, person, pep).draft("sec-proud", "football").send(commit=False)
                self._written.set()
                assert self._may_commit.wait(PATIENCE)
                db.session.commit()
        except BaseException as error:
            self.failed = error
            self._written.set()


@pytest.fixture
def app(postgres_app: Flask) -> Flask:
    """The app of these tests lives on PostgreSQL."""
    return postgres_app


@pytest.fixture
def writer(app: Flask) -> Callable[[], Writer]:
    """Makes young people who are about to send."""
    people = People(db.session)

    def new() -> Writer:
        person = people.young_person()
        return Writer(app, person, people.pep(person))

    return new


def test_a_long_transaction_is_not_skipped_when_a_shorter_one_overtakes_it(
    app: Flask, writer: Callable[[], Writer]
) -> None:
    platform = let_in(app)
    slow, quick = writer(), writer()
    slow.write()
    quick.write()
    quick.commit()
    assert len(platform.follow()) == 1, "the quick one is there at once"
    slow.commit()
    assert len(platform.follow()) == 1, "and the slow one comes after it, though its row is older"
    assert len({record["record_id"] for record in platform.seen}) == 2


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_commits_with_a_reader_between_each_of_them_skips_nothing(
    seed: int, app: Flask, writer: Callable[[], Writer]
) -> None:
    platform = let_in(app)
    writers = [writer() for _nth in range(6)]
    for one in writers:
        one.write()
    random.Random(seed).shuffle(writers)
    for number, one in enumerate(writers, start=1):
        one.commit()
        platform.follow()
        assert len({record["record_id"] for record in platform.seen}) == number


def test_many_writers_and_readers_at_once_skip_nothing_and_agree_on_the_order(app: Flask) -> None:
    voices = Voices(db.session, People(db.session))
    pairs = [(one.person.id, one.pep.id) for one in (voices.young() for _nth in range(4))]
    readers = [let_in(app) for _nth in range(2)]
    begin, done = threading.Barrier(len(pairs) + len(readers)), threading.Event()
    failures: list[BaseException] = []

    def write(person_id: Any, pep_id: Any) -> None:
        with app.app_context():
            person, pep = db.session.get_one(Person, person_id), db.session.get_one(Pep, pep_id)
            voice = Voice(db.session, person, pep)
            begin.wait(PATIENCE)
            for nth in range(10):
                voice.says("sec-proud", f"words {nth}")

    def read(nth: int) -> None:
        begin.wait(PATIENCE)
        while not done.is_set():
            readers[nth].follow(limit=3)
        readers[nth].follow(limit=3)

    def kept(work: Callable[..., None], *given: Any) -> threading.Thread:
        def run() -> None:
            try:
                work(*given)
            except BaseException as error:
                failures.append(error)

        return threading.Thread(target=run)

    writing = [kept(write, *pair) for pair in pairs]
    reading = [kept(read, nth) for nth in range(len(readers))]
    for thread in writing + reading:
        thread.start()
    for thread in writing:
        thread.join(PATIENCE)
    done.set()
    for thread in reading:
        thread.join(PATIENCE)
    assert failures == []
    told = [[record["record_id"] for record in reader.seen] for reader in readers]
    assert len(told[0]) == len(set(told[0])) == 40
    assert told[0] == told[1]


def test_two_readers_who_come_at_once_give_each_change_one_position(app: Flask, writer: Callable[[], Writer]) -> None:
    """The second reader waits for the first one's lock, finds nothing left to place, and sees all that the first one placed."""
    for _nth in range(3):
        writer().write().commit()
    begin = threading.Barrier(2)

    def place() -> None:
        with app.app_context():
            begin.wait(PATIENCE)
            sequence.place_waiting(db.session, db.engine)

    threads = [threading.Thread(target=place) for _nth in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    db.session.rollback()
    assert sorted(db.session.scalars(select(FeedChange.position)).all()) == [1, 2, 3]
    assert sequence.last_position(db.session) == 3


# The same race against the usual cursors. They lose a change; if one of these tests fails, the race above proves nothing.

usual = MetaData()
counted = Table(
    "usual_feed",
    usual,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("writer", Integer, nullable=False),
)


@pytest.fixture
def engine(app: Flask) -> Engine:
    """The same database, with a table as most feeds have it."""
    usual.create_all(db.engine)
    return db.engine


@contextmanager
def inserting(engine: Engine, number: int) -> Iterator[None]:
    """Insert a row, and commit it at the end of the block."""
    with engine.begin() as connection:
        connection.execute(insert(counted).values(writer=number, made_at=datetime.now(UTC)))
        yield


@pytest.mark.parametrize("cursor", [counted.c.id, counted.c.made_at], ids=["counted up", "time stamp"])
def test_a_counted_up_or_time_stamp_cursor_skips_a_change_in_the_same_race(cursor: Column[Any], engine: Engine) -> None:
    def after(place: Any) -> list[Any]:
        with engine.connect() as connection:
            query = select(cursor, counted.c.writer).order_by(cursor)
            return list(connection.execute(query if place is None else query.where(cursor > place)))

    with ExitStack() as slow:
        slow.enter_context(inserting(engine, 1))
        with inserting(engine, 2):
            pass
        first = after(None)
    assert [row.writer for row in first] == [2]
    assert after(first[-1][0]) == [], "the change of the slow writer is lost"
    assert {row.writer for row in after(None)} == {1, 2}, "though it is there"
