"""The names of things in this room, in the page's language."""

from __future__ import annotations

from flask_babel import gettext as _

from app.people.models import Role


def role_words(role: Role | str) -> str:
    """Return what a role is called among adults."""
    match Role(role):
        case Role.young_person:
            # TRANSLATORS: a role: the child or young person in care
            return _("Young person")
        case Role.carer:
            # TRANSLATORS: a role: foster or kinship carer
            return _("Carer")
        case Role.key_worker:
            # TRANSLATORS: a role: named worker in a children's home
            return _("Key worker")
        case Role.designated_teacher:
            # TRANSLATORS: a role: the teacher in a school who looks out for children in care
            return _("Designated teacher")
        case Role.social_worker:
            # TRANSLATORS: a role
            return _("Social worker")
        case Role.iro:
            # TRANSLATORS: a role: chairs the reviews of a child in care
            return _("Independent reviewing officer")
        case Role.personal_adviser:
            # TRANSLATORS: a role: works with care leavers
            return _("Personal adviser")
        case Role.virtual_school:
            # TRANSLATORS: a role: the council team for the education of children in care
            return _("Virtual School")
        case Role.participation_worker:
            # TRANSLATORS: a role: helps children in care to have their say in the council
            return _("Participation worker")


def year_words(year_group: int | None) -> str:
    """Return the school year in words."""
    if year_group is None:
        # TRANSLATORS: shown where the school year is not recorded
        return _("Year not known")
    if year_group < 0:
        # TRANSLATORS: before school: about 2 to 4 years old
        return _("Nursery")
    if year_group == 0:
        # TRANSLATORS: the first school year in England, age 4 to 5
        return _("Reception")
    # TRANSLATORS: a school year in England, 1 to 14
    return _("Year %(number)s", number=year_group)
