"""A search finds in any script and language, however it is typed, and the same on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.core.db import db
from app.pathways.openings import Asked, listed
from app.pathways.search import MOST_OF_A_WORD, MOST_WORDS, asked, fold
from tests.conftest import open_app, settings_for
from tests.pathways.openings_house import opening, published, visit


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Any) -> Any:
    name = "database_url" if request.param == "sqlite" else "postgres_url"
    for app in open_app(settings_for(request.getfixturevalue(name), tmp_path)):
        published(
            db.session,  # type: ignore[arg-type]
            opening("bakery", title="Café and cooking", plain="You bake bread.", place_text="Łąkowa Street 12"),
            ar={"title": "الخبز والكعكـــة", "plain": "تتعلّم الخَبز مع أُناس لطفاء"},
            pl={"title": "Piekarnia i źródło", "plain": "Uczysz się piec chleb."},
        )
        published(
            db.session,  # type: ignore[arg-type]
            visit("campus", title="A day at university"),
            ti={"title": "ሓደ መዓልቲ ኣብ ዩኒቨርሲቲ"},
            am={"title": "አንድ ቀን በዩኒቨርሲቲ"},
            fa={"title": "یک روز در دانشگاه می‌خواهم"},
            vi={"title": "Một ngày ở đại học"},
        )
        yield app


def keys(words: str) -> set[str]:
    from app.core import clock

    found = listed(db.session, Asked(words=words), None, clock.now())  # type: ignore[arg-type]
    return {one.row.key for one in (*found.fits, *found.maybe)}


MEANT = (
    ("cafe", "bakery"),
    ("CAFÉ", "bakery"),
    ("cafe\u0301", "bakery"),
    ("cook", "bakery"),  # the last word may be half typed
    ("bread bak", "bakery"),
    ("lakowa", "bakery"),
    ("ŁĄKOWA 12", "bakery"),
    ("łąkowa ١٢", "bakery"),  # Arabic digits
    ("zrodlo", "bakery"),
    ("źródło", "bakery"),
    ("chleb", "bakery"),
    ("الخبز", "bakery"),
    ("خبز", "bakery"),  # without the article
    ("والكعكة", "bakery"),  # without tatweel
    ("كعكه", "bakery"),  # ta marbuta typed as ha
    ("اناس", "bakery"),  # without hamza
    ("أُناس", "bakery"),
    ("تتعلم", "bakery"),  # without shadda
    ("ዩኒቨርሲቲ", "campus"),
    ("መዓልቲ", "campus"),
    ("አንድ ቀን", "campus"),
    ("می خواهم دانشگاه", ""),  # two words where the text has one: every word must be there
    ("میخواهم", "campus"),  # typed without the joiner
    ("دانشگاه", "campus"),
    ("dai hoc", "campus"),
    ("university event", "campus"),
    ("Made-up", "bakery"),
)
ODD = (
    *(
        "",
        " ",
        "*",
        '"',
        "'",
        "' OR 1=1 --",
        "NEAR(",
        "a AND",
        "AND OR NOT",
        "bread*",
        '"bread',
        "^bread",
        "words:bread",
    ),
    *("()", "%", "_", "🎂", "\\", ":*", "&|!", "x" * 5000, "bread " * 500, "\u200f\u202e", "١", "-", "--", "{}"),
)


def test_it_finds_what_is_meant(house: Flask) -> None:
    missed = {typed for typed, key in MEANT if ((key not in keys(typed)) if key else keys(typed))}
    assert missed == set()


def test_whatever_is_typed_is_a_search_or_the_whole_list(house: Flask) -> None:
    for odd in ODD:
        found = keys(odd)
        assert found == {"bakery", "campus"} if not asked(odd) else found <= {"bakery", "campus"}, odd


def test_nothing_found_is_nothing(house: Flask) -> None:
    assert keys("zebra") == set()


def test_the_index_goes_along_with_the_documents(house: Flask) -> None:
    published(db.session, opening("bakery", title="Only pies now", plain="Pies."))  # type: ignore[arg-type]
    assert keys("pies") == {"bakery"} and keys("cafe") == set()
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("INSERT INTO opportunity_words(opportunity_words) VALUES ('integrity-check')"))


def test_postgresql_uses_its_index(postgres_app: Flask) -> None:
    published(db.session, opening())  # type: ignore[arg-type]
    db.session.execute(text("SET enable_seqscan = off"))
    plan = db.session.execute(
        text("EXPLAIN SELECT id FROM opportunity_document WHERE lexemes @@ '''bread'':*'::tsquery")
    ).scalars()
    assert any("ix_opportunity_document_lexemes" in line for line in plan)


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_folding_is_stable_and_leaves_letters_and_digits_only(words: str) -> None:
    folded = fold(words)
    assert all(word and len(word) <= MOST_OF_A_WORD and not set(word) & set("'\"*:&|!()\\ ") for word in folded)
    assert len(asked(words)) <= MOST_WORDS
    assert fold(words.upper().lower()) is not None
