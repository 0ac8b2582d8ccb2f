"""Where somebody is now, and what lies one or two steps ahead of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from app.pathways.records import LeadsTo, Step

# A picture with more boxes than this is no longer calm on a phone (handbook, pathways 1.10).
MOST_BOXES = 12
FAR = 2
# The columns of the map, each with its stages. What is for any stage stands where it is mostly met, and the choice of a place
# stands behind the lessons that lead to it.
COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("first", ("ks3", "ks3_ks4")),
    ("exams", ("ks4",)),
    ("leaving", ("ks4_p16",)),
    ("sixteen", ("p16",)),
    ("work", ("p16_adult",)),
    ("higher", ("he",)),
    ("adult", ("adult",)),
)
_PLACED = {"ucic-arrive": "first", "ucic-status": "sixteen", "y11-apply": "leaving"}
_BY_STAGE = {stage: column for column, stages in COLUMNS for stage in stages}


@dataclass(frozen=True, slots=True)
class Start:
    """One answer to 'where am I now': its code in the address, and the steps somebody there is at."""

    code: str
    at: tuple[str, ...]


STARTS = (
    Start("y7", ("y7-explore",)),
    Start("y9", ("y9-options",)),
    Start("y10", ("ks4-gcse",)),
    Start("y11", ("y11-apply",)),
    Start("y12", ("p16-a-level", "p16-t-level", "p16-vocational", "p16-level-1-2")),
    Start("neet", ("neet-16-17",)),
    Start("adult", ("job-first", "adult-l2-l3", "return-21-25")),
    Start("neet-18", ("neet-18-25",)),
    Start("new", ("ucic-arrive",)),
)
_SAME = {"y8": "y7", "y13": "y12", "neet-16": "neet"}


@dataclass(frozen=True, slots=True)
class Seen:
    """One step as it is reached: how many steps ahead, from which, by which arrow (None: here somebody is)."""

    key: str
    far: int
    by: str | None = None
    arrow: LeadsTo | None = None


@dataclass(frozen=True, slots=True)
class Ahead:
    """What lies ahead, nearest first, and how many steps had no room in the picture."""

    seen: tuple[Seen, ...]
    left_out: tuple[str, ...] = ()


def start_name(code: str) -> str:
    """Return what a start is called, in the page's language."""
    return {
        # TRANSLATORS: answers to 'Where are you now?': school years in England, for somebody aged 11 to 25
        "y7": _("Year 7 or 8"),
        "y9": _("Year 9"),
        "y10": _("Year 10"),
        "y11": _("Year 11"),
        "y12": _("Year 12 or 13"),
        "neet": _("16 or 17, no place right now"),
        "adult": _("18 or older"),
        "neet-18": _("18 or older, starting again"),
        # TRANSLATORS: for somebody who has come to England not long ago
        "new": _("New to England"),
    }[code]


def column_name(code: str) -> str:
    """Return the heading of a column of the map, in the page's language."""
    return {
        # TRANSLATORS: headings of the map, from school to adult life. Short.
        "first": _("Years 7 to 9"),
        "exams": _("Years 10 and 11"),
        "leaving": _("Before you leave school"),
        "sixteen": _("After Year 11"),
        "work": _("Work and moving on"),
        "higher": _("Higher study"),
        "adult": _("As an adult"),
    }[code]


def far_name(far: int) -> str:
    """Return the heading over what is so many steps ahead, in the page's language."""
    # TRANSLATORS: headings over the columns of a picture of steps: where you are, the next step, the one behind it
    return (_("Now"), _("Next"), _("After that"))[far]


def arrow_means(kind: str) -> str:
    """Return what an arrow means, in words that can follow the name of the step it leads to."""
    return {
        # TRANSLATORS: what an arrow on the map means; each stands behind the name of a step
        "next": _("a usual next step"),
        "instead": _("another choice at the same time"),
        "top_up": _("something you can do as well"),
        # TRANSLATORS: a way to start again when a plan did not work out. A good thing, never a failure.
        "restart": _("a good way to start again if plans change"),
        "opens": _("may open when your papers change"),
    }[kind]


def arrow_short(kind: str) -> str:
    """Return the same in two or three words, for a box of the map; empty for the usual next step."""
    return {
        "next": "",
        # TRANSLATORS: very short, on a box of the map: another choice; beside the rest; starting again; when papers change
        "instead": _("another choice"),
        "top_up": _("as well"),
        "restart": _("a fresh start"),
        "opens": _("when papers change"),
    }[kind]


def find_start(code: str | None) -> Start | None:
    """Return the start with this code, or None."""
    wanted = _SAME.get(code or "", code)
    return next((one for one in STARTS if one.code == wanted), None)


def start_of_year(year_group: int | None) -> Start | None:
    """Return where somebody of a school year is; None below Year 7 or without a year."""
    return find_start(f"y{year_group}") if year_group is not None else None


def column_of(step: Step) -> str:
    """Return in which column of the map a step stands."""
    return _PLACED.get(step.id) or _BY_STAGE.get(step.stage, "sixteen")


def ahead(steps: Mapping[str, Step], at: Iterable[str], most: int = MOST_BOXES) -> Ahead:
    """Return what lies ahead of where somebody is: two steps, usual ones first, as many as the picture has room for."""
    seen = {key: Seen(key, 0) for key in at if key in steps}
    left_out: dict[str, None] = {}
    edge = list(seen)
    for far in range(1, FAR + 1):
        reached: list[str] = []
        for key, arrow in _in_turn(steps, edge):
            if arrow.to in seen or arrow.to not in steps:
                continue
            if len(seen) >= most:
                left_out[arrow.to] = None
                continue
            seen[arrow.to] = Seen(arrow.to, far, key, arrow)
            reached.append(arrow.to)
        edge = reached
    return Ahead(tuple(seen.values()), tuple(left_out))


def _in_turn(steps: Mapping[str, Step], keys: Iterable[str]) -> list[tuple[str, LeadsTo]]:
    """Return the arrows of several steps, all the usual ones before the others, a fresh start last."""
    turn = {"next": 0, "instead": 1, "top_up": 2, "opens": 3, "restart": 4}
    arrows = [(key, arrow) for key in keys for arrow in steps[key].leads_to]
    return sorted(arrows, key=lambda pair: turn[pair[1].kind])
