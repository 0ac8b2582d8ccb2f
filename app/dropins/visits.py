"""The note of a visit, written together with the young person, who sees all of it but the staff note (handbook, dropins 5.1).

The form carries its own key and the version it was made from: sent twice over a bad line it is one note, and of two people who
write at once the second is told. Nothing that may never be recorded is looked for silently: the form says what it is, and asks
once about what looks like it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import audit, clock
from app.dropins import eet, looks
from app.dropins.models import NewFace, NextStep, Visit
from app.dropins.next_steps import LONGEST, MOST_STEPS
from app.dropins.visit_words import ADVICE, BANDS, OWNERS, PURPOSES, SHARES, STATUSES, USEFUL, WITH_WHOM, known
from app.people.models import Person, YoungPerson
from app.people.sessions import Actor

MOST_PURPOSES, MOST_ADVICE = 3, 5
LONGEST_TALK, LONGEST_OWN, LONGEST_STAFF = 500, 300, 300
# A next step is offered for two weeks from today, unless another day is agreed.
USUAL_STEP = timedelta(weeks=2)


class Overtaken(RuntimeError):
    """Somebody else changed the note after this page was shown."""


@dataclass(frozen=True, slots=True)
class StepGiven:
    """One next step as the form sends it. ``step_id`` is one that stands already."""

    words: str
    owner: str = "me"
    due_on: date | None = None
    linked: str | None = None
    share_with: tuple[str, ...] = ()
    step_id: uuid.UUID | None = None
    other_words: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A visit note as the form sends it."""

    purposes: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    with_whom: list[str] = field(default_factory=list)
    language_used: str = "en-GB"
    minutes_band: str | None = None
    eet_now: str | None = None
    eet_since: date | None = None
    eet_after: str | None = None
    talked_about: str = ""
    steps: tuple[StepGiven, ...] = ()
    useful: str | None = None
    own_words: str = ""
    own_words_language: str = "en-GB"
    written_in: str = "en-GB"


def faults(note: Note, today: date) -> list[str]:
    """Return what is not right about a note, as codes: purposes, status, since, talk, own, step (one each), none when fine."""
    found = []
    if not 1 <= len([code for code in note.purposes if code in PURPOSES]) <= MOST_PURPOSES:
        found.append("purposes")
    if len([code for code in note.advice if code in ADVICE]) > MOST_ADVICE:
        found.append("advice")
    if note.eet_now not in STATUSES or (note.eet_after and note.eet_after not in STATUSES):
        found.append("status")
    if note.eet_since and note.eet_since > today:
        found.append("since")
    if len(note.talked_about) > LONGEST_TALK:
        found.append("talk")
    if len(note.own_words) > LONGEST_OWN:
        found.append("own")
    if any(not _is_right(step, today) for step in note.steps if step.words):
        found.append("step")
    return found


def _is_right(step: StepGiven, today: date) -> bool:
    in_time = step.due_on is not None and (step.due_on >= today or step.step_id is not None)
    return in_time and len(step.words) <= LONGEST and len(step.other_words) <= LONGEST and step.owner in OWNERS


_PRIVATE: dict[str, re.Pattern[str]] = {
    "address": re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.I),
    "number": re.compile(r"(?:\d[\s-]?){9,}"),
    "mail": re.compile(r"\S+@\S+\.\S+"),
    "papers": re.compile(r"\b(visa|asylum|home office|immigration|refugee|passport)\b", re.I),
    "health": re.compile(r"\b(diagnos\w*|medication|pregnan\w*|therap\w*|depress\w*|hospital|doctor|GP)\b", re.I),
    "police": re.compile(r"\b(police|offence|arrest\w*|court|probation)\b", re.I),
}


def looks_private(texts: Iterable[str]) -> list[str]:
    """Return what texts look as if they held and a note must not: address, number, mail, papers, health, police."""
    whole = "\n".join(texts)
    return [code for code, pattern in _PRIVATE.items() if pattern.search(whole)]


def for_staff(session: Session, visit_id: uuid.UUID) -> Visit:
    """Return a visit that counts. Raises NotFound for none, and for one that was taken back."""
    visit = session.get(Visit, visit_id)
    if visit is None or visit.undone_at is not None:
        raise NotFound
    return visit


def name_of(session: Session, visit: Visit) -> str:
    """Return the first name of who came."""
    if visit.person_id:
        return session.get_one(Person, visit.person_id).name
    face = session.get(NewFace, visit.new_face_id)
    return (face.first_name if face else None) or ""


def young_of(session: Session, visit: Visit) -> YoungPerson | None:
    """Return what we know of who came, if they have a record."""
    return session.get(YoungPerson, visit.person_id) if visit.person_id else None


def save(session: Session, actor: Actor, visit: Visit, note: Note, *, key: str, seen_version: int) -> bool:
    """Keep a note whose ``faults`` are none. Returns False when this very form was kept before.

    Raises Overtaken when somebody else changed the note meanwhile.
    """
    if not _advance(session, visit, key, seen_version, _values(note)):
        return False
    eet.from_visit(session, actor, visit, since=note.eet_since)
    _keep_steps(session, visit, note)
    looks.plan(session, visit)
    session.flush()
    audit.record(session, actor, "visit.recorded", subject_id=visit.person_id, thing_id=visit.id)
    return True


def _values(note: Note) -> dict[str, object]:
    return {
        "purposes": known(note.purposes, PURPOSES, MOST_PURPOSES),
        "advice": known(note.advice, ADVICE, MOST_ADVICE),
        "with_whom": known(note.with_whom, WITH_WHOM, len(WITH_WHOM)),
        "language_used": note.language_used,
        "minutes_band": note.minutes_band if note.minutes_band in BANDS else None,
        "eet_before": note.eet_now,
        "eet_after": note.eet_after if note.eet_after != note.eet_now else None,
        "talked_about": note.talked_about or None,
        "useful": note.useful if note.useful in USEFUL else None,
        "own_words": note.own_words or None,
        "own_words_language": note.own_words_language if note.own_words else None,
    }


def _advance(session: Session, visit: Visit, key: str, seen_version: int, values: dict[str, object]) -> bool:
    """Change a visit if it is still as the page showed it. False: this form was kept before. Raises Overtaken otherwise."""
    done = session.execute(
        update(Visit)
        .where(Visit.id == visit.id, Visit.version == seen_version, Visit.undone_at.is_(None))
        .values(version=seen_version + 1, saved_key=key, recorded_at=clock.now(), **values),
        execution_options={"synchronize_session": False},
    )
    session.refresh(visit)
    if done.rowcount:  # type: ignore[attr-defined]
        return True
    if visit.saved_key == key:
        return False
    raise Overtaken


def steps_of(session: Session, visit_id: uuid.UUID) -> list[NextStep]:
    """Return the steps that were agreed at a visit, in the order in which they were."""
    return list(session.scalars(select(NextStep).where(NextStep.visit_id == visit_id).order_by(NextStep.id)))


def _keep_steps(session: Session, visit: Visit, note: Note) -> None:
    standing = {step.id: step for step in steps_of(session, visit.id)}
    reads = session.get_one(Person, visit.person_id).language if visit.person_id else None
    for given in note.steps[:MOST_STEPS]:
        step = standing.get(given.step_id) if given.step_id else None
        if step is not None and not given.words:
            step.state, step.changed_at = "no_longer_needed", clock.now()
            continue
        if not given.words:
            continue
        if step is None:
            step = NextStep(visit_id=visit.id, whose=visit.whose, state="to_do", version=0)
            session.add(step)
        step.words, step.language, step.owner = given.words, note.written_in, given.owner
        step.due_on = given.due_on or clock.today() + USUAL_STEP
        step.linked, step.share_with = given.linked, known(given.share_with, SHARES, len(SHARES))
        step.other_words = given.other_words or None
        step.other_language = reads if given.other_words else None
        step.changed_at, step.version = clock.now(), step.version + 1
    session.flush()


def staff_note(
    session: Session, actor: Actor, visit: Visit, words: str, flagged: bool, *, key: str, seen_version: int
) -> bool:
    """Keep what is for the team only: facts, and that the council's own form was needed (never why).

    Returns False when this very form was kept before. Raises Overtaken, and ValueError for too many words.
    """
    if len(words) > LONGEST_STAFF:
        raise ValueError("too long")
    if not _advance(session, visit, key, seen_version, {"staff_note": words or None, "safeguarding_flag": flagged}):
        return False
    detail = "safeguarding-form" if flagged else None
    audit.record(session, actor, "visit.staff-note", subject_id=visit.person_id, thing_id=visit.id, detail=detail)
    return True


def say(
    session: Session,
    actor: Actor,
    visit_id: uuid.UUID,
    *,
    useful: str | None = None,
    words: str | None = None,
    language: str,
) -> Visit:
    """Keep what a young person says of their own visit, later, on their own page. Raises NotFound, ValueError."""
    visit = session.get(Visit, visit_id)
    if visit is None or visit.whose != actor.person_id or visit.undone_at is not None:
        raise NotFound
    if (useful and useful not in USEFUL) or (words and len(words) > LONGEST_OWN):
        raise ValueError("too long")
    if useful:
        visit.useful = useful
    if words is not None:
        visit.own_words, visit.own_words_language = (words or None), (language if words else None)
    visit.version += 1
    session.flush()
    audit.record(session, actor, "visit.said", subject_id=actor.person_id, thing_id=visit.id)
    return visit


def minutes_band(started: float) -> str:
    """Return the band that a number of minutes falls in."""
    return "<15" if started < 15 else "15-30" if started < 30 else "30-60" if started < 60 else "60+"
