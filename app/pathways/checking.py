"""Whether the steps make a map: looked at by a test for what comes with the product, and by the editor before a publication.

Each problem is one plain sentence for an editor. A warning says what could be better and stops nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from app.pathways.records import NOT_CERTAIN, Record, Step
from app.wishes.plainness import reading_grade

# Where somebody can begin (handbook, pathways 1.2): every step can be reached from one of them.
BEGINNINGS = ("y7-explore", "ucic-arrive", "neet-16-17", "neet-18-25")
# Flesch-Kincaid grades of what a child reads first (handbook, pathways 1.9).
TOO_HARD = 8.0
RATHER_HARD = 6.0
_READ_FIRST = ("summary", "plain")
_MARKUP = re.compile(r"</?[a-z!][^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """What somebody should put right in one record. ``stops``: it is not published like this."""

    key: str
    says: str
    stops: bool = True


def check_map(
    steps: Mapping[str, Step], *, contacts: Collection[str], entitlements: Collection[str] = ()
) -> list[Finding]:
    """Return what is wrong with the map as a whole and with each of its steps; empty when it is sound.

    ``entitlements`` are the ids that ``help`` may name; with none given, what it names is not looked at.
    """
    found: list[Finding] = []
    for step in steps.values():
        found += check_texts(step)
        found += _arrows(step, steps)
        found += [
            Finding(step.id, f"asks {role}, and there is no such contact") for role in step.ask if role not in contacts
        ]
        if entitlements:
            found += [
                Finding(step.id, f"names the help {one}, and there is none")
                for one in step.help
                if one not in entitlements
            ]
    found += [Finding(key, "cannot be reached from any beginning") for key in steps if key not in _reached(steps)]
    found += [
        Finding(circle[0], f"leads round in a circle without saying so: {' → '.join(circle)}")
        for circle in _circles(steps)
    ]
    return found


def check_texts(record: Record) -> list[Finding]:
    """Return what is wrong with the words of one record of any kind."""
    found = []
    for path, words, mark in record.texts():
        if NOT_CERTAIN in words.lower():
            found.append(Finding(record.id, f"{path} says '{NOT_CERTAIN}', and everybody can read it"))
        if _MARKUP.search(words):
            found.append(Finding(record.id, f"{path} holds HTML"))
        if mark.for_children and path in _READ_FIRST:
            grade = reading_grade(words)
            if grade > RATHER_HARD:
                hard = grade > TOO_HARD
                found.append(
                    Finding(record.id, f"{path} is {'too' if hard else 'rather'} hard to read ({grade:.1f})", hard)
                )
    return found


def same_id_twice(ids: Iterable[str]) -> list[Finding]:
    """Return a finding for each id that stands more than once."""
    seen: set[str] = set()
    twice = dict.fromkeys(one for one in ids if one in seen or seen.add(one))  # type: ignore[func-returns-value]
    return [Finding(one, "there are two with this id") for one in twice]


def _arrows(step: Step, steps: Mapping[str, Step]) -> list[Finding]:
    found = []
    for arrow in step.leads_to:
        if arrow.to == step.id:
            found.append(Finding(step.id, "leads to itself"))
        elif arrow.to not in steps:
            found.append(Finding(step.id, f"leads to {arrow.to}, and there is no such step"))
    found += [Finding(step.id, f"has two arrows: {one.says}") for one in same_id_twice(a.to for a in step.leads_to)]
    if not step.leads_to and not step.ends:
        found.append(Finding(step.id, "has no way on, and does not say that it may end here"))
    return found


def _reached(steps: Mapping[str, Step]) -> set[str]:
    reached: set[str] = set()
    waiting = [key for key in BEGINNINGS if key in steps]
    while waiting:
        key = waiting.pop()
        if key not in reached:
            reached.add(key)
            waiting += [arrow.to for arrow in steps[key].leads_to if arrow.to in steps]
    return reached


def _circles(steps: Mapping[str, Step]) -> list[list[str]]:
    """Return circles of plain ``next`` arrows.

    Life goes round, and the map may: through any other kind of arrow, or a ``next`` that says ``round``. What is left is most
    likely a slip of the pen.
    """
    plain = {
        key: [arrow.to for arrow in step.leads_to if arrow.kind == "next" and not arrow.round and arrow.to in steps]
        for key, step in steps.items()
    }
    circles: list[list[str]] = []
    done: set[str] = set()

    def walk(key: str, way: list[str]) -> None:
        if key in way:
            circles.append([*way[way.index(key) :], key])
            return
        if key in done:
            return
        for following in plain[key]:
            walk(following, [*way, key])
        done.add(key)

    for key in plain:
        walk(key, [])
    return circles
