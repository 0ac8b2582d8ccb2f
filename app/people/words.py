"""The names of things in this room, in the page's language."""

from __future__ import annotations

from flask_babel import gettext as _

from app.people.models import Role


def role_words(role: Role | str) -> str:
    """Return what a role is called among adults."""
    names: dict[Role, str] = {
        # TRANSLATORS: a role: the child or young person in care
        Role.young_person: _("Young person"),
        # TRANSLATORS: a role: foster or kinship carer
        Role.carer: _("Carer"),
        # TRANSLATORS: a role: named worker in a children's home
        Role.key_worker: _("Key worker"),
        # TRANSLATORS: a role: the teacher in a school who looks out for children in care
        Role.designated_teacher: _("Designated teacher"),
        # TRANSLATORS: a role
        Role.social_worker: _("Social worker"),
        # TRANSLATORS: a role: chairs the reviews of a child in care
        Role.iro: _("Independent reviewing officer"),
        # TRANSLATORS: a role: works with care leavers
        Role.personal_adviser: _("Personal adviser"),
        # TRANSLATORS: a role: the council team for the education of children in care
        Role.virtual_school: _("Virtual School"),
        # TRANSLATORS: a role: helps children in care to have their say in the council
        Role.participation_worker: _("Participation worker"),
    }
    return names[Role(role)]


def year_words(year_group: int | None) -> str:
    """Return the school year in words."""
    if year_group is None:
        # TRANSLATORS: shown where the school year is not recorded
        return str(_("Year not known"))
    if year_group < 0:
        # TRANSLATORS: before school: about 2 to 4 years old
        return str(_("Nursery"))
    if year_group == 0:
        # TRANSLATORS: the first school year in England, age 4 to 5
        return str(_("Reception"))
    # TRANSLATORS: a school year in England, 1 to 14
    return str(_("Year %(number)s", number=year_group))
