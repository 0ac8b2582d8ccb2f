"""The Virtual School's two lists: who was not heard this term and what to do next, and the meetings that are coming."""

from __future__ import annotations

import uuid

from flask import Response, flash, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit, clock
from app.core.db import db
from app.core.web.pages import go, page
from app.home import silent, silent_words
from app.home.asking import ask_at_home
from app.home.meetings import meetings as coming_meetings
from app.home.views import bp
from app.people.cards import kind_for_year
from app.people.caseload import theirs
from app.people.models import Flag, Person, Role
from app.people.sessions import current_actor
from app.people.words import year_words


@bp.get("/staff/nobody-silent")
def nobody_silent() -> Response:
    """List who was not heard this term, why, and the next step for each."""
    actor = current_actor()
    found = silent.silent_list(db.session, actor.person_id, clock.today(), silent.page_of(request.args.get("page")))
    audit.record(db.session, actor, "young-person.listed", detail=f"silent {len(found.rows)}")
    return page(
        "home/nobody_silent.html",
        found=found,
        counts=silent.in_order(found.counts),
        term=silent.term_on(clock.today()),
        words=silent_words,
        kind_for_year=kind_for_year,
        year_words=year_words,
    )


@bp.get("/staff/nobody-silent/meetings")
def meetings() -> Response:
    """List the meetings that are coming by date, with what is missing for each."""
    actor = current_actor()
    number = silent.page_of(request.args.get("page"))
    found = coming_meetings(db.session, actor.person_id, clock.today(), number)
    audit.record(db.session, actor, "young-person.listed", detail=f"meetings {len(found)}")
    more = len(found) > silent.ON_A_PAGE
    return page("home/meetings.html", found=found[: silent.ON_A_PAGE], number=number, more=more, words=silent_words)


@bp.post("/staff/nobody-silent/<uuid:young_person_id>/interpreter")
def note_interpreter(young_person_id: uuid.UUID) -> BaseResponse:
    """Note that a young person needs an interpreter, so that it stands by their meeting."""
    actor = current_actor()
    young = _mine(young_person_id)
    if young.young is not None and Flag.interpreter not in young.young.flags:
        young.young.flags = [*young.young.flags, Flag.interpreter.value]
        audit.record(db.session, actor, "young-person.changed", subject_id=young.id, detail=Flag.interpreter)
    # TRANSLATORS: to a worker who noted that a child needs an interpreter
    flash(_("Noted. It stands by their meeting until it is booked; a relative is never the interpreter."), "saved")
    return _back()


@bp.post("/staff/nobody-silent/<uuid:young_person_id>/device")
def note_device(young_person_id: uuid.UUID) -> BaseResponse:
    """Note that a young person has nothing to answer on, or that they have now."""
    young = _mine(young_person_id)
    flags = [] if young.young is None else young.young.flags
    without = request.form.get("has") != "yes"
    if young.young is not None and without != (Flag.no_device in flags):
        others = [one for one in flags if one != Flag.no_device]
        young.young.flags = [*others, Flag.no_device.value] if without else others
        detail = Flag.no_device.value if without else f"not {Flag.no_device}"
        audit.record(db.session, current_actor(), "young-person.changed", subject_id=young.id, detail=detail)
    if without:
        # TRANSLATORS: to a worker who noted that a child has no phone or computer
        flash(_("Noted: no device. Bring yours, or paper."), "saved")
    else:
        # TRANSLATORS: to a worker who noted that a child has a phone or computer now
        flash(_("Noted: they have a device now."), "saved")
    return _back()


@bp.post("/staff/nobody-silent/<uuid:young_person_id>/ask-carer")
def ask_carer(young_person_id: uuid.UUID) -> BaseResponse:
    """Ask who looks after a young person what would help."""
    young = _mine(young_person_id)
    told = ask_at_home(db.session, current_actor(), young.id, clock.today())
    if told:
        # TRANSLATORS: to a worker; %(num)s is how many carers get a message, at most one a week each
        words = ngettext(
            "We ask %(num)s person at home. One message a week.",
            "We ask %(num)s people at home. One message a week.",
            told,
        )
        flash(words, "saved")
    else:
        # TRANSLATORS: to a worker: no carer has an address or a number here
        flash(_("We have no e-mail address or number for who looks after them. Ask their social worker."), "calm")
    return _back()


def _mine(young_person_id: uuid.UUID) -> Person:
    young = theirs(db.session, current_actor(), young_person_id, clock.today(), {Role.virtual_school})
    if young.young is None:
        raise NotFound
    return young


def _back() -> BaseResponse:
    return go("home.nobody_silent", page=silent.page_of(request.form.get("page")))
