"""Why something is not for somebody now, and so what would change it: the tests that failed, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from flask_babel import gettext as _

from app.core.web import dates
from app.pathways.entitlement_words import year_words
from app.pathways.rules import FieldTest

_IN_CARE = frozenset({"in_care_u16", "in_care_16_17_short", "eligible"})
_LEFT = frozenset({"relevant", "former_relevant", "qualifying"})


def reasons(tests: Iterable[FieldTest]) -> list[str]:
    """Return in plain words what would have to be different, each once. Tests of one field on lists are read as one list."""
    merged: dict[tuple[str, str], FieldTest] = {}
    others: list[FieldTest] = []
    for test in tests:
        if test.op != "in":
            others.append(test)
            continue
        before = merged.get((test.field, test.op))
        value = tuple(dict.fromkeys((*(before.value if before else ()), *test.value)))
        merged[test.field, test.op] = FieldTest(test.field, test.op, value)
    found = [_reason(test) for test in (*others, *merged.values())]
    return list(dict.fromkeys(one for one in found if one))


def _reason(test: FieldTest) -> str:
    by_field: Mapping[str, Callable[[FieldTest], str]] = {
        "age": _age,
        "age_at_start": _age_at_start,
        "academic_age": _academic_age,
        "year_group": _year,
        "care_status": _care,
        "eet_status": _learning,
        "course_start": _starts,
    }
    said = by_field.get(test.field)
    return said(test) if said else _others().get(test.field, "")


def _ends(test: FieldTest) -> tuple[int | None, int | None]:
    match test.op:
        case "gte":
            return test.value, None
        case "lt":
            return None, test.value
        case _:
            return min(test.value), max(test.value)


def _age(test: FieldTest) -> str:
    low, high = _ends(test)
    if low is None:
        # TRANSLATORS: why something is not for somebody now
        return _("It is for people under %(age)s.", age=high)
    if high is None:
        # TRANSLATORS: why something is not for somebody now
        return _("It is for people of %(age)s or more.", age=low)
    # TRANSLATORS: why something is not for somebody now
    return _("It is for people aged %(low)s to %(high)s.", low=low, high=high)


def _age_at_start(test: FieldTest) -> str:
    low, high = _ends(test)
    if low is None:
        # TRANSLATORS: why something is not for somebody now
        return _("You must be under %(age)s on the first day.", age=high)
    if high is None:
        # TRANSLATORS: why something is not for somebody now
        return _("You must be %(age)s or more on the first day.", age=low)
    # TRANSLATORS: why something is not for somebody now
    return _("You must be %(low)s to %(high)s on the first day.", low=low, high=high)


def _academic_age(test: FieldTest) -> str:
    low, high = _ends(test)
    if high is None:
        # TRANSLATORS: why something is not for somebody now
        return _("You must be %(age)s or more on 31 August before the course.", age=low)
    # TRANSLATORS: why something is not for somebody now
    return _(
        "You must be %(low)s to %(high)s on 31 August before the course.", low=low if low is not None else 0, high=high
    )


def _year(test: FieldTest) -> str:
    first, last = (year_words(code) for code in (test.value[0], test.value[-1]))
    # TRANSLATORS: why something is not for somebody now: the first and the last school year
    return _("It is for school years %(first)s to %(last)s.", first=first, last=last)


def _care(test: FieldTest) -> str:
    codes = frozenset(test.value)
    if test.op == "not_in":
        # TRANSLATORS: why something is not for somebody now
        return _("It is for people who are in care, or were in care.")
    if codes <= _IN_CARE:
        # TRANSLATORS: why something is not for somebody now
        return _("It is for people who are in care now.")
    if codes & _IN_CARE:
        # TRANSLATORS: why something is not for somebody now
        return _("It is for people who are in care at 16 or older, and for care leavers.")
    if codes & _LEFT == {"former_relevant"}:
        # TRANSLATORS: why something is not for somebody now
        return _("It is for care leavers of 18 or more who were in care for 13 weeks or longer.")
    # TRANSLATORS: why something is not for somebody now
    return _("It is for people who left care at 16 or older.")


def _learning(test: FieldTest) -> str:
    codes = frozenset(test.value)
    if codes <= {"he"}:
        # TRANSLATORS: why something is not for somebody now
        return _("It is for people at university.")
    if codes <= {"apprenticeship"}:
        # TRANSLATORS: why something is not for somebody now
        return _("It is for apprentices.")
    if codes & {"work", "work_with_training"}:
        # TRANSLATORS: why something is not for somebody now
        return _("It is for people with a job or an apprenticeship.")
    if "school" not in codes:
        # TRANSLATORS: why something is not for somebody now
        return _("It is for people at college.")
    # TRANSLATORS: why something is not for somebody now
    return _("It is for people at school or college, or in training without pay.")


def _starts(test: FieldTest) -> str:
    day = test.value if isinstance(test.value, date) else test.value[0]
    # TRANSLATORS: why something is not for somebody now
    return _("It is for courses that start on %(day)s or later.", day=dates.day_short(day))


def _others() -> Mapping[str, str]:
    return {
        # TRANSLATORS: why something is not for somebody now: their immigration papers
        "immigration": _("It depends on your papers."),
        # TRANSLATORS: why something is not for somebody now
        "uk_residence_years": _("You must have lived in the UK for 3 years."),
        # TRANSLATORS: why something is not for somebody now
        "has_permission_to_work": _("You must be allowed to work."),
        # TRANSLATORS: why something is not for somebody now
        "ehcp": _("You must have an EHC plan."),
        # TRANSLATORS: why something is not for somebody now
        "interest": _("It is for people who want to go to university."),
        # TRANSLATORS: why something is not for somebody now
        "had_app_bursary": _("You can get it only once."),
        # TRANSLATORS: why something is not for somebody now
        "continuing_16_18_course": _("It is for people who go on with a course they began before they were 19."),
        # TRANSLATORS: why something is not for somebody now
        "lives_in_cpca_area": _("It is for people who live in Peterborough or Cambridgeshire."),
        # TRANSLATORS: why something is not for somebody now
        "lives_in_cpca_area_or_local_council": _("It is for people who live here, or whose council is here."),
        # TRANSLATORS: why something is not for somebody now
        "is_parent": _("It is for people who have a child."),
        # TRANSLATORS: why something is not for somebody now
        "in_pathway_plan": _("The course must be in your pathway plan. Ask for it to go in."),
        # TRANSLATORS: why something is not for somebody now
        "he_course_years": _("The course must last 2 years or more."),
        # TRANSLATORS: why something is not for somebody now
        "has_disability_or_condition": _("It is for people who are disabled, or have dyslexia or a long illness."),
        # TRANSLATORS: why something is not for somebody now
        "has_gcse4_eng_maths": _("It is for people who do not have grade 4 in English and maths yet."),
        # TRANSLATORS: why something is not for somebody now
        "has_full_level_applied_for": _("It is for people who have no full course at that level yet."),
        # TRANSLATORS: why something is not for somebody now
        "english_level": _("It is for people who still learn English."),
        # TRANSLATORS: why something is not for somebody now
        "took_access_loan": _("It is for people who took a loan for an Access course."),
        # TRANSLATORS: why something is not for somebody now
        "completed_he": _("You must have finished the higher course."),
    }
