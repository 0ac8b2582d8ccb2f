"""Makes one record of the feed, exactly as the handbook's schema has it (measures 5.2).

A record is made anew each time it is read, from what is true then: words leave the house only while they are what the young
person shares now. A change whose words were changed, narrowed or taken back since is still told, in its place, without them.
"""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.core.crypto import keyed_reference
from app.core.web.terms import term_name_in
from app.feeds.changes import hidden_from
from app.feeds.models import Action, FeedChange
from app.pathways.models import SharedRoute
from app.pathways.my_route import SECTION as ROUTE_SECTION
from app.people.models import Care, Pep
from app.questions.library import library
from app.questions.schema import Question
from app.questions.text import SOURCE_LANGUAGE
from app.questions.types import type_of
from app.questions.wording import Wording
from app.voice.models import How, SentAnswer, State

Record = dict[str, Any]

# The schema's limit counts code points; ours counts the letters that a person sees, so that marks are never held against a child.
_MOST_CODE_POINTS = 4_000
_CUT = "\n[…]"
_FIRST_YEAR_OF_SECONDARY = 7
_WRITTEN_TYPES = frozenset({"short-text", "long-text", "date"})
_YOUNGER_SETS = frozenset({"primary", "early-years"})


@dataclass(frozen=True, slots=True)
class Platform:
    """What decides which records a platform is given, and under which reference for the child."""

    can_hide_fields: bool
    reference_key: bytes

    def carries(self, hides: bool) -> bool:
        """Return whether an answer that must (or need not) be hidden from somebody may go to this platform."""
        return self.can_hide_fields or not hides

    def child_ref(self, young_person_id: uuid.UUID) -> str:
        """Return the child's reference, which this feed alone knows (measures 6.2)."""
        return keyed_reference(self.reference_key, str(young_person_id))


@dataclass(frozen=True, slots=True)
class Told:
    """A change with all that its record is made of."""

    change: FeedChange
    told_answer: SentAnswer | None
    replaces: SentAnswer | None
    pep: Pep
    name: str
    year_group: int | None
    care: str
    place: str
    route: SharedRoute | None = None
    replaces_route: SharedRoute | None = None

    @property
    def told(self) -> SentAnswer | SharedRoute:
        """What it is about. Each change is about one thing."""
        found = self.told_answer or self.route
        assert found is not None  # noqa: S101 - a change without either is never written
        return found

    @property
    def answer(self) -> SentAnswer:
        """The answer that it is about."""
        assert self.told_answer is not None  # noqa: S101 - asked only of changes about answers
        return self.told_answer

    @property
    def section(self) -> str:
        """The section of the PEP in which it stands."""
        return self.told_answer.section if self.told_answer else ROUTE_SECTION

    @property
    def young_person_id(self) -> uuid.UUID:
        """Whose words they are."""
        return self.pep.young_person_id


def record_of(told: Told, platform: Platform) -> Record | None:
    """Return the record for a platform, or None when the change is not for it.

    The same change can mean another thing to a platform that cannot hide fields: an answer that moves out of its reach is
    withdrawn there, and one that comes into it is created.
    """
    change = told.change
    if change.action == Action.withdraw:
        return _withdrawal(told, told.answer, platform) if platform.carries(change.hides) else None
    had_before = told.replaces is not None and platform.carries(bool(change.replaces_hides))
    if platform.carries(change.hides) and told.care != Care.care_leaver:
        return _shared(told, had_before, platform)
    return _withdrawal(told, told.replaces, platform) if had_before and told.replaces is not None else None


def timestamp(moment: datetime) -> str:
    """Return a moment in UTC, as RFC 3339 has it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def is_shared_now(answer: SentAnswer | SharedRoute) -> bool:
    """Return whether these are the words that the young person shares today."""
    return answer.superseded_at is None and answer.withdrawn_at is None


def _shared(told: Told, had_before: bool, platform: Platform) -> Record:
    answer = told.answer
    return {
        "record_id": str(answer.id),
        "supersedes": str(told.change.replaces_id) if had_before else None,
        "action": str(Action.replace_ if had_before else Action.create),
        **_about(told, answer, platform),
        **_question(told, answer),
        "answer": _answer(told, answer) if is_shared_now(answer) else None,
        "withdrawn_at": None,
    }


def _withdrawal(told: Told, answer: SentAnswer, platform: Platform) -> Record:
    """A withdrawal is a record of its own: with the id of the change, so that a platform that knows ids does not drop it."""
    return {
        "record_id": str(told.change.id),
        "supersedes": str(answer.id),
        "action": str(Action.withdraw),
        **_about(told, answer, platform),
        "question_id": answer.question_id,
        "pep_section": answer.section,
        "withdrawn_at": timestamp(told.change.made_at),
    }


def _about(told: Told, answer: SentAnswer, platform: Platform) -> Record:
    hide_from = hidden_from(answer)
    return {
        "child": {"child_ref": platform.child_ref(answer.young_person_id)},
        "record_type": "voice_answer",
        "pep_id": told.pep.external_id,
        "pep_term": told.pep.term,
        "meeting_on": told.pep.meeting_on.isoformat() if told.pep.meeting_on else None,
        "sharing": {
            "choice": answer.share,
            **({"hide_from": hide_from} if hide_from else {}),
            "chosen_at": timestamp(answer.share_chosen_at),
        },
        "by_whom": _by_whom(told, answer),
        "submitted_at": timestamp(answer.sent_at),
    }


def _by_whom(told: Told, answer: SentAnswer) -> Record:
    """Say whose hand was in the answer. An adult's part is never made smaller than it was."""
    helper = answer.helper_role
    observed, written = answer.how == How.observed, answer.how in (How.written, How.paper)
    alone = answer.how == How.self_ or (answer.how == How.paper and helper is None)
    who: Record = {
        "role": "early_years_adult" if observed else _child_role(told, answer),
        "how": "observed" if observed else "self" if alone else "helped",
        "helped_by_role": helper if answer.how == How.helped else None,
        "written_down_by_role": (helper or _adult_role(answer)) if observed or written else None,
        "method": _method(answer),
    }
    # Nobody asks yet whether an interpreter helped; only of an answer given alone do we know.
    return {**who, "interpreter_used": False} if answer.how == How.self_ else who


def _adult_role(answer: SentAnswer) -> str | None:
    return None if answer.by_role == "young_person" else answer.by_role


def _child_role(told: Told, answer: SentAnswer) -> str:
    if told.care == Care.care_leaver:
        return "young_person"
    if told.year_group is None:
        return "child" if answer.set_id in _YOUNGER_SETS else "young_person"
    return "young_person" if told.year_group >= _FIRST_YEAR_OF_SECONDARY else "child"


def _method(answer: SentAnswer) -> str:
    match answer.how:
        case How.paper:
            return "paper"
        case How.written:
            return "told_an_adult"
    words = _question_of(answer).type in _WRITTEN_TYPES and answer.state != State.no_say
    return "typed" if words else "tapped"


def _question_of(answer: SentAnswer) -> Question:
    """Return the question as it was when it was answered: also long after it is no longer asked (measures 5.5, test 13)."""
    return library().version(answer.set_id, answer.set_version).question(answer.question_id)


def _wording(told: Told, answer: SentAnswer, language: str) -> Wording:
    asked_set = library().version(answer.set_id, answer.set_version)
    return Wording(asked_set, language, told.place, name=told.name, term=term_name_in(told.pep.term, language))


def _question(told: Told, answer: SentAnswer) -> Record:
    question = _question_of(answer)
    return {
        "template_id": answer.set_id,
        "template_version": str(answer.set_version),
        "question_id": answer.question_id,
        "question_version": str(answer.set_version),
        "question_text_en": _wording(told, answer, SOURCE_LANGUAGE).ask(question).text,
        "question_text_shown": answer.content.get("asked")
        or _wording(told, answer, answer.language).ask(question).text,
        "question_origin": "adults",
        "pep_section": answer.section,
        "pep_field": None,
    }


def _answer(told: Told, answer: SentAnswer) -> Record:
    """Return the answer's part. Free text in another language has no English until somebody has translated it."""
    language = answer.language
    if answer.state == State.no_say:
        return {"kind": "skipped", "language_original": language}
    question = _question_of(answer)
    kind = type_of(question)
    value = kind.from_json(answer.content["value"])
    fed: Record = dict(
        kind.feed(value, question, _wording(told, answer, SOURCE_LANGUAGE), _wording(told, answer, language))
    )
    original = fed.get("text_original")
    if original is not None:
        fed["text_original"] = within_limit(original)
        if "text_en" not in fed:
            fed["text_en"] = fed["text_original"] if is_english(language) else None
    if fed["kind"] != "skipped" and (original is None or fed["text_en"] is not None):
        fed["translation"] = {"state": "not_needed"}
    return {**fed, "language_original": language}


def is_english(language: str) -> bool:
    """Return whether words in a language need no translation."""
    return language == "en" or language.startswith("en-")


def within_limit(text: str) -> str:
    """Return the text, or as much of it as the schema lets through, with a mark that there is more: never a cut letter."""
    if len(text) <= _MOST_CODE_POINTS:
        return text
    end = _MOST_CODE_POINTS - len(_CUT)
    while end and (unicodedata.category(text[end]) in ("Mn", "Mc", "Me", "Cf") or text[end - 1] == "\u200d"):
        end -= 1
    return text[:end] + _CUT
