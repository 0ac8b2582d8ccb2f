"""'Who will read this': said before the first question, with names, never a job title alone (voice-questions, section 5)."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from app.core.settings import settings
from app.core.web.roles import role_name
from app.people.audience import Reader
from app.people.models import Flag, Role
from app.questions.wording import Text, notice, notices_for
from app.voice.walk import Walk, sets_for


def notice_for(walk: Walk, readers: Iterable[Reader]) -> list[Text]:
    """Return the notice for the age, and the added line for unaccompanied young people, with everybody's names in it."""
    people = list(readers)
    if walk.by_adult:
        return _for_adults(walk, people)
    kinds = [kind for kind in notices_for(sets_for(walk.facts)) if kind != "ucic" or Flag.ucic in walk.facts.flags]
    names = {
        "name": walk.name,
        # TRANSLATORS: stands where a name belongs when we do not know yet who it is
        "dt": _name(people, Role.designated_teacher) or _("your teacher"),
        # TRANSLATORS: stands where a name belongs when we do not know yet who it is
        "sw": _name(people, Role.social_worker) or _("your social worker"),
        # TRANSLATORS: stands where a name belongs when we do not know yet who it is
        "carer": _name(people, Role.carer, Role.key_worker) or _("the people you live with"),
        "readers": in_words(people),
        "phone": settings().early_years_phone,
    }
    return [notice(kind, walk.language, library=None, **names) for kind in kinds]


def _for_adults(walk: Walk, people: list[Reader]) -> list[Text]:
    """Return the notice for a carer; a key worker's is the same with lines of its own."""
    names = {
        "name": _isolated(walk.name),
        # TRANSLATORS: stands where a name belongs, to a carer, when we do not know yet who the child's teacher is
        "dt": _name(people, Role.designated_teacher) or _("the school"),
        # TRANSLATORS: stands where a name belongs, to a carer, when we do not know yet who the child's social worker is
        "sw": _name(people, Role.social_worker) or _("the social worker"),
        "phone": settings().early_years_phone,
    }
    kinds = ["carer"] if walk.response.set_id == "carer" else ["carer", "key-worker"]
    return [notice(kind, walk.language, library=None, **names) for kind in kinds]


def in_words(people: list[Reader]) -> str:
    """Return everybody's name and role as one list, '… (your teacher), …'."""
    # TRANSLATORS: one person in a list of people: %(name)s and what they are to the child, e.g. 'Ms A (your social worker)'
    each = [_("%(name)s (%(role)s)", name=_isolated(one.name), role=role_name(one.role)) for one in people]
    # TRANSLATORS: puts a comma and a space between two names in a list
    return _(", ").join(each) if each else _("nobody yet")


def _name(people: list[Reader], *roles: Role) -> str:
    # TRANSLATORS: puts a comma and a space between two names in a list
    return _(", ").join(_isolated(one.name) for one in people if one.roles & set(roles))


def _isolated(name: str) -> str:
    """A name keeps its own direction inside a sentence of the other one (U+2068 … U+2069)."""
    return f"\u2068{name}\u2069"
