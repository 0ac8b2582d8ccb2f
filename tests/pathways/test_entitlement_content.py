"""The words of entitlements: plain enough to read, and whole in every language that has them."""

from __future__ import annotations

import re

import pytest

from app.core.languages import BY_TAG, Quality
from app.pathways import bank
from app.pathways.models import Kind
from app.pathways.records import Entitlement
from app.wishes.plainness import reading_age

KEPT = bank.of(Kind.entitlement)
# Flesch-Kincaid grade 8 (handbook, pathways 1.9) is read at about 13.
OLDEST_READER = 13
SUM = re.compile(r"£\d+(?:,\d{3})*(?:\.\d\d)?")


def test_everything_that_a_young_person_reads_is_plain() -> None:
    hard = {
        f"{key} {path}": age
        for key, kept in KEPT.items()
        for path, words, _mark in kept.record.texts()
        if (age := reading_age(words) or 0) > OLDEST_READER
    }
    assert hard == {}


@pytest.mark.parametrize("language", ["ar", "pl"])
def test_every_text_is_there_in_a_language_with_the_same_sums(language: str) -> None:
    assert BY_TAG[language].offered
    for key, kept in KEPT.items():
        texts = kept.translations[language]
        english = {path: words for path, words, _mark in kept.record.texts()}
        assert set(texts) == set(english), key
        for path, text in texts.items():
            assert sorted(SUM.findall(text.words)) == sorted(SUM.findall(english[path])), f"{key} {path}"
            assert text.quality == Quality.draft_machine


def test_a_loan_is_called_a_loan_in_english_everywhere() -> None:
    for kept in KEPT.values():
        record = kept.record
        assert isinstance(record, Entitlement)
        if record.help_kind == "loan":
            assert "loan" in f"{record.title} {record.plain}".lower()
