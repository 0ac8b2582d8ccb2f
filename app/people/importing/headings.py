"""The columns of an import, and how the headings of a file are matched to them.

A heading may be written with capitals, spaces, hyphens or underscores; anything else must be a column we know. We never guess: an
unknown heading is refused with the nearest one that we know.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence

from app.people.importing.cells import FileRefused
from app.people.models import Role

CHILD_COLUMNS = (
    "council_person_id",
    "preferred_name",
    "year_group",
    "language",
    "flags",
    "care",
    "school",
    "place",
)
PEP_COLUMNS = ("pep_id", "pep_term", "pep_meeting_on", "pep_deadline_on")
# The groups of columns about an adult. A child may have two carers; both are in the role of carer.
GROUPS: dict[str, Role] = {
    "carer": Role.carer,
    "carer2": Role.carer,
    "key_worker": Role.key_worker,
    "designated_teacher": Role.designated_teacher,
    "social_worker": Role.social_worker,
    "iro": Role.iro,
    "personal_adviser": Role.personal_adviser,
    "virtual_school": Role.virtual_school,
}
PARTS = ("name", "email", "from", "to")
COLUMNS = CHILD_COLUMNS + PEP_COLUMNS + tuple(f"{group}_{part}" for group in GROUPS for part in PARTS)


def _plain(heading: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", heading).casefold() if letter.isalnum())


_BY_PLAIN = {_plain(column): column for column in COLUMNS}


def matched(headings: Sequence[str]) -> list[str]:
    """Return the column of each heading. Raises FileRefused, naming everything that is wrong at once."""
    problems: list[str] = []
    found: list[str] = []
    for place, heading in enumerate(headings, start=1):
        column = _BY_PLAIN.get(_plain(heading))
        if column is None:
            problems.append(_unknown(heading))
        elif column in found:
            problems.append(f"'{heading}' (column {place}) stands there twice.")
        else:
            found.append(column)
    if not problems and not {"council_person_id", "pep_id"} & set(found):
        problems.append("There is neither a column council_person_id nor pep_id, so no child could be found again.")
    if problems:
        raise FileRefused(" ".join(problems))
    return found


def _unknown(heading: str) -> str:
    plain = _plain(heading)
    words = re.split(r"[\s_-]+", heading.casefold())
    if len(words) > 1 and words[-1] in PARTS:
        roles = {_plain(group): group for group in GROUPS}
        near = difflib.get_close_matches(plain.removesuffix(words[-1]), roles, n=1, cutoff=0.7)
        own = difflib.get_close_matches(plain, [_plain(column) for column in CHILD_COLUMNS], n=1, cutoff=0.7)
        if near:
            return f"We know no column '{heading}'. Do you mean '{roles[near[0]]}_{words[-1]}'?"
        if not own:
            return f"We know no role in the heading '{heading}'. The roles are {', '.join(GROUPS)}."
    nearest = difflib.get_close_matches(plain, _BY_PLAIN, n=1, cutoff=0.6)
    hint = f"Do you mean '{_BY_PLAIN[nearest[0]]}'?" if nearest else "docs/import.md lists the columns."
    return f"We know no column '{heading}'. {hint}"
