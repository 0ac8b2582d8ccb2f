"""Ready-made text for a section of the PEP: what was said this term, quoted, with where it came from.

Plain text, so that it can be pasted into any platform (handbook, section 7, row 1). It is made from the record as this adult may
see it, so that nothing can be copied that could not be read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from app.core import languages
from app.core.web.dates import day, day_short
from app.core.web.terms import term_name
from app.people.audience import FED
from app.people.words import role_words
from app.pep.record import NOT_IN_THE_RECORD, Record, Said
from app.questions.schema import SECTIONS
from app.questions.text import Text
from app.questions.wording import section_name
from app.voice.models import How, State
from app.wishes.models import Raised
from app.wishes.reading import WishView


@dataclass(frozen=True, slots=True)
class ReadyText:
    """The text of one section: ``name`` is what the PEP calls it."""

    key: str
    name: Text
    text: str


def ready_texts(record: Record, wishes: Iterable[WishView], language: str) -> list[ReadyText]:
    """Return the text of every section in which something was said or wished this term, in the PEP's order.

    What is only for people they chose is left out, as it is left out of every feed: a PEP has more readers than those.
    """
    said = {one.key: [_said(answer) for answer in one.now if answer.share in FED] for one in record.sections}
    for one in wishes:
        if one.wish.share in FED:
            said.setdefault(one.wish.section, []).append(_wish(one))
    keys = [key for key in SECTIONS if key not in NOT_IN_THE_RECORD and said.get(key)]
    return [ReadyText(key, section_name(key, language), "\n\n".join(said[key])) for key in keys]


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


def _wish(one: WishView) -> str:
    """Return one wish: what it is, the words, then the source mark."""
    wish = one.wish
    if wish.raised_by == Raised.paper:
        mark = source_words(How.paper, None)
    elif one.lifted:
        # TRANSLATORS: source mark after a child's wish in the text for the PEP; %(name)s is an adult
        mark = _("their words, lifted from an answer by %(name)s", name=one.raised_by.name)
    else:
        # TRANSLATORS: source mark after a child's wish in the text for the PEP
        mark = _("a wish, from them")
    marks = [mark, day_short(wish.raised_at), *_not_translated(wish.language), *_limit(wish.share)]
    # TRANSLATORS: over a child's wish in the text for the PEP
    return "\n".join([_("What they want to happen"), f"“{wish.words}”", f"({'; '.join(marks)})"])


def _marks(one: Said) -> list[str]:
    # TRANSLATORS: source mark after a child's words: they put them in from the page with their own route
    source = _("from their own route") if one.from_route else source_words(one.how, one.helper_role)
    marks = [source, day_short(one.sent_at)]
    if one.own_words and one.state is not State.no_say:
        marks += _not_translated(one.language)
    if one.changed:
        # TRANSLATORS: after a child's words in the text for the PEP: they sent this answer again, changed
        marks.append(_("changed since they first sent it"))
    return marks + _limit(one.share)


def _not_translated(tag: str) -> list[str]:
    language = languages.find(tag)
    if language is None or language is languages.ENGLISH:
        return []
    # TRANSLATORS: after a child's words in the text for the PEP; %(name)s is a language
    return [_("written in %(name)s, not translated yet", name=language.english_name)]


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


def _limit(share: str) -> list[str]:
    """Say whom the young person left out, so that it is not pasted where those people read."""
    match share:
        case "not-home":
            # TRANSLATORS: the child left out who they live with
            return [_("not for the people they live with")]
        case "not-school":
            # TRANSLATORS: the child left out school or college
            return [_("not for school or college")]
    return []


def _closing() -> str:
    # TRANSLATORS: last line of the text file for the PEP
    return _("These are the young person's words as they chose to share them with you. Keep them as they are.")
