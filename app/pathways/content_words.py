"""What the editor's forms call each field, and the hint above it."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from app.pathways.content_labels import LABELS
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
    return str(LABELS[name]) if name in LABELS else name.replace("_", " ").capitalize()


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
    "post18": lambda: _("18 and over"),
    "invited": lambda: _("Those invited"),
    "yes": lambda: _("Yes"),
    "no": lambda: _("No"),
    "unknown": lambda: _("Not known: ask"),
}


def value_words(value: str) -> str:
    """Return what a choice is called; codes without a name are shown with spaces."""
    if value == "R":
        # TRANSLATORS: to staff: the first school year, before Year 1
        return _("Reception")
    if value[:1] == "Y" and value[1:].isdecimal():
        return _("Year %(number)s", number=value[1:])
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
