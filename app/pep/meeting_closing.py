"""Closing the meeting, and 'your PEP on a page': what we heard, what we will do, by whom and by when, written to the child."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import audit, clock
from app.core.settings import settings
from app.people.audience import AFTER_MEETING, Share
from app.people.models import Pep, Person, YoungPerson
from app.people.sessions import Actor
from app.pep.meeting import CannotBe, Room
from app.pep.meeting_decisions import Decision, decisions_of, desk
from app.pep.meeting_reopening import close_again
from app.pep.meeting_signals import forget
from app.pep.meeting_telling import tell_the_child
from app.pep.meeting_wishes import Wish, of_the_child
from app.pep.models import Meeting, Met, SectionLine
from app.pep.record import NOT_IN_THE_RECORD, Reading, Said, standing
from app.questions.schema import SECTIONS
from app.questions.text import Text
from app.questions.wording import section_heading
from app.voice.models import State


@dataclass(slots=True)
class Heard:
    """One section of the page: what the child said to everybody, and the answer to it."""

    heading: Text
    said: list[Said]
    line: SectionLine | None


@dataclass(frozen=True, slots=True)
class OnAPage:
    """The child's PEP on a page. ``wishes`` are those for the meeting that were not wholly met; ``met`` counts the others."""

    pep: Pep
    heard: list[Heard]
    decisions: list[Decision]
    wishes: list[Wish]
    met: int
    meeting: Meeting | None


def close(session: Session, actor: Actor, room: Room, on: date, language: str) -> None:
    """Close the meeting: the page for the child is there from now on, and the silent card is forgotten.

    Raises CannotBe: 'closed' when it is already, 'too-soon' before its day, 'lines' when the authority has set that every
    section with the child's voice needs an answer first (default: the organiser is only told).
    """
    if room.closed:
        raise CannotBe("closed")
    if not room.has_been(on):
        raise CannotBe("too-soon")
    if room.reopened and room.meeting is not None:
        close_again(session, actor, room, room.meeting)
        return
    if settings().close_without_lines == "block" and desk(session, actor, room, on, language).without_line:
        raise CannotBe("lines")
    moment = clock.now()
    done = session.execute(update(Pep).where(Pep.id == room.pep.id, Pep.closed_at.is_(None)).values(closed_at=moment))
    if not done.rowcount:  # type: ignore[attr-defined]
        raise CannotBe("closed")
    forget(session, room.pep.id)
    audit.record(session, actor, "meeting.closed", subject_id=room.young_person.id, thing_id=room.pep.id)
    tell_the_child(session, room.young_person, room.pep, "meeting.closed", "page")


def on_a_page(session: Session, actor: Actor, pep_id: uuid.UUID, language: str) -> OnAPage:
    """Return the page of one of the child's own PEPs. Raises NotFound before the meeting is closed, and for anybody else's.

    Only what the child shared with the whole PEP is quoted: a printed page lies about.
    """
    pep = session.get(Pep, pep_id)
    if pep is None or pep.young_person_id != actor.person_id or pep.closed_at is None:
        raise NotFound
    person = session.get_one(Person, pep.young_person_id)
    facts = session.scalars(select(YoungPerson).where(YoungPerson.person_id == person.id)).one()
    lines = {row.section: row for row in session.scalars(select(SectionLine).where(SectionLine.pep_id == pep_id))}
    heard = _heard(session, pep, Reading(language, person.name, facts.place), lines, language)
    kept = [one for one in of_the_child(session, person, facts.place, pep_id, language) if not one.with_care]
    open_wishes = [one for one in kept if one.kept and one.kept.met != Met.met]
    return OnAPage(
        pep,
        heard,
        decisions_of(session, pep_id),
        open_wishes,
        len(kept) - len(open_wishes),
        session.get(Meeting, pep_id),
    )


def _heard(session: Session, pep: Pep, reading: Reading, lines: dict[str, SectionLine], language: str) -> list[Heard]:
    found: dict[str, Heard] = {}
    for answer in standing(session, pep.young_person_id):
        shown = answer.pep_id == pep.id and answer.share == Share.pep and answer.state == State.answered
        if not shown or answer.section in NOT_IN_THE_RECORD or answer.section == "meeting-preferences":
            continue
        if answer.question_id in AFTER_MEETING:
            continue
        heard = found.setdefault(answer.section, _section(answer.section, lines, language))
        heard.said.append(reading.said(answer, pep.term, changed=False))
    # A line may answer words the child kept to a few: the answer is theirs to read, the words are not printed.
    for key in lines:
        found.setdefault(key, _section(key, lines, language))
    for heard in found.values():
        # One page is short: where the child wrote words of their own, those stand for the section.
        heard.said = [one for one in heard.said if one.own_words] or heard.said
    return [found[key] for key in SECTIONS if key in found]


def _section(key: str, lines: dict[str, SectionLine], language: str) -> Heard:
    return Heard(section_heading(key, language), [], lines.get(key))
