"""What the editor's forms call each field, and the hint above it."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from app.pathways.models import Kind, Stage


def kind_words(kind: str) -> str:
    """Return what one thing of a kind is called, to an editor."""
    return {
        # TRANSLATORS: to staff; the five kinds of content they can edit
        Kind.step: _("Step"),
        Kind.entitlement: _("Entitlement"),
        Kind.contact: _("Contact"),
        Kind.opportunity: _("Opportunity"),
        Kind.event: _("University event"),
    }[Kind(kind)]


def stage_words(stage: str) -> str:
    """Return where a version is, to an editor."""
    return {
        # TRANSLATORS: to staff; where a version of some content is
        Stage.draft: _("Draft"),
        Stage.waiting: _("Waits for a second person"),
        Stage.published: _("Published"),
        Stage.dropped: _("Older draft"),
    }[Stage(stage)]


def label_of(kind: Kind, name: str) -> str:
    """Return the label of a box; a field that is new has its own name."""
    if (kind, name) in ((Kind.opportunity, "plain"), (Kind.event, "plain")):
        # TRANSLATORS: label of a box, to staff: a few sentences that a child can read
        return _("What it is, in plain words")
    return _labels().get(name) or name.replace("_", " ").capitalize()


def _labels() -> dict[str, str]:
    return {
        "id": _("Short name in the address"),
        "title": _("Title"),
        "summary": _("What it is, in one sentence"),
        "plain": _("In plain words"),
        "stage": _("Where on the map"),
        "years": _("School years"),
        "ages": _("Ages, in words"),
        "level": _("Level"),
        "tags": _("For whom"),
        "need": _("What you need"),
        "how_long": _("How long it takes"),
        "day": _("A day, as an example"),
        "leads_to": _("Where it leads"),
        "help": _("Money and help"),
        "ask": _("Who to ask"),
        "sources": _("Sources"),
        "review_by": _("Look at it again by"),
        "staff": _("Notes for staff"),
        "talk": _("How to talk about this"),
        "help_kind": _("What kind of help"),
        "amount": _("How much"),
        "amount_year": _("Which year the sum is for"),
        "amount_until": _("The sum is shown until"),
        "rule": _("Who can get it (the rule)"),
        "evidence": _("What to bring"),
        "who": _("Who to ask"),
        "grade": _("How sure the source is"),
        "phone": _("Phone"),
        "address": _("Web address"),
        "hours": _("When they are there"),
        "type": _("What kind"),
        "provider": _("Who offers it"),
        "provider_group": _("From the council or outside"),
        "contact_role": _("Who helps with it"),
        "ring_fenced": _("Kept for"),
        "place_text": _("Where"),
        "travel_hint": _("How to get there"),
        "how_to_ask": _("How to ask for it"),
        "online": _("Online"),
        "opens_at": _("Opens"),
        "closes_at": _("Closes"),
        "starts_at": _("Starts"),
        "ends_at": _("Ends"),
        "places": _("Places in all"),
        "places_left": _("Places left"),
        "pay_text": _("Pay by the hour"),
        "pay_year": _("Which year the pay is for"),
        "needs_right_to_work": _("Needs the right to work"),
        "min_age": _("Youngest age"),
        "max_age": _("Oldest age"),
        "year_groups": _("School years"),
        "topics": _("Topics"),
        "pathway_ids": _("Steps it belongs to"),
        "visibility": _("Who sees it"),
        "host": _("Who holds it"),
        "online_link": _("Link, for those who are booked"),
        "capacity": _("Places"),
        "carer_place": _("A carer may come"),
        "travel_help": _("Help with travel"),
        "food": _("Food"),
        "quiet_space": _("A quiet room"),
        "languages": _("Languages"),
        "access_notes": _("Getting in and about"),
    }


def hint_of(part: str, name: str, columns: tuple[str, ...]) -> str:
    """Return the hint above a box; empty where the label says enough."""
    if name == "id":
        return _("Leave it empty: we make it from the title. It never changes afterwards.")
    if name in ("summary", "plain"):
        return _("Short words, as to a ten-year-old. The year beside every sum.")
    hints = {
        "lines": _("One on each line."),
        "codes": _("One on each line, or with commas between."),
        # TRANSLATORS: %(columns)s are names such as 'code | address | checked'
        "rows": _("One on each line: %(columns)s", columns=" | ".join(columns)),
        "rule": _("A rule as in the handbook, in YAML."),
        "moment": _("The time here, as on the clock on the wall."),
    }
    return hints.get(part, "")


_VALUES_FOR: dict[str, Callable[[], str]] = {
    "pcc": lambda: _("The council"),
    "external": lambda: _("Outside the council"),
    "none": lambda: _("Nobody: open to all"),
    "care_leavers": lambda: _("Care leavers"),
    "ucic": lambda: _("UCiC"),
    "care_experienced": lambda: _("Everyone with time in care"),
    "public": lambda: _("Everybody"),
    "signed_in": lambda: _("Young people who are signed in"),
    "invited": lambda: _("Those invited"),
    "yes": lambda: _("Yes"),
    "no": lambda: _("No"),
    "unknown": lambda: _("Not known: ask"),
}


def value_words(value: str) -> str:
    """Return what a choice is called; codes without a name are shown with spaces."""
    found = _VALUES_FOR.get(value)
    return found() if found else value.replace("_", " ").replace("-", " ").capitalize() if value.islower() else value


def why_words(why: str) -> str:
    """Return why something has to be looked at again, to an editor."""
    return {
        # TRANSLATORS: to staff: why some content has to be looked at again
        "review": _("Its day to be looked at has passed"),
        "sum": _("The sum is of an earlier year and is hidden"),
        "source": _("Nobody has looked at its source for a year"),
        "over": _("It is over, and is in no list any more"),
        "translation": _("The English has changed since it was translated"),
    }[why]


WORDS: dict[str, Callable[..., str]] = {
    "kind_words": kind_words,
    "stage_words": stage_words,
    "value_words": value_words,
    "why_words": why_words,
}
