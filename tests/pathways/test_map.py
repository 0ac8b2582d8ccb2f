"""What lies ahead, and how it is drawn: calm on a phone, the same steps in every shape, mirrored where a page is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel

from app.pathways import bank, drawing, ways
from app.pathways.drawing import Box, Drawing
from app.pathways.models import Kind
from app.pathways.records import Step
from app.questions.text import Text

STEPS: dict[str, Step] = {key: one.record for key, one in bank.read(Kind.step).items()}  # type: ignore[misc]
TITLES = {key: Text(one.title, "en-GB") for key, one in STEPS.items()}
CODES = [one.code for one in ways.STARTS]


@pytest.fixture(scope="module", autouse=True)
def _in_english() -> Iterator[None]:
    """Headings are in the language of a page: give one, without the rest of the house."""
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context("/"):
        yield


def drawings(code: str, *, mirrored: bool = False) -> list[Drawing]:
    start = ways.find_start(code)
    assert start
    part = ways.ahead(STEPS, start.at)
    return [
        drawing.down(STEPS, part, TITLES, mirrored=mirrored),
        drawing.onwards(STEPS, part, TITLES, mirrored=mirrored),
    ]


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.wide
        and other.x < one.x + one.wide
        and one.y < other.y + other.high
        and other.y < one.y + one.high
    )


def test_from_year_9_there_are_subjects_exams_college_and_a_first_look_at_university() -> None:
    part = ways.ahead(STEPS, ("y9-options",))
    assert [one.key for one in part.seen if one.far < 2] == ["y9-options", "ks4-gcse", "fe-14-16", "he-taster"]
    assert {one.key for one in part.seen if one.far == 2} >= {"y11-apply", "he-apply", "work-experience"}
    assert part.left_out == ()


@pytest.mark.parametrize("code", CODES)
def test_a_picture_has_at_most_twelve_boxes_and_says_what_it_left_out(code: str) -> None:
    start = ways.find_start(code)
    assert start and set(start.at) <= STEPS.keys()
    part = ways.ahead(STEPS, start.at)
    shown = {one.key for one in part.seen}
    assert len(shown) <= ways.MOST_BOXES and not shown & set(part.left_out)
    near = {arrow.to for key in start.at for arrow in STEPS[key].leads_to}
    assert near <= shown | set(part.left_out), "nothing that is one step away is missing"


@pytest.mark.parametrize("mirrored", [False, True], ids=["left to right", "right to left"])
@pytest.mark.parametrize("code", CODES)
def test_no_two_boxes_lie_over_each_other_and_none_leaves_the_picture(code: str, mirrored: bool) -> None:
    for picture in [*drawings(code, mirrored=mirrored), drawing.across(STEPS, TITLES, mirrored=mirrored)]:
        for n, box in enumerate(picture.boxes):
            assert box.x >= 0 and box.x + box.wide <= picture.wide and box.y >= 0 and box.y + box.high <= picture.high
            assert not [other.key for other in picture.boxes[n + 1 :] if overlap(box, other)], box.key
            assert box.high >= 48 and box.wide >= 48, "large enough for a thumb"


def test_the_whole_map_has_every_step_once() -> None:
    whole = drawing.across(STEPS, TITLES, mirrored=False)
    assert sorted(box.key for box in whole.boxes) == sorted(STEPS)
    assert len(whole.ways) == sum(len(one.leads_to) for one in STEPS.values())


def test_a_phone_and_a_wide_page_show_the_same_steps() -> None:
    for code in CODES:
        tree, plan = drawings(code)
        assert {box.key for box in tree.boxes} == {box.key for box in plan.boxes}


def test_right_to_left_is_the_same_picture_in_a_mirror() -> None:
    for plain, mirrored in zip(drawings("y9"), drawings("y9", mirrored=True), strict=True):
        for one, other in zip(plain.boxes, mirrored.boxes, strict=True):
            assert one.key == other.key and one.y == other.y
            assert abs((one.x + other.x + one.wide) - plain.wide) < 0.3
        numbers = [list(map(float, re.findall(r"-?[\d.]+", way.line))) for way in mirrored.ways]
        assert all(-1 <= x <= mirrored.wide + 40 for line in numbers for x in line[:1])


def test_a_title_in_another_language_than_the_page_begins_at_its_own_side() -> None:
    arabic = {**TITLES, "y9-options": Text("اختيار المواد", "ar")}
    part = ways.ahead(STEPS, ("y9-options",))
    boxes = {box.key: box for box in drawing.down(STEPS, part, arabic, mirrored=True).boxes}
    assert (boxes["y9-options"].direction, boxes["y9-options"].anchor) == ("rtl", "start")
    assert (boxes["ks4-gcse"].direction, boxes["ks4-gcse"].anchor) == ("ltr", "end")


def test_every_kind_of_arrow_has_its_own_line_and_only_ways_on_have_a_head() -> None:
    whole = drawing.across(STEPS, TITLES, mirrored=False)
    heads = {kind: any(way.head for way in whole.ways if way.kind == kind) for kind in {way.kind for way in whole.ways}}
    assert heads == {"next": True, "instead": False, "top_up": False, "restart": True, "opens": True}


def test_titles_wrap_and_a_long_word_stands_alone() -> None:
    assert drawing.wrap("English course at college (16 to 18)", 230) == ("English course at college", "(16 to 18)")
    assert drawing.wrap("Donaudampfschifffahrtsgesellschaft ahoy", 80) == ("Donaudampfschifffahrtsgesellschaft", "ahoy")
    assert drawing.wrap("", 80) == ("",)


def test_year_14_is_nowhere_and_years_without_a_start_of_their_own_share_one() -> None:
    assert ways.find_start("y14") is None and ways.start_of_year(14) is None and ways.start_of_year(None) is None
    assert ways.find_start("y8") == ways.find_start("y7") and ways.start_of_year(13) == ways.find_start("y12")
