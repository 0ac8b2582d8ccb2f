"""Makes the ``aspiration`` records of the feed: what a young person put into their PEP from their own route (measures 5.4).

As with answers (see ``records``), words leave the house only while they are what the young person shares now.
"""

from __future__ import annotations

from app.core.db import db
from app.feeds.changes import hidden_from
from app.feeds.models import Action
from app.feeds.records import Platform, Record, Told, is_english, is_shared_now, timestamp, within_limit
from app.pathways import shelf
from app.pathways.models import Kind, SharedRoute
from app.pathways.my_route import QUESTION, SECTION
from app.people.models import Care
from app.questions.text import SOURCE_LANGUAGE

_TEMPLATE_VERSION = "1"
_ASKED = "My dream, and the steps I want or think about"
_FIRST_YEAR_OF_SECONDARY = 7


def aspiration_of(told: Told, platform: Platform) -> Record | None:
    """Return the record for a platform, or None when the change is not for it (see ``records.record_of``)."""
    change, route, before = told.change, told.route, told.replaces_route
    if route is None:
        return None
    if change.action == Action.withdraw:
        return _withdrawal(told, route, platform) if platform.carries(change.hides) else None
    had_before = before is not None and platform.carries(bool(change.replaces_hides))
    if platform.carries(change.hides) and told.care != Care.care_leaver:
        return _shared(told, route, before if had_before else None, platform)
    return _withdrawal(told, before, platform) if had_before and before is not None else None


def _shared(told: Told, route: SharedRoute, before: SharedRoute | None, platform: Platform) -> Record:
    return {
        "record_id": str(route.id),
        "supersedes": str(before.id) if before else None,
        "action": str(Action.replace_ if before else Action.create),
        **_about(told, route, platform),
        "template_id": QUESTION,
        "template_version": _TEMPLATE_VERSION,
        "question_id": QUESTION,
        "question_version": _TEMPLATE_VERSION,
        "question_text_en": _ASKED,
        "question_text_shown": _ASKED,
        "question_origin": "adults",
        "pep_section": SECTION,
        "pep_field": None,
        "answer": _words(route) if is_shared_now(route) else None,
        "withdrawn_at": None,
    }


def _withdrawal(told: Told, route: SharedRoute, platform: Platform) -> Record:
    return {
        "record_id": str(told.change.id),
        "supersedes": str(route.id),
        "action": str(Action.withdraw),
        **_about(told, route, platform),
        "question_id": QUESTION,
        "pep_section": SECTION,
        "withdrawn_at": timestamp(told.change.made_at),
    }


def _about(told: Told, route: SharedRoute, platform: Platform) -> Record:
    hide_from = hidden_from(route)
    young = told.year_group is None or told.year_group >= _FIRST_YEAR_OF_SECONDARY or told.care == Care.care_leaver
    return {
        "child": {"child_ref": platform.child_ref(route.person_id)},
        "record_type": "aspiration",
        "pep_id": told.pep.external_id,
        "pep_term": told.pep.term,
        "meeting_on": told.pep.meeting_on.isoformat() if told.pep.meeting_on else None,
        "sharing": {
            "choice": route.share,
            **({"hide_from": hide_from} if hide_from else {}),
            "chosen_at": timestamp(route.sent_at),
        },
        "by_whom": {
            "role": "young_person" if young else "child",
            "how": "self",
            "helped_by_role": None,
            "written_down_by_role": None,
            "interpreter_used": False,
            "method": "typed",
        },
        "submitted_at": timestamp(route.sent_at),
    }


def _words(route: SharedRoute) -> Record:
    """Return the words as they agreed to them, and the steps by id with their English names (measures 5.4)."""
    words = within_limit(route.words)
    known = shelf.published(db.session, Kind.step)
    steps = [key for key in route.steps if key in known]
    english = is_english(route.language)
    return {
        "kind": "text",
        "text_original": words,
        "text_en": words if english else None,
        **({"translation": {"state": "not_needed"}} if english else {}),
        "choice_codes": steps,
        "choice_labels_en": [known[key].words("title", SOURCE_LANGUAGE).text for key in steps],
        "language_original": route.language,
    }
