"""The words of a question, an answer or a shared label in somebody's language.

Every text says which language it is really in: a text that nobody has translated falls back to English, and the page
gives it its own `lang` and `dir`. The chain is fa-AF, fa, English; else the language, English (languages.md section 2).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.questions.library import Library
from app.questions.library import library as the_library
from app.questions.schema import NOTICES, Question, QuestionSet, Section, TranslatedQuestion, Words
from app.questions.text import SOURCE_LANGUAGE, Text

__all__ = [
    "Text",
    "Wording",
    "age_group",
    "face",
    "honest_line",
    "notice",
    "notices_for",
    "place_name",
    "section_heading",
    "section_name",
    "sharing_label",
]

SOURCE_QUALITY = "draft-human"
"""The English itself is a first draft, not yet tried with young people (voice-questions.md section 8)."""

_PLACEHOLDER = re.compile(r"\{(\w+)(?::(\w+))?\}")
_BLANK = "…"
"""Stands for a name that nobody gave: the same in every language, and never a reason for a page to fail."""

_YOUNGER_SETS = frozenset({"primary", "early-years"})
_NOTICE_OF_SET: Mapping[str, str] = MappingProxyType(
    {**{name: name for name in NOTICES}, "post16-neet": "post16"},
)


def chain(language: str) -> tuple[str, ...]:
    """The languages to look in, best first."""
    if language == SOURCE_LANGUAGE:
        return (SOURCE_LANGUAGE,)
    if language == "fa-AF":
        return ("fa-AF", "fa", SOURCE_LANGUAGE)
    return (language, SOURCE_LANGUAGE)


class Wording:
    """The words of one set for one reader. `place`, `name`, `term` and `helper` fill the placeholders of the same name;
    `place` is one of `schema.PLACES`."""

    def __init__(
        self,
        question_set: QuestionSet,
        language: str,
        place: str = "school",
        *,
        name: str | None = None,
        term: str | None = None,
        helper: str | None = None,
        library: Library | None = None,
    ) -> None:
        self.question_set = question_set
        self.language = language
        self.place = place
        self._names = {"name": name, "term": term, "helper": helper}
        self._library = library or the_library()
        self._translations = [
            (code, self._library.translation(question_set.id, question_set.version, code)) for code in chain(language)
        ]

    def ask(self, question: Question) -> Text:
        """The question itself."""
        return self._find(question, lambda translated: translated.ask, question.ask)

    def help(self, question: Question) -> Text | None:
        """The line of help under the question, if it has one."""
        if question.help is None:
            return None
        return self._find(question, lambda translated: translated.help, question.help)

    def option(self, question: Question, code: str) -> Text:
        """The label of an option. A code that the question does not have is shown as it is."""
        if not question.options:
            return face(code, self.language, library=self._library)
        source = question.options.get(code, code)
        return self._find(question, lambda translated: translated.options.get(code), source)

    def options(self, question: Question) -> list[tuple[str, Text]]:
        """All options with their labels, in the order shown."""
        return [(code, self.option(question, code)) for code in question.option_codes]

    def quality(self, language: str | None = None) -> str | None:
        """How far the set's words in a language (the reader's own, if none is given) have been checked.

        One of `schema.Quality`, or None when the set is not translated into it.
        """
        language = language or self.language
        if language == SOURCE_LANGUAGE:
            return SOURCE_QUALITY
        translation = self._library.translation(self.question_set.id, self.question_set.version, language)
        return translation.quality if translation else None

    def _find(self, question: Question, pick: Callable[[TranslatedQuestion], str | None], source: str) -> Text:
        for code, translation in self._translations:
            translated = translation.questions.get(question.id) if translation else None
            text = pick(translated) if translated else None
            if text:
                return self._filled(text, code)
        return self._filled(source, SOURCE_LANGUAGE)

    def _filled(self, text: str, language: str) -> Text:
        return Text(_fill(text, language, self.place, self._names, self._library), language)


def face(code: str, language: str, *, library: Library | None = None) -> Text:
    """The word under a face."""
    return _shared(language, lambda words: words.faces.get(code), library) or Text(code, SOURCE_LANGUAGE)


def place_name(place: str, language: str, *, library: Library | None = None) -> Text:
    """The word for a kind of place where somebody learns."""
    return _shared(language, lambda words: words.places.get(place), library) or Text(place, SOURCE_LANGUAGE)


def age_group(set_id: str) -> str:
    """Whose sharing labels fit somebody who is asked this set for their age: `younger` or `older`.

    Pass the set for the age, also on the pages of the add-on and of the meeting.
    """
    return "younger" if set_id in _YOUNGER_SETS else "older"


def sharing_label(code: str, group: str, language: str, *, library: Library | None = None) -> Text:
    """The label of a sharing choice for the `younger` or the `older` (see `age_group`)."""
    found = _shared(
        language,
        lambda words: (words.sharing.younger if group == "younger" else words.sharing.older).get(code),
        library,
    )
    return found or Text(code, SOURCE_LANGUAGE)


def honest_line(language: str, *, library: Library | None = None) -> Text:
    """What every sharing page says about safety (voice-questions.md section 4)."""
    return _shared(language, lambda words: words.honest_line, library) or Text("", SOURCE_LANGUAGE)


def notices_for(set_ids: list[str]) -> list[str]:
    """The "who will read this" notices for the sets somebody is asked: that of their age, then the added lines."""
    return list(dict.fromkeys(_NOTICE_OF_SET[set_id] for set_id in set_ids if set_id in _NOTICE_OF_SET))


def notice(kind: str, language: str, *, library: Library | None = None, **names: str) -> Text:
    """A "who will read this" notice; `names` fill {dt}, {sw}, {carer}, {readers}, {name} and {phone}."""
    found = _shared(language, lambda words: words.notices.get(kind), library)
    if found is None:
        return Text("", SOURCE_LANGUAGE)
    return Text(_fill(found.text, found.language, "school", names, library or the_library()), found.language)


def section_heading(section: str, language: str, *, library: Library | None = None) -> Text:
    """The heading of a PEP section, speaking to the young person."""
    return _section(section, language, lambda words: words.heading, library)


def section_name(section: str, language: str, *, library: Library | None = None) -> Text:
    """The PEP section's own name."""
    return _section(section, language, lambda words: words.name, library)


def _section(key: str, language: str, pick: Callable[[Section], str | None], library: Library | None) -> Text:
    found = _shared(language, lambda words: pick(words.sections.get(key, Section())), library)
    return found or Text(key, SOURCE_LANGUAGE)


def _shared(language: str, pick: Callable[[Words], str | None], library: Library | None) -> Text | None:
    for code in chain(language):
        words = (library or the_library()).words(code)
        text = pick(words) if words else None
        if text:
            return Text(text, code)
    return None


def _fill(text: str, language: str, place: str, names: Mapping[str, str | None], library: Library) -> str:
    def one(match: re.Match[str]) -> str:
        placeholder, case = match.groups()
        if placeholder != "school":
            return names.get(placeholder) or _BLANK
        word = _place_in(place, case, library.words(language)) or place_name(place, language, library=library).text
        return word[:1].upper() + word[1:] if match.start() == 0 else word

    return _PLACEHOLDER.sub(one, text) if "{" in text else text


def _place_in(place: str, case: str | None, words: Words | None) -> str | None:
    """The place in a grammatical case, or None where the language has no such form."""
    return words.place_cases.get(case, {}).get(place) if words and case else None
