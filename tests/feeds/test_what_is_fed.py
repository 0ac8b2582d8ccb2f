"""What the platform is given, and what it never is (measures 5.1, 5.2 and 5.5)."""

from __future__ import annotations

import json
import uuid
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from jsonschema import ValidationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEntry
from app.core.crypto import keyed_reference
from app.feeds.models import FeedChange
from app.people.audience import Share
from app.people.models import Care, Role, YoungPerson
from app.voice.models import How, Response, State
from tests.factories import People
from tests.feeds.platform import Platform, message_validator
from tests.feeds.voices import Voice, Voices

SCRIPTS = {
    "ar": "أريد أن أدرس الكهرباء في الكلية \u200fو 🙂",
    "ps": "زه غواړم چې په کالج کې برېښنا زده کړم \u200cاو 🌱",
    "ti": "ኣብ ኮለጅ ኤሌክትሪክ ክመሃር ይደሊ 🚲",
    "vi": "Em muốn học ngành điện ở trường cao đẳng 👩🏽‍🔧",
    "he-test": "שלום \u200eabc\u200f 123",
}


def test_a_shared_answer_comes_with_the_words_as_they_were_typed(robin: Voice, platform: Platform) -> None:
    with time_machine.travel(datetime(2027, 2, 3, 15, 21, tzinfo=UTC), tick=False):
        platform.sign_in()
        sent = robin.says("sec-proud", "I got into the team")
        [record] = platform.page()
    assert sent is not None
    assert record["record_id"] == str(sent.id)
    assert (record["action"], record["supersedes"], record["record_type"]) == ("create", None, "voice_answer")
    assert (record["pep_id"], record["pep_term"]) == (robin.pep.external_id, "2026-27-1")
    assert record["meeting_on"] == robin.pep.meeting_on.isoformat()  # type: ignore[union-attr]
    assert record["child"] == {"child_ref": keyed_reference(b"test-reference-key", str(robin.person.id))}
    assert (record["template_id"], record["template_version"]) == ("secondary", "1")
    assert (record["question_id"], record["question_version"]) == ("sec-proud", "1")
    assert record["question_text_en"] == record["question_text_shown"] == "What has gone well, or made you proud?"
    assert (record["question_origin"], record["pep_section"], record["pep_field"]) == ("adults", "about-me", None)
    assert record["answer"] == {
        "kind": "text",
        "text_original": "I got into the team",
        "text_en": "I got into the team",
        "language_original": "en-GB",
        "translation": {"state": "not_needed"},
    }
    assert record["sharing"] == {"choice": "pep", "chosen_at": "2027-02-03T15:21:00Z"}
    assert record["by_whom"] == {
        "role": "young_person",
        "how": "self",
        "helped_by_role": None,
        "written_down_by_role": None,
        "interpreter_used": False,
        "method": "typed",
    }
    assert (record["submitted_at"], record["withdrawn_at"]) == ("2027-02-03T15:21:00Z", None)


def test_picked_answers_come_as_codes_with_their_english_labels(robin: Voice, platform: Platform) -> None:
    robin.draft("sec-how", ["good"], language="ar").draft("sec-strengths", ["creative", "funny"]).send()
    how, strengths = platform.page()
    assert how["answer"] == {
        "kind": "choice",
        "choice_codes": ["good"],
        "choice_labels_en": ["Good"],
        "language_original": "ar",
        "translation": {"state": "not_needed"},
    }
    assert how["by_whom"]["method"] == "tapped"
    assert strengths["answer"]["choice_labels_en"] == ["Creative", "Funny"]


def test_a_face_is_never_turned_into_a_number(robin: Voice, platform: Platform) -> None:
    robin.says("sec-how", ["really-hard"])
    [record] = platform.page()
    assert not {"scale_value", "scale_max"} & set(record["answer"])


def test_words_beside_something_else_come_with_the_codes(robin: Voice, platform: Platform) -> None:
    robin.says("sec-strengths", {"codes": ["else"], "else": "أعرف الطبخ"}, language="ar")
    [record] = platform.page()
    assert record["answer"]["text_original"] == "أعرف الطبخ"
    assert record["answer"]["text_en"] is None
    assert "translation" not in record["answer"]


def test_i_do_not_want_to_say_comes_as_skipped(robin: Voice, platform: Platform) -> None:
    robin.says("sec-proud", "", state=State.no_say)
    [record] = platform.page()
    assert record["answer"] == {"kind": "skipped", "language_original": "en-GB"}


def test_words_that_nobody_has_translated_claim_no_translation(robin: Voice, platform: Platform) -> None:
    robin.says("sec-proud", SCRIPTS["ar"], language="ar", asked="ما الذي جرى جيدًا؟")
    [record] = platform.page()
    assert record["question_text_shown"] == "ما الذي جرى جيدًا؟"
    assert record["question_text_en"] == "What has gone well, or made you proud?"
    assert record["answer"]["text_en"] is None
    assert "translation" not in record["answer"]


@pytest.mark.parametrize("language", SCRIPTS)
def test_every_script_comes_through_unchanged(language: str, robin: Voice, platform: Platform) -> None:
    robin.says("sec-proud", SCRIPTS[language], language=language)
    [record] = platform.page()
    assert record["answer"]["text_original"] == SCRIPTS[language]
    assert record["answer"]["language_original"] == language


def test_four_thousand_letters_come_whole(robin: Voice, platform: Platform) -> None:
    words = "ሰላም " * 800
    robin.says("sec-proud", words, language="ti")
    [record] = platform.page()
    assert record["answer"]["text_original"] == words


def test_letters_with_many_marks_are_cut_visibly_and_never_inside_a_letter(robin: Voice, platform: Platform) -> None:
    robin.says("sec-proud", "بّ" * 3_000, language="ar")
    [record] = platform.page()
    words = record["answer"]["text_original"]
    assert words.endswith("بّ\n[…]")
    assert 3_990 <= len(words) <= 4_000


@pytest.mark.parametrize("share", [Share.chosen, Share.unsent])
def test_an_answer_for_few_or_for_nobody_is_never_in_the_feed(
    share: Share, robin: Voice, platform: Platform, plain_platform: Platform
) -> None:
    robin.says("sec-proud", "only for Sam", share=share)
    for reader in (platform, plain_platform):
        assert reader.page() == []
        assert reader.page(f"/api/v1/peps/{robin.pep.external_id}") == []


@pytest.mark.parametrize(
    ("share", "hide_from"),
    [(Share.not_home, ["carer", "key_worker"]), (Share.not_school, ["designated_teacher", "school_staff"])],
)
def test_a_narrowed_answer_goes_only_to_a_platform_that_can_hide_it(
    share: Share, hide_from: list[str], robin: Voice, platform: Platform, plain_platform: Platform
) -> None:
    robin.says("sec-proud", "my words", share=share)
    [record] = platform.page()
    assert record["sharing"]["choice"] == share
    assert record["sharing"]["hide_from"] == hide_from
    assert plain_platform.page() == []
    assert plain_platform.page(f"/api/v1/peps/{robin.pep.external_id}") == []


def test_whom_i_would_not_like_at_my_meeting_is_always_hidden_at_home(
    voices: Voices, platform: Platform, plain_platform: Platform
) -> None:
    voices.young(set_id="meeting").says("mt-who-not", "that uncle")
    [record] = platform.page()
    assert record["sharing"]["hide_from"] == ["carer", "key_worker"]
    assert plain_platform.page() == []


def test_editing_replaces(robin: Voice, platform: Platform) -> None:
    first = robin.says("sec-proud", "football")
    platform.follow()
    second = robin.says("sec-proud", "chess")
    [record] = platform.follow()
    assert first is not None and second is not None
    assert (record["action"], record["record_id"], record["supersedes"]) == ("replace", str(second.id), str(first.id))
    assert record["answer"]["text_original"] == "chess"


def test_words_that_were_changed_since_are_told_without_the_words(robin: Voice, platform: Platform) -> None:
    robin.says("sec-proud", "football")
    robin.says("sec-proud", "chess")
    before, now = platform.page()
    assert (before["action"], before["answer"]) == ("create", None)
    assert (now["action"], now["answer"]["text_original"]) == ("replace", "chess")


def test_taking_back_withdraws_with_its_date(robin: Voice, platform: Platform) -> None:
    sent = robin.says("sec-proud", "football")
    platform.follow()
    robin.keeps("sec-proud", Share.unsent)
    [record] = platform.follow()
    assert sent is not None
    assert (record["action"], record["supersedes"]) == ("withdraw", str(sent.id))
    assert record["record_id"] != str(sent.id), "a platform that knows the id would drop it as a repeat"
    assert record["withdrawn_at"] is not None
    assert "answer" not in record
    assert platform.standing() == {}


@pytest.mark.parametrize("share", [Share.chosen, Share.unsent])
def test_taking_back_leaves_no_words_anywhere_in_the_feed(share: Share, robin: Voice, platform: Platform) -> None:
    robin.says("sec-proud", "football")
    robin.keeps("sec-proud", share)
    response = platform.get()
    assert "football" not in response.text
    assert [record["action"] for record in response.json["records"]] == ["create", "withdraw"]  # type: ignore[index]


def test_narrowing_is_a_withdrawal_for_a_platform_that_cannot_hide(
    robin: Voice, platform: Platform, plain_platform: Platform
) -> None:
    first = robin.says("sec-proud", "football")
    platform.follow(), plain_platform.follow()
    robin.keeps("sec-proud", Share.not_home)
    [hiding] = platform.follow()
    [plain] = plain_platform.follow()
    assert first is not None
    assert (hiding["action"], hiding["sharing"]["choice"]) == ("replace", "not-home")
    assert (plain["action"], plain["supersedes"], plain["sharing"]["choice"]) == ("withdraw", str(first.id), "pep")
    assert plain_platform.standing() == {}


def test_widening_creates_for_a_platform_that_never_had_it(robin: Voice, plain_platform: Platform) -> None:
    robin.says("sec-proud", "football", share=Share.not_school)
    assert plain_platform.follow() == []
    robin.keeps("sec-proud", Share.pep)
    [record] = plain_platform.follow()
    assert (record["action"], record["supersedes"]) == ("create", None)


def test_sharing_again_after_keeping_it_back_creates(robin: Voice, platform: Platform) -> None:
    robin.says("sec-proud", "football")
    robin.keeps("sec-proud", Share.chosen)
    robin.keeps("sec-proud", Share.pep)
    actions = [
        (record["action"], record["answer"] is not None if "answer" in record else None) for record in platform.follow()
    ]
    assert actions == [("create", False), ("withdraw", None), ("create", True)]
    assert len(platform.standing()) == 1


def test_pressing_send_twice_makes_one_record(robin: Voice, platform: Platform) -> None:
    robin.says("sec-proud", "football")
    robin.send()
    assert len(platform.page()) == 1


def test_reading_twice_gives_the_same_record(robin: Voice, platform: Platform) -> None:
    robin.says("sec-proud", "football")
    assert platform.page() == platform.page()


def test_an_answer_that_was_rolled_back_never_reaches_the_feed(
    robin: Voice, platform: Platform, session: Session
) -> None:
    robin.draft("sec-proud", "football").send(commit=False)
    session.rollback()
    assert platform.page() == []


def test_a_care_leaver_is_never_sent_without_a_new_yes(voices: Voices, platform: Platform) -> None:
    leaver = voices.young(set_id="post16", care=Care.care_leaver, year_group=None)
    leaver.says("p16-future", "an electrician")
    assert platform.page() == []
    assert platform.page(f"/api/v1/peps/{leaver.pep.external_id}") == []


def test_nothing_is_even_noted_for_the_feed_of_what_a_care_leaver_sends(voices: Voices, session: Session) -> None:
    voices.young(set_id="post16", care=Care.care_leaver, year_group=None).says("p16-future", "an electrician")
    assert session.scalars(select(FeedChange)).all() == []


def test_what_was_changed_before_leaving_care_and_not_read_is_taken_back(
    robin: Voice, platform: Platform, session: Session
) -> None:
    first = robin.says("sec-proud", "football")
    platform.follow()
    robin.says("sec-proud", "chess")
    session.get_one(YoungPerson, robin.person.id).care = Care.care_leaver
    session.commit()
    [record] = platform.follow()
    assert first is not None
    assert (record["action"], record["supersedes"]) == ("withdraw", str(first.id))
    assert platform.standing() == {}


def test_somebody_who_left_care_since_is_not_sent_and_can_still_take_back(
    robin: Voice, platform: Platform, session: Session
) -> None:
    robin.says("sec-proud", "football")
    platform.follow()
    robin.draft("sec-belong", _first_step("sec-belong")).send()
    young = session.get(YoungPerson, robin.person.id)
    assert young is not None
    young.care = Care.care_leaver
    session.commit()
    assert platform.follow() == [], "what was not read yet stays here"
    robin.keeps("sec-proud", Share.unsent)
    [record] = platform.follow()
    assert record["action"] == "withdraw"


def test_how_the_meeting_was_is_no_section_of_a_pep(robin: Voice, platform: Platform, session: Session) -> None:
    from app.feeds.changes import write_changes

    sent = robin.draft("sec-proud", "boring").send(commit=False).new
    session.rollback()
    sent[0].section = "meeting-feedback"
    assert write_changes(session, robin.person.id, sent, []) == []


def test_twins_have_different_references_and_the_same_one_each_time(voices: Voices, platform: Platform) -> None:
    one, other = voices.young("Alex"), voices.young("Alex")
    one.draft("sec-proud", "football").draft("sec-how", ["good"]).send()
    other.says("sec-proud", "football")
    references = [record["child"]["child_ref"] for record in platform.page()]
    assert references[0] == references[1]
    assert len(set(references)) == 2


def test_the_night_the_clocks_change_keeps_the_order_and_utc(robin: Voice, platform: Platform) -> None:
    for moment in (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)):
        with time_machine.travel(moment, tick=False):  # both are 01:30 on the wall in London
            robin.says("sec-proud", f"at {moment:%H:%M}")
    with time_machine.travel(datetime(2027, 10, 31, 2, 0, tzinfo=UTC), tick=False):
        platform.sign_in()
        assert [record["submitted_at"] for record in platform.page()] == [
            "2027-10-31T00:30:00Z",
            "2027-10-31T01:30:00Z",
        ]


def test_two_servers_whose_clocks_differ_do_not_turn_changes_round(
    robin: Voice, platform: Platform, session: Session
) -> None:
    robin.says("sec-proud", "football")
    robin.says("sec-proud", "chess")
    robin.keeps("sec-proud", Share.unsent)
    # Ids begin with the time: these look as if each change came from a server whose clock is behind the one before.
    changes = session.scalars(select(FeedChange).order_by(FeedChange.turn)).all()
    for nth, change in enumerate(changes):
        session.execute(update(FeedChange).where(FeedChange.id == change.id).values(id=uuid.UUID(int=(9 - nth) << 80)))
    session.commit()
    assert [record["action"] for record in platform.page()] == ["create", "replace", "withdraw"]


@pytest.mark.parametrize(
    ("how", "helper", "expected"),
    [
        (How.self_, None, {"how": "self", "method": "typed", "interpreter_used": False}),
        (How.helped, "carer", {"how": "helped", "helped_by_role": "carer", "method": "typed"}),
        (
            How.written,
            "social_worker",
            {"how": "helped", "written_down_by_role": "social_worker", "method": "told_an_adult"},
        ),
        (
            How.paper,
            "designated_teacher",
            {"how": "helped", "written_down_by_role": "designated_teacher", "method": "paper"},
        ),
    ],
)
def test_whose_hand_was_in_it_comes_with_the_answer(
    how: How, helper: str | None, expected: dict[str, Any], robin: Voice, platform: Platform
) -> None:
    robin.says("sec-proud", "football", how=how, helper_role=helper)
    [record] = platform.page()
    nobody = {"role": "young_person", "helped_by_role": None, "written_down_by_role": None}
    assert record["by_whom"] == {**nobody, **expected}


def test_what_an_adult_watched_is_never_the_childs_own_words(
    voices: Voices, people: People, platform: Platform
) -> None:
    little = voices.young("Kit", set_id="early-years", year_group=-1)
    carer = people.connected(Role.carer, little.person)
    little.draft(_first_text("early-years"), "She said “more”", how=How.observed).send(by=carer)
    [record] = platform.page()
    assert (record["by_whom"]["role"], record["by_whom"]["how"]) == ("early_years_adult", "observed")
    assert record["by_whom"]["written_down_by_role"] == "carer"


@pytest.mark.parametrize(("year", "role"), [(6, "child"), (7, "young_person"), (None, "young_person")])
def test_a_child_is_called_a_child_until_year_seven(
    year: int | None, role: str, voices: Voices, platform: Platform
) -> None:
    voices.young(year_group=year).says("sec-proud", "football")
    assert platform.page()[0]["by_whom"]["role"] == role


def test_a_pep_is_read_in_the_order_of_its_sections(robin: Voice, platform: Platform) -> None:
    robin.draft("sec-how", ["good"]).draft("sec-proud", "football").send()
    robin.says("sec-proud", "chess")
    robin.says("sec-strengths", ["funny"])
    robin.keeps("sec-strengths", Share.unsent)
    records = platform.page(f"/api/v1/peps/{robin.pep.external_id}")
    assert [record["pep_section"] for record in records] == ["about-me", "wellbeing-relationships"]
    assert records[0]["answer"]["text_original"] == "chess"


def test_the_pep_holds_what_the_feed_told(robin: Voice, platform: Platform, plain_platform: Platform) -> None:
    robin.draft("sec-how", ["good"], share=Share.not_home).draft("sec-proud", "football").send()
    robin.says("sec-proud", "chess")
    for reader in (platform, plain_platform):
        reader.follow()
        records = reader.page(f"/api/v1/peps/{robin.pep.external_id}")
        assert {record["record_id"] for record in records} == set(reader.standing())


def test_each_reading_leaves_a_mark_on_each_young_person_and_never_their_words(
    voices: Voices, platform: Platform, session: Session
) -> None:
    one, other = voices.young("Alex"), voices.young("Sam")
    one.draft("sec-proud", "football").draft("sec-how", ["good"]).send()
    other.says("sec-proud", "chess")
    platform.page()
    entries = session.scalars(select(AuditEntry).where(AuditEntry.event == "feed.read")).all()
    assert {(entry.subject_id, entry.detail) for entry in entries} == {
        (one.person.id, platform.client_id),
        (other.person.id, platform.client_id),
    }
    platform.follow()
    platform.follow()
    assert len(session.scalars(select(AuditEntry).where(AuditEntry.event == "feed.read")).all()) == 4


class TestTheSchemaRefuses:
    """What the handbook's own schema must never let through (measures 5.5, tests 4 to 7)."""

    @pytest.fixture
    def body(self, robin: Voice, platform: Platform) -> dict[str, Any]:
        """A real message that is right."""
        robin.says("sec-proud", "football", share=Share.not_home)
        body: dict[str, Any] = json.loads(platform.get().text)
        return body

    @pytest.mark.parametrize("choice", ["chosen", "unsent"])
    def test_a_choice_that_is_not_for_the_feed(self, choice: str, body: dict[str, Any]) -> None:
        body["records"][0]["sharing"]["choice"] = choice
        self.refuses(body)

    @pytest.mark.parametrize("missing", ["carer", "key_worker"])
    def test_not_home_without_everybody_at_home(self, missing: str, body: dict[str, Any]) -> None:
        body["records"][0]["sharing"]["hide_from"].remove(missing)
        self.refuses(body)

    @pytest.mark.parametrize("kept", ["designated_teacher", "school_staff"])
    def test_not_school_without_everybody_at_school(self, kept: str, body: dict[str, Any]) -> None:
        body["records"][0]["sharing"] |= {"choice": "not-school", "hide_from": [kept]}
        self.refuses(body)

    @pytest.mark.parametrize("place", [(), ("records", 0), ("records", 0, "child")])
    def test_an_nhs_number_anywhere(self, place: tuple[str | int, ...], body: dict[str, Any]) -> None:
        there: Any = body
        for step in place:
            there = there[step]
        there["nhs_number"] = "9434765919"
        self.refuses(body)

    def test_a_withdrawal_without_a_date(self, body: dict[str, Any]) -> None:
        record = body["records"][0]
        withdrawal = deepcopy(body)
        withdrawal["records"][0] |= {"action": "withdraw", "supersedes": record["record_id"], "withdrawn_at": None}
        self.refuses(withdrawal)

    def refuses(self, body: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            message_validator().validate(body)


def _first_step(question_id: str) -> list[str]:
    from app.questions.library import library

    return [library().version("secondary", 1).question(question_id).option_codes[0]]


def _first_text(set_id: str) -> str:
    from app.questions.library import library

    return next(one.id for one in library().version(set_id, 1).questions if one.type in ("short-text", "long-text"))


def test_what_a_carer_wrote_is_not_fed(session: Session, people: People, robin: Voice, platform: Platform) -> None:
    platform.sign_in()
    carer = people.connected(Role.carer, robin.person, "Juniper")
    response = Response(
        young_person_id=robin.person.id,
        by_person_id=carer.id,
        pep_id=robin.pep.id,
        set_id="carer",
        set_version=1,
        began_at=clock.now(),
    )
    session.add(response)
    session.flush()
    theirs = Voice(session, robin.person, robin.pep, "carer")
    theirs.draft("car-proud", "Robin cooked for all of us")
    sent = theirs.send(by=carer)
    assert [one.by_person_id for one in sent.new] == [carer.id]
    assert platform.page() == []
    assert session.scalars(select(FeedChange)).all() == []
    assert theirs.keeps("car-proud").withdrawn and platform.page() == []
    robin.says("sec-proud", "My own words")
    assert [record["question_id"] for record in platform.page()] == ["sec-proud"]
