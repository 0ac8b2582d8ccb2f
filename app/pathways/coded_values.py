"""The words that rules and content share: every field that a rule may test, with its values (handbook, pathways 2 and 4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

YEARS = ("R", *(f"Y{number}" for number in range(1, 14)), "post18")

CARE_STATUS = (
    "in_care_u16",
    "in_care_16_17_short",
    "eligible",
    "relevant",
    "former_relevant",
    "qualifying",
    "previously_in_care",
    "kinship",
    "never",
)
IMMIGRATION = (
    "uk_irish",
    "settled",
    "refugee",
    "humanitarian_protection",
    "s67_calais_stateless",
    "scheme_leave",
    "uasc_leave",
    "other_limited_leave",
    "extension_pending",
    "asylum_pending",
    "refused_appeal_pending",
    "appeal_rights_exhausted",
)
EET_STATUS = (
    "school",
    "p16_education",
    "he",
    "apprenticeship",
    "training_unpaid",
    "work_with_training",
    "work",
    "volunteering",
    "neet_seeking",
    "neet_not_available",
    "custody",
)
# Named by rules only; section 2 gives them no list of their own.
ENGLISH_LEVEL = ("entry", "l1", "l2", "fluent")
INTEREST = ("he", "apprenticeship", "work", "college")

# A value that says nothing: a rule answers 'ask' to it, as to a field that is missing.
NOT_SAID = frozenset({"unknown", "prefer_not_say"})

# Who somebody can ask (handbook 1.7).
ROLES = frozenset(
    {
        "vs_eet",
        "vs_ie",
        "designated_teacher",
        "social_worker",
        "pa",
        "carer",
        "careers_adviser",
        "ncs",
        "college_student_services",
        "training_provider",
        "uni_contact",
        "immigration_adviser",
        "nyas",
        "become",
        "youth_hub",
        "jobcentre",
        "sen_team",
    }
)


class Shape(StrEnum):
    """What the values of a field are."""

    code = "code"
    codes = "codes"
    number = "number"
    truth = "truth"
    day = "day"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a rule may ask about somebody."""

    name: str
    shape: Shape
    values: tuple[str, ...] = ()


def _fields() -> dict[str, Field]:
    coded = {
        "year_group": YEARS,
        "care_status": CARE_STATUS,
        "immigration": IMMIGRATION,
        "eet_status": EET_STATUS,
        "english_level": ENGLISH_LEVEL,
    }
    found = {name: Field(name, Shape.code, values) for name, values in coded.items()}
    found["interest"] = Field("interest", Shape.codes, INTEREST)
    for name in ("age", "age_at_start", "academic_age", "uk_residence_years", "he_course_years"):
        found[name] = Field(name, Shape.number)
    for name in (
        "ehcp",
        "has_permission_to_work",
        "had_app_bursary",
        "continuing_16_18_course",
        "lives_in_cpca_area",
        "lives_in_cpca_area_or_local_council",
        "is_parent",
        "in_pathway_plan",
        "has_disability_or_condition",
        "has_gcse4_eng_maths",
        "has_full_level_applied_for",
        "took_access_loan",
        "completed_he",
    ):
        found[name] = Field(name, Shape.truth)
    found["course_start"] = Field("course_start", Shape.day)
    return found


FIELDS: Mapping[str, Field] = MappingProxyType(_fields())
