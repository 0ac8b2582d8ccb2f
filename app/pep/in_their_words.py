"""What adults wrote to the child at a meeting, in the child's own language, as an interpreter put it.

Written beside the words when they are typed, or later: also when the meeting is closed, since an interpreter may take days.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import audit, clock, languages
from app.people.sessions import Actor
from app.pep.meeting import CannotBe, Room
from app.pep.meeting_decisions import LONGEST, Desk
from app.pep.meeting_ledger import carry_words
from app.pep.meeting_telling import tell_the_child
from app.pep.meeting_wishes import Wish
from app.pep.models import MeetingDecision, PreferenceMet, SectionLine
from app.pep.versions import NewerThere, keep

Row = MeetingDecision | SectionLine | PreferenceMet


def decisions_on(desk: Desk) -> list[MeetingDecision]:
    """Return every decision that this organiser reads."""
    beside = (one for section in desk.sections for _said, found in section.said + section.at_home for one in found)
    return [one.row for one in (*beside, *desk.others)]


def written(desk: Desk, wishes: list[Wish]) -> Iterator[Row]:
    """Return everything of a meeting that was written to the child, as far as this organiser reads it."""
    yield from decisions_on(desk)
    yield from (section.line for section in desk.sections if section.line)
    yield from (wish.kept for wish in wishes if wish.kept and wish.kept.why)


def keep_beside(session: Session, actor: Actor, room: Room, row: Row, form: Mapping[str, str]) -> None:
    """Keep what a form says of the same words in the child's language.

    When the words were changed and their translation was not, it says something else than they do now: then it goes.
    """
    changed = form.get("was", row.said).split() != row.said.split()
    before = row.others or {}
    known = {} if changed else dict(before)
    language = languages.find(form.get("other_language"))
    if language is not None and language.tag != row.language:
        other = form.get("other", "").strip()[:LONGEST]
        known.pop(language.tag, None)
        if other and not (changed and before.get(language.tag) == other):
            known[language.tag] = other
    _keep(session, actor, room, row, known)


def put_in(
    session: Session, actor: Actor, room: Room, rows: Iterator[Row], row_id: uuid.UUID, form: Mapping[str, str]
) -> Row:
    """Add the same words in another language, later; a child who has their page already is told.

    Raises NotFound, CannotBe ('words'), or NewerThere when they stand in that language already in other words.
    """
    row = next((one for one in rows if one.id == row_id), None)
    language = languages.find(form.get("language"))
    if row is None or language is None or language.tag == row.language:
        raise NotFound
    words = form.get("words", "").strip()[:LONGEST]
    if not words:
        raise CannotBe("words")
    known = row.others or {}
    if known.get(language.tag, words) != words:
        raise NewerThere(row)
    _keep(session, actor, room, row, {**known, language.tag: words})
    if room.over:
        tell_the_child(session, room.young_person, room.pep, "meeting.translated", clock.today().isoformat())
    return row


def _keep(session: Session, actor: Actor, room: Room, row: Row, others: dict[str, str]) -> None:
    if others == (row.others or {}):
        return
    kept = keep(session, actor, type(row), {"id": row.id}, {"others": others or None}, row.version)
    detail = " ".join(sorted(others))
    audit.record(
        session, actor, "meeting.translated", subject_id=room.young_person.id, thing_id=room.pep.id, detail=detail
    )
    if isinstance(kept, MeetingDecision):
        for tag, words in others.items():
            carry_words(session, actor, room, kept, words, tag)
