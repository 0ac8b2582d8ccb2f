"""The names of things about opportunities, in the page's language."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.languages import Language

EVENT = "he_event"
TYPES = (
    "apprenticeship",
    "job",
    "internship",
    "work_experience",
    "work_readiness",
    "course",
    EVENT,
    "visit",
    "summer_school",
    "volunteering",
    "mentoring",
    "scholarship",
)
# What a young person may ask to hear about: the kinds of thing there are, and what it is about.
TOPIC_OF_TYPE = {
    "apprenticeship": "apprenticeships",
    "job": "jobs",
    "internship": "jobs",
    "work_experience": "work-tasters",
    "work_readiness": "work-tasters",
    "course": "courses",
    EVENT: "university",
    "visit": "university",
    "summer_school": "university",
    "scholarship": "university",
    "volunteering": "helping-others",
    "mentoring": "helping-others",
}
SUBJECTS = ("animals-and-nature", "building", "caring", "computers", "creative", "food", "sport", "vehicles")
TOPICS = (*dict.fromkeys(TOPIC_OF_TYPE.values()), *SUBJECTS)


_TYPE_NAMES = {
    # TRANSLATORS: a kind of opportunity: a job where you are paid and trained
    "apprenticeship": _l("Apprenticeship"),
    # TRANSLATORS: a kind of opportunity
    "job": _l("Job"),
    # TRANSLATORS: a kind of opportunity: paid work for some weeks or months, to learn
    "internship": _l("Internship"),
    # TRANSLATORS: a kind of opportunity: some days at a workplace, to see what it is like
    "work_experience": _l("Work experience"),
    # TRANSLATORS: a kind of opportunity: a course that gets people ready for a job
    "work_readiness": _l("Getting ready for work"),
    # TRANSLATORS: a kind of opportunity
    "course": _l("Course"),
    # TRANSLATORS: a kind of opportunity: a visit, day or talk about university
    EVENT: _l("University event"),
    # TRANSLATORS: a kind of opportunity: a day at a place, to look around
    "visit": _l("Visit"),
    # TRANSLATORS: a kind of opportunity: some days of learning in the summer
    "summer_school": _l("Summer school"),
    # TRANSLATORS: a kind of opportunity: helping without pay
    "volunteering": _l("Volunteering"),
    # TRANSLATORS: a kind of opportunity: a person who meets you and helps you on
    "mentoring": _l("A mentor"),
    # TRANSLATORS: a kind of opportunity: money for learning that is a gift
    "scholarship": _l("Scholarship"),
}


def type_words(code: str) -> str:
    """Return what a kind of opportunity is called."""
    return str(_TYPE_NAMES[code])


def topic_words(code: str) -> str:
    """Return what a young person may ask to hear about."""
    names = {
        # TRANSLATORS: topics that a young person can ask to hear about
        "apprenticeships": _("Apprenticeships"),
        "jobs": _("Jobs"),
        "work-tasters": _("Trying out work"),
        "courses": _("Courses"),
        "university": _("University"),
        "helping-others": _("Helping others, and mentors"),
        "animals-and-nature": _("Animals and nature"),
        "building": _("Building and making"),
        "caring": _("Caring for people"),
        "computers": _("Computers and games"),
        "creative": _("Art, music and design"),
        "food": _("Food and cooking"),
        "sport": _("Sport"),
        "vehicles": _("Cars and bikes"),
    }
    return str(names[code])


def ring_words(code: str) -> str:
    """Return for whom something is kept; empty when it is for everybody. Never names where somebody came from."""
    names = {
        # TRANSLATORS: an opportunity that is kept for care leavers
        "care_leavers": _("Kept for care leavers"),
        # TRANSLATORS: an opportunity kept for children in care and care leavers
        "care_experienced": _("Kept for people who are or were in care"),
        # TRANSLATORS: an opportunity kept for young people who came to England alone; say it like this
        "ucic": _("Kept for people who are new to England"),
    }
    return str(names.get(code, ""))


def year_code_words(code: str) -> str:
    """Return a year group's code ('Y9') in words."""
    if code == "R":
        return str(_("Reception"))
    if code == "post18":
        # TRANSLATORS: after Year 13, from about 18 on
        return str(_("18 and over"))
    return str(_("Year %(number)s", number=code[1:]))


def years_words(codes: list[str]) -> str:
    """Return year groups in words: 'Year 9 to Year 11' for years in a row, else one after the other."""
    from app.pathways.fitting import YEARS

    places = sorted(YEARS[code] for code in codes if code in YEARS)
    if not places:
        return ""
    names = {place: code for code, place in YEARS.items()}
    first, last = year_code_words(names[places[0]]), year_code_words(names[places[-1]])
    if len(places) == 1:
        return first
    if places == list(range(places[0], places[-1] + 1)):
        # TRANSLATORS: for whom: %(first)s and %(last)s are school years, such as 'Year 9'
        return str(_("%(first)s to %(last)s", first=first, last=last))
    # TRANSLATORS: puts a comma and a space between two school years
    return str(_(", ")).join(year_code_words(names[place]) for place in places)


def ages_words(least: int | None, most: int | None) -> str:
    """Return ages in words; empty when there is no limit."""
    if least is not None and most is not None:
        # TRANSLATORS: for whom: two ages
        return str(_("Age %(least)s to %(most)s", least=least, most=most))
    if least is not None:
        # TRANSLATORS: for whom: an age
        return str(_("Age %(least)s and over", least=least))
    # TRANSLATORS: for whom: an age
    return str(_("Up to age %(most)s", most=most)) if most is not None else ""


def kind_in(language: Language, code: str) -> str:
    """Return what a kind of opportunity is called in a language, so that a search in it finds the kind."""
    from flask_babel import force_locale

    with force_locale(language.babel):
        return type_words(code)
