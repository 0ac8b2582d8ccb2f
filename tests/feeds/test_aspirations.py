"""What a young person puts into their PEP from their own route goes out as an ``aspiration`` (measures 5.4), and no further."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.feeds.models import FeedChange
from app.pathways import my_route
from app.people.audience import Share
from app.people.models import Care, YoungPerson
from tests.feeds.platform import Platform
from tests.feeds.voices import Voice, actor_for
from tests.pathways.steps import on_the_shelf, step


class Dreamer:
    """Robin, who puts a dream into their PEP."""

    def __init__(self, session: Session, voice: Voice) -> None:
        self.session, self.voice = session, voice
        self.actor = actor_for(voice.person)

    def shares(self, words: str, share: Share = Share.pep, language: str = "en-GB") -> my_route.SharedRoute:
        """Keep a dream and share it."""
        my_route.dream(self.session, self.actor, words, language)
        what = my_route.preview(self.session, self.actor, language)
        chosen = [self.voice.person.id] if share is Share.chosen else []
        row = my_route.share(self.session, self.actor, self.voice.pep, what, share, chosen)
        self.session.commit()
        return row

    def takes_back(self) -> None:
        """Take it out of the PEP."""
        my_route.take_back(self.session, self.actor, self.voice.pep)
        self.session.commit()


@pytest.fixture
def dreamer(session: Session, robin: Voice) -> Dreamer:
    """Robin, who wants one step."""
    on_the_shelf(session, step("test-trade", "Test trade"))
    my_route.feel(session, actor_for(robin.person), "test-trade", my_route.Feeling.want)
    session.commit()
    return Dreamer(session, robin)


def test_an_aspiration_comes_with_its_words_and_the_steps_by_id(dreamer: Dreamer, platform: Platform) -> None:
    row = dreamer.shares("Trains")
    [record] = platform.page()
    assert (record["record_id"], record["action"], record["record_type"]) == (str(row.id), "create", "aspiration")
    assert (record["pep_id"], record["pep_section"]) == (dreamer.voice.pep.external_id, "aspirations-he-career")
    assert record["answer"] == {
        "kind": "text",
        "text_original": "Trains\n\nI want this: Test trade",
        "text_en": "Trains\n\nI want this: Test trade",
        "language_original": "en-GB",
        "translation": {"state": "not_needed"},
        "choice_codes": ["test-trade"],
        "choice_labels_en": ["Test trade"],
    }
    assert record["by_whom"]["how"] == "self" and record["sharing"]["choice"] == "pep"


def test_words_in_another_language_claim_no_translation(dreamer: Dreamer, platform: Platform) -> None:
    dreamer.shares("أريد أن أصلح القطارات", language="ar")
    [record] = platform.page()
    assert record["answer"]["text_original"].startswith("أريد أن أصلح القطارات")
    assert record["answer"]["text_en"] is None and record["answer"]["language_original"] == "ar"


def test_a_new_copy_replaces_the_old_one_whose_words_are_gone(dreamer: Dreamer, platform: Platform) -> None:
    old, new = dreamer.shares("Trains"), dreamer.shares("Boats")
    first, second = platform.page()
    assert first["record_id"] == str(old.id) and first["answer"] is None
    assert (second["action"], second["supersedes"]) == ("replace", str(old.id))
    assert second["record_id"] == str(new.id) and second["answer"]["text_original"].startswith("Boats")
    standing = platform.page(f"/api/v1/peps/{dreamer.voice.pep.external_id}")
    assert [one["record_id"] for one in standing] == [str(new.id)]


def test_what_is_taken_back_is_withdrawn_with_its_date(dreamer: Dreamer, platform: Platform) -> None:
    row = dreamer.shares("Trains")
    dreamer.takes_back()
    first, second = platform.page()
    assert first["answer"] is None
    assert (second["action"], second["supersedes"]) == ("withdraw", str(row.id))
    assert second["withdrawn_at"] and "answer" not in second
    assert platform.page(f"/api/v1/peps/{dreamer.voice.pep.external_id}") == []


def test_what_is_for_few_is_never_told_and_withdraws_what_was(
    dreamer: Dreamer, platform: Platform, session: Session
) -> None:
    dreamer.shares("Trains", Share.chosen)
    assert session.query(FeedChange).count() == 0
    dreamer.shares("Trains")
    dreamer.shares("Trains", Share.chosen)
    assert [one["action"] for one in platform.page()] == ["create", "withdraw"]


def test_a_platform_that_cannot_hide_a_field_is_given_only_what_all_may_read(
    dreamer: Dreamer, platform: Platform, plain_platform: Platform
) -> None:
    dreamer.shares("Trains", Share.not_home)
    [record] = platform.page()
    assert record["sharing"]["hide_from"] == ["carer", "key_worker"]
    assert plain_platform.page() == []
    dreamer.shares("Trains")
    [record] = plain_platform.page()
    assert (record["action"], record["supersedes"]) == ("create", None)
    dreamer.shares("Trains", Share.not_school)
    assert [one["action"] for one in plain_platform.page()] == ["create", "withdraw"]
    assert [one["action"] for one in platform.page()] == ["create", "replace", "replace"]


def test_what_a_care_leaver_shares_is_not_told(dreamer: Dreamer, platform: Platform, session: Session) -> None:
    session.execute(update(YoungPerson).values(care=Care.care_leaver))
    session.commit()
    dreamer.shares("Trains")
    assert platform.page() == []


def test_answers_and_aspirations_come_in_the_order_in_which_they_were_shared(
    dreamer: Dreamer, robin: Voice, platform: Platform
) -> None:
    robin.says("sec-proud", "First")
    dreamer.shares("Second")
    robin.says("sec-goal", "Third")
    assert sorted(one["record_type"] for one in platform.page()) == ["aspiration", "voice_answer", "voice_answer"]
    standing = platform.page(f"/api/v1/peps/{robin.pep.external_id}")
    assert {one["record_type"] for one in standing} == {"aspiration", "voice_answer"}
