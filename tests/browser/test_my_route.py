"""My route on a phone, and an editor who publishes an apprenticeship from one."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Arrive
from tests.browser.walking import press
from tools.demo_house import House

pytestmark = pytest.mark.browser


def test_a_young_person_says_what_they_think_of_a_step_and_puts_their_route_into_their_pep(
    own_house: House, arrive: Arrive
) -> None:
    visitor = arrive(own_house)
    visitor.sign_in("secondary_child")
    page = visitor.go("/pathways/app-l2-l3")
    page.locator("#feel-thinking").click()
    expect(page.locator("#feel-thinking[aria-pressed=true]")).to_be_focused()
    assert page.url.endswith("/pathways/app-l2-l3")  # changed in place
    page.locator("#feel-undo").click()
    expect(page.locator("#feel-want[aria-pressed=true]")).to_be_visible()
    page = visitor.go("/my-route")
    page.locator("#pep a.button").first.click()
    expect(page.locator(".said .words")).to_contain_text("trains")
    press(page, ".dock .button")
    page.wait_for_url("**/my-route#pep")
    expect(page.locator("#pep .words")).to_contain_text("trains")


def test_an_editor_writes_an_apprenticeship_in_a_few_steps_and_another_publishes_it(
    own_house: House, arrive: Arrive
) -> None:
    visitor = arrive(own_house)
    page = visitor.sign_in_as_worker("virtual_school")
    steps = 0
    for link in (page.locator("a[href='/staff/content']"), page.get_by_role("link", name="New opportunity")):
        link.first.click()
        steps += 1
    page.wait_for_url("**/staff/content/opportunity/new")
    boxes = page.locator("form.editing > .field :is(input, select, textarea):visible")
    assert boxes.count() == 6  # the rest is folded away
    for name, words in (
        ("title", "Kitchen apprentice"),
        ("plain", "You learn to cook, and you are paid."),
        ("provider", "City kitchens"),
        ("closes_at", "2099-01-31T17:00"),
    ):
        page.locator(f"[name={name}]").fill(words)
        steps += 1
    page.get_by_role("button", name="Hand on to a second person").click()
    steps += 1
    page.wait_for_url("**/staff/content/opportunity/kitchen-apprentice")
    assert steps <= 7
    second = arrive(own_house)
    page = second.sign_in_as_worker("second_editor")
    second.go("/staff/content/opportunity/kitchen-apprentice")
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url("**/staff/content#opportunity")
    expect(page.get_by_role("link", name=re.compile("Kitchen apprentice"))).to_be_visible()
