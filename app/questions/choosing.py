"""Which sets of questions a young person is asked.

By school year, never by date of birth: a recorded birth date may be a notional one, and a teacher or adviser can
choose another set by hand (handbook, section 3, age bands and templates).
"""

from __future__ import annotations

from collections.abc import Collection

AGE_SETS = ("early-years", "primary", "secondary", "post16", "post16-neet")
"""The sets of which everybody is asked one, youngest first."""

CARE_LEAVER = "care_leaver"

AFTER_MEETING = "after-meeting"
"""The set about how the meeting was: asked of everybody, only when it is closed, and for a short while."""


def set_for(
    year_group: int | None,
    care: str,
    flags: Collection[str],
    place: str = "school",
    override: str | None = None,
) -> list[str]:
    """The ids of the sets to ask, in order: one for the age, the UCiC add-on where it applies, and the meeting.

    `care` is `in_care` or `care_leaver`; `flags` may hold `neet` and `ucic`; `place` only counts when the school year
    is not known; `override` is the set that a worker chose instead of the one for the age, and counts for nothing if
    it is not one of `AGE_SETS`.
    """
    for_age = override if override in AGE_SETS else _for_age(year_group, care, flags, place)
    return [for_age, *(["ucic"] if "ucic" in flags else []), "meeting"]


def short_by_default(set_id: str, year_group: int | None) -> bool:
    """Years 1 and 2 begin with the short path of every set, all of primary with that of the meeting, and everybody with that of
    how it was: two minutes are enough."""
    if set_id == AFTER_MEETING:
        return True
    if year_group is None:
        return False
    return year_group <= 6 if set_id == "meeting" else year_group in (1, 2)


def _for_age(year_group: int | None, care: str, flags: Collection[str], place: str) -> str:
    post16 = "post16-neet" if "neet" in flags else "post16"
    if care == CARE_LEAVER:
        return post16
    if year_group is None:
        return _for_place(place, post16)
    if year_group <= 0:
        return "early-years"
    if year_group <= 6:
        return "primary"
    return "secondary" if year_group <= 11 else post16


def _for_place(place: str, post16: str) -> str:
    """Without a school year the place says most; where it says little, secondary suits most who have no year yet."""
    if place == "nursery":
        return "early-years"
    return post16 if place in ("college", "work") else "secondary"
