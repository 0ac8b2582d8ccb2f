"""What somebody answers on 'What can I get?', and what may follow from it. Lives as long as one request; nothing here is kept.

An answer rarely gives one coded value (handbook, pathways 2): 'in care' at 16 is one of two. So each field gets everything that
it can still be, and a rule that says the same of all of it needs no further question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.pathways.ages import possible_academic_ages
from app.pathways.coded_values import EET_STATUS, ENGLISH_LEVEL, IMMIGRATION, YEARS
from app.pathways.rules import Possible

OLDEST = 99
# What a young person may say of their care, and what it can be: under 16, at 16 and 17, from 18 on.
_LEFT = ("relevant", "qualifying", "previously_in_care")
_LEFT_18 = ("former_relevant", "qualifying", "previously_in_care")
_CARE: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    # Nobody is looked after from their 18th birthday on: who says so is a care leaver.
    "in": (("in_care_u16",), ("in_care_16_17_short", "eligible"), ("former_relevant", "qualifying")),
    "left": (("previously_in_care",), _LEFT, _LEFT_18),
    "other": (("previously_in_care",), ("previously_in_care", "qualifying"), ("previously_in_care", "qualifying")),
    "family": (("kinship",),) * 3,
    "never": (("never",),) * 3,
}
# The one question after it, and what each answer leaves.
_CARE_MORE: Mapping[str, frozenset[str]] = {
    "long": frozenset({"eligible", "relevant", "former_relevant"}),
    "short": frozenset({"in_care_16_17_short", "qualifying"}),
    "before_16": frozenset({"previously_in_care"}),
    "adopted": frozenset({"previously_in_care"}),
    "guardian": frozenset({"qualifying"}),
}
# 'What next' puts that pathway's status in place of the real one (handbook 4.1). Nothing is chosen: the real one stands.
NEXT: Mapping[str, tuple[str, frozenset[str]]] = {
    "he": ("he", frozenset({"he"})),
    "apprenticeship": ("apprenticeship", frozenset({"apprenticeship"})),
    "p16_education": ("p16_education", frozenset({"college"})),
    "training_unpaid": ("training_unpaid", frozenset({"college"})),
    "work": ("work", frozenset({"work"})),
}
NOW = tuple(code for code in EET_STATUS if code != "custody")
TRUTHS = (
    "lives_in_cpca_area",
    "ehcp",
    "is_parent",
    "has_disability_or_condition",
    "has_gcse4_eng_maths",
    "in_pathway_plan",
    "had_app_bursary",
)
CHOICES: Mapping[str, tuple[str, ...]] = {
    "year": YEARS,
    "care": (*_CARE, "unsure"),
    "now": NOW,
    "next": tuple(NEXT),
    "abroad": ("no", "yes", "unsure"),
    "turned": ("yes", "no"),
    "care_more": tuple(_CARE_MORE),
    "status": IMMIGRATION,
    "english_level": ENGLISH_LEVEL,
    "he_course_years": ("1", "2"),
    **dict.fromkeys(TRUTHS, ("yes", "no")),
}
FOLLOW_UPS = ("turned", "care_more", "status")
"""Asked only when an answer calls for them. Present in the form, though empty: asked, and not answered."""
FIELDS = ("age", *CHOICES)


@dataclass(frozen=True, slots=True)
class Answers:
    """One form as it came. ``said`` holds only values that we offered; ``asked`` the names that the form held."""

    said: Mapping[str, str]
    asked: frozenset[str]
    age: int | None = None
    age_typed: str = ""

    @property
    def age_is_odd(self) -> bool:
        """True when something stands in the box that is no age."""
        return bool(self.age_typed) and self.age is None

    @property
    def nothing_said(self) -> bool:
        """True when no question was answered at all."""
        return not self.said and not self.age_typed

    @property
    def more_said(self) -> bool:
        """True when one of the small questions was answered."""
        return any(name in self.said for name in (*TRUTHS, "english_level", "he_course_years"))


def read(form: Mapping[str, str]) -> Answers:
    """Return the answers in a form. A value that we never offered counts as not answered."""
    said = {name: form[name] for name, values in CHOICES.items() if form.get(name) in values}
    if form.get("year") == "Y14":
        # A third year after Year 11: for every rule it is after Year 13.
        said["year"] = "post18"
    typed = (form.get("age") or "").strip()[:20]
    return Answers(said, frozenset(name for name in FIELDS if name in form), _age(typed), typed)


def _age(typed: str) -> int | None:
    # int() reads the digits of every script.
    if not typed.isdecimal() or len(typed) > 3:
        return None
    age = int(typed)
    return age if age <= OLDEST else None


def possible(answers: Answers, day: date) -> Possible:
    """Return, by field of the rules, everything it can be after these answers. What was not said is not there."""
    said, found = answers.said, dict[str, frozenset[Any]]()
    found |= _ages(answers, day)
    if "year" in said:
        found["year_group"] = frozenset({said["year"]})
    care = _care(said, answers.age)
    if care:
        found["care_status"] = care
    found |= _learning(said, answers.age)
    if said.get("abroad") == "no":
        found["immigration"] = frozenset({"uk_irish"})
        found["uk_residence_years"] = frozenset({3})
    elif said.get("abroad") == "yes" and "status" in said:
        found["immigration"] = frozenset({said["status"]})
    for name in TRUTHS:
        if name in said:
            found[name] = frozenset({said[name] == "yes"})
    if said.get("lives_in_cpca_area") == "yes":
        found["lives_in_cpca_area_or_local_council"] = frozenset({True})
    if "english_level" in said:
        found["english_level"] = frozenset({said["english_level"]})
    if "he_course_years" in said:
        found["he_course_years"] = frozenset({int(said["he_course_years"])})
    return found


def _ages(answers: Answers, day: date) -> dict[str, frozenset[Any]]:
    age, said = answers.age, answers.said
    if age is None:
        return {}
    found: dict[str, frozenset[Any]] = {"age": frozenset({age})}
    turned = {"yes": True, "no": False}.get(said.get("turned", ""))
    found["academic_age"] = possible_academic_ages(age, day, birthday_between=turned)
    # Who is an apprentice already began up to two years ago; for all others it is as if they began today.
    began = range(age - 2, age + 1) if said.get("now") == "apprenticeship" and "next" not in said else (age,)
    found["age_at_start"] = frozenset(one for one in began if one >= 0)
    return found


def _care(said: Mapping[str, str], age: int | None) -> frozenset[str]:
    by_age = _CARE.get(said.get("care", ""))
    if by_age is None:
        return frozenset()
    at = frozenset(sum(by_age, ())) if age is None else frozenset(by_age[(age >= 16) + (age >= 18)])
    return at & _CARE_MORE.get(said.get("care_more", ""), at) or at


def _learning(said: Mapping[str, str], age: int | None) -> dict[str, frozenset[Any]]:
    if "next" in said:
        status, interest = NEXT[said["next"]]
        return {"eet_status": frozenset({status}), "interest": frozenset({interest})}
    found: dict[str, frozenset[Any]] = {}
    if "now" in said:
        found["eet_status"] = frozenset({said["now"]})
        if said["now"] == "he":
            found["interest"] = frozenset({frozenset({"he"})})
    return found


def care_question(answers: Answers) -> str:
    """Return which question about care comes next: 'in', 'left', 'other', or '' when none does."""
    care, age = answers.said.get("care", ""), answers.age
    if age is None or age < 16 or care not in ("in", "left", "other"):
        return ""
    return "left" if care == "in" and age >= 18 else care
