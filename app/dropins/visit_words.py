"""What a visit is about, what was done, and what somebody does now: the codes of the handbook (dropins 5) in plain words."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

PURPOSES: dict[str, LazyString] = {
    # TRANSLATORS: what a young person came to a drop-in for; short, on picture cards
    "find_course": _l("Find a course"),
    "find_apprenticeship": _l("Find an apprenticeship"),
    "find_job": _l("Find a job"),
    "cv": _l("My CV"),
    "application_help": _l("Fill in a form"),
    "interview_practice": _l("Practise for an interview"),
    "work_experience": _l("Try out a job"),
    "volunteering": _l("Volunteer"),
    "university": _l("University"),
    "student_finance": _l("Money to study"),
    "english_esol": _l("Learn English"),
    "gcse_retake": _l("Take a GCSE again"),
    "money_help": _l("Money"),
    "travel_help": _l("Getting there"),
    "thinking_of_leaving": _l("I'm thinking about leaving"),
    "left_course_or_job": _l("I left my course or job"),
    "problem_at_college_or_work": _l("A problem at college or work"),
    "papers_and_study": _l("Papers and studying"),
    "just_to_talk": _l("Just to talk"),
    "not_sure": _l("I’m not sure"),
    "other": _l("Something else"),
}
# Which small drawing stands beside each; the words carry the meaning.
PICTURES: dict[str, str] = {
    "find_course": "pen",
    "find_apprenticeship": "card",
    "find_job": "card",
    "cv": "print",
    "application_help": "pen",
    "interview_practice": "speech",
    "work_experience": "eye",
    "volunteering": "sun",
    "university": "sun",
    "student_finance": "lock",
    "english_esol": "globe",
    "gcse_retake": "pen",
    "money_help": "lock",
    "travel_help": "next",
    "thinking_of_leaving": "leave",
    "left_course_or_job": "leave",
    "problem_at_college_or_work": "help",
    "papers_and_study": "print",
    "just_to_talk": "speech",
    "not_sure": "listen",
    "other": "tick",
}
ADVICE: dict[str, LazyString] = {
    # TRANSLATORS: what a worker and a young person did together at a visit; short
    "options_explored": _l("Looked at choices"),
    "pathway_saved": _l("Saved a route"),
    "opportunity_shared": _l("Looked at a job or a place"),
    "he_event_shared": _l("Looked at a university day"),
    "application_done_together": _l("Filled in a form together"),
    "cv_made": _l("Made a CV"),
    "interview_practised": _l("Practised an interview"),
    "entitlement_explained": _l("What you can get"),
    "bursary_letter_requested": _l("Asked for a bursary letter"),
    "referred": _l("Put you in touch with somebody"),
    "contacted_provider": _l("Called a college or employer"),
    "pep_or_pathway_plan_update_suggested": _l("Something for your plan"),
    "listened": _l("Listened"),
}
STATUSES: dict[str, LazyString] = {
    # TRANSLATORS: what a young person does now; short, on cards
    "school": _l("At school"),
    "p16_education": _l("At college or sixth form"),
    "he": _l("At university"),
    "apprenticeship": _l("An apprenticeship"),
    "training_unpaid": _l("Training"),
    "work_with_training": _l("A job with training"),
    "work": _l("A job"),
    "volunteering": _l("Volunteering"),
    "neet_seeking": _l("Looking for something"),
    "neet_not_available": _l("Not right now (ill, caring, a child)"),
    "custody": _l("In custody"),
    "unknown": _l("Not sure"),
}
NEET = frozenset({"neet_seeking", "neet_not_available"})
IN_EET = frozenset(
    {"school", "p16_education", "he", "apprenticeship", "training_unpaid", "work_with_training", "work", "volunteering"}
)
WITH_WHOM: dict[str, LazyString] = {
    # TRANSLATORS: who came along to a visit
    "alone": _l("On my own"),
    "carer": _l("My carer"),
    "pa": _l("My personal adviser"),
    "social_worker": _l("My social worker"),
    "friend": _l("A friend"),
    "advocate": _l("An advocate"),
    "interpreter": _l("An interpreter"),
}
OWNERS: dict[str, LazyString] = {
    # TRANSLATORS: who does a next step; 'you' is the young person, spoken to on a shared screen
    "me": _l("You"),
    "adviser": _l("Your adviser"),
    "pa": _l("Your personal adviser"),
    "other": _l("Somebody else"),
}
SHARES: dict[str, LazyString] = {
    # TRANSLATORS: with whom a young person shares a next step
    "pa": _l("My personal adviser"),
    "social_worker": _l("My social worker"),
    "carer": _l("My carer"),
    "pep": _l("My PEP or pathway plan"),
}
USEFUL: dict[str, LazyString] = {
    # TRANSLATORS: 'Did it help today?' Four buttons
    "a_lot": _l("It helped a lot"),
    "a_bit": _l("It helped a bit"),
    "not_really": _l("Not really"),
    "rather_not_say": _l("I’d rather not say"),
}
STEP_STATES: dict[str, LazyString] = {
    # TRANSLATORS: where a next step is; short
    "to_do": _l("To do"),
    "done": _l("Done"),
    "changed_my_mind": _l("Changed my mind"),
    "stuck": _l("Stuck"),
    "no_longer_needed": _l("Not needed any more"),
}
BANDS: dict[str, LazyString] = {
    # TRANSLATORS: how long a visit took
    "<15": _l("Less than 15 minutes"),
    "15-30": _l("15 to 30 minutes"),
    "30-60": _l("30 to 60 minutes"),
    "60+": _l("More than an hour"),
}


def known(codes: Collection[str], of: Collection[str], most: int) -> list[str]:
    """Return the codes that are in a list, in its order, each once and ``most`` at the most."""
    return [code for code in of if code in codes][:most]
