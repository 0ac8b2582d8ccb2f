"""What the help page says about a contact, in the page's language."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import languages
from app.core.languages import ENGLISH, Language, Quality
from app.core.settings import settings
from app.safeguarding.models import HelpContact, Hours, Status

# TRANSLATORS: choices of a worker who says when a help line answers
HOURS_FOR_STAFF = {
    Hours.always: _l("Day and night"),
    Hours.office_hours: _l("Office hours"),
    Hours.out_of_hours: _l("Nights, weekends, bank holidays"),
    Hours.weekdays: _l("Monday to Friday, between the times below"),
    Hours.unknown: _l("Not checked"),
}
# TRANSLATORS: choices of a worker who says how sure we are of a number
STATUS_FOR_STAFF = {
    Status.sourced: _l("We know where this number is from"),
    Status.unsourced: _l("Not confirmed: children do not see it"),
}


def own_words(contact: HelpContact, field: str) -> tuple[str, Language]:
    """Return ``label`` or ``note`` of a contact in the page's language, or in English; and which language it is."""
    page_language = languages.current()
    found = contact.words.get(page_language.tag, {})
    if found.get(field) and _fit(found.get("quality", "")):
        return str(found[field]), page_language
    return str(getattr(contact, field)), ENGLISH


def _fit(quality: str) -> bool:
    if not settings().live:
        return True
    try:
        return Quality(quality).fit_for_live
    except ValueError:
        return False


def hours_and_cost(contact: HelpContact) -> str:
    """Return when somebody answers and whether it is free, in the page's language."""
    if contact.hours == Hours.unknown and contact.free is None:
        # TRANSLATORS: we have checked neither the opening hours of a help line nor whether it is free
        return str(_("We are not sure when it is open, or if it is free."))
    return f"{hours_in_words(contact)} {cost_in_words(contact)}"


def hours_in_words(contact: HelpContact) -> str:
    """Return when somebody answers, in the page's language."""
    match contact.hours:
        case Hours.always:
            # TRANSLATORS: opening hours of a help line
            return str(_("Open day and night."))
        case Hours.office_hours:
            # TRANSLATORS: opening hours of a help line: when offices are open, we do not know the exact times
            return str(_("Open when offices are open."))
        case Hours.out_of_hours:
            # TRANSLATORS: opening hours of a help line that answers when offices are closed
            return str(_("Open at night, at weekends and on bank holidays."))
        case Hours.weekdays if contact.opens and contact.closes:
            # TRANSLATORS: opening hours of a help line; the two times look like 09:00
            return str(_("Open Monday to Friday, %(opens)s to %(closes)s.", opens=contact.opens, closes=contact.closes))
        case _:
            # TRANSLATORS: we have not checked the opening hours of a help line
            return str(_("We are not sure when it is open."))


def cost_in_words(contact: HelpContact) -> str:
    """Return whether it is free, in the page's language."""
    if contact.free is None:
        # TRANSLATORS: we have not checked whether a call is free
        return str(_("We are not sure if it is free."))
    # TRANSLATORS: whether calling or texting a help line costs money
    return str(_("It is free.") if contact.free else _("It can cost money."))
