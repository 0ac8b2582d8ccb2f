"""The steps of the map: what comes with the product holds together, and what does not is refused with a plain sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.pathways import bank
from app.pathways.checking import BEGINNINGS, check_map, check_texts, same_id_twice
from app.pathways.models import Kind
from app.pathways.records import NOT_CERTAIN, Contact, Step

LANGUAGES = ("ar", "pl")


def steps_of_the_product() -> dict[str, Step]:
    return {key: one.record for key, one in bank.read(Kind.step).items()}  # type: ignore[misc]


def step(key: str, *leads_to: str | tuple[str, str], **changes: Any) -> Step:
    arrows = [
        {"to": one, "kind": "next"} if isinstance(one, str) else {"to": one[0], "kind": one[1]} for one in leads_to
    ]
    values: dict[str, Any] = {
        "id": key,
        "title": key,
        "summary": "You do it.",
        "stage": "ks3",
        "years": ["Y9"],
        "ages": "13",
        "tags": ["everyone"],
        "need": ["Nothing."],
        "leads_to": arrows,
        "ask": ["pa"],
    }
    return Step.model_validate({**values, **changes})


def said(*steps: Step, **more: Any) -> list[str]:
    found = check_map({one.id: one for one in steps}, contacts={"pa"}, **more)
    return [f"{one.key}: {one.says}" for one in found if one.stops]


def test_the_map_of_the_product_is_sound() -> None:
    entitlements = bank.read(Kind.entitlement)
    found = check_map(steps_of_the_product(), contacts=bank.read(Kind.contact), entitlements=entitlements)
    assert [one for one in found if one.stops] == []
    assert not [one for contact in bank.read(Kind.contact).values() for one in check_texts(contact.record) if one.stops]


def test_it_goes_from_year_7_to_25_by_every_road_of_the_handbook() -> None:
    steps = steps_of_the_product()
    assert len(steps) == 32
    roads = (
        "ks4-gcse p16-a-level p16-t-level p16-vocational app-l2-l3 app-higher-degree p16-supported-internship p16-esol"
    )
    roads += " adult-access-he he-foundation-year he-degree job-first neet-16-17 neet-18-25 return-21-25 ucic-arrive"
    assert set(roads.split()) <= steps.keys()


def test_every_step_says_where_its_facts_come_from_whom_to_ask_and_when_it_is_looked_at_again() -> None:
    for one in steps_of_the_product().values():
        assert one.sources and one.ask and one.need and one.talk, one.id
        assert one.review_by and one.review_by > date(2026, 11, 21), one.id
        assert all(source.address.startswith("http") or source.code == "PLAN" for source in one.sources), one.id


def test_only_the_strategic_plan_has_no_address() -> None:
    without = {source.code for one in steps_of_the_product().values() for source in one.sources if not source.address}
    assert without == {"PLAN"}


def test_a_number_to_ring_stands_only_where_a_source_gives_it() -> None:
    contacts = bank.read(Kind.contact)
    ring = {
        key: one.record.phone for key, one in contacts.items() if isinstance(one.record, Contact) and one.record.phone
    }
    assert ring == {"ncs": "0800 100 900", "nyas": "0808 808 1001", "become": "0800 023 2033"}
    assert all(contacts[key].record.sources for key in ring)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [Kind.step, Kind.contact])
def test_every_text_a_young_person_reads_is_there_in_every_language(kind: Kind, language: str) -> None:
    for key, one in bank.read(kind).items():
        wanted = {path for path, _text, mark in one.record.texts() if mark.for_children}
        assert wanted <= one.translations[language].keys(), key
        assert all(text.quality == "draft-machine" for text in one.translations[language].values())
        assert one.translations[language].keys() <= {path for path, _text, _mark in one.record.texts()}, key


def test_an_arrow_to_nowhere_and_one_to_itself_are_refused() -> None:
    found = said(step("y7-explore", "y7-explore", "gone"))
    assert "y7-explore: leads to itself" in found
    assert "y7-explore: leads to gone, and there is no such step" in found


def test_a_step_nobody_can_reach_is_refused() -> None:
    assert said(step("y7-explore", "b"), step("b", ends=True), step("island", "b")) == [
        "island: cannot be reached from any beginning"
    ]
    assert set(BEGINNINGS) <= steps_of_the_product().keys()


def test_a_step_with_no_way_on_is_refused_unless_the_content_says_that_it_may_end() -> None:
    assert said(step("y7-explore")) == ["y7-explore: has no way on, and does not say that it may end here"]
    assert said(step("y7-explore", ends=True)) == []


def test_a_circle_is_refused_unless_the_content_says_that_life_goes_round() -> None:
    assert said(step("y7-explore", "b"), step("b", "c"), step("c", "b")) == [
        "b: leads round in a circle without saying so: b → c → b"
    ]
    assert said(step("y7-explore", "b"), step("b", "c"), step("c", ("b", "restart"))) == []
    again = step("c", leads_to=[{"to": "b", "kind": "next", "round": True}])
    assert said(step("y7-explore", "b"), step("b", "c"), again) == []


def test_two_arrows_to_one_step_are_refused() -> None:
    assert said(step("y7-explore", "b", ("b", "top_up")), step("b", ends=True)) == [
        "y7-explore: has two arrows: there are two with this id"
    ]


def test_whom_nobody_knows_and_help_that_there_is_not_are_refused() -> None:
    one = step("y7-explore", ends=True, ask=["pa", "nobody"], help=["pep", "gold"])
    assert said(one) == ["y7-explore: asks nobody, and there is no such contact"]
    assert "y7-explore: names the help gold, and there is none" in said(one, entitlements={"pep"})


def test_a_summary_that_is_too_hard_is_refused_and_a_rather_hard_one_is_remarked_on() -> None:
    hard = "Organisational procedures necessitate comprehensive multidisciplinary consideration of alternatives."
    assert "too hard to read" in said(step("y7-explore", ends=True, summary=hard))[0]
    rather = check_texts(step("y7-explore", summary="You visit a university, meet students and see what it is like."))
    assert [one.stops for one in rather] == [False]


def test_what_is_not_certain_and_html_never_reach_a_page_but_may_stand_in_a_note_for_staff() -> None:
    assert said(step("y7-explore", ends=True, need=[f"A place ({NOT_CERTAIN})"]))
    assert said(step("y7-explore", ends=True, summary="<script>alert(1)</script> You go."))
    assert said(step("y7-explore", ends=True, staff=f"Who knows - {NOT_CERTAIN}.")) == []


def test_two_steps_with_one_id_are_refused(tmp_path: Path) -> None:
    one = "- {id: y7-explore, title: a, summary: b, stage: ks3, years: [Y7], ages: '11', tags: [], need: [], "
    one += "leads_to: [], ask: [pa]}\n"
    (tmp_path / "steps.yaml").write_text(one * 2, encoding="utf-8")
    with pytest.raises(bank.BankError, match="used twice"):
        bank.read(Kind.step, tmp_path)
    assert [one.key for one in same_id_twice(["a", "b", "a"])] == ["a"]


@pytest.mark.parametrize(
    "changes",
    [{"stage": "year 14"}, {"title": "x" * 61}, {"id": "Has Spaces"}, {"ask": []}, {"colour": "red"}],
    ids=["an unknown stage", "a title too long", "a bad id", "nobody to ask", "a field we do not know"],
)
def test_a_record_that_is_not_as_it_must_be_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        step(changes.pop("id", "y7-explore"), ends=True, **changes)
