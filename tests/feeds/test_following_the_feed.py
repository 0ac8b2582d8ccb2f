"""Cursors, pages and what they cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, event, select, update
from sqlalchemy.orm import Session

from app import create_app
from app.core.db import db, key_ring
from app.feeds.cursor import Cursor
from app.feeds.models import FeedChange, FeedSequence
from app.people.audience import Share
from tests.conftest import settings_for
from tests.feeds.platform import RECORDS, Platform, let_in, next_link
from tests.feeds.voices import Voice, Voices


def test_an_empty_feed_has_a_next_link_that_tells_of_what_comes_later(robin: Voice, platform: Platform) -> None:
    assert platform.follow() == []
    robin.says("sec-proud", "football")
    assert len(platform.follow()) == 1
    assert platform.follow() == []


def test_every_change_comes_once_in_order_whatever_the_size_of_the_page(voices: Voices, app: Flask) -> None:
    for nth in range(7):
        voices.young().draft("sec-proud", f"words {nth}").draft("sec-how", ["good"]).send()
    told = [[record["record_id"] for record in let_in(app).follow(limit)] for limit in (1, 3, 5, 100)]
    assert len(set(told[0])) == 14
    assert all(one == told[0] for one in told)


def test_a_cursor_may_be_used_again_and_again(robin: Voice, platform: Platform) -> None:
    robin.says("sec-proud", "football")
    robin.says("sec-how", ["good"])
    link = next_link(platform.get(limit=1))
    assert platform.page(link) == platform.page(link)
    assert len(platform.page(link)) == 1


def test_the_limit_is_a_whole_number_and_has_a_ceiling(voices: Voices, tmp_path: Path) -> None:
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'test.db'}", tmp_path, feed_page_max=3))
    for _nth in range(5):
        voices.young().says("sec-proud", "football")
    with app.app_context():
        reader = let_in(app)
        assert len(reader.page(limit=3_000)) == 3
        assert len(reader.page(limit=2)) == 2
        for wrong in ("0", "-1", "many", "1.5", "", "²", "9" * 30):
            assert reader.get(limit=wrong).status_code == 400


@pytest.mark.parametrize(
    "wrong", ["x", "AAAA", "é", "a" * 500, "12", "%00", "AXQxMTIzNDU2Nzg5MDEyMzQ1Njc4OTA", "____", "=", "/+/+"]
)
def test_a_cursor_that_is_not_ours_is_told(wrong: str, platform: Platform) -> None:
    response = platform.get(cursor=wrong)
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"


def test_a_changed_cursor_does_not_open(robin: Voice, platform: Platform) -> None:
    robin.says("sec-proud", "football")
    cursor = next_link(platform.get()).partition("cursor=")[2].partition("&")[0]
    middle = len(cursor) // 2
    other = "A" if cursor[middle] != "A" else "B"
    assert platform.get(cursor=cursor[:middle] + other + cursor[middle + 1 :]).status_code == 400


def test_a_cursor_of_the_test_service_is_not_good_in_the_live_one(
    robin: Voice, platform: Platform, tmp_path: Path
) -> None:
    robin.says("sec-proud", "football")
    link = next_link(platform.get())
    assert platform.get().json["environment"] == "test"  # type: ignore[index]
    live = create_app(settings_for(f"sqlite:///{tmp_path / 'test.db'}", tmp_path, live=True))
    with live.app_context():
        reader = Platform(live.test_client(), platform.client_id, platform.secret, platform.token)
        assert reader.get(link).status_code == 400
        assert reader.get().json["environment"] == "live"  # type: ignore[index]


def test_a_cursor_tells_its_holder_nothing(robin: Voice, platform: Platform) -> None:
    robin.says("sec-proud", "football")
    links = {next_link(platform.get()) for _again in range(2)}
    assert len(links) == 2, "the same place looks different each time, so that places cannot be compared or counted"


def test_a_cursor_from_before_a_restore_is_told_apart(robin: Voice, platform: Platform, session: Session) -> None:
    robin.says("sec-proud", "football")
    robin.says("sec-how", ["good"])
    platform.follow()
    session.execute(delete(FeedChange).where(FeedChange.position == 2))
    session.execute(update(FeedSequence).values(last=1))
    session.commit()
    assert platform.get(platform.next).status_code == 410, "the database is older than the cursor"
    robin.says("sec-strengths", ["funny"])
    again = let_in(platform.http.application)
    assert len(again.follow()) == 2
    assert platform.get(platform.next).status_code == 410, "another change has its place now"


def test_a_cursor_outlives_the_change_it_stood_on(robin: Voice, platform: Platform, session: Session) -> None:
    robin.says("sec-proud", "football")
    platform.follow()
    session.execute(delete(FeedChange))
    session.commit()
    robin.says("sec-how", ["good"])
    assert len(platform.follow()) == 1


def test_what_a_platform_may_not_have_never_makes_its_page_shorter(voices: Voices, plain_platform: Platform) -> None:
    for nth in range(8):
        voices.young().says("sec-proud", "football", share=Share.pep if nth % 2 else Share.not_home)
    assert len(plain_platform.page(limit=4)) == 4


def test_a_position_is_given_when_the_feed_is_read_and_not_before(
    robin: Voice, platform: Platform, session: Session
) -> None:
    robin.says("sec-proud", "football")
    assert session.scalars(select(FeedChange.position)).all() == [None]
    platform.page()
    session.expire_all()
    assert session.scalars(select(FeedChange.position)).all() == [1]


def test_a_page_costs_the_same_few_queries_whatever_its_length(voices: Voices, platform: Platform) -> None:
    for _nth in range(30):
        voices.young().draft("sec-proud", "football").draft("sec-how", ["good"]).send()
    costs = {}
    for limit in (1, 10, 60):
        with counted() as first:
            platform.page(limit=limit)
        costs[limit] = first[0]
    assert costs[10] == costs[60], costs
    assert max(costs.values()) <= 9, costs
    assert costs[60] <= 5, "once the changes have their places"
    one = voices.young().draft("sec-proud", "football").draft("sec-how", ["good"])
    one.send()
    with counted() as whole_pep:
        platform.page(f"/api/v1/peps/{one.pep.external_id}")
    assert whole_pep[0] <= 5


@contextmanager
def counted() -> Iterator[list[int]]:
    """Count the statements that reach the database."""
    count = [0]

    def one_more(*_args: object) -> None:
        count[0] += 1

    event.listen(db.engine, "before_cursor_execute", one_more)
    try:
        yield count
    finally:
        event.remove(db.engine, "before_cursor_execute", one_more)


def test_the_address_of_what_comes_next_is_never_led_elsewhere_in_production(
    tmp_path: Path, platform: Platform
) -> None:
    safe = settings_for(
        f"sqlite:///{tmp_path / 'test.db'}", tmp_path, environment="production", public_url="https://voice.example.org/"
    )
    live = create_app(safe)
    with live.app_context():
        reader = Platform(live.test_client(), platform.client_id, platform.secret, platform.token)
        response = live.test_client().get(
            RECORDS, headers={"Host": "elsewhere.example", "Authorization": f"Bearer {reader.token}"}
        )
    assert next_link(response).startswith("https://voice.example.org/api/v1/pep-records?")


def test_a_cursor_still_opens_after_the_keys_have_moved_on(app: Flask) -> None:
    sealed = Cursor("test", 0).sealed(key_ring())
    assert let_in(app).get(cursor=sealed).status_code == 200
