"""Every page there is, who opens it, and how to find the ids in its address. A new page is a new line here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.visitors import Visitor
from tests.browser.walking import begin, make_a_wish, press, press_next, response_on, say, today

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
        "/dropins/b/nobody-has-this-link",
        "/demo/messages",
        "/carer/sign-in",
        "/carer/guides/what-is-a-pep",
        "/carer/guides/how-you-can-help",
        "/advice",
        "/advice/asked",
        "/advice/summary",
        "/pathways/",
        "/pathways/?from=y9",
        "/pathways/?from=y12",
        "/pathways/he-taster",
        "/pathways/compare",
        "/pathways/compare?one=p16-a-level&other=app-l2-l3",
        "/pathways/what-can-i-get",
        "/opportunities/",
        "/opportunities/demo-bakery-days",
        "/opportunities/demo-first-campus-day",
        "/opportunities/demo-bakery-days/poster",
        "/opportunities/offer",
        "/opportunities/offer/sent",
        "/dropins/",
        "/dropins/calendar",
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
        "/mine/peps/{pep}/page",
        "/my-meeting",
        "/my-meeting/cards",
        "/voice/{sent}/wish/mt-not-miss",
        "/wishes/new",
        "/wishes/{wish}",
        "/opportunities/",
        "/opportunities/demo-bakery-days",
        "/opportunities/demo-first-campus-day",
        "/opportunities/demo-taster-full",
        "/opportunities/mine",
        "/my-route",
        "/my-route/share",
        "/my-route/wish",
        "/pathways/app-l2-l3",
        "/my-bookings",
        "/my-bookings/{booking}",
        "/my-bookings/{booking}/card",
        "/my-bookings/{booking}/change",
        "/my-bookings/{booking}/remind",
        "/dropins/{dropin}/book",
        "/help",
    ),
    "primary_child": (
        "/home",
        "/voice/",
        "/voice/{response}/",
        "/voice/{response}/check",
        "/my-meeting",
        "/my-meeting/cards",
        "/wishes/new",
        "/help",
    ),
    "post16_young_person": ("/opportunities/demo-talk-been", "/opportunities/demo-mentor", "/opportunities/mine"),
    "care_leaver": (
        "/home",
        "/voice/",
        "/mine",
        "/my-meeting",
        "/wishes/new",
        "/pathways/what-can-i-get",
        "/opportunities/",
        "/opportunities/demo-council-apprentice",
        "/dropins/",
        "/dropins/{dropin}",
        "/my-steps",
        "/my-steps/how/{check}",
    ),
    "carer": (
        "/home",
        "/carer/",
        "/voice/{about}/",
        "/voice/{about}/car-learning-home",
        "/voice/{about}/car-works",
        "/voice/{about}/check",
        "/voice/{about}/check/car-proud",
        "/voice/{told}/check",
        "/voice/{told}/sent",
        "/staff/peps/{pep}",
        "/staff/peps/{pep}/text",
        "/staff/wishes",
        "/opportunities/demo-first-campus-day",
        "/mine",
        "/help",
    ),
    "key_worker": ("/home", "/carer/", "/staff/wishes", "/opportunities/demo-taster-full"),
    "personal_adviser": (
        "/staff/opportunities",
        "/staff/opportunities/interest",
        "/opportunities/demo-council-apprentice",
    ),
    "designated_teacher": (
        "/home",
        "/staff/young-people",
        "/staff/young-people/{young_person}",
        "/staff/young-people/{young_person}/template",
        "/beside/{young_person}",
        "/staff/peps/{pep}",
        "/staff/peps/{pep}/print",
        "/staff/peps/{pep}/text",
        "/staff/peps/{pep}/meeting",
        "/staff/peps/{pep}/meeting/day",
        "/staff/peps/{pep}/meeting/cards",
        "/staff/peps/{pep}/meeting/decisions",
        "/staff/peps/{pep}/meeting/close",
        "/staff/peps/{held}",
        "/staff/peps/{held}/text",
        "/staff/peps/{held}/meeting",
        "/staff/peps/{held}/meeting/cards",
        "/staff/peps/{held}/meeting/decisions",
        "/staff/peps/{held}/meeting/close",
        "/staff/peps/{held}/meeting/page",
        "/staff/peps/{held}/wishes/{said}",
        "/staff/wishes",
        "/staff/wishes/{wish}",
        "/staff/young-people/{young_person}/paper",
        "/staff/peps/{pep}/paper",
        "/staff/paper/{paper}",
        "/staff/help-contacts",
        "/staff/design",
        "/staff/languages",
        "/mine",
        "/pathways/ucic-status",
        "/pathways/compare?one=he-degree&other=app-higher-degree",
    ),
    "virtual_school": (
        "/home",
        "/staff/messages",
        "/staff/help-contacts/{contact}",
        "/staff/nobody-silent",
        "/staff/nobody-silent/meetings",
        "/staff/wishes/list/waiting",
        "/staff/evidence/heard",
        "/staff/evidence/events",
        "/staff/carer-network",
        "/staff/advice",
        "/staff/dropins/new-faces",
        "/staff/dropins/calls",
        "/staff/young-people/{visitor}/dropins/apart",
        "/staff/wishes",
        "/staff/opportunities",
        "/staff/opportunities/interest",
        "/staff/opportunities/postings",
        "/staff/events/demo-talk-been",
        "/opportunities/demo-taster-full",
        "/staff/content",
        "/staff/content/stale",
        "/staff/content/links",
        "/staff/content/opportunity/new",
        "/staff/content/entitlement/new",
        "/staff/content/step/y7-explore",
        "/staff/content/step/y7-explore/preview",
        "/staff/content/event/demo-taster-full/preview",
        "/staff/content/entitlement/pep/preview",
        "/staff/content/step/y7-explore/history",
        "/staff/content/step/y7-explore/words/ar",
        "/staff/dropins",
        "/staff/dropins/new",
        "/staff/dropins/{session}",
        "/staff/dropins/{session}/places",
        "/staff/dropins/{session}/edit",
        "/staff/dropins/{session}/cancel",
        "/staff/dropins/{session}/poster",
        "/staff/dropins/series/{row}",
        "/staff/dropins/copy",
        "/staff/dropins/venues",
        "/staff/dropins/venues/new",
        "/staff/dropins/venues/{venue}",
        "/staff/dropins/calendar",
        "/staff/dropins/poster",
        "/staff/dropins/today",
        "/staff/dropins/arrive/{booking}",
        "/staff/dropins/{running}/walk-in",
        "/staff/dropins/{running}/screen",
        "/staff/dropins/visits/{face}",
        "/staff/dropins/visits/{face}/who",
        "/staff/dropins/visits/{visit}",
        "/staff/dropins/visits/{visit}/team",
        "/staff/young-people/{visitor}/dropins",
        "/staff/dropins/outcomes",
        "/staff/dropins/stories",
        "/staff/evidence/drop-ins",
    ),
    "participation_worker": ("/home", "/staff/languages", "/staff/plain-words/list"),
}
# What is printed for a child stands in the child's language, whoever prints it.
IN_THE_CHILDS_LANGUAGE = frozenset({"/staff/peps/{pep}/paper", "/staff/peps/{held}/meeting/page"})
CHILDREN = frozenset({"secondary_child", "primary_child", "post16_young_person", "care_leaver"})

# What answers to GET and is no page of its own: machines, steps that only lead on, and the piece of a page that an open page
# asks for each second; that piece is looked at where it stands, in test_the_day_of_a_meeting_can_be_read_and_used.
NO_PAGES = frozenset(
    {
        "static",
        "core.healthz",
        "core.readyz",
        "safeguarding.leave",
        "people.oidc_start",
        "people.oidc_back",
        "people.more_time",
        "pep.signals",
        "feeds.pep_records",
        "feeds.pep",
        "feeds.openapi",
    }
)
# Files that a browser saves and does not show: a ZIP, PDFs, a text, a day for a calendar. There is no page to look at.
DOWNLOADS = frozenset(
    {
        "booking.calendar",
        "home.keepsake",
        "home.meeting_file",
        "pep.pdf",
        "pep.ready_text_file",
        "voice.paper_pdf",
        "voice.paper_photo",
        "voice.my_paper_photo",
        "editing.export",
        "dropins.one_file",
        "dropins.whole_file",
        "dropins.staff_feed",
        "insight.drop_ins_file",
    }
)
# Pages in the middle of a walk, looked at by tests of their own in test_every_page.py.
ON_THE_WAY = frozenset(
    {
        "people.sign_in_code",
        "people.unlock",
        "people.carer_code",
        "booking_new.book_as_new",
        "booking_link.other",
        "booking_for.book_for",
        "booking_for.card_for",
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
    """Answer two questions, one of them at length, say a wish, and find the rest."""
    response = begin(visitor.page)
    visitor.go(f"/voice/{response}/sec-how")
    say(visitor.page, "")
    press_next(visitor.page)
    say(visitor.page, f"{LONG_WORD} https://example.org/{'a-long-address/' * 6} أنا فخور جدًا بنفسي")
    press_next(visitor.page)
    visitor.go("/voice/").locator("main a[href$='/check']").last.click()
    visitor.page.wait_for_url("**/check")
    sent = response_on(visitor.page)
    make_a_wish(visitor.page, f"I need a key for the music room, {LONG_WORD}")
    visitor.go("/my-route/share")
    press(visitor.page, "main form .button")
    return {
        "response": response,
        "sent": sent,
        "reader": visitor.find_id("/seen-by/", f"/voice/{response}/check"),
        "pep": visitor.find_id("/mine/peps/", "/home"),
        "wish": visitor.find_id("/wishes/0", "/home"),
        "booking": visitor.find_id("/my-bookings/", "/my-bookings"),
        "dropin": visitor.find_id("/dropins/0", "/dropins/", which=1),
    }


def young_child(visitor: Visitor) -> dict[str, str]:
    """Begin the questions."""
    return {"response": begin(visitor.page)}


def carer(visitor: Visitor) -> dict[str, str]:
    """Go on with what was begun about one child, and find what was sent about another."""
    told = visitor.find_id("/check", "/home")
    pep = visitor.find_id("/staff/peps/", "/home")
    press(visitor.page, "form[action$='/start'] .button")
    about = response_on(visitor.page)
    return {"about": about, "told": told, "pep": pep}


def teacher(visitor: Visitor) -> dict[str, str]:
    """Open the first young person and their PEP, print their paper, and lift a wish from what another said last term."""
    young_person = visitor.find_id("/staff/young-people/", "/staff/young-people")
    pep = visitor.find_id("/staff/peps/", f"/staff/young-people/{young_person}")
    visitor.go(f"/staff/young-people/{young_person}/paper")
    press(visitor.page, "main form .button")
    paper = visitor.find_id("/staff/paper/", f"/staff/young-people/{young_person}/paper")
    visitor.go("/staff/young-people").locator("main a", has_text="Robin").first.click()
    visitor.page.wait_for_load_state()
    held = visitor.find_id("/staff/peps/", visitor.page.url, which=1)
    said = visitor.find_id(f"/staff/peps/{held}/wishes/", f"/staff/peps/{held}")
    visitor.go(f"/staff/peps/{held}/wishes/{said}")
    press(visitor.page, "main form .button")
    wish = visitor.find_id("/staff/wishes/", "/staff/wishes")
    return {"young_person": young_person, "pep": pep, "paper": paper, "held": held, "said": said, "wish": wish}


def virtual_school(visitor: Visitor) -> dict[str, str]:
    """Put a date and a family's question where they are listed, and find one number of the help page."""
    page = visitor.go("/staff/carer-network")
    for name, value in (("day", "3"), ("month", "12"), ("year", str(today().year + 1)), ("place", LONG_WORD)):
        page.locator(f"main [name={name}]").fill(value)
    press(page, "main form .button")
    page = visitor.go("/advice")
    page.locator("main label[for^=topic]").first.click()
    page.locator("main [name=contact]").fill("willow@example.org")
    page.locator("main [name=words]").fill(f"How do we ask for a meeting? {LONG_WORD}")
    page.locator("main label:has([name=agreed]), main label[for^=agreed]").first.click()
    press(page, "main form .button")
    return {
        "contact": visitor.find_id("/staff/help-contacts/", "/staff/help-contacts"),
        "session": visitor.find_id("/staff/dropins/0", "/staff/dropins", which=2),
        "row": _row(visitor),
        "venue": visitor.find_id("/staff/dropins/venues/0", "/staff/dropins/venues"),
        **at_a_drop_in(visitor),
    }


def at_a_drop_in(visitor: Visitor) -> dict[str, str]:
    """Let one person walk in without a record, and write the note of another who was booked."""
    today = "/staff/dropins/today"
    running = visitor.find_id("/walk-in", today)
    page = visitor.go(f"/staff/dropins/{running}/walk-in")
    page.locator("main [name=first_name]").fill(LONG_WORD[:40])
    page.locator("main form .button").last.click()
    page.wait_for_url(f"**{today}")
    face = visitor.find_id("/staff/dropins/visits/", today)
    here = page.locator("main form[action$='/here']").first
    booking = str(here.get_attribute("action")).split("/")[-2]
    here.locator(".button").click()
    page.locator(f"main form[action$='/{booking}/visit'] .button").first.click()
    page.wait_for_url("**/staff/dropins/visits/**")
    visit = page.url.split("/")[-1]
    page.locator("main label[for=eet_now-work]").click()
    page.locator("#talked").fill("You want to work with animals.")
    page.locator("#own_words").fill(LONG_WORD)
    page.locator("#step1_words").fill("I will ask the vet for a day")
    page.locator("main form.turned > p .button").click()
    page.locator("main article.sheet-of-one").wait_for()
    person = visitor.find_id("/staff/young-people/", f"/staff/dropins/visits/{visit}")
    return {"running": running, "face": face, "booking": booking, "visit": visit, "visitor": person}


def _row(visitor: Visitor) -> str:
    """Find the row of a session that repeats: the third one in the list, after what runs now."""
    session = visitor.find_id("/staff/dropins/0", "/staff/dropins", which=2)
    return visitor.find_id("/staff/dropins/series/", f"/staff/dropins/{session}")


def care_leaver(visitor: Visitor) -> dict[str, str]:
    """Find a drop-in, and the question how it goes."""
    dropin = visitor.find_id("/dropins/0", "/dropins/", which=1)
    asked = visitor.go("/my-steps").locator("main form[action*='/my-steps/how/']").first
    return {"dropin": dropin, "check": str(asked.get_attribute("action")).split("/")[-1]}


FINDERS: dict[str, Callable[[Visitor], dict[str, str]]] = {
    "secondary_child": child,
    "primary_child": young_child,
    "care_leaver": care_leaver,
    "carer": carer,
    "designated_teacher": teacher,
    "virtual_school": virtual_school,
}


def sample(place: str) -> str:
    """Return an address of this shape, for looking up which route it is."""
    return re.sub(r"\{\w+\}", "01a00000-0000-7000-8000-000000000000", place.partition("?")[0])
