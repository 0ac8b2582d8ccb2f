"""Ready-made text for a section of the PEP: what was said this term, quoted, with where it came from.

Plain text, so that it can be pasted into any platform (handbook, section 7, row 1). It is made from the record as this adult may
see it, so that nothing can be copied that could not be read.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from app.core import languages
from app.core.web.dates import day, day_short
from app.core.web.terms import term_name
from app.people.audience import FED
from app.people.words import role_words
from app.pep.record import Record, Said
from app.questions.text import Text
from app.questions.wording import section_name
from app.voice.models import How, State


@dataclass(frozen=True, slots=True)
class ReadyText:
    """The text of one section: ``name`` is what the PEP calls it."""

    key: str
    name: Text
    text: str


def ready_texts(record: Record, language: str) -> list[ReadyText]:
    """Return the text of every section in which something was said this term, in the PEP's order.

    What is only for people they chose is left out, as it is left out of every feed: a PEP has more readers than those.
    """
    texts = []
    for section in record.sections:
        said = [one for one in section.now if one.share in FED]
        if said:
            texts.append(ReadyText(section.key, section_name(section.key, language), "\n\n".join(map(_said, said))))
    return texts


def as_one_file(record: Record, texts: list[ReadyText]) -> str:
    """Return all sections as one plain text, to be kept beside the PEP. The young person's name is not in it."""
    heading = [term_name(record.pep.term)]
    if record.pep.meeting_on:
        heading.append(_("PEP meeting on %(day)s", day=day(record.pep.meeting_on)))
    parts = [" · ".join(heading), *(f"{one.name.text.upper()}\n\n{one.text}" for one in texts), _closing()]
    return "\n\n\n".join(parts) + "\n"


def _said(one: Said) -> str:
    """Return one answer: the question, the words on lines of their own, then the source mark."""
    lines = [one.asked.text]
    if one.state is State.no_say:
        lines.append(_("They did not want to say."))
    else:
        quoted = one.own_words and one.how != How.observed
        lines += [f"“{text.text}”" if quoted else text.text for text in one.words]
    if one.beneath:
        # TRANSLATORS: under a young person's words in another language; %(steps)s are names such as 'A levels, College'
        lines.append(_("The steps they name: %(steps)s", steps=one.beneath.text))
    lines.append(f"({'; '.join(_marks(one))})")
    return "\n".join(lines)


def _marks(one: Said) -> list[str]:
    # TRANSLATORS: source mark after a child's words: they put them in from the page with their own route
    source = _("from their own route") if one.from_route else source_words(one.how, one.helper_role)
    marks = [source, day_short(one.sent_at)]
    language = languages.find(one.language)
    if one.own_words and one.state is not State.no_say and language is not None and language is not languages.ENGLISH:
        # TRANSLATORS: after a child's words in the text for the PEP; %(name)s is a language
        marks.append(_("written in %(name)s, not translated yet", name=language.english_name))
    if one.changed:
        # TRANSLATORS: after a child's words in the text for the PEP: they sent this answer again, changed
        marks.append(_("changed since they first sent it"))
    if limit := _limit(one):
        marks.append(limit)
    return marks


def source_words(how: str, helper_role: str | None) -> str:
    """Return whose hand was in an answer, for adults."""
    if how == How.helped and helper_role:
        # TRANSLATORS: source mark after a child's words; %(role)s is e.g. 'Social worker'
        return _("from them, with help: %(role)s", role=role_words(helper_role))
    names = {
        # TRANSLATORS: source mark after a child's words
        How.self_: _("from them, on their own"),
        # TRANSLATORS: source mark after a child's words
        How.helped: _("from them, with help"),
        # TRANSLATORS: source mark after a child's words
        How.written: _("their words, written down by an adult"),
        # TRANSLATORS: source mark after a child's words
        How.paper: _("their words, typed in from paper"),
        # TRANSLATORS: source mark after what an adult saw in a small child; never shown as the child's own words
        How.observed: _("not their words: watched and written down by an adult"),
    }
    return names[How(how)]


def _limit(one: Said) -> str:
    """Say whom the young person left out, so that it is not pasted where those people read."""
    match one.share:
        case "not-home":
            # TRANSLATORS: the child left out who they live with
            return _("not for the people they live with")
        case "not-school":
            # TRANSLATORS: the child left out school or college
            return _("not for school or college")
    return ""


def _closing() -> str:
    # TRANSLATORS: last line of the text file for the PEP
    return _("These are the young person's words as they chose to share them with you. Keep them as they are.")
