"""What makes a code, and what makes it too easy."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people import codes


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Apple Boat Kite", "  apple,boat  -  KITE "),
        ("Straße Fuß Bär", "STRASSE FUSS BÄR"),
        ("café été fête", unicodedata.normalize("NFD", "café été fête")),
        ("قمر ٣ نجمة", "قمر 3 نجمة"),
        ("می‌روم خانه باغ", "میروم خانه باغ"),
        ("☀️ house dog", "☀ house dog"),
        ("ሰላም ቤት ጸሓይ", "ሰላም፡ቤት፡ጸሓይ"),
    ],
)
def test_words_are_the_same_however_a_keyboard_writes_them(one: str, other: str) -> None:
    assert codes.from_words(one) == codes.from_words(other)


@given(st.text(max_size=120))
def test_tidying_twice_changes_nothing_more(typed: str) -> None:
    once = codes.from_words(typed)
    assert codes.from_words(once) == once


def test_a_kept_code_fits_itself_and_nothing_else() -> None:
    kept = codes.seal("boat sun key cup")
    assert codes.fits(kept, "boat sun key cup")
    assert not codes.fits(kept, "boat sun cup key")
    assert not codes.fits(None, "boat sun key cup")
    assert not codes.fits("not a hash", "boat sun key cup")
    assert kept != codes.seal("boat sun key cup")
    assert "m=19456,t=2,p=1" in kept and len(kept) <= 160


@pytest.mark.parametrize(
    ("pictures", "weak"),
    [
        ("sun sun sun sun", codes.Weak.few_different),
        ("sun moon sun moon", codes.Weak.few_different),
        ("sun moon star cloud", codes.Weak.in_a_row),
        ("book ball cup drum", codes.Weak.in_a_row),
        ("sun tree boat drum", codes.Weak.in_a_row),
        ("boat sun key cup", None),
        ("boat boat key cup", None),
    ],
)
def test_easy_pictures_are_told_apart(pictures: str, weak: codes.Weak | None) -> None:
    assert codes.weakness_of_pictures(pictures.split()) is weak


def test_nearly_every_picture_code_may_be_chosen() -> None:
    from itertools import product

    fine = sum(codes.weakness_of_pictures(four) is None for four in product(codes.PICTURES, repeat=4))
    assert fine > 60_000


def test_offered_words_are_plain_different_and_enough() -> None:
    words = codes._words_by_language()["en"]
    assert len(words) >= 200 and len(set(words)) == len(words)
    assert all(word.isascii() and word.isalpha() and word.islower() and len(word) <= 9 for word in words)
    offered = codes.suggest("en-GB")
    assert len(set(offered)) == 3 and codes.weakness_of_words(" ".join(offered)) is None
    assert codes.suggest("ar") == ()
