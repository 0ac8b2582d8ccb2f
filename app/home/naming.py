"""Plain names for what the data holds as codes: a school year, a worker's job, a place somebody is signed in."""

from __future__ import annotations

from flask_babel import gettext as _

from app.people.models import Role


def year_name(year_group: int | None) -> str:
    """Return 'Year 9' for 9, in the page's language; empty where no year is known."""
    if year_group is None:
        return ""
    if year_group < 0:
        # TRANSLATORS: before school: nursery or at home
        return _("Before school")
    if year_group == 0:
        # TRANSLATORS: the first class of English schools, for four-year-olds; keep the word if there is none
        return _("Reception")
    # TRANSLATORS: a school year in England, counted from 1
    return _("Year %(number)s", number=year_group)


def job_title(role: str) -> str:
    """Return what an adult is called on their own page, in the page's language."""
    titles = {
        Role.carer: _("Carer"),
        Role.key_worker: _("Key worker"),
        # TRANSLATORS: the teacher in each English school who is responsible for children in care
        Role.designated_teacher: _("Designated teacher"),
        Role.social_worker: _("Social worker"),
        # TRANSLATORS: chairs the review of a child's care plan; IRO is its short form
        Role.iro: _("Independent reviewing officer (IRO)"),
        Role.personal_adviser: _("Personal adviser"),
        # TRANSLATORS: the council team that helps children in care with education; keep its name
        Role.virtual_school: _("Virtual School"),
        Role.participation_worker: _("Participation worker"),
    }
    return titles.get(Role(role), "")


def way_name(way: str, helper: str | None) -> str:
    """Return how somebody came in, for the list of places where they are signed in; ``helper`` is who sat beside them."""
    if way == "beside" and helper:
        # TRANSLATORS: a place where the child is signed in; %(name)s is the adult who sat with them
        return _("With %(name)s beside you", name=helper)
    names = {
        # TRANSLATORS: the four following say how somebody signed in
        "card": _("With your card"),
        "link": _("With a link"),
        "worker": _("With your passphrase"),
        "oidc": _("With your council account"),
    }
    # TRANSLATORS: how somebody signed in, when we do not know more
    return names.get(way, _("Signed in"))
