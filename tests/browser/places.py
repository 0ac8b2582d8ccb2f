"""Every page there is, who opens it, and how to find the ids in its address. A new page is a new line here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.visitors import Visitor
from tests.browser.walking import begin, press_next, response_on, say

LONG_WORD = "Przeciwdeszczowoparasolkowy" * 3

# Names in braces are filled by FINDERS of the persona. Everybody's own pages are looked at by one persona of each kind.
PLACES: dict[str, tuple[str, ...]] = {
    "": (
        "/",
        "/help",
        "/privacy",
        "/accessibility",
        "/sign-in",
        "/go/nobody-has-this-card",
        "/there-is-no-such-page",
        "/demo/messages",
    ),
    "secondary_child": (
        "/home",
        "/voice/",
        "/voice/{response}/",
        "/voice/{response}/sec-how",
        "/voice/{response}/sec-proud",
        "/voice/{response}/sec-strengths",
        "/voice/{response}/sec-support-working",
        "/voice/{response}/sec-belong",
        "/voice/{response}/sec-goal",
        "/voice/{response}/check",
        "/voice/{response}/check/sec-proud",
        "/voice/{response}/seen-by/{reader}",
        "/voice/{sent}/sent",
        "/mine",
        "/mine/peps/{pep}",
        "/help",
    ),
    "primary_child": ("/home", "/voice/", "/voice/{response}/", "/voice/{response}/check", "/help"),
    "care_leaver": ("/home", "/voice/", "/mine"),
    "carer": ("/home", "/mine", "/help"),
    "designated_teacher": (
        "/home",
        "/staff/young-people",
        "/staff/young-people/{young_person}",
        "/staff/young-people/{young_person}/template",
        "/beside/{young_person}",
        "/staff/peps/{pep}",
        "/staff/peps/{pep}/print",
        "/staff/help-contacts",
        "/staff/design",
        "/staff/languages",
        "/mine",
    ),
    "virtual_school": ("/home", "/staff/messages", "/staff/help-contacts/{contact}"),
    "participation_worker": ("/home", "/staff/languages"),
}
CHILDREN = frozenset({"secondary_child", "primary_child", "care_leaver"})

# What answers to GET and is no page of its own: files, machines, steps that only lead on.
NO_PAGES = frozenset(
    {
        "static",
        "core.healthz",
        "core.readyz",
        "safeguarding.leave",
        "people.oidc_start",
        "people.oidc_back",
        "home.keepsake",
        "pep.pdf",
        "feeds.pep_records",
        "feeds.pep",
        "feeds.openapi",
    }
)
# Pages in the middle of a walk, looked at by tests of their own in test_every_page.py.
ON_THE_WAY = frozenset({"people.sign_in_code", "people.unlock"})

# Pages that nobody has looked at here so far: each should move into PLACES. Nothing may be added.
NOT_YET = frozenset(
    {
        "home.advice_asked",
        "home.advice_queue",
        "home.ask_advice",
        "home.carer",
        "home.carer_network",
        "home.education_summary",
        "home.guide",
        "home.meeting_file",
        "home.meetings",
        "home.nobody_silent",
        "people.carer_code",
        "people.carer_sign_in",
        "pep.cards",
        "pep.close",
        "pep.decisions",
        "pep.lift_wish",
        "pep.meeting",
        "pep.meeting_day",
        "pep.my_cards",
        "pep.my_meeting",
        "pep.on_a_page",
        "pep.ready_text",
        "pep.ready_text_file",
        "pep.signals",
        "voice.make_wish",
        "voice.paper",
        "voice.paper_pdf",
        "voice.paper_print",
        "voice.type_paper",
        "wishes.listed",
        "wishes.my_wish",
        "wishes.new",
        "wishes.plain_words",
        "wishes.wish",
    }
)


@dataclass(frozen=True)
class Signed:
    """A persona's browser and the ids that stand in the addresses of their pages."""

    visitor: Visitor
    ids: dict[str, str]

    def address(self, place: str) -> str:
        """Return where a place is for this persona."""
        return place.format(**self.ids)


def child(visitor: Visitor) -> dict[str, str]:
    """Answer two questions, one of them at length, and find the rest."""
    response = begin(visitor.page)
    visitor.go(f"/voice/{response}/sec-how")
    say(visitor.page, "")
    press_next(visitor.page)
    say(visitor.page, f"{LONG_WORD} https://example.org/{'a-long-address/' * 6} أنا فخور جدًا بنفسي")
    press_next(visitor.page)
    visitor.go("/voice/").locator("main a[href$='/check']").last.click()
    visitor.page.wait_for_url("**/check")
    return {
        "response": response,
        "sent": response_on(visitor.page),
        "reader": visitor.find_id("/seen-by/", f"/voice/{response}/check"),
        "pep": visitor.find_id("/mine/peps/", "/home"),
    }


def young_child(visitor: Visitor) -> dict[str, str]:
    """Begin the questions."""
    return {"response": begin(visitor.page)}


def teacher(visitor: Visitor) -> dict[str, str]:
    """Open the first young person and their PEP."""
    young_person = visitor.find_id("/staff/young-people/", "/staff/young-people")
    pep = visitor.find_id("/staff/peps/", f"/staff/young-people/{young_person}")
    return {"young_person": young_person, "pep": pep}


def virtual_school(visitor: Visitor) -> dict[str, str]:
    """Find one number of the help page."""
    return {"contact": visitor.find_id("/staff/help-contacts/", "/staff/help-contacts")}


FINDERS: dict[str, Callable[[Visitor], dict[str, str]]] = {
    "secondary_child": child,
    "primary_child": young_child,
    "designated_teacher": teacher,
    "virtual_school": virtual_school,
}


def sample(place: str) -> str:
    """Return an address of this shape, for looking up which route it is."""
    return re.sub(r"\{\w+\}", "01a00000-0000-7000-8000-000000000000", place)
