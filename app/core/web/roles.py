"""What an adult is to the young person, in the young person's words."""

from __future__ import annotations

from flask_babel import gettext as _


def role_name(role: str) -> str:
    """Return 'your teacher' for 'designated_teacher', in the page's language."""
    names = {
        # TRANSLATORS: what an adult is to the child, used after their name: 'Ms A, your teacher for your PEP'
        "designated_teacher": _("your teacher for your PEP"),
        "social_worker": _("your social worker"),
        # TRANSLATORS: the carer: the person who looks after the child at home
        "carer": _("who looks after you"),
        # TRANSLATORS: a worker in a children's home who looks after this child
        "key_worker": _("your key worker"),
        # TRANSLATORS: the independent reviewing officer: the person who checks that the child's plan works
        "iro": _("who checks your plan"),
        # TRANSLATORS: a personal adviser helps young people leaving care
        "personal_adviser": _("your adviser"),
        # TRANSLATORS: the Virtual School is the council team that helps with education; keep its name
        "virtual_school": _("your Virtual School helper"),
        # TRANSLATORS: a participation worker helps children have a say in the council
        "participation_worker": _("who helps children have a say"),
        "young_person": _("you"),
    }
    return names.get(role, role)
