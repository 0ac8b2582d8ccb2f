"""Typed text is kept as it was meant, in any script."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questions.cleaning import MOST_CHARACTERS, MOST_CODE_POINTS, characters_over, characters_seen, clean

REORDERING = [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a\tb", "a b"),
        ("a\x00b\x07c\x1bd", "abcd"),
        ("end   \n ", "end"),
        ("  start", "  start"),
        ("cafe\u0301", "café"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🔬 ❤\ufe0f", "👩\u200d🔬 ❤\ufe0f"),
        ("شكرا\u200f!", "شكرا\u200f!"),
        ("safe\u202eevil\u202c \u2067x\u2069", "safeevil x"),
        ("<b>bold</b> & 'quoted'", "<b>bold</b> & 'quoted'"),
        ("\u200c\u200f \n", ""),
    ],
)
def test_text_is_cleaned_of_what_nobody_meant_to_say(typed: str, kept: str) -> None:
    assert clean(typed, lines=True) == kept


def test_a_one_line_answer_keeps_its_words_when_lines_are_pasted_into_it() -> None:
    assert clean("one\r\ntwo", lines=False) == "one two"


@given(st.text(), st.booleans())
def test_cleaning_twice_changes_nothing_more(text: str, lines: bool) -> None:
    once = clean(text, lines=lines)
    assert clean(once, lines=lines) == once


@given(st.text())
def test_nothing_that_reorders_or_controls_is_left(text: str) -> None:
    kept = clean(text, lines=True)
    assert not set(kept) & set(REORDERING)
    assert all(character == "\n" or unicodedata.category(character) not in ("Cc", "Cs") for character in kept)
    kept.encode("utf-8")


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters=REORDERING)))
def test_everything_else_is_kept_to_the_letter(text: str) -> None:
    kept = clean(text, lines=True)
    assert kept in (unicodedata.normalize("NFC", text).rstrip(), "")
    if any(unicodedata.category(character)[0] in "LNPS" for character in text):
        assert kept


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("hello", 5),
        ("e\u0301", 1),
        ("👩\u200d👩\u200d👧\u200d👦", 1),
        ("👍🏽", 1),
        ("🇬🇧🇵🇱", 2),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 1),
        ("❤\ufe0f", 1),
        ("مَدْرَسَة", 5),
        ("می\u200cخواهم", 7),
        ("ትምህርቲ", 5),
        ("Tiếng Việt", 10),
        ("", 0),
    ],
)
def test_characters_are_counted_as_a_person_sees_them(text: str, seen: int) -> None:
    assert characters_seen(text) == seen


@given(st.text(), st.text())
def test_a_longer_text_is_never_counted_as_shorter_than_its_beginning(beginning: str, rest: str) -> None:
    assert 0 <= characters_seen(beginning) <= len(unicodedata.normalize("NFC", beginning))
    assert characters_seen(beginning + " " + rest) >= characters_seen(beginning)


def test_a_text_of_the_full_length_is_not_over_and_one_more_is() -> None:
    assert characters_over("a" * MOST_CHARACTERS) == 0
    assert characters_over("a" * (MOST_CHARACTERS + 1)) == 1
    assert characters_over("👩\u200d🔬" * MOST_CHARACTERS) == 0


def test_marks_without_end_are_not_endless_room() -> None:
    assert characters_over("a" + "\u0301" * (MOST_CODE_POINTS + 9)) == 10
