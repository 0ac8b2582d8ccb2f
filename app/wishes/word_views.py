"""Plain words: hints while an adult types, and the list that the Children in Care Council owns."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit, languages
from app.core.db import db
from app.core.web.pages import go, page
from app.people.sessions import current_actor
from app.wishes import plainness
from app.wishes.views import bp


@bp.post("/staff/plain-words")
def check_words() -> Response:
    """Say what could be plainer in what is being typed. Nothing of it is kept."""
    language = languages.find(request.form.get("language")) or languages.ENGLISH
    typed = request.form.get(request.args.get("box", "words"), "")
    hints = plainness.look(db.session, typed, language.tag)
    return make_response(render_template("wishes/hints.html", hints=hints))


@bp.route("/staff/plain-words/list", methods=["GET", "POST"])
def plain_words() -> BaseResponse:
    """Show and change the list of words, and what to say instead."""
    if request.method == "GET":
        return page("wishes/plain_words.html", listed=plainness.listed(db.session), word="", instead="", problem="")
    word, instead = request.form.get("word", ""), request.form.get("instead", "")
    active = request.form.get("active", "yes") == "yes"
    if not plainness.keep(db.session, current_actor().person_id, word, instead, active=active):
        # TRANSLATORS: to the worker who keeps the list of plain words
        problem = _("Write a word, and what to say instead. Both are short.")
        listed = plainness.listed(db.session)
        return page("wishes/plain_words.html", 422, listed=listed, word=word, instead=instead, problem=problem)
    audit.record(db.session, current_actor(), "plain-word.changed", detail=" ".join(word.split())[:60])
    # TRANSLATORS: to the worker who keeps the list of plain words
    flash(_("Saved. From now on workers see it while they write."), "saved")
    return go("wishes.plain_words")
