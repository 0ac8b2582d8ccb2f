"""One tap from a message, signed out: I can't come, another time, yes I want it. The page shows only a time
(handbook 8 and 12.19)."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.core import audit
from app.core.db import db, new_id
from app.core.web.pages import go, page
from app.dropins import booking_links, booking_telling, waiting
from app.dropins.booking import Booked
from app.dropins.booking_links import works
from app.dropins.booking_reading import BookingView, view_of
from app.dropins.changes import confirm
from app.dropins.free import Time, next_best
from app.dropins.giving_up import cancel, reschedule
from app.dropins.held import Whose
from app.dropins.models import Booking, BookingLink, Slot
from app.dropins.moves import NotPossible, by
from app.dropins.who_may import suits_of

bp = Blueprint("booking_link", __name__)
_WISHES = frozenset({"cancel", "take", "confirm"})


def _find(token: str) -> tuple[BookingLink, Booking] | None:
    return booking_links.find(db.session, token[:64])


@bp.get("/dropins/b/<token>")
def look(token: str) -> Response:
    """Show the time, and what can be done with it. Looking uses nothing up: a preview of a message may look too."""
    found = _find(token)
    if found is None:
        return page("dropins/link_over.html", status=404, one=None, best=[])
    link, booking = found
    one = view_of(db.session, booking)
    if not works(link):
        return page("dropins/link_over.html", one=one, best=_best(one), used=link.used_at is not None)
    return page("dropins/by_link.html", one=one, token=token, best=_best(one) if one.is_over_too_soon else [])


def _best(one: BookingView, *, limit: int = 4) -> list[Time]:
    """Return the next free times that are for them, and that anybody may see: whoever holds the link is not known."""
    whose = Whose(one.booking.person_id, one.booking.new_face_id)
    return next_best(db.session, suits_of(db.session, whose, by(None, whose.id)), one.dropin, one.slot, limit=limit)


@bp.route("/dropins/b/<token>/other", methods=["GET", "POST"])
def other(token: str) -> BaseResponse:
    """Another time: of the same session or of the next ones."""
    found = _find(token)
    if found is None or not works(found[0]):
        return go(".look", token=token)
    link, booking = found
    one = view_of(db.session, booking)
    gone = False
    if request.method == "POST":
        outcome = _move(link, booking)
        if outcome is not None:
            return page("dropins/link_done.html", what="moved", one=view_of(db.session, outcome))
        gone = True
    return page(
        "dropins/other_by_link.html", one=one, token=token, times=_best(one, limit=10), gone=gone, once=new_id()
    )


def _move(link: BookingLink, booking: Booking) -> Booking | None:
    """Change the booking to the chosen time. Returns the new one, or None when that time is not to be had."""
    try:
        chosen = uuid.UUID(request.form.get("slot", ""))
    except ValueError:
        return None
    slot = db.session.get(Slot, chosen)
    if slot is None:
        raise NotFound
    try:
        # The link first: it does one thing, also when it is pressed twice at once.
        outcome = booking_links.use(db.session, link) and reschedule(
            db.session, booking, slot, f"link:{link.id}:{slot.id}", by(None, booking.whose)
        )
    except NotPossible:
        outcome = None
    if not isinstance(outcome, Booked):
        # Nothing is kept, and the link still works.
        db.session.rollback()
        return None
    if outcome.fresh:
        booking_telling.changed(db.session, booking, outcome.booking)
        audit.record(db.session, None, "booking.changed", subject_id=booking.person_id, thing_id=outcome.booking.id)
    return outcome.booking


@bp.post("/dropins/b/<token>/do")
def do(token: str) -> BaseResponse:
    """I can't come; yes, I want it; yes, I can still come."""
    found = _find(token)
    if found is None or not works(found[0]):
        return go(".look", token=token)
    link, booking = found
    wish = request.form.get("do", "")
    if wish not in _WISHES or not booking_links.use(db.session, link):
        return go(".look", token=token)
    try:
        clash = _do(wish, booking)
    except NotPossible:
        db.session.rollback()
        one = view_of(db.session, booking)
        return page("dropins/link_over.html", one=one, best=_best(one), used=False)
    if clash:
        # The link still works: they may give the other meeting up.
        db.session.rollback()
        return go(".look", token=token)
    audit.record(db.session, None, f"booking.{wish}", subject_id=booking.person_id, thing_id=booking.id, detail="link")
    return page("dropins/link_done.html", what=wish, one=view_of(db.session, booking))


def _do(wish: str, booking: Booking) -> bool:
    """Do what the link is pressed for. Returns whether they are somewhere else at that time; raises NotPossible."""
    who = by(None, booking.whose)
    if wish == "cancel":
        cancel(db.session, booking, who, "link")
        booking_telling.gone(db.session, booking, tell=False)
    elif wish == "confirm":
        return confirm(db.session, booking, who) is not None
    elif waiting.accept_offer(db.session, booking, who) is not None:
        return True
    else:
        booking_telling.booked(db.session, booking)
    return False
