"""Help now, Leave, and the staff table of contacts."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, g, make_response, redirect, request
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import clock
from app.core.db import db
from app.core.settings import settings
from app.core.web.headers import clear_this_device
from app.core.web.pages import go, page
from app.people.sessions import current_actor
from app.safeguarding import helping, keeping, leaving, wording
from app.safeguarding.forms import ContactForm, free_choice
from app.safeguarding.models import HelpContact

bp = Blueprint("safeguarding", __name__)


@bp.get("/help")
def help_now() -> Response:
    """Who to ring, signed in or not. Signed in, also the child's own people by name."""
    actor = g.actor
    young_person_id = actor.person_id if actor and actor.is_child else None
    shown = helping.help_now(db.session, young_person_id, clock.today(), away="away" in request.args)
    response = page("safeguarding/help.html", help=shown, wording=wording)
    g.cacheable = _same_for_everybody()
    if g.cacheable:
        response.headers["Cache-Control"] = "public, max-age=300"
        response.vary.add("Accept-Language")
    return response


def _same_for_everybody() -> bool:
    # No cookie came and none is set: then nothing on the page is about one person, and a phone may keep the numbers.
    return g.actor is None and not request.cookies and not cookie.modified


@bp.get("/exit")
def leave() -> BaseResponse:
    """Leave at once for a neutral site. A plain link, so that it works without scripts."""
    away = make_response(redirect(settings().exit_url, 303))
    if not leaving.is_a_press(request.environ["REQUEST_METHOD"], request.headers):
        return away
    leaving.leave_this_device(db.session, g.actor)
    return clear_this_device(away)


@bp.get("/staff/help-contacts")
def contacts() -> Response:
    """Every contact, with a warning where nobody has checked a number for 90 days."""
    seen = keeping.look(db.session, clock.today())
    return page("safeguarding/contacts.html", look=seen, wording=wording, day=clock.today())


@bp.route("/staff/help-contacts/<uuid:contact_id>", methods=["GET", "POST"])
def edit_contact(contact_id: uuid.UUID) -> BaseResponse:
    """Change one contact."""
    contact = db.session.get(HelpContact, contact_id)
    if contact is None:
        raise NotFound
    form = ContactForm(obj=contact)
    if request.method == "GET":
        form.free.data = free_choice(contact.free)
    elif form.validate():
        keeping.change(db.session, current_actor(), contact, form.values())
        # TRANSLATORS: to a worker, after a help contact was changed
        flash(_("Saved. Children see it from now on."), "saved")
        return go("safeguarding.contacts")
    status = 200 if request.method == "GET" else 422
    return page("safeguarding/edit_contact.html", status=status, form=form, contact=contact)
