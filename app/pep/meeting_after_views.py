"""The organiser's pages after a meeting: the child's page to print, that they were told, and words in their language."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Response, flash, g, make_response, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit, clock, languages
from app.core.db import db
from app.core.languages import Language
from app.core.settings import settings
from app.core.web.pages import go
from app.people.sessions import current_actor
from app.pep import in_their_words, meeting_decisions, meeting_wishes, on_a_page, telling_them
from app.pep.meeting import CannotBe
from app.pep.meeting_views import room_of, say_saved, why_not
from app.pep.versions import NewerThere
from app.pep.views import bp


@bp.get("/staff/peps/<uuid:pep_id>/meeting/page")
def page_for_them(pep_id: uuid.UUID) -> Response:
    """Show the child's PEP on a page as it is printed for them, in their language."""
    room, actor = room_of(pep_id), current_actor()
    with _speaking(room.young_person.language) as language:
        found = on_a_page.for_organiser(db.session, actor, room, language.tag)
        audit.record(db.session, actor, "meeting.page-printed", subject_id=room.young_person.id, thing_id=room.pep.id)
        return make_response(render_template("pep/page_print.html", found=found, language=language))


@contextmanager
def _speaking(tag: str | None) -> Iterator[Language]:
    """Make what is made inside in the language of somebody else than who asks for it."""
    before, language = languages.current(), languages.choose([tag], live=settings().live)
    g.language = language
    try:
        with force_locale(language.babel):
            yield language
    finally:
        g.language = before


@bp.post("/staff/peps/<uuid:pep_id>/meeting/told")
def told(pep_id: uuid.UUID) -> BaseResponse:
    """Keep that somebody told the child what came of the meeting."""
    try:
        telling_them.told(db.session, current_actor(), room_of(pep_id))
    except CannotBe as cannot:
        flash(why_not(str(cannot)), "problem")
    else:
        say_saved()
    return go("pep.meeting", pep_id=pep_id, _anchor="telling")


@bp.post("/staff/peps/<uuid:pep_id>/meeting/words/<uuid:row_id>")
def put_in_words(pep_id: uuid.UUID, row_id: uuid.UUID) -> BaseResponse:
    """Add what was written to the child in their own language, also after the meeting was closed."""
    room, actor, on, tag = room_of(pep_id), current_actor(), clock.today(), languages.current().tag
    desk = meeting_decisions.desk(db.session, actor, room, on, tag)
    rows = in_their_words.written(desk, meeting_wishes.checklist(db.session, actor, room, tag).wishes)
    try:
        row = in_their_words.put_in(db.session, actor, room, rows, row_id, request.form)
    except NewerThere:
        # TRANSLATORS: to a worker who adds the same words in the child's language
        flash(_("Somebody else has just put them in this language. Look at those first."), "problem")
    except CannotBe as cannot:
        flash(why_not(str(cannot)), "problem")
    else:
        say_saved()
        if isinstance(row, in_their_words.PreferenceMet):
            return go("pep.meeting", pep_id=pep_id, _anchor=f"w-{row.question_id}")
    return go("pep.decisions", pep_id=pep_id)
