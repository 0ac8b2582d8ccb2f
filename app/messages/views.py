"""The workers' page about messages that could not be sent, and the demo's outbox on a page."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort, flash, g, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit
from app.core.db import db
from app.core.settings import settings
from app.core.web.pages import go, page
from app.messages import looking, stopping

bp = Blueprint("messages", __name__)


@bp.get("/staff/messages")
def outbox() -> Response:
    """Show how many messages wait and went, and each that was given up, with what can be done."""
    session = db.session
    return page("messages/outbox.html", counts=looking.counts(session), dead=looking.given_up(session))


@bp.post("/staff/messages/<uuid:message_id>/again")
def try_again(message_id: uuid.UUID) -> BaseResponse:
    """Put a message that was given up back in the queue. Anything else about it stays as it is."""
    session = db.session
    if not looking.put_back(session, message_id):
        # TRANSLATORS: to a worker, when somebody else already pressed 'Try again' on this message
        flash(_("That message is already on its way again."), "calm")
        return go("messages.outbox")
    audit.record(session, g.actor, "message.retried", thing_id=message_id)
    # TRANSLATORS: to a worker, after 'Try again'
    flash(_("We will try to send it again in the next few minutes."), "saved")
    return go("messages.outbox")


@bp.post("/mine/messages")
def mine() -> BaseResponse:
    """A young person's own wish: no texts and no e-mails from now on, or again some."""
    want = request.form.get("messages") == "yes"
    stopping.choose(db.session, g.actor, g.actor.person_id, want=want)
    # TRANSLATORS: to a young person who chose whether we send them texts and e-mails
    flash(_("Saved. We send you texts again.") if want else _("Saved. We send you no more texts or e-mails."), "saved")
    return go("home.mine", _anchor="messages")


@bp.get("/demo/messages")
def screen() -> Response:
    """Show what would have gone out. Only in the demo, where everybody is invented; elsewhere there is no such page."""
    if not settings().demo:
        abort(404)
    return page("messages/screen.html", notes=looking.on_screen(db.session))
