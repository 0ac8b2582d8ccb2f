"""The organiser's pages around a meeting: who is asked, guests, and opening a closed one again."""

from __future__ import annotations

import uuid

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.core import clock
from app.core.db import db
from app.core.web.pages import go
from app.people.sessions import current_actor
from app.pep import meeting_coming, meeting_reopening
from app.pep.meeting import CannotBe
from app.pep.meeting_views import checklist_page, room_of, say_saved, version_seen, why_not
from app.pep.versions import NewerThere
from app.pep.views import bp


@bp.post("/staff/peps/<uuid:pep_id>/meeting/coming")
def keep_coming(pep_id: uuid.UUID) -> BaseResponse:
    """Keep who is asked, and who comes."""
    room = room_of(pep_id)
    try:
        newer = meeting_coming.keep_expected(db.session, current_actor(), room, request.form, clock.today())
    except CannotBe as cannot:
        flash(why_not(str(cannot)), "problem")
        return go("pep.meeting", pep_id=pep_id)
    if newer:
        return checklist_page(room, 409, newer_coming=newer, typed=request.form.to_dict())
    say_saved()
    return go("pep.meeting", pep_id=pep_id, _anchor="coming")


@bp.post("/staff/peps/<uuid:pep_id>/meeting/guests")
def add_guest(pep_id: uuid.UUID) -> BaseResponse:
    """Record that somebody without an account was there."""
    room = room_of(pep_id)
    typed = {name: request.form.get(name, "") for name in ("name", "what", "came")}
    try:
        meeting_coming.add_guest(db.session, current_actor(), room, **typed, on=clock.today())
    except CannotBe as cannot:
        return checklist_page(room, 422, guest=why_not(str(cannot)), typed=typed)
    say_saved()
    return go("pep.meeting", pep_id=pep_id, _anchor="guests")


@bp.post("/staff/peps/<uuid:pep_id>/meeting/guests/<uuid:guest_id>/remove")
def remove_guest(pep_id: uuid.UUID, guest_id: uuid.UUID) -> BaseResponse:
    """Take a guest off the list again."""
    room = room_of(pep_id)
    try:
        meeting_coming.remove_guest(db.session, current_actor(), room, guest_id)
    except CannotBe as cannot:
        flash(why_not(str(cannot)), "problem")
        return go("pep.meeting", pep_id=pep_id)
    say_saved()
    return go("pep.meeting", pep_id=pep_id, _anchor="guests")


@bp.post("/staff/peps/<uuid:pep_id>/meeting/reopen")
def reopen(pep_id: uuid.UUID) -> BaseResponse:
    """Open a closed meeting again, to put something right."""
    room = room_of(pep_id)
    why = request.form.get("why", "")
    try:
        meeting_reopening.reopen(db.session, current_actor(), room, why=why, seen=version_seen(), on=clock.today())
    except CannotBe as cannot:
        return checklist_page(room, 422, reopen=why_not(str(cannot)), typed={"why": why})
    except NewerThere:
        # TRANSLATORS: to a worker, when somebody else has just opened the same meeting again
        flash(_("Somebody else has just changed something here. Look at it first."), "problem")
        return go("pep.meeting", pep_id=pep_id)
    # TRANSLATORS: to a worker, after they opened a closed meeting again
    flash(_("Open again. Put it right, then close it: the young person's page says that it was changed."), "saved")
    return go("pep.meeting", pep_id=pep_id)
