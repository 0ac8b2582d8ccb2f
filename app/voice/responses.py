"""What is asked of a young person, or of those they live with, for a PEP, and beginning to answer it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app.core import audit, clock
from app.core.db import insert_if_absent, new_id
from app.core.settings import settings
from app.people.models import Pep
from app.people.peps import current_pep, is_open, peps_of
from app.people.sessions import Actor
from app.questions.choosing import AFTER_MEETING, short_by_default
from app.questions.conditions import Facts, minutes, path
from app.questions.library import library
from app.voice.living_with import theirs_at_home
from app.voice.models import Response
from app.voice.walk import Walk, build, sets_for

# A child is told in time that words they never sent will go (safeguarding, section 10).
_WARN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Asked:
    """One set on the list: its name, about how long it takes, and the walk through it if it was begun."""

    set_id: str
    title: str
    minutes: int
    walk: Walk | None
    by_an_adult: bool

    @property
    def after(self) -> bool:
        """True for the questions about how the meeting was."""
        return self.set_id == AFTER_MEETING

    @property
    def deleted_after(self) -> datetime | None:
        """When drafts that were never sent are deleted (``retaining``); None while that is more than two weeks away."""
        if self.walk is None or self.walk.response.sent_at is not None or not self.walk.drafts:
            return None
        touched = [draft.saved_at for draft in self.walk.drafts.values()]
        touched += [draft.share_chosen_at for draft in self.walk.drafts.values() if draft.share_chosen_at]
        until = max(touched) + settings().retain_drafts
        return until if until - clock.now() <= _WARN else None


def asked_of(session: Session, actor: Actor, pep: Pep, language: str) -> list[Asked]:
    """Return every set asked of the actor for ``pep``, in order."""
    if actor.young is None:
        raise NotFound
    begun = {
        response.set_id: build(session, response, actor.young, actor.name, language)
        for response in session.scalars(
            select(Response).where(Response.pep_id == pep.id, Response.by_person_id == actor.person_id)
        )
    }
    return [_asked(actor, set_id, begun.get(set_id)) for set_id in sets_for(actor.young)]


def asked_after(session: Session, actor: Actor, pep: Pep, language: str) -> Asked:
    """Return the questions about how a meeting was, for a PEP that ``feedback_pep`` found."""
    if actor.young is None:
        raise NotFound
    which = select(Response).where(Response.pep_id == pep.id, Response.set_id == AFTER_MEETING)
    response = session.scalars(which).first()
    walk = build(session, response, actor.young, actor.name, language) if response else None
    return _asked(actor, AFTER_MEETING, walk)


def feedback_pep(session: Session, young_person_id: uuid.UUID) -> Pep | None:
    """Return the PEP whose meeting was closed so lately that the young person is asked how it was, or None."""
    return closed_lately(peps_of(session, young_person_id))


def closed_lately(peps: Iterable[Pep]) -> Pep | None:
    """Return the first of these PEPs (newest first) whose meeting is so lately over that the young person is asked about it."""
    return next((pep for pep in peps if _asks_how_it_was(pep)), None)


def may_send(response: Response, on: date) -> bool:
    """Return whether these answers can still be sent: until the meeting is over, or, about the meeting, for a while after it."""
    return _asks_how_it_was(response.pep) if response.set_id == AFTER_MEETING else is_open(response.pep, on)


def _asks_how_it_was(pep: Pep) -> bool:
    closed = pep.closed_at
    return closed is not None and closed <= clock.now() < closed + timedelta(days=settings().feedback_days)


def _asked(actor: Actor, set_id: str, walk: Walk | None) -> Asked:
    question_set = walk.question_set if walk else library().latest(set_id)
    if walk is not None:
        takes = walk.minutes_left
    else:
        facts = Facts(actor.young.year_group, actor.young.flags) if actor.young else Facts(None)
        takes = minutes(path(question_set, {}, facts, is_short(actor, set_id)))
    return Asked(set_id, title(set_id), takes, walk, question_set.audience == "adult-observer")


def title(set_id: str) -> str:
    """Return what a set is called on a young person's page."""
    match set_id:
        case "meeting":
            # TRANSLATORS: name of the questions about how the child wants their PEP meeting to be
            return _("How my meeting should be")
        case "ucic":
            # TRANSLATORS: name of the questions about language and settling in, for children who came to the UK alone
            return _("My languages and settling in")
        case "after-meeting":
            # TRANSLATORS: name of the questions after a PEP meeting: how was it for you?
            return _("How my meeting was")
        case "early-years":
            # TRANSLATORS: name of the questions that an adult answers by watching a small child
            return _("What I like and do")
        case "carer" | "key-worker":
            # TRANSLATORS: name of the questions for a carer or key worker about the child they look after
            return _("What you see at home")
        case "post16" | "post16-neet":
            # TRANSLATORS: name of the questions for young people over 16
            return _("My learning and what comes next")
        case _:
            # TRANSLATORS: name of the questions about school
            return _("My learning")


def is_short(actor: Actor, set_id: str) -> bool:
    """Return whether this person begins with the short path."""
    if actor.young is None:
        return False
    return actor.young.short_path or short_by_default(set_id, actor.young.year_group)


def begin(session: Session, actor: Actor, pep: Pep, set_id: str) -> Response:
    """Return the response to a set for a PEP, begun now unless it was before; a double press begins one.

    Raises NotFound for a set that is not asked of this person, or one that an adult writes and no adult is there.
    """
    asked = _asks_how_it_was(pep) if set_id == AFTER_MEETING else actor.young and set_id in sets_for(actor.young)
    if actor.young is None or not asked:
        raise NotFound
    if library().latest(set_id).audience == "adult-observer" and not actor.beside:
        raise NotFound
    return open_response(session, actor, pep, set_id, short=is_short(actor, set_id))


def begin_about(session: Session, actor: Actor, young_person_id: uuid.UUID, on: date) -> Response:
    """Return the actor's own response about a young person for the PEP that comes next, begun now unless it was before.

    Two carers of one child have one each; one carer with two children has one for each child. Raises NotFound without such a PEP.
    """
    about = theirs_at_home(session, actor, young_person_id, on)
    pep = current_pep(session, young_person_id, on)
    if pep is None:
        raise NotFound
    return open_response(session, actor, pep, about.set_id, short=False)


def open_response(session: Session, actor: Actor, pep: Pep, set_id: str, *, short: bool) -> Response:
    """Return the actor's own response to a set for a PEP, begun now unless it was before; a double press begins one."""
    response_id = new_id()
    values = {
        "id": response_id,
        "young_person_id": pep.young_person_id,
        "by_person_id": actor.person_id,
        "pep_id": pep.id,
        "set_id": set_id,
        "set_version": library().latest(set_id).version,
        "short": short,
        "began_at": clock.now(),
    }
    if insert_if_absent(session, Response, values):
        audit.record(
            session, actor, "response.started", subject_id=pep.young_person_id, thing_id=response_id, detail=set_id
        )
    own = (Response.pep_id == pep.id, Response.set_id == set_id, Response.by_person_id == actor.person_id)
    return session.scalars(select(Response).where(*own)).one()


def read_notice(response: Response) -> None:
    """Remember that the young person was told who reads this, before the first question."""
    if response.read_notice_at is None:
        response.read_notice_at = clock.now()


def lengthen(response: Response, *, short: bool) -> None:
    """Switch between the short path and all questions; answers given stay."""
    response.short = short
