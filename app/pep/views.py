"""The record for workers and carers: on screen, in print, as a PDF."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, make_response, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit, clock, languages
from app.core.db import db
from app.core.web.pages import go, page
from app.core.web.press import PressUnavailable, to_pdf
from app.people.sessions import current_actor
from app.pep.ready_text import ReadyText, as_one_file, ready_texts
from app.pep.record import Record, for_adult
from app.pep.wishing import stop_the_clock, wishes_beside

bp = Blueprint("pep", __name__)


@bp.get("/staff/peps/<uuid:pep_id>")
def record(pep_id: uuid.UUID) -> Response:
    """Show the record of a PEP to an adult connected to the young person."""
    found = _read(pep_id, "record.read")
    return page("pep/record.html", record=found, wishes=wishes_beside(db.session, current_actor(), found))


@bp.get("/staff/peps/<uuid:pep_id>/print")
def print_view(pep_id: uuid.UUID) -> Response:
    """Show the record as it is printed."""
    return make_response(render_template("pep/print.html", record=_read(pep_id, "record.printed"), for_pdf=False))


@bp.get("/staff/peps/<uuid:pep_id>/record.pdf")
def pdf(pep_id: uuid.UUID) -> BaseResponse:
    """Hand out the record as an accessible PDF; where none can be made, the print view does the same."""
    found = _read(pep_id, "record.printed")
    try:
        made = to_pdf(render_template("pep/print.html", record=found, for_pdf=True))
    except PressUnavailable:
        # TRANSLATORS: shown to a worker when the server cannot make a PDF
        flash(_("We could not make a PDF just now. You can print this page, or save it as a PDF from there."), "calm")
        return go("pep.print_view", pep_id=pep_id)
    response = make_response(made)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = 'attachment; filename="pep-record.pdf"'
    return response


@bp.get("/staff/peps/<uuid:pep_id>/text")
def ready_text(pep_id: uuid.UUID) -> Response:
    """Show what was said as text that is ready for the PEP's sections, to be copied with one press."""
    found = _read(pep_id, "record.read")
    texts = _texts(found)
    return page("pep/text.html", record=found, texts=texts, everything=as_one_file(found, texts))


@bp.get("/staff/peps/<uuid:pep_id>/text.txt")
def ready_text_file(pep_id: uuid.UUID) -> Response:
    """Hand the same text out as a file. The name of the file says nothing about whose it is."""
    found = _read(pep_id, "record.exported")
    response = make_response(as_one_file(found, _texts(found)))
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="pep-text.txt"'
    return response


def _texts(found: Record) -> list[ReadyText]:
    wishes = wishes_beside(db.session, current_actor(), found, for_the_pep=True)
    return ready_texts(found, wishes, languages.current().tag)


def _read(pep_id: uuid.UUID, event: str) -> Record:
    actor = current_actor()
    found = for_adult(db.session, actor, pep_id, clock.today(), languages.current().tag)
    audit.record(db.session, actor, event, subject_id=found.young_person.id, thing_id=pep_id)
    stop_the_clock(db.session, actor, found)
    return found
